"""The leader's roster: who is expected, who is in, whose hours wait; and what a leader leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import identity
from community.kernel.actor import Actor
from community.volunteering import permissions
from community.volunteering.models import (
    ActivityLeader,
    Attendance,
    CheckInAttempt,
    HoursRecord,
    SignUp,
)
from community.volunteering.queries.leading import check_leads, load_shift, may_credit
from community.volunteering.rules.scanning import Means
from community.volunteering.rules.states import HoursState, SignUpState

ON_ROSTER = (SignUpState.SIGNED_UP, SignUpState.NO_SHOW)


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One person of a shift: names in full, for the leader who must know whom they let in."""

    person_id: int
    name: str
    building: str
    birth_year: int | None
    state: SignUpState
    in_at: datetime | None
    in_means: Means | None
    out_at: datetime | None
    out_means: Means | None
    waits: bool
    hours_state: HoursState | None
    minutes: int | None
    is_own_household: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class Roster:
    """A shift's people and the figures above them."""

    lines: tuple[RosterLine, ...]
    waiting: tuple[RosterLine, ...]

    @property
    def expected(self) -> int:
        """Count who has a place."""
        return sum(each.state is SignUpState.SIGNED_UP for each in self.lines)

    @property
    def came(self) -> int:
        """Count who was checked in."""
        return sum(each.in_at is not None for each in self.lines)

    @property
    def inside(self) -> int:
        """Count who is in and not out."""
        return sum(each.in_at is not None and each.out_at is None for each in self.lines)

    @property
    def to_confirm(self) -> tuple[RosterLine, ...]:
        """List whose hours wait for a leader."""
        return tuple(each for each in self.lines if each.waits)


def roster_of(session: Session, actor: Actor, shift_id: int) -> Roster:
    """Give the roster of a shift to who leads its activity.

    Raises: NotFound, NotLeader.
    """
    _, activity = load_shift(session, actor.community_id, shift_id)
    check_leads(session, actor, activity.id)
    signed = session.scalars(
        select(SignUp)
        .where(
            SignUp.community_id == actor.community_id,
            SignUp.shift_id == shift_id,
            SignUp.state.in_((*ON_ROSTER, SignUpState.WAITING, SignUpState.OFFERED)),
        )
        .order_by(SignUp.id)
    ).all()
    people = identity.people(session, actor.community_id, [each.person_id for each in signed])
    came = _attendances(session, actor.community_id, shift_id)
    hours = _records(session, actor.community_id, shift_id)
    late = _late_people(session, actor.community_id, shift_id)
    lines = [
        _line(session, actor, each, people[each.person_id], came, hours, late)
        for each in signed
        if each.person_id in people
    ]
    return Roster(
        lines=tuple(each for each in lines if each.state in ON_ROSTER),
        waiting=tuple(each for each in lines if each.state not in ON_ROSTER),
    )


def led_activity_ids(session: Session, actor: Actor) -> tuple[int, ...] | None:
    """List the activities the actor leads; None means any of the community."""
    if actor.may(permissions.LEAD_ANY.code):
        return None
    return tuple(
        session.scalars(
            select(ActivityLeader.activity_id).where(
                ActivityLeader.community_id == actor.community_id,
                ActivityLeader.person_id == actor.person_id,
            )
        )
    )


def waiting_by_shift(session: Session, community_id: int) -> dict[int, int]:
    """Count the attendances that wait for a leader, by shift."""
    rows = session.execute(
        select(Attendance.shift_id, func.count())
        .where(
            Attendance.community_id == community_id,
            Attendance.confirmed_at.is_(None),
            Attendance.out_at.is_not(None),
        )
        .group_by(Attendance.shift_id)
    )
    return {shift_id: count for shift_id, count in rows}  # noqa: C416  mypy reads rows as tuples so


def _attendances(session: Session, community_id: int, shift_id: int) -> dict[int, Attendance]:
    rows = session.scalars(
        select(Attendance).where(
            Attendance.community_id == community_id, Attendance.shift_id == shift_id
        )
    )
    return {row.person_id: row for row in rows}


def _records(session: Session, community_id: int, shift_id: int) -> dict[int, HoursRecord]:
    rows = session.scalars(
        select(HoursRecord).where(
            HoursRecord.community_id == community_id, HoursRecord.shift_id == shift_id
        )
    )
    return {row.person_id: row for row in rows}


def _late_people(session: Session, community_id: int, shift_id: int) -> set[int | None]:
    return set(
        session.scalars(
            select(CheckInAttempt.person_id).where(
                CheckInAttempt.community_id == community_id,
                CheckInAttempt.shift_id == shift_id,
                CheckInAttempt.is_accepted,
                CheckInAttempt.is_late,
            )
        )
    )


def _line(
    session: Session,
    actor: Actor,
    row: SignUp,
    person: identity.PersonCard,
    came: dict[int, Attendance],
    hours: dict[int, HoursRecord],
    late: set[int | None],
) -> RosterLine:
    attended, record = came.get(row.person_id), hours.get(row.person_id)
    return RosterLine(
        person_id=row.person_id,
        name=person.name,
        building=person.building,
        birth_year=person.birth_year,
        state=row.state,
        in_at=attended.in_at if attended else None,
        in_means=attended.in_means if attended else None,
        out_at=attended.out_at if attended else None,
        out_means=attended.out_means if attended else None,
        waits=attended is not None
        and attended.out_at is not None
        and attended.confirmed_at is None,
        hours_state=record.state if record else None,
        minutes=record.minutes if record else None,
        is_own_household=not may_credit(session, actor, row.person_id),
        is_late=row.person_id in late,
    )
