"""The pages of the time bank, statements and rules, as people of several roles open them."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from community.kernel import clock, db
from community.volunteering.service import coins
from tests import builders
from tests.volunteering.neighbours import Neighbours, confirm_hours, make_neighbours

HOME = "/c/guihua"


@pytest.fixture
def street(app: Flask) -> Neighbours:
    made = make_neighbours("beijing")
    db.write(confirm_hours, made.actor(made.chief), made.granny, 300)
    return made


def browser(app: Flask, person_id: int) -> FlaskClient:
    client = app.test_client()
    builders.sign_in(client, person_id)
    return client


def post(client: FlaskClient, page: str, action: str, **fields: object) -> TestResponse:
    """Open a page for its hidden fields, then post to an address of it."""
    shown = client.get(HOME + page).get_data(as_text=True)
    hidden = {
        name: re.findall(f'name="{name}" value="([^"]+)"', shown)[-1]
        for name in ("csrf_token", "request_key")
    }
    return client.post(HOME + action, data={**hidden, **fields})


RESIDENT_PAGES = (
    "/rules",
    "/time-bank",
    "/time-bank/needs/new",
    "/time-bank/offers/new",
    "/time-bank/pool",
    "/my/points",
    "/my/points?span=all&direction=out",
    "/my/points?span=nonsense&after=",
    "/my/coins",
    "/my/coins/give",
    "/my/hours",
    "/my/household",
)
DESK_PAGES = (
    "/desk/rules",
    "/desk/rules/new",
    "/desk/rules/new?preset=huangshi",
    "/desk/time-bank",
    "/desk/time-bank?q=王",
    "/desk/time-bank/for?q=孙",
)


@pytest.mark.parametrize("page", RESIDENT_PAGES)
def test_a_resident_opens_every_page(app: Flask, street: Neighbours, page: str) -> None:
    answer = browser(app, street.granny).get(HOME + page)
    assert answer.status_code == 200, answer.get_data(as_text=True)[-800:]


@pytest.mark.parametrize("page", DESK_PAGES)
def test_the_desk_is_for_staff(app: Flask, street: Neighbours, page: str) -> None:
    assert browser(app, street.granny).get(HOME + page).status_code == 403
    assert browser(app, street.clerk).get(HOME + page).status_code == 200


def test_strangers_see_rules_and_pool_only(app: Flask, street: Neighbours) -> None:
    client = app.test_client()
    assert client.get(f"{HOME}/rules").status_code == 200
    pool = client.get(f"{HOME}/time-bank/pool")
    assert pool.status_code == 200
    assert "孙玉兰" not in pool.get_data(as_text=True)
    assert client.get(f"{HOME}/my/points").status_code == 302


def test_a_statement_adds_up_and_opens_what_it_is_made_of(app: Flask, street: Neighbours) -> None:
    client = browser(app, street.granny)
    page = client.get(f"{HOME}/my/points").get_data(as_text=True)
    assert "夜间巡逻" in page
    assert "+50" in page
    link = re.search(r'href="(/c/guihua/my/earnings/\d+)"', page)
    assert link
    made = client.get(link[1]).get_data(as_text=True)
    assert "300" in made
    assert browser(app, street.volunteer).get(link[1]).status_code == 404


def test_an_export_is_a_sheet_without_formulas(app: Flask, street: Neighbours) -> None:
    answer = browser(app, street.granny).get(f"{HOME}/my/points/export?span=all")
    page = openpyxl.load_workbook(BytesIO(answer.data)).active
    assert page is not None
    rows = list(page.values)
    assert next(row for row in rows if row[1] == "志愿服务")[3:5] == (50, 50)
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)
    for name in ("coins", "hours"):
        assert browser(app, street.granny).get(f"{HOME}/my/{name}/export").status_code == 200


def test_a_service_over_the_web(app: Flask, street: Neighbours) -> None:
    granny, giver = browser(app, street.granny), browser(app, street.volunteer)
    starts = (clock.now() + timedelta(hours=1)).astimezone(clock.SHANGHAI)
    asked = post(
        granny, "/time-bank/needs/new", "/time-bank/needs/new", receiver_id=street.granny,
        kind="meal", words="中午送饭", place="3 号楼 301", minutes="60",
        starts_at=f"{starts:%Y-%m-%dT%H:%M}",
    )  # fmt: skip
    assert asked.status_code == 303, asked.get_data(as_text=True)[-800:]
    need = asked.location.removeprefix(HOME)
    shown = giver.get(HOME + need).get_data(as_text=True)
    assert "孙**" in shown
    assert "孙玉兰" not in shown
    accepted = post(giver, need, f"{need}/accept")
    service = accepted.location.removeprefix(HOME)
    code = re.search(r'<b class="num">([0-9A-Z]{6})</b>', granny.get(HOME + service).text)
    assert code
    assert code[1] not in giver.get(HOME + service).text
    wrong = post(giver, service, f"{service}/arrive", proof="phone_code", code="000000")
    assert wrong.status_code == 409
    assert (
        post(giver, service, f"{service}/arrive", proof="phone_code", code=code[1]).status_code
        == 303
    )
    assert browser(app, street.daughter).get(HOME + service).status_code == 403
    with clock.fixed(clock.now() + timedelta(minutes=30)):
        leaving = re.search(r'<b class="num">([0-9A-Z]{6})</b>', granny.get(HOME + service).text)
        assert leaving
        done = post(giver, service, f"{service}/leave", proof="phone_code", code=leaving[1])
        assert done.status_code == 303
    assert street.coins(street.volunteer) == 30
    assert "时间银行服务" in giver.get(f"{HOME}/my/coins").text


def test_bad_needs_are_shown_again_with_what_was_typed(app: Flask, street: Neighbours) -> None:
    granny = browser(app, street.granny)
    answer = post(
        granny, "/time-bank/needs/new", "/time-bank/needs/new", receiver_id=street.granny,
        kind="meal", words="少盐软饭", place="301", minutes="1_0", starts_at="明天",
    )  # fmt: skip
    assert answer.status_code == 422
    assert "少盐软饭" in answer.text
    foreign = post(
        granny, "/time-bank/needs/new", "/time-bank/needs/new", receiver_id=street.volunteer,
        kind="meal", words="替别人", place="301", minutes="60", starts_at="2026-11-23T09:00",
    )  # fmt: skip
    assert foreign.status_code == 403


def test_rules_are_previewed_then_adopted(app: Flask, street: Neighbours) -> None:
    client = browser(app, street.clerk)
    page = client.get(f"{HOME}/desk/rules/new?preset=huangshi").text
    fields = dict(re.findall(r'<input name="([a-z_]+)"[^>]* value="([^"]*)"', page))
    assert fields["points_an_hour"] == "1"
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    same = {**fields, "valid_from": tomorrow, "expiry": "year_end", "label": "reported"}
    seen = post(client, "/desk/rules/new", "/desk/rules/new", **same, step="preview")
    assert seen.status_code == 200
    assert "如果过去 90 天" in seen.text
    early = {**same, "valid_from": clock.today().isoformat()}
    refused = post(client, "/desk/rules/new", "/desk/rules/new", **early, step="adopt")
    assert refused.status_code == 409
    kept = post(client, "/desk/rules/new", "/desk/rules/new", **same, step="adopt")
    assert kept.status_code == 303, kept.text[-500:]
    assert "黄石志愿积分" in client.get(f"{HOME}/desk/rules").text
    assert "黄石志愿积分" in client.get(f"{HOME}/rules").text


def test_grants_need_a_second_person_over_the_web(app: Flask, street: Neighbours) -> None:
    db.write(coins.donate_coins, street.actor(street.granny), street.granny, 100)
    clerk, chief = browser(app, street.clerk), browser(app, street.chief)
    asked = post(
        clerk, "/desk/time-bank", "/desk/time-bank/grants", person_id=street.volunteer,
        minutes="60", reason="独居",
    )  # fmt: skip
    assert asked.status_code == 303
    assert "要由另一位工作人员批准" in clerk.get(f"{HOME}/desk/time-bank").text
    page = chief.get(f"{HOME}/desk/time-bank").text
    link = re.search(r'action="/c/guihua(/desk/time-bank/grants/\d+/approve)"', page)
    assert link
    assert post(clerk, "/desk/time-bank", link[1]).status_code == 409
    assert post(chief, "/desk/time-bank", link[1]).status_code == 303
    assert street.coins(street.volunteer) == 60
