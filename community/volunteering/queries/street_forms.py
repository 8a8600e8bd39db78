"""The street office's forms: which figures there are, what they are in a span, what was filled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.errors import NotFound
from community.kernel.tables import Community
from community.volunteering.models import (
    Acceptance,
    BinDrop,
    Earning,
    FilledForm,
    HoursRecord,
    Need,
    StreetForm,
)
from community.volunteering.rules.exchange import Every, Span, span_before
from community.volunteering.rules.points import Book
from community.volunteering.rules.states import HoursState
from community.volunteering.rules.street_forms import Figure
from community.volunteering.rules.time_bank import ServiceState


@dataclass(frozen=True, slots=True)
class FormView:
    """A form with the cells that we fill."""

    id: int
    name: str
    every: Every
    file_id: int
    cells: tuple[tuple[Figure, str], ...]
    is_closed: bool


@dataclass(frozen=True, slots=True)
class FilledView:
    """A form as filled for a span."""

    id: int
    form_id: int
    name: str
    first: date
    last: date
    file_id: int
    filled_at: datetime


def street_forms(session: Session, community_id: int) -> tuple[FormView, ...]:
    """List forms in use."""
    rows = session.scalars(
        select(StreetForm)
        .where(StreetForm.community_id == community_id, StreetForm.is_closed.is_(False))
        .order_by(StreetForm.name)
    )
    return tuple(_form(row) for row in rows)


def get_form(session: Session, community_id: int, form_id: int) -> FormView:
    """Get a form.

    Raises: NotFound.
    """
    row = session.get(StreetForm, form_id)
    if row is None or row.community_id != community_id:
        raise NotFound
    return _form(row)


def filled_forms(session: Session, community_id: int) -> tuple[FilledView, ...]:
    """List filled forms, the newest first."""
    rows = session.execute(
        select(FilledForm, StreetForm.name)
        .join(StreetForm, StreetForm.id == FilledForm.form_id)
        .where(FilledForm.community_id == community_id)
        .order_by(FilledForm.id.desc())
        .limit(100)
    )
    return tuple(
        FilledView(
            row.id, row.form_id, name, row.from_day, row.until_day, row.file_id, row.filled_at
        )
        for row, name in rows
    )


def get_filled(session: Session, community_id: int, filled_id: int) -> FilledView:
    """Get a filled form.

    Raises: NotFound.
    """
    for each in filled_forms(session, community_id):
        if each.id == filled_id:
            return each
    raise NotFound


def due_forms(session: Session, community_id: int, today: date) -> tuple[tuple[int, Span], ...]:
    """List forms whose last whole span has not been filled yet."""
    due = []
    for form in street_forms(session, community_id):
        span = span_before(form.every, today)
        if not is_filled(session, community_id, form.id, span):
            due.append((form.id, span))
    return tuple(due)


def is_filled(session: Session, community_id: int, form_id: int, span: Span) -> bool:
    """Tell whether a form was filled for a span."""
    filled = session.scalar(
        select(FilledForm.id)
        .where(
            FilledForm.community_id == community_id,
            FilledForm.form_id == form_id,
            FilledForm.from_day == span.first,
            FilledForm.until_day == span.last,
        )
        .limit(1)
    )
    return filled is not None


def form_figures(session: Session, community_id: int, span: Span) -> dict[Figure, str | int]:
    """Give every figure of a span: people and times as numbers, minutes as minutes."""
    served = (
        HoursRecord.community_id == community_id,
        HoursRecord.state == HoursState.CONFIRMED,
        HoursRecord.served_on >= span.first,
        HoursRecord.served_on <= span.last,
    )
    given = session.execute(
        select(
            func.count(func.distinct(HoursRecord.person_id)),
            func.count(HoursRecord.id),
            func.coalesce(func.sum(HoursRecord.minutes), 0),
            func.count(func.distinct(HoursRecord.activity_id)),
        ).where(*served)
    ).one()
    received = session.execute(
        select(
            func.count(func.distinct(Need.receiver_id)),
            func.count(Acceptance.id),
            func.coalesce(func.sum(Acceptance.served_minutes), 0),
        )
        .join(Need, Need.id == Acceptance.need_id)
        .where(
            Acceptance.community_id == community_id,
            Acceptance.state == ServiceState.CONFIRMED,
            Acceptance.started_at >= clock.at(span.first),
            Acceptance.started_at < clock.at(_after(span)),
        )
    ).one()
    return {
        Figure.COMMUNITY: session.get_one(Community, community_id).name,
        Figure.SPAN: f"{span.first:%Y-%m-%d} – {span.last:%Y-%m-%d}",
        Figure.FILLED_ON: clock.today().isoformat(),
        Figure.VOLUNTEERS: int(given[0]),
        Figure.SERVICES: int(given[1]),
        Figure.MINUTES: int(given[2]),
        Figure.ACTIVITIES: int(given[3]),
        Figure.RECEIVERS: int(received[0]),
        Figure.VISITS: int(received[1]),
        Figure.RECEIVED_MINUTES: int(received[2] or 0),
        Figure.POINTS: _earned(session, community_id, Book.POINTS, span),
        Figure.COINS: _earned(session, community_id, Book.TIME, span),
        Figure.BAGS: _bags(session, community_id, span),
    }


def _bags(session: Session, community_id: int, span: Span) -> int:
    found = session.scalar(
        select(func.count(BinDrop.id)).where(
            BinDrop.community_id == community_id,
            BinDrop.dropped_on >= span.first,
            BinDrop.dropped_on <= span.last,
        )
    )
    return int(found or 0)


def _earned(session: Session, community_id: int, book: Book, span: Span) -> int:
    found = session.scalar(
        select(func.sum(Earning.units + Earning.pooled_units)).where(
            Earning.community_id == community_id,
            Earning.book == book,
            Earning.reversed_at.is_(None),
            Earning.earned_on >= span.first,
            Earning.earned_on <= span.last,
        )
    )
    return int(found or 0)


def _after(span: Span) -> date:
    return date.fromordinal(span.last.toordinal() + 1)


def _form(row: StreetForm) -> FormView:
    return FormView(
        id=row.id, name=row.name, every=Every(row.every), file_id=row.file_id,
        cells=tuple(
            (figure, row.cells[figure.value]) for figure in Figure if figure.value in row.cells
        ),
        is_closed=row.is_closed,
    )  # fmt: skip
