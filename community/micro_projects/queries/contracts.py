"""Contracts as pages and other parts read them: parties, plan, signatures, changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.micro_projects.errors.contracts import ContractNotFound, MilestoneNotFound
from community.micro_projects.models import (
    Contract,
    ContractChange,
    ContractSignature,
    Milestone,
    ProjectPayment,
)
from community.micro_projects.rules.contracts import ChangeState, ContractState, Side
from community.micro_projects.rules.milestones import LIVE, MilestoneState, is_overdue, late_days
from community.micro_projects.rules.payments import PaymentState


@dataclass(frozen=True, slots=True)
class ContractView:
    """A contract; `paid_fen` is what left the project's book so far."""

    id: int
    project_id: int
    award_id: int
    organization_id: int
    supervisor_id: int | None
    predecessor_id: int | None
    number: int
    version: int
    state: ContractState
    title: str
    scope: str
    terms: str
    party_name: str
    party_code: str
    amount_fen: int
    awarded_fen: int
    paid_fen: int
    starts_on: date
    ends_on: date
    content_sha256: str
    drafted_at: datetime
    signed_at: datetime | None
    ended_at: datetime | None
    end_reason: str


@dataclass(frozen=True, slots=True)
class MilestoneView:
    """A milestone with its exact money, and by how many days it is, or was, late."""

    id: int
    contract_id: int
    number: int
    state: MilestoneState
    title: str
    criteria: str
    share_bp: int
    amount_fen: int
    due_on: date
    delivered_on: date | None
    accepted_on: date | None
    is_overdue: bool
    late_days: int


@dataclass(frozen=True, slots=True)
class SignatureView:
    """That a side signed."""

    side: Side
    signed_on: date
    content_sha256: str
    file_id: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A proposed change and what became of it."""

    id: int
    version: int
    state: ChangeState
    reason: str
    amount_fen: int
    ends_on: date
    scope: str
    plan: tuple[tuple[int, int, date], ...]
    file_id: int | None
    proposed_by: int
    proposed_at: datetime
    decided_at: datetime | None
    words: str


def find_contract(session: Session, community_id: int, contract_id: int) -> ContractView:
    """Get a contract of the community.

    Raises: ContractNotFound.
    """
    row = session.get(Contract, contract_id)
    if row is None or row.community_id != community_id:
        raise ContractNotFound
    return _view(row, paid_of(session, community_id, [row.id]).get(row.id, 0))


def contracts_of(session: Session, community_id: int, project_id: int) -> tuple[ContractView, ...]:
    """List a project's contracts, the first first; a successor follows what failed."""
    rows = session.scalars(
        select(Contract)
        .where(Contract.community_id == community_id, Contract.project_id == project_id)
        .order_by(Contract.id)
    ).all()
    return _views(session, community_id, rows)


def contracts(
    session: Session,
    community_id: int,
    organization_id: int | None = None,
    states: frozenset[ContractState] = frozenset(ContractState),
) -> tuple[ContractView, ...]:
    """List contracts of the community, or of one organisation, the newest first."""
    chosen = select(Contract).where(
        Contract.community_id == community_id, Contract.state.in_(states)
    )
    if organization_id is not None:
        chosen = chosen.where(Contract.organization_id == organization_id)
    rows = session.scalars(chosen.order_by(Contract.id.desc()).limit(200)).all()
    return _views(session, community_id, rows)


def supervised_contracts(
    session: Session, community_id: int, organization_id: int
) -> tuple[ContractView, ...]:
    """List the running contracts that an organisation supervises for the community."""
    rows = session.scalars(
        select(Contract)
        .where(
            Contract.community_id == community_id,
            Contract.supervisor_id == organization_id,
            Contract.state == ContractState.ACTIVE,
        )
        .order_by(Contract.id.desc())
    ).all()
    return _views(session, community_id, rows)


def milestones_of(
    session: Session, community_id: int, contract_id: int
) -> tuple[MilestoneView, ...]:
    """List a contract's milestones in their order, dropped ones too."""
    rows = session.scalars(
        select(Milestone)
        .where(Milestone.community_id == community_id, Milestone.contract_id == contract_id)
        .order_by(Milestone.number)
    )
    today = clock.today()
    return tuple(_milestone(row, today) for row in rows)


def get_milestone(session: Session, community_id: int, milestone_id: int) -> MilestoneView:
    """Get a milestone.

    Raises: MilestoneNotFound.
    """
    row = session.get(Milestone, milestone_id)
    if row is None or row.community_id != community_id:
        raise MilestoneNotFound
    return _milestone(row, clock.today())


def live_fen(session: Session, community_id: int, contract_id: int) -> int:
    """Sum the money of a contract's milestones that are not dropped."""
    total = session.scalar(
        select(func.sum(Milestone.amount_fen)).where(
            Milestone.community_id == community_id,
            Milestone.contract_id == contract_id,
            Milestone.state.in_(LIVE),
        )
    )
    return int(total or 0)


def paid_of(session: Session, community_id: int, contract_ids: list[int]) -> dict[int, int]:
    """Sum what was paid on each contract."""
    rows = session.execute(
        select(ProjectPayment.contract_id, func.sum(ProjectPayment.amount_fen))
        .where(
            ProjectPayment.community_id == community_id,
            ProjectPayment.contract_id.in_(contract_ids),
            ProjectPayment.state == PaymentState.PAID,
        )
        .group_by(ProjectPayment.contract_id)
    )
    return {contract_id: int(total) for contract_id, total in rows}


def signatures_of(
    session: Session, community_id: int, contract_id: int
) -> tuple[SignatureView, ...]:
    """List who signed a contract."""
    rows = session.scalars(
        select(ContractSignature)
        .where(
            ContractSignature.community_id == community_id,
            ContractSignature.contract_id == contract_id,
        )
        .order_by(ContractSignature.id)
    )
    return tuple(
        SignatureView(row.side, row.signed_on, row.content_sha256, row.file_id, row.sha256)
        for row in rows
    )


def changes_of(session: Session, community_id: int, contract_id: int) -> tuple[ChangeView, ...]:
    """List a contract's changes, the newest first."""
    rows = session.scalars(
        select(ContractChange)
        .where(
            ContractChange.community_id == community_id, ContractChange.contract_id == contract_id
        )
        .order_by(ContractChange.id.desc())
    )
    return tuple(
        ChangeView(
            row.id,
            row.version,
            row.state,
            row.reason,
            row.amount_fen,
            row.ends_on,
            row.scope,
            read_plan(row.plan),
            row.file_id,
            row.proposed_by,
            row.proposed_at,
            row.decided_at,
            row.words,
        )
        for row in rows
    )


def read_plan(plan: list[list[int]]) -> tuple[tuple[int, int, date], ...]:
    """Read a kept plan: milestone number, amount in fen, last day."""
    return tuple((number, fen, clock.from_day_number(day)) for number, fen, day in plan)


def _views(
    session: Session, community_id: int, rows: Sequence[Contract]
) -> tuple[ContractView, ...]:
    paid = paid_of(session, community_id, [row.id for row in rows])
    return tuple(_view(row, paid.get(row.id, 0)) for row in rows)


def _view(row: Contract, paid_fen: int) -> ContractView:
    return ContractView(
        row.id,
        row.project_id,
        row.award_id,
        row.organization_id,
        row.supervisor_id,
        row.predecessor_id,
        row.number,
        row.version,
        row.state,
        row.title,
        row.scope,
        row.terms,
        row.party_name,
        row.party_code,
        row.amount_fen,
        row.awarded_fen,
        paid_fen,
        row.starts_on,
        row.ends_on,
        row.content_sha256,
        row.drafted_at,
        row.signed_at,
        row.ended_at,
        row.end_reason,
    )


def _milestone(row: Milestone, today: date) -> MilestoneView:
    overdue = is_overdue(row.state, row.due_on, today)
    until = today if overdue else row.delivered_on
    return MilestoneView(
        row.id,
        row.contract_id,
        row.number,
        row.state,
        row.title,
        row.criteria,
        row.share_bp,
        row.amount_fen,
        row.due_on,
        row.delivered_on,
        row.accepted_on,
        overdue,
        late_days(row.due_on, until) if until is not None else 0,
    )
