"""Every broken invariant of the books, in words, from rows alone."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community.ledger.checks import books, public

__all__ = ["problems"]


def problems(session: Session) -> list[str]:
    """List what does not hold: in the books themselves, and between them and the public log."""
    return books.problems(session) + public.problems(session)
