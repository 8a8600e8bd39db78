"""What erasing or merging a person means for the fund: its records are evidence and stay."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community.kernel.actor import Actor


def erase_person(session: Session, actor: Actor, person_id: int) -> None:
    """Keep who prepared, asked and approved: rows name people by number, identity has the name."""


def merge_person(session: Session, actor: Actor, kept_id: int, merged_id: int) -> None:
    """Keep what was done under the merged number: approvals are evidence and never rewritten."""
