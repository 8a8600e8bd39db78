"""事事有回音: who answers by when, promises, late ones first, the author's word on it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from community.deliberation.errors import topics as errors
from community.deliberation.queries import topics as queries
from community.deliberation.queries.topic_figures import topic_counts, topic_rows
from community.deliberation.queries.topic_trace import get_trace
from community.deliberation.rules.topics import Answerer, AnswerState, TopicOutcome, TopicState
from community.deliberation.service import answering
from community.deliberation.service.topic_steps import move_topic
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed
from tests.conftest import NOON
from tests.deliberation.test_topics import DUE, messages, seen
from tests.deliberation.topic_scene import Scene, endorse, make_scene, put

WORDS = "灯已经换好，今晚起正常亮。"


def answer(
    actor: Actor,
    topic_id: int,
    outcome: TopicOutcome = TopicOutcome.EXPLAINED,
    words: str = WORDS,
    promised_on: date | None = None,
) -> None:
    db.write(answering.answer_topic, actor, topic_id, outcome, words, promised_on)


def late(scene: Scene) -> list[int]:
    with db.read() as session:
        return [each.id for each in queries.overdue_topics(session, scene.auditor)]


def test_the_author_hears_the_answer_word_for_word(database: Database) -> None:
    scene = make_scene()
    made = put(scene.author)
    answer(scene.firm, made)
    assert any(WORDS in each for each in messages(scene, scene.author.person_id))
    with db.read() as session:
        kept = get_trace(session, scene.neighbours[0], made).answers
    assert [(each.words, each.is_late, each.answerer) for each in kept] == [
        (WORDS, False, Answerer.PROPERTY)
    ]


def test_only_the_named_role_answers(database: Database) -> None:
    scene = make_scene()
    made = put(scene.author)
    for other in (scene.staff, scene.committee):
        with pytest.raises(errors.NotTheAnswerer):
            answer(other, made)
    for other in (scene.author, scene.auditor):
        with pytest.raises(NotAllowed):
            answer(other, made)
    db.write(answering.assign_answerer, scene.staff, made, Answerer.COMMITTEE, "路灯归业委会")
    with pytest.raises(errors.NotTheAnswerer):
        answer(scene.firm, made)
    answer(scene.committee, made)
    with pytest.raises(errors.NothingOwed):
        answer(scene.committee, made)


def test_nobody_answers_their_own_topic(database: Database) -> None:
    scene = make_scene()
    made = put(scene.firm)
    with pytest.raises(errors.OwnTopic):
        answer(scene.firm, made)


def test_late_ones_stand_in_public_the_longest_wait_first(database: Database) -> None:
    scene = make_scene()
    first = put(scene.author)
    with clock.fixed(NOON + timedelta(days=1)):
        second = put(scene.author)
    with clock.fixed(clock.at(DUE, 23)):
        assert late(scene) == []
    with clock.fixed(clock.at(DUE + timedelta(days=9))):
        assert late(scene) == [first, second]
        answer(scene.firm, first)
        assert late(scene) == [second]
        with db.read() as session:
            rows = {each.id: each for each in topic_rows(session, scene.community_id)}
            counts = topic_counts(session, scene.community_id, date(2026, 1, 1), clock.today())
    assert rows[first].is_late
    assert rows[first].days_taken == 14
    assert (counts.raised, counts.answered, counts.answered_in_time, counts.overdue) == (2, 1, 0, 1)


def test_a_promise_names_the_day_and_falls_due_then(database: Database) -> None:
    scene = make_scene()
    made = put(scene.author)
    until = date(2026, 12, 20)
    for wrong in (None, date(2026, 11, 22), date(2028, 1, 1)):
        with pytest.raises(errors.PromiseDayWrong):
            answer(scene.firm, made, TopicOutcome.WILL_DO, promised_on=wrong)
    with pytest.raises(errors.PromiseDayWrong):
        answer(scene.firm, made, TopicOutcome.CANNOT, promised_on=until)
    answer(scene.firm, made, TopicOutcome.WILL_DO, promised_on=until)
    assert seen(scene.author, made).due_on == until
    with clock.fixed(clock.at(until + timedelta(days=1))):
        assert late(scene) == [made]
        answer(scene.firm, made, TopicOutcome.DONE)
    assert seen(scene.author, made).state is TopicState.DONE


def test_the_first_no_asks_for_one_more_answer(database: Database) -> None:
    scene = make_scene()
    made = put(scene.author)
    with pytest.raises(errors.NothingToJudge):
        db.write(answering.judge_answer, scene.author, made, True)
    answer(scene.firm, made, TopicOutcome.DONE)
    with pytest.raises(errors.NotTheAuthor):
        db.write(answering.judge_answer, scene.neighbours[0], made, True)
    db.write(answering.judge_answer, scene.author, made, False, "昨晚又灭了")
    topic = seen(scene.author, made)
    assert (topic.answer_state, topic.state) == (AnswerState.REOPENED, TopicState.IN_WORK)
    assert any("昨晚又灭了" in each for each in messages(scene, scene.firm.person_id))
    answer(scene.firm, made)
    said = db.write(answering.judge_answer, scene.author, made, False)
    assert said is AnswerState.UNSATISFIED, "it reopens once"


def test_a_neighbours_name_in_an_answer_is_refused(database: Database) -> None:
    scene = make_scene()
    made = put(scene.author)
    with pytest.raises(errors.WordsPersonal):
        answer(scene.firm, made, words="李国强家的电线短路了")


def test_an_answer_does_not_end_a_vote(database: Database) -> None:
    scene = make_scene(threshold=2)
    made = put(scene.author)
    endorse(made, scene.neighbours[0])
    db.write(answering.assign_answerer, scene.staff, made, Answerer.STAFF, "请社区说明")
    db.write(move_topic, scene.staff, made, "vote", "poll:1", "")
    answer(scene.second_staff, made, TopicOutcome.DONE)
    assert seen(scene.author, made).state is TopicState.IN_VOTE
