"""Discussion: reasons ranked by usefulness, replies, limits; moderation and who may do what."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import sqrt
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from community.deliberation.errors import discussion as errors
from community.deliberation.errors.topics import NotTheAuthor, TooManyToday, TopicHidden
from community.deliberation.queries import moderation
from community.deliberation.queries import topics as queries
from community.deliberation.queries.discussion import Discussion, get_discussion
from community.deliberation.rules.discussion import (
    AppealState,
    ArgumentSide,
    FlagReason,
    usefulness,
)
from community.deliberation.service import appealing, arguing, endorsing, moderating
from community.kernel import db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed, NotFound
from tests import builders
from tests.deliberation.test_topics import messages, seen
from tests.deliberation.topic_scene import Scene, make_scene, put

RUDE = "提这个的人脑子有问题。"
WHY = "请就事论事"


def say_for(actor: Actor, topic_id: int, words: str, side: ArgumentSide = ArgumentSide.FOR) -> int:
    made: int = db.write(arguing.argue, actor, topic_id, side, words)
    return made


def talk(actor: Actor, topic_id: int) -> Discussion:
    with db.read() as session:
        return get_discussion(session, actor, topic_id)


def hide(actor: Actor, topic_id: int, argument_id: int | None = None) -> int:
    given = (topic_id, FlagReason.INSULT, WHY, argument_id)
    made: int = db.write(moderating.hide, actor, *given)
    return made


def rude(scene: Scene) -> tuple[int, int]:
    topic_id = put(scene.author)
    return topic_id, say_for(scene.neighbours[0], topic_id, RUDE, ArgumentSide.AGAINST)


@pytest.mark.once
@pytest.mark.parametrize(("useful", "marks"), [(1, 1), (8, 10), (90, 100), (0, 7), (50, 100)])
def test_usefulness_is_wilsons_lower_bound(useful: int, marks: int) -> None:
    share, z = useful / marks, 2
    centre = share + z * z / (2 * marks)
    spread = z * sqrt(share * (1 - share) / marks + z * z / (4 * marks * marks))
    expected = (centre - spread) / (1 + z * z / marks)
    found = Fraction(usefulness(useful, marks), 1_000_000)
    assert expected - 2e-6 < found <= expected + 1e-12


@pytest.mark.once
def test_few_marks_do_not_outrank_many() -> None:
    assert usefulness(0, 0) == 0
    assert usefulness(1, 1) < usefulness(8, 10) < usefulness(90, 100)
    # Worked by hand: (1 + 2 − 2·√1) / 5 = 0.2.
    assert usefulness(1, 1) == 200_000


def test_reasons_stand_by_side_the_most_useful_first(database: Database) -> None:
    scene = make_scene()
    topic_id = put(scene.author)
    plain = say_for(scene.neighbours[0], topic_id, "晚上看不清")
    better = say_for(scene.neighbours[1], topic_id, "上个月有人摔了")
    say_for(scene.neighbours[2], topic_id, "灯太亮睡不着", ArgumentSide.AGAINST)
    for judge in scene.neighbours[3:6]:
        db.write(arguing.mark_useful, judge, better, True)
        db.write(arguing.mark_useful, judge, better, True)
    db.write(arguing.mark_useful, scene.neighbours[3], plain, False)
    db.write(arguing.mark_useful, scene.neighbours[3], plain, True)
    found = talk(scene.auditor, topic_id)
    assert [(each.id, each.useful, each.marks) for each in found.pros] == [
        (better, 3, 3),
        (plain, 1, 1),
    ]
    assert len(found.cons) == 1
    assert found.pros[0].author == "陈**"
    with pytest.raises(errors.OwnArgument):
        db.write(arguing.mark_useful, scene.neighbours[0], plain, True)


def test_replies_stand_under_their_reason_one_level_deep(database: Database) -> None:
    scene = make_scene()
    topic_id, argument = rude(scene)
    made = db.write(arguing.reply, scene.neighbours[1], argument, "有话好好说。")
    assert [each.id for each in talk(scene.author, topic_id).cons[0].replies] == [made]
    assert any("有话好好说" in each for each in messages(scene, scene.neighbours[0].person_id))
    with pytest.raises(errors.RepliesToReply):
        db.write(arguing.reply, scene.author, made, "好的。")
    with pytest.raises(NotFound):
        db.write(arguing.reply, scene.outsider, argument, "不该看到。")


def test_a_day_takes_so_many_arguments(database: Database) -> None:
    scene = make_scene()
    topic_id = put(scene.author)
    for place in range(20):
        say_for(scene.neighbours[0], topic_id, f"理由 {place}")
    with pytest.raises(TooManyToday):
        say_for(scene.neighbours[0], topic_id, "再来一条")
    say_for(scene.neighbours[1], topic_id, "别人还能说")


def test_hidden_words_are_gone_for_all_but_author_and_moderators(database: Database) -> None:
    scene = make_scene()
    topic_id, argument = rude(scene)
    db.write(moderating.flag, scene.author, topic_id, FlagReason.INSULT, "骂人", argument)
    with pytest.raises(errors.AlreadyFlagged):
        db.write(moderating.flag, scene.author, topic_id, FlagReason.SPAM, "", argument)
    hide(scene.staff, topic_id, argument)
    for reader in (scene.author, scene.neighbours[1], scene.firm, scene.auditor):
        seen_by = talk(reader, topic_id).cons[0]
        assert (seen_by.words, seen_by.is_hidden) == ("", True)
        assert seen_by.acts[0].words == WHY, "the reason is public"
    for reader in (scene.neighbours[0], scene.second_staff, scene.committee):
        assert talk(reader, topic_id).cons[0].words == RUDE
    assert any(WHY in each for each in messages(scene, scene.neighbours[0].person_id))
    assert any("已处理" in each for each in messages(scene, scene.author.person_id))
    with pytest.raises(errors.HiddenAlready):
        hide(scene.second_staff, topic_id, argument)


def test_a_hidden_topic_leaves_lists_and_takes_nothing(database: Database) -> None:
    scene = make_scene()
    topic_id = put(scene.author)
    hide(scene.staff, topic_id)
    assert seen(scene.neighbours[0], topic_id).title == ""
    assert seen(scene.author, topic_id).title
    with db.read() as session:
        assert queries.topics(session, scene.neighbours[0]) == ()
        assert queries.overdue_topics(session, scene.neighbours[0]) == ()
    with pytest.raises(TopicHidden):
        db.write(endorsing.endorse_topic, scene.neighbours[0], topic_id)
    db.write(moderating.restore, scene.staff, topic_id, "看错了")
    assert seen(scene.neighbours[0], topic_id).title


def test_somebody_else_decides_an_appeal(database: Database) -> None:
    scene = make_scene()
    topic_id, argument = rude(scene)
    act = hide(scene.staff, topic_id, argument)
    author = scene.neighbours[0]
    with pytest.raises(NotTheAuthor):
        db.write(appealing.appeal_hiding, scene.author, act, "替他说句话")
    appeal = db.write(appealing.appeal_hiding, author, act, "我说的是气话")
    with pytest.raises(errors.AppealedAlready):
        db.write(appealing.appeal_hiding, author, act, "再说一遍")
    with pytest.raises(errors.UnderAppeal):
        db.write(moderating.restore, scene.staff, topic_id, "自己改主意", argument)
    with pytest.raises(errors.DecidedBySameHand):
        db.write(appealing.decide_appeal, scene.staff, appeal, False, "维持")
    for other in (author, scene.firm, scene.auditor):
        with pytest.raises(NotAllowed):
            db.write(appealing.decide_appeal, other, appeal, True, "恢复")
    with db.read() as session:
        assert moderation.count_appeals(session, scene.staff) == 0
        assert moderation.count_appeals(session, scene.committee) == 1
    said = db.write(appealing.decide_appeal, scene.committee, appeal, True, "可以保留")
    assert said is AppealState.RESTORED
    assert talk(scene.author, topic_id).cons[0].words == RUDE
    with pytest.raises(errors.AppealDecided):
        db.write(appealing.decide_appeal, scene.second_staff, appeal, False, "不同意")


def test_a_moderator_who_wrote_it_decides_nothing_about_it(database: Database) -> None:
    scene = make_scene()
    topic_id = put(scene.author)
    own = say_for(scene.staff, topic_id, "我自己的看法")
    for command, given in (
        (moderating.hide, (topic_id, FlagReason.OTHER, WHY, own)),
        (moderating.remark, (topic_id, WHY, own)),
        (moderating.flag, (topic_id, FlagReason.OTHER, "", own)),
    ):
        with pytest.raises(errors.OwnWords):
            db.write(command, scene.staff, *given)
    act = hide(scene.second_staff, topic_id, own)
    appeal = db.write(appealing.appeal_hiding, scene.staff, act, "有道理的话")
    with pytest.raises(errors.DecidedBySameHand):
        db.write(appealing.decide_appeal, scene.staff, appeal, True, "自己恢复")
    with pytest.raises(errors.DecidedBySameHand):
        db.write(appealing.decide_appeal, scene.second_staff, appeal, False, "自己维持")


def test_the_database_itself_keeps_the_two_hands_apart(database: Database) -> None:
    scene = make_scene()
    topic_id, argument = rude(scene)
    act = hide(scene.staff, topic_id, argument)
    db.write(appealing.appeal_hiding, scene.neighbours[0], act, "我说的是气话")

    def forge(session: Session, actor: Actor) -> None:
        session.execute(
            text(
                "UPDATE appeal SET state = 'upheld', decision = 'x', decided_by = hidden_by,"
                " decided_at = appealed_at"
            )
        )

    with pytest.raises(DBAPIError):
        db.write(forge, scene.staff)


Command = Callable[..., Any]


@pytest.mark.parametrize(
    ("command", "given", "may"),
    [
        (moderating.hide, (FlagReason.INSULT, WHY), {"staff", "second_staff"}),
        (moderating.remark, (WHY,), {"staff", "second_staff"}),
        (moderating.dismiss_flags, (WHY,), {"staff", "second_staff"}),
        (
            moderating.flag,
            (FlagReason.INSULT, ""),
            {"staff", "second_staff", "committee", "firm", "auditor", "neighbour"},
        ),
    ],
)
def test_who_may_moderate(
    database: Database, command: Command, given: tuple[Any, ...], may: set[str]
) -> None:
    scene = make_scene()
    people = {
        "staff": scene.staff,
        "second_staff": scene.second_staff,
        "committee": scene.committee,
        "firm": scene.firm,
        "auditor": scene.auditor,
        "neighbour": scene.neighbours[3],
    }
    topic_id = 0
    for name, actor in people.items():
        # Another neighbour a time: a resident raises only so many topics a day.
        writer = builders.actor(
            scene.community_id, builders.make_person(scene.community_id, f"秦{name}")
        )
        topic_id = put(writer)
        db.write(moderating.flag, scene.neighbours[5], topic_id, FlagReason.INSULT)
        if name in may:
            db.write(command, actor, topic_id, *given)
        else:
            with pytest.raises(NotAllowed):
                db.write(command, actor, topic_id, *given)
    with pytest.raises(NotFound):
        db.write(command, scene.outsider, topic_id, *given)


def test_moderators_know_names_and_the_public_does_not(database: Database) -> None:
    scene = make_scene()
    topic_id, argument = rude(scene)
    db.write(moderating.flag, scene.author, topic_id, FlagReason.INSULT, "骂人", argument)
    with db.read() as session:
        assert moderation.flagged(session, scene.staff)[0].author == "李国强"
        for other in (scene.author, scene.committee, scene.auditor):
            with pytest.raises(NotAllowed):
                moderation.flagged(session, other)
    db.write(moderating.dismiss_flags, scene.staff, topic_id, "话糙理不糙", argument)
    with db.read() as session:
        assert moderation.flagged(session, scene.staff) == ()
    assert any("没有问题" in each for each in messages(scene, scene.author.person_id))
