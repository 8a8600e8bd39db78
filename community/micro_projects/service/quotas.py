"""A community's yearly quota: set by the street, reserved by approvals, the unspent part freed."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from community import transparency
from community.kernel import clock
from community.kernel.actor import Actor
from community.micro_projects import permissions
from community.micro_projects.errors.deciding import QuotaExceeded, QuotaInUse, QuotaMissing
from community.micro_projects.models import Project, ProjectQuota, QuotaUse
from community.micro_projects.queries.funding import granted_fen
from community.micro_projects.queries.money import free_by_source
from community.micro_projects.rules.funding import FAILED
from community.micro_projects.rules.money import MoneySource, yuan
from community.micro_projects.rules.projects import Funding
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.service.money import give_back_money
from community.micro_projects.service.moving import AFTER_MOVE


def set_quota(session: Session, actor: Actor, year: int, amount_fen: int) -> None:
    """Grant a community its quota of a year, or change it; never below what is reserved.

    Raises: QuotaInUse.
    """
    actor.check(permissions.REVIEW.code)
    row = _find(session, actor, year)
    if row is None:
        row = ProjectQuota(
            community_id=actor.community_id,
            year=year,
            amount_fen=amount_fen,
            reserved_fen=0,
            set_by=actor.person_id,
            set_at=clock.now(),
        )
        session.add(row)
    elif amount_fen < row.reserved_fen:
        raise QuotaInUse(reserved=yuan(row.reserved_fen))
    else:
        row.amount_fen, row.set_by, row.set_at = amount_fen, actor.person_id, clock.now()
    session.flush()


def reserve_quota(session: Session, actor: Actor, project: Project) -> None:
    """Reserve a project's fiscal part of this year's quota; a venture project has its call's purse.

    One guarded UPDATE decides: of two approvals at once, the second finds what is left.
    Raises: QuotaMissing, QuotaExceeded.
    """
    if project.funding is Funding.VENTURE:
        return
    year = clock.today().year
    row = _find(session, actor, year)
    if row is None:
        raise QuotaMissing(year=year)
    needed = (project.budget_fen or 0) - project.cofunding_fen - project.matched_fen
    session.flush()
    taken = session.execute(
        update(ProjectQuota)
        .where(
            ProjectQuota.community_id == row.community_id,
            ProjectQuota.id == row.id,
            ProjectQuota.reserved_fen + needed <= ProjectQuota.amount_fen,
        )
        .values(reserved_fen=ProjectQuota.reserved_fen + needed)
        .execution_options(synchronize_session=False)
    )
    session.refresh(row)
    if cast("CursorResult[Any]", taken).rowcount != 1:
        free = row.amount_fen - row.reserved_fen
        raise QuotaExceeded(year=year, free=yuan(free), needed=yuan(needed))
    session.add(
        QuotaUse(
            community_id=project.community_id,
            project_id=project.id,
            quota_id=row.id,
            amount_fen=needed,
            reserved_at=clock.now(),
        )
    )
    session.flush()


def free_unspent(session: Session, actor: Actor, project: Project) -> None:
    """Return a project's unspent slips when it is over, and free that much of its quota.

    A venture project takes of no quota; its slips go back alike. Money that comes back after that
    is freed in its turn; repeating it changes nothing.
    """
    if project.state is not ProjectState.CLOSED and project.state not in FAILED:
        return
    _return_slips(session, actor, project)
    row = session.scalar(
        select(QuotaUse).where(
            QuotaUse.community_id == project.community_id,
            QuotaUse.project_id == project.id,
        )
    )
    if row is None:
        return
    # What is neither spent nor set aside has gone back, so what was given is what it takes.
    taken = granted_fen(session, project.community_id, project.id) - project.returned_fen
    freed = row.amount_fen - taken - row.freed_fen
    row.freed_at, row.freed_fen = row.freed_at or clock.now(), row.freed_fen + freed
    session.flush()
    session.execute(
        update(ProjectQuota)
        .where(ProjectQuota.community_id == row.community_id, ProjectQuota.id == row.quota_id)
        .values(reserved_fen=ProjectQuota.reserved_fen - freed)
        .execution_options(synchronize_session="fetch")
    )


def _return_slips(session: Session, actor: Actor, project: Project) -> None:
    """Give fiscal money nobody needs any more back to the street."""
    source = MoneySource.FISCAL
    given = granted_fen(session, project.community_id, project.id) - project.returned_fen
    free = free_by_source(session, project.community_id, project.id).get(source, 0)
    rest = min(free, given)
    if not rest:
        return
    name = f"slips:{project.id}:{project.returned_fen}"
    give_back_money(session, actor, project.id, source, rest, name, name)
    project.returned_fen += rest
    session.flush()
    told = {"project": project.id, "source": source.value, "returned_fen": rest}
    transparency.publish(session, project.community_id, "project.money", told)


def _find(session: Session, actor: Actor, year: int) -> ProjectQuota | None:
    return session.scalar(
        select(ProjectQuota).where(
            ProjectQuota.community_id == actor.community_id, ProjectQuota.year == year
        )
    )


AFTER_MOVE.append(free_unspent)
