"""Erasing and merging a person in every part of the room; each part adds its own piece."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session, aliased

from community.kernel import files
from community.kernel.actor import Actor
from community.micro_projects.models import Pledge, Project, ProjectEndorsement, ProjectPhoto
from community.micro_projects.rules.states import FUNDED, ProjectState
from community.micro_projects.service.award_personal import erase_awards, merge_awards
from community.micro_projects.service.contract_personal import erase_words, merge_answers
from community.micro_projects.service.supplier_personal import erase_conflicts, merge_conflicts
from community.micro_projects.service.tender_personal import merge_tenders
from community.micro_projects.service.venture_personal import (
    erase_applications,
    merge_applications,
)


def erase_ideas(session: Session, actor: Actor, person_id: int) -> None:
    """Take a person's words out of ideas; an approved project is the community's record."""
    mine = (Project.community_id == actor.community_id, Project.author_id == person_id)
    drafts = select(Project.id).where(*mine, Project.state == ProjectState.DRAFT)
    for photo in session.scalars(
        select(ProjectPhoto).where(
            ProjectPhoto.community_id == actor.community_id, ProjectPhoto.project_id.in_(drafts)
        )
    ).all():
        session.delete(photo)
        files.drop_file(session, actor, photo.file_id)
    session.flush()
    session.execute(
        delete(Project)
        .where(*mine, Project.state == ProjectState.DRAFT)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Project)
        .where(*mine, Project.state.not_in(FUNDED))
        .values(title="", need="", place="")
        .execution_options(synchronize_session=False)
    )


def merge_ideas(session: Session, actor: Actor, kept_id: int, merged_id: int) -> None:
    """Let the ideas of a duplicate be those of the person it was."""
    session.execute(
        update(Project)
        .where(Project.community_id == actor.community_id, Project.author_id == merged_id)
        .values(author_id=kept_id)
        .execution_options(synchronize_session=False)
    )


def merge_support(session: Session, actor: Actor, kept_id: int, merged_id: int) -> None:
    """Let a duplicate's endorsements and pledges be the person's, where they have none there."""
    tables: tuple[Any, ...] = (ProjectEndorsement, Pledge)
    for table in tables:
        other = aliased(table)
        session.execute(
            update(table)
            .where(
                table.community_id == actor.community_id,
                table.person_id == merged_id,
                ~exists().where(
                    other.community_id == table.community_id,
                    other.project_id == table.project_id,
                    other.person_id == kept_id,
                ),
            )
            .values(person_id=kept_id)
            .execution_options(synchronize_session=False)
        )


ERASING: tuple[Callable[[Session, Actor, int], None], ...] = (
    erase_ideas,
    erase_words,
    erase_conflicts,
    erase_awards,
    erase_applications,
)
MERGING: tuple[Callable[[Session, Actor, int, int], None], ...] = (
    merge_ideas,
    merge_answers,
    merge_conflicts,
    merge_tenders,
    merge_support,
    merge_awards,
    merge_applications,
)


def erase_person(session: Session, actor: Actor, person_id: int) -> None:
    """Take a person's words out of the room and keep its records."""
    for part in ERASING:
        part(session, actor, person_id)


def merge_person(session: Session, actor: Actor, kept_id: int, merged_id: int) -> None:
    """Let what a duplicate did be done by the person it was."""
    for part in MERGING:
        part(session, actor, kept_id, merged_id)
