"""Backups on a button: for the office of a single community, else for the street."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from community.kernel import backup
from community.kernel.permissions import Role
from tests import builders
from tests.conftest import is_postgres
from tests.identity.test_views_office import Desk

pytestmark = pytest.mark.skipif(is_postgres(), reason="PostgreSQL has its own tools")


@pytest.fixture
def desk(client: FlaskClient) -> Desk:
    return Desk(client)


@pytest.fixture
def instance(app: Flask) -> Path:
    return Path(app.config["INSTANCE"])


def test_a_backup_is_made_fetched_and_asked_for(desk: Desk, instance: Path) -> None:
    assert desk.post("/backups", desk.get("/backups")) == 303
    name = backup.backups(instance)[0].name
    fetched = desk.client.get(f"/c/guihua/desk/backups/{name}")
    assert fetched.data.startswith(b"PK")
    page = desk.get("/backups")
    assert desk.post(f"/backups/{name}/restore", page) == 422
    assert "请先勾选" in desk.text
    assert desk.post(f"/backups/{name}/restore", page, understood="1") == 200
    assert "重新启动后恢复" in desk.text
    assert backup.asked_restore(instance) == name
    assert desk.post("/backups/withdraw", desk.get("/backups")) == 303
    assert backup.asked_restore(instance) is None


@pytest.mark.parametrize("name", ["nothing.zip", "community-20200101-000000.zip"])
def test_an_unknown_archive_is_not_found(desk: Desk, name: str) -> None:
    assert desk.client.get(f"/c/guihua/desk/backups/{name}").status_code == 404
    page = desk.get("/backups")
    assert desk.post(f"/backups/{name}/restore", page, understood="1") == 404


def test_where_there_are_neighbours_only_the_street_may(desk: Desk) -> None:
    builders.make_community("other", "别处社区")
    assert desk.client.get("/c/guihua/desk/backups").status_code == 409
    street = builders.make_person(desk.here, "街道甲", roles=(Role.STREET,))
    builders.sign_in(desk.client, street)
    assert "备份" in desk.get("/backups")
