"""Signed sheets of paper: photographed by one person, confirmed by another within days."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock, files
from community.kernel.actor import Actor
from community.kernel.errors import NotFound
from community.volunteering import permissions
from community.volunteering.errors import hours as refusals
from community.volunteering.errors.scanning import OutsideShift
from community.volunteering.models import Activity, PaperSheet, PaperSheetLine, Shift
from community.volunteering.queries.hours_records import find_shift_record
from community.volunteering.queries.leading import check_leads, load_shift, may_credit, may_lead
from community.volunteering.rules.drafts import HoursDraft, SheetLine
from community.volunteering.rules.hours import count_attended
from community.volunteering.rules.kinds import HoursClass
from community.volunteering.rules.states import HoursSource, PaperState
from community.volunteering.service.hours import record_hours
from community.volunteering.service.rule_sets import rule_set_for


def upload_sheet(
    session: Session,
    actor: Actor,
    shift_id: int,
    photo: files.Ready,
    lines: tuple[SheetLine, ...],
) -> int:
    """Keep the photograph of a signed sheet with what it says; a second person confirms it.

    Raises: NotFound, NotLeader, ShiftNotOver, EmptySheet, OutsideShift, RecordedForShift,
    OwnHousehold.
    """
    shift, activity = load_shift(session, actor.community_id, shift_id)
    check_leads(session, actor, activity.id)
    if clock.now() < shift.ends_at:
        raise refusals.ShiftNotOver
    if not lines:
        raise refusals.EmptySheet
    for line in lines:
        _check_line(session, actor, shift, line)
    rule = rule_set_for(session, actor, clock.today()).rules.hours
    assert actor.person_id is not None
    now = clock.now()
    sheet = PaperSheet(
        community_id=actor.community_id,
        shift_id=shift_id,
        file_id=files.keep_file(session, actor, photo),
        uploaded_by=actor.person_id,
        uploaded_at=now,
        confirm_by=now + timedelta(days=rule.paper_within_days),
        state=PaperState.WAITING,
    )
    session.add(sheet)
    session.flush()
    for line in lines:
        session.add(
            PaperSheetLine(
                community_id=actor.community_id,
                sheet_id=sheet.id,
                person_id=line.person_id,
                in_at=line.in_at,
                out_at=line.out_at,
            )
        )
    session.flush()
    return sheet.id


def confirm_sheet(session: Session, actor: Actor, sheet_id: int) -> int:
    """Confirm a sheet as a second person within the days of the rule set; tells how many records.

    Raises: NotFound, NotAllowed, SheetDecided, SamePerson, SheetTooLate, OwnHousehold.
    """
    sheet, shift, activity = _waiting(session, actor, sheet_id)
    if clock.now() > sheet.confirm_by:
        raise refusals.SheetTooLate(days=(sheet.confirm_by - sheet.uploaded_at).days)
    lines = session.scalars(
        select(PaperSheetLine)
        .where(
            PaperSheetLine.community_id == actor.community_id,
            PaperSheetLine.sheet_id == sheet_id,
        )
        .order_by(PaperSheetLine.id)
    ).all()
    written = 0
    for line in lines:
        if not may_credit(session, actor, line.person_id):
            raise refusals.OwnHousehold
        if find_shift_record(session, actor.community_id, shift.id, line.person_id) is None:
            _record(session, actor, sheet, shift, activity, line)
            written += 1
    _decide(sheet, actor, PaperState.CONFIRMED, "")
    return written


def refuse_sheet(session: Session, actor: Actor, sheet_id: int, note: str) -> None:
    """Refuse a sheet that does not convince, with the reason.

    Raises: NotFound, NotAllowed, SheetDecided, SamePerson.
    """
    sheet, _, _ = _waiting(session, actor, sheet_id)
    _decide(sheet, actor, PaperState.REFUSED, note)


def lapse_sheets(session: Session, actor: Actor) -> int:
    """Mark sheets that nobody confirmed in time; for a job. Tells how many."""
    rows = session.scalars(
        select(PaperSheet).where(
            PaperSheet.community_id == actor.community_id,
            PaperSheet.state == PaperState.WAITING,
            PaperSheet.confirm_by < clock.now(),
        )
    ).all()
    for row in rows:
        row.state = PaperState.LAPSED
    return len(rows)


def _check_line(session: Session, actor: Actor, shift: Shift, line: SheetLine) -> None:
    person = identity.get_person(session, actor.community_id, line.person_id)
    if not may_credit(session, actor, line.person_id):
        raise refusals.OwnHousehold
    if not shift.starts_at <= line.in_at < line.out_at <= shift.ends_at:
        raise OutsideShift
    if find_shift_record(session, actor.community_id, shift.id, line.person_id) is not None:
        raise refusals.RecordedForShift(name=person.name)


def _waiting(session: Session, actor: Actor, sheet_id: int) -> tuple[PaperSheet, Shift, Activity]:
    sheet = session.get(PaperSheet, sheet_id)
    if sheet is None or sheet.community_id != actor.community_id:
        raise NotFound
    shift, activity = load_shift(session, actor.community_id, sheet.shift_id)
    if not may_lead(session, actor, activity.id):
        actor.check(permissions.REVIEW.code)
    if sheet.state is not PaperState.WAITING:
        raise refusals.SheetDecided
    if actor.person_id == sheet.uploaded_by:
        raise refusals.SamePerson
    return sheet, shift, activity


def _record(
    session: Session,
    actor: Actor,
    sheet: PaperSheet,
    shift: Shift,
    activity: Activity,
    line: PaperSheetLine,
) -> None:
    attended = count_attended(line.in_at, line.out_at, shift.starts_at, shift.ends_at)
    draft = HoursDraft(
        person_id=line.person_id,
        source=HoursSource.PAPER_SHEET,
        source_key=f"sheet:{sheet.id}:{line.person_id}",
        kind=activity.kind,
        title=activity.title,
        content=activity.description[:400],
        place=shift.place,
        organising_unit=activity.organising_unit,
        person_in_charge_id=activity.person_in_charge_id,
        served_on=clock.day_of(shift.starts_at),
        minutes=attended.minutes,
        attended_bp=attended.basis_points,
        hours_class=HoursClass.PAPER,
        shift_id=shift.id,
        activity_id=activity.id,
        starts_at=line.in_at,
        ends_at=line.out_at,
        reason="纸质签到表",
    )
    record_hours(session, actor, draft, is_vouched=True)


def _decide(sheet: PaperSheet, actor: Actor, state: PaperState, note: str) -> None:
    sheet.state, sheet.decided_by = state, actor.person_id
    sheet.decided_at, sheet.decision_note = clock.now(), note
