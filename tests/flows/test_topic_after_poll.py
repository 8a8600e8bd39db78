"""A vote about a topic shows on the topic's line of stations."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community import deliberation
from community.deliberation.queries.topic_trace import get_trace
from community.deliberation.rules.topics import StepKind, TopicState
from community.kernel import clock, db, events
from community.kernel.actor import Actor
from community.kernel.db import Database
from tests.deliberation.topic_scene import endorse, make_scene, put


def tell(session: Session, actor: Actor, subject: str) -> None:
    ours, today = actor.community_id, clock.today()
    events.tell(session, deliberation.PollOpened(ours, 7, subject))
    decided = deliberation.PollDecided(ours, 7, "yes_no", subject, True, (1,), today)
    events.tell(session, decided)


def test_a_vote_about_a_topic_is_in_its_trace(database: Database) -> None:
    scene = make_scene(threshold=2)
    made = put(scene.author)
    endorse(made, scene.neighbours[0])
    db.write(tell, scene.staff, f"topic:{made}")
    with db.read() as session:
        trace = get_trace(session, scene.author, made)
    assert trace.topic.state is TopicState.IN_VOTE
    assert [(each.kind, each.ref, each.words) for each in trace.steps[-2:]] == [
        (StepKind.VOTE, "poll:7", ""),
        (StepKind.DECIDED, "poll:7", "表决通过"),
    ]


def test_other_subjects_are_left_alone(database: Database) -> None:
    scene = make_scene(threshold=2)
    made = put(scene.author)
    for subject in ("motion:3", "topic:", "topic:99999", ""):
        db.write(tell, scene.staff, subject)
    db.write(tell, scene.outsider, f"topic:{made}")
    with db.read() as session:
        assert get_trace(session, scene.author, made).topic.state is TopicState.RAISED
