"""Reading questions and their threads: overdue ones first, askers by masked name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock, files
from community.kernel.actor import Actor
from community.kernel.errors import NotFound
from community.kernel.masks import mask_name
from community.trust_property.errors.questions import QuestionNotFound
from community.trust_property.models import Answer, Question
from community.trust_property.queries.fund import get_fund
from community.trust_property.queries.subjects import Subject, get_subject
from community.trust_property.rules.questions import (
    WAITING,
    AnswerSide,
    QuestionState,
    SubjectKind,
    is_overdue,
    report_line_id,
)

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question as everybody sees it; `asker` is masked, `words` empty once erased."""

    id: int
    fund_id: int
    subject_kind: SubjectKind
    subject_id: int
    words: str
    words_sha256: str
    state: QuestionState
    due_on: date
    asked_at: datetime
    asker: str
    is_overdue: bool
    is_mine: bool

    @property
    def waits(self) -> bool:
        """Tell whether an answer is due."""
        return self.state in WAITING


@dataclass(frozen=True, slots=True)
class PaperView:
    """A voucher of an answer, by the hash of its bytes."""

    title: str
    file_id: int
    sha256: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer in the thread; `is_satisfied` is None until the asker has judged it."""

    id: int
    number: int
    side: AnswerSide
    words: str
    papers: tuple[PaperView, ...]
    is_late: bool
    answered_at: datetime
    is_satisfied: bool | None
    judged_at: datetime | None


@dataclass(frozen=True, slots=True)
class Thread:
    """A question, what it is about, and everything said since."""

    question: QuestionView
    subject: Subject
    answers: tuple[AnswerView, ...]


@dataclass(frozen=True, slots=True)
class QuestionCount:
    """How many questions wait, and how many of those are overdue."""

    waiting: int
    overdue: int


def questions(
    session: Session, actor: Actor, fund_id: int, before: int | None = None
) -> tuple[QuestionView, ...]:
    """List a fund's questions: overdue first, then waiting by due day, then the newest.

    Those that wait come all on the first page; `before` is the id the next page begins below.
    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    waits = Question.state.in_(WAITING)
    closed = _of(actor, fund_id).where(~waits).order_by(Question.id.desc()).limit(MOST_SHOWN)
    if before is not None:
        return _views(session, actor, session.scalars(closed.where(Question.id < before)))
    due = _of(actor, fund_id).where(waits).order_by(Question.due_on, Question.id)
    return _views(session, actor, (*session.scalars(due), *session.scalars(closed)))


def questions_about(
    session: Session, actor: Actor, fund_id: int, kind: SubjectKind, subject_id: int
) -> tuple[QuestionView, ...]:
    """List what was asked about one thing, the newest first."""
    found = _of(actor, fund_id).where(
        Question.subject_kind == kind, Question.subject_id == subject_id
    )
    newest = found.order_by(Question.id.desc()).limit(MOST_SHOWN)
    return _views(session, actor, session.scalars(newest))


def questions_about_report(
    session: Session, actor: Actor, fund_id: int, report_id: int
) -> tuple[QuestionView, ...]:
    """List what was asked about a published report's lines, the newest first."""
    found = _of(actor, fund_id).where(
        Question.subject_kind == SubjectKind.REPORT_LINE,
        Question.subject_id >= report_line_id(report_id, 1),
        Question.subject_id < report_line_id(report_id + 1, 1),
    )
    newest = found.order_by(Question.id.desc()).limit(MOST_SHOWN)
    return _views(session, actor, session.scalars(newest))


def get_thread(session: Session, actor: Actor, fund_id: int, question_id: int) -> Thread:
    """Get a question with its answers.

    Raises: FundNotFound, QuestionNotFound.
    """
    get_fund(session, actor, fund_id)
    row = session.get(Question, question_id)
    if row is None or (row.community_id, row.fund_id) != (actor.community_id, fund_id):
        raise QuestionNotFound
    view = _views(session, actor, (row,))[0]
    subject = get_subject(session, actor, fund_id, row.subject_kind, row.subject_id)
    answers = session.scalars(
        select(Answer)
        .where(Answer.community_id == actor.community_id, Answer.question_id == question_id)
        .order_by(Answer.number)
    )
    return Thread(view, subject, tuple(_answer(each) for each in answers))


def count_questions(session: Session, actor: Actor, fund_id: int) -> QuestionCount:
    """Count the questions of a fund that wait for an answer."""
    return _count(session, actor, Question.fund_id == fund_id)


def count_due_questions(session: Session, actor: Actor) -> int:
    """Count the questions of all funds of the community that wait for an answer."""
    return _count(session, actor, Question.id > 0).waiting


def get_answer_paper(
    session: Session, actor: Actor, fund_id: int, question_id: int, file_id: int
) -> files.FileView:
    """Get a voucher of an answer; it is public.

    Raises: FundNotFound, QuestionNotFound, NotFound.
    """
    thread = get_thread(session, actor, fund_id, question_id)
    if any(paper.file_id == file_id for each in thread.answers for paper in each.papers):
        return files.get_file(session, actor.community_id, file_id)
    raise NotFound


def _of(actor: Actor, fund_id: int) -> Select[Question]:
    return select(Question).where(
        Question.community_id == actor.community_id, Question.fund_id == fund_id
    )


def _count(session: Session, actor: Actor, wanted: ColumnElement[bool]) -> QuestionCount:
    days = session.execute(
        select(Question.due_on, func.count())
        .where(Question.community_id == actor.community_id, wanted, Question.state.in_(WAITING))
        .group_by(Question.due_on)
    ).all()
    today = clock.today()
    return QuestionCount(sum(row[1] for row in days), sum(row[1] for row in days if today > row[0]))


def _views(session: Session, actor: Actor, found: Iterable[Question]) -> tuple[QuestionView, ...]:
    rows = tuple(found)
    people = identity.people(session, actor.community_id, {row.asked_by for row in rows})
    today = clock.today()
    return tuple(
        QuestionView(
            row.id,
            row.fund_id,
            row.subject_kind,
            row.subject_id,
            row.words,
            row.words_sha256,
            row.state,
            row.due_on,
            row.asked_at,
            mask_name(people[row.asked_by].name) if row.asked_by in people else "**",
            is_overdue(row.state, row.due_on, today),
            row.asked_by == actor.subject_id,
        )
        for row in rows
    )


def _answer(row: Answer) -> AnswerView:
    return AnswerView(
        row.id,
        row.number,
        row.side,
        row.words,
        tuple(PaperView(*each) for each in row.papers),
        row.is_late,
        row.answered_at,
        row.is_satisfied,
        row.judged_at,
    )
