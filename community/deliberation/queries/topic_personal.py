"""What topics and their discussion hold about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.deliberation.models import (
    Appeal,
    Argument,
    Endorsement,
    Flag,
    Moderation,
    Topic,
    TopicAnswer,
    TopicMerge,
    TopicRules,
    TopicStep,
    UsefulMark,
)


def export_topics(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give what a person raised, endorsed, argued, marked, flagged and decided, as plain JSON."""
    return {
        **_said(session, community_id, person_id),
        **_thought(session, community_id, person_id),
        **_done(session, community_id, person_id),
    }


def _said(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    raised = session.scalars(
        select(Topic)
        .where(Topic.community_id == community_id, Topic.author_id == person_id)
        .order_by(Topic.id)
    )
    argued = session.scalars(
        select(Argument)
        .where(Argument.community_id == community_id, Argument.author_id == person_id)
        .order_by(Argument.id)
    )
    return {
        "topics": [
            {
                "title": row.title,
                "words": row.words,
                "place": row.place,
                "state": row.state.value,
                "kept_at": row.kept_at.isoformat(),
            }
            for row in raised
        ],
        "arguments": [
            {
                "side": None if row.side is None else row.side.value,
                "words": row.words,
                "argued_at": row.argued_at.isoformat(),
            }
            for row in argued
        ],
    }


def _thought(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    endorsed = session.execute(
        select(Topic.title, Endorsement.endorsed_at, Endorsement.withdrawn_at)
        .join(Topic, Topic.id == Endorsement.topic_id)
        .where(Endorsement.community_id == community_id, Endorsement.person_id == person_id)
        .order_by(Endorsement.id)
    )
    marked = session.execute(
        select(Argument.words, UsefulMark.is_useful)
        .join(Argument, Argument.id == UsefulMark.argument_id)
        .where(UsefulMark.community_id == community_id, UsefulMark.person_id == person_id)
        .order_by(UsefulMark.id)
    )
    flagged = session.scalars(
        select(Flag)
        .where(Flag.community_id == community_id, Flag.flagged_by == person_id)
        .order_by(Flag.id)
    )
    appealed = session.scalars(
        select(Appeal)
        .where(Appeal.community_id == community_id, Appeal.appealed_by == person_id)
        .order_by(Appeal.id)
    )
    return {
        "endorsements": [
            {
                "topic": title,
                "endorsed_at": at.isoformat(),
                "withdrawn_at": None if back is None else back.isoformat(),
            }
            for title, at, back in endorsed
        ],
        "useful_marks": [{"words": words, "is_useful": useful} for words, useful in marked],
        "flags": [{"reason": row.reason.value, "words": row.words} for row in flagged],
        "appeals": [{"words": row.words, "decision": row.decision} for row in appealed],
    }


def _done(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give what the person did in an office, or at the desk for others."""
    answered = session.scalars(
        select(TopicAnswer)
        .where(TopicAnswer.community_id == community_id, TopicAnswer.answered_by == person_id)
        .order_by(TopicAnswer.id)
    )
    moderated = session.scalars(
        select(Moderation)
        .where(Moderation.community_id == community_id, Moderation.moderated_by == person_id)
        .order_by(Moderation.id)
    )
    decided = session.scalars(
        select(Appeal)
        .where(Appeal.community_id == community_id, Appeal.decided_by == person_id)
        .order_by(Appeal.id)
    )
    return {
        "topic_answers": [row.words for row in answered],
        "moderations": [f"{row.kind.value}: {row.words}" for row in moderated],
        "decided_appeals": [row.decision for row in decided],
        **_led(session, community_id, person_id),
    }


def _led(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    recorded = session.scalars(
        select(Topic)
        .where(Topic.community_id == community_id, Topic.recorded_by == person_id)
        .order_by(Topic.id)
    )
    proposed = session.scalars(
        select(TopicMerge)
        .where(
            TopicMerge.community_id == community_id,
            (TopicMerge.proposed_by == person_id) | (TopicMerge.undone_by == person_id),
        )
        .order_by(TopicMerge.id)
    )
    stepped = session.scalars(
        select(TopicStep)
        .where(TopicStep.community_id == community_id, TopicStep.stepped_by == person_id)
        .order_by(TopicStep.id)
    )
    figures = session.scalars(
        select(TopicRules)
        .where(TopicRules.community_id == community_id, TopicRules.set_by == person_id)
        .order_by(TopicRules.id)
    )
    return {
        "recorded_topics": [row.id for row in recorded],
        "topic_mergers": [row.reason for row in proposed],
        "topic_steps": [f"{row.kind.value} {row.words}".strip() for row in stepped],
        "topic_rules": [row.set_at.isoformat() for row in figures],
    }
