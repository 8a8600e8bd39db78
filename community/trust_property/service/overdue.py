"""Arrears: instalments agreed, owners reminded, and prepayments refunded by both keys."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity, ledger, notices
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.trust_property.errors.bills import UnitNotInFund
from community.trust_property.errors.overdue import (
    NobodyToRemind,
    NothingOwed,
    PlanMissing,
    PlanRunning,
    PlanUnclear,
    PrepaymentShort,
)
from community.trust_property.models import Matter, PaymentPlan, PlanInstalment, Reminder
from community.trust_property.queries.overdue import OverdueUnit, overdue_units, owed_until
from community.trust_property.rules import overdue as rules
from community.trust_property.rules.bills import Channel, month_number
from community.trust_property.rules.fund import Purpose
from community.trust_property.rules.matters import Fact, MatterKind, yuan_text
from community.trust_property.service import books, matters
from community.trust_property.service.money_ways import (
    Way,
    available,
    load_for_trustee,
    money_account,
    yuan,
)
from community.trust_property.service.opening_drafts import is_in_fund

AT_ONCE = 300


def agree_plan(
    session: Session,
    actor: Actor,
    fund_id: int,
    unit_id: int,
    count: int,
    first_on: date,
    reference: str = "",
) -> int:
    """Let a unit pay what it owes now in monthly instalments; gives the plan's id.

    Raises: FundNotFound, FundClosed, NoKey, UnitNotInFund, PlanUnclear, PlanRunning, NothingOwed.
    """
    load_for_trustee(session, actor, fund_id)
    if not is_in_fund(session, actor, fund_id, unit_id):
        raise UnitNotInFund
    if not rules.FEWEST <= count <= rules.MOST or first_on < clock.today():
        raise PlanUnclear
    if _running(session, actor, fund_id, unit_id) is not None:
        raise PlanRunning
    last_month = month_number(clock.today())
    owed = owed_until(session, actor, fund_id, unit_id, last_month)
    if owed <= 0:
        raise NothingOwed
    row = PaymentPlan(
        community_id=actor.community_id,
        fund_id=fund_id,
        unit_id=unit_id,
        owed_fen=owed,
        last_month=last_month,
        reference=reference,
        made_at=clock.now(),
        made_by=actor.person_id,
    )
    session.add(row)
    session.flush()
    session.add_all(
        PlanInstalment(
            community_id=actor.community_id, plan_id=row.id, due_on=due_on, amount_fen=amount
        )
        for due_on, amount in rules.instalments(owed, count, first_on)
    )
    session.flush()
    return row.id


def end_plan(session: Session, actor: Actor, fund_id: int, unit_id: int) -> None:
    """End a unit's plan; what is overdue is reminded of again.

    Raises: FundNotFound, FundClosed, NoKey, PlanMissing.
    """
    load_for_trustee(session, actor, fund_id)
    row = _running(session, actor, fund_id, unit_id)
    if row is None:
        raise PlanMissing
    row.ended_at = clock.now()
    session.flush()


def send_reminders(session: Session, actor: Actor, fund_id: int) -> int:
    """Remind the owners of overdue units, each of the own unit alone; tells how many units.

    A unit is reminded once in `REMINDER_DAYS`, and not while its plan is kept; some at a time.
    Raises: FundNotFound, FundClosed, NoKey, NobodyToRemind.
    """
    fund = load_for_trustee(session, actor, fund_id)
    due = [each for each in overdue_units(session, actor, fund_id) if each.may_be_reminded]
    if not due:
        raise NobodyToRemind(days=rules.REMINDER_DAYS)
    people: dict[int, list[int]] = {}
    for owner in identity.owners(session, actor.community_id, clock.today()):
        if owner.person_id is not None:
            people.setdefault(owner.unit_id, []).append(owner.person_id)
    for unit in due[:AT_ONCE]:
        _remind(session, actor, fund.id, unit, people.get(unit.unit_id, ()))
    session.flush()
    return len(due[:AT_ONCE])


def _remind(
    session: Session, actor: Actor, fund_id: int, unit: OverdueUnit, owners: Iterable[int]
) -> None:
    body = say(
        N_("{unit} 有 {months} 个月的物业费过了缴费期限，共 {amount} 元。"),
        unit=unit.unit,
        months=unit.months,
        amount=yuan(unit.overdue_fen),
    )
    for person_id in dict.fromkeys(owners):
        notices.send(session, actor, person_id, say(N_("物业费缴费提醒")), body, "fund/mine")
    session.add(
        Reminder(
            community_id=actor.community_id,
            fund_id=fund_id,
            unit_id=unit.unit_id,
            overdue_fen=unit.overdue_fen,
            sent_at=clock.now(),
            sent_by=actor.person_id,
        )
    )


def propose_refund(
    session: Session,
    actor: Actor,
    fund_id: int,
    unit_id: int,
    amount_fen: int,
    bank_account_id: int,
    reason: str,
) -> int:
    """Ask the committee that a unit's prepayment is paid back; gives the matter's id.

    Raises: FundNotFound, FundClosed, NoKey, UnitNotInFund, BankAccountNotFound,
    BankAccountNeeded, PrepaymentShort, MatterOpen.
    """
    fund = load_for_trustee(session, actor, fund_id)
    assert fund.book_id is not None
    if not is_in_fund(session, actor, fund_id, unit_id):
        raise UnitNotInFund
    way = Way(Channel.TRANSFER, clock.today(), bank_account_id)
    bank = money_account(session, actor, fund, way)
    prepaid = books.prepaid_account(session, actor, fund.book_id, unit_id)
    left = available(session, actor, prepaid)
    if amount_fen > left:
        raise PrepaymentShort(left=yuan(left), amount=yuan(amount_fen))
    done = select(Matter.id).where(
        Matter.community_id == actor.community_id, Matter.kind == MatterKind.REFUND.value
    )
    number = len(session.scalars(done).all()) + 1
    posting = ledger.Posting(
        fund.book_id,
        (ledger.debit(prepaid, amount_fen), ledger.credit(bank, amount_fen)),
        Purpose.REFUND.value,
        "refund",
        f"refund:{fund_id}/{number}",
    )
    name = identity.unit_names(session, actor.community_id, (unit_id,)).get(unit_id, "")
    draft = matters.Draft(
        MatterKind.REFUND.value,
        "退还预缴",
        (
            Fact("房屋", name),
            Fact("退还金额", yuan_text(amount_fen)),
            Fact("现有预缴", yuan_text(left)),
            Fact("理由", reason),
        ),
        {"unit": unit_id, "amount_fen": amount_fen, "bank_account": bank_account_id},
        subject_id=unit_id,
        amount_fen=amount_fen,
    )
    return matters.raise_matter(session, actor, fund, draft, posting).id


def _running(session: Session, actor: Actor, fund_id: int, unit_id: int) -> PaymentPlan | None:
    return session.scalar(
        select(PaymentPlan).where(
            PaymentPlan.community_id == actor.community_id,
            PaymentPlan.fund_id == fund_id,
            PaymentPlan.unit_id == unit_id,
            PaymentPlan.ended_at.is_(None),
        )
    )


def _refunded(session: Session, actor: Actor, matter: Matter, transaction_id: int | None) -> None:
    """Leave all to the ledger: the posting itself paid the prepayment back."""
    assert transaction_id is not None


matters.on(MatterKind.REFUND.value, _refunded)
