"""Residents' and donors' money going back: all after a failure, what is left after closing."""

from __future__ import annotations

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from community import ledger, notices, transparency
from community.kernel import jobs
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.jobs.kinds import Arguments
from community.kernel.sentences import say
from community.micro_projects.models import Donation, Pledge, Project
from community.micro_projects.queries.funding import paid_fen
from community.micro_projects.queries.money import free_by_source
from community.micro_projects.rules.funding import FAILED, PledgeState
from community.micro_projects.rules.money import MoneySource, yuan
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.service.money import give_back_money
from community.micro_projects.service.moving import AFTER_MOVE, load_project

REFUND_JOB = "projects.refund"
# So many go back with the act itself, in about 50 ms; a drive of hundreds goes on as a job.
AT_ONCE = 20


def plan_refunds(session: Session, actor: Actor, args: Arguments) -> int:
    """Count whose money is still to go back."""
    found = session.scalar(
        select(func.count())
        .select_from(Pledge)
        .where(
            Pledge.community_id == actor.community_id,
            Pledge.project_id == args["project_id"],
            Pledge.state == PledgeState.PAID,
        )
    )
    return int(found or 0)


def refund_chunk(session: Session, actor: Actor, args: Arguments, step: jobs.Step) -> int:
    """Refund a few more; what went back already is not met again."""
    project = load_project(session, actor, args["project_id"])
    position = step.position
    for row in _owed(session, project):
        _refund_one(session, actor, project, row)
        position += 1
        if not step.budget.lasts():
            return position
    return position if _owed(session, project) else step.total


KIND = jobs.JobKind(REFUND_JOB, N_("退还众筹款"), plan=plan_refunds, chunk=refund_chunk)


def share_rest(session: Session, actor: Actor, project: Project) -> None:
    """Give what is left of residents' money back when a project is over, by what each paid.

    The largest remainder decides who gets the last fen, so the parts add up to what is left; money
    that comes back later is shared the same way.
    """
    if project.state is not ProjectState.CLOSED and project.state not in FAILED:
        return
    source = MoneySource.COFUNDING
    rest = free_by_source(session, project.community_id, project.id).get(source, 0)
    rows = session.scalars(
        select(Pledge)
        .where(
            Pledge.community_id == project.community_id,
            Pledge.project_id == project.id,
            Pledge.state == PledgeState.PAID,
        )
        .order_by(Pledge.id)
    ).all()
    if not rest or not rows:
        return
    shares = ledger.allocate(rest, [row.amount_fen - row.given_back_fen for row in rows])
    for row, share in zip(rows, shares, strict=True):
        if share:
            name = f"pledge:{row.id}:rest:{row.given_back_fen}"
            give_back_money(session, actor, project.id, source, share, name, name)
            row.given_back_fen += share
            _tell_rest(session, actor, project, row, share)
    session.flush()


def return_donations(session: Session, actor: Actor, project: Project) -> None:
    """Give what is left of donors' money back when a project is over, by what each gave."""
    if project.state is not ProjectState.CLOSED and project.state not in FAILED:
        return
    source = MoneySource.MATCHED
    rest = free_by_source(session, project.community_id, project.id).get(source, 0)
    rows = session.scalars(
        select(Donation)
        .where(
            Donation.community_id == project.community_id,
            Donation.project_id == project.id,
            Donation.received_fen > Donation.given_back_fen,
        )
        .order_by(Donation.id)
    ).all()
    if not rest or not rows:
        return
    shares = ledger.allocate(rest, [row.received_fen - row.given_back_fen for row in rows])
    for row, share in zip(rows, shares, strict=True):
        if share:
            name = f"donation:{row.id}:rest:{row.given_back_fen}"
            give_back_money(session, actor, project.id, source, share, name, name)
            row.given_back_fen += share
    session.flush()
    told = {"project": project.id, "source": source.value, "returned_fen": rest}
    transparency.publish(session, project.community_id, "project.money", told)


def _refund(session: Session, actor: Actor, project: Project) -> None:
    """Let promises lapse when the project fails, and give each fen back that is not spent."""
    if project.state not in FAILED:
        return
    session.flush()
    session.execute(
        update(Pledge)
        .where(
            Pledge.community_id == project.community_id,
            Pledge.project_id == project.id,
            Pledge.state == PledgeState.PLEDGED,
        )
        .values(state=PledgeState.LAPSED)
        .execution_options(synchronize_session="fetch")
    )
    paid = paid_fen(session, project.community_id, project.id)
    free = free_by_source(session, project.community_id, project.id)
    if free.get(MoneySource.COFUNDING, 0) < paid:
        # A part was spent before the project was given up: the rest goes back by what each paid.
        share_rest(session, actor, project)
        return
    for row in _owed(session, project):
        _refund_one(session, actor, project, row)
    if _owed(session, project):
        system = Actor.system(project.community_id)
        jobs.start_job(session, system, REFUND_JOB, {"project_id": project.id})


def _owed(session: Session, project: Project) -> list[Pledge]:
    """List the next few whose money is still to go back."""
    return list(
        session.scalars(
            select(Pledge)
            .where(
                Pledge.community_id == project.community_id,
                Pledge.project_id == project.id,
                Pledge.state == PledgeState.PAID,
            )
            .order_by(Pledge.id)
            .limit(AT_ONCE)
        )
    )


def _refund_one(session: Session, actor: Actor, project: Project, row: Pledge) -> None:
    """Give one resident all back; the state and the entry's own key let it happen once."""
    name = f"pledge:{row.id}:refund"
    row.refund_transaction_id = give_back_money(
        session, actor, project.id, MoneySource.COFUNDING, row.amount_fen, name, name
    )
    row.state, row.given_back_fen = PledgeState.REFUNDED, row.amount_fen
    session.flush()
    title = say(N_("您的众筹款将全额退还"))
    body = say(
        N_("“{title}”没有办成，您交的 {amount} 元全额退还，请到社区领取或留下收款方式。"),
        title=project.title,
        amount=yuan(row.amount_fen),
    )
    link = f"projects/{project.id}"
    notices.send(session, actor, row.person_id, title, body, link, kind="change")


def _tell_rest(session: Session, actor: Actor, project: Project, row: Pledge, share: int) -> None:
    words = N_("“{title}”已结项，退还您 {amount} 元，请到社区领取或留下收款方式。")
    if project.state is not ProjectState.CLOSED:
        words = N_("“{title}”中途停止，没有用掉的部分退还您 {amount} 元，请到社区领取。")
    title = say(N_("众筹有结余，按您交的比例退还"))
    body = say(words, title=project.title, amount=yuan(share))
    link = f"projects/{project.id}"
    notices.send(session, actor, row.person_id, title, body, link, kind="change")


def _share_at_closing(session: Session, actor: Actor, project: Project) -> None:
    if project.state is ProjectState.CLOSED:
        share_rest(session, actor, project)


AFTER_MOVE.append(_refund)
AFTER_MOVE.append(_share_at_closing)
AFTER_MOVE.append(return_donations)
