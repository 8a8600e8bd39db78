"""Signed contracts, their milestones, changes and payments as facts of a contracting process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from community.micro_projects.models import (
    Award,
    ClawBack,
    Contract,
    ContractChange,
    Delivery,
    DeliveryAcceptance,
    Milestone,
    ProjectPayment,
)
from community.micro_projects.open_contracting import facts
from community.micro_projects.queries.public_addresses import public_address
from community.micro_projects.rules.contracts import ChangeState, ContractState
from community.micro_projects.rules.milestones import MilestoneState, Verdict
from community.micro_projects.rules.payments import ClawBackState, PaymentState

R = TypeVar("R", Milestone, ProjectPayment, ClawBack, ContractChange)
COMPLETE_WORDS = "全部验收，已结项"


def read_contracts(
    session: Session,
    awards: Sequence[Award],
    names: Mapping[int, facts.Organization],
    successors: tuple[facts.Related, ...],
) -> tuple[facts.Contract, ...]:
    """Read the contracts that were signed on awards; a draft may still change.

    `successors` are the processes that finish what a broken-off contract left.
    """
    rows = session.scalars(
        select(Contract)
        .where(Contract.award_id.in_([each.id for each in awards]), Contract.signed_at.is_not(None))
        .order_by(Contract.id)
    )
    return tuple(_contract(session, row, names[row.organization_id], successors) for row in rows)


def _contract(
    session: Session,
    row: Contract,
    supplier: facts.Organization,
    successors: tuple[facts.Related, ...],
) -> facts.Contract:
    payments, refunds = _payments(session, row), _refunds(session, row)
    kept = sum(each.amount_fen for each in payments) - sum(each.amount_fen for each in refunds)
    is_over = row.state in {ContractState.TERMINATED, ContractState.COMPLETE}
    words = row.end_reason or (COMPLETE_WORDS if is_over else "")
    return facts.Contract(
        id=f"contract-{row.id}",
        award_id=f"award-{row.award_id}",
        supplier=supplier,
        title=row.title,
        status="terminated" if is_over else "active",
        amount_fen=row.amount_fen,
        signed_at=row.signed_at,
        period=(row.starts_on, row.ends_on),
        ended_at=row.ended_at,
        end_words=words,
        final_fen=kept if is_over else None,
        files=(
            facts.File(
                f"contract-{row.id}-{row.version}",
                row.title,
                "contractSigned",
                row.content_sha256,
                row.signed_at,
                url=public_address(session, row.community_id, f"contracts/{row.id}/paper"),
            ),
        ),
        milestones=_milestones(session, row),
        payments=payments,
        refunds=refunds,
        amendments=_changes(session, row),
        related=successors if row.state is ContractState.TERMINATED else (),
    )


def _milestones(session: Session, contract: Contract) -> tuple[facts.Milestone, ...]:
    accepted = _accepted_at(session, contract)
    rows = _of(session, Milestone, contract, Milestone.number)
    return tuple(
        facts.Milestone(
            id=_name(row.id),
            title=row.title,
            status=_status(row, contract),
            # What was dropped earns nothing; what is left adds up to the contract.
            amount_fen=0 if row.state is MilestoneState.DROPPED else row.amount_fen,
            due_on=row.due_on,
            met_at=accepted.get(row.id),
            words=row.criteria,
        )
        for row in rows
    )


def _status(row: Milestone, contract: Contract) -> str:
    if row.state is MilestoneState.ACCEPTED:
        return "met"
    is_over = contract.state in {ContractState.TERMINATED, ContractState.COMPLETE}
    return "notMet" if is_over or row.state is MilestoneState.DROPPED else "scheduled"


def _accepted_at(session: Session, contract: Contract) -> dict[int, datetime]:
    rows = session.execute(
        select(Delivery.milestone_id, DeliveryAcceptance.accepted_at)
        .join(DeliveryAcceptance, DeliveryAcceptance.delivery_id == Delivery.id)
        .join(Milestone, Milestone.id == Delivery.milestone_id)
        .where(
            Milestone.community_id == contract.community_id,
            Milestone.contract_id == contract.id,
            DeliveryAcceptance.verdict == Verdict.ACCEPTED,
        )
    )
    return {found[0]: found[1] for found in rows}


def _payments(session: Session, contract: Contract) -> tuple[facts.Payment, ...]:
    is_paid = ProjectPayment.state == PaymentState.PAID
    rows = _of(session, ProjectPayment, contract, ProjectPayment.id, is_paid)
    return tuple(
        facts.Payment(f"payment-{row.id}", row.checked_at, row.amount_fen, _name(row.milestone_id))
        for row in rows
        if row.checked_at is not None
    )


def _refunds(session: Session, contract: Contract) -> tuple[facts.Refund, ...]:
    is_received = ClawBack.state == ClawBackState.RECEIVED
    rows = _of(session, ClawBack, contract, ClawBack.id, is_received)
    return tuple(
        facts.Refund(f"refund-{row.id}", row.settled_at, row.amount_fen)
        for row in rows
        if row.settled_at is not None
    )


def _changes(session: Session, contract: Contract) -> tuple[facts.Amendment, ...]:
    is_approved = ContractChange.state == ChangeState.APPROVED
    rows = _of(session, ContractChange, contract, ContractChange.version, is_approved)
    return tuple(
        facts.Amendment(f"change-{row.version}", row.decided_at, row.reason)
        for row in rows
        if row.decided_at is not None
    )


def _of(
    session: Session, table: type[R], contract: Contract, order: Any, *more: ColumnElement[bool]
) -> list[R]:
    """List a contract's rows of a table in their order."""
    kind: Any = table
    chosen = select(kind).where(
        kind.community_id == contract.community_id, kind.contract_id == contract.id, *more
    )
    return list(session.scalars(chosen.order_by(order)))


def _name(milestone_id: int) -> str:
    return f"milestone-{milestone_id}"
