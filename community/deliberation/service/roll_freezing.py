"""Freezing a poll with a long roll as a job: owners hidden in pieces, frozen at once, then told.

The hash over the whole roll is reckoned between two pieces, while others may write.
"""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.deliberation.models import Poll, RollEntry, RollWork
from community.deliberation.service.freezing import HashedRoll, check_freeze, freeze_row, hash_roll
from community.deliberation.service.poll_rows import get_poll_row
from community.deliberation.service.publishing import name_owners, tell_roll
from community.deliberation.service.roll_works import end, load_work
from community.kernel import jobs
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.jobs.kinds import Arguments

OWNERS_AT_ONCE = 100


def plan_freeze(session: Session, actor: Actor, args: Arguments) -> int:
    """Refuse what is not ready; tell the pieces: every entry hidden, one freeze, every entry told.

    Raises: WorkSuperseded, WrongPollState, RollHasGaps, NoticeTooShort, OpensTooSoon.
    """
    work = load_work(session, actor, args)
    row = session.get_one(Poll, work.poll_id)
    heads, _, _ = check_freeze(session, row, work.waiver)
    return 2 * heads + 1


def prepare_freeze(
    session: Session, actor: Actor, args: Arguments, position: int
) -> HashedRoll | None:
    """Hash the roll as soon as all owners have their hash; None before and once it is frozen."""
    work = load_work(session, actor, args)
    row = session.get_one(Poll, work.poll_id)
    if row.frozen_at is not None or position < _heads(session, row):
        return None
    return hash_roll(session, row)


def freeze_piece(session: Session, actor: Actor, args: Arguments, step: jobs.Step) -> int:
    """Do what is next while the slice of time lasts; the rows tell what that is.

    Until the poll is frozen nothing of it is public; from then on no entry can change.
    """
    work = load_work(session, actor, args)
    row = get_poll_row(session, actor.community_id, work.poll_id)
    heads = _heads(session, row)
    position = step.position
    while position < step.total:
        moved = _next_piece(session, actor, row, work, heads, step.ready)
        position += moved
        if work.told == heads:
            return step.total
        if not moved or not step.budget.lasts():
            break
    return position


def finish_freeze(session: Session, actor: Actor, args: Arguments) -> None:
    """End the work; the poll is frozen, and its whole roll is public."""
    end(session, load_work(session, actor, args))


KIND = jobs.JobKind(
    "deliberation.freeze_roll",
    N_("冻结名册"),
    plan=plan_freeze,
    prepare=prepare_freeze,
    chunk=freeze_piece,
    finish=finish_freeze,
)


def _next_piece(
    session: Session,
    actor: Actor,
    row: Poll,
    work: RollWork,
    heads: int,
    roll: HashedRoll | None,
) -> int:
    if row.frozen_at is None:
        if roll is None:
            return name_owners(session, row, OWNERS_AT_ONCE)
        freeze_row(session, actor, row, work.waiver, roll)
        return 1
    told = tell_roll(session, row, work.told, heads)
    moved, work.told = told - work.told, told
    session.flush()
    return moved


def _heads(session: Session, row: Poll) -> int:
    mine = (RollEntry.community_id == row.community_id, RollEntry.poll_id == row.id)
    return session.scalar(select(func.count()).where(*mine)) or 0
