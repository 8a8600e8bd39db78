"""Claiming work by a conditional change: what the row count says."""

from __future__ import annotations

from sqlalchemy import CursorResult, Delete, Update
from sqlalchemy.orm import Session


def change(session: Session, statement: Update | Delete) -> int:
    """Run an UPDATE or DELETE and tell how many rows it met."""
    session.flush()
    result = session.execute(statement)
    assert isinstance(result, CursorResult)
    return int(result.rowcount)
