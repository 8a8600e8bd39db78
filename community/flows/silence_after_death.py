"""When a person dies, messages to them that have not left yet are taken back."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community import identity
from community.kernel import events, outbox


def listen() -> None:
    """Hear of deaths."""
    events.subscribe(identity.PersonDied, _died)


def _died(session: Session, told: identity.PersonDied) -> None:
    outbox.withdraw(session, told.community_id, f"person:{told.person_id}")
