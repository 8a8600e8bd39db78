"""The council's vote: asked for by an event, its result taken once, and then the public notice."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import notices
from community.kernel import clock, events
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.deciding import NoticeRunning, ObjectionsOpen, VoteStands
from community.micro_projects.errors.projects import NotAtStation, ReasonMissing
from community.micro_projects.errors.venture import JuryDecided
from community.micro_projects.events import VoteNoLongerWanted, VoteWanted
from community.micro_projects.models import Project, ProjectVote
from community.micro_projects.queries.deciding import (
    find_open_vote,
    newest_costing,
    notice_standing,
)
from community.micro_projects.queries.terms import terms_of
from community.micro_projects.rules.deciding import head_of, subject_of
from community.micro_projects.rules.money import yuan
from community.micro_projects.rules.projects import Funding
from community.micro_projects.rules.states import STATE_TITLES, ProjectState
from community.micro_projects.service.drives import fail_drive, open_drive
from community.micro_projects.service.moving import (
    AFTER_MOVE,
    check_words,
    claim_move,
    load_project,
    load_public,
)
from community.micro_projects.service.reviewing import open_review


def ask_vote(session: Session, actor: Actor, project_id: int) -> int:
    """Ask the council to vote on a costed project; gives the vote's id.

    Raises: ProjectNotFound, NotAtStation, VoteStands, JuryDecided.
    """
    actor.check(permissions.RUN.code)
    row = load_public(session, actor, project_id)
    if row.state is not ProjectState.COSTING or row.budget_fen is None:
        raise NotAtStation(state=say(STATE_TITLES[row.state]))
    if row.funding is Funding.VENTURE:
        raise JuryDecided
    if find_open_vote(session, row.community_id, row.id) is not None:
        raise VoteStands
    vote = ProjectVote(
        community_id=actor.community_id,
        project_id=row.id,
        text=vote_text(session, row),
        budget_fen=row.budget_fen,
        asked_by=actor.person_id,
        asked_at=clock.now(),
    )
    session.add(vote)
    session.flush()
    claim_move(session, actor, row, ProjectState.VOTING)
    open_drive(session, row)
    title = f"微实事项目：{row.title}"
    days = terms_of(session, row.community_id, row.rule_set_id).vote_days
    events.tell(session, VoteWanted(actor.community_id, row.id, title, vote.text, days))
    return vote.id


def recall_vote(session: Session, actor: Actor, project_id: int, reason: str) -> None:
    """Take a project back from the vote to cost it anew, with a reason everybody reads.

    Raises: ProjectNotFound, NotAtStation, ReasonMissing, WordsPersonal.
    """
    actor.check(permissions.RUN.code)
    row = load_public(session, actor, project_id)
    if row.state is not ProjectState.VOTING:
        raise NotAtStation(state=say(STATE_TITLES[row.state]))
    if not reason.strip():
        raise ReasonMissing
    check_words(session, actor, reason)
    # The drive begins anew with the next vote.
    words = reason.strip()
    claim_move(session, actor, row, ProjectState.COSTING, words=words, pledge_until=None)


def vote_text(session: Session, row: Project) -> str:
    """Write what the council votes on: the need, what each thing costs, whose money it is."""
    costing = newest_costing(session, row.community_id, row.id)
    lines = [f"{name}：{yuan(fen)} 元" for name, fen in costing.lines] if costing else []
    fiscal = (row.budget_fen or 0) - row.cofunding_fen - row.matched_fen
    sources = [("财政资金", fiscal), ("居民众筹", row.cofunding_fen), ("配捐", row.matched_fen)]
    money = "，".join(f"{name} {yuan(fen)} 元" for name, fen in sources if fen)
    head, need = head_of(row.number, row.title, row.kind, row.need)
    return "\n".join(
        (
            head,
            f"地点：{row.place}" if row.place else "地点：小区公共区域",
            need,
            *lines,
            f"总预算：{yuan(row.budget_fen or 0)} 元（{money}）",
            "是否同意实施这个项目？",
        )
    )


def take_vote(
    session: Session,
    actor: Actor,
    project_id: int,
    text: str,
    ref: str,
    decided_on: date,
    *,
    passed: bool,
) -> bool:
    """Take what the council decided: passed, it is posted for objections; else it ends here.

    A result on other words than were asked, or nobody waits for, changes nothing. Tells whether
    it was taken.
    """
    row = load_project(session, actor, project_id)
    vote = find_open_vote(session, row.community_id, row.id)
    if vote is None or row.state is not ProjectState.VOTING or vote.text.strip() != text.strip():
        return False
    vote.passed, vote.decided_on, vote.ref = passed, decided_on, ref
    session.flush()
    if passed and fail_drive(session, actor, row):
        return True
    if not passed:
        words = say(N_("议事会表决没有通过"))
        claim_move(session, actor, row, ProjectState.REJECTED, ref, words)
        return True
    claim_move(session, actor, row, ProjectState.NOTICE, ref, say(N_("议事会表决通过")))
    _post(session, row)
    return True


def close_notice(session: Session, actor: Actor, project_id: int) -> None:
    """Go on when the notice is over: to the street, or back where an objection was upheld.

    Raises: ProjectNotFound, NotAtStation, NoticeRunning, ObjectionsOpen.
    """
    actor.check(permissions.RUN.code)
    row = load_public(session, actor, project_id)
    if row.state is not ProjectState.NOTICE:
        raise NotAtStation(state=say(STATE_TITLES[row.state]))
    if fail_drive(session, actor, row):
        return
    found = notice_standing(session, row.community_id, row.id)
    if found is None:
        # The notice was withdrawn by hand: it hangs again.
        _post(session, row)
        return
    if found.is_running:
        raise NoticeRunning(until=f"{clock.day_of(found.closes_at).isoformat()}")
    if found.unanswered:
        raise ObjectionsOpen(count=found.unanswered)
    ref = f"notice:{found.notice_id}"
    if found.upheld:
        words = say(N_("公示期内有 {count} 条异议成立，退回修改"), count=found.upheld)
        claim_move(session, actor, row, ProjectState.RETURNED, ref, words)
        return
    words = say(N_("公示结束，没有成立的异议"))
    claim_move(session, actor, row, ProjectState.REVIEW, ref, words)
    open_review(session, actor, row)


def close_due_notices(session: Session, actor: Actor) -> int:
    """Let every project go on whose notice is over and whose objections are answered."""
    waiting = session.scalars(
        select(Project.id).where(
            Project.community_id == actor.community_id, Project.state == ProjectState.NOTICE
        )
    ).all()
    moved = 0
    for project_id in waiting:
        found = notice_standing(session, actor.community_id, project_id)
        if found is not None and not found.is_running and not found.unanswered:
            close_notice(session, actor, project_id)
            moved += 1
    return moved


def _post(session: Session, row: Project) -> None:
    """Post what the council agreed to, for everybody to object."""
    terms = terms_of(session, row.community_id, row.rule_set_id)
    now = clock.now()
    last_day = clock.today() + timedelta(days=terms.notice_days + 1)
    body = (
        f"{vote_text(session, row)}\n\n居民议事会已表决通过。有异议请在公示期内提出，逐条公开答复。"
    )
    draft = notices.NoticeDraft(
        f"微实事项目公示：{row.title}",
        body,
        notices.NoticeKind.PROJECT,
        now,
        clock.at(last_day),
        subject=subject_of(row.id),
        least_days=terms.notice_days,
    )
    notices.publish_notice(session, Actor.system(row.community_id), draft)


def _drop_vote(session: Session, actor: Actor, row: Project) -> None:
    """Close a vote nobody waits for any more, and let its poll be withdrawn."""
    if row.state not in {ProjectState.WITHDRAWN, ProjectState.EXPIRED, ProjectState.COSTING}:
        return
    vote = find_open_vote(session, row.community_id, row.id)
    if vote is None:
        return
    vote.passed, vote.decided_on, vote.ref = False, clock.today(), "dropped"
    session.flush()
    events.tell(session, VoteNoLongerWanted(row.community_id, row.id))


AFTER_MOVE.append(_drop_vote)
