"""Reading which units are overdue, by plan or not, and when they were last reminded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.trust_property.models import Bill, PaymentPlan, PlanInstalment, Reminder
from community.trust_property.queries.fund import get_fund
from community.trust_property.rules import overdue as rules


@dataclass(frozen=True, slots=True)
class OverdueUnit:
    """A unit with what is past its due day; for the desk alone."""

    unit_id: int
    unit: str
    overdue_fen: int
    months: int
    oldest_due_on: date
    plan: rules.PlanStanding | None
    reminded_at: datetime | None

    @property
    def may_be_reminded(self) -> bool:
        """Tell whether a reminder is due: none lately, and no plan that is kept."""
        if self.plan is rules.PlanStanding.KEPT:
            return False
        since = clock.now() - timedelta(days=rules.REMINDER_DAYS)
        return self.reminded_at is None or self.reminded_at <= since


@dataclass(frozen=True, slots=True)
class PlanView:
    """A unit's running plan: (day, fen) of each instalment, and what is paid of them so far."""

    unit_id: int
    unit: str
    instalments: tuple[tuple[date, int], ...]
    paid_fen: int
    standing: rules.PlanStanding
    reference: str

    @property
    def steps(self) -> tuple[tuple[date, int, int], ...]:
        """Give day, amount and what is still to pay of each instalment: the first is paid first."""
        return tuple(
            (on, fen, min(fen, max(0, until - self.paid_fen)))
            for (on, fen), until in zip(
                self.instalments, accumulate(fen for _, fen in self.instalments), strict=True
            )
        )


def overdue_units(session: Session, actor: Actor, fund_id: int) -> tuple[OverdueUnit, ...]:
    """List units with bills past their due day, the largest sum first.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    rows = session.execute(
        select(
            Bill.unit_id,
            func.sum(Bill.amount_fen - Bill.paid_fen),
            func.count(),
            func.min(Bill.due_on),
        )
        .where(
            Bill.community_id == actor.community_id,
            Bill.fund_id == fund_id,
            Bill.transaction_id.is_not(None),
            Bill.paid_fen < Bill.amount_fen,
            Bill.due_on < clock.today(),
        )
        .group_by(Bill.unit_id)
    ).all()
    names = identity.unit_names(session, actor.community_id, [row[0] for row in rows])
    plans = plan_standings(session, actor, fund_id)
    reminded = _reminded(session, actor, fund_id)
    found = [
        OverdueUnit(
            unit_id,
            names.get(unit_id, ""),
            int(fen),
            months,
            oldest,
            plans.get(unit_id),
            reminded.get(unit_id),
        )
        for unit_id, fen, months, oldest in rows
    ]
    return tuple(sorted(found, key=lambda each: (-each.overdue_fen, each.unit_id)))


def plan_standings(session: Session, actor: Actor, fund_id: int) -> dict[int, rules.PlanStanding]:
    """Tell how each running plan goes, by unit."""
    return {each.unit_id: each.standing for each in _plans(session, actor, fund_id)}


def plans_of_units(
    session: Session, actor: Actor, fund_id: int, unit_ids: Sequence[int]
) -> tuple[PlanView, ...]:
    """Give the running plans of units, instalment by instalment.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    return _plans(session, actor, fund_id, PaymentPlan.unit_id.in_(unit_ids))


def _plans(
    session: Session, actor: Actor, fund_id: int, *wanted: ColumnElement[bool]
) -> tuple[PlanView, ...]:
    plans = session.scalars(
        select(PaymentPlan)
        .where(
            PaymentPlan.community_id == actor.community_id,
            PaymentPlan.fund_id == fund_id,
            PaymentPlan.ended_at.is_(None),
            *wanted,
        )
        .order_by(PaymentPlan.unit_id)
    ).all()
    due: dict[int, list[tuple[date, int]]] = {}
    for plan_id, on, fen in session.execute(
        select(PlanInstalment.plan_id, PlanInstalment.due_on, PlanInstalment.amount_fen)
        .where(
            PlanInstalment.community_id == actor.community_id,
            PlanInstalment.plan_id.in_([each.id for each in plans]),
        )
        .order_by(PlanInstalment.due_on)
    ):
        due.setdefault(plan_id, []).append((on, fen))
    names = identity.unit_names(session, actor.community_id, [each.unit_id for each in plans])
    found = []
    for each in plans:
        left = owed_until(session, actor, fund_id, each.unit_id, each.last_month)
        steps, paid = due.get(each.id, []), each.owed_fen - left
        standing = rules.plan_standing(steps, paid, clock.today())
        unit = names.get(each.unit_id, "")
        found.append(PlanView(each.unit_id, unit, tuple(steps), paid, standing, each.reference))
    return tuple(found)


def owed_until(session: Session, actor: Actor, fund_id: int, unit_id: int, last_month: int) -> int:
    """Tell what a unit owes on bills up to a month YYYYMM."""
    found = session.scalar(
        select(func.coalesce(func.sum(Bill.amount_fen - Bill.paid_fen), 0)).where(
            Bill.community_id == actor.community_id,
            Bill.fund_id == fund_id,
            Bill.unit_id == unit_id,
            Bill.month <= last_month,
            Bill.transaction_id.is_not(None),
        )
    )
    return int(found or 0)


def _reminded(session: Session, actor: Actor, fund_id: int) -> dict[int, datetime]:
    rows = session.execute(
        select(Reminder.unit_id, func.max(Reminder.sent_at))
        .where(Reminder.community_id == actor.community_id, Reminder.fund_id == fund_id)
        .group_by(Reminder.unit_id)
    )
    return {row[0]: row[1] for row in rows}
