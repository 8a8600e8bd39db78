"""Hours as a statement, a record and a chart need them: sums and lines of confirmed records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from community.volunteering.models import HoursRecord
from community.volunteering.rules.kinds import HoursClass, ServiceKind
from community.volunteering.rules.states import HoursSource, HoursState

WAITING = (HoursState.PENDING, HoursState.IN_REVIEW, HoursState.IN_SECOND_REVIEW)


@dataclass(frozen=True, slots=True)
class ServedLine:
    """One record of hours; `total_after` is the sum of confirmed minutes up to and with it."""

    id: int
    served_on: date
    title: str
    content: str
    place: str
    organising_unit: str
    person_in_charge_id: int | None
    kind: ServiceKind
    hours_class: HoursClass
    state: HoursState
    minutes: int
    total_after: int = 0


@dataclass(frozen=True, slots=True)
class ServedStatement:
    """Confirmed hours of a time as a statement, the newest first, and what still waits."""

    opening: int
    lines: tuple[ServedLine, ...]
    closing: int
    waiting: tuple[ServedLine, ...]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class ServedTotals:
    """Confirmed minutes by class, over all time."""

    verified: int
    paper: int
    back_filled: int
    imported: int


def is_service_record(session: Session, community_id: int, hours_id: int) -> bool:
    """Tell whether hours come from a service between two people."""
    source = session.scalar(
        select(HoursRecord.source).where(
            HoursRecord.community_id == community_id, HoursRecord.id == hours_id
        )
    )
    return source == HoursSource.NEED


def served_totals(session: Session, community_id: int, person_id: int) -> ServedTotals:
    """Add up a person's confirmed minutes by class."""
    rows = session.execute(
        select(HoursRecord.hours_class, func.sum(HoursRecord.minutes))
        .where(*_confirmed(community_id, person_id))
        .group_by(HoursRecord.hours_class)
    )
    found = {HoursClass(each): int(minutes) for each, minutes in rows}
    return ServedTotals(
        verified=found.get(HoursClass.VERIFIED, 0),
        paper=found.get(HoursClass.PAPER, 0),
        back_filled=found.get(HoursClass.BACK_FILLED, 0),
        imported=found.get(HoursClass.IMPORTED, 0),
    )


def served_statement(
    session: Session,
    community_id: int,
    person_id: int,
    since: date,
    until: date,
    *,
    kind: ServiceKind | None = None,
    limit: int = 200,
) -> ServedStatement:
    """Give a person's hours for days from `since` to `until`, both included."""
    mine = _confirmed(community_id, person_id)
    opening = int(
        session.scalar(
            select(func.coalesce(func.sum(HoursRecord.minutes), 0)).where(
                *mine, HoursRecord.served_on < since
            )
        )
        or 0
    )
    rows = list(
        session.scalars(
            select(HoursRecord)
            .where(*mine, HoursRecord.served_on >= since, HoursRecord.served_on <= until)
            .order_by(HoursRecord.served_on, HoursRecord.id)
        )
    )
    total, lines = opening, []
    for row in rows:
        total += row.minutes
        lines.append(_line(row, total))
    shown = [line for line in reversed(lines) if kind is None or line.kind is kind]
    waiting = session.scalars(
        select(HoursRecord)
        .where(
            HoursRecord.community_id == community_id,
            HoursRecord.person_id == person_id,
            HoursRecord.state.in_(WAITING),
        )
        .order_by(HoursRecord.served_on.desc(), HoursRecord.id.desc())
    )
    return ServedStatement(
        opening=opening,
        lines=tuple(shown[:limit]),
        closing=total,
        waiting=tuple(_line(row, 0) for row in waiting),
        is_cut=len(shown) > limit,
    )


def served_lines(
    session: Session,
    community_id: int,
    person_id: int,
    since: date,
    until: date,
    organising_unit: str = "",
) -> tuple[ServedLine, ...]:
    """List confirmed hours recorded here, the oldest first, for a record."""
    conditions: list[ColumnElement[bool]] = [
        *_confirmed(community_id, person_id),
        HoursRecord.hours_class != HoursClass.IMPORTED,
        HoursRecord.served_on >= since,
        HoursRecord.served_on <= until,
    ]
    if organising_unit:
        conditions.append(HoursRecord.organising_unit == organising_unit)
    rows = session.scalars(
        select(HoursRecord).where(*conditions).order_by(HoursRecord.served_on, HoursRecord.id)
    )
    return tuple(_line(row, 0) for row in rows)


def lines_between(
    session: Session, community_id: int, since: date, until: date
) -> tuple[tuple[int, ServedLine], ...]:
    """List everybody's confirmed hours recorded here in a span, with whose they are."""
    rows = session.scalars(
        select(HoursRecord)
        .where(
            HoursRecord.community_id == community_id,
            HoursRecord.state == HoursState.CONFIRMED,
            HoursRecord.source != HoursSource.IMPORT,
            HoursRecord.served_on >= since,
            HoursRecord.served_on <= until,
        )
        .order_by(HoursRecord.served_on, HoursRecord.id)
    )
    return tuple((row.person_id, _line(row, 0)) for row in rows)


def lines_by_id(session: Session, community_id: int, ids: Iterable[int]) -> dict[int, ServedLine]:
    """Give records of hours by id, for the lines of a statement."""
    rows = session.scalars(
        select(HoursRecord).where(
            HoursRecord.community_id == community_id, HoursRecord.id.in_(list(ids))
        )
    )
    return {row.id: _line(row, 0) for row in rows}


def _confirmed(community_id: int, person_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        HoursRecord.community_id == community_id,
        HoursRecord.person_id == person_id,
        HoursRecord.state == HoursState.CONFIRMED,
    )


def _line(row: HoursRecord, total: int) -> ServedLine:
    return ServedLine(
        id=row.id, served_on=row.served_on, title=row.title, content=row.content,
        place=row.place, organising_unit=row.organising_unit,
        person_in_charge_id=row.person_in_charge_id, kind=ServiceKind(row.kind),
        hours_class=HoursClass(row.hours_class), state=HoursState(row.state),
        minutes=row.minutes, total_after=total,
    )  # fmt: skip
