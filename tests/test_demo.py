"""The demo as `make run` loads it: it loads, nothing in it is wrong, and everybody gets in."""

from __future__ import annotations

import re
from http import HTTPStatus
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from community import demo, sealing
from community.demo.opening import SLUG
from community.kernel import db, files, ids
from community.web.operations import DemoAccount
from tests.conftest import is_postgres
from tests.micro_projects.ocds_scene import find_schemas

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(is_postgres(), reason="the run on SQLite has shown it"),
]


def run(app: Flask, *words: str) -> None:
    """Run one of the site's commands, which must find nothing wrong."""
    with app.app_context():
        ran = app.test_cli_runner().invoke(args=words)
    assert ran.exit_code == 0, ran.output


def send(client: FlaskClient, page: str, **typed: str) -> int:
    """Fill in a page's own form and send it; gives the status of the answer."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert token
    hidden = {"csrf_token": token[1], "request_key": ids.random_code(20)}
    return client.post(page, data=hidden | typed).status_code


def enter(app: Flask, account: DemoAccount) -> str:
    """Sign in with what `make run` prints and agree to the terms; gives one's own page."""
    client = app.test_client()
    typed = {"number": account.sign_in, "password": account.password}
    assert send(client, "/sign-in/password", **typed) == HTTPStatus.SEE_OTHER
    assert send(client, "/consent") == HTTPStatus.SEE_OTHER
    return client.get(f"/c/{SLUG}/account").text


def test_the_demo_loads_and_nothing_in_it_is_wrong(app: Flask, tmp_path: Path) -> None:
    demo.load()
    with db.read() as session:
        assert files.file_problems(session) + sealing.content_problems(session) == []
    run(app, "projects", "export-ocds", str(tmp_path))
    schemas = find_schemas()
    judged_by = ("--schema", str(schemas)) if schemas else ()
    run(app, "projects", "check-ocds", str(tmp_path), *judged_by)
    with db.read() as session:
        accounts = demo.accounts(session)
    for account in accounts:
        assert account.name in enter(app, account), account.role
