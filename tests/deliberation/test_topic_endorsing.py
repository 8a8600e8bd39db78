"""Endorsing: adults, once each, withdrawn; at the threshold one event, whoever comes at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from community.deliberation.errors import topics as errors
from community.deliberation.events import TopicOnAgenda
from community.deliberation.models import Topic, TopicStep
from community.deliberation.queries import topics as queries
from community.deliberation.queries.topic_trace import get_trace
from community.deliberation.rules.topics import StepKind, TopicState
from community.deliberation.service import endorsing, topic_steps
from community.kernel import clock, db, events
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed, NotFound
from tests import builders
from tests.conftest import NOON
from tests.deliberation.topic_scene import endorse, make_scene, put

_heard: list[TopicOnAgenda] = []


def hear(session: Session, told: TopicOnAgenda) -> None:
    _heard.append(told)


@pytest.fixture
def heard() -> Iterator[list[TopicOnAgenda]]:
    events.subscribe(TopicOnAgenda, hear)
    _heard.clear()
    yield _heard
    _heard.clear()


def count(topic_id: int, kind: StepKind) -> int:
    with db.read() as session:
        chosen = select(func.count()).where(TopicStep.topic_id == topic_id, TopicStep.kind == kind)
        return session.scalar(chosen) or 0


def state(topic_id: int) -> TopicState:
    with db.read() as session:
        return session.get_one(Topic, topic_id).state


def test_the_last_one_needed_puts_it_on_the_agenda(
    database: Database, heard: list[TopicOnAgenda]
) -> None:
    scene = make_scene(threshold=3)
    made = put(scene.author)
    endorse(made, scene.neighbours[0])
    assert state(made) is TopicState.RAISED
    endorse(made, scene.neighbours[1])
    assert state(made) is TopicState.ON_AGENDA
    endorse(made, scene.neighbours[2])
    assert [each.topic_id for each in heard] == [made]
    with db.read() as session:
        assert [each.id for each in queries.topics_for_agenda(session, scene.community_id)] == [
            made
        ]


def test_one_endorses_once_however_often_they_press(database: Database) -> None:
    scene = make_scene(threshold=3)
    made = put(scene.author)
    for _ in range(3):
        endorse(made, scene.neighbours[0], scene.author)
    with db.read() as session:
        assert queries.get_topic(session, scene.author, made).endorsers == 2


def test_what_is_withdrawn_counts_no_more_and_may_come_back(database: Database) -> None:
    scene = make_scene(threshold=3)
    made = put(scene.author)
    endorse(made, scene.neighbours[0])
    assert db.write(endorsing.withdraw_endorsement, scene.neighbours[0], made) == 1
    endorse(made, scene.neighbours[1])
    assert state(made) is TopicState.RAISED
    endorse(made, scene.neighbours[0])
    assert state(made) is TopicState.ON_AGENDA
    db.write(endorsing.withdraw_endorsement, scene.neighbours[0], made)
    assert state(made) is TopicState.ON_AGENDA, "what reached the agenda stays there"


def test_a_child_endorses_nothing_yet_may_raise(database: Database) -> None:
    scene = make_scene()
    young = builders.make_person(scene.community_id, "杨小朵", birth_year=2010)
    child = builders.actor(scene.community_id, young)
    made = put(scene.author)
    with pytest.raises(errors.NotAnAdult):
        db.write(endorsing.endorse_topic, child, made)
    own = put(child)
    with db.read() as session:
        assert queries.get_topic(session, child, own).endorsers == 0


def test_an_outsider_and_the_auditor_endorse_nothing(database: Database) -> None:
    scene = make_scene()
    made = put(scene.author)
    with pytest.raises(NotFound):
        db.write(endorsing.endorse_topic, scene.outsider, made)
    visitor = type(scene.author).visitor(scene.community_id)
    with pytest.raises(NotAllowed):
        db.write(endorsing.endorse_topic, visitor, made)


def test_many_at_once_reach_the_agenda_once(database: Database, heard: list[TopicOnAgenda]) -> None:
    scene = make_scene(threshold=4)
    made = put(scene.author)
    together = threading.Barrier(len(scene.neighbours))
    failed: list[BaseException] = []

    def press(place: int) -> None:
        together.wait()
        try:
            db.write(endorsing.endorse_topic, scene.neighbours[place], made)
        except Exception as error:  # noqa: BLE001  a thread's error is told below
            failed.append(error)

    threads = [
        threading.Thread(target=press, args=(place,)) for place in range(len(scene.neighbours))
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failed == []
    assert count(made, StepKind.ON_AGENDA) == 1
    assert state(made) is TopicState.ON_AGENDA
    with db.read() as session:
        assert queries.get_topic(session, scene.author, made).endorsers == 8


def reach_late(session: Session, actor: Actor, topic_id: int) -> None:
    """Count the last endorsement on a topic that somebody else has put on the agenda meanwhile."""
    topic = session.get_one(Topic, topic_id)
    endorsing.reach_agenda(session, actor, topic)
    session.flush()
    # What the slower one read before, without a word to the database.
    set_committed_value(topic, "state", TopicState.RAISED)
    endorsing.reach_agenda(session, actor, topic)


def step_unasked(session: Session, topic: Topic, new: TopicState) -> bool:
    """Go to a state whatever the topic's state is by now: the claim without its guard."""
    set_state = update(Topic).where(Topic.id == topic.id).values(state=new)
    session.execute(set_state.execution_options(synchronize_session=False))
    session.refresh(topic)
    return True


@pytest.mark.parametrize(("is_guarded", "times"), [(True, 1), (False, 2)])
def test_who_read_a_topic_too_early_is_stopped_by_the_claim_alone(
    database: Database,
    heard: list[TopicOnAgenda],
    monkeypatch: pytest.MonkeyPatch,
    is_guarded: bool,
    times: int,
) -> None:
    scene = make_scene(threshold=3)
    made = put(scene.author)
    # All stand behind it without being counted, as in the middle of two commands.
    with monkeypatch.context() as patched:
        patched.setattr(endorsing, "reach_agenda", lambda *_: 0)
        for neighbour in scene.neighbours[:3]:
            endorse(made, neighbour)
    if not is_guarded:
        monkeypatch.setattr(endorsing, "claim_step", step_unasked)
    db.write(reach_late, scene.neighbours[3], made)
    assert len(heard) == times
    assert count(made, StepKind.ON_AGENDA) == times


def test_the_committee_puts_it_there_by_itself_saying_why(
    database: Database, heard: list[TopicOnAgenda]
) -> None:
    scene = make_scene(threshold=50)
    made = put(scene.author)
    with pytest.raises(NotAllowed):
        db.write(topic_steps.put_on_agenda, scene.neighbours[0], made, "急")
    db.write(topic_steps.put_on_agenda, scene.committee, made, "关系到全体住户的安全")
    assert len(heard) == 1
    with pytest.raises(errors.NotOpenNow):
        db.write(topic_steps.put_on_agenda, scene.committee, made, "再来一次")


def test_the_line_of_stations_is_drawn_from_what_was_reported(database: Database) -> None:
    scene = make_scene(threshold=2)
    made = put(scene.author)
    endorse(made, scene.neighbours[0])
    with clock.fixed(NOON + timedelta(days=7)):
        db.write(topic_steps.move_topic, scene.staff, made, "meeting", "meeting:3", "第三次会议")
        db.write(topic_steps.link_topic, scene.staff, made, "decided", "decision:5", "同意")
    with clock.fixed(NOON + timedelta(days=9)):
        db.write(topic_steps.move_topic, scene.staff, made, "task", "decision:5", "物业负责")
    with db.read() as session:
        trace = get_trace(session, scene.auditor, made)
    drawn = {each.kind.value: (each.day and each.day.day, each.state) for each in trace.stations}
    assert drawn == {
        "raised": (22, "done"),
        "endorsed": (22, "done"),
        "on_agenda": (22, "done"),
        "meeting": (29, "done"),
        "vote": (None, ""),
        "task": (1, "now"),
        "done": (None, ""),
    }
    assert [each.ref for each in trace.steps if each.ref] == [
        "meeting:3", "decision:5", "decision:5",
    ]  # fmt: skip


def test_a_topic_goes_only_the_steps_of_its_table(database: Database) -> None:
    scene = make_scene(threshold=9)
    made = put(scene.author)
    db.write(topic_steps.close_topic, scene.staff, made, "不在社区职责里")
    with pytest.raises(errors.NotOpenNow):
        db.write(topic_steps.move_topic, scene.staff, made, "vote", "poll:1", "")
    with pytest.raises(errors.NotOpenNow):
        db.write(endorsing.endorse_topic, scene.neighbours[0], made)
    with pytest.raises(NotAllowed):
        db.write(topic_steps.move_topic, scene.author, made, "done", "", "")
