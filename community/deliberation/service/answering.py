"""Commands of answers (事事有回音): answer, promise, judge, name another role."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import identity, notices
from community.deliberation import permissions
from community.deliberation.errors.topics import (
    NothingOwed,
    NothingToJudge,
    NotTheAnswerer,
    NotTheAuthor,
    OwnTopic,
    PromiseDayWrong,
    SameAnswerer,
)
from community.deliberation.models import Topic, TopicAnswer
from community.deliberation.queries.topic_terms import topic_terms
from community.deliberation.rules.topics import (
    ANSWERER_ROLES,
    ANSWERER_TITLES,
    LISTED,
    OUTCOME_TITLES,
    OWED,
    Answerer,
    AnswerState,
    StepKind,
    TopicOutcome,
    TopicState,
    is_overdue,
    judged,
)
from community.deliberation.service.topic_steps import (
    authors_of,
    check_words,
    claim_step,
    load_open,
    not_open,
    note_step,
    own_id,
    tell_authors,
)
from community.kernel import calendar, clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say

LONGEST_PROMISE = timedelta(days=366)
# An answer that all is done ends the topic here; elsewhere a meeting or a vote has the word.
_ENDS_FROM = frozenset({TopicState.RAISED, TopicState.ON_AGENDA, TopicState.IN_WORK})


def answer_topic(
    session: Session,
    actor: Actor,
    topic_id: int,
    outcome: TopicOutcome,
    words: str,
    promised_on: date | None = None,
) -> int:
    """Answer in public for the role that owes the answer; gives the answer's id.

    A promise names the day by which there is word again. Raises: TopicNotFound, TopicHidden,
    NotOpenNow, NotTheAnswerer, OwnTopic, NothingOwed, PromiseDayWrong, WordsPersonal.
    """
    actor.check(permissions.ANSWER.code)
    topic = load_open(session, actor, topic_id)
    _check_answerer(session, actor, topic)
    if topic.answer_state not in OWED:
        raise NothingOwed
    _check_promise(outcome, promised_on)
    check_words(session, actor, words)
    row = _keep_answer(session, actor, topic, outcome, words, promised_on)
    if promised_on is not None:
        if topic.answer_state is not AnswerState.PROMISED:
            topic.answer_state = AnswerState.PROMISED
        assert topic.first_due_on is not None
        topic.answer_due_on = max(promised_on, topic.first_due_on)
    else:
        topic.answer_state = AnswerState.ANSWERED
    session.flush()
    note_step(session, actor, topic, StepKind.ANSWERED, words, f"answer:{row.id}")
    _tell_answer(session, actor, topic, row)
    if outcome is TopicOutcome.DONE and topic.state in _ENDS_FROM:
        claim_step(session, topic, TopicState.DONE)
        note_step(session, actor, topic, StepKind.DONE)
    return row.id


def judge_answer(
    session: Session, actor: Actor, topic_id: int, is_satisfied: bool, words: str = ""
) -> AnswerState:
    """Let the author say whether the answer satisfies; the first no asks for one more.

    Raises: TopicNotFound, TopicHidden, NotTheAuthor, NothingToJudge, WordsPersonal.
    """
    actor.check(permissions.PROPOSE.code)
    topic = load_open(session, actor, topic_id)
    if topic.author_id != own_id(actor):
        raise NotTheAuthor
    if topic.answer_state is not AnswerState.ANSWERED or topic.state not in LISTED:
        raise NothingToJudge
    check_words(session, actor, words)
    state = judged(is_satisfied=is_satisfied, was_reopened=topic.is_reopened)
    if state is AnswerState.REOPENED:
        days = topic_terms(session, actor.community_id).answer_days
        due_on = calendar.add_working_days(session, actor.community_id, clock.today(), days)
        assert topic.first_due_on is not None
        topic.is_reopened, topic.answer_due_on = True, max(due_on, topic.first_due_on)
    topic.answer_state = state
    session.flush()
    verdict = say(N_("满意")) if is_satisfied else say(N_("不满意"))
    note_step(session, actor, topic, StepKind.JUDGED, words, "yes" if is_satisfied else "no")
    if state is AnswerState.REOPENED and topic.state is TopicState.DONE:
        claim_step(session, topic, TopicState.IN_WORK)
    title = say(N_("提出人对答复的评价：{verdict}"), verdict=verdict)
    body = say(N_("“{title}”：{words}"), title=topic.title, words=words or verdict)
    _tell_answerers(session, actor, topic, title, body)
    return state


def assign_answerer(
    session: Session, actor: Actor, topic_id: int, answerer: Answerer, reason: str
) -> None:
    """Name another role that owes the answer, saying why in public; the due day stays.

    Raises: TopicNotFound, TopicHidden, SameAnswerer, NothingOwed, WordsPersonal.
    """
    actor.check(permissions.MODERATE.code)
    topic = load_open(session, actor, topic_id)
    if topic.answer_state not in OWED:
        raise NothingOwed
    if topic.answerer is answerer:
        raise SameAnswerer(answerer=say(ANSWERER_TITLES[answerer]))
    check_words(session, actor, reason)
    topic.answerer = answerer
    session.flush()
    note_step(session, actor, topic, StepKind.ASSIGNED, reason, answerer.value)
    named = say(ANSWERER_TITLES[answerer])
    title = say(N_("您的议题改由{answerer}答复"), answerer=named)
    day = "" if topic.answer_due_on is None else topic.answer_due_on.isoformat()
    body = say(
        N_("“{title}”：{reason} 答复日期不变，{day} 前。"),
        title=topic.title,
        reason=reason,
        day=day,
    )
    tell_authors(session, actor, topic, title, body)
    body = say(
        N_("“{title}”请在 {day} 前公开答复：{words}"),
        title=topic.title,
        day=day,
        words=topic.words,
    )
    _tell_answerers(session, actor, topic, say(N_("有议题转给您答复")), body)


def _check_answerer(session: Session, actor: Actor, topic: Topic) -> None:
    if topic.state not in LISTED:
        raise not_open(topic)
    if ANSWERER_ROLES[topic.answerer].value not in actor.roles:
        raise NotTheAnswerer(answerer=say(ANSWERER_TITLES[topic.answerer]))
    if own_id(actor) in authors_of(session, topic):
        raise OwnTopic


def _check_promise(outcome: TopicOutcome, promised_on: date | None) -> None:
    if (outcome is TopicOutcome.WILL_DO) != (promised_on is not None):
        raise PromiseDayWrong
    today = clock.today()
    if promised_on is not None and not today < promised_on <= today + LONGEST_PROMISE:
        raise PromiseDayWrong


def _keep_answer(
    session: Session,
    actor: Actor,
    topic: Topic,
    outcome: TopicOutcome,
    words: str,
    promised_on: date | None,
) -> TopicAnswer:
    last = session.scalar(
        select(func.max(TopicAnswer.number)).where(
            TopicAnswer.community_id == topic.community_id, TopicAnswer.topic_id == topic.id
        )
    )
    assert topic.answer_due_on is not None
    row = TopicAnswer(
        community_id=topic.community_id,
        topic_id=topic.id,
        number=int(last or 0) + 1,
        answerer=topic.answerer,
        outcome=outcome,
        words=words,
        promised_on=promised_on,
        due_on=topic.answer_due_on,
        is_late=is_overdue(topic.answer_state, topic.answer_due_on, clock.today()),
        answered_by=own_id(actor),
        answered_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row


def _tell_answer(session: Session, actor: Actor, topic: Topic, row: TopicAnswer) -> None:
    title = say(N_("{answerer}答复了您的议题"), answerer=say(ANSWERER_TITLES[row.answerer]))
    outcome = say(OUTCOME_TITLES[row.outcome])
    facts = {"title": topic.title, "outcome": outcome, "words": row.words}
    if row.promised_on is None:
        body = say(N_("“{title}”：{outcome}。{words}"), **facts)
    else:
        day = row.promised_on.isoformat()
        body = say(N_("“{title}”：{outcome}，{day} 前再告诉您结果。{words}"), day=day, **facts)
    tell_authors(session, actor, topic, title, body)


def _tell_answerers(session: Session, actor: Actor, topic: Topic, title: str, body: str) -> None:
    role = ANSWERER_ROLES[topic.answerer]
    for person in identity.people_with_role(session, actor.community_id, role):
        if person not in {topic.author_id, actor.person_id}:
            link = f"desk/topics/{topic.id}"
            notices.send(session, actor, person, title, body, link, kind="todo")
