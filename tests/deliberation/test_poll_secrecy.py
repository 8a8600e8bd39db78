"""Before closing nothing betrays a hidden poll's ballots to any role; afterwards no row does.

A poll with no ballot and the same poll with fifty must look alike on every page, in every answer
of the API, in exports, metrics, logs and messages. A server's backups, and somebody with a shell
on it, are outside what this can promise; the poll's page says so.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable

import pytest
from flask import Flask
from sqlalchemy import Table, text

from community import deliberation
from community.deliberation import Secrecy, Turnout
from community.deliberation.rules.sealed import Said, write_said
from community.kernel import clock, db, ids
from community.kernel.tables import Base
from tests import builders
from tests.conftest import is_postgres
from tests.deliberation.sealed import make_sealed_poll
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
from tests.silence import Seen, Watchers, changed_metrics, logged, written

__all__ = ["logged"]
PEOPLE = 50
SEEN = "/poll|/sealing|/recount|message"
NEAR = f"{SEEN}|desk"
# The whole house is looked at as those who see the most of it, and as those who see the least. A
# page tells the same of the same rows whichever database keeps them; PostgreSQL may give them in
# another order once ballots have come. That shows near the poll, where everybody looks.
FEW = () if is_postgres() else ("visitor", "resident", "staff", "auditor")


@pytest.fixture(autouse=True)
def _no_tokens(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_METHODS", set())


def watch(app: Flask, street: Street, poll_id: int) -> Watchers:
    """Let everybody look at one poll."""
    entry_id = entries_of(street, poll_id)[0]
    return Watchers(app, street.community_id, {"poll_id": poll_id, "roll_entry_id": entry_id})


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


@pytest.mark.slow
@pytest.mark.parametrize("turnout", list(Turnout))
def test_no_ballot_and_fifty_look_alike(
    app: Flask, turnout: Turnout, logged: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    street = make_street(PEOPLE)
    poll_id = frozen(street, secrecy=Secrecy.SECRET, turnout=turnout)
    with during(street, poll_id):
        watchers = watch(app, street, poll_id)
        before, messages = look(watchers, turnout), written("message", "outbox_message")
        sign_everybody_in(app, street)
        counted = watchers.metrics()
        logged.clear()
        capsys.readouterr()
        post_ballots(app, street, poll_id)
        said = capsys.readouterr()
        assert logged == []
        assert said.out + said.err == ""
        assert changed_metrics(counted, watchers.metrics()) == []
        after = look(watchers, turnout)
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


def look(watchers: Watchers, turnout: Turnout) -> Seen:
    """See every page where all is hidden, those of this room where turnout is shown."""
    if turnout is Turnout.SHOWN:
        return watchers.look("poll")
    house = watchers.look(among=FEW) if FEW else {}
    return house | watchers.look(NEAR)


def sign_everybody_in(app: Flask, street: Street) -> None:
    """Let nothing but the ballots themselves be new afterwards."""
    for person in street.people:
        builders.agree(person)


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
    salts = [receipt.salt for receipt in (*receipts, late)]
    secrets = salts + [base64.b64decode(salt).hex() for salt in salts]
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
    # Nobody asked for an order: they lie in that of their trackers, forwards or backwards.
    assert sorted(in_order) in (in_order, in_order[::-1])
    assert poll_of(street, poll_id).has_result


@pytest.mark.slow
def test_no_sealed_ballot_and_some_look_alike(
    app: Flask, logged: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    street = make_street(6)
    poll = make_sealed_poll(street)
    with during(street, poll.poll_id):
        watchers = watch(app, street, poll.poll_id)
        before, messages = watchers.look(SEEN), written("message", "outbox_message")
        sign_everybody_in(app, street)
        counted = watchers.metrics()
        logged.clear()
        capsys.readouterr()
        for place, person in enumerate(street.people):
            client = app.test_client()
            builders.sign_in(client, person)
            said = write_said(Said(ids.random_code(16), (YES, NO, ABSTAIN)[place % 3]))
            data = {
                "roll_entry_id": poll.entry(place),
                "request_key": ids.random_code(20),
                "envelope": base64.b64encode(poll.seal(place, said)).decode(),
            }
            cast = client.post(f"/c/guihua/polls/{poll.poll_id}/cast-sealed", data=data)
            assert cast.status_code == 303
            assert client.get(cast.headers["Location"]).status_code == 200
        said_aloud = capsys.readouterr()
        assert logged == []
        assert said_aloud.out + said_aloud.err == ""
        assert changed_metrics(counted, watchers.metrics()) == []
        assert watchers.look(SEEN) == before
        assert written("message", "outbox_message") == messages


@pytest.mark.usefixtures("database")
def test_no_row_reads_or_links_a_sealed_ballot() -> None:
    street = make_street(6)
    poll = make_sealed_poll(street)
    with during(street, poll.poll_id):
        trackers = [poll.cast(place, YES) for place in range(5)]
        sealed = poll.seal(5, b"broken")
        db.write(deliberation.cast_sealed, street.voter(5), poll.poll_id, sealed)
    choice = json.dumps(YES, separators=(",", ":"))
    # Before the opening no row says a choice, or the number that a voter's browser drew.
    assert holding((choice, *trackers)) == {}
    with poll.after():
        poll.close()
        poll.give(1)
        assert holding((choice, *trackers)) == {}
        keys = [each.share.hex() for each in poll.shares(2) if each.share is not None]
        assert poll.give(2)
        db.write(deliberation.decide_poll, street.convener, poll.poll_id)
    told = {"counted_ballot", "transparency_record"}
    assert holding(trackers) == dict.fromkeys(trackers, told)
    # Nothing is left by which an envelope could be opened, and no envelope.
    assert holding(keys) == {}
    for name in ("sealing_content", "sealing_key_share", "sealing_envelope_key", "sealed_ballot"):
        assert rows_as_text(Base.metadata.tables[name]) == []
    for name in ("counted_ballot", "invalid_ballot"):
        rows = rows_as_text(Base.metadata.tables[name])
        assert rows
        # As the database keeps them, whichever way it reads: by number, not by arrival.
        assert rows in (sorted(rows), sorted(rows, reverse=True))
    invalid = rows_as_text(Base.metadata.tables["invalid_ballot"])
    assert {row.rsplit(" ", 1)[1] for row in invalid} == {"None"}  # nobody's


def holding(words: Iterable[str]) -> dict[str, set[str]]:
    """Tell in which tables each of some words stands, words that stand nowhere aside."""
    found: dict[str, set[str]] = {}
    for table in Base.metadata.sorted_tables:
        rows = rows_as_text(table)
        for word in words:
            if any(word in row for row in rows):
                found.setdefault(word, set()).add(table.name)
    return found
