"""Shifts: add one or a series; shorten, move, resize or cancel, with everybody told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.volunteering.errors import activities as refusals
from community.volunteering.models import Activity, ActivitySeries, Shift, ShiftSwap, SignUp
from community.volunteering.queries.leading import check_leads, load_activity, load_shift
from community.volunteering.rules.drafts import ShiftDraft
from community.volunteering.rules.series import Rhythm, days_of
from community.volunteering.rules.states import (
    TAKES_A_PLACE,
    ActivityState,
    ShiftState,
    SignUpState,
    SwapState,
)
from community.volunteering.service.telling import tell_change
from community.volunteering.service.waiting_list import offer_places

LONGEST = timedelta(hours=24)


def add_shift(session: Session, actor: Actor, activity_id: int, draft: ShiftDraft) -> int:
    """Add a shift to an activity.

    Raises: NotFound, NotLeader, ActivityIsOver, TimesInDisorder, ShiftTooLong, StartsInThePast.
    """
    activity = _planned(session, actor, activity_id)
    _check_times(draft.starts_at, draft.ends_at)
    if draft.starts_at <= clock.now():
        raise refusals.StartsInThePast
    return _add(session, activity, draft, None).id


def add_series(
    session: Session, actor: Actor, activity_id: int, draft: ShiftDraft, rhythm: Rhythm, until: date
) -> int:
    """Add the shifts of a series at the draft's time of day; tell how many.

    Raises: as `add_shift`; SeriesTooShort for fewer than two.
    """
    activity = _planned(session, actor, activity_id)
    _check_times(draft.starts_at, draft.ends_at)
    if draft.starts_at <= clock.now():
        raise refusals.StartsInThePast
    first = clock.day_of(draft.starts_at)
    days = days_of(rhythm, first, until)
    if len(days) < 2:
        raise refusals.SeriesTooShort
    series = ActivitySeries(
        community_id=actor.community_id,
        activity_id=activity_id,
        rhythm=rhythm,
        first_on=first,
        until=until,
        created_at=clock.now(),
    )
    session.add(series)
    session.flush()
    for day in days:
        # Whole days in Shanghai, which has no summer time: the hour of the day stays.
        later = timedelta(days=(day - first).days)
        _add(session, activity, draft, series.id, later)
    return len(days)


def shorten_shift(
    session: Session, actor: Actor, shift_id: int, ends_at: datetime, note: str
) -> int:
    """End a shift earlier, also while it runs; everybody is told. Gives how many were.

    Raises: NotFound, NotLeader, ShiftIsCancelled, ShiftIsOver, NotShorter.
    """
    shift, activity = _changed(session, actor, shift_id)
    if not shift.starts_at < ends_at < shift.ends_at:
        raise refusals.NotShorter
    shift.ends_at = ends_at
    return _note(session, actor, shift, activity, N_("{title}：提前结束"), note)


def move_shift(session: Session, actor: Actor, shift_id: int, draft: ShiftDraft, note: str) -> int:
    """Move a shift that has not begun to another time or place; everybody is told.

    Raises: NotFound, NotLeader, ShiftIsCancelled, ShiftIsOver, TimesInDisorder, ShiftTooLong,
    StartsInThePast, PlacesAreTaken.
    """
    shift, activity = _changed(session, actor, shift_id)
    _check_times(draft.starts_at, draft.ends_at)
    if shift.starts_at <= clock.now():
        raise refusals.ShiftIsOver
    if draft.starts_at <= clock.now():
        raise refusals.StartsInThePast
    if draft.capacity < shift.taken:
        raise refusals.PlacesAreTaken(taken=shift.taken)
    shift.starts_at, shift.ends_at = draft.starts_at, draft.ends_at
    shift.planned_ends_at = draft.ends_at
    shift.place = draft.place or shift.place
    shift.gates = list(draft.gates) or shift.gates
    shift.capacity = draft.capacity
    session.execute(
        update(SignUp)
        .where(SignUp.community_id == actor.community_id, SignUp.shift_id == shift_id)
        .values(reminded_at=None)
    )
    told = _note(session, actor, shift, activity, N_("{title}：时间或地点有变"), note)
    offer_places(session, actor, shift, activity)
    return told


def resize_shift(session: Session, actor: Actor, shift_id: int, capacity: int) -> None:
    """Change how many places a shift has; new places go to those who wait.

    Raises: NotFound, NotLeader, ShiftIsCancelled, ShiftIsOver, PlacesAreTaken.
    """
    shift, activity = _changed(session, actor, shift_id)
    if capacity < shift.taken:
        raise refusals.PlacesAreTaken(taken=shift.taken)
    shift.capacity = capacity
    offer_places(session, actor, shift, activity)


def cancel_shift(session: Session, actor: Actor, shift_id: int, note: str) -> int:
    """Cancel a shift; everybody is told. Gives how many were.

    Raises: NotFound, NotLeader, ShiftIsCancelled, ShiftIsOver.
    """
    shift, activity = _changed(session, actor, shift_id)
    return cancel_rows(session, actor, activity, (shift,), note)


def cancel_series(session: Session, actor: Actor, shift_id: int, note: str) -> int:
    """Cancel a shift and the later ones of its series; everybody is told.

    Raises: as `cancel_shift`.
    """
    shift, activity = _changed(session, actor, shift_id)
    later = session.scalars(
        select(Shift)
        .where(
            Shift.community_id == actor.community_id,
            Shift.series_id == shift.series_id,
            Shift.starts_at > shift.starts_at,
            Shift.state == ShiftState.OPEN,
        )
        .order_by(Shift.starts_at)
    )
    return cancel_rows(session, actor, activity, (shift, *later), note)


def cancel_rows(
    session: Session, actor: Actor, activity: Activity, shifts: Sequence[Shift], note: str
) -> int:
    """Cancel loaded shifts and free their places; for the commands of this room."""
    told = 0
    for shift in shifts:
        shift.state = ShiftState.CANCELLED
        told += _note(session, actor, shift, activity, N_("{title}：已取消"), note)
        ours = (SignUp.community_id == actor.community_id, SignUp.shift_id == shift.id)
        session.execute(
            update(SignUp)
            .where(*ours, SignUp.state.in_((*TAKES_A_PLACE, SignUpState.WAITING)))
            .values(state=SignUpState.CANCELLED, offer_lapses_at=None, waiting_since=None)
        )
        session.execute(
            update(ShiftSwap)
            .where(
                ShiftSwap.community_id == actor.community_id,
                ShiftSwap.shift_id == shift.id,
                ShiftSwap.state == SwapState.OPEN,
            )
            .values(state=SwapState.WITHDRAWN, closed_at=clock.now())
        )
        shift.taken = 0
    return told


def _planned(session: Session, actor: Actor, activity_id: int) -> Activity:
    activity = load_activity(session, actor.community_id, activity_id)
    check_leads(session, actor, activity_id)
    if activity.state is ActivityState.CANCELLED:
        raise refusals.ActivityIsOver
    return activity


def _changed(session: Session, actor: Actor, shift_id: int) -> tuple[Shift, Activity]:
    shift, activity = load_shift(session, actor.community_id, shift_id)
    check_leads(session, actor, activity.id)
    if shift.state is ShiftState.CANCELLED:
        raise refusals.ShiftIsCancelled
    if shift.ends_at <= clock.now():
        raise refusals.ShiftIsOver
    return shift, activity


def _check_times(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise refusals.TimesInDisorder
    if ends_at - starts_at > LONGEST:
        raise refusals.ShiftTooLong


def _add(
    session: Session,
    activity: Activity,
    draft: ShiftDraft,
    series_id: int | None,
    later: timedelta = timedelta(0),
) -> Shift:
    shift = Shift(
        community_id=activity.community_id,
        activity_id=activity.id,
        series_id=series_id,
        starts_at=draft.starts_at + later,
        ends_at=draft.ends_at + later,
        planned_ends_at=draft.ends_at + later,
        place=draft.place or activity.place,
        gates=list(draft.gates),
        capacity=draft.capacity,
        created_at=clock.now(),
    )
    session.add(shift)
    session.flush()
    return shift


def _note(
    session: Session, actor: Actor, shift: Shift, activity: Activity, change: str, note: str
) -> int:
    shift.change_note, shift.changed_at = note, clock.now()
    return tell_change(session, actor, shift, activity, change)
