"""Drawing up a long roll as a job: the registers are read once, the entries written in pieces."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy.orm import Session

from community.deliberation.models import Poll
from community.deliberation.rules.polls import PollState
from community.deliberation.service.poll_rows import check_state, get_poll_row
from community.deliberation.service.roll_lines import (
    Line,
    clear_roll,
    draw_up,
    line_of,
    write_lines,
)
from community.deliberation.service.roll_works import end, load_work
from community.deliberation.service.rolls import show_roll
from community.kernel import jobs
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.jobs.kinds import Arguments

# The first piece keeps the lines as they were read; the others write a hundredth of them each.
PARTS = 100
# More than a piece of 50 ms ever writes of a long roll.
PARTS_AT_ONCE = 10


def plan_post(session: Session, actor: Actor, args: Arguments) -> int:
    """Refuse a poll that is no draft any more; tell the pieces."""
    load_work(session, actor, args)
    return 1 + PARTS


def prepare_post(
    session: Session, actor: Actor, args: Arguments, position: int
) -> str | tuple[int, int, tuple[Line, ...]]:
    """Read the registers, for the first piece; for the others the kept lines that come next.

    Those with how many lines there are in all, and after how many of them they begin.
    """
    work = load_work(session, actor, args)
    if position == 0:
        row = session.get_one(Poll, work.poll_id)
        return json.dumps([each.as_plain() for each in draw_up(session, row)])
    lines = json.loads(work.lines or "[]")
    begin, until = _place(len(lines), position), _place(len(lines), position + PARTS_AT_ONCE)
    return len(lines), begin, tuple(line_of(each) for each in lines[begin:until])


def write_post(session: Session, actor: Actor, args: Arguments, step: jobs.Step) -> int:
    """Keep the lines, or write the next hundredths of them while the slice of time lasts."""
    work = load_work(session, actor, args)
    row = get_poll_row(session, actor.community_id, work.poll_id)
    check_state(row, {PollState.DRAFT})
    if step.position == 0:
        clear_roll(session, row)
        work.lines = step.ready
        session.flush()
        return 1
    whole, first, lines = step.ready
    position, last = step.position, min(step.position + PARTS_AT_ONCE, step.total)
    while position < last:
        begin, until = _place(whole, position), _place(whole, position + 1)
        write_lines(session, row, lines[begin - first : until - first], begin + 1)
        position += 1
        if not step.budget.lasts():
            break
    return position


def _place(whole: int, position: int) -> int:
    """Tell after how many lines a piece begins."""
    return whole * min(position - 1, PARTS) // PARTS


def finish_post(session: Session, actor: Actor, args: Arguments) -> dict[str, Any]:
    """Post the whole roll at once."""
    work = load_work(session, actor, args)
    row = get_poll_row(session, actor.community_id, work.poll_id)
    end(session, work)
    return {"entries": show_roll(session, row)}


KIND = jobs.JobKind(
    "deliberation.post_roll",
    N_("编制名册"),
    plan=plan_post,
    prepare=prepare_post,
    chunk=write_post,
    finish=finish_post,
)
