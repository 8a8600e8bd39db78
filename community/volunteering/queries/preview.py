"""What a changed rule set would have meant for the hours of the last months."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.volunteering.models import Earning, HoursRecord
from community.volunteering.rules.kinds import HoursClass, ServiceKind
from community.volunteering.rules.points import (
    Book,
    EarnedBefore,
    Source,
    cap_points,
    points_for,
)
from community.volunteering.rules.rule_sets import RuleSet
from community.volunteering.rules.states import HoursSource, HoursState
from community.volunteering.rules.time_bank import coins_for


@dataclass(frozen=True, slots=True)
class Effect:
    """Points and coins that the hours of a span earned, and would earn under other rules.

    Coins are minutes. The hours themselves stay what they are.
    """

    since: date
    until: date
    records: int
    points_now: int
    points_then: int
    coins_now: int
    coins_then: int
    people_with_less: int


def preview_effect(
    session: Session, community_id: int, rules: RuleSet, since: date, until: date
) -> Effect:
    """Count again, under other rules, what confirmed hours of a span would have earned."""
    rows = list(
        session.scalars(
            select(HoursRecord)
            .where(
                HoursRecord.community_id == community_id,
                HoursRecord.state == HoursState.CONFIRMED,
                HoursRecord.source != HoursSource.NEED,
                HoursRecord.served_on >= since,
                HoursRecord.served_on <= until,
            )
            .order_by(HoursRecord.served_on, HoursRecord.id)
        )
    )
    then: dict[int, int] = defaultdict(int)
    day: dict[tuple[int, date], int] = defaultdict(int)
    month: dict[tuple[int, int, int], int] = defaultdict(int)
    activity: dict[tuple[int, int | None], int] = defaultdict(int)
    coins = 0
    for row in rows:
        kind, on = ServiceKind(row.kind), row.served_on
        raw = points_for(rules.points, kind, HoursClass(row.hours_class), row.minutes)
        keys = (row.person_id, row.activity_id), (row.person_id, on)
        monthly = (row.person_id, on.year, on.month)
        before = EarnedBefore(
            activity[keys[0]] if row.activity_id else 0, day[keys[1]], month[monthly]
        )
        points = cap_points(rules.points, raw, before)
        activity[keys[0]] += points
        day[keys[1]] += points
        month[monthly] += points
        then[row.person_id] += points
        coins += _coins(rules, kind, HoursClass(row.hours_class), row.minutes)
    now = _earned(session, community_id, Book.POINTS, since, until)
    return Effect(
        since=since,
        until=until,
        records=len(rows),
        points_now=sum(now.values()),
        points_then=sum(then.values()),
        coins_now=sum(_earned(session, community_id, Book.TIME, since, until).values()),
        coins_then=coins,
        people_with_less=sum(then[person] < points for person, points in now.items()),
    )


def _coins(rules: RuleSet, kind: ServiceKind, hours_class: HoursClass, minutes: int) -> int:
    bank = rules.time_bank
    is_sure = hours_class in {HoursClass.VERIFIED, HoursClass.PAPER}
    return coins_for(bank, minutes) if bank.is_open and kind in bank.coin_kinds and is_sure else 0


def _earned(
    session: Session, community_id: int, book: Book, since: date, until: date
) -> dict[int, int]:
    rows = session.execute(
        select(Earning.person_id, func.sum(Earning.units + Earning.pooled_units))
        .where(
            Earning.community_id == community_id,
            Earning.book == book,
            Earning.source == Source.HOURS,
            Earning.reversed_at.is_(None),
            Earning.served_on >= since,
            Earning.served_on <= until,
            Earning.person_id.is_not(None),
        )
        .group_by(Earning.person_id)
    )
    return {int(person): int(units) for person, units in rows if person is not None}
