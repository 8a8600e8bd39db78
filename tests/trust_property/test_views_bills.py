"""The pages of bills: from counting a month to the owner's own receipt."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from community.kernel import db
from community.kernel.db import Database
from community.trust_property.queries import bills as queries
from tests import builders
from tests.trust_property.test_bills import HOME_FEN, bill, make_estate, pay

KEY = re.compile(r'name="(csrf_token|request_key)" value="([^"]+)"')


def hidden(client: FlaskClient, address: str) -> dict[str, str]:
    return dict(KEY.findall(client.get(address).text))


def test_the_firm_bills_a_month_and_takes_money(database: Database, client: FlaskClient) -> None:
    estate = make_estate()
    scene = estate.scene
    assert scene.firm.person_id is not None
    builders.sign_in(client, scene.firm.person_id)
    desk = f"/c/guihua/desk/fund/{scene.fund_id}"
    form = hidden(client, f"{desk}/bills") | {"month": "2026-11", "due_on": "2026-11-30"}
    made = client.post(f"{desk}/bills", data=form)
    assert made.status_code == 303
    page = client.get(made.location)
    assert "597.08" in page.text
    run = made.location.rpartition("/")[2]
    started = client.post(f"{desk}/bills/{run}/post", data=hidden(client, made.location))
    assert "/jobs/" in started.location
    builders.run_jobs()
    counter = f"{desk}/counter?unit={estate.home}"
    assert "253.65" in client.get(counter).text
    form = hidden(client, counter) | {
        "unit_ids": str(estate.home),
        "amount_fen": "253.65",
        "channel": "cash",
        "received_on": "2026-11-22",
        "payer": "王秀英",
    }
    taken = client.post(f"{desk}/counter", data=form)
    assert taken.status_code == 303
    assert "000001" in client.get(taken.location).text


def test_a_wrong_month_or_amount_is_told_and_nothing_typed_is_lost(
    database: Database, client: FlaskClient
) -> None:
    estate = make_estate()
    scene = estate.scene
    assert scene.firm.person_id is not None
    builders.sign_in(client, scene.firm.person_id)
    desk = f"/c/guihua/desk/fund/{scene.fund_id}"
    form = hidden(client, f"{desk}/bills") | {"month": "2026-13", "due_on": "2026-11-30"}
    answer = client.post(f"{desk}/bills", data=form)
    assert (answer.status_code, "2026-13" in answer.text) == (422, True)
    form = hidden(client, f"{desk}/counter") | {
        "unit_ids": str(estate.home),
        "amount_fen": "1e3",
        "channel": "cash",
        "received_on": "2026-11-22",
    }
    answer = client.post(f"{desk}/counter", data=form)
    assert (answer.status_code, "1e3" in answer.text) == (422, True)


def test_an_owner_sees_the_own_unit_and_nobody_elses(
    database: Database, client: FlaskClient
) -> None:
    estate = make_estate()
    scene = estate.scene
    assert scene.owner.person_id is not None
    builders.own(scene.community_id, scene.owner.person_id, estate.home)
    bill(estate)
    both = pay(estate, 3 * HOME_FEN, estate.next_home, estate.home)
    other = pay(estate, 100, estate.next_home)
    builders.sign_in(client, scene.owner.person_id)
    page = client.get("/c/guihua/fund/mine")
    assert "3 号楼 2 单元 301" in page.text
    assert "5 号楼" not in page.text
    shared = client.get(f"/c/guihua/fund/{scene.fund_id}/mine/{both}")
    assert "5 号楼" not in shared.text
    assert "王秀英" not in shared.text
    assert client.get(f"/c/guihua/fund/{scene.fund_id}/mine/{other}").status_code == 404


def test_everybody_sees_rates_of_collection_without_names(
    database: Database, client: FlaskClient
) -> None:
    estate = make_estate()
    bill(estate)
    pay(estate, HOME_FEN)
    page = client.get(f"/c/guihua/fund/{estate.scene.fund_id}/arrears")
    assert page.status_code == 200
    assert "42.48%" in page.text
    for secret in ("王秀英", "301", "102"):
        assert secret not in page.text


def test_the_maker_cannot_void_on_the_page_and_a_colleague_can(
    database: Database, client: FlaskClient
) -> None:
    estate = make_estate()
    scene = estate.scene
    receipt = pay(estate, 100)
    address = f"/c/guihua/desk/fund/{scene.fund_id}/receipts/{receipt}"
    assert scene.firm.person_id is not None
    builders.sign_in(client, scene.firm.person_id)
    counter = f"/c/guihua/desk/fund/{scene.fund_id}/counter?unit={estate.home}"
    form = hidden(client, counter) | {"reason": "金额打错"}
    assert client.post(f"{address}/void", data=form).status_code == 403
    assert scene.second_firm.person_id is not None
    builders.sign_in(client, scene.second_firm.person_id)
    form = hidden(client, address) | {"reason": "金额打错"}
    assert client.post(f"{address}/void", data=form).status_code == 303
    with db.read() as session:
        assert queries.get_receipt(session, scene.firm, scene.fund_id, receipt).is_void
