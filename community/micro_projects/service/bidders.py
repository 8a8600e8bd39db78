"""For whom a person bids: the organization that employs them here, and whether it may."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community import identity
from community.kernel.actor import Actor
from community.kernel.sentences import say
from community.micro_projects.errors.tenders import BidderUnfit, NotABidder
from community.micro_projects.models import Tender
from community.micro_projects.queries.suppliers import unfit_for
from community.micro_projects.rules.suppliers import UNFIT_TITLES


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


def check_bidder(session: Session, row: Tender, organization_id: int) -> None:
    """Refuse the bid of an organization that could not be given the work today.

    Raises: BidderUnfit.
    """
    reasons = unfit_for(session, row.community_id, row.project_id, organization_id)
    if reasons:
        raise BidderUnfit(reasons="、".join(str(say(UNFIT_TITLES[one])) for one in reasons))
