"""Commands of the monthly settlement: make a sheet, pay it, withdraw it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.rewards import permissions
from community.rewards.errors import (
    MonthNotOver,
    NothingToSettle,
    SheetNotFound,
    SheetNotOpen,
)
from community.rewards.models import Redemption, SettlementSheet
from community.rewards.rules.redemptions import RedemptionState, next_month
from community.rewards.rules.settlements import SHEET_TITLES, SheetState, is_month_over
from community.rewards.service import books
from community.rewards.service.catalogue import get_merchant_row


def make_sheet(session: Session, actor: Actor, merchant_id: int, month: date) -> int:
    """Put everything a merchant handed out up to the month's end on one sheet.

    What an earlier month left over (a withdrawn sheet) is taken along.
    Raises: MerchantNotFound, MonthNotOver, NothingToSettle, SheetNotOpen.
    """
    actor.check(permissions.BUDGET.code)
    merchant = get_merchant_row(session, actor, merchant_id)
    month = month.replace(day=1)
    shown = f"{month:%Y-%m}"
    if not is_month_over(month, clock.today()):
        raise MonthNotOver(month=shown, first_day=next_month(month).isoformat())
    waiting = _waiting(actor, merchant.id, month)
    quantity, total = session.execute(
        select(func.count(), func.coalesce(func.sum(Redemption.cost_fen), 0)).where(*waiting)
    ).one()
    if quantity == 0:
        raise NothingToSettle(month=shown)
    _check_no_other(session, actor, merchant.id, month)
    sheet = SettlementSheet(
        community_id=actor.community_id,
        merchant_id=merchant.id,
        month=month,
        quantity=int(quantity),
        total_fen=int(total),
        state=SheetState.MADE,
        made_at=clock.now(),
        made_by=actor.person_id,
    )
    session.add(sheet)
    session.flush()
    session.execute(
        update(Redemption)
        .where(*waiting)
        .values(sheet_id=sheet.id)
        .execution_options(synchronize_session=False)
    )
    return sheet.id


def pay_sheet(session: Session, actor: Actor, sheet_id: int, reference: str) -> None:
    """Record that a sheet was paid: what the merchant is owed becomes paid, by its reference.

    Raises: SheetNotFound, SheetNotOpen.
    """
    actor.check(permissions.BUDGET.code)
    sheet = _sheet(session, actor, sheet_id)
    transaction_id = None
    if sheet.total_fen > 0:
        book_id = books.budget_book(session, actor)
        owed = books.owed_account(session, actor, book_id, sheet.merchant_id)
        paid = books.paid_account(session, actor, book_id, sheet.merchant_id)
        posting = ledger.Posting(
            book_id,
            (ledger.debit(owed, sheet.total_fen), ledger.credit(paid, sheet.total_fen)),
            f"付 {sheet.month:%Y-%m} 兑换结算款",
            f"sheet:{sheet.id} {reference}",
            f"pay:{sheet.id}",
        )
        transaction_id = ledger.post(session, actor, posting).transaction_id
    _step(
        session,
        sheet,
        SheetState.PAID,
        paid_at=clock.now(),
        paid_by=actor.person_id,
        reference=reference,
        transaction_id=transaction_id,
    )


def withdraw_sheet(session: Session, actor: Actor, sheet_id: int) -> None:
    """Take an unpaid sheet back; its redemptions wait for the next one.

    Raises: SheetNotFound, SheetNotOpen.
    """
    actor.check(permissions.BUDGET.code)
    sheet = _sheet(session, actor, sheet_id)
    _step(session, sheet, SheetState.WITHDRAWN)
    session.execute(
        update(Redemption)
        .where(Redemption.community_id == actor.community_id, Redemption.sheet_id == sheet.id)
        .values(sheet_id=None)
        .execution_options(synchronize_session=False)
    )


def _waiting(actor: Actor, merchant_id: int, month: date) -> tuple[ColumnElement[bool], ...]:
    return (
        Redemption.community_id == actor.community_id,
        Redemption.merchant_id == merchant_id,
        Redemption.state == RedemptionState.COLLECTED,
        Redemption.sheet_id.is_(None),
        Redemption.collected_at < clock.at(next_month(month)),
    )


def _check_no_other(session: Session, actor: Actor, merchant_id: int, month: date) -> None:
    other = session.scalar(
        select(SettlementSheet).where(
            SettlementSheet.community_id == actor.community_id,
            SettlementSheet.merchant_id == merchant_id,
            SettlementSheet.month == month,
            SettlementSheet.state != SheetState.WITHDRAWN,
        )
    )
    if other is not None:
        raise SheetNotOpen(state=SHEET_TITLES[other.state])


def _sheet(session: Session, actor: Actor, sheet_id: int) -> SettlementSheet:
    sheet = session.get(SettlementSheet, sheet_id)
    if sheet is None or sheet.community_id != actor.community_id:
        raise SheetNotFound
    if sheet.state is not SheetState.MADE:
        raise SheetNotOpen(state=SHEET_TITLES[sheet.state])
    return sheet


def _step(session: Session, sheet: SettlementSheet, target: SheetState, **changes: object) -> None:
    done = db.change(
        session,
        update(SettlementSheet)
        .where(
            SettlementSheet.community_id == sheet.community_id,
            SettlementSheet.id == sheet.id,
            SettlementSheet.state == SheetState.MADE,
        )
        .values(state=target, **changes),
    )
    if done != 1:
        raise SheetNotOpen(state=SHEET_TITLES[target])
    session.refresh(sheet)
