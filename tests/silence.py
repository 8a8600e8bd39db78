"""Looking at all there is as everybody, to see that what must stay hidden changes nothing."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import IntegerConverter

from community.kernel import db
from community.kernel.permissions import Role
from community.kernel.tables import Base
from tests import builders
from tests.architecture.test_access import Page, pages
from tests.same_refusals import made_once

# What each answer draws anew.
DRAWN = re.compile(
    r'(name="(?:csrf_token|request_key)" value|data-csrf|nonce|content)="[^"]*"'
    r"|nonce-[\w\-+/=]+|\"request_key\": \"\w+\""
)
# The page that counts answers counts its own, and the ones asked for in between.
COUNTERS = "/metrics"
TOLD_APART = ("ETag", "Last-Modified", "Location", "Content-Type")
Seen = dict[tuple[str, str], tuple[object, ...]]


class Watchers:
    """One person of each role, and a visitor, who look at everything there is."""

    def __init__(self, app: Flask, community_id: int, ids_of: dict[str, int]) -> None:
        self.app, self.ids_of = app, ids_of
        self.clients: dict[str, FlaskClient] = {"visitor": app.test_client()}
        for role in Role:
            roles = () if role is Role.RESIDENT else (role,)
            self.add(role.value, builders.make_person(community_id, "看客", roles=roles))

    def add(self, name: str, person_id: int) -> None:
        client = self.app.test_client()
        builders.sign_in(client, person_id)
        self.clients[name] = client

    def look(self, part: str = "", among: tuple[str, ...] = ()) -> Seen:
        """Open every page that is opened by a GET, as everybody, or as those named."""
        with made_once():
            return self._look(part, among)

    def _look(self, part: str, among: tuple[str, ...]) -> Seen:
        seen: Seen = {}
        for page in pages(self.app):
            rule = page.rule.rule
            if page.method != "GET" or rule == COUNTERS or not re.search(part, rule):
                continue
            path = self.path(page)
            for name, client in self.clients.items():
                if among and name not in among:
                    continue
                answer = client.get(path)
                told = tuple(answer.headers.get(each) for each in TOLD_APART)
                body = DRAWN.sub("", readable(answer.get_data()))
                seen[name, path] = (answer.status_code, *told, body)
        return seen

    def path(self, page: Page) -> str:
        values: dict[str, Any] = {}
        for name, converter in page.rule._converters.items():
            if isinstance(converter, IntegerConverter):
                values[name] = self.ids_of.get(name, 1)
            elif name == "community":
                values[name] = "guihua"
            else:
                values[name] = next(iter(getattr(converter, "items", ())), "unknown")
        adapter = self.app.url_map.bind("localhost")
        return adapter.build(page.rule.endpoint, values, "GET")

    def metrics(self) -> list[str]:
        page = self.clients["visitor"].get(COUNTERS).get_data(as_text=True)
        return [line for line in page.splitlines() if '"monitoring.metrics"' not in line]


def readable(body: bytes) -> str:
    """Read an answer; of a packed file what is in it, without the moment it was packed."""
    if not body.startswith(b"PK"):
        return body.decode(errors="replace")
    with ZipFile(io.BytesIO(body)) as file:
        kept = [name for name in sorted(file.namelist()) if not name.endswith("core.xml")]
        return "".join(file.read(name).decode(errors="replace") for name in kept)


def changed_metrics(before: list[str], after: list[str]) -> list[str]:
    """Name the counters that moved."""
    return sorted(set(after) ^ set(before))


def changed_pages(before: Seen, after: Seen) -> list[tuple[str, str]]:
    """Name who saw a change, and where."""
    assert before.keys() == after.keys()
    return sorted(key for key in before if before[key] != after[key])


def written(*tables: str) -> list[list[Any]]:
    """Read all rows of tables."""
    found = []
    with db.read() as session:
        for name in tables:
            table = Base.metadata.tables.get(name)
            if table is not None:
                found.append([tuple(row) for row in session.execute(select(table))])
    return found


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Give every line that is logged, by our own loggers and all others."""
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Kept()
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)
