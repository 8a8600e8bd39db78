"""The front page, home, my page, the desk, figures and the street office."""

from __future__ import annotations

from datetime import date

import pytest
from flask.testing import FlaskClient

from community import identity, ledger
from community.kernel import db
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from tests import builders


@pytest.fixture
def home(client: FlaskClient) -> int:
    """Let 王秀英 live in 桂花里社区, signed in; give the community's id."""
    community_id = builders.make_community()
    household_id = builders.make_household(community_id)
    person_id = builders.make_person(community_id, household_id=household_id)
    builders.sign_in(client, person_id)
    return community_id


def earn(community_id: int, owner: str, amount: int, expires_on: date | None) -> None:
    actor = Actor.system(community_id)
    book = db.write(ledger.ensure_book, actor, ledger.BookKind.POINTS)
    db.write(
        ledger.ensure_account, actor, book, "PTS", "issued", ledger.AccountType.EQUITY, "", None
    )
    db.write(
        ledger.earn_lot, actor, book, owner, amount, expires_on, "issued", "test", "test:1",
        f"{owner} {amount}",
    )  # fmt: skip


def only_person(community_id: int) -> int:
    with db.read() as session:
        from_door = identity.member_ids(session, community_id)
    return min(from_door)


def test_front_names_every_community_and_the_way_in(client: FlaskClient) -> None:
    builders.make_community()
    builders.make_community("yulan", "玉兰苑社区")
    page = client.get("/").get_data(as_text=True)
    assert "桂花里社区" in page
    assert "玉兰苑社区" in page
    assert "/c/yulan/" in page


def test_front_of_an_empty_house_says_who_begins(client: FlaskClient, database: object) -> None:
    assert "这里还没有社区" in client.get("/").get_data(as_text=True)


def test_front_leads_home_whoever_has_signed_in(client: FlaskClient, home: int) -> None:
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer.location.endswith("/communities")


def test_home_adds_up_the_household(client: FlaskClient, home: int) -> None:
    person_id = only_person(home)
    with db.read() as session:
        household_id = identity.household_of(session, home, person_id)
    earn(home, f"person:{person_id}", 106, None)
    earn(home, f"household:{household_id}", 20, date(2026, 12, 31))
    page = client.get("/c/guihua/").get_data(as_text=True)
    assert "王秀英" in page
    assert "上午好" in page
    assert '<b class="num">126</b>' in page
    assert "12-31" in page
    assert "到期 20" in page


def test_points_that_end_next_summer_do_not_hurry(client: FlaskClient, home: int) -> None:
    earn(home, f"person:{only_person(home)}", 20, date(2027, 6, 30))
    page = client.get("/c/guihua/").get_data(as_text=True)
    assert '<b class="num">20</b>' in page
    assert "到期 20" not in page


def test_neighbour_sees_none_of_my_points(client: FlaskClient, home: int) -> None:
    earn(home, f"person:{only_person(home)}", 126, None)
    other = builders.make_person(home, "李建国")
    builders.sign_in(client, other)
    page = client.get("/c/guihua/").get_data(as_text=True)
    assert "李建国" in page
    assert '<b class="num">126</b>' not in page


@pytest.mark.parametrize("path", ["/c/guihua/", "/c/guihua/me", "/c/guihua/desk"])
def test_visitor_is_asked_to_sign_in(client: FlaskClient, path: str) -> None:
    builders.make_community()
    answer = client.get(path)
    assert answer.status_code == 302
    assert "/sign-in" in answer.location


@pytest.mark.parametrize("path", ["/c/yulan/", "/c/yulan/me", "/c/yulan/desk", "/c/yulan/figures"])
def test_member_of_another_community_is_refused(client: FlaskClient, home: int, path: str) -> None:
    builders.make_community("yulan", "玉兰苑社区")
    assert client.get(path).status_code == 403


def test_resident_has_no_desk(client: FlaskClient, home: int) -> None:
    assert client.get("/c/guihua/desk").status_code == 403
    assert "工作台" not in client.get("/c/guihua/").get_data(as_text=True)


def test_staff_open_the_desk_from_home(client: FlaskClient, home: int) -> None:
    builders.grant(home, only_person(home), Role.STAFF)
    assert "工作台" in client.get("/c/guihua/").get_data(as_text=True)
    assert "等您办" in client.get("/c/guihua/desk").get_data(as_text=True)


def test_me_shows_masked_number_and_way_out(client: FlaskClient, home: int) -> None:
    page = client.get("/c/guihua/me").get_data(as_text=True)
    assert "王秀英" in page
    assert "3 号楼" in page
    assert "/sign-out" in page


def test_figures_without_hours_say_what_will_be_here(client: FlaskClient, home: int) -> None:
    assert "还没有数据" in client.get("/c/guihua/figures").get_data(as_text=True)


def test_street_sees_its_own_communities_only(client: FlaskClient, home: int) -> None:
    builders.make_community("yulan", "玉兰苑社区")
    assert "您还没有街道的角色" in client.get("/street").get_data(as_text=True)
    builders.grant(home, only_person(home), Role.STREET)
    page = client.get("/street").get_data(as_text=True)
    assert "桂花里社区" in page
    assert "玉兰苑社区" not in page


@pytest.mark.parametrize("path", ["/", "/c/guihua/", "/c/guihua/me", "/c/guihua/figures"])
def test_pages_speak_english(client: FlaskClient, home: int, path: str) -> None:
    client.set_cookie("language", "en")
    answer = client.get(path, follow_redirects=True)
    assert answer.status_code == 200
    assert '<html lang="en"' in answer.get_data(as_text=True)
