"""Every broken invariant of projects in words, from rows alone, split by business word."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from community.micro_projects.checks import (
    awards,
    closing,
    contracts,
    deciding,
    money,
    open_data,
    projects,
    tenders,
    venture,
)

PARTS: tuple[Callable[[Session], list[str]], ...] = (
    projects.problems,
    deciding.problems,
    money.problems,
    contracts.problems,
    closing.problems,
    open_data.problems,
    tenders.problems,
    awards.problems,
    venture.problems,
)


def problems(session: Session) -> list[str]:
    """List what is wrong in the rows of this room."""
    return [problem for part in PARTS for problem in part(session)]
