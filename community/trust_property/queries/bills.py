"""Reading bills, receipts, arrears and the collection rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.trust_property.errors.bills import ReceiptNotFound, RunNotFound
from community.trust_property.models.bills import Bill, BillRun, Receipt, ReceiptPart
from community.trust_property.queries.fund import get_fund
from community.trust_property.rules import bills as rules

MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class RunView:
    """The bills of a month."""

    id: int
    fund_id: int
    month: int
    due_on: date
    state: rules.RunState
    bill_count: int
    total_fen: int
    paid_fen: int
    job_id: int | None


@dataclass(frozen=True, slots=True)
class BillView:
    """A bill of a unit; `open_fen` is what is still owed."""

    id: int
    unit_id: int
    unit: str
    kind: rules.BillKind
    month: int
    amount_fen: int
    paid_fen: int
    due_on: date
    age: rules.Age

    @property
    def open_fen(self) -> int:
        """Tell what is still owed."""
        return self.amount_fen - self.paid_fen


@dataclass(frozen=True, slots=True)
class PartView:
    """What of a receipt paid what; `month` None is a prepayment."""

    unit_id: int
    unit: str
    month: int | None
    amount_fen: int


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """A receipt with its parts."""

    id: int
    fund_id: int
    number: int
    amount_fen: int
    channel: rules.Channel
    bank_account_id: int | None
    received_on: date
    payer: str
    reference: str
    record_id: int
    transaction_id: int
    made_by: int | None
    is_void: bool
    void_reason: str
    parts: tuple[PartView, ...]


@dataclass(frozen=True, slots=True)
class AgeRow:
    """Unpaid bills of a building by age, without names; `building` None sums small buildings."""

    building: str | None
    unit_count: int
    amounts_fen: tuple[tuple[rules.Age, int], ...]
    total_fen: int


@dataclass(frozen=True, slots=True)
class CollectionMonth:
    """How much of a month's bills is paid; the rate is in hundredths of a percent."""

    month: int
    billed_fen: int
    paid_fen: int
    rate: int | None


@dataclass(frozen=True, slots=True)
class UnitAccount:
    """What one unit owes, has paid ahead and has paid."""

    unit_id: int
    unit: str
    owed_fen: int
    bills: tuple[BillView, ...]
    receipts: tuple[ReceiptView, ...]


def bill_runs(session: Session, actor: Actor, fund_id: int) -> tuple[RunView, ...]:
    """List the bills of a fund by month, the newest first; given-up ones are left out.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    rows = session.execute(_runs(actor, fund_id).order_by(BillRun.month.desc()).limit(MOST_SHOWN))
    return tuple(_run_view(row[0], row[1]) for row in rows)


def get_bill_run(session: Session, actor: Actor, fund_id: int, run_id: int) -> RunView:
    """Get the bills of a month.

    Raises: RunNotFound.
    """
    found = session.execute(_runs(actor, fund_id, BillRun.id == run_id)).one_or_none()
    if found is None:
        raise RunNotFound
    return _run_view(found[0], found[1])


def bills_of_run(
    session: Session, actor: Actor, fund_id: int, run_id: int, after: int = 0
) -> tuple[BillView, ...]:
    """List bills of a run by their number, some at a time.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    chosen = (Bill.fund_id == fund_id, Bill.run_id == run_id, Bill.id > after)
    return _bills(session, actor, chosen, order=(Bill.id,))


def open_bills(
    session: Session, actor: Actor, fund_id: int, unit_ids: Sequence[int]
) -> tuple[BillView, ...]:
    """List what units owe, the oldest month first."""
    chosen = (
        Bill.fund_id == fund_id,
        Bill.unit_id.in_(tuple(unit_ids)),
        Bill.transaction_id.is_not(None),
        Bill.paid_fen < Bill.amount_fen,
    )
    return _bills(session, actor, chosen, order=(Bill.month, Bill.unit_id), most=1_000)


def overdue_bills(session: Session, actor: Actor, fund_id: int, after: int) -> tuple[BillView, ...]:
    """List bills past their due day by their number, some at a time."""
    chosen = (
        Bill.fund_id == fund_id,
        Bill.transaction_id.is_not(None),
        Bill.paid_fen < Bill.amount_fen,
        Bill.due_on < clock.today(),
        Bill.id > after,
    )
    return _bills(session, actor, chosen, order=(Bill.id,))


def unit_account(session: Session, actor: Actor, fund_id: int, unit_id: int) -> UnitAccount:
    """Give a unit's bills and receipts, the newest first; the caller has checked whose it is."""
    of_unit = (Bill.fund_id == fund_id, Bill.unit_id == unit_id, Bill.transaction_id.is_not(None))
    bills = _bills(session, actor, of_unit, order=(Bill.month.desc(),))
    owed = session.scalar(
        select(func.coalesce(func.sum(Bill.amount_fen - Bill.paid_fen), 0)).where(
            Bill.community_id == actor.community_id, *of_unit
        )
    )
    numbers = (
        select(ReceiptPart.receipt_id)
        .where(ReceiptPart.community_id == actor.community_id, ReceiptPart.unit_id == unit_id)
        .scalar_subquery()
    )
    receipts = _receipts(session, actor, Receipt.fund_id == fund_id, Receipt.id.in_(numbers))
    name = identity.unit_names(session, actor.community_id, (unit_id,)).get(unit_id, "")
    return UnitAccount(unit_id, name, int(owed or 0), bills, receipts)


def receipts(
    session: Session, actor: Actor, fund_id: int, before: int | None = None
) -> tuple[ReceiptView, ...]:
    """List receipts of a fund, the newest first, some at a time.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    chosen = [Receipt.fund_id == fund_id]
    if before is not None:
        chosen.append(Receipt.number < before)
    return _receipts(session, actor, *chosen)


def get_receipt(session: Session, actor: Actor, fund_id: int, receipt_id: int) -> ReceiptView:
    """Get a receipt of a fund.

    Raises: ReceiptNotFound.
    """
    found = _receipts(session, actor, Receipt.fund_id == fund_id, Receipt.id == receipt_id)
    if not found:
        raise ReceiptNotFound
    return found[0]


def arrears(session: Session, actor: Actor, fund_id: int) -> tuple[AgeRow, ...]:
    """Tell unpaid bills by building and age, without names, for everybody to see.

    Buildings where fewer than three units owe are summed in one row: alone they would name a
    family. Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    rows = session.execute(
        select(Bill.unit_id, Bill.due_on, Bill.amount_fen - Bill.paid_fen).where(
            Bill.community_id == actor.community_id,
            Bill.fund_id == fund_id,
            Bill.transaction_id.is_not(None),
            Bill.paid_fen < Bill.amount_fen,
        )
    ).all()
    buildings = {unit.id: unit.building for unit in identity.units(session, actor.community_id)}
    today = clock.today()
    owing: dict[str, set[int]] = {}
    for unit_id, _, _ in rows:
        owing.setdefault(buildings.get(unit_id, ""), set()).add(unit_id)
    shown = {name for name, units in owing.items() if len(units) >= rules.FEWEST_SHOWN}
    groups: dict[str | None, tuple[set[int], dict[rules.Age, int]]] = {}
    for unit_id, due_on, left in rows:
        building = buildings.get(unit_id, "")
        units, ages = groups.setdefault(building if building in shown else None, (set(), {}))
        units.add(unit_id)
        age = rules.age_of(due_on, today)
        ages[age] = ages.get(age, 0) + left
    return tuple(
        _age_row(building, *groups[building])
        for building in [*dict.fromkeys(buildings.values()), None]
        if building in groups
    )


def collection(
    session: Session, actor: Actor, fund_id: int, months: int = 12
) -> tuple[CollectionMonth, ...]:
    """Tell how much of each month's bills is paid by now (收缴率), the newest month first.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    rows = session.execute(
        select(Bill.month, func.sum(Bill.amount_fen), func.sum(Bill.paid_fen))
        .where(
            Bill.community_id == actor.community_id,
            Bill.fund_id == fund_id,
            Bill.transaction_id.is_not(None),
        )
        .group_by(Bill.month)
        .order_by(Bill.month.desc())
        .limit(months)
    )
    return tuple(
        CollectionMonth(month, int(billed), int(paid), rules.per_cent(int(paid), int(billed)))
        for month, billed, paid in rows
    )


def _age_row(building: str | None, units: set[int], ages: dict[rules.Age, int]) -> AgeRow:
    amounts = tuple((age, ages.get(age, 0)) for age in rules.Age)
    return AgeRow(building, len(units), amounts, sum(ages.values()))


def _runs(actor: Actor, fund_id: int, *chosen: ColumnElement[bool]) -> Select[Any]:
    paid = (
        select(func.coalesce(func.sum(Bill.paid_fen), 0))
        .where(Bill.community_id == BillRun.community_id, Bill.run_id == BillRun.id)
        .scalar_subquery()
    )
    return select(BillRun, paid).where(
        BillRun.community_id == actor.community_id,
        BillRun.fund_id == fund_id,
        BillRun.state != rules.RunState.DROPPED,
        *chosen,
    )


def _run_view(row: BillRun, paid: int) -> RunView:
    return RunView(
        row.id,
        row.fund_id,
        row.month,
        row.due_on,
        row.state,
        row.bill_count,
        row.total_fen,
        int(paid),
        row.job_id,
    )


def _bills(
    session: Session,
    actor: Actor,
    chosen: Sequence[ColumnElement[bool]],
    order: Sequence[ColumnElement[Any] | InstrumentedAttribute[Any]],
    most: int = MOST_SHOWN,
) -> tuple[BillView, ...]:
    rows = session.scalars(
        select(Bill)
        .where(Bill.community_id == actor.community_id, *chosen)
        .order_by(*order)
        .limit(most)
    ).all()
    names = identity.unit_names(session, actor.community_id, {row.unit_id for row in rows})
    today = clock.today()
    return tuple(
        BillView(
            row.id,
            row.unit_id,
            names.get(row.unit_id, ""),
            row.kind,
            row.month,
            row.amount_fen,
            row.paid_fen,
            row.due_on,
            rules.age_of(row.due_on, today),
        )
        for row in rows
    )


def _receipts(
    session: Session, actor: Actor, *chosen: ColumnElement[bool]
) -> tuple[ReceiptView, ...]:
    rows = session.scalars(
        select(Receipt)
        .where(Receipt.community_id == actor.community_id, *chosen)
        .order_by(Receipt.number.desc())
        .limit(MOST_SHOWN)
    ).all()
    parts = session.execute(
        select(ReceiptPart, Bill.month)
        .outerjoin(Bill, Bill.id == ReceiptPart.bill_id)
        .where(
            ReceiptPart.community_id == actor.community_id,
            ReceiptPart.receipt_id.in_([row.id for row in rows]),
        )
        .order_by(ReceiptPart.receipt_id, ReceiptPart.line)
    ).all()
    names = identity.unit_names(session, actor.community_id, {part.unit_id for part, _ in parts})
    by_receipt: dict[int, list[PartView]] = {}
    for part, month in parts:
        view = PartView(part.unit_id, names.get(part.unit_id, ""), month, part.amount_fen)
        by_receipt.setdefault(part.receipt_id, []).append(view)
    return tuple(_receipt_view(row, tuple(by_receipt.get(row.id, ()))) for row in rows)


def _receipt_view(row: Receipt, parts: tuple[PartView, ...]) -> ReceiptView:
    return ReceiptView(
        row.id,
        row.fund_id,
        row.number,
        row.amount_fen,
        row.channel,
        row.bank_account_id,
        row.received_on,
        row.payer,
        row.reference,
        row.record_id,
        row.transaction_id,
        row.made_by,
        row.voided_at is not None,
        row.void_reason or "",
        parts,
    )
