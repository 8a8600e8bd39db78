"""Bin stations, today's scans, and accuracy by building, hidden where it would name somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import Session

from community import identity
from community.kernel.actor import Actor
from community.kernel.errors import NotFound
from community.volunteering.models import BinDrop, BinStation
from community.volunteering.rules.bin_station import Accuracy, accuracy_of


@dataclass(frozen=True, slots=True)
class StationView:
    """A station with how much came in today."""

    id: int
    name: str
    place: str
    is_closed: bool
    today: int


@dataclass(frozen=True, slots=True)
class DropView:
    """One bag of a household."""

    dropped_at: datetime
    is_right: bool
    points: int


def stations(session: Session, community_id: int, today: date) -> tuple[StationView, ...]:
    """List a community's stations with today's number of bags."""
    counted = (
        select(BinDrop.station_id, func.count(BinDrop.id).label("bags"))
        .where(BinDrop.community_id == community_id, BinDrop.dropped_on == today)
        .group_by(BinDrop.station_id)
        .subquery()
    )
    rows = session.execute(
        select(BinStation, func.coalesce(counted.c.bags, 0))
        .outerjoin(counted, counted.c.station_id == BinStation.id)
        .where(BinStation.community_id == community_id)
        .order_by(BinStation.is_closed, BinStation.name)
    )
    return tuple(
        StationView(row.id, row.name, row.place, row.is_closed, int(bags)) for row, bags in rows
    )


def get_station(session: Session, actor: Actor, station_id: int) -> StationView:
    """Get a station.

    Raises: NotFound.
    """
    row = session.get(BinStation, station_id)
    if row is None or row.community_id != actor.community_id:
        raise NotFound
    return StationView(row.id, row.name, row.place, row.is_closed, 0)


def accuracy_by_building(
    session: Session, community_id: int, since: date, until: date, least: int
) -> tuple[Accuracy, ...]:
    """Tell each building's accuracy for days from `since` to `until`, both included."""
    rows = session.execute(
        select(
            BinDrop.building,
            func.count(func.distinct(BinDrop.household_id)),
            func.count(BinDrop.id),
            func.sum(cast(BinDrop.is_right, Integer)),
        )
        .where(
            BinDrop.community_id == community_id,
            BinDrop.dropped_on >= since,
            BinDrop.dropped_on <= until,
        )
        .group_by(BinDrop.building)
    )
    places = {each.name: each.position for each in identity.buildings(session, community_id)}
    return tuple(
        accuracy_of(building, int(homes), int(drops), int(right or 0), least)
        for building, homes, drops, right in sorted(
            rows, key=lambda row: (places.get(row.building, len(places) + 1), row.building)
        )
    )


def drops_of_household(
    session: Session, community_id: int, household_id: int, limit: int = 30
) -> tuple[DropView, ...]:
    """List a household's own bags, the newest first."""
    rows = session.scalars(
        select(BinDrop)
        .where(BinDrop.community_id == community_id, BinDrop.household_id == household_id)
        .order_by(BinDrop.id.desc())
        .limit(limit)
    )
    return tuple(DropView(row.dropped_at, row.is_right, row.points) for row in rows)
