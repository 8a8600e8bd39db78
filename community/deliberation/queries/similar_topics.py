"""Topics like the one somebody is about to raise."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.deliberation.models import Topic
from community.deliberation.queries.topics import TopicView, view_topics
from community.deliberation.rules.topics import LISTED
from community.kernel.actor import Actor
from community.kernel.similar import rank_alike

MOST_ALIKE = 5
# The newest are compared: what is older is found by the search.
MOST_COMPARED = 10_000
LONGEST_COMPARED = 200
SHORTEST_ASKED = 2


def similar_topics(
    session: Session, actor: Actor, words: str, besides: int | None = None
) -> tuple[TopicView, ...]:
    """List the topics that are most alike to words, the most alike first."""
    if len(words.strip()) < SHORTEST_ASKED:
        return ()
    rows = session.execute(
        select(Topic.id, Topic.title, func.substr(Topic.words, 1, LONGEST_COMPARED))
        .where(
            Topic.community_id == actor.community_id,
            Topic.state.in_(LISTED),
            Topic.is_hidden.is_(False),
            Topic.title != "",
            Topic.id != (besides or 0),
        )
        .order_by(Topic.id.desc())
        .limit(MOST_COMPARED)
    )
    texts = [(key, f"{title} {rest}") for key, title, rest in rows]
    shelf = ("topic", actor.community_id)
    alike = rank_alike(words[:LONGEST_COMPARED], texts, MOST_ALIKE, shelf=shelf)
    found = [each.key for each in alike]
    chosen = {row.id: row for row in session.scalars(select(Topic).where(Topic.id.in_(found)))}
    return view_topics(session, actor, [chosen[key] for key in found])
