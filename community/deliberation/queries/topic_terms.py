"""The figures in force for topics, and how many adults endorse one."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from community.deliberation.models import Endorsement, Topic, TopicRules
from community.deliberation.rules.topics import TopicTerms


def topic_terms(session: Session, community_id: int) -> TopicTerms:
    """Give the community's figures for topics; the product's own where it set none."""
    row = session.scalar(
        select(TopicRules)
        .where(TopicRules.community_id == community_id)
        .order_by(TopicRules.id.desc())
        .limit(1)
    )
    if row is None:
        return TopicTerms()
    return TopicTerms(
        row.threshold, row.answer_days, row.appeal_days, row.consent_days, row.undo_days
    )


def count_endorsers(
    session: Session, community_id: int, topic_ids: Iterable[int]
) -> dict[int, int]:
    """Count the distinct people who endorse each topic or one that went into it."""
    wanted = set(topic_ids)
    stands = func.coalesce(Topic.merged_into_id, Topic.id)
    rows = session.execute(
        select(stands, func.count(func.distinct(Endorsement.person_id)))
        .join(
            Topic,
            (Topic.id == Endorsement.topic_id) & (Topic.community_id == Endorsement.community_id),
        )
        .where(
            Endorsement.community_id == community_id,
            Endorsement.withdrawn_at.is_(None),
            or_(Topic.id.in_(wanted), Topic.merged_into_id.in_(wanted)),
        )
        .group_by(stands)
    )
    found: dict[int, int] = {row[0]: row[1] for row in rows}
    return {topic_id: found.get(topic_id, 0) for topic_id in wanted}


def endorsed_by(session: Session, community_id: int, person_id: int | None) -> frozenset[int]:
    """Give the topics somebody endorses, each by the number it stands under now."""
    if person_id is None:
        return frozenset()
    rows = session.scalars(
        select(func.coalesce(Topic.merged_into_id, Topic.id))
        .join(
            Endorsement,
            (Topic.id == Endorsement.topic_id) & (Topic.community_id == Endorsement.community_id),
        )
        .where(
            Endorsement.community_id == community_id,
            Endorsement.person_id == person_id,
            Endorsement.withdrawn_at.is_(None),
        )
    )
    return frozenset(rows)
