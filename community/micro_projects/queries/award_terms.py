"""The rule sets of awards in force on a day, as the street set them, else the preset."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.micro_projects.models import AwardRules
from community.micro_projects.rules.award_terms import AwardTerms, terms_on

_FIELDS = tuple(AwardTerms.__dataclass_fields__)


def award_terms(session: Session, community_id: int, day: date) -> AwardTerms:
    """Give what holds for awards on a day."""
    return terms_on(award_rule_sets(session, community_id), day)


def award_rule_sets(session: Session, community_id: int) -> tuple[AwardTerms, ...]:
    """List what was set here, in the order in which it was written down."""
    rows = session.scalars(
        select(AwardRules).where(AwardRules.community_id == community_id).order_by(AwardRules.id)
    )
    return tuple(AwardTerms(**{name: getattr(row, name) for name in _FIELDS}) for row in rows)
