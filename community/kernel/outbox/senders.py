"""Ways to send: the console in development, a signed HTTP webhook for a real gateway."""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Protocol
from urllib.parse import urlsplit

from community.kernel import clock, ids
from community.kernel.outbox.models import Channel

TIMEOUT_SECONDS = 10
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class SendFailed(Exception):
    """A message did not leave; `reason` names no person, `may_try_again` is False for good."""

    def __init__(self, reason: str, *, may_try_again: bool = True) -> None:
        """Keep a short reason such as `http 503`."""
        super().__init__(reason)
        self.reason = reason
        self.may_try_again = may_try_again


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message in a sender's hands."""

    id: int
    channel: Channel
    address: str
    title: str
    body: str


class Sender(Protocol):
    """Whatever can carry a message away."""

    def send(self, message: Outgoing) -> None:
        """Carry a message away.

        Raises: SendFailed.
        """


class ConsoleSender:
    """Show messages on the terminal: development and demo only."""

    def send(self, message: Outgoing) -> None:
        """Write the message to standard output, not to the log, which holds no personal data."""
        sys.stdout.write(f"[message to {message.address}] {message.title} {message.body}\n")
        sys.stdout.flush()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry phone numbers to an address nobody configured."""

    def redirect_request(self, *parts: Any, **named: Any) -> None:
        """Follow none."""


class WebhookSender:
    """POST each message as JSON to a gateway, signed so that it knows who asks and when.

    `X-Community-Signature` is HMAC-SHA256 in hex over `timestamp.nonce.body`. The message id
    lets the gateway drop a repeated delivery.
    """

    def __init__(self, url: str, secret: str) -> None:
        """Take an https address (http only on this machine) and a shared secret.

        Raises: ValueError for any other address.
        """
        parts = urlsplit(url)
        is_local = parts.scheme == "http" and parts.hostname in LOOPBACK
        if parts.scheme != "https" and not is_local:
            raise ValueError("a webhook needs an https address")
        self._url = url
        self._secret = secret.encode()
        self._opener = urllib.request.build_opener(_NoRedirect)

    def send(self, message: Outgoing) -> None:
        """Deliver to the gateway; an answer in the 200s means it took the message."""
        body = json.dumps(
            {
                "id": message.id,
                "channel": message.channel.value,
                "to": message.address,
                "title": message.title,
                "text": message.body,
            },
            ensure_ascii=False,
        ).encode()
        timestamp, nonce = str(clock.micros(clock.now()) // 1_000_000), ids.random_token()
        request = urllib.request.Request(  # noqa: S310  the constructor allowed http(s) only
            self._url,
            data=body,
            headers={
                "Content-Type": "application/json; charset=utf-8",
                "X-Community-Timestamp": timestamp,
                "X-Community-Nonce": nonce,
                "X-Community-Signature": signature(self._secret, timestamp, nonce, body),
            },
        )
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS):
                return
        except urllib.error.HTTPError as error:
            is_our_fault = 400 <= error.code < 500 and error.code not in {408, 425, 429}
            raise SendFailed(f"http {error.code}", may_try_again=not is_our_fault) from error
        except (OSError, HTTPException) as error:
            raise SendFailed(type(error).__name__) from error


def signature(secret: bytes, timestamp: str, nonce: str, body: bytes) -> str:
    """Sign what is sent, as the gateway repeats it to check."""
    signed = f"{timestamp}.{nonce}.".encode() + body
    return hmac.new(secret, signed, hashlib.sha256).hexdigest()


_senders: dict[Channel, Sender] = {}


def set_sender(channel: Channel, sender: Sender | None) -> None:
    """Let a channel use a sender; None takes it away. `app.py` does so from the settings."""
    if sender is None:
        _senders.pop(channel, None)
    else:
        _senders[channel] = sender


def find_sender(channel: Channel) -> Sender | None:
    """Find the sender of a channel; without one, nothing is queued for it."""
    return _senders.get(channel)
