"""Before closing nothing betrays a hidden poll's ballots to any role; afterwards no row does.

A poll with no ballot and the same poll with fifty must look alike on every page, in every answer
of the API, in exports, metrics, logs and messages. A server's backups, and somebody with a shell
on it, are outside what this can promise; the poll's page says so.
"""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Table, select, text
from werkzeug.routing import IntegerConverter

from community import deliberation
from community.deliberation import Secrecy, Turnout
from community.kernel import clock, db, ids
from community.kernel.permissions import Role
from community.kernel.tables import Base
from tests import builders
from tests.architecture.test_access import Page, is_tried, may_open, pages
from tests.deliberation.voting import (
    ABSTAIN,
    NO,
    YES,
    Street,
    decide,
    during,
    entries_of,
    frozen,
    make_street,
    poll_of,
)

PEOPLE = 50
# What each answer draws anew.
DRAWN = re.compile(
    r'(name="(?:csrf_token|request_key)" value|data-csrf|nonce|content)="[^"]*"'
    r"|nonce-[\w\-+/=]+|\"request_key\": \"\w+\""
)
# The page that counts answers counts its own, and the ones asked for in between.
COUNTERS = "/metrics"


@pytest.fixture(autouse=True)
def _no_tokens(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_METHODS", set())


class Watchers:
    """One person of each role, and a visitor, who look at everything there is."""

    def __init__(self, app: Flask, street: Street, poll_id: int) -> None:
        self.app, self.poll_id = app, poll_id
        self.entry_id = entries_of(street, poll_id)[0]
        self.clients: dict[Role | None, FlaskClient] = {None: app.test_client()}
        for role in Role:
            roles = () if role is Role.RESIDENT else (role,)
            person = builders.make_person(street.community_id, "看客", roles=roles)
            client = app.test_client()
            builders.sign_in(client, person)
            self.clients[role] = client

    def look(self, part: str = "") -> dict[tuple[Role | None, str], tuple[int, str]]:
        """Open every page that is opened by a GET, as everybody who may; others meet no view."""
        seen = {}
        for page in pages(self.app):
            if page.method != "GET" or page.rule.rule == COUNTERS or part not in page.rule.rule:
                continue
            path = self.path(page)
            for role, client in self.clients.items():
                if not (may_open(role, page) and is_tried(role, page)):
                    continue
                answer = client.get(path)
                seen[role, path] = (answer.status_code, DRAWN.sub("", readable(answer.get_data())))
        return seen

    def path(self, page: Page) -> str:
        ids_of = {"poll_id": self.poll_id, "roll_entry_id": self.entry_id}
        values: dict[str, Any] = {}
        for name, converter in page.rule._converters.items():
            if isinstance(converter, IntegerConverter):
                values[name] = ids_of.get(name, 1)
            elif name == "community":
                values[name] = "guihua"
            else:
                values[name] = next(iter(getattr(converter, "items", ())), "unknown")
        adapter = self.app.url_map.bind("localhost")
        return adapter.build(page.rule.endpoint, values, "GET")

    def metrics(self) -> list[str]:
        page = self.clients[None].get(COUNTERS).get_data(as_text=True)
        return [line for line in page.splitlines() if '"monitoring.metrics"' not in line]


def readable(body: bytes) -> str:
    """Read an answer; of a packed file what is in it, without the moment it was packed."""
    if not body.startswith(b"PK"):
        return body.decode(errors="replace")
    with ZipFile(io.BytesIO(body)) as file:
        kept = [name for name in sorted(file.namelist()) if not name.endswith("core.xml")]
        return "".join(file.read(name).decode(errors="replace") for name in kept)


def post_ballots(app: Flask, street: Street, poll_id: int) -> None:
    """Cast fifty ballots as people do: look, check, cast, and open the receipt."""
    entries = entries_of(street, poll_id)
    for place, (person, entry) in enumerate(zip(street.people, entries, strict=True)):
        client = app.test_client()
        builders.sign_in(client, person)
        data = {"roll_entry_id": entry, "request_key": ids.random_code(20)}
        choice = 1 + place % 3
        if place % 5 == 0:
            answer = client.post(
                f"/api/v1/c/guihua/deliberation/polls/{poll_id}/cast",
                json={"pairs": [[choice, 1]]},
            )
            assert answer.status_code == 200, answer.get_json()
            continue
        client.get(f"/c/guihua/polls/{poll_id}/vote")
        client.post(f"/c/guihua/polls/{poll_id}/vote", data={**data, "choice": choice})
        cast = client.post(f"/c/guihua/polls/{poll_id}/cast", data={**data, "pairs": f"{choice}:1"})
        assert cast.status_code == 303
        assert client.get(cast.headers["Location"]).status_code == 200


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


@pytest.mark.slow
@pytest.mark.parametrize("turnout", list(Turnout))
def test_no_ballot_and_fifty_look_alike(
    app: Flask, turnout: Turnout, logged: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    street = make_street(PEOPLE)
    poll_id = frozen(street, secrecy=Secrecy.SECRET, turnout=turnout)
    with during(street, poll_id):
        watchers = Watchers(app, street, poll_id)
        # Every page of the house where all is hidden; those of this room where turnout is shown.
        part = "" if turnout is Turnout.HIDDEN else "poll"
        before, messages = watchers.look(part), written("message", "outbox_message")
        sign_everybody_in(app, street)
        counted = watchers.metrics()
        logged.clear()
        capsys.readouterr()
        post_ballots(app, street, poll_id)
        said = capsys.readouterr()
        assert logged == []
        assert said.out + said.err == ""
        assert changed_metrics(counted, watchers.metrics()) == []
        after = watchers.look(part)
        assert written("message", "outbox_message") == messages
    assert before.keys() == after.keys()
    changed = sorted({path for (_, path) in before if before[_, path] != after[_, path]})
    if turnout is Turnout.HIDDEN:
        assert changed == []
    else:
        # Who has returned is seen at the desk, so that collectors can knock; what, nowhere.
        assert set(changed) == {
            f"/c/guihua/desk/polls/{poll_id}",
            f"/c/guihua/desk/polls/{poll_id}/roll",
            f"/c/guihua/desk/polls/{poll_id}/door-list",
            f"/api/v1/c/guihua/deliberation/polls/{poll_id}/turnout",
        }
    decide(street, poll_id)


def changed_metrics(before: list[str], after: list[str]) -> list[str]:
    """Name the counters that moved; what a sign-in costs was counted before."""
    return sorted(set(after) ^ set(before))


def sign_everybody_in(app: Flask, street: Street) -> None:
    """Let nothing but the ballots themselves be new afterwards."""
    for person in street.people:
        builders.agree(person)


def written(*tables: str) -> list[list[Any]]:
    """Read all rows of tables."""
    found = []
    with db.read() as session:
        for name in tables:
            table = Base.metadata.tables.get(name)
            if table is not None:
                found.append([tuple(row) for row in session.execute(select(table))])
    return found


def rows_as_text(table: Table) -> list[str]:
    with db.read() as session:
        rows = session.execute(text(f'SELECT * FROM "{table.name}"'))
        return [" ".join(plain(each) for each in row) for row in rows]


def plain(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex() + " " + bytes(value).decode(errors="replace")
    return str(value)


@pytest.mark.usefixtures("database")
def test_after_closing_no_row_links_voter_and_ballot() -> None:
    street = make_street(PEOPLE)
    poll_id = frozen(street, secrecy=Secrecy.SECRET, settings={"has_paper": True})
    entries = entries_of(street, poll_id)
    with during(street, poll_id) as closes_at:
        receipts = [
            db.write(deliberation.cast_ballot, street.voter(place), poll_id, pairs)
            for place, pairs in enumerate([YES, NO, ABSTAIN] * 15)
        ]
    with clock.fixed(closes_at):
        db.write(deliberation.close_poll, street.system, poll_id)
        late = db.write(
            deliberation.record_ballot,
            street.convener,
            entries[-1],
            NO,
            deliberation.Origin.CITY,
        )
        db.write(deliberation.decide_poll, street.convener, poll_id)
    for receipt in (*receipts, late):
        kept = {
            table.name
            for table in Base.metadata.sorted_tables
            if any(receipt.tracker in row for row in rows_as_text(table))
        }
        assert kept == {"counted_ballot", "transparency_record"}
    secrets = [receipt.note.rsplit("\n", 2)[1] for receipt in (*receipts, late)]
    choices = [json.dumps(pairs, separators=(",", ":")) for pairs in (YES, NO, ABSTAIN)]
    for table in Base.metadata.sorted_tables:
        rows = rows_as_text(table)
        assert not [row for row in rows for secret in secrets if secret in row], table.name
        if table.name in {"counted_ballot", "transparency_record", "poll_result"}:
            continue
        assert not [row for row in rows for each in choices if each in row], table.name
    with db.read() as session:
        kept_answers = session.scalar(
            text("SELECT count(*) FROM request_answer WHERE command LIKE '%ballot'")
        )
        in_order = [
            tracker for (tracker,) in session.execute(text("SELECT tracker FROM counted_ballot"))
        ]
    assert kept_answers == 0
    assert in_order == sorted(in_order)
    assert poll_of(street, poll_id).has_result
