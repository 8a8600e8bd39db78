"""Readings for the API: as the pages show them, by (session, actor)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from community.kernel.actor import Actor
from community.kernel.errors import NotFound
from community.volunteering.queries import activities, due
from community.volunteering.queries.activities import ActivityView, ShiftFilter, ShiftView
from community.volunteering.queries.rosters import Roster, roster_of
from community.volunteering.rules.states import HoursState


@dataclass(frozen=True, slots=True)
class Due:
    """What waits at the desk."""

    pending: tuple[due.DueRecord, ...]
    reviews: tuple[due.DueRecord, ...]
    disputes: tuple[due.DueDispute, ...]
    sheets: tuple[due.DueSheet, ...]


def list_coming_shifts(session: Session, actor: Actor) -> tuple[ShiftView, ...]:
    """List the shifts to come, with the reader's own state."""
    chosen = ShiftFilter()
    return activities.coming_shifts(session, actor.community_id, actor.subject_id, chosen)


def list_my_shifts(session: Session, actor: Actor) -> tuple[ShiftView, ...]:
    """List the reader's own shifts to come."""
    if actor.subject_id is None:
        return ()
    return activities.my_shifts(session, actor.community_id, actor.subject_id)


def show_shift(session: Session, actor: Actor, shift_id: int) -> ShiftView:
    """Give a shift.

    Raises: NotFound.
    """
    found = activities.get_shift_view(session, actor.community_id, shift_id, actor.subject_id)
    if found is None:
        raise NotFound
    return found


def show_activity(session: Session, actor: Actor, activity_id: int) -> ActivityView:
    """Give an activity.

    Raises: NotFound.
    """
    return activities.get_activity(session, actor.community_id, activity_id)


def show_roster(session: Session, actor: Actor, shift_id: int) -> Roster:
    """Give a shift's roster to who leads it.

    Raises: NotFound, NotLeader.
    """
    return roster_of(session, actor, shift_id)


def show_my_record(session: Session, actor: Actor, record_id: int) -> due.RecordView:
    """Give one record of the reader's own hours.

    Raises: NotFound.
    """
    found = due.find_record_view(session, actor.community_id, record_id)
    if found is None or found.person_id != actor.subject_id:
        raise NotFound
    return found


def list_due(session: Session, actor: Actor) -> Due:
    """List what waits at the desk."""
    community_id = actor.community_id
    return Due(
        due.due_records(session, community_id, (HoursState.PENDING,)),
        due.due_records(session, community_id, due.IN_REVIEW),
        due.due_disputes(session, community_id),
        due.due_sheets(session, community_id),
    )
