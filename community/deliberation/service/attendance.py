"""Commands of attendance: members scan the room's code, the desk ticks or scans a card."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community import identity
from community.deliberation.errors.meetings import CodeExpired, NotAMemberHere
from community.deliberation.models import MeetingAttendance
from community.deliberation.queries.bodies import load_body
from community.deliberation.queries.meetings import load_meeting
from community.deliberation.rules.meetings import ArrivalWay, is_door_code
from community.deliberation.service.seats import seat_in, seat_of, sitting
from community.kernel import clock
from community.kernel.actor import Actor


def check_in_to_meeting(session: Session, actor: Actor, meeting_id: int, code: str) -> None:
    """Check oneself in by the code on the room's screen; once in, nothing changes.

    Raises: MeetingNotFound, MeetingNotOpen, NotAMemberHere, CodeExpired.
    """
    seat = seat_in(session, actor, meeting_id)
    row = load_meeting(session, actor.community_id, meeting_id)
    if not is_door_code(row.door_key, code, clock.micros(clock.now())):
        raise CodeExpired
    _arrive(seat, ArrivalWay.SCAN, None)


def tick_into_meeting(session: Session, actor: Actor, meeting_id: int, person_id: int) -> None:
    """Tick a member in at the desk.

    Raises: MeetingNotFound, NotTheChair, MeetingNotOpen, NotAMemberHere.
    """
    row = sitting(session, actor, meeting_id)
    _arrive(seat_of(session, row, person_id), ArrivalWay.DESK, actor.person_id)


def scan_into_meeting(session: Session, actor: Actor, meeting_id: int, code: str) -> int:
    """Check a member in by the code on their card; gives the person's id.

    Raises: MeetingNotFound, NotTheChair, MeetingNotOpen, NotAMemberHere.
    """
    row = sitting(session, actor, meeting_id)
    owner = identity.card_owner(session, actor.community_id, code)
    if owner is None or owner.person_id is None:
        raise NotAMemberHere(body=load_body(session, row.community_id, row.body_id).name)
    _arrive(seat_of(session, row, owner.person_id), ArrivalWay.DESK, actor.person_id)
    return owner.person_id


def tick_out_of_meeting(session: Session, actor: Actor, meeting_id: int, person_id: int) -> None:
    """Note that a member has left, or was never there: votes from now on count without them.

    Raises: MeetingNotFound, NotTheChair, MeetingNotOpen, NotAMemberHere.
    """
    row = sitting(session, actor, meeting_id)
    seat = seat_of(session, row, person_id)
    if seat.arrived_at is not None and seat.left_at is None:
        seat.left_at, seat.ticked_by = clock.now(), actor.person_id


def _arrive(seat: MeetingAttendance, way: ArrivalWay, ticked_by: int | None) -> None:
    if seat.arrived_at is not None and seat.left_at is None:
        return
    if seat.arrived_at is None:
        seat.arrived_at, seat.way, seat.ticked_by = clock.now(), way, ticked_by
    seat.left_at = None
