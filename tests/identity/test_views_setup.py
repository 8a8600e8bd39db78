"""From an empty installation to the first activity's form, without a technician."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from community import identity
from community.kernel import db
from community.kernel.permissions import Role
from community.web.operations.first_run import setup_token, spell_token
from tests import builders

ANSWERS: dict[str, dict[str, str]] = {
    "name": {"name": "桂花里社区", "slug": "guihuali", "street": "文昌街道", "district": "东湖区"},
    "buildings": {"lines": "1–2 号楼, 2 单元, 6 层, 2 户"},
    "rules": {"volunteering": "huangshi"},
    "staff": {"lines": "林秋月 1980 13800000001\n何志强"},
    "keys": {"seen": "1"},
    "backup": {"seen": "1"},
}


class Wizard:
    """A clerk at the server's screen."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.instance = Path(app.config["INSTANCE"])

    def get(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.get_data(as_text=True)

    def post(self, path: str, page: str, **fields: str) -> int:
        sent = {
            name: found.group(1)
            for name in ("csrf_token", "request_key")
            if (found := re.search(rf'name="{name}" value="([^"]+)"', page))
        }
        answer = self.client.post(path, data={**sent, **fields})
        self.location = answer.headers.get("Location", "")
        self.text = answer.get_data(as_text=True)
        return answer.status_code

    def enter(self) -> None:
        typed = spell_token(self.instance).lower()
        assert self.post("/setup", self.get("/setup"), token=typed) == 303

    def answer(self, step: str, **changed: str) -> int:
        path = f"/setup/{step}"
        return self.post(path, self.get(path), **{**ANSWERS[step], **changed})

    def finish(self) -> str:
        self.enter()
        for step in ANSWERS:
            assert self.answer(step) == 303, (step, self.text)
        assert self.post("/setup/finish", self.get("/setup/finish")) == 303
        return self.get(self.location)


@pytest.fixture
def wizard(app: Flask) -> Wizard:
    return Wizard(app)


def test_from_nothing_to_the_first_activity(wizard: Wizard, app: Flask) -> None:
    page = wizard.finish()
    codes = re.findall(r'href="/s/([0-9A-Z]+)"', page)
    assert len(codes) == 2
    assert "/c/guihuali/activities/new" in page
    with db.read() as session:
        (staff, other) = identity.people_with_role(session, 1, Role.STAFF)
        assert [b.name for b in identity.buildings(session, 1)] == ["1 号楼", "2 号楼"]
        assert len(identity.households(session, 1)) == 48
    clerk = app.test_client()
    entered = Wizard.__new__(Wizard)
    entered.client = clerk
    slip = entered.get(f"/s/{codes[0]}")
    code = re.search(r'name="code"[^>]*value="([^"]+)"', slip)
    assert code
    assert entered.post("/sign-in/slip", slip, code=code.group(1)) == 303
    builders.agree(staff)
    assert clerk.get("/c/guihuali/activities/new").status_code == 200
    assert other


def test_a_stranger_without_the_token_gets_nowhere(wizard: Wizard) -> None:
    page = wizard.get("/setup")
    assert wizard.post("/setup", page, token="WRONG0000000") == 422
    for step, fields in ANSWERS.items():
        assert wizard.client.get(f"/setup/{step}").status_code == 303
        assert wizard.post(f"/setup/{step}", page, **fields) == 422
    assert wizard.post("/setup/finish", page) == 422
    assert wizard.client.get("/setup/done").status_code == 404
    with db.read() as session:
        assert identity.buildings(session, 1) == ()


def test_once_a_community_stands_the_wizard_is_gone(wizard: Wizard, app: Flask) -> None:
    page = wizard.finish()
    again = Wizard(app)
    for path in ("/setup", "/setup/name", "/setup/finish", "/setup/done"):
        assert again.client.get(path).status_code == 404
    assert wizard.client.get("/setup/name").status_code == 404
    assert wizard.post("/setup/finish", page, request_key="0123456789") == 404


def test_progress_is_kept_and_a_step_can_be_answered_again(wizard: Wizard, app: Flask) -> None:
    wizard.enter()
    assert wizard.answer("name") == 303
    later = Wizard(app)
    later.enter()
    assert later.client.get("/setup").headers["Location"].endswith("/setup/buildings")
    assert "桂花里社区" in later.get("/setup/name")
    assert later.answer("name", name="另一个名字") == 303
    assert "另一个名字" in later.get("/setup/finish")


def test_it_does_not_end_before_its_steps(wizard: Wizard) -> None:
    wizard.enter()
    page = wizard.get("/setup/finish")
    assert "还差" in page
    page = wizard.get("/setup/name")
    assert wizard.post("/setup/finish", page) == 409


@pytest.mark.parametrize(
    ("step", "field", "typed", "sentence"),
    [
        ("name", "slug", "桂花里", "小写字母"),
        ("name", "name", "", "请填写"),
        ("buildings", "lines", "很多楼", "看不懂"),
        ("staff", "lines", "林秋月 1380", "每人一行"),
        ("staff", "lines", "林秋月 12345", "每人一行"),
    ],
)
def test_what_cannot_be_read_is_asked_again(
    wizard: Wizard, step: str, field: str, typed: str, sentence: str
) -> None:
    wizard.enter()
    assert wizard.answer(step, **{field: typed}) == 422
    assert sentence in wizard.text
    assert typed in wizard.text


def test_keys_and_token_are_for_their_owner_only(wizard: Wizard) -> None:
    wizard.enter()
    first = wizard.get("/setup/keys")
    found = re.search(r"[0-9A-F]{4}(?::[0-9A-F]{4}){7}", first)
    assert found
    assert found.group(0) in wizard.get("/setup/keys")
    for file in ("keys/signing.pem", "setup_token"):
        assert (wizard.instance / file).stat().st_mode & 0o077 == 0
    assert setup_token(wizard.instance) == setup_token(wizard.instance)


def test_the_slips_are_shown_again_only_to_whoever_finished(
    wizard: Wizard, app: Flask, client: FlaskClient
) -> None:
    wizard.finish()
    assert "林秋月" in wizard.get("/setup/done")
    assert client.get("/setup/done").status_code == 404
