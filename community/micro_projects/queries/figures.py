"""How a community's projects do: money by kind, time per station, what is late, who did what."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.micro_projects.models import (
    Contract,
    Milestone,
    Performance,
    Project,
    ProjectPayment,
    ProjectQuota,
    ProjectStep,
)
from community.micro_projects.queries.deliveries import due_milestones
from community.micro_projects.rules.closing import Outcome
from community.micro_projects.rules.contracts import ContractState
from community.micro_projects.rules.figures import StationTime, time_stations
from community.micro_projects.rules.milestones import MilestoneState
from community.micro_projects.rules.payments import PaymentState
from community.micro_projects.rules.projects import ProjectKind
from community.micro_projects.rules.states import FUNDED, GOING, LISTED, ProjectState

SIGNED = (ContractState.ACTIVE, ContractState.TERMINATED, ContractState.COMPLETE)


@dataclass(frozen=True, slots=True)
class KindMoney:
    """Money of one kind of project in fen, from what was approved to what was paid."""

    kind: ProjectKind
    projects: int
    budget_fen: int
    contracted_fen: int
    paid_fen: int


@dataclass(frozen=True, slots=True)
class LateMilestone:
    """A milestone whose last day has passed without a delivery."""

    project_id: int
    contract_id: int
    project_title: str
    title: str
    organization_name: str
    due_on: date
    days: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class OrganizationResult:
    """How an organization did on its contracts; `content_bp` is the mean of its surveys."""

    organization_id: int
    name: str
    contracts: int
    broken_off: int
    amount_fen: int
    paid_fen: int
    milestones: int
    accepted: int
    late: int
    content_bp: int | None


@dataclass(frozen=True, slots=True)
class ProjectFigures:
    """Everything the street office sees of a community's projects."""

    going: int
    closed: int
    quota_fen: int
    reserved_fen: int
    kinds: tuple[KindMoney, ...]
    stations: tuple[StationTime, ...]
    late: tuple[LateMilestone, ...]
    organizations: tuple[OrganizationResult, ...]


def project_figures(session: Session, community_id: int, year: int | None = None) -> ProjectFigures:
    """Work out the figures of the projects handed in in a year, or of all."""
    chosen = select(
        Project.id, Project.kind, Project.state, Project.budget_fen, Project.title
    ).where(Project.community_id == community_id, Project.state.in_(LISTED))
    if year is not None:
        begins, ends = clock.at(date(year, 1, 1)), clock.at(date(year + 1, 1, 1))
        chosen = chosen.where(Project.submitted_at >= begins, Project.submitted_at < ends)
    projects = {row.id: row for row in session.execute(chosen)}
    contracts = [
        row
        for row in session.scalars(
            select(Contract).where(
                Contract.community_id == community_id, Contract.state.in_(SIGNED)
            )
        )
        if row.project_id in projects
    ]
    paid = _paid(session, community_id)
    quota = session.execute(
        select(ProjectQuota.amount_fen, ProjectQuota.reserved_fen).where(
            ProjectQuota.community_id == community_id,
            ProjectQuota.year == (year or clock.today().year),
        )
    ).one_or_none()
    states = Counter(row.state for row in projects.values())
    return ProjectFigures(
        going=sum(count for state, count in states.items() if state in GOING),
        closed=states[ProjectState.CLOSED],
        quota_fen=quota[0] if quota else 0,
        reserved_fen=quota[1] if quota else 0,
        kinds=_kinds(projects, contracts, paid),
        stations=_stations(session, community_id, set(projects)),
        late=_late(session, community_id, projects),
        organizations=_organizations(session, community_id, contracts, paid),
    )


def _paid(session: Session, community_id: int) -> dict[int, int]:
    rows = session.execute(
        select(ProjectPayment.contract_id, func.sum(ProjectPayment.amount_fen))
        .where(
            ProjectPayment.community_id == community_id, ProjectPayment.state == PaymentState.PAID
        )
        .group_by(ProjectPayment.contract_id)
    )
    return {contract_id: int(fen) for contract_id, fen in rows}


def _kinds(
    projects: dict[int, Any], contracts: list[Contract], paid: dict[int, int]
) -> tuple[KindMoney, ...]:
    contracted: Counter[ProjectKind] = Counter()
    spent: Counter[ProjectKind] = Counter()
    for contract in contracts:
        kind = projects[contract.project_id].kind
        # What a broken-off contract did not pay out is free again.
        is_whole = contract.state is not ContractState.TERMINATED
        contracted[kind] += contract.amount_fen if is_whole else paid.get(contract.id, 0)
        spent[kind] += paid.get(contract.id, 0)
    funded = [row for row in projects.values() if row.state in FUNDED]
    return tuple(
        KindMoney(
            kind,
            sum(row.kind is kind for row in funded),
            sum(row.budget_fen or 0 for row in funded if row.kind is kind),
            contracted[kind],
            spent[kind],
        )
        for kind in ProjectKind
    )


def _stations(session: Session, community_id: int, projects: set[int]) -> tuple[StationTime, ...]:
    traces: dict[int, list[tuple[ProjectState, datetime]]] = defaultdict(list)
    for project_id, station, at in session.execute(
        select(ProjectStep.project_id, ProjectStep.station, ProjectStep.at)
        .where(ProjectStep.community_id == community_id)
        .order_by(ProjectStep.id)
    ):
        if project_id in projects:
            traces[project_id].append((station, at))
    return time_stations(list(traces.values()), clock.now())


def _late(
    session: Session, community_id: int, projects: dict[int, Any]
) -> tuple[LateMilestone, ...]:
    return tuple(
        LateMilestone(
            each.project_id,
            each.contract_id,
            projects[each.project_id].title,
            each.title,
            each.party_name,
            each.due_on,
            each.late_days,
            each.amount_fen,
        )
        for each in due_milestones(session, community_id)
        if each.is_overdue and each.project_id in projects
    )


def _organizations(
    session: Session, community_id: int, contracts: list[Contract], paid: dict[int, int]
) -> tuple[OrganizationResult, ...]:
    ours = {row.id: row for row in contracts}
    marks = [
        row
        for row in session.scalars(
            select(Performance).where(Performance.community_id == community_id)
        )
        if row.contract_id in ours
    ]
    milestones: dict[int, list[Milestone]] = defaultdict(list)
    for milestone in session.scalars(
        select(Milestone).where(
            Milestone.community_id == community_id, Milestone.state != MilestoneState.DROPPED
        )
    ):
        if milestone.contract_id in ours:
            milestones[ours[milestone.contract_id].organization_id].append(milestone)
    found = []
    for organization_id in sorted({row.organization_id for row in contracts}):
        own = [row for row in contracts if row.organization_id == organization_id]
        judged = [row for row in marks if row.organization_id == organization_id]
        content = [row.content_bp for row in judged if row.content_bp is not None]
        parts = milestones[organization_id]
        found.append(
            OrganizationResult(
                organization_id,
                own[-1].party_name,
                len(own),
                sum(row.outcome is Outcome.TERMINATED for row in judged),
                sum(row.amount_fen for row in own),
                sum(paid.get(row.id, 0) for row in own),
                len(parts),
                sum(row.state is MilestoneState.ACCEPTED for row in parts),
                sum(_is_late(row) for row in parts),
                sum(content) // len(content) if content else None,
            )
        )
    return tuple(sorted(found, key=lambda each: (-each.amount_fen, each.organization_id)))


def _is_late(row: Milestone) -> bool:
    return (row.delivered_on or clock.today()) > row.due_on
