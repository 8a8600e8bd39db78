"""Claiming work by a conditional change: what the row count says."""

from __future__ import annotations

from sqlalchemy import CursorResult, Delete, Update, select
from sqlalchemy.orm import Session

from community.identity.models import Person


def change(session: Session, statement: Update | Delete) -> int:
    """Run an UPDATE or DELETE and tell how many rows it met."""
    session.flush()
    result = session.execute(statement)
    assert isinstance(result, CursorResult)
    return int(result.rowcount)


def name_of(session: Session, person_id: int) -> str:
    """Give a person's name for a refusal's sentence."""
    return session.scalar(select(Person.name).where(Person.id == person_id)) or ""
