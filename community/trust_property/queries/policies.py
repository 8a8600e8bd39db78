"""Reading the rules of a fund on a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.actor import Actor
from community.trust_property.errors.matters import RulesMissing
from community.trust_property.models import FundRule
from community.trust_property.queries.fund import get_fund
from community.trust_property.rules.policies import Terms, read_terms


@dataclass(frozen=True, slots=True)
class RuleView:
    """One dated version of a fund's rules."""

    id: int
    terms: Terms
    valid_from: date
    reference: str
    matter_id: int


def rule_versions(session: Session, actor: Actor, fund_id: int) -> tuple[RuleView, ...]:
    """List every version of a fund's rules, the newest first.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    return _versions(session, actor.community_id, fund_id)


def find_terms(
    session: Session, community_id: int, fund_id: int, day: date | None = None
) -> Terms | None:
    """Find the rules in force on a day (today if None)."""
    on = day or clock.today()
    for each in _versions(session, community_id, fund_id):
        if each.valid_from <= on:
            return each.terms
    return None


def get_terms(session: Session, community_id: int, fund_id: int, day: date | None = None) -> Terms:
    """Get the rules in force on a day (today if None).

    Raises: RulesMissing.
    """
    found = find_terms(session, community_id, fund_id, day)
    if found is None:
        raise RulesMissing
    return found


def terms_for_month(session: Session, community_id: int, fund_id: int, last: date) -> Terms:
    """Get the rules in force on a month's last day; the first rules cover what was before them.

    Raises: RulesMissing.
    """
    found = find_terms(session, community_id, fund_id, last)
    versions = _versions(session, community_id, fund_id)
    if found is None and not versions:
        raise RulesMissing
    return found or versions[-1].terms


def fee_caps(session: Session, community_id: int, fund_id: int) -> Callable[[date], int]:
    """Give what tells how many basis points a payment service may keep back on a day.

    The first rules cover what was before them; without rules nothing may be kept back.
    """
    versions = _versions(session, community_id, fund_id)

    def cap_on(day: date) -> int:
        for each in versions:
            if each.valid_from <= day:
                return each.terms.settlement_fee_bp
        return versions[-1].terms.settlement_fee_bp if versions else 0

    return cap_on


def _versions(session: Session, community_id: int, fund_id: int) -> tuple[RuleView, ...]:
    rows = session.scalars(
        select(FundRule)
        .where(FundRule.community_id == community_id, FundRule.fund_id == fund_id)
        .order_by(FundRule.valid_from.desc(), FundRule.id.desc())
    )
    return tuple(
        RuleView(row.id, read_terms(row.terms), row.valid_from, row.reference, row.matter_id)
        for row in rows
    )
