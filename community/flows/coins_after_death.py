"""When a person dies, their time coins go to the heir or to the community's pool."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community import identity, volunteering
from community.kernel import events
from community.kernel.actor import Actor


def listen() -> None:
    """Hear of deaths, and say beforehand at the desk what will follow."""
    events.subscribe(identity.PersonDied, _died)


def _died(session: Session, told: identity.PersonDied) -> None:
    heir = None if told.pool else told.heir_id
    actor = Actor.system(told.community_id)
    volunteering.pass_on_coins(session, actor, told.person_id, heir)
