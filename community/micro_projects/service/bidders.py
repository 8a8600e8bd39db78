"""For whom a person bids: the organization that employs them here."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community import identity
from community.kernel.actor import Actor
from community.micro_projects.errors.tenders import NotABidder


def own_organization(session: Session, actor: Actor) -> int:
    """Give the organization the actor works for in this community today.

    Raises: NotABidder, for somebody who acts for another too.
    """
    if actor.person_id is None or actor.on_behalf_of is not None:
        raise NotABidder
    found = identity.employer_of(session, actor.community_id, actor.person_id)
    if found is None:
        raise NotABidder
    return found
