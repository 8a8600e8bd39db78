"""A voter's own entries, and the ballots on them; nobody else's are read here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from community import transparency
from community.deliberation.errors.polls import NotOnRoll
from community.deliberation.models import Ballot, Poll, RollEntry
from community.deliberation.queries.polls import PollLine, get_poll, polls
from community.deliberation.queries.roll_units import units_by_entry
from community.deliberation.rules.polls import Origin, Pairs, PollState, ballot_bytes
from community.deliberation.rules.sealed import is_sealed
from community.kernel import clock, db
from community.kernel.actor import Actor

# By both, as the index of ballots is: by the entry alone SQLite reads every ballot there is.
_OF_ENTRY = and_(Ballot.poll_id == RollEntry.poll_id, Ballot.roll_entry_id == RollEntry.id)


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """One of the entries somebody votes for."""

    id: int
    number: int
    head: str
    area_centiares: int
    units: tuple[str, ...]
    has_voted: bool


@dataclass(frozen=True, slots=True)
class OwnBallot:
    """One's ballot as it counts now, with what proves it; `pairs` is None once it has no name."""

    poll_id: int
    roll_entry_id: int
    pairs: Pairs | None
    reason: str
    origin: Origin
    cast_at: datetime
    tracker: str
    receipt: str


def own_entries(session: Session, actor: Actor, poll_id: int) -> tuple[OwnEntry, ...]:
    """Give the entries the actor votes for in a poll, by their numbers.

    Raises: PollNotFound.
    """
    get_poll(session, actor.community_id, poll_id)
    rows = session.execute(
        select(RollEntry, Ballot.id)
        .outerjoin(Ballot, _OF_ENTRY)
        .where(
            RollEntry.community_id == actor.community_id,
            RollEntry.poll_id == poll_id,
            RollEntry.voter_id == actor.subject_id,
        )
    ).all()
    units = units_by_entry(session, actor.community_id, poll_id, [entry.id for entry, _ in rows])
    return tuple(
        OwnEntry(
            entry.id,
            entry.number,
            entry.head,
            entry.area_centiares,
            tuple(unit.name for unit in units.get(entry.id, ())),
            ballot is not None,
        )
        # Sorted here: SQLite would walk the whole roll in the order of its numbers.
        for entry, ballot in sorted(rows, key=lambda row: row[0].number)
    )


def polls_to_cast(session: Session, actor: Actor) -> tuple[PollLine, ...]:
    """List the polls that run and wait for a ballot of the actor, what closes first first."""
    without = (
        select(RollEntry.poll_id)
        .outerjoin(Ballot, _OF_ENTRY)
        .where(
            RollEntry.community_id == actor.community_id,
            RollEntry.voter_id == actor.subject_id,
            Ballot.id.is_(None),
        )
    )
    waiting = set(session.scalars(without)) if actor.subject_id is not None else set()
    found = polls(session, actor) if waiting else ()
    open_ones = [each for each in found if each.id in waiting and each.state is PollState.OPEN]
    return tuple(sorted(open_ones, key=lambda each: (each.closes_at, each.id)))


def get_own_ballot(session: Session, actor: Actor, poll_id: int, roll_entry_id: int) -> OwnBallot:
    """Give the ballot on one of the actor's own entries.

    Who helps somebody sees that there is one, never what it says. Raises: NotOnRoll.
    """
    row = session.execute(
        select(Ballot, Poll)
        .join(RollEntry, RollEntry.id == Ballot.roll_entry_id)
        .join(Poll, Poll.id == Ballot.poll_id)
        .where(
            Ballot.community_id == actor.community_id,
            Ballot.poll_id == poll_id,
            Ballot.roll_entry_id == roll_entry_id,
            RollEntry.voter_id == actor.subject_id,
        )
    ).one_or_none()
    if row is None:
        raise NotOnRoll
    ballot: Ballot = row[0]
    shown = None if actor.on_behalf_of is not None or ballot.pairs is None else ballot.pairs
    pairs = None if shown is None else tuple((option, number) for option, number in shown)
    return OwnBallot(
        poll_id,
        roll_entry_id,
        pairs,
        (ballot.reason or "") if pairs is not None else "",
        ballot.origin,
        ballot.cast_at,
        (ballot.tracker or "") if pairs is not None else "",
        # What proves a sealed ballot is over its envelope, see `queries.sealed`.
        ""
        if pairs is None or is_sealed(row[1].settings)
        else _receipt(session, ballot, row[1].tree_id, pairs),
    )


def _receipt(session: Session, ballot: Ballot, tree_id: int | None, pairs: Pairs) -> str:
    """Write the receipt file: the ballot, its salt, and the signed note over its commitment."""
    assert ballot.tracker is not None
    assert ballot.salt is not None
    assert ballot.receipt_number is not None
    assert tree_id is not None, "a tree is opened before the first ballot"
    signed = transparency.sign_commitment(
        db.statements(session), ballot.community_id, tree_id, ballot.receipt_number
    )
    content = ballot_bytes(ballot.poll_id, ballot.tracker, pairs, ballot.reason or "")
    return transparency.write_ballot_receipt(content, ballot.salt, signed.note).decode()


def my_open_polls(session: Session, actor: Actor) -> tuple[tuple[int, str, datetime, bool], ...]:
    """Give the running polls the actor may vote in: id, title, end, and whether all is cast."""
    now = clock.now()
    rows = session.execute(
        select(Poll.id, Poll.title, Poll.closes_at, RollEntry.id, Ballot.id)
        .join(RollEntry, RollEntry.poll_id == Poll.id)
        .outerjoin(Ballot, _OF_ENTRY)
        .where(
            Poll.community_id == actor.community_id,
            RollEntry.community_id == actor.community_id,
            RollEntry.voter_id == actor.subject_id,
            Poll.state.in_(("frozen", "open")),
            Poll.opens_at <= now,
            Poll.closes_at > now,
        )
        .order_by(Poll.closes_at)
    )
    found: dict[int, tuple[int, str, datetime, bool]] = {}
    for poll_id, title, closes_at, _, ballot in rows:
        before = found.get(poll_id, (poll_id, title, closes_at, True))
        found[poll_id] = (poll_id, title, closes_at, before[3] and ballot is not None)
    return tuple(found.values())
