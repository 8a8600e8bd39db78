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
from community.deliberation.queries.personal_rows import rows_of


def export_topics(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give what a person raised, endorsed, argued, marked, flagged and decided, as plain JSON."""
    return {
        **_said(session, community_id, person_id),
        **_thought(session, community_id, person_id),
        **_done(session, community_id, person_id),
    }


def _said(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    raised = rows_of(session, community_id, Topic, Topic.author_id == person_id)
    argued = rows_of(session, community_id, Argument, Argument.author_id == person_id)
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
    flagged = rows_of(session, community_id, Flag, Flag.flagged_by == person_id)
    appealed = rows_of(session, community_id, Appeal, Appeal.appealed_by == person_id)
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
    answered = rows_of(session, community_id, TopicAnswer, TopicAnswer.answered_by == person_id)
    moderated = rows_of(session, community_id, Moderation, Moderation.moderated_by == person_id)
    decided = rows_of(session, community_id, Appeal, Appeal.decided_by == person_id)
    return {
        "topic_answers": [row.words for row in answered],
        "moderations": [f"{row.kind.value}: {row.words}" for row in moderated],
        "decided_appeals": [row.decision for row in decided],
        **_led(session, community_id, person_id),
    }


def _led(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    recorded = rows_of(session, community_id, Topic, Topic.recorded_by == person_id)
    proposed = rows_of(
        session,
        community_id,
        TopicMerge,
        (TopicMerge.proposed_by == person_id) | (TopicMerge.undone_by == person_id),
    )
    stepped = rows_of(session, community_id, TopicStep, TopicStep.stepped_by == person_id)
    figures = rows_of(session, community_id, TopicRules, TopicRules.set_by == person_id)
    return {
        "recorded_topics": [row.id for row in recorded],
        "topic_mergers": [row.reason for row in proposed],
        "topic_steps": [f"{row.kind.value} {row.words}".strip() for row in stepped],
        "topic_rules": [row.set_at.isoformat() for row in figures],
    }
