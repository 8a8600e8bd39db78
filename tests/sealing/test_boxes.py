"""Boxes of the plain levels: in time or not, replaced with a trace, shut once, opened together."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from community import sealing
from community.kernel import clock, db, events, triggers
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotFound
from community.sealing import errors
from community.sealing.models import Content, Envelope
from community.sealing.rules import boxes as rules
from tests import builders
from tests.sealing.scene import MICROSECOND, SUBJECT, Scene, go_around, make_box

pytestmark = pytest.mark.usefixtures("database")
BID = b'{"price_fen":9500000}'


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Collect what this room tells while a test runs."""
    heard: list[object] = []
    monkeypatch.setattr(events, "tell", lambda session, event: heard.append(event))
    return heard


def freeze(scene: Scene) -> sealing.Frozen:
    done: sealing.Frozen = db.write(sealing.freeze_box, scene.system, scene.box_id)
    return done


def unseal(scene: Scene) -> None:
    db.write(sealing.unseal_box, scene.system, scene.box_id)


@pytest.mark.parametrize("level", [sealing.BoxLevel.L0, sealing.BoxLevel.L1])
def test_what_was_handed_in_is_read_after_the_opening(level: sealing.BoxLevel) -> None:
    scene = make_box(level)
    receipt = scene.put("bid:12", BID)
    with clock.fixed(scene.deadline):
        unseal(scene)
        [opened] = scene.contents()
    assert (opened.owner, opened.content, opened.how) == ("bid:12", BID, sealing.HowOpened.PLAIN)
    assert opened.salt == receipt.salt
    assert hashlib.sha256(receipt.salt + BID).digest() == receipt.commitment == opened.commitment


def test_a_microsecond_before_the_deadline_is_in_and_the_deadline_is_out() -> None:
    scene = make_box()
    with clock.fixed(scene.deadline - MICROSECOND):
        scene.put("bid:1", BID)
    with clock.fixed(scene.deadline), pytest.raises(errors.TooLate):
        scene.put("bid:2", BID)
    with clock.fixed(scene.deadline), pytest.raises(errors.TooLate):
        db.write(sealing.withdraw_envelope, scene.system, scene.box_id, "bid:1")
    with clock.fixed(scene.deadline):
        assert scene.view().count == 1


def test_before_the_start_nothing_is_taken_and_the_start_is_in() -> None:
    community_id = builders.make_community()
    start = clock.now() + timedelta(hours=1)
    box_id = db.write(
        sealing.open_box,
        Actor.system(community_id),
        SUBJECT,
        sealing.BoxLevel.L1,
        start + timedelta(hours=1),
        (),
        0,
        sealing.BoxTerms(opens_at=start),
    )
    scene = Scene(community_id, box_id, start + timedelta(hours=1))
    with clock.fixed(start - MICROSECOND), pytest.raises(errors.BoxNotOpenYet):
        scene.put("bid:1", BID)
    with clock.fixed(start):
        scene.put("bid:1", BID)


def test_replacing_keeps_the_trace_and_destroys_the_content() -> None:
    scene = make_box()
    first = scene.put("bid:1", BID)
    with clock.fixed(clock.now() + timedelta(hours=1)):
        second = scene.put("bid:1", b"better")
    old, new = scene.trace("bid:1")
    assert (old.id, old.ended_as) == (first.envelope_id, rules.EndedAs.REPLACED)
    assert (old.commitment, new.commitment) == (first.commitment, second.commitment)
    assert new.ended_at is None
    with db.read() as session:
        assert list(session.scalars(select(Content.envelope_id))) == [second.envelope_id]
    with clock.fixed(scene.deadline):
        unseal(scene)
        assert [each.content for each in scene.contents()] == [b"better"]


def test_the_same_again_gives_the_same_receipt() -> None:
    scene = make_box()
    assert scene.put("bid:1", BID) == scene.put("bid:1", BID)
    assert len(scene.trace("bid:1")) == 1


def test_two_owners_may_hand_in_the_same_words() -> None:
    """Refusing them would tell a guesser that the guess is right."""
    scene = make_box()
    assert scene.put("bid:1", BID).commitment != scene.put("bid:2", BID).commitment


def test_a_withdrawn_envelope_leaves_its_trace_alone() -> None:
    scene = make_box()
    scene.put("bid:1", BID)
    db.write(sealing.withdraw_envelope, scene.system, scene.box_id, "bid:1")
    with pytest.raises(errors.NothingToWithdraw):
        db.write(sealing.withdraw_envelope, scene.system, scene.box_id, "bid:1")
    scene.put("bid:1", b"once more")
    ended = [each.ended_as for each in scene.trace("bid:1")]
    assert sorted(map(str, ended)) == ["None", "withdrawn"]


def test_freezing_twice_gives_the_same_and_tells_once(told: list[object]) -> None:
    scene = make_box()
    scene.put("bid:1", BID)
    with pytest.raises(errors.BoxStillTaking):
        freeze(scene)
    with clock.fixed(scene.deadline):
        first = freeze(scene)
    with clock.fixed(scene.deadline + timedelta(days=3)):
        assert freeze(scene) == first
    assert [type(each) for each in told] == [sealing.BoxPrepared, sealing.BoxFrozen]
    [receipt] = scene.trace("bid:1")
    assert first == sealing.Frozen(1, hashlib.sha256(receipt.commitment).digest())


def test_opening_needs_no_job_before_it(told: list[object]) -> None:
    scene = make_box()
    scene.put("bid:1", BID)
    with clock.fixed(scene.deadline + timedelta(days=1)):
        unseal(scene)
        with pytest.raises(errors.BoxOpenedAlready):
            unseal(scene)
    kinds = [type(each) for each in told]
    assert kinds == [sealing.BoxPrepared, sealing.BoxFrozen, sealing.BoxOpened]


def test_nobody_reads_or_counts_before_the_opening() -> None:
    scene = make_box()
    receipt = scene.put("bid:1", BID)
    assert scene.view().count is None
    with clock.fixed(scene.deadline), pytest.raises(errors.BoxStillSealed):
        scene.contents()
    with clock.fixed(scene.deadline), db.read() as session, pytest.raises(errors.BoxStillSealed):
        sealing.content_of(session, scene.community_id, receipt.envelope_id)


def test_too_few_are_never_opened_and_are_destroyed() -> None:
    scene = make_box(least=2)
    scene.put("bid:1", BID)
    with clock.fixed(scene.deadline):
        with pytest.raises(errors.TooFewEnvelopes):
            unseal(scene)
        db.write(sealing.discard_box, scene.system, scene.box_id)
        db.write(sealing.discard_box, scene.system, scene.box_id)
        with pytest.raises(errors.BoxDiscarded):
            unseal(scene)
        assert scene.view().phase is sealing.BoxPhase.DISCARDED
    with db.read() as session:
        assert session.scalar(select(Content.envelope_id)) is None
    assert len(scene.trace("bid:1")) == 1


def test_a_deadline_moves_later_only_and_only_in_time() -> None:
    scene = make_box()
    later = scene.deadline + timedelta(hours=2)
    with pytest.raises(errors.DeadlineNotLater):
        db.write(sealing.extend_box, scene.system, scene.box_id, scene.deadline)
    db.write(sealing.extend_box, scene.system, scene.box_id, later)
    with clock.fixed(scene.deadline):
        scene.put("bid:1", BID)
    with clock.fixed(later), pytest.raises(errors.TooLate):
        db.write(sealing.extend_box, scene.system, scene.box_id, later + timedelta(hours=1))


def test_another_community_finds_no_box() -> None:
    scene = make_box()
    other = builders.make_community("lijing", "丽景社区")
    with pytest.raises(NotFound):
        db.write(sealing.put_envelope, Actor.system(other), scene.box_id, "bid:1", BID)
    with db.read() as session, pytest.raises(NotFound):
        sealing.get_box(session, other, scene.box_id)


@pytest.mark.parametrize("hours", [0, -1])
def test_a_box_ends_after_it_begins(hours: int) -> None:
    with pytest.raises(errors.PeriodReversed):
        make_box(deadline=clock.now() + timedelta(hours=hours))


def test_an_envelope_has_content_of_a_sensible_size(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = make_box()
    with pytest.raises(errors.EnvelopeEmpty):
        scene.put("bid:1", b"")
    monkeypatch.setattr("community.sealing.rules.boxes.MOST_BYTES", len(BID))
    scene.put("bid:1", BID)
    with pytest.raises(errors.EnvelopeTooLarge):
        scene.put("bid:1", BID + b" ")


def test_numbers_do_not_tell_how_many_came() -> None:
    scene = make_box()
    numbers = [scene.put(f"bid:{each}", BID).envelope_id for each in range(8)]
    assert min(abs(one - other) for one in numbers for other in numbers if one != other) > 8


def test_the_database_alone_tells_nobody_the_content() -> None:
    """Neither the words, nor a hash from which a price could be guessed."""
    scene = make_box()
    receipt = scene.put("bid:1", BID)
    with db.read() as session:
        [(kept,)] = session.execute(select(Content.kept))
        [row] = session.execute(text("SELECT * FROM sealing_envelope")).mappings()
    assert BID not in kept
    assert receipt.salt not in kept
    assert hashlib.sha256(BID).digest() not in kept
    assert hashlib.sha256(BID).digest() not in [
        bytes(each) for each in row.values() if isinstance(each, bytes)
    ]


def test_answers_and_counters_stay_silent() -> None:
    assert sealing.put_envelope.is_untold  # type: ignore[attr-defined]
    assert sealing.withdraw_envelope.is_untold  # type: ignore[attr-defined]


# --- going around the application -----------------------------------------------------------------


def envelope_row(scene: Scene, after: timedelta) -> Callable[[], object]:
    values = {
        "id": 10**14 + 7,
        "community_id": scene.community_id,
        "box_id": scene.box_id,
        "owner": "bid:9",
        "received_at": scene.deadline + after,
        "commitment": bytes(32),
    }
    return lambda: builders.add(Envelope, **values)


@pytest.mark.parametrize("after", [timedelta(0), timedelta(days=-2)])
def test_the_database_refuses_a_row_out_of_time(after: timedelta) -> None:
    scene = make_box()
    with pytest.raises(IntegrityError, match="outside"):
        envelope_row(scene, after)()


def test_the_database_refuses_a_row_after_freezing() -> None:
    scene = make_box()
    with clock.fixed(scene.deadline):
        freeze(scene)
    with pytest.raises(IntegrityError, match="outside"):
        envelope_row(scene, -MICROSECOND)()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sealing_envelope SET ended_at = received_at, ended_as = 'withdrawn'",
        "UPDATE sealing_envelope SET owner = 'bid:2'",
        "DELETE FROM sealing_content",
        "DELETE FROM sealing_envelope",
        "UPDATE sealing_content SET kept = kept",
        "UPDATE sealing_box SET deadline = deadline + 1",
        "UPDATE sealing_box SET frozen_at = NULL, set_hash = NULL, envelope_count = NULL",
        "DELETE FROM sealing_box",
    ],
)
def test_the_database_refuses_to_change_what_is_frozen(statement: str) -> None:
    scene = make_box()
    scene.put("bid:1", BID)
    with clock.fixed(scene.deadline):
        freeze(scene)
    with pytest.raises(IntegrityError):
        go_around(statement)


def test_the_database_refuses_a_shorter_period() -> None:
    make_box()
    with pytest.raises(IntegrityError):
        go_around("UPDATE sealing_box SET deadline = deadline - 1")


@pytest.fixture
def without_triggers(database: Database) -> Iterator[None]:
    """Let rows be changed as only somebody with a shell can; PostgreSQL has a switch for it."""
    tables = ("sealing_box", "sealing_content")
    names = [each for each in triggers.registered() if each.table in tables]
    if database.is_sqlite:
        go_around(*(f"DROP TRIGGER {each.name}" for each in names))
    else:
        go_around(*(f"ALTER TABLE {each} DISABLE TRIGGER USER" for each in tables))
    yield
    if database.is_sqlite:
        go_around(*(sql for each in names for sql in each.statements("sqlite")))
    else:
        go_around(*(f"ALTER TABLE {each} ENABLE TRIGGER USER" for each in tables))


@pytest.mark.usefixtures("without_triggers")
def test_a_changed_set_is_found() -> None:
    """A check reads from the rows what a trigger would have refused."""
    scene = make_box()
    scene.put("bid:1", BID)
    with clock.fixed(scene.deadline):
        freeze(scene)
    go_around("UPDATE sealing_box SET envelope_count = 2")
    with db.read() as session:
        [problem] = sealing.problems(session)
    assert "other envelopes" in problem
    go_around("UPDATE sealing_box SET envelope_count = 1")


@pytest.mark.usefixtures("without_triggers")
def test_a_changed_content_is_found_at_once_and_of_long_ago_within_thirty_days() -> None:
    scene = make_box()
    scene.put("bid:1", BID)
    with clock.fixed(scene.deadline):
        freeze(scene)
    spoilt = "UPDATE sealing_content SET kept = substr(kept, 2)"

    def found(later: timedelta) -> tuple[int, int]:
        with clock.fixed(scene.deadline + later), db.read() as session:
            return len(sealing.problems(session)), len(sealing.content_problems(session))

    assert found(timedelta(0)) == (0, 0)
    go_around(spoilt)
    assert found(timedelta(days=30)) == (1, 1)
    month = [found(timedelta(days=day)) for day in range(31, 61)]
    assert sum(few for few, _ in month) == 1
    assert {whole for _, whole in month} == {1}
    go_around("DELETE FROM sealing_content", "UPDATE sealing_box SET discarded_at = deadline")
