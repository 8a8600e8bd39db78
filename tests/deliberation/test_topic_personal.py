"""What topics hold about a person: shown, erased, and counted once after two rows are one."""

from __future__ import annotations

from community import deliberation
from community.deliberation.queries import topics as queries
from community.deliberation.rules.discussion import ArgumentSide, FlagReason
from community.deliberation.service import arguing, endorsing, moderating
from community.kernel import db
from community.kernel.actor import Actor
from community.kernel.db import Database
from tests.deliberation.test_topics import seen
from tests.deliberation.topic_scene import LAMP, Scene, endorse, make_scene, put


def busy(scene: Scene) -> tuple[int, int]:
    """Let the author raise, argue, endorse, mark and flag."""
    own, other = put(scene.author), put(scene.neighbours[0])
    endorse(other, scene.author)
    said = db.write(arguing.argue, scene.author, other, ArgumentSide.FOR, "说得对，我也摔过。")
    theirs = db.write(arguing.argue, scene.neighbours[1], own, ArgumentSide.FOR, "支持。")
    db.write(arguing.mark_useful, scene.author, theirs, True)
    db.write(moderating.flag, scene.author, own, FlagReason.OTHER, "看不懂", theirs)
    assert said
    return own, other


def test_a_person_sees_what_they_said_and_did(database: Database) -> None:
    scene = make_scene(threshold=9)
    busy(scene)
    with db.read() as session:
        assert scene.author.person_id is not None
        found = deliberation.export_person(session, scene.community_id, scene.author.person_id)
        neighbour = scene.neighbours[5].person_id
        assert neighbour is not None
        none = deliberation.export_person(session, scene.community_id, neighbour)
    assert found["topics"][0]["words"] == LAMP.words
    assert len(found["endorsements"]) == 2
    assert found["arguments"][0]["words"] == "说得对，我也摔过。"
    assert found["useful_marks"] == [{"words": "支持。", "is_useful": True}]
    assert found["flags"] == [{"reason": "other", "words": "看不懂"}]
    assert none["topics"] == []


def test_erasing_takes_words_and_leaves_counts(database: Database) -> None:
    scene = make_scene(threshold=9)
    own, other = busy(scene)
    db.write(deliberation.keep_draft, scene.author, LAMP)
    product = Actor.system(scene.community_id)
    db.write(deliberation.erase_person, product, scene.author.person_id)
    with db.read() as session:
        assert scene.author.person_id is not None
        found = deliberation.export_person(session, scene.community_id, scene.author.person_id)
    assert LAMP.words not in str(found)
    assert "摔过" not in str(found)
    assert seen(scene.neighbours[1], own).is_erased
    assert seen(scene.neighbours[1], other).endorsers == 2
    with db.read() as session:
        assert queries.drafts(session, scene.author) == ()


def test_two_rows_of_one_person_count_once(database: Database) -> None:
    scene = make_scene(threshold=9)
    made = put(scene.neighbours[5])
    kept, merged = scene.neighbours[0], scene.neighbours[1]
    endorse(made, kept, merged, scene.neighbours[2])
    said = db.write(arguing.argue, scene.neighbours[2], made, ArgumentSide.FOR, "有理。")
    for each in (kept, merged):
        db.write(arguing.mark_useful, each, said, True)
        db.write(moderating.flag, each, made, FlagReason.SPAM)
    own = put(merged)
    product = Actor.system(scene.community_id)
    db.write(deliberation.merge_person, product, kept.person_id, merged.person_id)
    assert seen(kept, made).endorsers == 3
    assert seen(kept, own).is_mine
    db.write(endorsing.withdraw_endorsement, kept, made)
    assert seen(kept, made).endorsers == 2
