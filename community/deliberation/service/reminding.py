"""Reminding voters once before the end, and once more when the end has moved."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, not_, or_, select
from sqlalchemy.orm import Session

from community import notices
from community.deliberation.models import Poll, RollEntry
from community.deliberation.queries.turnout import has_returned
from community.deliberation.rules.polls import PollState, Turnout
from community.kernel import clock, jobs
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.jobs.kinds import Arguments
from community.kernel.sentences import say

# How long before the end; a poll shorter than that is reminded of when it is half over.
AHEAD = timedelta(days=1)
REMIND_JOB = "deliberation.remind_voters"
# More than a piece of 50 ms ever reminds.
VOTERS_AT_ONCE = 500
# As many are reminded by one statement of each sort.
VOTERS_TOGETHER = 50


def remind_voters(session: Session, actor: Actor) -> int:
    """Have the voters of each poll that ends soon reminded by a job; gives how many polls.

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
        .order_by(Poll.closes_at, Poll.id)
    ).all()
    due = [row for row in waiting if now >= row.opens_at + (row.closes_at - row.opens_at) // 2]
    for row in due:
        row.reminded_for = row.closes_at
        asked = {"poll_id": row.id, "closes_at": clock.micros(row.closes_at)}
        jobs.start_job(session, Actor.system(row.community_id), REMIND_JOB, asked)
    return len(due)


def plan_reminders(session: Session, actor: Actor, args: Arguments) -> int:
    """Tell the highest number of a voter: the place of this job is the voter it came to."""
    highest = select(func.max(RollEntry.voter_id)).where(
        RollEntry.community_id == actor.community_id, RollEntry.poll_id == args["poll_id"]
    )
    return session.scalar(highest) or 0


def send_reminders(session: Session, actor: Actor, args: Arguments, step: jobs.Step) -> int:
    """Remind the next voters while the slice of time lasts; nobody once the poll's end has moved.

    By the voters' own numbers, so that a ballot cast meanwhile moves nobody's place.
    """
    row = session.get_one(Poll, args["poll_id"])
    if clock.micros(row.closes_at) != args["closes_at"] or not _still_runs(row):
        return step.total
    position = step.position
    closes = row.closes_at.astimezone(clock.SHANGHAI).strftime("%m-%d %H:%M")
    waiting = _next_voters(session, row, position)
    for start in range(0, len(waiting), VOTERS_TOGETHER):
        together = waiting[start : start + VOTERS_TOGETHER]
        notices.send_to_all(
            session,
            actor,
            together,
            say(N_("投票快截止了")),
            say(
                N_("“{title}”{closes} 截止。没投的请在截止前投；投了的可以不管，也可以改。"),
                title=row.title,
                closes=closes,
            ),
            f"polls/{row.id}",
            "todo",
        )
        position = together[-1]
        if not step.budget.lasts():
            return position
    return position if len(waiting) == VOTERS_AT_ONCE else step.total


KIND = jobs.JobKind(REMIND_JOB, N_("提醒没投票的人"), plan=plan_reminders, chunk=send_reminders)


def _still_runs(row: Poll) -> bool:
    return row.state in {PollState.FROZEN, PollState.OPEN} and clock.now() < row.closes_at


def _next_voters(session: Session, row: Poll, after: int) -> list[int]:
    chosen = (
        select(RollEntry.voter_id)
        .where(
            RollEntry.community_id == row.community_id,
            RollEntry.poll_id == row.id,
            RollEntry.voter_id > after,
        )
        .distinct()
        .order_by(RollEntry.voter_id)
        .limit(VOTERS_AT_ONCE)
    )
    if row.turnout is Turnout.SHOWN:
        chosen = chosen.where(not_(has_returned(row.id)))
    return [each for each in session.scalars(chosen) if each is not None]
