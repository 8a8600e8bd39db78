"""Figures for charts and street forms: hours given and received by month, age group and kind."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.volunteering.models import (
    Acceptance,
    CoinGift,
    CoinGrant,
    Earning,
    HoursRecord,
    Need,
)
from community.volunteering.queries.balances import balance_of
from community.volunteering.rules.figures import AgeGroup, group_of, hide_few, months_between
from community.volunteering.rules.kinds import ServiceKind
from community.volunteering.rules.points import POOL, Book, DeedState
from community.volunteering.rules.states import HoursState
from community.volunteering.rules.time_bank import Purse, ServiceState


@dataclass(frozen=True, slots=True)
class MonthFigure:
    """Minutes given and received in a month."""

    month: date
    given: int
    received: int
    volunteers: int


@dataclass(frozen=True, slots=True)
class KindFigure:
    """Minutes given by kind of service."""

    kind: ServiceKind
    minutes: int


@dataclass(frozen=True, slots=True)
class AgeFigure:
    """An age group's part; None where too few took part to show."""

    group: AgeGroup
    members: int
    volunteers: int | None
    given: int | None
    received: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything the charts page draws for a span of days."""

    since: date
    until: date
    months: tuple[MonthFigure, ...]
    kinds: tuple[KindFigure, ...]
    ages: tuple[AgeFigure, ...]


@dataclass(frozen=True, slots=True)
class PoolFigures:
    """The pool's sums in and out over all time, without a name."""

    balance: int
    donated: int
    excess: int
    issued: int
    granted: int
    paid: int
    held: int


def figures(session: Session, community_id: int, since: date, until: date, least: int) -> Figures:
    """Give hours given and received for days from `since` to `until`, both included."""
    given = _given(session, community_id, since, until)
    received = _received(session, community_id, since, until)
    return Figures(
        since=since,
        until=until,
        months=_by_month(given, received, since, until),
        kinds=_by_kind(given),
        ages=_by_age(session, community_id, given, received, least),
    )


def pool_figures(session: Session, community_id: int) -> PoolFigures:
    """Give the pool's sums; services paid by it are shown as one number."""

    def total(query: object) -> int:
        return int(session.scalar(query) or 0)  # type: ignore[call-overload]  # a Select

    held = balance_of(session, community_id, Book.TIME, POOL)
    return PoolFigures(
        balance=held.available,
        held=held.pending,
        donated=total(
            select(func.sum(CoinGift.minutes)).where(
                CoinGift.community_id == community_id, CoinGift.to_person_id.is_(None)
            )
        ),
        excess=total(
            select(func.sum(Earning.pooled_units)).where(
                Earning.community_id == community_id,
                Earning.book == Book.TIME,
                Earning.reversed_at.is_(None),
            )
        ),
        issued=total(
            select(func.sum(CoinGrant.minutes)).where(
                CoinGrant.community_id == community_id,
                CoinGrant.state == DeedState.GRANTED,
                CoinGrant.person_id.is_(None),
            )
        ),
        granted=total(
            select(func.sum(CoinGrant.minutes)).where(
                CoinGrant.community_id == community_id,
                CoinGrant.state == DeedState.GRANTED,
                CoinGrant.person_id.is_not(None),
            )
        ),
        paid=total(
            select(func.sum(Acceptance.coins)).where(
                Acceptance.community_id == community_id,
                Acceptance.state == ServiceState.CONFIRMED,
                Acceptance.purse == Purse.POOL,
            )
        ),
    )


def _given(
    session: Session, community_id: int, since: date, until: date
) -> list[tuple[int, date, ServiceKind, int]]:
    rows = session.execute(
        select(
            HoursRecord.person_id, HoursRecord.served_on, HoursRecord.kind, HoursRecord.minutes
        ).where(
            HoursRecord.community_id == community_id,
            HoursRecord.state == HoursState.CONFIRMED,
            HoursRecord.served_on >= since,
            HoursRecord.served_on <= until,
        )
    )
    return [(person, day, ServiceKind(kind), minutes) for person, day, kind, minutes in rows]


def _received(
    session: Session, community_id: int, since: date, until: date
) -> list[tuple[int, date, int]]:
    rows = session.execute(
        select(Need.receiver_id, Acceptance.started_at, Acceptance.served_minutes)
        .join(Need, Need.id == Acceptance.need_id)
        .where(
            Acceptance.community_id == community_id,
            Acceptance.state == ServiceState.CONFIRMED,
            Acceptance.started_at.is_not(None),
        )
    )
    found = [(person, clock.day_of(at), minutes or 0) for person, at, minutes in rows if at]
    return [each for each in found if since <= each[1] <= until]


def _by_month(
    given: list[tuple[int, date, ServiceKind, int]],
    received: list[tuple[int, date, int]],
    since: date,
    until: date,
) -> tuple[MonthFigure, ...]:
    out: dict[date, int] = defaultdict(int)
    taken: dict[date, int] = defaultdict(int)
    people: dict[date, set[int]] = defaultdict(set)
    for person, day, _, minutes in given:
        out[day.replace(day=1)] += minutes
        people[day.replace(day=1)].add(person)
    for _, day, minutes in received:
        taken[day.replace(day=1)] += minutes
    return tuple(
        MonthFigure(month, out[month], taken[month], len(people[month]))
        for month in months_between(since, until)
    )


def _by_kind(given: list[tuple[int, date, ServiceKind, int]]) -> tuple[KindFigure, ...]:
    sums: dict[ServiceKind, int] = defaultdict(int)
    for _, _, kind, minutes in given:
        sums[kind] += minutes
    ranked = sorted(sums.items(), key=lambda each: (-each[1], each[0]))
    return tuple(KindFigure(kind, minutes) for kind, minutes in ranked)


def _by_age(
    session: Session,
    community_id: int,
    given: list[tuple[int, date, ServiceKind, int]],
    received: list[tuple[int, date, int]],
    least: int,
) -> tuple[AgeFigure, ...]:
    today = clock.today()
    members = identity.people(session, community_id, identity.member_ids(session, community_id))
    seen = {person for person, *_ in given} | {person for person, *_ in received}
    cards = {**identity.people(session, community_id, seen), **members}
    group = {person: group_of(card.birth_year, today) for person, card in cards.items()}
    out: dict[AgeGroup, int] = defaultdict(int)
    taken: dict[AgeGroup, int] = defaultdict(int)
    givers: dict[AgeGroup, set[int]] = defaultdict(set)
    takers: dict[AgeGroup, set[int]] = defaultdict(set)
    size: dict[AgeGroup, int] = defaultdict(int)
    for person in members:
        size[group[person]] += 1
    for person, _, _, minutes in given:
        out[group[person]] += minutes
        givers[group[person]].add(person)
    for person, _, minutes in received:
        taken[group[person]] += minutes
        takers[group[person]].add(person)
    return tuple(
        AgeFigure(
            each,
            size[each],
            hide_few(len(givers[each]), len(givers[each]), least),
            hide_few(out[each], len(givers[each]), least),
            hide_few(taken[each], len(takers[each]), least),
        )
        for each in AgeGroup
    )
