"""Merging: both authors agree, a person counts once, the trace stands, undone within the time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from community.deliberation.errors import discussion as errors
from community.deliberation.errors.topics import NotOpenNow
from community.deliberation.queries.topic_trace import get_trace, merges_asked
from community.deliberation.rules.discussion import MergeState
from community.deliberation.rules.topics import StepKind, TopicState
from community.deliberation.service import endorsing, merging
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotFound
from tests.conftest import NOON
from tests.deliberation.test_topics import messages, seen
from tests.deliberation.topic_scene import Scene, endorse, make_scene, put

WHY = "说的是同一件事"


def two(scene: Scene) -> tuple[int, int]:
    """Let two residents raise the same, each with a neighbour; one stands behind both."""
    first, second = put(scene.author), put(scene.neighbours[0])
    endorse(first, scene.neighbours[1], scene.neighbours[2])
    endorse(second, scene.neighbours[1])
    return first, second


def propose(actor: Actor, topic_id: int, into_id: int) -> int:
    made: int = db.write(merging.propose_merge, actor, topic_id, into_id, WHY)
    return made


def agree(actor: Actor, merge_id: int, *, agrees: bool = True) -> MergeState:
    state: MergeState = db.write(merging.answer_merge, actor, merge_id, agrees)
    return state


def test_two_become_one_when_both_agree_and_a_person_counts_once(database: Database) -> None:
    scene = make_scene(threshold=9)
    first, second = two(scene)
    merge = propose(scene.neighbours[0], second, first)
    assert seen(scene.author, second).state is TopicState.RAISED, "one side is not enough"
    with db.read() as session:
        assert [each.id for each in merges_asked(session, scene.author)] == [merge]
        assert merges_asked(session, scene.neighbours[0]) == ()
    assert agree(scene.author, merge) is MergeState.MERGED
    assert seen(scene.author, second).merged_into_id == first
    assert seen(scene.author, first).endorsers == 4
    with db.read() as session:
        for topic_id, kind, other in (
            (first, StepKind.TOOK_IN, second),
            (second, StepKind.MERGED, first),
        ):
            steps = get_trace(session, scene.auditor, topic_id).steps
            assert any(each.kind is kind and each.ref == f"topic:{other}" for each in steps)
    with pytest.raises(NotOpenNow):
        db.write(endorsing.endorse_topic, scene.neighbours[5], second)


def test_staff_propose_and_both_authors_are_asked(database: Database) -> None:
    scene = make_scene(threshold=9)
    first, second = two(scene)
    merge = propose(scene.staff, second, first)
    assert agree(scene.neighbours[0], merge) is MergeState.PROPOSED
    with pytest.raises(errors.NotAsked):
        agree(scene.neighbours[4], merge)
    assert agree(scene.author, merge, agrees=False) is MergeState.DECLINED
    with pytest.raises(errors.MergeOver):
        agree(scene.author, merge)
    assert any("不同意" in each for each in messages(scene, scene.neighbours[0].person_id))


def test_a_neighbour_proposes_nothing_and_an_outsider_sees_nothing(database: Database) -> None:
    scene = make_scene(threshold=9)
    first, second = two(scene)
    with pytest.raises(errors.NotAsked):
        propose(scene.neighbours[4], second, first)
    with pytest.raises(NotFound):
        propose(scene.outsider, second, first)
    with pytest.raises(errors.SameTopic):
        propose(scene.author, first, first)


def test_nobody_answers_after_the_time(database: Database) -> None:
    scene = make_scene(threshold=9)
    first, second = two(scene)
    merge = propose(scene.neighbours[0], second, first)
    with pytest.raises(errors.MergeStands):
        propose(scene.author, second, first)
    with clock.fixed(NOON + timedelta(days=7)):
        with pytest.raises(errors.MergeOver):
            agree(scene.author, merge)
        again = propose(scene.author, second, first)
        assert agree(scene.neighbours[0], again) is MergeState.MERGED


def test_merged_endorsements_reach_the_agenda(database: Database) -> None:
    scene = make_scene(threshold=4)
    first, second = two(scene)
    agree(scene.author, propose(scene.neighbours[0], second, first))
    assert seen(scene.author, first).state is TopicState.ON_AGENDA


def test_it_is_undone_within_the_time_and_each_keeps_its_own(database: Database) -> None:
    scene = make_scene(threshold=9)
    first, second = two(scene)
    merge = propose(scene.neighbours[0], second, first)
    agree(scene.author, merge)
    with pytest.raises(errors.NotAsked):
        db.write(merging.undo_merge, scene.neighbours[4], merge, "不是一回事")
    with clock.fixed(NOON + timedelta(days=7)):
        db.write(merging.undo_merge, scene.neighbours[0], merge, "不是一回事")
        one, other = seen(scene.author, first), seen(scene.author, second)
    assert (one.endorsers, other.endorsers) == (3, 2)
    assert other.state is TopicState.RAISED
    assert other.due_on is not None
    assert other.first_due_on is not None
    assert other.due_on > other.first_due_on, "the days begin again"
    with pytest.raises(errors.MergeOver):
        db.write(merging.undo_merge, scene.author, merge, "再来")


def test_after_the_time_it_stands(database: Database) -> None:
    scene = make_scene(threshold=9)
    first, second = two(scene)
    merge = propose(scene.neighbours[0], second, first)
    agree(scene.author, merge)
    with clock.fixed(NOON + timedelta(days=7, seconds=1)), pytest.raises(errors.UndoOver):
        db.write(merging.undo_merge, scene.staff, merge, "晚了")


def test_one_level_only(database: Database) -> None:
    scene = make_scene(threshold=9)
    first, second = two(scene)
    agree(scene.author, propose(scene.neighbours[0], second, first))
    third = put(scene.neighbours[3])
    with pytest.raises(errors.HasMerged):
        propose(scene.author, first, third)
    with pytest.raises(errors.NotMergeable):
        propose(scene.neighbours[3], third, second)
