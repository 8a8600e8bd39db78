"""Messages leave once, signed, with patience; without a sender nothing is queued."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import clock, db, outbox
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.outbox import (
    Channel,
    OutboxMessage,
    OutboxState,
    Outgoing,
    SendFailed,
    WebhookSender,
    delivery,
)
from tests.conftest import NOON

SYSTEM = Actor.system(1)
SECRET = "a shared secret"


class Basket:
    """A sender that keeps what it is given, and can fail."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.failure: SendFailed | None = None

    def send(self, message: Outgoing) -> None:
        if self.failure:
            raise self.failure
        self.sent.append(message.address)


@pytest.fixture
def basket() -> Iterator[Basket]:
    made = Basket()
    outbox.set_sender(Channel.SMS, made)
    yield made
    outbox.set_sender(Channel.SMS, None)


def queue(address: str = "13800000001", subject: str = "", **options: datetime) -> int | None:
    def act(session: Session, actor: Actor) -> int | None:
        return outbox.enqueue(
            session, 1, Channel.SMS, address, "题", "文", subject=subject, **options
        )

    made: int | None = db.write(act, SYSTEM)
    return made


def row(database: Database) -> OutboxMessage:
    with database.read() as session:
        return session.scalars(select(OutboxMessage)).one()


def test_a_message_leaves_once(database: Database, basket: Basket) -> None:
    queue()
    assert outbox.deliver_due() == 1
    assert outbox.deliver_due() == 0
    assert basket.sent == ["13800000001"]
    assert row(database).state is OutboxState.SENT


def test_without_a_sender_nothing_is_queued(database: Database) -> None:
    outbox.set_sender(Channel.SMS, None)
    assert not outbox.can_send("sms")
    assert queue() is None
    assert outbox.deliver_due() == 0


def test_a_failure_is_tried_again_with_patience(database: Database, basket: Basket) -> None:
    queue()
    basket.failure = SendFailed("http 503")
    at, waits = NOON, []
    while row(database).state is not OutboxState.GIVEN_UP:
        with clock.fixed(at):
            outbox.deliver_due()
        waits.append((row(database).next_try_at - at) // timedelta(minutes=1))
        at = max(at, row(database).next_try_at)
    assert waits[:-1] == list(delivery.BACKOFF_MINUTES)
    assert (row(database).attempts, row(database).last_error) == (7, "http 503")
    assert basket.sent == []


def test_a_refused_number_is_not_tried_again(database: Database, basket: Basket) -> None:
    queue()
    basket.failure = SendFailed("http 400", may_try_again=False)
    outbox.deliver_due()
    assert row(database).state is OutboxState.GIVEN_UP


def test_quiet_hours_expiry_and_withdrawal(database: Database, basket: Basket) -> None:
    later = NOON + timedelta(hours=8)
    queue("1", not_before=later)
    queue("2", expires_at=NOON - timedelta(seconds=1))
    queue("3", subject="shift:9")

    def withdraw(session: Session, actor: Actor) -> None:
        outbox.withdraw(session, 1, "shift:9")

    db.write(withdraw, SYSTEM)
    outbox.deliver_due()
    assert basket.sent == []
    with clock.fixed(later):
        outbox.deliver_due()
    assert basket.sent == ["1"]


def test_two_deliverers_send_each_message_once(database: Database, basket: Basket) -> None:
    for number in range(30):
        queue(str(number))
    helpers = [threading.Thread(target=outbox.deliver_due) for _ in range(4)]
    for each in helpers:
        each.start()
    for each in helpers:
        each.join()
    assert sorted(basket.sent, key=int) == [str(number) for number in range(30)]


def test_number_and_text_are_forgotten(database: Database, basket: Basket) -> None:
    queue()
    outbox.deliver_due()
    with clock.fixed(NOON + timedelta(days=31)):
        assert db.write(outbox.forget_old_messages, SYSTEM) == 1
        assert db.write(outbox.forget_old_messages, SYSTEM) == 0
    assert (row(database).address, row(database).body) == ("", "")
    assert row(database).state is OutboxState.SENT


class Gateway(BaseHTTPRequestHandler):
    """A gateway that checks the signature as a real one would."""

    status = 200
    got: ClassVar[list[dict[str, object]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        signed = f"{self.headers['X-Community-Timestamp']}.{self.headers['X-Community-Nonce']}."
        wanted = hmac.new(SECRET.encode(), signed.encode() + body, hashlib.sha256).hexdigest()
        is_true = hmac.compare_digest(wanted, self.headers["X-Community-Signature"])
        if is_true:
            self.got.append(json.loads(body))
        self.send_response(type(self).status if is_true else 401)
        if type(self).status == 302:
            self.send_header("Location", "http://example.invalid/")
        self.end_headers()

    def log_message(self, format: str, *parts: object) -> None:  # noqa: A002  its own name
        """Say nothing."""


@pytest.fixture
def gateway() -> Iterator[str]:
    Gateway.status, Gateway.got = 200, []
    server = HTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/sms"
    server.shutdown()
    server.server_close()


MESSAGE = Outgoing(5, Channel.SMS, "13800000001", "题", "验证码 123456")


def test_a_webhook_is_signed(gateway: str) -> None:
    WebhookSender(gateway, SECRET).send(MESSAGE)
    assert Gateway.got == [
        {"id": 5, "channel": "sms", "to": "13800000001", "title": "题", "text": "验证码 123456"}
    ]
    with pytest.raises(SendFailed, match="http 401"):
        WebhookSender(gateway, "another secret").send(MESSAGE)


@pytest.mark.parametrize(("status", "again"), [(503, True), (429, True), (400, False), (302, True)])
def test_a_webhooks_answer_decides_whether_to_try_again(
    gateway: str, status: int, *, again: bool
) -> None:
    Gateway.status = status
    with pytest.raises(SendFailed) as failed:
        WebhookSender(gateway, SECRET).send(MESSAGE)
    assert failed.value.may_try_again is again


def test_a_dead_gateway_is_tried_again() -> None:
    with pytest.raises(SendFailed) as failed:
        WebhookSender("http://127.0.0.1:9/", SECRET).send(MESSAGE)
    assert failed.value.may_try_again
    assert "13800000001" not in failed.value.reason


@pytest.mark.parametrize("url", ["http://sms.example.com/", "ftp://x/", "file:///etc/passwd", ""])
def test_numbers_go_over_tls_only(url: str) -> None:
    with pytest.raises(ValueError, match="https"):
        WebhookSender(url, SECRET)
