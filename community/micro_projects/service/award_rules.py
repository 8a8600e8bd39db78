"""Setting the dated rule sets of panels, low prices, notices and complaints."""

from __future__ import annotations

import dataclasses

from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed
from community.micro_projects import permissions
from community.micro_projects.errors.award_rules import (
    ExpertShareWrong,
    PanelEven,
    RulesEndFirst,
    RulesTooSoon,
)
from community.micro_projects.models import AwardRules
from community.micro_projects.rules.award_terms import AwardTerms
from community.micro_projects.rules.panels import is_panel_size


def set_award_rules(session: Session, actor: Actor, terms: AwardTerms) -> int:
    """Set what holds for awards from a later day on; gives its id.

    From tomorrow at the earliest: what is done today is not judged anew.
    Raises: RulesTooSoon, RulesEndFirst, PanelEven, ExpertShareWrong.
    """
    actor.check(permissions.SET_TENDER_RULES.code)
    if actor.person_id is None:
        raise NotAllowed
    if terms.valid_from <= clock.today():
        raise RulesTooSoon
    if terms.valid_until is not None and terms.valid_until <= terms.valid_from:
        raise RulesEndFirst
    if not is_panel_size(terms.panel_seats):
        raise PanelEven(seats=terms.panel_seats)
    if terms.expert_parts > terms.expert_whole:
        raise ExpertShareWrong
    said = {each.name: getattr(terms, each.name) for each in dataclasses.fields(terms)}
    row = AwardRules(
        community_id=actor.community_id, set_by=actor.person_id, set_at=clock.now(), **said
    )
    session.add(row)
    session.flush()
    return row.id
