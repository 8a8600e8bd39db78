"""The rule sets of tenders in force on a day, as the street set them, else the preset."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.micro_projects.models import TenderRules
from community.micro_projects.rules.tender_methods import PRESET, TenderTerms, in_force
from community.micro_projects.rules.tenders import TenderMethod

_FIELDS = tuple(TenderTerms.__dataclass_fields__)


def tender_terms(
    session: Session, community_id: int, kind: str, day: date
) -> dict[TenderMethod, TenderTerms]:
    """Give for each method what holds for a kind of project on a day."""
    return in_force((*PRESET, *tender_rule_sets(session, community_id)), kind, day)


def tender_rule_sets(session: Session, community_id: int) -> tuple[TenderTerms, ...]:
    """List what was set here, in the order in which it was written down."""
    rows = session.scalars(
        select(TenderRules).where(TenderRules.community_id == community_id).order_by(TenderRules.id)
    )
    return tuple(TenderTerms(*(getattr(row, name) for name in _FIELDS)) for row in rows)
