"""Reading meetings: the year's calendar, the agenda, who came, and the quorum as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from community.deliberation.errors.meetings import MeetingNotFound
from community.deliberation.models import (
    AgendaItem,
    Body,
    Meeting,
    MeetingAttendance,
    MeetingMinutes,
)
from community.deliberation.queries.bodies import UNNAMED, get_rule, names_for, rule_on
from community.deliberation.rules.bodies import BodyFigures, BodyKind
from community.deliberation.rules.meetings import (
    ArrivalWay,
    MeetingState,
    code_seconds_left,
    door_code,
    quorum_of,
)
from community.kernel import clock
from community.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class MeetingView:
    """A meeting as lists and pages show it."""

    id: int
    body_id: int
    body: str
    kind: BodyKind
    title: str
    place: str
    starts_at: datetime
    state: MeetingState
    chair_id: int | None
    chair: str
    secretary_id: int | None
    secretary: str
    called_at: datetime | None
    notice_id: int | None
    expected_count: int | None
    present_count: int
    arrived_count: int
    quorum: int | None
    opened_at: datetime | None
    closed_at: datetime | None
    cancelled_reason: str
    has_minutes: bool

    @property
    def has_quorum(self) -> bool:
        """Tell whether enough are present now."""
        return self.quorum is not None and self.present_count >= self.quorum


@dataclass(frozen=True, slots=True)
class AgendaView:
    """An item of an agenda."""

    id: int
    position: int
    title: str
    words: str
    subject: str
    notes: str


@dataclass(frozen=True, slots=True)
class SeatView:
    """One who should come, and whether they did."""

    person_id: int
    name: str
    way: ArrivalWay | None
    arrived_at: datetime | None
    left_at: datetime | None

    @property
    def is_present(self) -> bool:
        """Tell whether they are in the room now."""
        return self.arrived_at is not None and self.left_at is None


@dataclass(frozen=True, slots=True)
class DoorCode:
    """The code on the room's screen, and for how long it stands there."""

    code: str
    seconds_left: int


def meetings_of_year(session: Session, actor: Actor, year: int) -> tuple[MeetingView, ...]:
    """List the meetings of a year by day."""
    begins, ends = clock.at(date(year, 1, 1)), clock.at(date(year + 1, 1, 1))
    chosen = _of(actor).where(Meeting.starts_at >= begins, Meeting.starts_at < ends)
    return _views(session, actor, chosen.order_by(Meeting.starts_at, Meeting.id))


def meetings_ahead(session: Session, actor: Actor) -> tuple[MeetingView, ...]:
    """List the meetings that sit or are to come, the next first."""
    going = (MeetingState.PLANNED, MeetingState.CALLED, MeetingState.OPEN)
    chosen = _of(actor).where(Meeting.state.in_(going))
    return _views(session, actor, chosen.order_by(Meeting.starts_at, Meeting.id))


def meetings_past(
    session: Session, actor: Actor, before: int | None = None
) -> tuple[MeetingView, ...]:
    """List the meetings that were held or cancelled, the latest first; 30 at a time."""
    over = (MeetingState.CLOSED, MeetingState.CANCELLED)
    chosen = _of(actor).where(Meeting.state.in_(over))
    if before is not None:
        chosen = chosen.where(Meeting.id < before)
    return _views(session, actor, chosen.order_by(Meeting.starts_at.desc()).limit(30))


def get_meeting(session: Session, actor: Actor, meeting_id: int) -> MeetingView:
    """Get a meeting.

    Raises: MeetingNotFound.
    """
    load_meeting(session, actor.community_id, meeting_id)
    return _views(session, actor, _of(actor).where(Meeting.id == meeting_id))[0]


def agenda(session: Session, actor: Actor, meeting_id: int) -> tuple[AgendaView, ...]:
    """List the items of a meeting's agenda.

    Raises: MeetingNotFound.
    """
    load_meeting(session, actor.community_id, meeting_id)
    return tuple(
        AgendaView(row.id, row.position, row.title, row.words, row.subject, row.notes)
        for row in agenda_rows(session, actor.community_id, meeting_id)
    )


def seats(session: Session, actor: Actor, meeting_id: int) -> tuple[SeatView, ...]:
    """List those who should come to a meeting that was opened, those missing first.

    Raises: MeetingNotFound.
    """
    load_meeting(session, actor.community_id, meeting_id)
    rows = session.scalars(
        select(MeetingAttendance)
        .where(
            MeetingAttendance.community_id == actor.community_id,
            MeetingAttendance.meeting_id == meeting_id,
        )
        .order_by(MeetingAttendance.id)
    ).all()
    names = names_for(session, actor, {row.person_id for row in rows})
    return tuple(
        SeatView(
            row.person_id,
            names.get(row.person_id, UNNAMED),
            row.way,
            row.arrived_at,
            row.left_at,
        )
        for row in rows
    )


def find_seat(session: Session, actor: Actor, meeting_id: int) -> SeatView | None:
    """Find the own seat of an actor in a meeting that was opened."""
    found = [
        each for each in seats(session, actor, meeting_id) if each.person_id == actor.person_id
    ]
    return found[0] if found and actor.on_behalf_of is None else None


def get_door_code(session: Session, actor: Actor, meeting_id: int) -> DoorCode:
    """Get the code that the room's screen shows now; for who runs the meeting.

    Raises: MeetingNotFound.
    """
    row = load_meeting(session, actor.community_id, meeting_id)
    now = clock.micros(clock.now())
    return DoorCode(door_code(row.door_key, now), code_seconds_left(now))


def figures_of(session: Session, actor: Actor, meeting_id: int) -> BodyFigures:
    """Get the figures a meeting was called under; before its notice, those that hold today.

    Raises: MeetingNotFound.
    """
    row = load_meeting(session, actor.community_id, meeting_id)
    if row.body_rule_id is not None:
        return get_rule(session, actor.community_id, row.body_rule_id).figures
    return rule_on(session, actor.community_id, row.body_id, clock.today()).figures


def load_meeting(session: Session, community_id: int, meeting_id: int) -> Meeting:
    """Load a meeting's row.

    Raises: MeetingNotFound.
    """
    row = session.get(Meeting, meeting_id)
    if row is None or row.community_id != community_id:
        raise MeetingNotFound
    return row


def agenda_rows(session: Session, community_id: int, meeting_id: int) -> tuple[AgendaItem, ...]:
    """Load a meeting's agenda."""
    return tuple(
        session.scalars(
            select(AgendaItem)
            .where(AgendaItem.community_id == community_id, AgendaItem.meeting_id == meeting_id)
            .order_by(AgendaItem.position)
        )
    )


def present_count(session: Session, meeting: Meeting) -> int:
    """Count who is in the room now."""
    found = session.scalar(
        select(func.count()).where(
            MeetingAttendance.community_id == meeting.community_id,
            MeetingAttendance.meeting_id == meeting.id,
            MeetingAttendance.arrived_at.is_not(None),
            MeetingAttendance.left_at.is_(None),
        )
    )
    return int(found or 0)


def _of(actor: Actor) -> Select[*tuple[Meeting, Body]]:
    return (
        select(Meeting, Body)
        .join(Body, Body.id == Meeting.body_id)
        .where(Meeting.community_id == actor.community_id)
    )


def _views(
    session: Session, actor: Actor, chosen: Select[*tuple[Meeting, Body]]
) -> tuple[MeetingView, ...]:
    rows = session.execute(chosen).all()
    at = actor.community_id
    officers = {person for row, _ in rows for person in (row.chair_id, row.secretary_id) if person}
    names = names_for(session, actor, officers)
    counts = _counts(session, at, [row.id for row, _ in rows])
    kept = set(
        session.scalars(
            select(MeetingMinutes.meeting_id).where(
                MeetingMinutes.community_id == at,
                MeetingMinutes.meeting_id.in_([row.id for row, _ in rows]),
            )
        )
    )
    found = []
    for row, body in rows:
        quorum = None
        if row.expected_count is not None and row.body_rule_id is not None:
            quorum = quorum_of(get_rule(session, at, row.body_rule_id).figures, row.expected_count)
        arrived, present = counts.get(row.id, (0, 0))
        found.append(
            MeetingView(
                row.id,
                row.body_id,
                body.name,
                body.kind,
                row.title,
                row.place,
                row.starts_at,
                row.state,
                row.chair_id,
                names.get(row.chair_id or 0, ""),
                row.secretary_id,
                names.get(row.secretary_id or 0, ""),
                row.called_at,
                row.notice_id,
                row.expected_count,
                present,
                arrived,
                quorum,
                row.opened_at,
                row.closed_at,
                row.cancelled_reason,
                row.id in kept,
            )
        )
    return tuple(found)


def _counts(
    session: Session, community_id: int, meeting_ids: list[int]
) -> dict[int, tuple[int, int]]:
    """Count for each meeting who ever arrived, and who is there now."""
    rows = session.execute(
        select(
            MeetingAttendance.meeting_id,
            func.count(),
            func.count().filter(MeetingAttendance.left_at.is_(None)),
        )
        .where(
            MeetingAttendance.community_id == community_id,
            MeetingAttendance.meeting_id.in_(meeting_ids),
            MeetingAttendance.arrived_at.is_not(None),
        )
        .group_by(MeetingAttendance.meeting_id)
    )
    return {meeting_id: (arrived, present) for meeting_id, arrived, present in rows}
