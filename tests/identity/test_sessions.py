"""Sessions and their cookies: ended means ended, everywhere; forms carry their token."""

from __future__ import annotations

import re
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from community.identity import models
from community.kernel import clock, db, ids
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.permissions import Role
from tests import builders
from tests.conftest import NOON

ACCOUNT = "/c/guihua/account"


def send(client: FlaskClient, path: str, **form: str) -> int:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(ACCOUNT).text)
    assert found
    fields = {"csrf_token": found.group(1), "request_key": ids.random_code(20), **form}
    return client.post(path, data=fields).status_code


def session_cookie(client: FlaskClient) -> str:
    cookie = client.get_cookie("community")
    assert cookie
    return cookie.value


def enter(client: FlaskClient) -> int:
    here = builders.make_community()
    person = builders.make_person(here)
    builders.sign_in(client, person)
    assert client.get(ACCOUNT).status_code == 200
    return person


def test_a_copied_cookie_is_dead_after_signing_out(client: FlaskClient) -> None:
    enter(client)
    copied = session_cookie(client)
    assert send(client, "/sign-out") == 303
    thief = client.application.test_client()
    thief.set_cookie("community", copied)
    assert thief.get(ACCOUNT).status_code == 302
    assert "/sign-in" in thief.get(ACCOUNT).location


def test_a_session_ended_from_another_device_is_dead_at_once(client: FlaskClient) -> None:
    person = enter(client)
    phone = client.application.test_client()
    builders.sign_in(phone, person)
    assert phone.get(ACCOUNT).status_code == 200
    with db.read() as session:
        first = session.scalar(select(models.SignInSession.id).order_by(models.SignInSession.id))
    assert send(phone, f"{ACCOUNT}/sessions/{first}/end") == 303
    assert client.get(ACCOUNT).status_code == 302
    assert phone.get(ACCOUNT).status_code == 200


def test_nobody_ends_a_neighbours_session(client: FlaskClient) -> None:
    enter(client)
    neighbour = client.application.test_client()
    with db.read() as session:
        here = session.scalar(select(models.Membership.community_id))
        first = session.scalar(select(models.SignInSession.id))
    assert here is not None
    builders.sign_in(neighbour, builders.make_person(here, "李明"))
    assert send(neighbour, f"{ACCOUNT}/sessions/{first}/end") == 404
    assert client.get(ACCOUNT).status_code == 200


def test_a_session_lasts_sixty_days_from_its_last_use(client: FlaskClient) -> None:
    enter(client)
    with clock.fixed(NOON + timedelta(days=59)):
        assert client.get(ACCOUNT).status_code == 200
    with clock.fixed(NOON + timedelta(days=118)):
        assert client.get(ACCOUNT).status_code == 200
    with clock.fixed(NOON + timedelta(days=179)):
        assert client.get(ACCOUNT).status_code == 302


def test_reading_twice_in_a_day_writes_once(client: FlaskClient, database: Database) -> None:
    enter(client)
    with clock.fixed(NOON + timedelta(hours=13)):
        client.get(ACCOUNT)
    with clock.fixed(NOON + timedelta(hours=14)):
        client.get(ACCOUNT)
    with database.read() as session:
        seen = session.scalar(select(models.SignInSession.seen_at))
    assert seen == NOON + timedelta(hours=13)


def test_the_dead_are_signed_out(client: FlaskClient) -> None:
    person = enter(client)

    def bury(session: Session, actor: Actor) -> None:
        row = session.get(models.Person, person)
        assert row is not None
        row.died_on = clock.today()
        ended = select(models.SignInSession).where(models.SignInSession.person_id == person)
        for each in session.scalars(ended):
            each.ended_at = clock.now()

    db.write(bury, builders.INSTALLATION)
    assert client.get(ACCOUNT).status_code == 302


def test_a_form_without_its_token_is_refused(client: FlaskClient) -> None:
    enter(client)
    answer = client.post("/sign-out", data={"request_key": ids.random_code(20)})
    assert answer.status_code == 400
    assert client.get(ACCOUNT).status_code == 200


def test_pages_first_asked_for_at_once_share_one_token(client: FlaskClient) -> None:
    here = builders.make_community()
    code = builders.make_letter(here, builders.make_household(here))
    page = client.get(f"/l/{code}")
    [token] = re.findall(r'csrf_token" value="([^"]+)"', page.text)[:1]
    form = {"csrf_token": token, "request_key": ids.random_code(20)}
    client.post("/sign-in/letter", data={**form, "code": code})
    client.post("/sign-in/newcomer", data={**form, "name": "李明", "birth_year": "1985"})
    other = client.application.test_client()
    other.set_cookie("community", session_cookie(client))
    [shown] = re.findall(r'csrf_token" value="([^"]+)"', client.get("/consent").text)[:1]
    other.get("/consent")
    assert other.post("/sign-out", data={**form, "csrf_token": shown}).status_code == 303


def test_a_form_of_another_visit_is_told_that_its_page_is_old(client: FlaskClient) -> None:
    enter(client)
    sent = {"request_key": ids.random_code(20), "csrf_token": "of-another-visit"}
    answer = client.post("/sign-out", data=sent)
    assert answer.status_code == 400
    assert "页面已过期，请刷新后重新提交。" in answer.text


def test_signing_in_leaves_nothing_of_the_visitors_cookie(client: FlaskClient) -> None:
    here = builders.make_community()
    resident = builders.make_person(here)
    code = builders.make_letter(here, builders.make_household(here))
    page = client.get(f"/l/{code}")
    before = re.search(r'csrf_token" value="([^"]+)"', page.text)
    assert before
    builders.agree(resident)
    form = {"csrf_token": before.group(1), "request_key": ids.random_code(20)}
    client.post("/sign-in/letter", data={**form, "code": code})
    client.post("/sign-in/newcomer", data={**form, "name": "李明", "birth_year": "1985"})
    assert client.post("/sign-out", data=form).status_code == 400, "the old token is worthless"


def test_the_cookie_is_closed_to_scripts_and_other_sites(client: FlaskClient) -> None:
    answer = client.get("/sign-in")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "remember" not in cookie


def test_a_device_token_does_its_scope_and_no_more(client: FlaskClient) -> None:
    here = builders.make_community()
    clerk = builders.make_person(here, "周宁", roles=(Role.STAFF,))
    token = builders.make_device(here, clerk, {"identity.see_people"})
    bearer = {"Authorization": f"Bearer {token}"}
    assert client.get("/c/guihua/people", headers=bearer).status_code == 200
    assert client.get("/c/guihua/devices", headers=bearer).status_code == 403
    assert client.get(ACCOUNT, headers=bearer).status_code == 403
    assert client.get("/c/guihua/people", headers={"Authorization": "Bearer X"}).status_code == 401
    builders.make_community("other", "别处")
    assert client.get("/c/other/people", headers=bearer).status_code == 401


def test_a_device_token_falls_with_its_makers_role(client: FlaskClient) -> None:
    here = builders.make_community()
    clerk = builders.make_person(here, "周宁", roles=(Role.STAFF,))
    token = builders.make_device(here, clerk, {"identity.see_people"})

    def withdraw(session: Session, actor: Actor) -> None:
        for row in session.scalars(select(models.RoleGrant)):
            row.withdrawn_at = clock.now()

    db.write(withdraw, builders.INSTALLATION)
    bearer = {"Authorization": f"Bearer {token}"}
    assert client.get("/c/guihua/people", headers=bearer).status_code == 403


def test_a_cookie_beside_a_bad_token_counts_for_nothing(client: FlaskClient) -> None:
    enter(client)
    assert client.get(ACCOUNT, headers={"Authorization": "Bearer X"}).status_code == 401
