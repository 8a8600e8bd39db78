"""Units with their areas, fee rates and contracts: what bills and common income rest on."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.trust_property import permissions
from community.trust_property.errors.estate import FundUnitNotFound, NeedsApproval
from community.trust_property.errors.matters import BackDated, NothingChanged
from community.trust_property.models import FundBuilding, FundUnit, Matter, Rate
from community.trust_property.queries.estate import rates_on
from community.trust_property.rules.estate import USES, UnitUse
from community.trust_property.rules.fund import FundState
from community.trust_property.rules.keys import KeySide
from community.trust_property.rules.matters import Fact, MatterKind, yuan_text
from community.trust_property.service import matters
from community.trust_property.service.fund import load_fund
from community.trust_property.service.keys import check_key
from community.trust_property.service.publishing import hidden_words, publish
from community.trust_property.service.vouchers import Paper, keep_papers


def take_units(session: Session, actor: Actor, fund_id: int) -> int:
    """Take the units of the fund's buildings from the register, each with its area; tells how many.

    A unit that is in the fund already keeps its area here. Raises: FundNotFound, FundClosed.
    """
    actor.check(permissions.FOUND.code)
    load_fund(session, actor, fund_id)
    chosen = set(
        session.scalars(
            select(FundBuilding.building_id).where(
                FundBuilding.community_id == actor.community_id, FundBuilding.fund_id == fund_id
            )
        )
    )
    known = set(
        session.scalars(select(FundUnit.unit_id).where(FundUnit.community_id == actor.community_id))
    )
    rows = [
        FundUnit(
            community_id=actor.community_id,
            fund_id=fund_id,
            unit_id=each.id,
            use=UnitUse.HOME,
            area_centiares=each.area_centiares,
            set_at=clock.now(),
        )
        for each in identity.units(session, actor.community_id)
        if each.building_id in chosen and each.id not in known
    ]
    session.add_all(rows)
    session.flush()
    return len(rows)


def set_unit(
    session: Session, actor: Actor, fund_id: int, unit_id: int, use: UnitUse, area_centiares: int
) -> None:
    """Set a unit's use and area while the fund is being prepared.

    Raises: FundNotFound, FundClosed, FundUnitNotFound, NeedsApproval.
    """
    actor.check(permissions.FOUND.code)
    fund = load_fund(session, actor, fund_id)
    row = _unit(session, actor, fund_id, unit_id)
    if fund.state is not FundState.PREPARING:
        raise NeedsApproval
    row.use, row.area_centiares, row.set_at = use, area_centiares, clock.now()
    session.flush()


def propose_unit(
    session: Session,
    actor: Actor,
    fund_id: int,
    unit_id: int,
    use: UnitUse,
    area_centiares: int,
    reference: str,
) -> int:
    """Put another use or area of a unit to the committee; gives the matter's id.

    Raises: FundNotFound, FundClosed, NoKey, FundUnitNotFound, NothingChanged, MatterOpen.
    """
    actor.check(permissions.PREPARE.code)
    fund = load_fund(session, actor, fund_id)
    check_key(session, actor, fund_id, KeySide.TRUSTEE)
    row = _unit(session, actor, fund_id, unit_id)
    if (row.use, row.area_centiares) == (use, area_centiares):
        raise NothingChanged
    names = {each.id: each for each in identity.units(session, actor.community_id)}
    home = f"{names[unit_id].building} {names[unit_id].name}"
    draft = matters.Draft(
        MatterKind.UNIT.value,
        f"{home} 面积和用途",
        (
            Fact(N_("房屋"), home),
            Fact(N_("用途"), USES[use], USES[row.use]),
            Fact(N_("计费面积"), _area(area_centiares), _area(row.area_centiares)),
            Fact(N_("依据"), reference),
        ),
        {"unit": unit_id, "use": use.value, "area": area_centiares, "reference": reference},
        subject_id=unit_id,
    )
    return matters.raise_matter(session, actor, fund, draft).id


def propose_rate(
    session: Session,
    actor: Actor,
    fund_id: int,
    use: UnitUse,
    rate_fen: int,
    valid_from: date,
    reference: str,
    papers: tuple[Paper, ...] = (),
) -> int:
    """Put a fee rate (fen per square metre and month) to the committee; gives the matter's id.

    Raises: FundNotFound, FundClosed, NoKey, BackDated, NothingChanged.
    """
    actor.check(permissions.PREPARE.code)
    fund = load_fund(session, actor, fund_id)
    check_key(session, actor, fund_id, KeySide.TRUSTEE)
    if valid_from < clock.today():
        raise BackDated
    old = rates_on(session, actor, fund_id, valid_from).get(use)
    if old == rate_fen:
        raise NothingChanged
    draft = matters.Draft(
        MatterKind.RATE.value,
        f"{USES[use]}收费标准",
        (
            Fact(N_("房屋用途"), USES[use]),
            Fact(N_("每平方米每月"), yuan_text(rate_fen), "" if old is None else yuan_text(old)),
            Fact(N_("生效日期"), valid_from.isoformat()),
            Fact(N_("依据"), reference),
        ),
        {
            "use": use.value,
            "rate_fen": rate_fen,
            "valid_from": valid_from.isoformat(),
            "reference": reference,
        },
        papers=keep_papers(session, actor, papers),
    )
    return matters.raise_matter(session, actor, fund, draft).id


def _unit(session: Session, actor: Actor, fund_id: int, unit_id: int) -> FundUnit:
    row = session.scalar(
        select(FundUnit).where(
            FundUnit.community_id == actor.community_id,
            FundUnit.fund_id == fund_id,
            FundUnit.unit_id == unit_id,
        )
    )
    if row is None:
        raise FundUnitNotFound
    return row


def _area(centiares: int) -> str:
    return f"{centiares // 100}.{centiares % 100:02d} 平方米"


def _unit_made(session: Session, actor: Actor, matter: Matter, transaction_id: int | None) -> None:
    content: dict[str, Any] = matter.content
    row = _unit(session, actor, matter.fund_id, content["unit"])
    row.use, row.area_centiares = UnitUse(content["use"]), content["area"]
    row.matter_id, row.set_at = matter.id, clock.now()
    session.flush()
    fields = {
        "fund": matter.fund_id,
        "unit": hidden_words(session, actor, f"unit:{row.unit_id}"),
        "use": row.use.value,
        "area_centiares": row.area_centiares,
        "proposal": matter.proposal_id,
    }
    publish(session, actor, "unit", fields)


def _rate_made(session: Session, actor: Actor, matter: Matter, transaction_id: int | None) -> None:
    content: dict[str, Any] = matter.content
    row = Rate(
        community_id=actor.community_id,
        fund_id=matter.fund_id,
        use=UnitUse(content["use"]),
        rate_fen=content["rate_fen"],
        valid_from=max(date.fromisoformat(content["valid_from"]), clock.today()),
        reference=content["reference"],
        matter_id=matter.id,
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
    fields = {
        "fund": row.fund_id,
        "rate": row.id,
        "use": row.use.value,
        "rate_fen": row.rate_fen,
        "valid_from": row.valid_from.isoformat(),
        "reference": row.reference,
        "proposal": matter.proposal_id,
    }
    publish(session, actor, "rate", fields)


matters.on(MatterKind.UNIT.value, _unit_made)
matters.on(MatterKind.RATE.value, _rate_made)
