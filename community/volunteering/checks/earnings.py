"""Points and coins have a reason each: a confirmed record, an award, a bag, or a service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from community.volunteering.models import (
    Acceptance,
    BinDrop,
    Earning,
    GoodDeed,
    HoursRecord,
    RuleSetRow,
)
from community.volunteering.queries.rule_sets import get_rule_set
from community.volunteering.rules.points import Book, DeedState, Source
from community.volunteering.rules.states import HoursSource, HoursState
from community.volunteering.rules.time_bank import Purse, ServiceState


def problems(session: Session) -> list[str]:
    """List earnings without a reason, caps passed, and services whose coins do not add up."""
    return [
        *_without_reason(session),
        *_without_posting(session),
        *_caps_passed(session),
        *_services(session),
        *_pinned_outside_its_days(session),
    ]


_REASONS: dict[Source, Any] = {
    Source.HOURS: exists().where(
        HoursRecord.id == Earning.source_id,
        HoursRecord.community_id == Earning.community_id,
        HoursRecord.state == HoursState.CONFIRMED,
        HoursRecord.source != HoursSource.NEED,
        HoursRecord.person_id == Earning.person_id,
    ),
    Source.DEED: exists().where(
        GoodDeed.id == Earning.source_id,
        GoodDeed.community_id == Earning.community_id,
        GoodDeed.state == DeedState.GRANTED,
        GoodDeed.points == Earning.units,
    ),
    Source.BIN: exists().where(
        BinDrop.id == Earning.source_id,
        BinDrop.community_id == Earning.community_id,
        BinDrop.is_right,
        BinDrop.points == Earning.units,
    ),
    Source.SERVICE: exists().where(
        Acceptance.id == Earning.source_id,
        Acceptance.community_id == Earning.community_id,
        Acceptance.state == ServiceState.CONFIRMED,
        Acceptance.giver_id == Earning.person_id,
    ),
}


def _without_reason(session: Session) -> Iterator[str]:
    for source, reason in _REASONS.items():
        rows = session.execute(
            select(Earning.id, Earning.source_id).where(
                Earning.source == source, Earning.reversed_at.is_(None), ~reason
            )
        )
        for earning_id, source_id in rows:
            yield f"earning {earning_id} stands without its {source} {source_id}"


def _without_posting(session: Session) -> Iterator[str]:
    rows = session.scalars(
        select(Earning.id).where(
            or_(
                and_(Earning.units > 0, Earning.transaction_id.is_(None)),
                and_(Earning.pooled_units > 0, Earning.pool_transaction_id.is_(None)),
                Earning.units + Earning.pooled_units > Earning.units_before_caps,
            )
        )
    )
    for earning_id in rows:
        yield f"earning {earning_id} and the books disagree"


def _caps_passed(session: Session) -> Iterator[str]:
    totals = session.execute(
        select(
            Earning.community_id,
            Earning.owner,
            Earning.served_on,
            Earning.rule_set_id,
            func.sum(Earning.units),
        )
        .where(
            Earning.book == Book.POINTS,
            Earning.source == Source.HOURS,
            Earning.reversed_at.is_(None),
        )
        .group_by(Earning.community_id, Earning.owner, Earning.served_on, Earning.rule_set_id)
    )
    for community_id, owner, day, rule_set_id, units in totals:
        cap = get_rule_set(session, community_id, rule_set_id).rules.points.cap_a_day
        if cap is not None and units > cap:
            yield f"{owner} earned {units} points on {day}, the cap is {cap}"


def _services(session: Session) -> Iterator[str]:
    rows = session.execute(
        select(Acceptance.id, Acceptance.coins, Earning.units, Earning.pooled_units)
        .outerjoin(
            Earning,
            and_(
                Earning.source == Source.SERVICE,
                Earning.source_id == Acceptance.id,
                Earning.community_id == Acceptance.community_id,
            ),
        )
        .where(
            Acceptance.state == ServiceState.CONFIRMED,
            Acceptance.purse.in_((Purse.RECEIVER, Purse.POOL)),
        )
    )
    for acceptance_id, coins, units, pooled in rows:
        if coins != (units or 0) + (pooled or 0):
            yield f"service {acceptance_id} cost {coins} coins, {units} + {pooled} arrived"


def _pinned_outside_its_days(session: Session) -> Iterator[str]:
    rows = session.execute(
        select(Earning.id, RuleSetRow.id)
        .join(RuleSetRow, RuleSetRow.id == Earning.rule_set_id)
        .where(or_(RuleSetRow.valid_from > Earning.earned_on, RuleSetRow.withdrawn_at.is_not(None)))
    )
    for earning_id, rule_set_id in rows:
        yield f"earning {earning_id} was decided by rule set {rule_set_id} before it held"
