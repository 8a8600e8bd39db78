"""The award of a venture project: it goes to whom the jury chose, for what was granted."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.venture import NotAVenture
from community.micro_projects.models import Award, Project, VentureApplication, VentureCall
from community.micro_projects.queries.venture_succession import kept_fen
from community.micro_projects.rules.awards import AwardState, DirectGround
from community.micro_projects.rules.money import yuan
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.rules.tenders import TenderMethod
from community.micro_projects.service.award_steps import (
    check_fit,
    check_vacant,
    make_final,
    post_award,
)
from community.micro_projects.service.moving import load_public, move_project
from community.micro_projects.service.suppliers import tell_staff


def award_venture(session: Session, actor: Actor, project_id: int) -> int:
    """Give an approved venture project to its applicant, or to the group's sponsor.

    After a contract broke off that is what is left of its budget.
    It is final at once: its amount is set aside in the project's money, or nothing is written.
    Gives the award's id. Raises: ProjectNotFound, NotAVenture, AwardStands, SupplierUnfit,
    ProjectMoneyShort, MoveRefused.
    """
    actor.check(permissions.AWARD.code)
    project = load_public(session, actor, project_id)
    row = session.scalar(
        select(VentureApplication).where(
            VentureApplication.community_id == actor.community_id,
            VentureApplication.project_id == project.id,
        )
    )
    if row is None or project.budget_fen is None:
        raise NotAVenture
    check_vacant(session, actor, project.id)
    check_fit(session, actor, row.organization_id, project.kind.value)
    call = session.get_one(VentureCall, row.call_id)
    reason = say(
        N_("公益创投第 {call} 号征集评审第 {place} 名"),
        call=call.number or 0,
        place=row.place_in_call or 0,
    )
    award = Award(
        community_id=actor.community_id,
        project_id=project.id,
        organization_id=row.organization_id,
        method=TenderMethod.DIRECT,
        amount_fen=project.budget_fen - kept_fen(session, actor.community_id, project.id),
        state=AwardState.PENDING,
        place=row.place_in_call or 1,
        ground=DirectGround.CALL,
        reason=str(reason),
        near_jobs=[],
        decided_by=actor.person_id,
        noticed_at=clock.now(),
    )
    post_award(session, actor, award)
    if project.state is not ProjectState.PROCURING:
        ref = f"award:{award.id}"
        move_project(session, actor, project.id, ProjectState.PROCURING, ref, award.reason)
    make_final(session, actor, award)
    _tell(session, actor, project, award)
    return award.id


def _tell(session: Session, actor: Actor, project: Project, award: Award) -> None:
    tell_staff(
        session,
        actor,
        award.organization_id,
        say(N_("公益创投项目可以签合同了")),
        say(
            N_("“{title}”，{amount} 元。请等社区联系签合同。"),
            title=project.title,
            amount=yuan(award.amount_fen),
        ),
        f"projects/awards/{award.id}",
        "todo",
    )
