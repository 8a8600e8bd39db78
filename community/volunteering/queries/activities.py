"""Reading activities and shifts for everybody's pages: lists, one activity, one shift."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.volunteering.models import Activity, Attendance, Shift, ShiftSwap, SignUp
from community.volunteering.queries.leading import leader_ids, load_activity
from community.volunteering.rules.kinds import ServiceKind
from community.volunteering.rules.states import (
    ActivityState,
    ShiftState,
    SignUpState,
    SwapState,
)

LISTED_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class ShiftFilter:
    """What a list of shifts is narrowed to; None leaves it wide."""

    kind: ServiceKind | None = None
    until: date | None = None
    only_free: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class ShiftView:
    """A shift as pages show it; `my_state` is the reader's own, lapsed offers already lapsed."""

    id: int
    activity_id: int
    title: str
    kind: ServiceKind
    starts_at: datetime
    ends_at: datetime
    place: str
    gates: tuple[str, ...]
    capacity: int
    taken: int
    state: ShiftState
    is_closed: bool
    change_note: str
    series_id: int | None
    my_state: SignUpState | None = None
    offer_lapses_at: datetime | None = None
    in_at: datetime | None = None
    out_at: datetime | None = None

    @property
    def places_left(self) -> int:
        """Tell how many places can be taken."""
        return max(self.capacity - self.taken, 0)

    @property
    def has_begun(self) -> bool:
        """Tell whether it has begun."""
        return self.starts_at <= clock.now()

    @property
    def is_over(self) -> bool:
        """Tell whether it is over."""
        return self.ends_at <= clock.now()


@dataclass(frozen=True, slots=True)
class ActivityView:
    """An activity as its page shows it."""

    id: int
    title: str
    kind: ServiceKind
    organising_unit: str
    person_in_charge_id: int
    leader_ids: tuple[int, ...]
    place: str
    description: str
    skills: tuple[str, ...]
    minimum_age: int
    photo_file_id: int | None
    state: ActivityState


@dataclass(frozen=True, slots=True)
class SwapView:
    """A place that somebody wants to hand on."""

    id: int
    shift_id: int
    person_id: int
    starts_at: datetime
    ends_at: datetime
    wanted_shift_id: int | None
    wanted_starts_at: datetime | None


def get_activity(session: Session, community_id: int, activity_id: int) -> ActivityView:
    """Give an activity.

    Raises: NotFound.
    """
    row = load_activity(session, community_id, activity_id)
    return ActivityView(
        id=row.id,
        title=row.title,
        kind=row.kind,
        organising_unit=row.organising_unit,
        person_in_charge_id=row.person_in_charge_id,
        leader_ids=leader_ids(session, community_id, activity_id),
        place=row.place,
        description=row.description,
        skills=tuple(row.skills),
        minimum_age=row.minimum_age,
        photo_file_id=row.photo_file_id,
        state=row.state,
    )


def coming_shifts(
    session: Session, community_id: int, person_id: int | None, chosen: ShiftFilter
) -> tuple[ShiftView, ...]:
    """List the shifts that are not over, the next first."""
    query = (
        select(Shift, Activity)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(
            Shift.community_id == community_id,
            Shift.ends_at > clock.now(),
            Shift.state == ShiftState.OPEN,
            Activity.state != ActivityState.CANCELLED,
        )
        .order_by(Shift.starts_at, Shift.id)
        .limit(LISTED_AT_MOST)
    )
    if chosen.kind is not None:
        query = query.where(Activity.kind == chosen.kind)
    if chosen.until is not None:
        query = query.where(Shift.starts_at < clock.at(chosen.until))
    if chosen.only_free:
        query = query.where(Shift.taken < Shift.capacity)
    if chosen.text:
        query = query.where(
            Activity.title.icontains(chosen.text, autoescape=True)
            | Shift.place.icontains(chosen.text, autoescape=True)
        )
    return _views(session, community_id, person_id, session.execute(query).all())


def shifts_of_activity(
    session: Session, community_id: int, activity_id: int, person_id: int | None
) -> tuple[ShiftView, ...]:
    """List an activity's shifts, cancelled ones included: those to come first, then the past."""
    query = (
        select(Shift, Activity)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(Shift.community_id == community_id, Shift.activity_id == activity_id)
        .order_by(Shift.starts_at)
    )
    found = _views(session, community_id, person_id, session.execute(query).all())
    coming = [each for each in found if not each.is_over]
    past = [each for each in found if each.is_over]
    return (*coming[:LISTED_AT_MOST], *reversed(past[-12:]))


def get_shift_view(
    session: Session, community_id: int, shift_id: int, person_id: int | None
) -> ShiftView | None:
    """Find a shift as its page shows it."""
    query = (
        select(Shift, Activity)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(Shift.community_id == community_id, Shift.id == shift_id)
    )
    found = _views(session, community_id, person_id, session.execute(query).all())
    return found[0] if found else None


def my_shifts(session: Session, community_id: int, person_id: int) -> tuple[ShiftView, ...]:
    """List the shifts to come that a person has a place of, is offered, or waits for."""
    query = (
        select(Shift, Activity)
        .join(Activity, Activity.id == Shift.activity_id)
        .join(SignUp, (SignUp.community_id == Shift.community_id) & (SignUp.shift_id == Shift.id))
        .where(
            Shift.community_id == community_id,
            SignUp.person_id == person_id,
            SignUp.state.in_((SignUpState.SIGNED_UP, SignUpState.OFFERED, SignUpState.WAITING)),
            Shift.ends_at > clock.now(),
        )
        .order_by(Shift.starts_at)
    )
    return _views(session, community_id, person_id, session.execute(query).all())


def led_shifts(
    session: Session, community_id: int, activity_ids: Iterable[int] | None, since: datetime
) -> tuple[ShiftView, ...]:
    """List the shifts that end after an instant, of some activities or of all."""
    query = (
        select(Shift, Activity)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(Shift.community_id == community_id, Shift.ends_at > since)
        .order_by(Shift.starts_at)
        .limit(LISTED_AT_MOST)
    )
    if activity_ids is not None:
        query = query.where(Shift.activity_id.in_(tuple(activity_ids)))
    return _views(session, community_id, None, session.execute(query).all())


def swaps_of_activity(
    session: Session, community_id: int, activity_id: int
) -> tuple[SwapView, ...]:
    """List the places of an activity that their holders want to hand on."""
    rows = session.execute(
        select(ShiftSwap, Shift)
        .join(
            Shift,
            (Shift.community_id == ShiftSwap.community_id) & (Shift.id == ShiftSwap.shift_id),
        )
        .join(
            SignUp,
            (SignUp.community_id == ShiftSwap.community_id)
            & (SignUp.shift_id == ShiftSwap.shift_id)
            & (SignUp.person_id == ShiftSwap.person_id),
        )
        .where(
            ShiftSwap.community_id == community_id,
            Shift.activity_id == activity_id,
            ShiftSwap.state == SwapState.OPEN,
            SignUp.state == SignUpState.SIGNED_UP,
            Shift.starts_at > clock.now(),
        )
        .order_by(Shift.starts_at)
    ).all()
    wanted = {swap.wanted_shift_id for swap, _ in rows if swap.wanted_shift_id is not None}
    starts = {
        each.id: each.starts_at
        for each in session.scalars(select(Shift).where(Shift.id.in_(wanted)))
    }
    return tuple(
        SwapView(
            swap.id,
            shift.id,
            swap.person_id,
            shift.starts_at,
            shift.ends_at,
            swap.wanted_shift_id,
            starts.get(swap.wanted_shift_id or 0),
        )
        for swap, shift in rows
    )


def _views(
    session: Session, community_id: int, person_id: int | None, rows: Iterable[object]
) -> tuple[ShiftView, ...]:
    pairs = [(row[0], row[1]) for row in rows]  # type: ignore[index]  # rows of two entities
    ids = [shift.id for shift, _ in pairs]
    mine = _mine(session, community_id, person_id, ids)
    came = _came(session, community_id, person_id, ids)
    return tuple(
        _view(shift, activity, mine.get(shift.id), came.get(shift.id)) for shift, activity in pairs
    )


def _mine(
    session: Session, community_id: int, person_id: int | None, ids: list[int]
) -> dict[int, SignUp]:
    if person_id is None or not ids:
        return {}
    rows = session.scalars(
        select(SignUp).where(
            SignUp.community_id == community_id,
            SignUp.person_id == person_id,
            SignUp.shift_id.in_(ids),
        )
    )
    return {row.shift_id: row for row in rows}


def _came(
    session: Session, community_id: int, person_id: int | None, ids: list[int]
) -> dict[int, Attendance]:
    if person_id is None or not ids:
        return {}
    rows = session.scalars(
        select(Attendance).where(
            Attendance.community_id == community_id,
            Attendance.person_id == person_id,
            Attendance.shift_id.in_(ids),
        )
    )
    return {row.shift_id: row for row in rows}


def _view(
    shift: Shift, activity: Activity, mine: SignUp | None, came: Attendance | None
) -> ShiftView:
    state = None if mine is None else mine.state
    lapses = None if mine is None else mine.offer_lapses_at
    # The clock decides, not the job that tidies up later.
    if state is SignUpState.OFFERED and lapses is not None and lapses <= clock.now():
        state, lapses = SignUpState.LAPSED, None
    return ShiftView(
        id=shift.id,
        activity_id=activity.id,
        title=activity.title,
        kind=activity.kind,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        place=shift.place,
        gates=tuple(shift.gates),
        capacity=shift.capacity,
        taken=shift.taken,
        state=shift.state,
        is_closed=activity.state is ActivityState.CLOSED,
        change_note=shift.change_note,
        series_id=shift.series_id,
        my_state=state,
        offer_lapses_at=lapses,
        in_at=came.in_at if came else None,
        out_at=came.out_at if came else None,
    )
