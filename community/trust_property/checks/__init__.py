"""Every broken invariant of the fund in words, from rows alone, split by business word."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community.trust_property.checks import (
    audits,
    bank,
    bills,
    corrections,
    fund,
    opening,
    papers,
    questions,
    reports,
    spending,
    surplus,
    totals,
)

PARTS = (
    fund.problems,
    bills.problems,
    bank.problems,
    spending.problems,
    reports.problems,
    totals.problems,
    opening.problems,
    questions.problems,
    audits.problems,
    papers.problems,
    surplus.problems,
    corrections.problems,
)


def problems(session: Session) -> list[str]:
    """List what is wrong in the rows of this room."""
    return [problem for part in PARTS for problem in part(session)]
