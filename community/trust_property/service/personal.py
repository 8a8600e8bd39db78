"""What erasing or merging a person means for the fund: its records are evidence and stay."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from community.kernel.actor import Actor
from community.trust_property.models import Question


def erase_person(session: Session, actor: Actor, person_id: int) -> None:
    """Keep who prepared, asked and approved: rows name people by number, identity has the name.

    The words of one's own questions go; their hashes and the answers stay.
    """
    session.execute(
        update(Question)
        .where(Question.community_id == actor.community_id, Question.asked_by == person_id)
        .values(words="")
        .execution_options(synchronize_session=False)
    )


def merge_person(session: Session, actor: Actor, kept_id: int, merged_id: int) -> None:
    """Keep what was done under the merged number: approvals are evidence and never rewritten."""
