"""The desk's page of units a developer has not handed over."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from community.kernel import ids
from community.kernel.permissions import Role
from tests import builders

PAGE = "/c/guihua/desk/developer-units"


@pytest.fixture
def desk(app: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setitem(app.config, "WTF_CSRF_METHODS", set())
    here = builders.make_community("guihua")
    sold = builders.make_unit(here, "101")
    builders.own(here, builders.make_person(here, "王芳"), sold)
    builders.make_unit(here, "102")
    client = app.test_client()
    builders.sign_in(client, builders.make_person(here, "高静", roles=(Role.STAFF,)))
    return client


def post(client: FlaskClient, path: str, values: dict[str, str]) -> TestResponse:
    return client.post(path, data={"request_key": ids.random_code(20), **values})


def test_the_desk_notes_what_is_not_sold_and_what_is_handed_over(desk: FlaskClient) -> None:
    held = {"developer": "建新置业", "building_id": "1", "names": ""}
    assert post(desk, PAGE, held).status_code == 303
    assert "建新置业 · 3 号楼" in desk.get(PAGE).text
    assert post(desk, PAGE, held).status_code == 422
    assert post(desk, PAGE, held | {"names": "101、102"}).status_code == 303
    assert "101（已售未交付）" in desk.get(PAGE).text
    gone = {"building_id": "1", "names": "101 102", "on": "2026-11-01"}
    assert post(desk, f"{PAGE}/hand-over", gone | {"names": "109"}).status_code == 422
    assert post(desk, f"{PAGE}/hand-over", gone).status_code == 303
    assert "没有开发商房屋" in desk.get(PAGE).text


def test_a_resident_does_not_see_it(desk: FlaskClient, client: FlaskClient) -> None:
    builders.sign_in(client, builders.make_person(1, "王芳"))
    assert client.get(PAGE).status_code == 403
