"""Conversations: who may ask, say, answer and decide, and what is left when it is over."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from community import deliberation, transparency
from community.deliberation.errors.opinions import (
    ClosesInPast,
    ConversationClosed,
    ConversationNotFound,
    NoViewpointsTaken,
    OwnViewpointsUsedUp,
    ReasonWanted,
    TooFewViewpoints,
    ViewpointDecided,
    ViewpointKnown,
    ViewpointNotFound,
    ViewpointTooLong,
)
from community.deliberation.models import Conversation, DrawnMap, Viewpoint, ViewpointAnswer
from community.deliberation.queries import opinions as queries
from community.deliberation.rules.opinions import ConversationState, Stance, ViewpointState
from community.deliberation.service import opinion_maps, opinions
from community.deliberation.tallies.opinion_map import draw_map
from community.deliberation.tallies.opinion_rows import MapSettings, matrix_hash
from community.kernel import clock, db
from community.kernel.db import Database
from community.kernel.errors import NotAllowed
from tests import builders
from tests.conftest import NOON
from tests.deliberation.conversing import (
    LASTS,
    OPINIONS,
    Talk,
    answer_all,
    make_talk,
    open_talk,
    work,
)

OVER = NOON + LASTS


@pytest.fixture
def talk(database: Database) -> Talk:
    return make_talk()


def first_viewpoint(conversation_id: int) -> int:
    with db.read() as session:
        found = session.scalar(
            select(func.min(Viewpoint.id)).where(Viewpoint.conversation_id == conversation_id)
        )
    assert found is not None
    return found


def count_answers() -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(ViewpointAnswer)) or 0


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"closes_at": NOON}, ClosesInPast),
        ({"viewpoints": ("一句", " ", "两句")}, TooFewViewpoints),
        ({"viewpoints": ("一句", "两句", "很长" * 71)}, ViewpointTooLong),
        ({"viewpoints": ("一句", "两句", "一句。")}, ViewpointKnown),
    ],
)
def test_an_unclear_conversation_is_refused(
    talk: Talk, changes: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        open_talk(talk, **changes)


def test_only_conveners_open_only_residents_answer_only_moderators_decide(talk: Talk) -> None:
    conversation = open_talk(talk)
    opinion = first_viewpoint(conversation)
    resident = talk.actor(0)
    draft = opinions.ConversationDraft("题", "话", OVER, OPINIONS)
    with pytest.raises(NotAllowed):
        db.write(opinions.open_conversation, resident, draft)
    with pytest.raises(NotAllowed):
        db.write(opinions.decide_viewpoint, resident, opinion, ViewpointState.WITHDRAWN, "不行")
    with pytest.raises(NotAllowed):
        db.write(opinion_maps.close_conversation, resident, conversation)
    with pytest.raises(NotAllowed):
        db.write(opinions.change_closing, resident, conversation, OVER)
    outsider = make_talk(1, "other").actor(0)
    with pytest.raises(ViewpointNotFound):
        db.write(opinions.answer_viewpoint, outsider, opinion, Stance.AGREE)
    with pytest.raises(ConversationNotFound), db.read() as session:
        queries.get_conversation(session, outsider, conversation)


def test_an_answer_is_changed_not_doubled(talk: Talk) -> None:
    conversation = open_talk(talk)
    opinion, resident = first_viewpoint(conversation), talk.actor(0)
    for stance in (Stance.AGREE, Stance.AGREE, Stance.DISAGREE):
        db.write(opinions.answer_viewpoint, resident, opinion, stance)
    assert count_answers() == 1
    with db.read() as session:
        own = queries.own_answers(session, resident, conversation)
        others = queries.own_answers(session, talk.actor(1), conversation)
    assert [one.answer for one in own] == [Stance.DISAGREE, *[None] * 7]
    assert {one.answer for one in others} == {None}


def test_two_at_once_answer_only_once(talk: Talk) -> None:
    opinion, resident = first_viewpoint(open_talk(talk)), talk.actor(0)

    def answer(number: int) -> None:
        db.write(opinions.answer_viewpoint, resident, opinion, list(Stance)[number % 3])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(answer, range(24)))
    assert count_answers() == 1


def test_what_fewest_have_answered_is_asked_next(talk: Talk) -> None:
    conversation = open_talk(talk)
    answer_all(talk, conversation)
    with db.read() as session:
        counts = session.execute(
            select(ViewpointAnswer.viewpoint_id, func.count()).group_by(
                ViewpointAnswer.viewpoint_id
            )
        ).all()
        turn = queries.next_turn(session, talk.actor(0), conversation)
    assert {count for _, count in counts} == {3}
    assert turn.viewpoint is None
    assert (turn.answered, turn.viewpoints) == (8, 8)


def test_a_resident_says_something_and_it_waits_for_a_moderator(talk: Talk) -> None:
    conversation, resident = open_talk(talk), talk.actor(0)
    said = db.write(opinions.propose_viewpoint, resident, conversation, "快递柜放到北门")
    with pytest.raises(ViewpointNotFound):
        db.write(opinions.answer_viewpoint, talk.actor(1), said, Stance.AGREE)
    with pytest.raises(ViewpointKnown):
        db.write(opinions.propose_viewpoint, talk.actor(1), conversation, "快递柜，放到北门！")
    with db.read() as session:
        waiting = queries.viewpoints_to_decide(session, talk.staff, conversation)[0]
    # No anonymity towards the moderator.
    assert (waiting.text, waiting.author) == ("快递柜放到北门", "居民000")
    db.write(opinions.decide_viewpoint, talk.staff, said, ViewpointState.SHOWN)
    with pytest.raises(ViewpointDecided):
        db.write(opinions.decide_viewpoint, talk.staff, said, ViewpointState.SHOWN)
    db.write(opinions.answer_viewpoint, talk.actor(1), said, Stance.AGREE)


def test_what_is_not_shown_says_why_in_public_without_its_words(talk: Talk) -> None:
    conversation = open_talk(talk)
    said = db.write(opinions.propose_viewpoint, talk.actor(0), conversation, "老王家最吵")
    with pytest.raises(ReasonWanted):
        db.write(opinions.decide_viewpoint, talk.staff, said, ViewpointState.REFUSED)
    db.write(opinions.decide_viewpoint, talk.staff, said, ViewpointState.REFUSED, "点名说人")
    with db.read() as session:
        hidden = queries.hidden_viewpoints(session, talk.auditor, conversation)
        own = queries.own_viewpoints(session, talk.actor(0), conversation)
    assert [(one.text, one.reason) for one in hidden] == [("", "点名说人")]
    assert [(one.text, one.state) for one in own] == [("老王家最吵", ViewpointState.REFUSED)]


def test_one_person_cannot_make_up_the_map(talk: Talk) -> None:
    conversation = open_talk(talk)
    for number in range(5):
        db.write(opinions.propose_viewpoint, talk.actor(0), conversation, f"第 {number} 句")
    with pytest.raises(OwnViewpointsUsedUp):
        db.write(opinions.propose_viewpoint, talk.actor(0), conversation, "还有一句")
    closed = open_talk(talk, takes_viewpoints=False)
    with pytest.raises(NoViewpointsTaken):
        db.write(opinions.propose_viewpoint, talk.actor(1), closed, "我也说")


def test_the_clock_closes_not_the_job(talk: Talk) -> None:
    conversation = open_talk(talk)
    opinion = first_viewpoint(conversation)
    with clock.fixed(OVER - timedelta(microseconds=1)):
        db.write(opinions.answer_viewpoint, talk.actor(0), opinion, Stance.PASS)
    with clock.fixed(OVER), pytest.raises(ConversationClosed):
        db.write(opinions.answer_viewpoint, talk.actor(1), opinion, Stance.PASS)
    with clock.fixed(OVER), pytest.raises(ConversationClosed):
        db.write(opinions.change_closing, talk.staff, conversation, OVER + LASTS)


def test_the_database_itself_refuses_a_late_answer_and_changed_words(talk: Talk) -> None:
    opinion = first_viewpoint(open_talk(talk))
    db.write(opinions.answer_viewpoint, talk.actor(0), opinion, Stance.PASS)
    late = f"UPDATE viewpoint_answer SET answered_at = {clock.micros(OVER)}"
    for sql in (late, "UPDATE viewpoint SET text = '别的话'"):

        def run(session: object, actor: object, statement: str = sql) -> None:
            session.execute(text(statement))  # type: ignore[attr-defined]

        with pytest.raises(DatabaseError):
            db.write(run, talk.staff)


def test_a_map_is_drawn_when_enough_people_answered(database: Database) -> None:
    talk = make_talk(24)
    conversation = open_talk(talk)
    few = Talk(talk.community_id, talk.staff, talk.auditor, talk.people[:4])
    answer_all(few, conversation)
    work()
    with db.read() as session:
        assert queries.latest_map(session, talk.auditor, conversation) is None
    assert db.write(opinion_maps.refresh_map, talk.staff, conversation) is None
    answer_all(talk, conversation)
    with clock.fixed(NOON + timedelta(minutes=11)):
        work()
        # Nobody answered since, so the second look draws nothing.
        assert db.write(opinion_maps.refresh_map, talk.staff, conversation) is None
    with db.read() as session:
        found = queries.latest_map(session, talk.auditor, conversation)
    assert found is not None
    assert found.picture is not None
    assert found.number == 1
    assert [group["people"] for group in found.picture["groups"]] == [12, 12]
    assert 0 in {one["viewpoint"] for one in found.picture["uniting"]}
    assert found.picture["dividing"]
    assert not found.is_last
    assert count_answers() == 24 * 8


def test_when_it_is_over_nothing_tells_who_answered_what(database: Database) -> None:
    talk = make_talk(24)
    conversation = open_talk(talk, sets_same_aside=True)
    answer_all(talk, conversation)
    with clock.fixed(OVER):
        work()
        work()
    assert count_answers() == 0
    with db.read() as session:
        view = queries.get_conversation(session, talk.auditor, conversation)
        kept = queries.published_answers(session, talk.auditor, conversation)
        found = queries.latest_map(session, talk.auditor, conversation)
        record = transparency.find_record(
            session, talk.community_id, "opinions.closed", conversation
        )
    assert (view.state, view.people) == (ConversationState.PUBLISHED, 24)
    assert kept is not None
    assert found is not None
    assert record is not None
    texts, lines = kept
    assert texts == OPINIONS
    # Sorted by themselves: neither who nor when is told by the order.
    rows = [tuple(int(each) if each else None for each in line.split(",")) for line in lines]
    assert matrix_hash(rows) == found.matrix_hash == record.fields["answers"]
    # Anybody recomputes the published picture from the published file and seed.
    again = draw_map(rows, bytes.fromhex(found.seed), MapSettings(5, sets_same_aside=True))
    assert again is not None
    assert json.loads(json.dumps(opinion_maps.write_picture(again))) == found.picture


def test_closing_early_publishes_once(database: Database) -> None:
    talk = make_talk(6)
    conversation = open_talk(talk)
    answer_all(talk, conversation)
    db.write(opinion_maps.close_conversation, talk.staff, conversation)
    with pytest.raises(ConversationClosed):
        db.write(opinion_maps.close_conversation, talk.staff, conversation)
    with pytest.raises(ConversationClosed):
        db.write(
            opinions.answer_viewpoint, talk.actor(0), first_viewpoint(conversation), Stance.PASS
        )
    work()
    with clock.fixed(NOON + timedelta(days=1)):
        work()
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(DrawnMap)) == 1
        found = queries.latest_map(session, talk.auditor, conversation)
        state = session.get_one(Conversation, conversation).state
    assert found is not None
    assert (found.picture, found.is_last, state) == (None, True, ConversationState.PUBLISHED)


def test_what_is_held_about_somebody_is_shown_moved_and_erased(talk: Talk) -> None:
    conversation = open_talk(talk)
    opinion, kept, merged = first_viewpoint(conversation), talk.people[0], talk.people[1]
    said = db.write(opinions.propose_viewpoint, talk.actor(1), conversation, "快递柜放到北门")
    db.write(opinions.answer_viewpoint, talk.actor(0), opinion, Stance.AGREE)
    db.write(opinions.answer_viewpoint, talk.actor(1), opinion, Stance.DISAGREE)
    db.write(opinions.answer_viewpoint, talk.actor(1), opinion + 1, Stance.DISAGREE)
    with db.read() as session:
        copy = deliberation.export_person(session, talk.community_id, merged)
    assert [one["text"] for one in copy["opinions"]] == ["快递柜放到北门"]
    assert [one["answer"] for one in copy["viewpoint_answers"]] == ["disagree", "disagree"]
    db.write(deliberation.merge_person, talk.staff, kept, merged)
    with db.read() as session:
        own = queries.own_answers(session, talk.actor(0), conversation)
    assert [one.answer for one in own][:2] == [Stance.AGREE, Stance.DISAGREE]
    db.write(deliberation.erase_person, talk.staff, kept)
    assert count_answers() == 0
    with db.read() as session:
        assert session.get_one(Viewpoint, said).author_id is None


def test_an_actor_for_another_answers_as_that_person(talk: Talk) -> None:
    opinion = first_viewpoint(open_talk(talk))
    auditor = talk.auditor
    # An auditor is also a member; one without a person answers nothing.
    db.write(opinions.answer_viewpoint, auditor, opinion, Stance.PASS)
    system = builders.INSTALLATION.system(talk.community_id)
    with pytest.raises(NotAllowed):
        db.write(opinions.answer_viewpoint, system, opinion, Stance.PASS)
