"""What each unit of a fund is charged for a month."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel.actor import Actor
from community.trust_property.models import FundUnit
from community.trust_property.queries.estate import rates_on
from community.trust_property.rules.bills import first_day, last_day
from community.trust_property.rules.estate import UnitUse


@dataclass(frozen=True, slots=True)
class ChargedUnit:
    """A unit with its area in 0.01 m² and what it is charged, in fen per m² and month."""

    unit_id: int
    use: UnitUse
    area_centiares: int
    rate_fen: int


def charged_units(
    session: Session, actor: Actor, fund_id: int, month: int
) -> tuple[ChargedUnit, ...]:
    """List the units with an area and a rate in a month YYYYMM, by their number.

    The rate on the month's first day counts for the whole month; where there is none yet, the
    first that comes within it. Raises: FundNotFound.
    """
    rates = {
        **rates_on(session, actor, fund_id, last_day(month)),
        **rates_on(session, actor, fund_id, first_day(month)),
    }
    rows = session.execute(
        select(FundUnit.unit_id, FundUnit.use, FundUnit.area_centiares)
        .where(
            FundUnit.community_id == actor.community_id,
            FundUnit.fund_id == fund_id,
            FundUnit.area_centiares > 0,
        )
        .order_by(FundUnit.unit_id)
    )
    return tuple(
        ChargedUnit(unit_id, use, area, rates[use])
        for unit_id, use, area in rows
        if rates.get(use, 0) > 0
    )
