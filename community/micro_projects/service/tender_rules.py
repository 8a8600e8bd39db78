"""Setting the dated rule sets of tenders; what began before stays as it was."""

from __future__ import annotations

import dataclasses

from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed
from community.micro_projects import permissions
from community.micro_projects.errors.tenders import RulesInThePast
from community.micro_projects.models import TenderRules
from community.micro_projects.rules.tender_methods import TenderTerms


def set_tender_rules(session: Session, actor: Actor, terms: TenderTerms) -> int:
    """Set what holds for a method and a kind from today or a later day on; gives its id.

    Raises: RulesInThePast.
    """
    actor.check(permissions.SET_TENDER_RULES.code)
    if actor.person_id is None:
        raise NotAllowed
    if terms.valid_from < clock.today():
        raise RulesInThePast
    said = {each.name: getattr(terms, each.name) for each in dataclasses.fields(terms)}
    row = TenderRules(
        community_id=actor.community_id, set_by=actor.person_id, set_at=clock.now(), **said
    )
    session.add(row)
    session.flush()
    return row.id
