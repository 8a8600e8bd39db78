"""What must never be false of polls: one ballot an entry, a kept roll, secret ballots unnamed."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.deliberation.models import (
    Ballot,
    BallotEvent,
    CountedBallot,
    Poll,
    PollResult,
    RollEntry,
    RollUnit,
    RollWork,
    RollWorkKind,
)
from community.deliberation.queries.counting import count_poll
from community.deliberation.rules.polls import (
    AFTER_CLOSING,
    PollState,
    RollKind,
    Secrecy,
    hash_of,
    roll_hash,
)
from community.deliberation.rules.sealed import is_sealed
from community.kernel import db

COUNTED = (PollState.CLOSED, PollState.DECIDED)


def problems(session: Session) -> list[str]:
    """List what is wrong in polls."""
    found: list[str] = []
    for poll in session.scalars(select(Poll).order_by(Poll.id)):
        found += [f"poll {poll.id}: {each}" for each in _of_poll(session, poll)]
    return found


def _of_poll(session: Session, poll: Poll) -> list[str]:
    found: list[str] = []
    if poll.frozen_at is not None:
        found += _of_roll(session, poll)
        found += _of_ballots(session, poll)
        found += _of_receipts(session, poll)
    found += _of_work(session, poll)
    if poll.state in COUNTED:
        found += _of_secrecy(session, poll)
    if poll.state is PollState.DECIDED:
        found += _of_result(session, poll)
    return found


def _of_work(session: Session, poll: Poll) -> list[str]:
    """Find a frozen roll that was never told whole, and a count before all ballots came in."""
    works = session.scalars(
        select(RollWork).where(RollWork.poll_id == poll.id).order_by(RollWork.id)
    ).all()
    found = []
    if poll.state is PollState.DECIDED and any(each.ended_at is None for each in works):
        found.append("it was decided before the work at its roll was done")
    freezes = [each for each in works if each.kind is RollWorkKind.FREEZE]
    if poll.frozen_at is not None and freezes and freezes[-1].ended_at is not None:
        mine = select(func.count()).where(RollEntry.poll_id == poll.id)
        if freezes[-1].begun_at <= poll.frozen_at and freezes[-1].told != session.scalar(mine):
            found.append("its frozen roll was not published whole")
    return found


def _of_roll(session: Session, poll: Poll) -> list[str]:
    entries = session.execute(
        select(RollEntry.number, RollEntry.area_centiares, RollEntry.owner_hash).where(
            RollEntry.poll_id == poll.id
        )
    ).all()
    lines = [(number, area, owner) for number, area, owner in entries]
    found = [] if roll_hash(lines) == poll.roll_hash else ["its roll is not the frozen one"]
    if poll.roll_kind is RollKind.OWNERS:
        units = session.scalar(
            select(func.sum(RollUnit.area_centiares)).where(RollUnit.poll_id == poll.id)
        )
        if (units or 0) != sum(area for _, area, _ in lines):
            found.append("its units and its heads have different areas")
    return found


def _of_ballots(session: Session, poll: Poll) -> list[str]:
    ballots = session.execute(
        select(Ballot.roll_entry_id, Ballot.changes, Ballot.cast_at, Ballot.origin).where(
            Ballot.poll_id == poll.id
        )
    ).all()
    found = []
    entries = {entry for entry, _, _, _ in ballots}
    if len(entries) != len(ballots):
        found.append("an entry has two ballots")
    late = [
        entry
        for entry, _, at, origin in ballots
        if (at >= poll.closes_at) != (origin in AFTER_CLOSING) or at < poll.opens_at
    ]
    if late:
        found.append(f"ballots out of hours: {late}")
    acts = session.execute(
        select(BallotEvent.roll_entry_id, func.count())
        .where(BallotEvent.poll_id == poll.id)
        .group_by(BallotEvent.roll_entry_id)
    )
    if {int(entry): many for entry, many in acts} != {
        entry: changes + 1 for entry, changes, _, _ in ballots
    }:
        found.append("its ballots and their events differ")
    return found


def _of_receipts(session: Session, poll: Poll) -> list[str]:
    """Compare ballots with commitments: one a change, and each ballot's number is in the tree."""
    at = db.statements(session)
    numbers = {
        int(number)
        for (number,) in at.all(
            "SELECT number FROM transparency_private_commitment"
            " WHERE community_id = ? AND tree_id = ?",
            (poll.community_id, poll.tree_id),
        )
    }
    acts = session.scalar(select(func.count()).where(BallotEvent.poll_id == poll.id))
    found = [] if len(numbers) == acts else ["its receipts and its ballots' acts differ in number"]
    held = session.scalars(
        select(Ballot.receipt_number).where(
            Ballot.poll_id == poll.id, Ballot.receipt_number.is_not(None)
        )
    ).all()
    if len(set(held)) != len(held) or not set(held) <= numbers:
        found.append("a ballot's receipt is not in the tree")
    return found


def _of_secrecy(session: Session, poll: Poll) -> list[str]:
    if is_sealed(poll.settings):
        return []
    secret = poll.secrecy is Secrecy.SECRET
    counted = session.scalar(select(func.count()).where(CountedBallot.poll_id == poll.id)) or 0
    if not secret:
        return ["a named ballot lost its name"] if counted else []
    if poll.settings["has_paper"] and poll.state is not PollState.DECIDED:
        # All lose their names at once, when the papers are counted too.
        return ["secret ballots were copied apart"] if counted else []
    linked = session.scalar(
        select(func.count()).where(Ballot.poll_id == poll.id, Ballot.tracker.is_not(None))
    )
    told = session.scalar(
        select(func.count()).where(BallotEvent.poll_id == poll.id, BallotEvent.pairs.is_not(None))
    )
    found = ["a secret ballot kept its name"] if linked or told else []
    if poll.state is PollState.DECIDED:
        all_of_them = session.scalar(select(func.count()).where(Ballot.poll_id == poll.id)) or 0
        if all_of_them != counted:
            found.append("voters and secret ballots differ in number")
    return found


def _of_result(session: Session, poll: Poll) -> list[str]:
    result = session.scalar(select(PollResult).where(PollResult.poll_id == poll.id))
    if result is None:
        return ["it is decided without a result"]
    found = []
    if hash_of(result.outcome) != result.outcome_hash:
        found.append("its result is not the one that was hashed")
    if count_poll(session, poll.community_id, poll.id) != result.outcome:
        found.append("counted again, it comes out differently")
    if sum(result.origins.values()) != result.ballots:
        found.append("its ways of voting do not add up")
    return found
