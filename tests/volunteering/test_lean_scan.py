"""A scan answered before Flask asks no less than the view, and takes every withdrawal at once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from community.identity import models
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.volunteering import permissions
from community.volunteering.models import CheckInAttempt
from community.volunteering.schemas.scans import ScanBody, plain_scan
from community.volunteering.views import gate
from tests import builders
from tests.volunteering.scene import Scene, at, make_scene, rows

BODY = {"code": "HTTPS://A.EXAMPLE/Q/P/AAAA", "direction": "in", "nonce": "n-1"}


class Counted:
    """How many scans were answered before Flask."""

    def __init__(self) -> None:
        self.count = 0


@pytest.fixture
def lean(monkeypatch: pytest.MonkeyPatch, app: Flask) -> Counted:
    counted = Counted()
    door: Any = app.wsgi_app
    send = door._send

    def counting(*parts: Any) -> Any:
        counted.count += 1
        return send(*parts)

    monkeypatch.setattr(type(door), "_send", lambda self, *parts: counting(*parts))
    return counted


@pytest.fixture
def scene(client: FlaskClient) -> Scene:
    made = make_scene()
    made.sign_up(made.wang, made.li)
    builders.sign_in(client, made.leader)
    # The words of scans are read with the first scan that Flask answers.
    with client.application.test_request_context():
        gate.words_here()
    return made


def token_of(client: FlaskClient, scene: Scene) -> str:
    page = client.get(f"/c/guihua/shifts/{scene.shift}/scanner").get_data(as_text=True)
    return page.split('data-csrf="', 1)[1].split('"', 1)[0]


def scan(
    client: FlaskClient, scene: Scene, person: int, headers: dict[str, str], nonce: str = ""
) -> TestResponse:
    body = {"code": scene.personal_code(person), "direction": "in", "nonce": nonce}
    return client.post(f"/c/guihua/shifts/{scene.shift}/scans", json=body, headers=headers)


def withdraw(what: type[Any], **changes: Any) -> None:
    def change(session: Session, actor: Actor) -> None:
        for row in session.scalars(select(what)):
            for name, value in changes.items():
                setattr(row, name, value)

    db.write(change, builders.INSTALLATION)


def test_an_ordinary_scan_is_answered_before_flask(
    client: FlaskClient, scene: Scene, lean: Counted
) -> None:
    with at():
        headers = {"X-CSRFToken": token_of(client, scene)}
        first = scan(client, scene, scene.wang, headers, "n-1")
        assert (first.status_code, lean.count) == (200, 1)
        assert first.json is not None
        assert (first.json["sentence"], first.json["name"]) == ("签到成功", "王**")
        assert first.json["where"] == "第 1 人"
        again = scan(client, scene, scene.wang, headers, "n-1")
        assert again.json is not None
        assert (again.status_code, again.json["is_repeat"]) == (200, True)
        twice = scan(client, scene, scene.wang, headers, "n-2")
        assert (twice.status_code, lean.count) == (409, 3)
    assert first.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in first.headers["Content-Security-Policy"]
    assert first.headers["X-Content-Type-Options"] == "nosniff"


def test_it_says_what_flask_says(client: FlaskClient, scene: Scene, lean: Counted) -> None:
    with at():
        headers = {"X-CSRFToken": token_of(client, scene)}
        short = scan(client, scene, scene.wang, headers)
        # A field that is read by the schema alone leaves the scan to Flask.
        body = {"code": scene.personal_code(scene.li), "late": "0"}
        path = f"/c/guihua/shifts/{scene.shift}/scans"
        full = client.post(path, json=body, headers=headers)
    assert lean.count == 1
    assert short.json is not None
    assert full.json is not None
    assert short.json.keys() == full.json.keys()
    differ = {"name", "name_masked", "where"}
    assert {k: v for k, v in short.json.items() if k not in differ} == {
        k: v for k, v in full.json.items() if k not in differ
    }
    assert {name for name, _ in full.headers} == {name for name, _ in short.headers}


def test_without_its_token_or_with_anothers_it_is_refused(
    client: FlaskClient, scene: Scene, lean: Counted, app: Flask
) -> None:
    other = app.test_client()
    builders.sign_in(other, scene.leader)
    with at():
        for headers in ({}, {"X-CSRFToken": "x"}, {"X-CSRFToken": token_of(other, scene)}):
            assert scan(client, scene, scene.wang, headers).status_code == 400
    assert (lean.count, rows(CheckInAttempt)) == (0, [])


def test_over_tls_a_scan_must_come_from_our_own_page(
    client: FlaskClient, scene: Scene, lean: Counted
) -> None:
    path = f"https://localhost/c/guihua/shifts/{scene.shift}/scans"
    with at():
        token = {"X-CSRFToken": token_of(client, scene)}
        body = {"code": scene.personal_code(scene.wang)}
        for referrer in ({}, {"Referer": "https://evil.example/"}):
            answer = client.post(path, json=body, headers={**token, **referrer})
            assert answer.status_code == 400
        own = {**token, "Referer": f"https://localhost/c/guihua/shifts/{scene.shift}/scanner"}
        assert client.post(path, json=body, headers=own).status_code == 200
    assert lean.count == 1


def test_a_session_a_role_and_a_membership_end_with_the_next_scan(
    client: FlaskClient, scene: Scene, lean: Counted
) -> None:
    with at():
        headers = {"X-CSRFToken": token_of(client, scene)}
        assert scan(client, scene, scene.wang, headers).status_code == 200
        withdraw(models.RoleGrant, withdrawn_at=clock.now())
        assert scan(client, scene, scene.li, headers).status_code == 403
        withdraw(models.RoleGrant, withdrawn_at=None)
        assert scan(client, scene, scene.li, headers).status_code == 200
        withdraw(models.Membership, left_at=clock.now())
        assert scan(client, scene, scene.li, headers).status_code == 403
        withdraw(models.Membership, left_at=None)
        withdraw(models.SignInSession, ended_at=clock.now())
        assert scan(client, scene, scene.li, headers).status_code == 401
    assert lean.count == 2


def test_a_device_scans_by_its_scope_until_it_is_revoked(
    client: FlaskClient, scene: Scene, lean: Counted, app: Flask
) -> None:
    scanner = app.test_client()
    scope = {permissions.LEAD.code}
    bearer = {
        "Authorization": f"Bearer {builders.make_device(scene.community, scene.leader, scope)}"
    }
    other = builders.make_device(scene.community, scene.leader, {permissions.CHECK_IN.code})
    with at():
        assert scan(scanner, scene, scene.wang, bearer).status_code == 200
        narrow = {"Authorization": f"Bearer {other}"}
        assert scan(scanner, scene, scene.li, narrow).status_code == 403
        assert scan(client, scene, scene.li, {"Authorization": "Bearer X"}).status_code == 401
        withdraw(models.DeviceToken, revoked_at=clock.now())
        assert scan(scanner, scene, scene.li, bearer).status_code == 401
    assert lean.count == 1


def test_others_are_refused_in_words(
    client: FlaskClient, scene: Scene, lean: Counted, app: Flask
) -> None:
    neighbour, outsider, staff = (app.test_client() for _ in range(3))
    builders.sign_in(neighbour, scene.li)
    there = builders.make_community("other", "别处")
    builders.sign_in(outsider, builders.make_person(there, "外人", roles=(Role.LEADER,)))
    builders.sign_in(staff, scene.second_leader)
    with at():
        token = token_of(client, scene)
        for who in (neighbour, outsider):
            with who.session_transaction() as cookie, client.session_transaction() as own:
                cookie["csrf_token"] = own["csrf_token"]
            assert scan(who, scene, scene.wang, {"X-CSRFToken": token}).status_code == 403
        # A refusal that the short way meets is said by the view, once.
        gone = client.post(
            "/c/guihua/shifts/99999/scans",
            json={"code": scene.personal_code(scene.wang)},
            headers={"X-CSRFToken": token},
        )
        assert gone.status_code == 404
        assert gone.json is not None
        assert gone.json["sentence"]
    assert (lean.count, rows(CheckInAttempt)) == (0, [])


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"code": "二维码"},
        {"code": " A "},
        {"code": "A", "direction": "up"},
        {"code": "A", "direction": ["in"]},
        {"code": "A", "nonce": 7},
        {"code": "A", "nonce": "n" * 41},
        {"code": "A" * 401},
        {"code": "A", "late": True},
        {"code": "A", "device_time": "yesterday"},
        {"code": "A", "device_time": "0001-01-01T00:00:00+09:00"},
        {"code": "A", "gate": None},
        {"code": "A\n"},
        ["A"],
        "A",
        None,
    ],
)
def test_what_is_not_plain_is_left_to_the_schema(body: Any) -> None:
    assert plain_scan(body) is None


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"direction": "out"},
        {"late": False, "device_time": "2026-11-23T01:00:00.123Z"},
        {"gate": "East", "nonce": ""},
        {"device_time": "2026-11-23T09:00:00+08:00"},
        {"device_time": None},
    ],
)
def test_what_is_plain_is_read_as_by_the_schema(more: dict[str, Any]) -> None:
    body = {**BODY, **more}
    sent = json.loads(json.dumps(body))
    if sent.get("device_time", "") is None:
        del sent["device_time"]
    assert plain_scan(body) == ScanBody().load(sent)
