"""The street office's review: each request answered once, an approval reserving the quota."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.orm import Session

from community import identity, notices, transparency
from community.kernel import calendar, clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.deciding import (
    NotOwnReview,
    NotVotedFor,
    ReviewAnswered,
    ReviewNotFound,
)
from community.micro_projects.errors.funding import TargetMissed
from community.micro_projects.errors.projects import NotAtStation, ReasonMissing
from community.micro_projects.models import Project, ProjectReview
from community.micro_projects.queries.deciding import agreed_budget
from community.micro_projects.queries.funding import pledged_fen
from community.micro_projects.queries.terms import terms_of
from community.micro_projects.rules.deciding import LEADS_TO, ReviewOutcome
from community.micro_projects.rules.money import yuan
from community.micro_projects.rules.states import STATE_TITLES, ProjectState
from community.micro_projects.service.drives import open_drive
from community.micro_projects.service.moving import check_words, claim_move, load_public
from community.micro_projects.service.quotas import reserve_quota

transparency.name_kinds({"project.approved": N_("项目批准入库")})


def ask_review(session: Session, actor: Actor, project_id: int) -> int:
    """Send a corrected project to the street again, no dearer than council or jury agreed to.

    Raises: ProjectNotFound, NotAtStation, NotVotedFor.
    """
    actor.check(permissions.RUN.code)
    row = load_public(session, actor, project_id)
    if row.state is not ProjectState.COSTING or row.budget_fen is None:
        raise NotAtStation(state=say(STATE_TITLES[row.state]))
    voted = agreed_budget(session, row.community_id, row.id)
    if voted is None or row.budget_fen > voted:
        raise NotVotedFor(voted=yuan(voted or 0), budget=yuan(row.budget_fen))
    claim_move(session, actor, row, ProjectState.REVIEW)
    if pledged_fen(session, row.community_id, row.id) < row.cofunding_fen:
        open_drive(session, row)
    return open_review(session, actor, row)


def open_review(session: Session, actor: Actor, row: Project) -> int:
    """Put a project before the street office, to be answered by a working day."""
    terms = terms_of(session, row.community_id, row.rule_set_id)
    last = session.scalar(
        select(func.max(ProjectReview.number)).where(
            ProjectReview.community_id == row.community_id, ProjectReview.project_id == row.id
        )
    )
    today = clock.today()
    review = ProjectReview(
        community_id=row.community_id,
        project_id=row.id,
        number=(last or 0) + 1,
        budget_fen=row.budget_fen or 0,
        asked_by=actor.person_id,
        asked_at=clock.now(),
        due_on=calendar.add_working_days(session, row.community_id, today, terms.review_days),
        words="",
    )
    session.add(review)
    session.flush()
    title = say(N_("有项目等您审核"))
    for person in identity.people_with_role(session, row.community_id, permissions.REVIEWER):
        link = f"desk/projects/{row.id}"
        notices.send(session, actor, person, title, row.title, link, kind="todo")
    return review.id


def answer_review(
    session: Session, actor: Actor, review_id: int, outcome: ReviewOutcome, words: str = ""
) -> None:
    """Answer a request for the street, once; an approval reserves the year's quota with it.

    Raises: ReviewNotFound, ReviewAnswered, NotOwnReview, ReasonMissing, NotAtStation,
    TargetMissed, QuotaMissing, QuotaExceeded, WordsPersonal.
    """
    actor.check(permissions.REVIEW.code)
    review = session.get(ProjectReview, review_id)
    if review is None or review.community_id != actor.community_id:
        raise ReviewNotFound
    if review.answered_at is not None:
        raise ReviewAnswered
    if review.asked_by is not None and review.asked_by == actor.person_id:
        raise NotOwnReview
    if outcome is not ReviewOutcome.APPROVED and not words.strip():
        raise ReasonMissing
    check_words(session, actor, words)
    row = load_public(session, actor, review.project_id)
    if row.state is not ProjectState.REVIEW:
        raise NotAtStation(state=say(STATE_TITLES[row.state]))
    _claim(session, actor, review, outcome, words.strip())
    if outcome is ReviewOutcome.APPROVED:
        _check_target(session, row)
        reserve_quota(session, actor, row)
        _publish(session, row, review)
    claim_move(session, actor, row, LEADS_TO[outcome], f"review:{review.id}", words.strip())


def _claim(
    session: Session, actor: Actor, review: ProjectReview, outcome: ReviewOutcome, words: str
) -> None:
    session.flush()
    claimed = session.execute(
        update(ProjectReview)
        .where(
            ProjectReview.community_id == review.community_id,
            ProjectReview.id == review.id,
            ProjectReview.answered_at.is_(None),
        )
        .values(
            outcome=outcome,
            words=words,
            answered_by=actor.person_id,
            answered_at=clock.now(),
        )
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", claimed).rowcount != 1:
        raise ReviewAnswered
    session.refresh(review)


def _check_target(session: Session, row: Project) -> None:
    pledged = pledged_fen(session, row.community_id, row.id)
    if pledged < row.cofunding_fen:
        raise TargetMissed(target=yuan(row.cofunding_fen), pledged=yuan(pledged))


def _publish(session: Session, row: Project, review: ProjectReview) -> None:
    told = {
        "project": row.id,
        "number": row.number,
        "project_kind": row.kind.value,
        "title": row.title,
        "budget_fen": row.budget_fen,
        "cofunding_fen": row.cofunding_fen,
        "matched_fen": row.matched_fen,
        "review": review.number,
    }
    transparency.publish(session, row.community_id, "project.approved", told)
