"""Every broken invariant of volunteering in words, from rows alone."""

from sqlalchemy.orm import Session

from community.volunteering.checks import earnings


def problems(session: Session) -> list[str]:
    """List what is wrong in the rows of this room."""
    return [*earnings.problems(session)]
