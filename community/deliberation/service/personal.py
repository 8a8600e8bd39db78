"""A person's erasure and the merging of two rows; each part adds its own piece."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from community.deliberation.service import bodies, invitations, opinions, topic_personal, votes
from community.kernel.actor import Actor

ERASING: tuple[Callable[[Session, Actor, int], None], ...] = (
    votes.erase_person,
    bodies.end_terms_of,
    topic_personal.erase_topics_of,
    opinions.erase_opinions,
    invitations.erase_places,
)
MERGING: tuple[Callable[[Session, Actor, int, int], None], ...] = (
    votes.merge_person,
    bodies.move_terms,
    topic_personal.merge_topics_of,
    opinions.merge_opinions,
    invitations.merge_places,
)


def erase_person(session: Session, actor: Actor, person_id: int) -> None:
    """Mask what tells who a person was; counts and decisions stay."""
    for part in ERASING:
        part(session, actor, person_id)


def merge_person(session: Session, actor: Actor, kept_id: int, merged_id: int) -> None:
    """Let everything of a merged row be the kept person's."""
    for part in MERGING:
        part(session, actor, kept_id, merged_id)
