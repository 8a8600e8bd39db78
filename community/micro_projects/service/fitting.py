"""Telling organisations of a tender they may bid for: small ones need not look every day."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community.kernel import clock, events
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.micro_projects.events import TenderPublished
from community.micro_projects.queries.projects import find_project
from community.micro_projects.queries.suppliers import fitting_suppliers
from community.micro_projects.queries.tenders import find_tender
from community.micro_projects.service.suppliers import tell_staff


def tell_fitting(session: Session, event: TenderPublished) -> None:
    """Tell the staff of every organisation that may bid for a tender just published."""
    tender = find_tender(session, event.community_id, event.tender_id)
    project = find_project(session, event.community_id, tender.project_id)
    until = "" if tender.deadline is None else clock.day_of(tender.deadline).isoformat()
    for each in fitting_suppliers(session, event.community_id, project.kind.value, clock.today()):
        tell_staff(
            session,
            Actor.system(event.community_id),
            each.organization_id,
            say(N_("有您可以投的标")),
            say(N_("“{title}”，{day} 截止。"), title=tender.title, day=until),
            f"projects/tenders/{tender.id}",
            "info",
        )


def begin_telling() -> None:
    """Hear of every tender that is published; hearing twice counts once."""
    events.subscribe(TenderPublished, tell_fitting)
