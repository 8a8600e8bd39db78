"""Papers and pictures of a project, and closing it: nothing open, the rest freed, reported."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import transparency
from community.kernel import clock, events, files
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.micro_projects import permissions
from community.micro_projects.errors.contracts import (
    NotesOpen,
    PaperKnown,
    PictureMissing,
    PictureNeeded,
    ScanMissing,
    TooManyFiles,
    UnpaidLeft,
)
from community.micro_projects.errors.surveys import SurveyNotFound, SurveyRunning
from community.micro_projects.events import ContractEnded, ProjectClosed
from community.micro_projects.models import ClosingReport, Contract, ProjectPaper
from community.micro_projects.queries.closing import SurveyView, find_survey, survey_result
from community.micro_projects.queries.closing_gaps import ClosingGaps, closing_gaps
from community.micro_projects.queries.contracting import get_contractable
from community.micro_projects.queries.money import holds_of
from community.micro_projects.rules.closing import Outcome
from community.micro_projects.rules.contracts import ContractState
from community.micro_projects.rules.milestones import GALLERY, MOST_FILES, PaperKind
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.rules.tenders import TenderState
from community.micro_projects.service.contracts import step_contract
from community.micro_projects.service.money import free_hold
from community.micro_projects.service.moving import load_project, move_project
from community.micro_projects.service.performances import record_performance
from community.micro_projects.service.tender_steps import move_tender

transparency.name_kinds({"project.closed": N_("项目结项"), "project.paper": N_("项目资料")})


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """What a project came to, in words, and how many people it served."""

    words: str
    served_people: int


def add_papers(
    session: Session,
    actor: Actor,
    project_id: int,
    kind: PaperKind,
    title: str,
    papers: tuple[files.Ready, ...],
) -> int:
    """Keep pictures or papers of a project under a heading; gives how many were new.

    Pictures of before and after are public at once. Raises: ProjectNotFound, ScanMissing,
    TooManyFiles, PictureNeeded, PaperKnown.
    """
    actor.check(permissions.CONTRACT.code)
    load_project(session, actor, project_id)
    if not papers:
        raise ScanMissing
    if len(papers) > MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
    if kind in GALLERY and any(each.kind not in files.IMAGES for each in papers):
        raise PictureNeeded
    known = set(
        session.scalars(
            select(ProjectPaper.sha256).where(
                ProjectPaper.community_id == actor.community_id,
                ProjectPaper.project_id == project_id,
                ProjectPaper.kind == kind,
            )
        )
    )
    fresh = {each.sha256: each for each in papers if each.sha256 not in known}
    if not fresh:
        raise PaperKnown
    for each in fresh.values():
        row = ProjectPaper(
            community_id=actor.community_id,
            project_id=project_id,
            kind=kind,
            title=title or each.name[:80],
            file_id=files.keep_file(session, actor, each),
            sha256=each.sha256,
            added_by=actor.person_id,
            added_at=clock.now(),
        )
        session.add(row)
    session.flush()
    told = {"project": project_id, "paper_kind": kind.value, "sha256": sorted(fresh)}
    transparency.publish(session, actor.community_id, "project.paper", told, project_id)
    return len(fresh)


def close_project(session: Session, actor: Actor, project_id: int, draft: ReportDraft) -> None:
    """Close a judged project: its contract is complete, what is still held is free again.

    Raises: ProjectNotFound, SurveyNotFound, SurveyRunning, UnpaidLeft, NotesOpen, PictureMissing,
    MoveRefused.
    """
    actor.check(permissions.CONTRACT.code)
    load_project(session, actor, project_id)
    _check_gaps(closing_gaps(session, actor.community_id, project_id))
    survey = find_survey(session, actor.community_id, project_id)
    if survey is None:
        raise SurveyNotFound
    freed, paid = _free_all(session, actor, project_id)
    session.add(
        ClosingReport(
            community_id=actor.community_id,
            project_id=project_id,
            words=draft.words,
            served_people=draft.served_people,
            paid_fen=paid,
            freed_fen=freed,
            closed_by=actor.person_id,
            closed_at=clock.now(),
            closed_on=clock.today(),
        )
    )
    session.flush()
    _complete_contract(session, actor, project_id, survey)
    move_project(session, actor, project_id, ProjectState.CLOSED, words=draft.words[:1_000])
    told = {
        "project": project_id,
        "paid_fen": paid,
        "freed_fen": freed,
        "served_people": draft.served_people,
        "survey": _told_survey(session, actor, survey),
    }
    transparency.publish(session, actor.community_id, "project.closed", told, project_id)
    events.tell(session, ProjectClosed(actor.community_id, project_id))


def _check_gaps(gaps: ClosingGaps) -> None:
    if gaps.survey_closes_at is not None:
        raise SurveyRunning(closes=clock.day_of(gaps.survey_closes_at).isoformat())
    if gaps.unpaid:
        raise UnpaidLeft(count=gaps.unpaid)
    if gaps.unanswered:
        raise NotesOpen(count=gaps.unanswered)
    if not gaps.has_picture:
        raise PictureMissing


def _free_all(session: Session, actor: Actor, project_id: int) -> tuple[int, int]:
    """Free whatever is held for the project; gives the fen freed now and paid in all."""
    freed = paid = 0
    for each in holds_of(session, actor.community_id, project_id):
        paid += each.paid_fen
        if not each.is_free:
            freed += each.amount_fen - each.paid_fen
            free_hold(session, actor, each.id)
    return freed, paid


def _complete_contract(session: Session, actor: Actor, project_id: int, survey: SurveyView) -> None:
    """Let the contract that brought the project to its end be complete."""
    rows = session.scalars(
        select(Contract).where(
            Contract.community_id == actor.community_id,
            Contract.project_id == project_id,
            Contract.state == ContractState.ACTIVE,
        )
    ).all()
    content = survey_result(session, actor.community_id, survey).content_bp
    for row in rows:
        step_contract(session, row, ContractState.COMPLETE)
        record_performance(session, actor, row, Outcome.COMPLETE, content)
        award = get_contractable(session, actor.community_id, row.award_id)
        if award.tender_id is not None:
            ref = f"contract:{row.id}"
            move_tender(session, actor, award.tender_id, TenderState.COMPLETE, ref)
        events.tell(session, ContractEnded(actor.community_id, row.id))


def _told_survey(session: Session, actor: Actor, survey: SurveyView) -> dict[str, object]:
    result = survey_result(session, actor.community_id, survey)
    return {"answers": result.answers, "content_bp": result.content_bp}
