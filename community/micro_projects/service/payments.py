"""Paying an accepted milestone: prepared by a maker, paid by a checker, once."""

from __future__ import annotations

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from community import transparency
from community.kernel import clock, events, files
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.micro_projects import permissions
from community.micro_projects.errors.money import AwardHoldClosed, InstalmentTooLarge
from community.micro_projects.errors.payments import (
    MoneyShort,
    NotAccepted,
    PaymentDecided,
    PaymentExists,
    PaymentNotFound,
)
from community.micro_projects.events import PaymentMade
from community.micro_projects.models import Contract, Milestone, ProjectPayment
from community.micro_projects.queries.contracting import get_hold
from community.micro_projects.rules.milestones import MilestoneState
from community.micro_projects.rules.payments import PaymentState, check_checker, check_payable
from community.micro_projects.service.contracts import load_contract
from community.micro_projects.service.milestones import load_milestone
from community.micro_projects.service.money import pay_instalment

transparency.name_kinds({"project.payment": N_("项目付款")})


def prepare_payment(
    session: Session, actor: Actor, milestone_id: int, invoice_number: str, invoice: files.Ready
) -> int:
    """Put an accepted milestone forward for payment, with its invoice; gives the payment's id.

    Raises: MilestoneNotFound, ContractStepRefused, NotAccepted, PaymentExists, AboveContract.
    """
    actor.check(permissions.PREPARE_PAYMENT.code)
    milestone, contract = load_milestone(session, actor, milestone_id)
    if milestone.state is not MilestoneState.ACCEPTED:
        raise NotAccepted
    standing = session.scalar(
        select(ProjectPayment.id).where(
            ProjectPayment.community_id == actor.community_id,
            ProjectPayment.milestone_id == milestone_id,
            ProjectPayment.state != PaymentState.RETURNED,
        )
    )
    if standing is not None:
        raise PaymentExists
    spoken_for = _sum(session, contract, PaymentState.PREPARED, PaymentState.PAID)
    check_payable(milestone.state, milestone.amount_fen, spoken_for, contract.amount_fen)
    row = ProjectPayment(
        community_id=actor.community_id,
        contract_id=contract.id,
        milestone_id=milestone_id,
        amount_fen=milestone.amount_fen,
        state=PaymentState.PREPARED,
        file_id=files.keep_file(session, actor, invoice),
        sha256=invoice.sha256,
        invoice_number=invoice_number,
        made_by=actor.person_id,
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id


def check_payment(
    session: Session, actor: Actor, payment_id: int, is_approved: bool, words: str
) -> PaymentState:
    """Pay what another person prepared, out of what the award set aside; or return it.

    Money moves once: the row is claimed while it waits, the books know the payment by its own
    key, and one payment stands a milestone. Raises: PaymentNotFound, MakerChecks, PaymentDecided,
    NotAccepted, AboveContract, MoneyShort.
    """
    actor.check(permissions.CHECK_PAYMENT.code)
    row = session.get(ProjectPayment, payment_id)
    if row is None or row.community_id != actor.community_id:
        raise PaymentNotFound
    check_checker(row.made_by, actor.person_id)
    contract = load_contract(session, actor, row.contract_id)
    milestone = session.get_one(Milestone, row.milestone_id)
    if not is_approved:
        _claim(session, actor, row, PaymentState.RETURNED, words, None)
        return row.state
    if row.state is not PaymentState.PREPARED:
        raise PaymentDecided
    paid = _sum(session, contract, PaymentState.PAID)
    check_payable(milestone.state, row.amount_fen, paid, contract.amount_fen)
    transaction_id = _pay(session, actor, contract, row)
    _claim(session, actor, row, PaymentState.PAID, words, transaction_id)
    told = {
        "payment": row.id,
        "contract": contract.id,
        "project": contract.project_id,
        "milestone": milestone.id,
        "organization": contract.organization_id,
        "amount_fen": row.amount_fen,
        "transaction": transaction_id,
        "invoice_sha256": row.sha256,
    }
    transparency.publish(session, actor.community_id, "project.payment", told, row.id)
    events.tell(session, PaymentMade(actor.community_id, row.id))
    return row.state


def _pay(session: Session, actor: Actor, contract: Contract, row: ProjectPayment) -> int:
    hold = get_hold(session, actor.community_id, contract.award_id)
    if hold is None:
        raise MoneyShort
    payee = f"organization:{contract.organization_id}"
    try:
        return pay_instalment(session, actor, hold.id, row.amount_fen, payee, f"payment:{row.id}")
    except (InstalmentTooLarge, AwardHoldClosed) as refusal:
        raise MoneyShort from refusal


def _claim(
    session: Session,
    actor: Actor,
    row: ProjectPayment,
    to: PaymentState,
    words: str,
    transaction_id: int | None,
) -> None:
    """Decide a payment that still waits; of two at once one is refused, with all it did."""
    session.flush()
    claimed = session.execute(
        update(ProjectPayment)
        .where(
            ProjectPayment.community_id == actor.community_id,
            ProjectPayment.id == row.id,
            ProjectPayment.state == PaymentState.PREPARED,
        )
        .values(
            state=to,
            checked_by=actor.person_id,
            checked_at=clock.now(),
            words=words,
            transaction_id=transaction_id,
        )
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result
        raise PaymentDecided
    session.refresh(row)


def _sum(session: Session, contract: Contract, *states: PaymentState) -> int:
    total = session.scalar(
        select(func.sum(ProjectPayment.amount_fen)).where(
            ProjectPayment.community_id == contract.community_id,
            ProjectPayment.contract_id == contract.id,
            ProjectPayment.state.in_(states),
        )
    )
    return int(total or 0)
