"""What waits at the desk, the most urgent first: hours, reviews, sheets, doubts, back-fills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.volunteering.models import (
    Activity,
    BackFill,
    HoursDispute,
    HoursRecord,
    HoursVersion,
    PaperSheet,
    PaperSheetLine,
    Shift,
)
from community.volunteering.rules.kinds import HoursClass, ServiceKind
from community.volunteering.rules.states import (
    BackFillState,
    DisputeState,
    HoursSource,
    HoursState,
    PaperState,
)

AT_MOST = 100


@dataclass(frozen=True, slots=True)
class DueRecord:
    """Hours that wait."""

    id: int
    person_id: int
    title: str
    served_on: date
    minutes: int
    day_minutes: int
    state: HoursState
    shift_id: int | None
    record_by: date


@dataclass(frozen=True, slots=True)
class DueDispute:
    """A doubt that waits for its answer."""

    id: int
    record_id: int
    person_id: int
    title: str
    served_on: date
    minutes: int
    question: str
    claimed_minutes: int | None
    answer_by: date


@dataclass(frozen=True, slots=True)
class DueSheet:
    """A photographed sheet that waits for a second person."""

    id: int
    shift_id: int
    title: str
    starts_at: datetime
    file_id: int
    uploaded_by: int
    confirm_by: datetime
    people: int


@dataclass(frozen=True, slots=True)
class SheetLineView:
    """A name on a sheet."""

    person_id: int
    in_at: datetime
    out_at: datetime


@dataclass(frozen=True, slots=True)
class BackFillView:
    """Hours filled in later, or asked to be."""

    id: int
    person_id: int
    title: str
    kind: ServiceKind
    place: str
    served_on: date
    minutes: int
    reason: str
    evidence_file_id: int
    asked_by: int
    asked_at: datetime
    state: BackFillState
    decided_by: int | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of a record."""

    version: int
    minutes: int
    starts_at: datetime | None
    ends_at: datetime | None
    reason: str
    written_by: int | None
    written_at: datetime


@dataclass(frozen=True, slots=True)
class DisputeView:
    """A doubt and its answer, as its volunteer reads it."""

    question: str
    asked_at: datetime
    answer_by: date
    state: DisputeState
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record of hours in full."""

    id: int
    person_id: int
    title: str
    content: str
    kind: ServiceKind
    place: str
    organising_unit: str
    person_in_charge_id: int | None
    served_on: date
    minutes: int
    attended_bp: int
    hours_class: HoursClass
    source: HoursSource
    state: HoursState
    record_by: date
    versions: tuple[VersionView, ...]
    disputes: tuple[DisputeView, ...]


def due_count(session: Session, community_id: int) -> int:
    """Count what waits at the desk."""
    return (
        _count(session, HoursRecord.community_id == community_id, HoursRecord.state.in_(IN_REVIEW))
        + _count(
            session,
            HoursDispute.community_id == community_id,
            HoursDispute.state == DisputeState.OPEN,
        )
        + _count(session, PaperSheet.community_id == community_id, *_open_sheet())
        + _count(
            session,
            BackFill.community_id == community_id,
            BackFill.state == BackFillState.WAITING,
        )
    )


IN_REVIEW = (HoursState.IN_REVIEW, HoursState.IN_SECOND_REVIEW)


def due_records(
    session: Session, community_id: int, states: tuple[HoursState, ...]
) -> tuple[DueRecord, ...]:
    """List hours in some states, the one that must be recorded first at the top."""
    rows = session.scalars(
        select(HoursRecord)
        .where(HoursRecord.community_id == community_id, HoursRecord.state.in_(states))
        .order_by(HoursRecord.record_by, HoursRecord.id)
        .limit(AT_MOST)
    ).all()
    days = _day_minutes(session, community_id, rows)
    return tuple(
        DueRecord(
            row.id,
            row.person_id,
            row.title,
            row.served_on,
            row.minutes,
            days.get((row.person_id, row.served_on), row.minutes),
            row.state,
            row.shift_id,
            row.record_by,
        )
        for row in rows
    )


def due_disputes(session: Session, community_id: int) -> tuple[DueDispute, ...]:
    """List open doubts, the one due first at the top."""
    rows = session.execute(
        select(HoursDispute, HoursRecord)
        .join(HoursRecord, HoursRecord.id == HoursDispute.record_id)
        .where(HoursDispute.community_id == community_id, HoursDispute.state == DisputeState.OPEN)
        .order_by(HoursDispute.answer_by, HoursDispute.id)
        .limit(AT_MOST)
    )
    return tuple(
        DueDispute(
            row.id,
            row.record_id,
            row.person_id,
            record.title,
            record.served_on,
            record.minutes,
            row.question,
            row.claimed_minutes,
            row.answer_by,
        )
        for row, record in rows
    )


def due_sheets(session: Session, community_id: int) -> tuple[DueSheet, ...]:
    """List sheets that still may be confirmed, the one that lapses first at the top."""
    people = (
        select(func.count())
        .where(
            PaperSheetLine.community_id == PaperSheet.community_id,
            PaperSheetLine.sheet_id == PaperSheet.id,
        )
        .scalar_subquery()
    )
    rows = session.execute(
        select(PaperSheet, Shift, Activity.title, people)
        .join(Shift, Shift.id == PaperSheet.shift_id)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(PaperSheet.community_id == community_id, *_open_sheet())
        .order_by(PaperSheet.confirm_by)
        .limit(AT_MOST)
    )
    return tuple(
        DueSheet(
            sheet.id,
            shift.id,
            title,
            shift.starts_at,
            sheet.file_id,
            sheet.uploaded_by,
            sheet.confirm_by,
            names,
        )
        for sheet, shift, title, names in rows
    )


def lines_of_sheet(session: Session, community_id: int, sheet_id: int) -> tuple[SheetLineView, ...]:
    """List the names on a sheet."""
    rows = session.scalars(
        select(PaperSheetLine)
        .where(PaperSheetLine.community_id == community_id, PaperSheetLine.sheet_id == sheet_id)
        .order_by(PaperSheetLine.id)
    )
    return tuple(SheetLineView(row.person_id, row.in_at, row.out_at) for row in rows)


def back_fills(
    session: Session,
    community_id: int,
    states: tuple[BackFillState, ...],
    person_id: int | None = None,
) -> tuple[BackFillView, ...]:
    """List hours filled in later in some states, the newest first; of one person if named."""
    query = select(BackFill).where(
        BackFill.community_id == community_id, BackFill.state.in_(states)
    )
    if person_id is not None:
        query = query.where(BackFill.person_id == person_id)
    rows = session.scalars(query.order_by(BackFill.id.desc()).limit(AT_MOST))
    return tuple(
        BackFillView(
            row.id,
            row.person_id,
            row.title,
            row.kind,
            row.place,
            row.served_on,
            row.minutes,
            row.reason,
            row.evidence_file_id,
            row.asked_by,
            row.asked_at,
            row.state,
            row.decided_by,
            row.decided_at,
        )
        for row in rows
    )


def find_record_view(session: Session, community_id: int, record_id: int) -> RecordView | None:
    """Find a record with all its versions and doubts."""
    row = session.get(HoursRecord, record_id)
    if row is None or row.community_id != community_id:
        return None
    versions = session.scalars(
        select(HoursVersion)
        .where(HoursVersion.community_id == community_id, HoursVersion.record_id == record_id)
        .order_by(HoursVersion.version.desc())
    )
    disputes = session.scalars(
        select(HoursDispute)
        .where(HoursDispute.community_id == community_id, HoursDispute.record_id == record_id)
        .order_by(HoursDispute.id.desc())
    )
    return _record_view(row, versions.all(), disputes.all())


def _record_view(
    row: HoursRecord, versions: Sequence[HoursVersion], disputes: Sequence[HoursDispute]
) -> RecordView:
    return RecordView(
        id=row.id,
        person_id=row.person_id,
        title=row.title,
        content=row.content,
        kind=row.kind,
        place=row.place,
        organising_unit=row.organising_unit,
        person_in_charge_id=row.person_in_charge_id,
        served_on=row.served_on,
        minutes=row.minutes,
        attended_bp=row.attended_bp,
        hours_class=row.hours_class,
        source=row.source,
        state=row.state,
        record_by=row.record_by,
        versions=tuple(
            VersionView(
                each.version,
                each.minutes,
                each.starts_at,
                each.ends_at,
                each.reason,
                each.written_by,
                each.written_at,
            )
            for each in versions
        ),
        disputes=tuple(
            DisputeView(
                each.question,
                each.asked_at,
                each.answer_by,
                each.state,
                each.answer,
                each.answered_at,
            )
            for each in disputes
        ),
    )


def _open_sheet() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return PaperSheet.state == PaperState.WAITING, PaperSheet.confirm_by >= clock.now()


def _count(session: Session, *where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(*where)) or 0


def _day_minutes(
    session: Session, community_id: int, rows: Sequence[HoursRecord]
) -> dict[tuple[int, date], int]:
    wanted = {(row.person_id, row.served_on) for row in rows}
    if not wanted:
        return {}
    found = session.execute(
        select(HoursRecord.person_id, HoursRecord.served_on, func.sum(HoursRecord.minutes))
        .where(
            HoursRecord.community_id == community_id,
            HoursRecord.person_id.in_({person for person, _ in wanted}),
            HoursRecord.served_on.in_({day for _, day in wanted}),
            HoursRecord.state.in_((HoursState.CONFIRMED, *IN_REVIEW)),
        )
        .group_by(HoursRecord.person_id, HoursRecord.served_on)
    )
    return {(person, day): int(minutes) for person, day, minutes in found}
