"""Every broken invariant of the books, in words, from rows alone."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community.ledger.checks import books, public, rows, told

__all__ = ["problems"]


def problems(session: Session) -> list[str]:
    """List what does not hold: in the books themselves, and between them and the public log."""
    return rows.unreadable(session) or [
        *books.problems(session),
        *rows.problems(session),
        *_against_the_log(session),
    ]


def _against_the_log(session: Session) -> list[str]:
    """Compare the books with the log, as far as its records can be read."""
    try:
        return [*public.problems(session), *told.problems(session)]
    except (ValueError, KeyError, TypeError):
        # The log's own check names the record whose bytes were changed.
        return ["11 a public record cannot be read as a record of the books"]
