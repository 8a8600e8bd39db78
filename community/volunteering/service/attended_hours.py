"""From attendance to hours: after check-out, by the leader's confirmation, or by the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.volunteering.errors import scanning as refusals
from community.volunteering.errors.hours import OwnHousehold
from community.volunteering.models import Activity, Attendance, HoursRecord, Shift
from community.volunteering.queries.hours_records import find_shift_record
from community.volunteering.queries.leading import check_leads, load_shift, may_credit
from community.volunteering.queries.scans import find_attendance
from community.volunteering.rules.drafts import HoursDraft
from community.volunteering.rules.hours import count_attended
from community.volunteering.rules.kinds import HoursClass
from community.volunteering.rules.scanning import Means
from community.volunteering.rules.states import HoursSource, HoursState, ShiftState
from community.volunteering.service.hours import (
    count_hours,
    record_hours,
    refuse_record,
    rewrite_hours,
)
from community.volunteering.service.rule_sets import rule_set_for
from community.volunteering.service.telling import tell

ROWS_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a leader's confirmation came to: how many records went which way."""

    counted: int = 0
    in_review: int = 0
    not_counted: int = 0
    own_household: int = 0
    still_inside: int = 0


def record_attended(session: Session, actor: Actor, shift_id: int, person_id: int) -> HoursRecord:
    """Write down the hours of somebody who has left; they count at once if nothing waits.

    For other commands.
    """
    session.expire_all()
    shift, activity = load_shift(session, actor.community_id, shift_id)
    attendance = find_attendance(session, actor.community_id, shift_id, person_id)
    assert attendance is not None
    record = _write(session, actor, shift, activity, attendance)
    if not attendance.needs_confirmation and record.state is HoursState.PENDING:
        _count(session, actor, attendance, record)
    return record


def confirm_attendance(
    session: Session, actor: Actor, shift_id: int, person_ids: tuple[int, ...] = ()
) -> Confirmed:
    """Confirm the hours of a shift that wait: of the named people, or of all.

    People of the own household are left for somebody else; who is still inside waits, unless
    the shift is over: then its end counts. Raises: NotFound, NotLeader, NoAttendance.
    """
    shift, activity = load_shift(session, actor.community_id, shift_id)
    check_leads(session, actor, activity.id)
    rows = _waiting(session, actor.community_id, shift_id, person_ids)
    if not rows:
        raise refusals.NoAttendance
    outcome = dict.fromkeys(Confirmed.__slots__, 0)
    for row in rows:
        outcome[_confirm_one(session, actor, shift, activity, row)] += 1
    return Confirmed(**outcome)


def refuse_attendance(
    session: Session, actor: Actor, shift_id: int, person_id: int, note: str
) -> None:
    """Refuse the hours of one attendance, as a leader of the activity, with the reason.

    Raises: NotFound, NotLeader, NoAttendance, NotWaiting, OwnHousehold.
    """
    shift, activity = load_shift(session, actor.community_id, shift_id)
    check_leads(session, actor, activity.id)
    attendance = _load(session, actor, shift_id, person_id)
    _close(session, shift, attendance)
    record = _write(session, actor, shift, activity, attendance)
    refuse_record(session, actor, record, note)
    attendance.confirmed_by, attendance.confirmed_at = actor.person_id, clock.now()


def correct_times(
    session: Session,
    actor: Actor,
    shift_id: int,
    person_id: int,
    in_at: datetime,
    out_at: datetime,
    reason: str,
) -> None:
    """Correct when somebody came and left, before the hours are confirmed.

    What was never checked in is not corrected but filled in later, with evidence.
    Raises: NotFound, NotLeader, NoAttendance, OutsideShift, RecordedAlready, OwnHousehold.
    """
    shift, activity = load_shift(session, actor.community_id, shift_id)
    check_leads(session, actor, activity.id)
    row = _load(session, actor, shift_id, person_id)
    if not may_credit(session, actor, person_id):
        raise OwnHousehold
    if not shift.starts_at <= in_at < out_at <= min(shift.ends_at, clock.now()):
        raise refusals.OutsideShift
    record = find_shift_record(session, actor.community_id, shift_id, person_id)
    if record is not None and record.state is not HoursState.PENDING:
        raise refusals.RecordedAlready
    if shift.ends_at <= clock.now():
        _close(session, shift, row)
    if record is None and row.out_at is not None:
        # What the scans said becomes the first version, so that the correction keeps it.
        _write(session, actor, shift, activity, row)
    row.in_at, row.out_at, row.out_means = in_at, out_at, Means.CORRECTION
    row.needs_confirmation, row.confirmed_at, row.confirmed_by = True, None, None
    session.flush()
    _write(session, actor, shift, activity, row, reason)


def close_forgotten(session: Session, actor: Actor) -> int:
    """Check out at the shift's end who forgot to; their hours wait. For a job; tells how many."""
    now = clock.now()
    rows = session.execute(
        select(Attendance, Shift)
        .join(
            Shift,
            (Shift.community_id == Attendance.community_id) & (Shift.id == Attendance.shift_id),
        )
        .where(
            Attendance.community_id == actor.community_id,
            Attendance.out_at.is_(None),
            Shift.ends_at <= now,
            Shift.state == ShiftState.OPEN,
        )
        .order_by(Attendance.id)
        .limit(ROWS_AT_ONCE)
    ).all()
    closed = 0
    for attendance, shift in rows:
        rule = rule_set_for(session, actor, clock.day_of(shift.starts_at)).rules.hours
        if now <= shift.ends_at + timedelta(minutes=rule.closes_after_minutes):
            continue
        _, activity = load_shift(session, actor.community_id, shift.id)
        _close(session, shift, attendance)
        _write(session, actor, shift, activity, attendance)
        tell(
            session,
            actor,
            attendance.person_id,
            say(N_("{title}：忘记签退"), title=activity.title),
            say(N_("已按活动结束时间记下，等负责人确认。时间不对可以联系负责人。")),
            "/my/hours",
        )
        closed += 1
    return closed


def _confirm_one(
    session: Session, actor: Actor, shift: Shift, activity: Activity, row: Attendance
) -> str:
    if row.out_at is None and shift.ends_at > clock.now():
        return "still_inside"
    if not may_credit(session, actor, row.person_id):
        return "own_household"
    _close(session, shift, row)
    record = _write(session, actor, shift, activity, row)
    if record.state is HoursState.PENDING:
        _count(session, actor, row, record)
    if record.state is HoursState.CONFIRMED:
        return "counted"
    return "not_counted" if record.state is HoursState.NOT_COUNTED else "in_review"


def _count(session: Session, actor: Actor, attendance: Attendance, record: HoursRecord) -> None:
    count_hours(session, actor, record)
    attendance.confirmed_by, attendance.confirmed_at = actor.person_id, clock.now()
    session.flush()


def _close(session: Session, shift: Shift, row: Attendance) -> None:
    if row.out_at is None:
        row.out_at, row.out_means = max(shift.ends_at, row.in_at), Means.CLOCK
        row.needs_confirmation = True
        session.flush()


def _write(
    session: Session,
    actor: Actor,
    shift: Shift,
    activity: Activity,
    row: Attendance,
    reason: str = "",
) -> HoursRecord:
    """Write the record of an attendance, or a new version while it waits and differs."""
    assert row.out_at is not None
    attended = count_attended(row.in_at, row.out_at, shift.starts_at, shift.ends_at)
    draft = HoursDraft(
        person_id=row.person_id,
        source=HoursSource.SHIFT,
        source_key=f"shift:{shift.id}:{row.person_id}",
        kind=activity.kind,
        title=activity.title,
        content=activity.description[:400],
        place=shift.place,
        organising_unit=activity.organising_unit,
        person_in_charge_id=activity.person_in_charge_id,
        served_on=clock.day_of(shift.starts_at),
        minutes=attended.minutes,
        attended_bp=attended.basis_points,
        hours_class=HoursClass.VERIFIED,
        shift_id=shift.id,
        activity_id=activity.id,
        starts_at=row.in_at,
        ends_at=row.out_at,
        reason=reason or "签到签退",
    )
    record = find_shift_record(session, row.community_id, shift.id, row.person_id)
    if record is None:
        return record_hours(session, actor, draft, is_vouched=False)
    differs = record.minutes != draft.minutes or bool(reason)
    if record.state is HoursState.PENDING and differs:
        return rewrite_hours(session, actor, record, draft)
    return record


def _waiting(
    session: Session, community_id: int, shift_id: int, person_ids: tuple[int, ...]
) -> list[Attendance]:
    chosen = select(Attendance).where(
        Attendance.community_id == community_id,
        Attendance.shift_id == shift_id,
        Attendance.confirmed_at.is_(None),
    )
    if person_ids:
        chosen = chosen.where(Attendance.person_id.in_(person_ids))
    return list(session.scalars(chosen.order_by(Attendance.id)))


def _load(session: Session, actor: Actor, shift_id: int, person_id: int) -> Attendance:
    row = find_attendance(session, actor.community_id, shift_id, person_id)
    if row is None:
        raise refusals.NoAttendance
    return row
