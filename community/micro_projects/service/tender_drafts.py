"""Drafting a tender: its words, method, days, criteria, openers and files, until it is checked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock, files
from community.kernel.actor import Actor
from community.kernel.codec import dump
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.tenders import (
    MethodTooSmall,
    OpenersWrong,
    OverBudget,
    ProjectNotReady,
    TenderRunning,
    TimesWrong,
    WeightsWrong,
)
from community.micro_projects.errors.venture import VentureHasWinner
from community.micro_projects.models import (
    Project,
    Tender,
    TenderCriterion,
    TenderDocument,
    TenderOpener,
)
from community.micro_projects.queries.tender_terms import tender_terms
from community.micro_projects.rules.contracts import write_yuan
from community.micro_projects.rules.projects import Funding
from community.micro_projects.rules.states import STATE_TITLES as PROJECT_TITLES
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.rules.tender_methods import TenderTerms, fits
from community.micro_projects.rules.tenders import (
    ENDED,
    METHOD_TITLES,
    SEALED_METHODS,
    WHOLE_WEIGHT,
    CriterionKind,
    TenderMethod,
    TenderState,
)
from community.micro_projects.service.moving import load_project
from community.micro_projects.service.tender_steps import load_tender, note_step, wrong_state
from community.sealing import BoxLevel

FEWEST_OPENERS, MOST_OPENERS = 2, 15
MOST_CRITERIA = 12
P = TypeVar("P", TenderCriterion, TenderDocument, TenderOpener)
MAY_TENDER = frozenset({ProjectState.APPROVED, ProjectState.PROCURING})


@dataclass(frozen=True, slots=True)
class CriterionDraft:
    """A criterion and its points of one hundred."""

    kind: CriterionKind
    title: str
    weight: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class TenderDraft:
    """A tender as the project officer writes it; `budget_fen` is the ceiling of the price."""

    title: str
    text: str
    method: TenderMethod
    budget_fen: int
    level: BoxLevel = BoxLevel.L1
    opens_at: datetime | None = None
    questions_until: datetime | None = None
    deadline: datetime | None = None
    criteria: tuple[CriterionDraft, ...] = ()
    openers: tuple[int, ...] = ()
    opener_threshold: int = 0


def draft_tender(session: Session, actor: Actor, project_id: int, draft: TenderDraft) -> int:
    """Draft a tender for an approved project; gives its id.

    Raises: ProjectNotFound, ProjectNotReady, TenderRunning, VentureHasWinner, and as
    `change_tender`.
    """
    actor.check(permissions.PREPARE_TENDER.code)
    project = load_project(session, actor, project_id)
    if project.funding is Funding.VENTURE:
        raise VentureHasWinner
    if project.state not in MAY_TENDER:
        raise ProjectNotReady(state=say(PROJECT_TITLES[project.state]))
    running = session.scalar(
        select(Tender.number).where(
            Tender.community_id == actor.community_id,
            Tender.project_id == project_id,
            Tender.state.not_in(ENDED),
        )
    )
    if running is not None:
        raise TenderRunning(number=running)
    attempts = session.scalar(
        select(func.count()).where(
            Tender.community_id == actor.community_id, Tender.project_id == project_id
        )
    )
    row = Tender(
        community_id=actor.community_id,
        project_id=project_id,
        number=next_number(session, actor.community_id),
        state=TenderState.DRAFT,
        attempt=(attempts or 0) + 1,
        drafted_by=actor.person_id,
        drafted_at=clock.now(),
    )
    fill(session, actor, row, project, draft)
    note_step(session, actor, row, TenderState.DRAFT)
    return row.id


def change_tender(session: Session, actor: Actor, tender_id: int, draft: TenderDraft) -> None:
    """Change a tender that has not been handed in for its check.

    Raises: TenderNotFound, TenderStateWrong, MethodTooSmall, OverBudget, TimesWrong,
    WeightsWrong, OpenersWrong.
    """
    actor.check(permissions.PREPARE_TENDER.code)
    row = load_tender(session, actor, tender_id)
    if row.state is not TenderState.DRAFT:
        raise wrong_state(row)
    fill(session, actor, row, load_project(session, actor, row.project_id), draft)


def add_document(
    session: Session, actor: Actor, tender_id: int, title: str, upload: files.Ready
) -> int:
    """Add a file to a tender's draft; gives the document's id.

    Raises: TenderNotFound, TenderStateWrong.
    """
    actor.check(permissions.PREPARE_TENDER.code)
    row = load_tender(session, actor, tender_id)
    if row.state is not TenderState.DRAFT:
        raise wrong_state(row)
    return keep_document(session, actor, row, title, upload, 0)


def keep_document(
    session: Session, actor: Actor, row: Tender, title: str, upload: files.Ready, amendment: int
) -> int:
    """Write a tender's file down, with the amendment that brought it."""
    kept = TenderDocument(
        community_id=row.community_id,
        tender_id=row.id,
        title=title or upload.name,
        file_id=files.keep_file(session, actor, upload),
        amendment=amendment,
        added_at=clock.now(),
    )
    session.add(kept)
    session.flush()
    return kept.id


def drop_document(session: Session, actor: Actor, tender_id: int, document_id: int) -> None:
    """Take a file out of a tender's draft.

    Raises: TenderNotFound, TenderStateWrong.
    """
    actor.check(permissions.PREPARE_TENDER.code)
    row = load_tender(session, actor, tender_id)
    if row.state is not TenderState.DRAFT:
        raise wrong_state(row)
    kept = session.get(TenderDocument, document_id)
    if kept is None or kept.tender_id != row.id:
        return
    session.delete(kept)
    session.flush()
    files.drop_file(session, actor, kept.file_id)


def next_number(session: Session, community_id: int) -> int:
    """Give the number after the community's last tender."""
    last = session.scalar(
        select(func.max(Tender.number)).where(Tender.community_id == community_id)
    )
    return (last or 0) + 1


def hash_content(session: Session, row: Tender) -> str:
    """Hash all that bidders go by: words, figures, days, criteria, openers, and files."""
    criteria = _parts(session, TenderCriterion, row, TenderCriterion.number)
    documents = _parts(session, TenderDocument, row, TenderDocument.id)
    openers = _parts(session, TenderOpener, row, TenderOpener.person_id)
    told = {
        "title": row.title,
        "text": row.text,
        "method": row.method.value,
        "level": row.level.value,
        "budget_fen": row.budget_fen,
        "minimum_bids": row.minimum_bids,
        "times": (row.opens_at, row.questions_until, row.deadline),
        "criteria": tuple(
            (each.kind.value, each.title, each.text, each.weight) for each in criteria
        ),
        "documents": tuple(
            (each.title, files.get_file(session, row.community_id, each.file_id).sha256)
            for each in documents
        ),
        "openers": tuple(each.person_id for each in openers),
        "opener_threshold": row.opener_threshold,
    }
    return hashlib.sha256(dump(told).encode()).hexdigest()


def _parts(session: Session, table: type[P], row: Tender, order: Any) -> list[P]:
    mine = (table.community_id == row.community_id, table.tender_id == row.id)
    return list(session.scalars(select(table).where(*mine).order_by(order)))


def fill(session: Session, actor: Actor, row: Tender, project: Project, draft: TenderDraft) -> None:
    """Put a draft's words and figures into a row, judged by the rule set in force today.

    Raises: MethodTooSmall, OverBudget, TimesWrong, WeightsWrong, OpenersWrong.
    """
    terms = _terms_for(session, row.community_id, project, draft)
    _check_times(draft)
    _check_criteria(draft)
    _check_openers(session, row.community_id, draft)
    row.title, row.text, row.method = draft.title, draft.text, draft.method
    row.level, row.budget_fen = draft.level, draft.budget_fen
    row.opens_at, row.deadline = draft.opens_at, draft.deadline
    row.questions_until = draft.questions_until
    if row.questions_until is None and draft.deadline is not None:
        row.questions_until = draft.deadline - timedelta(days=terms.question_days)
    row.minimum_bids, row.amendment_days = terms.minimum_bids, terms.amendment_days
    row.unconfirmed, row.rules_basis = terms.unconfirmed, terms.basis
    row.opener_threshold = draft.opener_threshold if draft.level is BoxLevel.L2 else 0
    row.checked_by = row.checked_at = row.content_hash = None
    session.add(row)
    session.flush()
    _write_criteria(session, row, draft)
    _write_openers(session, row, draft)


def _terms_for(
    session: Session, community_id: int, project: Project, draft: TenderDraft
) -> TenderTerms:
    """Give what holds for the method; refuse an amount that is too large for it.

    Raises: MethodTooSmall, OverBudget.
    """
    terms = tender_terms(session, community_id, project.kind.value, clock.today())[draft.method]
    if project.budget_fen is not None and draft.budget_fen > project.budget_fen:
        raise OverBudget(budget=write_yuan(project.budget_fen))
    if not fits(terms, draft.budget_fen):
        raise MethodTooSmall(
            amount=write_yuan(draft.budget_fen),
            method=say(METHOD_TITLES[draft.method]),
            most=write_yuan(terms.most_fen or 0),
            basis=terms.basis,
        )
    return terms


def _check_times(draft: TenderDraft) -> None:
    if draft.method not in SEALED_METHODS:
        return
    if draft.opens_at is None or draft.deadline is None or draft.opens_at >= draft.deadline:
        raise TimesWrong
    if draft.questions_until is not None and draft.questions_until > draft.deadline:
        raise TimesWrong


def _check_criteria(draft: TenderDraft) -> None:
    if draft.method not in SEALED_METHODS and not draft.criteria:
        return
    total = sum(each.weight for each in draft.criteria)
    prices = sum(each.kind is CriterionKind.PRICE for each in draft.criteria)
    if total != WHOLE_WEIGHT or prices != 1 or len(draft.criteria) > MOST_CRITERIA:
        raise WeightsWrong(sum=total)


def _check_openers(session: Session, community_id: int, draft: TenderDraft) -> None:
    if draft.level is not BoxLevel.L2 or draft.method not in SEALED_METHODS:
        return
    told = {"least": FEWEST_OPENERS, "most": MOST_OPENERS}
    known = identity.people(session, community_id, draft.openers)
    people = set(draft.openers)
    if len(people) != len(draft.openers) or people - set(known):
        raise OpenersWrong(**told)
    if not FEWEST_OPENERS <= draft.opener_threshold <= len(people) <= MOST_OPENERS:
        raise OpenersWrong(**told)


def _write_criteria(session: Session, row: Tender, draft: TenderDraft) -> None:
    session.execute(
        delete(TenderCriterion).where(
            TenderCriterion.community_id == row.community_id, TenderCriterion.tender_id == row.id
        )
    )
    for number, each in enumerate(draft.criteria, start=1):
        session.add(
            TenderCriterion(
                community_id=row.community_id,
                tender_id=row.id,
                number=number,
                kind=each.kind,
                title=each.title,
                text=each.text,
                weight=each.weight,
            )
        )
    session.flush()


def _write_openers(session: Session, row: Tender, draft: TenderDraft) -> None:
    session.execute(
        delete(TenderOpener).where(
            TenderOpener.community_id == row.community_id, TenderOpener.tender_id == row.id
        )
    )
    chosen = draft.openers if draft.level is BoxLevel.L2 else ()
    for person_id in chosen:
        session.add(
            TenderOpener(community_id=row.community_id, tender_id=row.id, person_id=person_id)
        )
    session.flush()
