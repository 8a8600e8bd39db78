"""Raising topics: drafts, the desk for others, limits, taking back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from community import identity, notices
from community.deliberation.errors import topics as errors
from community.deliberation.models import Topic
from community.deliberation.queries import topics as queries
from community.deliberation.rules.topics import (
    Answerer,
    TopicCategory,
    TopicOrigin,
    TopicState,
    first_answerer,
    is_adult,
    is_overdue,
)
from community.deliberation.rules.topics import AnswerState as Said
from community.deliberation.service import topics as service
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed, NotFound
from tests import builders
from tests.conftest import NOON
from tests.deliberation.topic_scene import LAMP, Scene, endorse, make_scene, put

# Five working days after Sunday 22 November.
DUE = date(2026, 11, 27)


def seen(actor: Actor, topic_id: int) -> queries.TopicView:
    with db.read() as session:
        return queries.get_topic(session, actor, topic_id)


def messages(scene: Scene, person_id: int | None) -> list[str]:
    assert person_id is not None
    with db.read() as session:
        found = notices.inbox(session, scene.community_id, person_id)
        return [f"{each.title} {each.body}" for each in found.messages]


def test_a_raised_topic_is_public_and_due_an_answer(database: Database) -> None:
    scene = make_scene()
    made = put(scene.author)
    topic = seen(scene.neighbours[0], made)
    assert (topic.state, topic.answerer, topic.due_on) == (
        TopicState.RAISED,
        Answerer.PROPERTY,
        DUE,
    )
    assert topic.author == "王**"
    assert topic.endorsers == 1, "the author stands behind it"
    assert any(LAMP.title in each for each in messages(scene, scene.firm.person_id))


def test_a_draft_is_its_authors_alone(database: Database) -> None:
    scene = make_scene()
    kept = db.write(service.keep_draft, scene.author, LAMP)
    for other in (scene.neighbours[0], scene.staff, scene.outsider):
        with pytest.raises(NotFound), db.read() as session:
            queries.get_draft(session, other, kept)
        with pytest.raises(NotFound):
            db.write(service.raise_topic, other, kept)
    with db.read() as session:
        assert queries.topics(session, scene.neighbours[0]) == ()
        assert queries.get_draft(session, scene.author, kept).title == LAMP.title


def test_a_draft_changes_until_it_is_raised(database: Database) -> None:
    scene = make_scene()
    kept = db.write(service.keep_draft, scene.author, LAMP)
    db.write(service.change_draft, scene.author, kept, replace(LAMP, title="路灯全都不亮了"))
    db.write(service.raise_topic, scene.author, kept)
    assert seen(scene.author, kept).title == "路灯全都不亮了"
    with pytest.raises(errors.NotADraft):
        db.write(service.change_draft, scene.author, kept, LAMP)
    with pytest.raises(errors.NotADraft):
        db.write(service.raise_topic, scene.author, kept)


def test_a_discarded_draft_is_gone(database: Database) -> None:
    scene = make_scene()
    kept = db.write(service.keep_draft, scene.author, LAMP)
    db.write(service.discard_draft, scene.author, kept)
    with db.read() as session:
        assert session.get(Topic, kept) is None


def test_the_desk_writes_down_a_paper_and_the_resident_is_told(database: Database) -> None:
    scene = make_scene()
    elder = scene.neighbours[3].person_id
    kept = db.write(service.record_topic, scene.staff, elder, TopicOrigin.PHONE, LAMP)
    db.write(service.raise_topic, scene.second_staff, kept)
    topic = seen(scene.neighbours[3], kept)
    assert topic.is_mine
    assert topic.origin is TopicOrigin.PHONE
    assert any(LAMP.words in each for each in messages(scene, elder))
    with pytest.raises(NotAllowed):
        db.write(service.record_topic, scene.author, elder, TopicOrigin.PAPER, LAMP)
    outsider = scene.outsider.person_id
    with pytest.raises(NotFound):
        db.write(service.record_topic, scene.staff, outsider, TopicOrigin.PAPER, LAMP)


def test_a_day_takes_so_many_topics(database: Database) -> None:
    scene = make_scene()
    for _ in range(3):
        put(scene.author)
    kept = db.write(service.keep_draft, scene.author, LAMP)
    with pytest.raises(errors.TooManyToday):
        db.write(service.raise_topic, scene.author, kept)
    with clock.fixed(NOON + timedelta(days=1)):
        db.write(service.raise_topic, scene.author, kept)


def test_so_many_drafts_are_kept(database: Database) -> None:
    scene = make_scene()
    for _ in range(5):
        db.write(service.keep_draft, scene.author, LAMP)
    with pytest.raises(errors.TooManyDrafts):
        db.write(service.keep_draft, scene.author, LAMP)


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ({"title": "灯"}, errors.WordsMissing),
        ({"words": ""}, errors.WordsMissing),
        ({"words": "李国强家把灯弄坏了"}, errors.WordsPersonal),
        ({"place": "打 13800138000 问"}, errors.WordsPersonal),
        ({"building_id": 77}, NotFound),
    ],
)
def test_words_that_cannot_stand_in_public_are_refused(
    database: Database, words: dict[str, object], refusal: type[Exception]
) -> None:
    scene = make_scene()
    with pytest.raises(refusal):
        db.write(service.keep_draft, scene.author, replace(LAMP, **words))  # type: ignore[arg-type]  # by its name


def test_a_topic_is_taken_back_only_while_nobody_else_stands_behind_it(
    database: Database,
) -> None:
    scene = make_scene()
    first, second = put(scene.author), put(scene.author)
    with pytest.raises(errors.NotTheAuthor):
        db.write(service.withdraw_topic, scene.neighbours[0], first)
    db.write(service.withdraw_topic, scene.author, first, "修好了")
    assert seen(scene.author, first).state is TopicState.WITHDRAWN
    endorse(second, scene.neighbours[0])
    with pytest.raises(errors.OthersEndorsed):
        db.write(service.withdraw_topic, scene.author, second)


def test_its_author_adds_to_a_topic_and_nobody_else(database: Database) -> None:
    scene = make_scene()
    made = put(scene.author)
    db.write(service.add_to_topic, scene.author, made, "昨晚又有人摔了。")
    with pytest.raises(errors.NotTheAuthor):
        db.write(service.add_to_topic, scene.staff, made, "不对")


def test_another_community_sees_nothing(database: Database) -> None:
    scene = make_scene()
    made = put(scene.author)
    with pytest.raises(NotFound):
        seen(scene.outsider, made)
    with db.read() as session:
        assert queries.topics(session, scene.outsider) == ()
        assert queries.find_topic(session, scene.outsider.community_id, made) is None


def test_topics_are_found_by_words_category_place_and_state(database: Database) -> None:
    scene = make_scene()
    builders.make_household(scene.community_id)
    with db.read() as session:
        building = identity.buildings(session, scene.community_id)[0].id
    lamp = put(scene.author, replace(LAMP, building_id=building))
    dogs = put(
        scene.neighbours[0],
        replace(LAMP, title="遛狗请牵绳", words="草地上有狗粪。", category=TopicCategory.PETS),
    )

    def ids(**wanted: object) -> list[int]:
        with db.read() as session:
            found = queries.topics(session, scene.auditor, **wanted)  # type: ignore[arg-type]  # by name
            return [each.id for each in found]

    assert ids() == [dogs, lamp]
    assert ids(text="狗粪") == [dogs]
    assert ids(text="路灯 台阶") == [lamp]
    assert ids(category=TopicCategory.PETS) == [dogs]
    assert ids(building_id=building) == [lamp]
    assert ids(state=TopicState.DONE) == []
    assert ids(before=dogs) == [lamp]
    assert ids(text="%") == [dogs, lamp], "a wildcard is nothing anybody types"


@pytest.mark.once
def test_who_answers_first_goes_by_the_category() -> None:
    assert first_answerer(TopicCategory.CLEANING) is Answerer.PROPERTY
    assert first_answerer(TopicCategory.MONEY) is Answerer.COMMITTEE
    assert first_answerer(TopicCategory.ELDERS) is Answerer.STAFF


@pytest.mark.once
def test_the_due_day_itself_is_in_time() -> None:
    assert not is_overdue(Said.WAITING, DUE, DUE)
    assert is_overdue(Said.WAITING, DUE, DUE + timedelta(days=1))
    assert not is_overdue(Said.ANSWERED, DUE, DUE + timedelta(days=9))


@pytest.mark.once
@pytest.mark.parametrize(
    ("year", "today", "adult"),
    [
        (2008, date(2026, 12, 30), False),
        (2008, date(2026, 12, 31), True),
        (2009, date(2026, 12, 31), False),
        (None, date(2026, 1, 1), True),
    ],
)
def test_a_year_of_birth_counts_from_its_last_day(
    year: int | None, today: date, adult: bool
) -> None:
    assert is_adult(year, today) is adult
