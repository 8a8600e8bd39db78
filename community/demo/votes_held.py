"""Votes of the demo: an owners' decision that was counted, one in its hours, and a consultation."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from community import deliberation, identity
from community.deliberation import (
    DeliveryWay,
    PollDraft,
    PollKind,
    RollKind,
    Secrecy,
    Standing,
    Turnout,
)
from community.demo.cast import WHOLE_ROLL, Cast
from community.demo.papers import photograph_sheet
from community.kernel import clock
from community.kernel.actor import Actor

VOTE = frozenset({"deliberation.vote"})
YES, NO, ABSTAIN = ((1, 1),), ((2, 1),), ((3, 1),)
LIFTS = (
    "更换 1 至 4 号楼电梯曳引机和控制柜",
    (
        "电梯已使用 14 年，去年停梯 23 次。更换 8 台电梯的曳引机和控制柜，预算 96 万元，"
        "从建筑物维修资金列支，按专有部分面积分摊。施工单位公开招标，工期 60 天，逐台更换。"
    ),
)
LIGHTS = (
    "院子路灯夏天晚上几点关",
    (
        "有人希望早点关，晚上好睡；有人下夜班，希望留着。提议夏天（6 月到 9 月）"
        "晚上 11 点半关一半灯，另一半照到天亮。您同意吗？"
    ),
)
CAMERAS = (
    "单元门口加装监控摄像头",
    (
        "在 12 个单元门口各装一个摄像头，只拍门口公共部分，录像存 30 天，由物业和业委会"
        "共同保管，调看要登记。费用 2.4 万元，从公共收益里出。"
    ),
)
CLEANERS = (
    "保洁换不换一家公司",
    (
        "现在的保洁合同年底到期。有人说楼道拖得勤，也有人说垃圾房总有味。"
        "保洁员和大家天天见面，所以这次投票加密：截止后要两位开启人一起才打得开。您同意换吗？"
    ),
)
DOORS = 60
WAIVER = "共有人没有推举投票人的，已按登记地址送达通知，另行登记"


def hold_votes(session: Session, actor: Actor, cast: Cast, today: date) -> None:
    """Let owners have decided on their lifts, and all households be asked about the lamps."""
    _decide_lifts(session, actor, today)
    _go_from_door_to_door(session, actor, cast, today)
    _ask_about_lights(session, actor, cast, today)
    _judge_in_private(session, actor, cast, today)


def _decide_lifts(session: Session, actor: Actor, today: date) -> None:
    posted = clock.at(today - timedelta(days=40), 10)
    opens, closes = posted + timedelta(days=16), posted + timedelta(days=30)
    draft = PollDraft(
        PollKind.OWNERS,
        *LIFTS,
        (),
        RollKind.OWNERS,
        opens,
        closes,
        settings={"item": 5},
        standing=Standing.STATUTORY,
        turnout=Turnout.SHOWN,
    )
    with clock.fixed(posted):
        poll = deliberation.draft_poll(session, actor, draft)
        deliberation.post_roll(session, actor, poll, WHOLE_ROLL)
    with clock.fixed(posted + timedelta(days=15)):
        unnamed = deliberation.unnamed_entries(session, actor.community_id, poll)
        for place, (entry, owners) in enumerate(unnamed):
            # Some couples never got round to it.
            if place % 40 != 7:
                deliberation.name_voter(session, actor, entry, owners[0])
        deliberation.freeze_poll(session, actor, poll, WAIVER, WHOLE_ROLL)
    voters = deliberation.voters_of(session, actor.community_id, poll)
    for place, (entry, person) in enumerate(voters):
        if place % 9 in {4, 8}:
            continue
        choice = NO if place % 10 == 3 else ABSTAIN if place % 23 == 5 else YES
        voter = Actor(actor.community_id, person, grants=VOTE)
        with clock.fixed(opens + timedelta(minutes=37 * place)):
            deliberation.cast_ballot(session, voter, poll, choice, entry)
    with clock.fixed(closes):
        deliberation.close_poll(session, actor, poll)
        deliberation.decide_poll(session, actor, poll)


def _go_from_door_to_door(session: Session, actor: Actor, cast: Cast, today: date) -> None:
    """Let owners be in the hours of a vote: papers, deliveries, one denied, one mandate."""
    posted = clock.at(today - timedelta(days=19), 9)
    opens = posted + timedelta(days=16)
    draft = PollDraft(
        PollKind.OWNERS,
        *CAMERAS,
        (),
        RollKind.OWNERS,
        opens,
        opens + timedelta(days=14),
        settings={"item": 9, "has_paper": True},
        standing=Standing.STATUTORY,
        turnout=Turnout.SHOWN,
    )
    with clock.fixed(posted):
        poll = deliberation.draft_poll(session, actor, draft)
        deliberation.post_roll(session, actor, poll, WHOLE_ROLL)
    with clock.fixed(posted + timedelta(days=15)):
        deliberation.freeze_poll(session, actor, poll, WAIVER, WHOLE_ROLL)
        deliberation.print_papers(session, actor, poll)
    voters = deliberation.voters_of(session, actor.community_id, poll)[:DOORS]
    for place, (entry, person) in enumerate(voters):
        way = DeliveryWay.DOOR if place % 5 == 2 else DeliveryWay.HAND
        with clock.fixed(opens + timedelta(minutes=4 * place)):
            deliberation.record_delivery(session, actor, entry, way, clock.now())
        if place % 3 == 0 and place:
            voter = Actor(actor.community_id, person, grants=VOTE)
            with clock.fixed(opens + timedelta(hours=9, minutes=place)):
                deliberation.cast_ballot(session, voter, poll, NO if place % 4 == 1 else YES, entry)
    entry, person = voters[2]
    with clock.fixed(opens + timedelta(days=1)):
        absent = Actor(actor.community_id, person, grants=VOTE)
        deliberation.dispute_delivery(session, absent, entry, "那天全家不在，门口没有见到")
        scan = photograph_sheet("委托书", 6)
        deliberation.record_mandate(session, actor, voters[1][0], cast.resident, scan)
        deliberation.vote_by_mandate(session, actor, voters[1][0], YES)


def _ask_about_lights(session: Session, actor: Actor, cast: Cast, today: date) -> None:
    opens = clock.at(today - timedelta(days=2), 9)
    people = _one_of_each_home(session, actor, cast)
    draft = PollDraft(
        PollKind.YES_NO,
        *LIGHTS,
        (),
        RollKind.LIST,
        opens,
        opens + timedelta(days=7),
        people=people,
        secrecy=Secrecy.SECRET,
    )
    with clock.fixed(opens - timedelta(days=4)):
        poll = deliberation.draft_poll(session, actor, draft)
        deliberation.post_roll(session, actor, poll, WHOLE_ROLL)
        deliberation.freeze_poll(session, actor, poll, most_at_once=WHOLE_ROLL)
    for place, person in enumerate(people[1:41]):
        voter = Actor(actor.community_id, person, grants=VOTE)
        with clock.fixed(opens + timedelta(minutes=11 * place)):
            choice = NO if place % 3 == 1 else YES
            deliberation.cast_ballot(session, voter, poll, choice)


def _judge_in_private(session: Session, actor: Actor, cast: Cast, today: date) -> None:
    """Ask what nobody likes to be seen answering: ballots are sealed to three openers."""
    opens = clock.at(today - timedelta(days=1), 9)
    people = _one_of_each_home(session, actor, cast)
    draft = PollDraft(
        PollKind.YES_NO,
        *CLEANERS,
        (),
        RollKind.LIST,
        opens,
        opens + timedelta(days=9),
        people=people,
        secrecy=Secrecy.SECRET,
        settings={"openers_needed": 2},
        openers=(cast.staff, cast.committee, cast.second_committee),
    )
    with clock.fixed(opens - timedelta(days=4)):
        poll = deliberation.draft_poll(session, actor, draft)
        deliberation.post_roll(session, actor, poll, WHOLE_ROLL)
        deliberation.freeze_poll(session, actor, poll, most_at_once=WHOLE_ROLL)


def _one_of_each_home(session: Session, actor: Actor, cast: Cast) -> tuple[int, ...]:
    homes = identity.households(session, actor.community_id)
    heads = [identity.members_of(session, actor.community_id, home.id)[:1] for home in homes]
    return tuple(dict.fromkeys([cast.resident, *(who for head in heads for who in head)]))
