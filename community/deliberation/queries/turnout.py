"""How many ballots have come back: only where turnout is shown, or when the poll has closed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from community.deliberation.errors.polls import PollNotFound
from community.deliberation.models import Ballot, BallotPaper, Poll, RollEntry
from community.deliberation.rules.polls import PollState, Turnout
from community.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class TurnoutView:
    """Heads and area in 0.01 m² that have come back, of all."""

    heads: int
    of_heads: int
    area: int
    of_area: int


def find_turnout(session: Session, actor: Actor, poll_id: int) -> TurnoutView | None:
    """Tell the turnout, to nobody where it is hidden and the poll still runs.

    Raises: PollNotFound.
    """
    poll = session.scalar(
        select(Poll).where(Poll.community_id == actor.community_id, Poll.id == poll_id)
    )
    if poll is None:
        raise PollNotFound
    is_over = poll.state in {PollState.CLOSED, PollState.DECIDED}
    if not is_over and poll.turnout is Turnout.HIDDEN:
        return None
    area = func.coalesce(func.sum(RollEntry.area_centiares), 0)
    all_of_them = select(func.count(), area).where(RollEntry.poll_id == poll_id)
    heads, size = session.execute(all_of_them.where(has_returned(poll_id))).one()
    of_heads, of_size = session.execute(all_of_them).one()
    return TurnoutView(int(heads), int(of_heads), int(size), int(of_size))


def has_returned(poll_id: int) -> ColumnElement[bool]:
    """Ask of a roll's entry whether its ballot has come back: cast, or a paper still unopened."""
    return or_(
        RollEntry.id.in_(select(Ballot.roll_entry_id).where(Ballot.poll_id == poll_id)),
        RollEntry.id.in_(
            select(BallotPaper.roll_entry_id).where(
                BallotPaper.poll_id == poll_id, BallotPaper.returned_at.is_not(None)
            )
        ),
    )
