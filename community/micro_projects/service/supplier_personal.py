"""Erasing and merging a person in the register."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.actor import Actor
from community.micro_projects.models import DeclaredConflict


def erase_conflicts(session: Session, actor: Actor, person_id: int) -> None:
    """Take the words out of a person's declared ties, and end those that still hold."""
    mine = (
        DeclaredConflict.community_id == actor.community_id,
        DeclaredConflict.person_id == person_id,
    )
    for values, which in (({"words": ""}, mine), ({"ended_at": clock.now()}, (*mine, _HOLDS))):
        session.execute(
            update(DeclaredConflict)
            .where(*which)
            .values(**values)
            .execution_options(synchronize_session=False)
        )


_HOLDS = DeclaredConflict.ended_at.is_(None)


def merge_conflicts(session: Session, actor: Actor, kept_id: int, merged_id: int) -> None:
    """Let the ties declared of a duplicate be those of the person it was."""
    session.execute(
        update(DeclaredConflict)
        .where(
            DeclaredConflict.community_id == actor.community_id,
            DeclaredConflict.person_id == merged_id,
        )
        .values(person_id=kept_id)
        .execution_options(synchronize_session=False)
    )
