"""Reminding voters once before the end, and once more when the end has moved."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import not_, or_, select
from sqlalchemy.orm import Session

from community import notices
from community.deliberation.models import Poll, RollEntry
from community.deliberation.queries.turnout import has_returned
from community.deliberation.rules.polls import PollState, Turnout
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say

# How long before the end; a poll shorter than that is reminded of when it is half over.
AHEAD = timedelta(days=1)


def remind_voters(session: Session, actor: Actor) -> int:
    """Remind the voters of one poll that ends soon; gives how many polls there were.

    Where turnout is shown only those who have not voted; where it is hidden everybody, or the
    message itself would tell.
    """
    now = clock.now()
    waiting = session.scalars(
        select(Poll)
        .where(
            Poll.community_id == actor.community_id,
            Poll.state.in_((PollState.FROZEN, PollState.OPEN)),
            Poll.opens_at <= now,
            Poll.closes_at > now,
            Poll.closes_at <= now + AHEAD,
            or_(Poll.reminded_for.is_(None), Poll.reminded_for != Poll.closes_at),
        )
        .order_by(Poll.closes_at)
    ).all()
    due = [row for row in waiting if now >= row.opens_at + (row.closes_at - row.opens_at) // 2][:1]
    for row in due:
        row.reminded_for = row.closes_at
        closes = row.closes_at.astimezone(clock.SHANGHAI).strftime("%m-%d %H:%M")
        for voter_id in _to_remind(session, row):
            notices.send(
                session,
                actor,
                voter_id,
                say(N_("投票快截止了")),
                say(
                    N_("“{title}”{closes} 截止。没投的请在截止前投；投了的可以不管，也可以改。"),
                    title=row.title,
                    closes=closes,
                ),
                f"polls/{row.id}",
                "todo",
            )
    return len(due)


def _to_remind(session: Session, row: Poll) -> list[int]:
    chosen = select(RollEntry.voter_id).where(
        RollEntry.community_id == row.community_id,
        RollEntry.poll_id == row.id,
        RollEntry.voter_id.is_not(None),
    )
    if row.turnout is Turnout.SHOWN:
        chosen = chosen.where(not_(has_returned(row.id)))
    return sorted({each for each in session.scalars(chosen) if each is not None})
