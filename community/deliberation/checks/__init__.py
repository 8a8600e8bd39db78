"""Every broken invariant of deliberation in words, from rows alone, split by business word."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from community.deliberation.checks import (
    decisions,
    delivery,
    meetings,
    papers,
    polls,
    sealed,
    topics,
)
from community.deliberation.checks.opinions import opinion_problems
from community.deliberation.checks.panels import panel_problems

PARTS: tuple[Callable[[Session], list[str]], ...] = (
    polls.problems,
    sealed.problems,
    papers.problems,
    delivery.problems,
    meetings.problems,
    decisions.problems,
    topics.problems,
    opinion_problems,
    panel_problems,
)


def problems(session: Session) -> list[str]:
    """List what is wrong in the rows of this room."""
    return [problem for part in PARTS for problem in part(session)]
