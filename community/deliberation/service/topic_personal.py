"""What erasing or merging a person means for topics: words go, what they led to stays."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from community.deliberation.models import (
    Appeal,
    Argument,
    Endorsement,
    Flag,
    Topic,
    TopicPhoto,
    TopicStep,
    UsefulMark,
)
from community.deliberation.rules.topics import StepKind, TopicState
from community.kernel import files
from community.kernel.actor import Actor


def erase_topics_of(session: Session, actor: Actor, person_id: int) -> None:
    """Take a person's words, photos and drafts; answers, counts and the trace's steps stay."""
    ours = actor.community_id
    own = select(Topic.id).where(Topic.community_id == ours, Topic.author_id == person_id)
    photos = list(
        session.scalars(
            select(TopicPhoto).where(TopicPhoto.community_id == ours, TopicPhoto.topic_id.in_(own))
        )
    )
    for photo in photos:
        session.delete(photo)
    session.flush()
    for file_id in {photo.file_id for photo in photos}:
        files.drop_file(session, actor, file_id)
    session.execute(
        delete(Topic)
        .where(
            Topic.community_id == ours,
            Topic.author_id == person_id,
            Topic.state == TopicState.DRAFT,
        )
        .execution_options(synchronize_session=False)
    )
    _set(session, Topic, Topic.author_id == person_id, ours, title="", words="")
    _set(session, Argument, Argument.author_id == person_id, ours, words="")
    _set(session, Flag, Flag.flagged_by == person_id, ours, words="")
    _set(session, Appeal, Appeal.appealed_by == person_id, ours, words="")
    added = (TopicStep.stepped_by == person_id) & TopicStep.kind.in_(
        [StepKind.ADDED, StepKind.JUDGED, StepKind.WITHDRAWN]
    )
    _set(session, TopicStep, added, ours, words="")
    session.expire_all()


def merge_topics_of(session: Session, actor: Actor, kept_id: int, merged_id: int) -> None:
    """Let everything be the kept person's; what both endorsed or marked counts once."""
    ours = actor.community_id
    for table, of, column in (
        (Endorsement, "topic_id", "person_id"),
        (UsefulMark, "argument_id", "person_id"),
    ):
        person = getattr(table, column)
        key = getattr(table, of)
        theirs = select(key).where(table.community_id == ours, person == kept_id)
        session.execute(
            delete(table)
            .where(table.community_id == ours, person == merged_id, key.in_(theirs))
            .execution_options(synchronize_session=False)
        )
        _set(session, table, person == merged_id, ours, **{column: kept_id})
    _merge_flags(session, ours, kept_id, merged_id)
    _set(session, Topic, Topic.author_id == merged_id, ours, author_id=kept_id)
    _set(session, Argument, Argument.author_id == merged_id, ours, author_id=kept_id)
    session.expire_all()


def _merge_flags(session: Session, ours: int, kept_id: int, merged_id: int) -> None:
    kept = {
        (row.topic_id, row.argument_id)
        for row in session.scalars(
            select(Flag).where(Flag.community_id == ours, Flag.flagged_by == kept_id)
        )
    }
    theirs = session.scalars(
        select(Flag).where(Flag.community_id == ours, Flag.flagged_by == merged_id)
    )
    for row in list(theirs):
        if (row.topic_id, row.argument_id) in kept:
            session.delete(row)
        else:
            row.flagged_by = kept_id
    session.flush()


def _set(session: Session, table: Any, wanted: Any, ours: int, **values: object) -> None:
    session.execute(
        update(table)
        .where(table.community_id == ours, wanted)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
