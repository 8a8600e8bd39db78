"""Commands of owners' questions: ask, answer with vouchers, judge the answer."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import identity, notices, transparency
from community.kernel import calendar, clock
from community.kernel.actor import Actor
from community.kernel.errors import N_, NotAllowed
from community.kernel.permissions import Role
from community.kernel.sentences import Said, say
from community.trust_property import permissions
from community.trust_property.errors.questions import (
    AnswersOwnQuestion,
    NothingToJudge,
    NotTheAsker,
    NotTheirs,
    PersonalWords,
    QuestionClosed,
    QuestionNotFound,
    QuestionWaits,
)
from community.trust_property.models import Answer, Fund, Question
from community.trust_property.queries.keys import holdings
from community.trust_property.queries.policies import get_terms
from community.trust_property.queries.subjects import get_subject
from community.trust_property.rules.questions import (
    WAITING,
    AnswerSide,
    QuestionState,
    SubjectKind,
    is_overdue,
    judged,
    words_hash,
)
from community.trust_property.service.fund import load_fund
from community.trust_property.service.publishing import hidden_words, publish
from community.trust_property.service.vouchers import Paper, keep_papers


def ask_question(
    session: Session, actor: Actor, fund_id: int, kind: SubjectKind, subject_id: int, words: str
) -> int:
    """Ask in public about something of a fund; gives the question's id.

    Raises: FundNotFound, FundClosed, RulesMissing, SubjectNotFound, PersonalWords, QuestionWaits.
    """
    actor.check(permissions.ASK.code)
    if actor.subject_id is None:
        raise NotAllowed
    fund = load_fund(session, actor, fund_id)
    get_subject(session, actor, fund_id, kind, subject_id)
    check_words(session, actor, words)
    _check_not_waiting(session, actor, fund_id, kind, subject_id)
    days = get_terms(session, actor.community_id, fund_id).question_days
    due_on = calendar.add_working_days(session, actor.community_id, clock.today(), days)
    row = Question(
        community_id=actor.community_id,
        fund_id=fund_id,
        subject_kind=kind,
        subject_id=subject_id,
        words=words,
        words_sha256=words_hash(words),
        state=QuestionState.OPEN,
        answer_days=days,
        first_due_on=due_on,
        due_on=due_on,
        asked_by=actor.subject_id,
        asked_at=clock.now(),
    )
    session.add(row)
    session.flush()
    _publish(session, actor, row)
    body = say(N_("请在 {day} 前公开答复：{words}"), day=due_on.isoformat(), words=words)
    _tell_answerers(session, actor, fund, row, say(N_("业主提问")), body)
    return row.id


def answer_question(
    session: Session,
    actor: Actor,
    fund_id: int,
    question_id: int,
    words: str,
    papers: tuple[Paper, ...] = (),
) -> int:
    """Answer a question in public, with vouchers that everybody may see; gives the answer's id.

    Raises: FundNotFound, FundClosed, QuestionNotFound, QuestionClosed, NotTheirs,
    AnswersOwnQuestion, PersonalWords.
    """
    actor.check(permissions.ANSWER.code)
    fund = load_fund(session, actor, fund_id)
    row = _load(session, actor, fund_id, question_id)
    side = answering_side(actor, fund.trustee_id)
    if actor.subject_id is None or row.asked_by == actor.subject_id:
        raise AnswersOwnQuestion
    if row.state not in WAITING:
        raise QuestionClosed
    check_words(session, actor, words)
    kept = keep_papers(session, actor, papers)
    answer = Answer(
        community_id=actor.community_id,
        question_id=row.id,
        number=_next_number(session, row),
        side=side,
        words=words,
        words_sha256=words_hash(words),
        papers=[[each.title, each.file_id, each.sha256] for each in kept],
        is_late=is_overdue(row.state, row.due_on, clock.today()),
        answered_by=actor.subject_id,
        answered_at=clock.now(),
    )
    session.add(answer)
    row.state = QuestionState.ANSWERED
    session.flush()
    _publish_answer(session, actor, fund_id, answer)
    title = say(N_("您的提问有了答复"))
    notices.send(session, actor, row.asked_by, title, words, _link(fund_id, row), kind="change")
    return answer.id


def judge_answer(
    session: Session, actor: Actor, fund_id: int, question_id: int, is_satisfied: bool
) -> QuestionState:
    """Say whether the answer satisfies; the first no gives the question a new due day.

    Raises: FundNotFound, FundClosed, QuestionNotFound, NotTheAsker, NothingToJudge.
    """
    actor.check(permissions.ASK.code)
    fund = load_fund(session, actor, fund_id)
    row = _load(session, actor, fund_id, question_id)
    if row.asked_by != actor.subject_id:
        raise NotTheAsker
    if row.state is not QuestionState.ANSWERED:
        raise NothingToJudge
    last = session.scalars(
        select(Answer)
        .where(Answer.community_id == actor.community_id, Answer.question_id == row.id)
        .order_by(Answer.number.desc())
        .limit(1)
    ).one()
    last.is_satisfied, last.judged_at = is_satisfied, clock.now()
    state = judged(is_satisfied=is_satisfied, was_reopened=row.reopened)
    if state is QuestionState.REOPENED:
        day = clock.today()
        due_on = calendar.add_working_days(session, actor.community_id, day, row.answer_days)
        row.due_on, row.reopened = max(due_on, row.due_on), True
    row.state = state
    session.flush()
    _publish(session, actor, row)
    if row.state is QuestionState.REOPENED:
        body = say(
            N_("请在 {day} 前再次答复：{words}"), day=row.due_on.isoformat(), words=row.words
        )
        _tell_answerers(session, actor, fund, row, say(N_("提问人不满意答复")), body)
    return row.state


def check_words(session: Session, actor: Actor, words: str) -> None:
    """Refuse public words with a resident's name or numbers in them.

    Raises: PersonalWords.
    """
    found = identity.find_personal_words(session, actor.community_id, words)
    if found is not None:
        raise PersonalWords(found=say(found))


def _check_not_waiting(
    session: Session, actor: Actor, fund_id: int, kind: SubjectKind, subject_id: int
) -> None:
    waiting = select(Question.id).where(
        Question.community_id == actor.community_id,
        Question.fund_id == fund_id,
        Question.subject_kind == kind,
        Question.subject_id == subject_id,
        Question.asked_by == actor.subject_id,
        Question.state.in_(WAITING),
    )
    if session.scalar(waiting) is not None:
        raise QuestionWaits


def _load(session: Session, actor: Actor, fund_id: int, question_id: int) -> Question:
    row = session.get(Question, question_id)
    if row is None or (row.community_id, row.fund_id) != (actor.community_id, fund_id):
        raise QuestionNotFound
    return row


def answering_side(actor: Actor, trustee_id: int) -> AnswerSide:
    """Tell for whom an actor speaks in a fund of a trustee.

    Raises: NotTheirs.
    """
    if Role.PROPERTY.value in actor.roles and actor.organization_id == trustee_id:
        return AnswerSide.PROPERTY
    if Role.COMMITTEE.value in actor.roles:
        return AnswerSide.COMMITTEE
    raise NotTheirs


def _next_number(session: Session, row: Question) -> int:
    last = session.scalar(
        select(func.max(Answer.number)).where(
            Answer.community_id == row.community_id, Answer.question_id == row.id
        )
    )
    return int(last or 0) + 1


def _publish(session: Session, actor: Actor, row: Question) -> None:
    fields = {
        "fund": row.fund_id,
        "question": row.id,
        "subject": [row.subject_kind.value, row.subject_id],
        "state": row.state.value,
        "asked_on": clock.day_of(row.asked_at).isoformat(),
        "due_on": row.due_on.isoformat(),
        "text_sha256": row.words_sha256,
        "person": hidden_words(session, actor, f"question:{row.id}|person:{row.asked_by}"),
    }
    publish(session, actor, "question", fields)


def _publish_answer(session: Session, actor: Actor, fund_id: int, row: Answer) -> None:
    fields = {
        "fund": fund_id,
        "question": row.question_id,
        "answer": row.id,
        "number": row.number,
        "side": row.side.value,
        "text": row.words,
        "text_sha256": row.words_sha256,
        "vouchers": [[title, sha256] for title, _, sha256 in row.papers],
        "late": row.is_late,
    }
    publish(session, actor, "answer", fields)


def _tell_answerers(
    session: Session, actor: Actor, fund: Fund, row: Question, title: Said, body: Said
) -> None:
    """Tell those whose keys turn now; without any, everybody of both roles."""
    now = clock.now()
    held = holdings(session, actor.community_id, fund.id)
    people = {each.person_id for each in held if each.is_in_force(now)} or {
        person
        for role in (Role.PROPERTY, Role.COMMITTEE)
        for person in identity.people_with_role(session, actor.community_id, role)
    }
    link = f"desk/fund/{fund.id}/questions/{row.id}"
    for person in sorted(people - {row.asked_by}):
        notices.send(session, actor, person, title, body, link, kind="todo")


def _link(fund_id: int, row: Question) -> str:
    return f"fund/{fund_id}/questions/{row.id}"


transparency.name_kinds({"trust.question": N_("业主提问"), "trust.answer": N_("答复业主提问")})
