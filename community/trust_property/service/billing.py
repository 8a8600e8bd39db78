"""Billing a month: counted at once, looked at, then entered in the books chunk by chunk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock, db, jobs
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.jobs.kinds import Arguments, Step
from community.trust_property import permissions
from community.trust_property.errors.bills import (
    DueTooEarly,
    MonthBilled,
    MonthTooEarly,
    NothingToBill,
    RunNotFound,
    RunStepWrong,
)
from community.trust_property.models.bills import Bill, BillRun, PrepaidUse
from community.trust_property.models.fund import Fund
from community.trust_property.queries.units import ChargedUnit, charged_units
from community.trust_property.rules import bills as rules
from community.trust_property.rules.fund import Purpose
from community.trust_property.rules.keys import KeySide
from community.trust_property.service import books
from community.trust_property.service.fund import load_fund
from community.trust_property.service.keys import check_key

BILLING_JOB = "trust.billing"
# One posting per so many bills: small enough for one public record and one slice of the writer.
BILLS_PER_POSTING = 100


@dataclass(frozen=True, slots=True)
class _Posted:
    """A bill on its way into the books."""

    bill_id: int
    unit_id: int
    amount_fen: int
    use: str


def prepare_bills(session: Session, actor: Actor, fund_id: int, month: int, due_on: date) -> int:
    """Count the bills of a month YYYYMM for every unit with an area and a rate; gives their id.

    Nothing is owed yet: the desk looks at the sum, then has them posted or dropped.
    Raises: FundNotFound, FundClosed, NoKey, MonthTooEarly, DueTooEarly, MonthBilled, NothingToBill.
    """
    actor.check(permissions.PREPARE.code)
    fund = load_fund(session, actor, fund_id)
    check_key(session, actor, fund_id, KeySide.TRUSTEE)
    if rules.first_day(month) > clock.today():
        raise MonthTooEarly(month=rules.month_shown(month))
    if due_on < rules.first_day(month):
        raise DueTooEarly(month=rules.month_shown(month))
    _check_not_billed(session, actor, fund.id, month)
    units = _unbilled(session, actor, fund.id, month)
    amounts = rules.monthly_amounts(
        [rules.Charge(each.unit_id, each.area_centiares, each.rate_fen) for each in units]
    )
    owed = [(unit, amount) for unit, amount in zip(units, amounts, strict=True) if amount]
    if not owed:
        raise NothingToBill
    run = BillRun(
        community_id=actor.community_id,
        fund_id=fund.id,
        month=month,
        due_on=due_on,
        state=rules.RunState.PREPARED,
        bill_count=len(owed),
        total_fen=sum(amount for _, amount in owed),
        made_at=clock.now(),
        made_by=actor.person_id,
    )
    session.add(run)
    session.flush()
    _write_bills(session, run, owed)
    return run.id


def post_bills(session: Session, actor: Actor, fund_id: int, run_id: int) -> int:
    """Start entering prepared bills in the books; gives the job's id.

    Raises: FundNotFound, FundClosed, RunNotFound, RunStepWrong.
    """
    actor.check(permissions.PREPARE.code)
    load_fund(session, actor, fund_id)
    check_key(session, actor, fund_id, KeySide.TRUSTEE)
    run = _run(session, actor, fund_id, run_id)
    _step(session, run, rules.RunState.PREPARED, rules.RunState.POSTING)
    job_id = jobs.start_job(session, actor, BILLING_JOB, {"fund_id": fund_id, "run_id": run_id})
    session.execute(
        update(BillRun)
        .where(BillRun.community_id == actor.community_id, BillRun.id == run_id)
        .values(job_id=job_id)
    )
    return job_id


def drop_bills(session: Session, actor: Actor, fund_id: int, run_id: int) -> None:
    """Give prepared bills up; the month can then be counted anew.

    Raises: RunNotFound, RunStepWrong.
    """
    actor.check(permissions.PREPARE.code)
    run = _run(session, actor, fund_id, run_id)
    _step(session, run, rules.RunState.PREPARED, rules.RunState.DROPPED)
    session.execute(
        delete(Bill)
        .where(Bill.community_id == actor.community_id, Bill.run_id == run_id)
        .execution_options(synchronize_session=False)
    )


def plan_posting(session: Session, actor: Actor, args: Arguments) -> int:
    """Tell how many bills there are to enter."""
    return _run(session, actor, args["fund_id"], args["run_id"]).bill_count


def post_chunk(session: Session, actor: Actor, args: Arguments, step: Step) -> int:
    """Enter the next bills in the books while the slice of time lasts."""
    fund = load_fund(session, actor, args["fund_id"])
    run = _run(session, actor, args["fund_id"], args["run_id"])
    position = step.position
    while position < step.total:
        waiting = _waiting(session, actor, run.id)
        assert waiting, "fewer bills than counted"
        _post(session, actor, fund, run, waiting)
        position += len(waiting)
        if not step.budget.lasts():
            break
    return position


def finish_posting(session: Session, actor: Actor, args: Arguments) -> dict[str, Any]:
    """Show the bills to the owners."""
    run = _run(session, actor, args["fund_id"], args["run_id"])
    _step(session, run, rules.RunState.POSTING, rules.RunState.POSTED)
    return {"month": run.month, "bill_count": run.bill_count, "total_fen": run.total_fen}


KIND = jobs.JobKind(
    BILLING_JOB, N_("出账单"), plan=plan_posting, chunk=post_chunk, finish=finish_posting
)


def _check_not_billed(session: Session, actor: Actor, fund_id: int, month: int) -> None:
    billed = select(BillRun.id).where(
        BillRun.community_id == actor.community_id,
        BillRun.fund_id == fund_id,
        BillRun.month == month,
        BillRun.state != rules.RunState.DROPPED,
    )
    if session.scalar(billed) is not None:
        raise MonthBilled(month=rules.month_shown(month))


def _unbilled(session: Session, actor: Actor, fund_id: int, month: int) -> tuple[ChargedUnit, ...]:
    """List the units to bill: one that was opened owing the month owes it already."""
    owing = set(
        session.scalars(
            select(Bill.unit_id).where(
                Bill.community_id == actor.community_id,
                Bill.fund_id == fund_id,
                Bill.month == month,
            )
        )
    )
    units = charged_units(session, actor, fund_id, month)
    return tuple(each for each in units if each.unit_id not in owing)


def _write_bills(session: Session, run: BillRun, owed: Sequence[tuple[ChargedUnit, int]]) -> None:
    """Write all bills of a month in one statement."""
    rows = [
        {
            "community_id": run.community_id,
            "fund_id": run.fund_id,
            "run_id": run.id,
            "unit_id": unit.unit_id,
            "kind": rules.BillKind.FEE,
            "month": run.month,
            "amount_fen": amount,
            "paid_fen": 0,
            "due_on": run.due_on,
            "use": unit.use.value,
        }
        for unit, amount in owed
    ]
    session.execute(insert(Bill), rows)


def _waiting(session: Session, actor: Actor, run_id: int) -> list[_Posted]:
    rows = session.execute(
        select(Bill.id, Bill.unit_id, Bill.amount_fen, Bill.use)
        .where(
            Bill.community_id == actor.community_id,
            Bill.run_id == run_id,
            Bill.transaction_id.is_(None),
        )
        .order_by(Bill.id)
        .limit(BILLS_PER_POSTING)
    )
    return [_Posted(*row) for row in rows]


def _post(
    session: Session, actor: Actor, fund: Fund, run: BillRun, waiting: Sequence[_Posted]
) -> None:
    """Enter some bills as one transaction, and let prepayments pay what they can."""
    assert fund.book_id is not None
    units = [bill.unit_id for bill in waiting]
    owed = books.receivable_accounts(session, actor, fund.book_id, units)
    lines, by_use = [], dict[str, int]()
    for bill, account in zip(waiting, owed, strict=True):
        lines.append(ledger.debit(account, bill.amount_fen))
        by_use[bill.use] = by_use.get(bill.use, 0) + bill.amount_fen
    for use, amount in sorted(by_use.items()):
        income = books.fee_account(session, actor, fund.book_id, use)
        lines.append(ledger.credit(income, amount))
    first = waiting[0].bill_id
    posting = ledger.Posting(
        fund.book_id,
        tuple(lines),
        Purpose.BILL.value,
        f"bills:{run.id}/{first}",
        f"bills:{run.id}/{first}",
    )
    posted = ledger.post(session, actor, posting)
    db.statements(session).many(
        "UPDATE trust_bill SET transaction_id = ? WHERE id = ?",
        [(posted.transaction_id, bill.bill_id) for bill in waiting],
    )
    _use_prepayments(session, actor, fund, waiting)


def _use_prepayments(session: Session, actor: Actor, fund: Fund, bills: Sequence[_Posted]) -> None:
    """Pay fresh bills from what their units have paid ahead."""
    assert fund.book_id is not None
    at = db.statements(session)
    units = [bill.unit_id for bill in bills]
    prepaid = books.find_prepaid(session, actor, fund.book_id, units)
    for bill in bills:
        if bill.unit_id not in prepaid:
            continue
        account = prepaid[bill.unit_id]
        free = ledger.get_account(session, actor.community_id, account).balance.available
        used = min(free, bill.amount_fen)
        if used <= 0:
            continue
        owed = books.receivable_account(session, actor, fund.book_id, bill.unit_id)
        posting = ledger.Posting(
            fund.book_id,
            (ledger.debit(account, used), ledger.credit(owed, used)),
            Purpose.BILL.value,
            f"bill:{bill.bill_id}",
            f"prepaid:{bill.bill_id}",
        )
        posted = ledger.post(session, actor, posting)
        session.add(
            PrepaidUse(
                community_id=actor.community_id,
                bill_id=bill.bill_id,
                amount_fen=used,
                transaction_id=posted.transaction_id,
            )
        )
        at.run("UPDATE trust_bill SET paid_fen = paid_fen + ? WHERE id = ?", (used, bill.bill_id))


def _run(session: Session, actor: Actor, fund_id: int, run_id: int) -> BillRun:
    row = session.get(BillRun, run_id)
    if row is None or row.community_id != actor.community_id or row.fund_id != fund_id:
        raise RunNotFound
    return row


def _step(session: Session, run: BillRun, expected: rules.RunState, to: rules.RunState) -> None:
    """Move bills on from the state the page showed; somebody else may have been first."""
    assert to in rules.RUN_STEPS[expected]
    done = db.change(
        session,
        update(BillRun)
        .where(
            BillRun.community_id == run.community_id,
            BillRun.id == run.id,
            BillRun.state == expected,
        )
        .values(state=to),
    )
    if done != 1:
        raise RunStepWrong
    session.refresh(run)
