"""Reading units with their areas, fee rates, and common-income contracts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.trust_property.errors.estate import ContractNotFound
from community.trust_property.models import Contract, ContractInstalment, FundUnit, Rate
from community.trust_property.queries.fund import get_fund
from community.trust_property.rules.estate import ContractKind, UnitUse


@dataclass(frozen=True, slots=True)
class FundUnitView:
    """A unit that pays, with the area it is billed for (0.01 m²)."""

    unit_id: int
    building_id: int
    building: str
    name: str
    use: UnitUse
    area_centiares: int


@dataclass(frozen=True, slots=True)
class RateView:
    """A fee rate in fen per square metre and month, from a day on."""

    use: UnitUse
    rate_fen: int
    valid_from: date
    reference: str


@dataclass(frozen=True, slots=True)
class InstalmentView:
    """An instalment of a contract; booked when its transaction is known."""

    number: int
    due_on: date
    amount_fen: int
    transaction_id: int | None


@dataclass(frozen=True, slots=True)
class ContractView:
    """A common-income contract with its instalments."""

    id: int
    kind: ContractKind
    payer: str
    title: str
    amount_fen: int
    from_on: date
    until_on: date
    instalments: tuple[InstalmentView, ...]


def fund_units(
    session: Session, actor: Actor, fund_id: int, building_id: int | None = None
) -> tuple[FundUnitView, ...]:
    """List the units that pay into a fund, building by building.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    rows = session.execute(
        select(FundUnit.unit_id, FundUnit.use, FundUnit.area_centiares).where(
            FundUnit.community_id == actor.community_id, FundUnit.fund_id == fund_id
        )
    )
    own = {unit_id: (use, area) for unit_id, use, area in rows}
    return tuple(
        FundUnitView(each.id, each.building_id, each.building, each.name, *own[each.id])
        for each in identity.units(session, actor.community_id)
        if each.id in own and building_id in {None, each.building_id}
    )


def rates(session: Session, actor: Actor, fund_id: int) -> tuple[RateView, ...]:
    """List every fee rate of a fund, the newest first.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    rows = session.scalars(
        select(Rate)
        .where(Rate.community_id == actor.community_id, Rate.fund_id == fund_id)
        .order_by(Rate.valid_from.desc(), Rate.id.desc())
    )
    return tuple(RateView(row.use, row.rate_fen, row.valid_from, row.reference) for row in rows)


def rates_on(session: Session, actor: Actor, fund_id: int, day: date) -> dict[UnitUse, int]:
    """Tell each use's fee rate on a day, in fen per square metre and month.

    Raises: FundNotFound.
    """
    found: dict[UnitUse, int] = {}
    for each in rates(session, actor, fund_id):
        if each.valid_from <= day:
            found.setdefault(each.use, each.rate_fen)
    return found


def contracts(session: Session, actor: Actor, fund_id: int) -> tuple[ContractView, ...]:
    """List a fund's common-income contracts, the newest first.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    rows = session.scalars(
        select(Contract)
        .where(Contract.community_id == actor.community_id, Contract.fund_id == fund_id)
        .order_by(Contract.id.desc())
    ).all()
    parts = session.scalars(
        select(ContractInstalment)
        .where(
            ContractInstalment.community_id == actor.community_id,
            ContractInstalment.contract_id.in_([row.id for row in rows]),
        )
        .order_by(ContractInstalment.contract_id, ContractInstalment.number)
    ).all()
    return tuple(
        _contract(row, [each for each in parts if each.contract_id == row.id]) for row in rows
    )


def get_contract(session: Session, actor: Actor, fund_id: int, contract_id: int) -> ContractView:
    """Get a contract of a fund.

    Raises: FundNotFound, ContractNotFound.
    """
    for each in contracts(session, actor, fund_id):
        if each.id == contract_id:
            return each
    raise ContractNotFound


def count_due_instalments(session: Session, actor: Actor, fund_id: int) -> int:
    """Count instalments that are due and not in the books yet."""
    today = clock.today()
    return sum(
        part.transaction_id is None and part.due_on <= today
        for each in contracts(session, actor, fund_id)
        for part in each.instalments
    )


def _contract(row: Contract, parts: list[ContractInstalment]) -> ContractView:
    return ContractView(
        row.id,
        row.kind,
        row.payer,
        row.title,
        row.amount_fen,
        row.from_on,
        row.until_on,
        tuple(
            InstalmentView(each.number, each.due_on, each.amount_fen, each.transaction_id)
            for each in parts
        ),
    )
