"""Who may run a meeting, and who sits in it: asked by every command of a sitting."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.deliberation.errors.meetings import (
    MeetingNotOpen,
    NotAMemberHere,
    NotPresent,
    NotTheChair,
)
from community.deliberation.models import Meeting, MeetingAttendance
from community.deliberation.permissions import ATTEND, CONVENE
from community.deliberation.queries.bodies import load_body
from community.deliberation.queries.meetings import load_meeting
from community.deliberation.rules.meetings import MeetingState
from community.kernel.actor import Actor


def may_run(actor: Actor, row: Meeting) -> bool:
    """Tell whether an actor runs a meeting: its chair or secretary in person, or the conveners."""
    if actor.may(CONVENE.code):
        return True
    is_officer = actor.person_id is not None and actor.person_id in {
        row.chair_id,
        row.secretary_id,
    }
    return is_officer and actor.on_behalf_of is None


def check_runs(actor: Actor, row: Meeting) -> None:
    """Refuse who does not run a meeting.

    Raises: NotTheChair.
    """
    if not may_run(actor, row):
        raise NotTheChair


def sitting(session: Session, actor: Actor, meeting_id: int) -> Meeting:
    """Load a meeting that sits now, for who runs it.

    Raises: MeetingNotFound, NotTheChair, MeetingNotOpen.
    """
    row = load_meeting(session, actor.community_id, meeting_id)
    check_runs(actor, row)
    if row.state is not MeetingState.OPEN:
        raise MeetingNotOpen
    return row


def seat_in(session: Session, actor: Actor, meeting_id: int) -> MeetingAttendance:
    """Load the own seat of an actor in a meeting that sits now; nobody sits for another.

    Raises: MeetingNotFound, MeetingNotOpen, NotAMemberHere.
    """
    actor.check(ATTEND.code)
    row = load_meeting(session, actor.community_id, meeting_id)
    if row.state is not MeetingState.OPEN:
        raise MeetingNotOpen
    if actor.person_id is None or actor.on_behalf_of is not None:
        raise _outside(session, row)
    return seat_of(session, row, actor.person_id)


def present_in(session: Session, actor: Actor, meeting_id: int) -> int:
    """Give the person who acts and is present in a meeting that sits now.

    Raises: MeetingNotFound, MeetingNotOpen, NotAMemberHere, NotPresent.
    """
    seat = seat_in(session, actor, meeting_id)
    if seat.arrived_at is None or seat.left_at is not None:
        raise NotPresent
    return seat.person_id


def seat_of(session: Session, row: Meeting, person_id: int) -> MeetingAttendance:
    """Load a person's seat in a meeting.

    Raises: NotAMemberHere.
    """
    seat = session.scalar(
        select(MeetingAttendance).where(
            MeetingAttendance.community_id == row.community_id,
            MeetingAttendance.meeting_id == row.id,
            MeetingAttendance.person_id == person_id,
        )
    )
    if seat is None:
        raise _outside(session, row)
    return seat


def _outside(session: Session, row: Meeting) -> NotAMemberHere:
    return NotAMemberHere(body=load_body(session, row.community_id, row.body_id).name)
