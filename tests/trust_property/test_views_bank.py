"""The pages of the bank: from a file to matched lines to a closed month, by owner and outsider."""

from __future__ import annotations

import io
import re
from datetime import date

from flask.testing import FlaskClient

from community.kernel.actor import Actor
from community.kernel.db import Database
from tests import builders
from tests.trust_property.banking import add, enter, lines, statement_file
from tests.trust_property.layouts import as_csv
from tests.trust_property.scene import Scene, make_scene

KEY = re.compile(r'name="(csrf_token|request_key)" value="([^"]+)"')
OCTOBER = "2026-10-01 至 2026-10-31"
ENTRIES = [
    ("2026-10-02", "王秀英", "物业费", 253_65),
    ("2026-10-05", "迅达电梯维修部", "电梯维修", -100_00),
]


def hidden(client: FlaskClient, address: str) -> dict[str, str]:
    return dict(KEY.findall(client.get(address).text))


def sign_in(client: FlaskClient, actor: Actor) -> None:
    assert actor.person_id is not None
    builders.sign_in(client, actor.person_id)


def desk(scene: Scene) -> str:
    return f"/c/guihua/desk/fund/{scene.fund_id}"


def upload(client: FlaskClient, scene: Scene, content: bytes, name: str = "十月.csv") -> str:
    page = f"{desk(scene)}/bank/{scene.bank_account_id}"
    form = hidden(client, page) | {"statement": (io.BytesIO(content), name)}
    answer = client.post(f"{page}/statements", data=form, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return answer.location


def test_a_month_from_the_banks_file_to_its_closing(
    database: Database, client: FlaskClient
) -> None:
    scene = make_scene()
    enter(scene, 253_65, date(2026, 10, 2), "receipt:1")
    sign_in(client, scene.firm)
    assert "还没有导入对账单" in client.get(f"{desk(scene)}/bank").text
    place = upload(client, scene, statement_file(ENTRIES, period=OCTOBER))
    page = client.get(place)
    assert "迅达电梯维修部" in page.text
    assert "\u2212100.00" in page.text
    assert "请确认" not in page.text
    assert client.post(f"{place}/add", data=hidden(client, place)).status_code == 303
    assert "正在导入" in client.get(place).text
    builders.run_jobs()
    assert "下一步：核对流水" in client.get(place).text
    assert client.get(f"{place}/file").data == statement_file(ENTRIES, period=OCTOBER)
    account = f"{desk(scene)}/bank/{scene.bank_account_id}?open=1"
    assert "就是这笔" in client.get(account).text
    closing = f"{desk(scene)}/closing"
    told = client.get(f"{closing}?ends_on=2026-10-31").text
    assert "有 2 条银行流水没有核对" in told
    assert "不一致" in told
    first, second = (line.id for line in lines(scene))
    line = f"{desk(scene)}/bank-lines/{first}"
    picks = re.findall(r'name="picks" value="([^"]+)"', client.get(line).text)
    form = hidden(client, line) | {"line_ids": str(first), "picks": picks[0]}
    assert client.post(f"{line}/match", data=form).status_code == 303
    line = f"{desk(scene)}/bank-lines/{second}"
    form = hidden(client, line) | {"kind": "unexplained"}
    assert client.post(f"{line}/book", data=form).status_code == 303
    assert "来源不明支出" in client.get(f"{desk(scene)}/bank").text
    day = {"ends_on": "2026-10-31"}
    form = hidden(client, f"{closing}?ends_on=2026-10-31") | day
    assert client.post(f"{closing}/soft", data=form).status_code == 303
    assert client.post(f"{closing}/final", data=hidden(client, account) | day).status_code == 403
    sign_in(client, scene.committee)
    form = hidden(client, f"{closing}?ends_on=2026-10-31") | day
    assert client.post(f"{closing}/final", data=form).status_code == 303
    assert "已终结" in client.get(f"{closing}?ends_on=2026-10-31").text


def test_columns_are_corrected_and_a_doubtful_file_asks(
    database: Database, client: FlaskClient
) -> None:
    scene = make_scene()
    sign_in(client, scene.firm)
    rows = [
        ["日期", "金额", "摘要"],
        ["2026-10-01", "5.00", "水费"],
        ["2026-10-02", "6.00", "电费"],
    ]
    place = upload(client, scene, as_csv(rows))
    assert "金额都是正数" in client.get(place).text
    form = hidden(client, place) | {"sign": "inverted", "day_order": ""}
    corrected = {**form, "columns": ["date", "amount", "summary"]}
    assert client.post(f"{place}/correct", data=corrected).status_code == 303
    page = client.get(place).text
    assert "\u22125.00" in page
    assert "金额都是正数" not in page
    refused = client.post(f"{place}/add", data=hidden(client, place))
    assert refused.status_code == 409
    assert "期初和期末余额" in refused.text
    form = hidden(client, place) | {"opening_fen": "100.00"}
    assert client.post(f"{place}/add", data=form).status_code == 303
    bad = hidden(client, place) | {"columns": "nonsense"}
    assert client.post(f"{place}/correct", data=bad).status_code == 422


def test_a_file_that_is_no_statement_is_told(database: Database, client: FlaskClient) -> None:
    scene = make_scene()
    sign_in(client, scene.firm)
    page = f"{desk(scene)}/bank/{scene.bank_account_id}"
    for content, said in ((b"hello", "没有找到交易明细"), (b"", "请选择银行导出的对账单文件")):
        form = hidden(client, page) | {"statement": (io.BytesIO(content), "a.csv")}
        answer = client.post(f"{page}/statements", data=form, content_type="multipart/form-data")
        assert answer.status_code in {409, 422}
        assert said in answer.text


def test_a_statement_is_withdrawn_and_a_match_taken_back(
    database: Database, client: FlaskClient
) -> None:
    scene = make_scene()
    sign_in(client, scene.firm)
    place = upload(client, scene, statement_file(ENTRIES, 5_00))
    assert client.post(f"{place}/withdraw", data=hidden(client, place)).status_code == 303
    assert "已放弃" in client.get(place).text
    add(scene, statement_file(ENTRIES))
    line = lines(scene)[1]
    page = f"{desk(scene)}/bank-lines/{line.id}"
    client.post(f"{page}/book", data=hidden(client, page) | {"kind": "unexplained"})
    match = lines(scene)[1].match_id
    explain = f"{desk(scene)}/bank-matches/{match}/explain"
    form = hidden(client, explain) | {"kind": "charge", "reference": ""}
    assert client.post(explain, data=form).status_code == 422
    undone = client.post(f"{desk(scene)}/bank-matches/{match}/undo", data=hidden(client, explain))
    assert undone.status_code == 303
    assert lines(scene)[1].match_id is None
    assert client.get(explain).status_code == 409


def test_who_sees_the_bank_and_who_acts(database: Database, client: FlaskClient) -> None:
    scene, other = make_scene(), make_scene("yulan")
    add(scene, statement_file(ENTRIES))
    line = lines(scene)[0].id
    pages = [
        f"{desk(scene)}/bank",
        f"{desk(scene)}/bank/{scene.bank_account_id}",
        f"{desk(scene)}/bank-lines/{line}",
        f"{desk(scene)}/closing",
    ]
    for actor, status in ((scene.auditor, 200), (scene.committee, 200), (scene.owner, 403)):
        sign_in(client, actor)
        assert [client.get(page).status_code for page in pages] == [status] * 4
    sign_in(client, scene.auditor)
    form = hidden(client, pages[0]) | {"kind": "unidentified"}
    assert client.post(f"{pages[2]}/book", data=form).status_code == 403
    sign_in(client, other.firm)
    assert {client.get(page).status_code for page in pages} <= {403, 404}
