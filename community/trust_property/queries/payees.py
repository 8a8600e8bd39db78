"""Reading the register of payees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.actor import Actor
from community.trust_property.errors.payees import PayeeChanging, PayeeCooling, PayeeNotFound
from community.trust_property.models import Matter, Payee, PayeeAccount
from community.trust_property.queries.fund import get_fund
from community.trust_property.rules.matters import MatterKind, MatterState


@dataclass(frozen=True, slots=True)
class PayeeView:
    """A payee and where its money goes now; `changing_id` is the matter that would change it."""

    id: int
    name: str
    credit_code: str
    account_id: int
    account_name: str
    bank_name: str
    account_number: str
    usable_from: date
    versions: int
    changing_id: int | None

    @property
    def last_digits(self) -> str:
        """Give the part of the account number that the public may see."""
        return self.account_number[-4:]


def payees(session: Session, actor: Actor, fund_id: int) -> tuple[PayeeView, ...]:
    """List a fund's payees by name.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    rows = session.scalars(
        select(Payee)
        .where(Payee.community_id == actor.community_id, Payee.fund_id == fund_id)
        .order_by(Payee.name, Payee.id)
    ).all()
    versions = session.scalars(
        select(PayeeAccount)
        .where(
            PayeeAccount.community_id == actor.community_id,
            PayeeAccount.payee_id.in_([row.id for row in rows]),
        )
        .order_by(PayeeAccount.id)
    ).all()
    waiting = session.execute(
        select(Matter.subject_id, Matter.id).where(
            Matter.community_id == actor.community_id,
            Matter.fund_id == fund_id,
            Matter.kind == MatterKind.PAYEE.value,
            Matter.state == MatterState.OPEN,
            Matter.subject_id.is_not(None),
        )
    )
    changing = {row[0]: row[1] for row in waiting}
    found = []
    for row in rows:
        own = [each for each in versions if each.payee_id == row.id]
        now = own[-1]
        found.append(
            PayeeView(
                row.id,
                row.name,
                row.credit_code,
                now.id,
                now.account_name,
                now.bank_name,
                now.account_number,
                now.usable_from,
                len(own),
                changing.get(row.id),
            )
        )
    return tuple(found)


def get_payee(session: Session, actor: Actor, fund_id: int, payee_id: int) -> PayeeView:
    """Get a payee of a fund.

    Raises: FundNotFound, PayeeNotFound.
    """
    for each in payees(session, actor, fund_id):
        if each.id == payee_id:
            return each
    raise PayeeNotFound


def get_payable(session: Session, actor: Actor, fund_id: int, payee_id: int) -> PayeeView:
    """Get a payee that may be paid today.

    Raises: FundNotFound, PayeeNotFound, PayeeChanging, PayeeCooling.
    """
    found = get_payee(session, actor, fund_id, payee_id)
    if found.changing_id is not None:
        raise PayeeChanging(name=found.name)
    if found.usable_from > clock.today():
        raise PayeeCooling(name=found.name, day=found.usable_from.isoformat())
    return found
