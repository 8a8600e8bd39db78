"""The pages of a poll over HTTP: the desk's way to a result, and a voter's two steps."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from werkzeug.test import TestResponse

from community import deliberation
from community.deliberation import PollKind, PollState, RollKind, Secrecy, Standing
from community.deliberation.queries.posted_rolls import desk_roll
from community.deliberation.service.papers import print_papers
from community.kernel import clock, db, ids
from tests import builders
from tests.deliberation.voting import (
    LASTS,
    NO,
    YES,
    Street,
    decide,
    during,
    frozen,
    make_street,
    poll_of,
)


@pytest.fixture(autouse=True)
def _no_tokens(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let posts come without a form's token: these tests ask about votes."""
    monkeypatch.setitem(app.config, "WTF_CSRF_METHODS", set())


def client_of(app: Flask, person_id: int) -> FlaskClient:
    client = app.test_client()
    builders.sign_in(client, person_id)
    return client


def post(client: FlaskClient, path: str, **data: object) -> TestResponse:
    return client.post(path, data={"request_key": ids.random_code(20), **data})


def text_of(answer: TestResponse) -> str:
    return re.sub(r"<[^>]*>|\s+", " ", answer.get_data(as_text=True))


def test_a_voter_takes_two_steps_and_keeps_the_receipt(app: Flask) -> None:
    street = make_street(2)
    poll_id = frozen(street, secrecy=Secrecy.SECRET)
    with during(street, poll_id):
        client = client_of(app, street.people[0])
        assert "去投票" in text_of(client.get(f"/c/guihua/polls/{poll_id}"))
        page = client.get(f"/c/guihua/polls/{poll_id}/vote").get_data(as_text=True)
        entry = re.search(r'name="roll_entry_id" value="(\d+)"', page)
        assert entry is not None
        looked = post(client, f"/c/guihua/polls/{poll_id}/vote", roll_entry_id=entry[1], choice="2")
        assert "您选的是" in text_of(looked)
        assert "反对" in text_of(looked)
        assert "已投" not in text_of(client.get(f"/c/guihua/polls/{poll_id}"))
        cast = post(client, f"/c/guihua/polls/{poll_id}/cast", roll_entry_id=entry[1], pairs="2:1")
        assert cast.status_code == 303
        receipt = client.get(cast.headers["Location"])
        assert "查票号" in text_of(receipt)
        kept = client.get(f"{cast.headers['Location']}/file").get_data(as_text=True)
        assert kept.startswith("community-ballot-receipt/v1\nballot ")
        assert "改投" in text_of(client.get(f"/c/guihua/polls/{poll_id}"))
        other = client_of(app, street.people[1])
        assert other.get(cast.headers["Location"]).status_code == 403
    decide(street, poll_id)
    with clock.fixed(poll_of(street, poll_id).closes_at):
        client = client_of(app, street.people[0])
        assert "没有通过" in text_of(client.get(f"/c/guihua/polls/{poll_id}/result"))
        assert "选票与名字已经分开" in text_of(client.get(cast.headers["Location"]))
        assert client.get(f"{cast.headers['Location']}/file").status_code == 403


def test_a_wrong_ballot_is_shown_again_with_its_sentence(app: Flask) -> None:
    street = make_street(1)
    poll_id = frozen(street)
    with during(street, poll_id):
        client = client_of(app, street.people[0])
        empty = post(client, f"/c/guihua/polls/{poll_id}/vote")
        assert empty.status_code == 422
        assert "只能选一个" in text_of(empty)


def test_named_people_are_written_as_the_desk_knows_them(app: Flask) -> None:
    street = make_street(0)
    for unit, homes in (("301", ("王秀英",)), ("502", ("王秀英", "王秀英梅"))):
        household = builders.make_household(street.community_id, unit=unit)
        for name in homes:
            builders.make_person(street.community_id, name, household_id=household)
    builders.make_person(street.community_id, "李秀")
    desk = client_of(app, street.convener.person_id or 0)
    opens = clock.now().astimezone(clock.SHANGHAI) + timedelta(days=1)
    typed = {
        "kind": "yes_no",
        "title": "谁来管钥匙",
        "text": "由名单上的人决定。",
        "roll_kind": "list",
        "opens_at": opens.isoformat()[:16],
        "closes_at": (opens + LASTS).isoformat()[:16],
    }
    new = "/c/guihua/desk/polls/new/yes_no"
    for names, sentence in (
        ("李秀\n王秀英", "第 2 行“王秀英”找到 3 个人"),
        ("李秀英", "第 1 行“李秀英”没有找到人"),
        ("李秀\n" * 301, "一次最多 300 行"),
        ("", "名单"),
    ):
        refused = post(desk, new, **typed, names=names)
        assert refused.status_code == 422
        assert sentence in text_of(refused)
        assert names.strip() in refused.get_data(as_text=True), "what was typed is lost"
    made = post(desk, new, **typed, names=" 李秀 \n\n王秀英 301\n李秀\n")
    assert made.status_code == 303, text_of(made)
    edit = desk.get(f"{made.headers['Location']}/edit").get_data(as_text=True)
    listed = re.search(r'<textarea name="names"[^>]*>\s*(.*?)</textarea>', edit, re.DOTALL)
    assert listed is not None
    assert [line.split()[0] for line in listed[1].splitlines()] == ["李秀", "王秀英"]
    assert listed[1].endswith("301")


def test_the_desk_drafts_posts_freezes_and_decides(app: Flask) -> None:
    street = make_street(3)
    desk = client_of(app, street.convener.person_id or 0)
    assert desk.get("/c/guihua/desk/polls").status_code == 200
    for kind in PollKind:
        page = desk.get(f"/c/guihua/desk/polls/new/{kind.value}")
        assert page.status_code == 200, kind
    opens = clock.now() + timedelta(days=1)
    made = post(
        desk,
        "/c/guihua/desk/polls/new/yes_no",
        kind="yes_no",
        title="夏天几点熄灯",
        text="晚上十一点。",
        roll_kind="list",
        people=",".join(map(str, street.people)),
        opens_at=clock.at(clock.day_of(opens), 9).astimezone(clock.SHANGHAI).isoformat()[:16],
        closes_at=clock.at(clock.day_of(opens + LASTS), 9)
        .astimezone(clock.SHANGHAI)
        .isoformat()[:16],
        standing="consultative",
        secrecy="named",
        turnout="shown",
        setting_threshold_num="2",
        setting_threshold_den="3",
        setting_threshold_includes="1",
    )
    assert made.status_code == 303, text_of(made)
    poll_id = int(made.headers["Location"].rsplit("/", 1)[1])
    assert "达到 2/3 就通过" in text_of(desk.get(made.headers["Location"]))
    assert client_of(app, street.people[0]).get(f"/c/guihua/polls/{poll_id}").status_code == 404
    assert desk.get(f"/c/guihua/desk/polls/{poll_id}/edit").status_code == 200
    for step in ("post-roll", "freeze"):
        assert post(desk, f"/c/guihua/desk/polls/{poll_id}/{step}").status_code == 303
    with during(street, poll_id):
        for number, pairs in enumerate((YES, YES, NO)):
            db.write(deliberation.cast_ballot, street.voter(number), poll_id, pairs)
        desk = client_of(app, street.convener.person_id or 0)
        assert "3 / 3 票" in text_of(desk.get(f"/c/guihua/desk/polls/{poll_id}"))
    with clock.fixed(poll_of(street, poll_id).closes_at):
        desk = client_of(app, street.convener.person_id or 0)
        for step in ("close", "decide"):
            assert post(desk, f"/c/guihua/desk/polls/{poll_id}/{step}").status_code == 303
        result = text_of(desk.get(f"/c/guihua/polls/{poll_id}/result"))
    assert "通过" in result
    assert "66.66%" in result


def test_anybody_recounts_with_the_downloaded_program(app: Flask, tmp_path: Path) -> None:
    street = make_street(3)
    poll_id = frozen(street)
    with during(street, poll_id):
        for number, pairs in enumerate((YES, YES, NO)):
            db.write(deliberation.cast_ballot, street.voter(number), poll_id, pairs)
    visitor = app.test_client()
    assert visitor.get(f"/c/guihua/polls/{poll_id}/recount.json").status_code == 409
    decide(street, poll_id)
    program, told = tmp_path / "recount.pyz", tmp_path / "poll.json"
    program.write_bytes(visitor.get("/c/guihua/polls/recount.pyz").get_data())
    told.write_bytes(visitor.get(f"/c/guihua/polls/{poll_id}/recount.json").get_data())
    command = [sys.executable, "-I", "-S", str(program), str(told)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    changed = json.loads(told.read_text(encoding="utf-8"))
    changed["ballots"][0][1] = [[3, 1]]
    told.write_text(json.dumps(changed), encoding="utf-8")
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


def test_the_terminal_recounts(app: Flask) -> None:
    street = make_street(2)
    poll_id = frozen(street)
    with during(street, poll_id):
        db.write(deliberation.cast_ballot, street.voter(0), poll_id, YES)
    runner = app.test_cli_runner()
    assert runner.invoke(args=["poll", "recount", str(poll_id)]).exit_code == 1
    decide(street, poll_id)
    done = runner.invoke(args=["poll", "recount", str(poll_id)])
    assert done.exit_code == 0
    assert '"passed": true' in done.output


def sheet(rows: list[list[object]]) -> io.BytesIO:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    made = io.BytesIO()
    book.save(made)
    made.seek(0)
    return made


def test_the_citys_ballots_come_and_go_as_sheets(app: Flask) -> None:
    street = make_street(4)
    poll_id = frozen(street, settings={"has_paper": True})
    with during(street, poll_id) as closes_at:
        db.write(deliberation.cast_ballot, street.voter(0), poll_id, NO)
    with clock.fixed(closes_at):
        db.write(deliberation.close_poll, street.system, poll_id)
        desk = client_of(app, street.convener.person_id or 0)
        roll = load_workbook(io.BytesIO(desk.get(f"/c/guihua/desk/polls/{poll_id}/sheet").data))
        assert [cell.value for cell in roll["名册"][3]][:2] == ["编号", "姓名"]
        path = f"/c/guihua/desk/polls/{poll_id}/city-ballots"
        wrong = sheet([["编号", "选择"], [1, "同意"], [9, "同意"]])
        refused = post(desk, path, sheet=(wrong, "市级.xlsx"))
        assert refused.status_code == 422
        good: list[list[object]] = [
            ["市级平台导出"],
            ["编号", "选择"],
            [1, "同意"],
            [2, "同意"],
            [3, "弃权"],
        ]
        for _ in range(2):
            assert post(desk, path, sheet=(sheet(good), "市级.xlsx")).status_code == 303
            builders.run_jobs()
        assert "另有 1 票已有别的票为准" in desk.get(f"/c/guihua/desk/polls/{poll_id}").text
        db.write(deliberation.decide_poll, street.convener, poll_id)
        book = load_workbook(io.BytesIO(desk.get(f"/c/guihua/desk/polls/{poll_id}/sheet").data))
    assert [[cell.value for cell in row] for row in book["结果"].iter_rows(min_row=3)] == [
        ["同意", 1],
        ["反对", 1],
        ["弃权", 1],
    ]


def test_owners_correct_their_roll(app: Flask) -> None:
    street = make_street(0)
    owned_street(street)
    poll_id = db.write(
        deliberation.draft_poll,
        street.convener,
        deliberation.PollDraft(
            PollKind.OWNERS,
            "更换物业公司",
            "详见附件。",
            (),
            RollKind.OWNERS,
            clock.now() + timedelta(days=16),
            clock.now() + timedelta(days=30),
            settings={"item": 4},
            standing=Standing.STATUTORY,
        ),
    )
    db.write(deliberation.post_roll, street.convener, poll_id)
    desk = client_of(app, street.convener.person_id or 0)
    page = text_of(desk.get(f"/c/guihua/desk/polls/{poll_id}/roll"))
    assert "缺口" in page
    # Somebody without a unit: an owner reads the own name in full.
    public = text_of(client_of(app, street.people[-1]).get(f"/c/guihua/polls/{poll_id}/roll"))
    assert "居**" in public
    assert "居民000" not in public
    assert poll_of(street, poll_id).gaps == 2
    _put_right(app, street, poll_id)
    assert poll_of(street, poll_id).gaps == 1
    frozen_early = post(desk, f"/c/guihua/desk/polls/{poll_id}/freeze")
    assert frozen_early.status_code == 409
    waived = post(desk, f"/c/guihua/desk/polls/{poll_id}/freeze", waiver="上门三次无人")
    assert waived.status_code == 303
    assert poll_of(street, poll_id).state is PollState.FROZEN


def _put_right(app: Flask, street: Street, poll_id: int) -> None:
    """Find the voter of a shared home by name, on the entry's own page."""
    desk = client_of(app, street.convener.person_id or 0)
    with db.read() as session:
        roll = desk_roll(session, street.convener, poll_id)
    shared = next(each for each in roll if each.is_gap and "、" in each.head)
    here = f"/c/guihua/desk/polls/{poll_id}/roll/{shared.id}"
    assert "居民001" in text_of(desk.get(f"{here}?who=居民001"))
    assert "没有找到“谁也不是”" in text_of(desk.get(f"{here}?who=谁也不是"))
    assert desk.get(f"/c/guihua/desk/polls/{poll_id}/roll/999999").status_code == 404
    assert client_of(app, street.people[0]).get(here).status_code == 403
    wrong = post(desk, f"{here}/voter", who="居民001")
    assert wrong.status_code == 422
    assert "居民001" in text_of(wrong)
    assert post(desk, f"{here}/voter", person_id=street.people[1]).status_code == 303


def test_long_lists_at_the_desk_come_in_pages_and_are_searched(app: Flask) -> None:
    street = make_street(120)
    poll_id = frozen(street, settings={"has_paper": True})
    db.write(print_papers, street.convener, poll_id)
    desk = client_of(app, street.convener.person_id or 0)
    for page in ("roll", "deliveries", "papers"):
        here = f"/c/guihua/desk/polls/{poll_id}/{page}"
        seen: list[str] = []
        after = ""
        for _ in range(3):
            shown = desk.get(f"{here}{after}").get_data(as_text=True)
            rows = re.findall(r'class="n num">(\d+)<', shown)
            assert 0 < len(rows) <= 50
            seen += rows
            following = re.search(r'href="[^"]*/desk/[^"]*after=(\d+)">下一页', shown)
            after = f"?after={following[1]}" if following else ""
        assert not after
        assert sorted(map(int, seen)) == list(range(1, 121))
        one = desk.get(f"{here}?q=77").get_data(as_text=True)
        rows = re.findall(r'class="n num">(\d+)<', one)
        assert "77" in rows
        assert len(rows) < 10
        assert "没有找到" in text_of(desk.get(f"{here}?q=查无此人"))


def owned_street(street: Street) -> None:
    """Give three owned units, one of them two people's, and one of which no owner is known."""
    for number in range(3):
        street.people.append(builders.make_person(street.community_id, f"居民{number:03d}"))
    units = [
        builders.make_unit(street.community_id, f"1 单元 {number}01", area=9_000)
        for number in range(1, 5)
    ]
    builders.own(street.community_id, street.people[0], units[0])
    builders.own(street.community_id, street.people[0], units[1])
    for owner in street.people[1:]:
        builders.own(street.community_id, owner, units[2], parts=2)
