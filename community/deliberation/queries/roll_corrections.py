"""What was asked on a posted roll and what was answered: one's own, and all for the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import identity
from community.deliberation.errors.polls import PollNotFound
from community.deliberation.models import Poll, RollCorrection
from community.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """A correction: by whom, on which entry, and its answer where there is one."""

    id: int
    poll_id: int
    entry_number: int | None
    asked_by: int
    name: str
    words: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None


def corrections_of(session: Session, actor: Actor, poll_id: int) -> tuple[CorrectionView, ...]:
    """List all that was asked on a roll for the desk, what waits for an answer first.

    Raises: PollNotFound.
    """
    of_poll = select(Poll.id).where(Poll.community_id == actor.community_id, Poll.id == poll_id)
    if session.scalar(of_poll) is None:
        raise PollNotFound
    return _listed(session, actor, poll_id, None)


def own_corrections(session: Session, actor: Actor, poll_id: int) -> tuple[CorrectionView, ...]:
    """List what the actor asked on a roll."""
    return _listed(session, actor, poll_id, actor.subject_id)


def count_corrections(session: Session, actor: Actor, poll_id: int) -> tuple[int, int]:
    """Count what was asked on a roll, and what of it was answered; for everybody."""
    asked, answered = session.execute(
        select(func.count(), func.count(RollCorrection.answered_at)).where(
            RollCorrection.community_id == actor.community_id, RollCorrection.poll_id == poll_id
        )
    ).one()
    return int(asked), int(answered)


def open_corrections(session: Session, row: Poll) -> int:
    """Count what nobody has answered: a gap of the roll."""
    waiting = select(func.count()).where(
        RollCorrection.community_id == row.community_id,
        RollCorrection.poll_id == row.id,
        RollCorrection.answered_at.is_(None),
    )
    return session.scalar(waiting) or 0


def _listed(
    session: Session, actor: Actor, poll_id: int, asked_by: int | None
) -> tuple[CorrectionView, ...]:
    chosen = (
        select(RollCorrection)
        .where(RollCorrection.community_id == actor.community_id, RollCorrection.poll_id == poll_id)
        .order_by(RollCorrection.id)
    )
    if asked_by is not None:
        chosen = chosen.where(RollCorrection.asked_by == asked_by)
    rows = session.scalars(chosen).all()
    cards = identity.people(session, actor.community_id, {each.asked_by for each in rows})
    found = [
        CorrectionView(
            each.id,
            each.poll_id,
            each.entry_number,
            each.asked_by,
            cards[each.asked_by].name if each.asked_by in cards else "",
            each.words,
            each.asked_at,
            each.answer,
            each.answered_at,
        )
        for each in rows
    ]
    return tuple(sorted(found, key=lambda each: each.answered_at is not None))
