"""Do quotas, slips, pledges and donations add up, and was each approval voted and answered?"""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import ledger
from community.micro_projects.models import (
    Donation,
    FiscalSlip,
    Pledge,
    Project,
    ProjectCosting,
    ProjectQuota,
    QuotaUse,
)
from community.micro_projects.rules.funding import FAILED
from community.micro_projects.rules.money import MoneySource, book_name, given_path
from community.micro_projects.rules.states import ProjectState


def problems(session: Session) -> list[str]:
    """List quotas, costings and sources that do not add up."""
    return [*_quotas(session), *_costings(session), *_sources(session)]


def _quotas(session: Session) -> list[str]:
    used = dict(
        session.execute(
            select(QuotaUse.quota_id, func.sum(QuotaUse.amount_fen - QuotaUse.freed_fen)).group_by(
                QuotaUse.quota_id
            )
        ).all()
    )
    found = [
        f"quota {row.id}: {row.reserved_fen} reserved, its projects take {used.get(row.id, 0)}"
        for row in session.scalars(select(ProjectQuota))
        if int(used.get(row.id, 0)) != row.reserved_fen
    ]
    uses = select(QuotaUse, Project.state).join(
        Project,
        (Project.community_id == QuotaUse.community_id) & (Project.id == QuotaUse.project_id),
    )
    for use, state in session.execute(uses):
        given = _given(session, use.community_id, use.project_id, MoneySource.FISCAL)
        if given > use.amount_fen - use.freed_fen:
            found.append(f"project {use.project_id}: more fiscal money than its quota bears")
        if (use.freed_at is not None) != (state is ProjectState.CLOSED or state in FAILED):
            found.append(f"project {use.project_id}: its quota is freed when it is over, not else")
    return found


def _costings(session: Session) -> list[str]:
    return [
        f"costing {row.id}: its lines do not add up to the budget"
        for row in session.scalars(select(ProjectCosting))
        if sum(int(fen) for _, fen in row.lines) != row.budget_fen
    ]


def _sources(session: Session) -> list[str]:
    """What papers say a source gave is what the books say, fiscal within the fiscal part."""
    told: dict[tuple[int, int, MoneySource], int] = {}
    for row in session.scalars(select(FiscalSlip)):
        key = (row.community_id, row.project_id, MoneySource.FISCAL)
        told[key] = told.get(key, 0) + row.amount_fen
    for project in session.scalars(select(Project).where(Project.returned_fen > 0)):
        key = (project.community_id, project.id, MoneySource.FISCAL)
        told[key] = told.get(key, 0) - project.returned_fen
    for pledge in session.scalars(select(Pledge)):
        if pledge.paid_transaction_id is not None:
            key = (pledge.community_id, pledge.project_id, MoneySource.COFUNDING)
            told[key] = told.get(key, 0) + pledge.amount_fen - pledge.given_back_fen
    for gift in session.scalars(select(Donation)):
        key = (gift.community_id, gift.project_id, MoneySource.MATCHED)
        told[key] = told.get(key, 0) + gift.received_fen - gift.given_back_fen
    found = []
    for (community_id, project_id, source), amount in sorted(told.items()):
        given = _given(session, community_id, project_id, source)
        if given != amount:
            found.append(f"project {project_id}: {source.value} papers {amount}, books {given}")
        project = session.get_one(Project, project_id)
        fiscal = (project.budget_fen or 0) - project.cofunding_fen - project.matched_fen
        if source is MoneySource.FISCAL and amount > fiscal:
            found.append(f"project {project_id}: more fiscal money than its fiscal part")
    return found


def _given(session: Session, community_id: int, project_id: int, source: MoneySource) -> int:
    account_id = ledger.find_account(
        session,
        community_id,
        ledger.BookKind.PROJECT,
        given_path(source),
        book_name(project_id),
    )
    if account_id is None:
        return 0
    return ledger.get_account(session, community_id, account_id).balance.total
