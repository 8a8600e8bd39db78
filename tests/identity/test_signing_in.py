"""Every way to sign in: right, wrong, too often; and nothing betrays who is registered."""

from __future__ import annotations

import queue
import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from community.kernel import ids, outbox
from community.kernel.db import Database
from tests import builders

NUMBER = "13800000001"


class Phones:
    """Where texts arrive in a test."""

    def __init__(self) -> None:
        self.texts: queue.Queue[outbox.Outgoing] = queue.Queue()

    def send(self, message: outbox.Outgoing) -> None:
        self.texts.put(message)

    def code(self) -> str:
        found = re.search(r"\d{6}", self.texts.get(timeout=5).body)
        assert found
        return found.group()


@pytest.fixture
def phones(database: Database) -> Phones:
    made = Phones()
    outbox.set_sender(outbox.Channel.SMS, made)
    return made


def post(client: FlaskClient, path: str, **form: str) -> TestResponse:
    page = client.get("/sign-in/password")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token
    fields = {"csrf_token": token.group(1), "request_key": ids.random_code(20)}
    return client.post(path, data={**fields, **form})


def test_a_resident_signs_in_by_phone_code(client: FlaskClient, phones: Phones) -> None:
    here = builders.make_community()
    builders.make_person(here, phone=NUMBER)
    assert post(client, "/sign-in", number=NUMBER).location == "/sign-in/code"
    assert post(client, "/sign-in/code", code=phones.code()).location == "/communities"
    assert client.get("/communities").location == "/consent"
    page = client.get("/consent")
    assert "个人信息" in page.text
    assert post(client, "/consent").status_code == 303
    assert client.get("/c/guihua/account").status_code == 200
