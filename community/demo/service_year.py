"""Half a year of volunteering before today, told through the same commands that people use."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from community import identity, volunteering
from community.demo.cast import Cast, act_as
from community.demo.happenings import Happening
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.volunteering import ActivityDraft, Rhythm, ServiceKind, ShiftDraft

WEEKS_BEFORE = 26
WEEKS_AFTER = 4
SHOW_UP = 0.93
NOT_CONFIRMED_YET = timedelta(days=12)
REGULARS = 40
ORGANISER = "桂花里社区居民委员会"


@dataclass(frozen=True, slots=True)
class PlannedShift:
    """A shift of the past, or of this and next week."""

    id: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Habit:
    """An activity that recurs every week: its weekday (0 is Monday) and hour."""

    title: str
    kind: ServiceKind
    place: str
    words: str
    weekday: int
    hour: int
    minutes: int
    capacity: int
    regulars: int


HABITS = (
    Habit(
        "周六社区清洁", ServiceKind.ENVIRONMENT, "3 号楼门口",
        "清理楼道和绿地，工具由社区提供，请穿便于活动的鞋。", 5, 9, 120, 24, 15,
    ),
    Habit(
        "夜间平安巡逻", ServiceKind.PATROL, "东门岗亭",
        "两人一组沿小区外圈走两圈，发马甲和手电。", 2, 19, 90, 12, 8,
    ),
    Habit(
        "为高龄老人送午餐", ServiceKind.MEAL, "社区食堂",
        "从食堂取餐，送到 80 岁以上老人家中，陪老人说说话。", 1, 11, 75, 10, 7,
    ),
    Habit(
        "垃圾分类值守", ServiceKind.SORTING, "2 号投放点",
        "提醒邻居分类投放，登记投放卡。", 0, 18, 90, 8, 5,
    ),
    Habit(
        "四点半课堂", ServiceKind.CHILDREN, "社区图书室",
        "陪放学的孩子写作业、读书，等家长下班。", 3, 16, 120, 10, 6,
    ),
    Habit(
        "手机课：教老人用手机", ServiceKind.TEACHING, "活动室二楼",
        "一对一教挂号、缴费、视频通话。", 4, 14, 90, 12, 8,
    ),
)  # fmt: skip


def live_half_a_year(actor: Actor, cast: Cast, today: date) -> list[Happening]:
    """Plan every habit half a year ago; tell each of its shifts as something that happens."""
    first, now = today - timedelta(days=today.weekday(), weeks=WEEKS_BEFORE), clock.now()
    chance = random.Random(today.toordinal())  # noqa: S311  invented history, no secret
    helpers = _helpers(actor, chance, today)
    homes = _homes_of_leaders(actor, cast)
    happenings = []
    for place, habit in enumerate(HABITS):
        with clock.fixed(clock.at(first - timedelta(days=7), 9)):
            shifts = db.write(plan_habit, actor, habit, cast.leaders[place], first)
        regulars = helpers[place * REGULARS : (place + 1) * REGULARS]
        for shift in shifts:
            coming = _coming(cast, habit, regulars, chance)
            if shift.starts_at < now - NOT_CONFIRMED_YET:
                # Nobody confirms the hours of the own home, so they would wait for ever.
                coming = tuple(each for each in coming if each not in homes[place])
            act = partial(_live_through, actor, cast.leaders[place], coming, shift, chance, now)
            happenings.append(Happening(shift.starts_at, act))
    return happenings


def plan_habit(
    session: Session, actor: Actor, habit: Habit, leader: int, first: date
) -> tuple[PlannedShift, ...]:
    """Open an activity; its past shifts one by one, those to come as a series."""
    activity_id = volunteering.open_activity(
        session,
        actor,
        ActivityDraft(
            title=habit.title,
            kind=habit.kind,
            organising_unit=ORGANISER,
            place=habit.place,
            description=habit.words,
            leader_ids=(leader,),
        ),
    )
    planned = []
    for week in range(WEEKS_BEFORE + 2):
        draft = _shift(habit, first + timedelta(weeks=week))
        shift_id = volunteering.add_shift(session, actor, activity_id, draft)
        planned.append(PlannedShift(shift_id, draft.starts_at, draft.ends_at))
    later = first + timedelta(weeks=WEEKS_BEFORE + 2)
    volunteering.add_series(
        session,
        actor,
        activity_id,
        _shift(habit, later),
        Rhythm.WEEKLY,
        later + timedelta(weeks=WEEKS_AFTER),
    )
    return tuple(planned)


def _shift(habit: Habit, monday: date) -> ShiftDraft:
    starts = clock.at(monday + timedelta(days=habit.weekday), habit.hour)
    return ShiftDraft(starts, starts + timedelta(minutes=habit.minutes), habit.capacity)


def _coming(
    cast: Cast, habit: Habit, regulars: list[int], chance: random.Random
) -> tuple[int, ...]:
    count = min(habit.regulars + chance.randint(-2, 3), habit.capacity - 1)
    chosen = chance.sample(regulars, count)
    if habit.kind in {ServiceKind.ENVIRONMENT, ServiceKind.MEAL}:
        chosen.insert(0, cast.resident)
    return tuple(dict.fromkeys(chosen))


def _homes_of_leaders(actor: Actor, cast: Cast) -> tuple[frozenset[int], ...]:
    community_id = actor.community_id
    with db.read() as session:
        homes = [identity.household_of(session, community_id, each) for each in cast.leaders]
        return tuple(
            frozenset(identity.members_of(session, community_id, home) if home else ())
            for home in homes
        )


def _helpers(actor: Actor, chance: random.Random, today: date) -> list[int]:
    with db.read() as session:
        members = identity.member_ids(session, actor.community_id)
        known = identity.people(session, actor.community_id, members)
    grown = sorted(
        card.id
        for card in known.values()
        if card.birth_year is not None and 16 <= today.year - card.birth_year <= 76
    )
    return chance.sample(grown, REGULARS * len(HABITS))


def _live_through(
    actor: Actor,
    leader: int,
    coming: tuple[int, ...],
    shift: PlannedShift,
    chance: random.Random,
    now: datetime,
) -> None:
    if shift.starts_at > now:
        coming = coming[: len(coming) // 2 + 1]
    with clock.fixed(min(shift.starts_at - timedelta(days=2), now)):
        db.write(sign_up_all, actor, shift.id, coming)
    if shift.ends_at < now:
        there = tuple(each for each in coming if chance.random() < SHOW_UP)
        late = tuple(chance.randint(-10, 8) for _ in there)
        db.write(attend_all, actor, leader, shift, there, late)


def sign_up_all(session: Session, actor: Actor, shift_id: int, people: tuple[int, ...]) -> None:
    """Sign people up at the desk."""
    for person_id in people:
        volunteering.sign_up_for(session, actor, shift_id, person_id)


def attend_all(
    session: Session,
    actor: Actor,
    leader_id: int,
    shift: PlannedShift,
    people: tuple[int, ...],
    late: tuple[int, ...],
) -> None:
    """Let the leader tick people in and out, each a little early or late."""
    leader = act_as(session, actor, leader_id)
    for person_id, minutes in zip(people, late, strict=True):
        with clock.fixed(shift.starts_at + timedelta(minutes=minutes)):
            volunteering.tick_in(session, leader, shift.id, person_id)
    for person_id, minutes in zip(people, late, strict=True):
        with clock.fixed(shift.ends_at + timedelta(minutes=minutes // 2)):
            volunteering.tick_out(session, leader, shift.id, person_id)


def open_drill(session: Session, actor: Actor, cast: Cast, today: date) -> None:
    """Open a single small activity that is full already; the resident waits for a place."""
    leader = act_as(session, actor, cast.leaders[1])
    # After lunch, when nobody of them has another shift.
    starts = clock.at(today + timedelta(days=6), 13)
    words = "引导居民沿安全通道下楼，清点人数。请提前 15 分钟到，领红袖章。"
    draft = ActivityDraft(
        title="消防演练引导员", kind=ServiceKind.PATROL, organising_unit=ORGANISER,
        place="中心广场", description=words, leader_ids=(cast.leaders[1],),
    )  # fmt: skip
    activity_id = volunteering.open_activity(session, leader, draft)
    shift_id = volunteering.add_shift(
        session, leader, activity_id, ShiftDraft(starts, starts + timedelta(minutes=60), 3)
    )
    sign_up_all(session, leader, shift_id, cast.leaders[3:6])
    volunteering.join_waiting_list(session, act_as(session, actor, cast.resident), shift_id)
