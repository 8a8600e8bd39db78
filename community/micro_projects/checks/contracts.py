"""Is each contract within its award, each plan whole, each acceptance somebody else's?"""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.micro_projects.models import (
    Award,
    Contract,
    ContractChange,
    ContractSignature,
    Delivery,
    DeliveryAcceptance,
    Milestone,
    MilestoneEvidence,
    ProjectPayment,
)
from community.micro_projects.rules.contracts import WHOLE_BP, ChangeState, ContractState
from community.micro_projects.rules.milestones import LIVE, MilestoneState, Verdict
from community.micro_projects.rules.payments import PaymentState

_SIGNED = frozenset({ContractState.ACTIVE, ContractState.TERMINATED, ContractState.COMPLETE})


def problems(session: Session) -> list[str]:
    """List contracts, milestones and payments that contradict each other."""
    return [
        *_against_award(session),
        *_plans(session),
        *_unsigned(session),
        *_acceptances(session),
        *_payments(session),
        *_bare_deliveries(session),
        *_idle_changes(session),
    ]


def _idle_changes(session: Session) -> list[str]:
    rows = session.scalars(
        select(ContractChange.id)
        .join(
            Contract,
            (Contract.community_id == ContractChange.community_id)
            & (Contract.id == ContractChange.contract_id),
        )
        .where(ContractChange.state == ChangeState.OPEN, Contract.state != ContractState.ACTIVE)
        .order_by(ContractChange.id)
    )
    return [f"change {change_id}: waits on a contract that is not running" for change_id in rows]


def _against_award(session: Session) -> list[str]:
    rows = session.execute(
        select(Contract.id, Contract.amount_fen, Award.amount_fen, Award.organization_id)
        .join(
            Award, (Award.community_id == Contract.community_id) & (Award.id == Contract.award_id)
        )
        .where(
            (Contract.amount_fen > Award.amount_fen)
            | (Contract.organization_id != Award.organization_id)
            | (Contract.awarded_fen != Award.amount_fen)
            | (Contract.project_id != Award.project_id)
        )
    )
    return [f"contract {row[0]}: differs from its award or exceeds it" for row in rows]


def _plans(session: Session) -> list[str]:
    sums = {
        contract_id: (int(fen), int(share))
        for contract_id, fen, share in session.execute(
            select(
                Milestone.contract_id,
                func.sum(Milestone.amount_fen),
                func.sum(Milestone.share_bp),
            )
            .where(Milestone.state.in_(LIVE))
            .group_by(Milestone.contract_id)
        )
    }
    found = []
    for row in session.scalars(select(Contract).order_by(Contract.id)):
        fen, share = sums.get(row.id, (0, 0))
        if row.state is ContractState.TERMINATED:
            if fen > row.amount_fen:
                found.append(f"contract {row.id}: settled above its amount")
        elif (fen, share) != (row.amount_fen, WHOLE_BP):
            found.append(f"contract {row.id}: its instalments make {fen}, not {row.amount_fen}")
    return found


def _unsigned(session: Session) -> list[str]:
    rows = session.execute(
        select(Contract.id, func.count(ContractSignature.id))
        .outerjoin(
            ContractSignature,
            (ContractSignature.community_id == Contract.community_id)
            & (ContractSignature.contract_id == Contract.id),
        )
        .where(Contract.state.in_(_SIGNED))
        .group_by(Contract.id)
        .having(func.count(ContractSignature.id) != 2)
    )
    return [f"contract {contract_id}: runs with {count} signatures" for contract_id, count in rows]


def _acceptances(session: Session) -> list[str]:
    found = [
        f"acceptance {row.id}: by its own submitter"
        for row in session.scalars(
            select(DeliveryAcceptance).where(
                DeliveryAcceptance.accepted_by == DeliveryAcceptance.submitted_by
            )
        )
    ]
    accepted = (
        select(Delivery.milestone_id)
        .join(
            DeliveryAcceptance,
            (DeliveryAcceptance.community_id == Delivery.community_id)
            & (DeliveryAcceptance.delivery_id == Delivery.id),
        )
        .where(DeliveryAcceptance.verdict == Verdict.ACCEPTED)
    )
    bare = session.scalars(
        select(Milestone.id).where(
            Milestone.state == MilestoneState.ACCEPTED, Milestone.id.not_in(accepted)
        )
    )
    return found + [f"milestone {milestone_id}: accepted by nobody" for milestone_id in bare]


def _payments(session: Session) -> list[str]:
    found = [
        f"payment {payment_id}: for work that is not accepted, or of another amount"
        for payment_id in session.scalars(
            select(ProjectPayment.id)
            .join(
                Milestone,
                (Milestone.community_id == ProjectPayment.community_id)
                & (Milestone.id == ProjectPayment.milestone_id),
            )
            .where(
                ProjectPayment.state == PaymentState.PAID,
                (Milestone.state != MilestoneState.ACCEPTED)
                | (Milestone.amount_fen != ProjectPayment.amount_fen),
            )
        )
    ]
    above = session.execute(
        select(Contract.id)
        .join(
            ProjectPayment,
            (ProjectPayment.community_id == Contract.community_id)
            & (ProjectPayment.contract_id == Contract.id),
        )
        .where(ProjectPayment.state == PaymentState.PAID)
        .group_by(Contract.id, Contract.amount_fen)
        .having(func.sum(ProjectPayment.amount_fen) > Contract.amount_fen)
    )
    return found + [f"contract {row[0]}: paid above its amount" for row in above]


def _bare_deliveries(session: Session) -> list[str]:
    rows = session.scalars(
        select(Delivery.id)
        .outerjoin(
            MilestoneEvidence,
            (MilestoneEvidence.community_id == Delivery.community_id)
            & (MilestoneEvidence.delivery_id == Delivery.id),
        )
        .where(MilestoneEvidence.id.is_(None))
    )
    return [f"delivery {delivery_id}: without any evidence" for delivery_id in rows]
