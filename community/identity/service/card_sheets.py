"""Making the cards that are missing before a building's cards are printed."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community.identity.models import Card
from community.identity.permissions import PRINT_CARDS
from community.identity.queries.card_sheets import people_without_card
from community.identity.queries.letters import get_building
from community.identity.service.cards import CARD_LENGTH
from community.kernel import clock, ids
from community.kernel.actor import Actor


def make_missing_cards(session: Session, actor: Actor, building_id: int) -> int:
    """Make a card for everybody in a building who has none; cards that work stay as they are.

    Answers how many were made.
    Raises: NotFound for a building of somebody else's.
    """
    actor.check(PRINT_CARDS.code)
    get_building(session, actor.community_id, building_id)
    lacking = people_without_card(session, actor.community_id, building_id)
    session.add_all(
        Card(
            community_id=actor.community_id,
            person_id=person_id,
            code=ids.random_code(CARD_LENGTH),
            made_at=clock.now(),
            made_by=actor.person_id,
        )
        for person_id in lacking
    )
    session.flush()
    return len(lacking)
