"""When a person dies or moves away, their terms in bodies end."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community import deliberation, identity
from community.kernel import events
from community.kernel.actor import Actor


def listen() -> None:
    """Hear of deaths and moves."""
    events.subscribe(identity.PersonDied, _died)
    events.subscribe(identity.PersonMoved, _moved)


def _died(session: Session, told: identity.PersonDied) -> None:
    deliberation.end_terms_of(session, Actor.system(told.community_id), told.person_id)


def _moved(session: Session, told: identity.PersonMoved) -> None:
    if told.household_id is None:
        deliberation.end_terms_of(session, Actor.system(told.community_id), told.person_id)
