"""Bin stations: scan the household's card, judge the bag, give capped points."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import NotFound
from community.volunteering import permissions
from community.volunteering.errors.bin_station import (
    AlreadyToday,
    StationClosed,
    StationNameTaken,
    UnknownHouseholdCard,
)
from community.volunteering.errors.points import OwnHousehold
from community.volunteering.models import BinDrop, BinStation
from community.volunteering.queries.points import earned_before
from community.volunteering.rules.bin_station import bin_points
from community.volunteering.rules.points import Book, Source, household_owner
from community.volunteering.rules.rule_sets import RuleSet
from community.volunteering.service.points import Claim, earn_points
from community.volunteering.service.rule_sets import rule_set_for


@dataclass(frozen=True, slots=True)
class Dropped:
    """What a scan led to, as the page shows it in green."""

    building: str
    unit: str
    is_right: bool
    points: int


def open_bin_station(session: Session, actor: Actor, name: str, place: str) -> int:
    """Set a station up.

    Raises: StationNameTaken.
    """
    actor.check(permissions.BIN_SET_UP.code)
    taken = session.scalar(
        select(BinStation.id).where(
            BinStation.community_id == actor.community_id, BinStation.name == name
        )
    )
    if taken is not None:
        raise StationNameTaken(name=name)
    row = BinStation(community_id=actor.community_id, name=name, place=place)
    session.add(row)
    session.flush()
    return row.id


def close_bin_station(session: Session, actor: Actor, station_id: int) -> None:
    """Take a station out of use; what was recorded there stays.

    Raises: NotFound.
    """
    actor.check(permissions.BIN_SET_UP.code)
    _get_station(session, actor, station_id).is_closed = True


def record_drop(
    session: Session,
    actor: Actor,
    station_id: int,
    card_code: str,
    is_right: bool,
) -> Dropped:
    """Record one bag of a household and give its points; a day has a fixed number of turns.

    Raises: NotFound, StationClosed, UnknownHouseholdCard, OwnHousehold, AlreadyToday.
    """
    actor.check(permissions.BIN_SCAN.code)
    station = _get_station(session, actor, station_id)
    if station.is_closed:
        raise StationClosed
    household = _household_of_card(session, actor, card_code)
    if actor.person_id is not None and household.id == identity.household_of(
        session, actor.community_id, actor.person_id
    ):
        raise OwnHousehold
    today = clock.today()
    adopted = rule_set_for(session, actor, today)
    turn = _next_turn(session, actor, household.id, adopted.rules)
    owner = household_owner(household.id)
    before = earned_before(session, actor.community_id, owner, None, today)
    points = bin_points(adopted.rules.points, is_right=is_right, in_month=before.in_month)
    row = BinDrop(
        community_id=actor.community_id, station_id=station.id, household_id=household.id,
        building=household.building, dropped_on=today, turn=turn, is_right=is_right,
        points=points, dropped_at=clock.now(), recorded_by=actor.person_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    if points:
        claim = Claim(
            book=Book.POINTS, source=Source.BIN, source_id=row.id, owner=owner,
            title=station.name, rule_set_id=adopted.id, served_on=today,
        )  # fmt: skip
        earn_points(session, actor, claim, points, points, adopted.rules)
    return Dropped(household.building, household.unit, is_right, points)


def _next_turn(session: Session, actor: Actor, household_id: int, rules: RuleSet) -> int:
    used, last = session.execute(
        select(func.count(BinDrop.id), func.max(BinDrop.dropped_at)).where(
            BinDrop.community_id == actor.community_id,
            BinDrop.household_id == household_id,
            BinDrop.dropped_on == clock.today(),
        )
    ).one()
    if used >= rules.points.bin_times_a_day:
        raise AlreadyToday(time=f"{last.astimezone(clock.SHANGHAI):%H:%M}")
    return int(used) + 1


def _household_of_card(session: Session, actor: Actor, card_code: str) -> identity.Household:
    owner = identity.card_owner(session, actor.community_id, card_code)
    if owner is None:
        raise UnknownHouseholdCard
    household_id = owner.household_id
    if household_id is None and owner.person_id is not None:
        household_id = identity.household_of(session, actor.community_id, owner.person_id)
    if household_id is None:
        raise UnknownHouseholdCard
    return identity.get_household(session, actor.community_id, household_id)


def _get_station(session: Session, actor: Actor, station_id: int) -> BinStation:
    row = session.get(BinStation, station_id)
    if row is None or row.community_id != actor.community_id:
        raise NotFound
    return row
