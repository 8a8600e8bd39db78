"""The street office's own form: uploaded once, its cells named, filled each month or quarter."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import clock, files, jobs
from community.kernel.actor import Actor
from community.kernel.errors import NotFound
from community.kernel.jobs.kinds import Arguments
from community.volunteering import permissions
from community.volunteering.errors.exchange import (
    FormNameTaken,
    NoSuchCell,
    NotAnXlsx,
    NothingToFill,
)
from community.volunteering.models import FilledForm, StreetForm
from community.volunteering.queries.street_forms import (
    FormView,
    due_forms,
    form_figures,
    get_form,
    is_filled,
)
from community.volunteering.rules.exchange import Every, Span, span_of
from community.volunteering.rules.street_forms import IN_HOURS, Figure, split_cell

if TYPE_CHECKING:
    from openpyxl import Workbook

JOB = "volunteering.fill_form"


def keep_street_form(
    session: Session,
    actor: Actor,
    name: str,
    every: Every,
    cells: tuple[tuple[Figure, str], ...],
    ready: files.Ready,
) -> int:
    """Keep a form and the cells that are to be filled.

    Raises: NotAnXlsx, NothingToFill, NoSuchCell, FormNameTaken.
    """
    actor.check(permissions.EXCHANGE.code)
    if ready.kind is not files.FileKind.XLSX:
        raise NotAnXlsx
    if not cells:
        raise NothingToFill
    for _, cell in cells:
        if split_cell(cell) is None:
            raise NoSuchCell(cell=cell)
    taken = session.scalar(
        select(StreetForm.id).where(
            StreetForm.community_id == actor.community_id, StreetForm.name == name
        )
    )
    if taken is not None:
        raise FormNameTaken(name=name)
    row = StreetForm(
        community_id=actor.community_id, name=name, every=every,
        file_id=files.keep_file(session, actor, ready),
        cells={figure.value: cell for figure, cell in cells},
        uploaded_by=actor.person_id, uploaded_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def close_street_form(session: Session, actor: Actor, form_id: int) -> None:
    """Stop filling a form; what was filled stays.

    Raises: NotFound.
    """
    actor.check(permissions.EXCHANGE.code)
    row = session.get(StreetForm, form_id)
    if row is None or row.community_id != actor.community_id:
        raise NotFound
    row.is_closed = True
    # The name is free for the street's next version of the form.
    row.name = f"{row.name[:50]} #{row.id}"


def start_filling(session: Session, actor: Actor, form_id: int, on_day: date) -> int:
    """Start filling a form for the span a day falls in, as long work.

    Raises: NotFound.
    """
    actor.check(permissions.EXCHANGE.code)
    form = get_form(session, actor.community_id, form_id)
    return _start(session, actor, form_id, span_of(form.every, on_day))


def start_due_forms(session: Session, actor: Actor) -> int:
    """Start filling each form whose last whole span is not filled; a periodic tidy-up."""
    for form_id, span in due_forms(session, actor.community_id, clock.today()):
        _start(session, actor, form_id, span, is_due=True)
    # The jobs have not run yet, so asking again at once would start them twice.
    return 0


def fill_sheet(session: Session, actor: Actor, form: FormView, span: Span) -> files.Ready:
    """Write a span's figures into a copy of the form; slow, so it runs before the command."""
    import openpyxl  # 0.2 s that most requests do not need

    with files.open_file(files.get_file(session, actor.community_id, form.file_id)) as opened:
        book = openpyxl.load_workbook(io.BytesIO(opened.read()))
    figures = form_figures(session, actor.community_id, span)
    for figure, cell in form.cells:
        _write(book, cell, figure, figures[figure])
    made = io.BytesIO()
    book.save(made)
    name = f"{form.name} {span.first:%Y-%m-%d}.xlsx"
    return files.take_in(files.Upload(name, made.getvalue()))


def keep_filled(
    session: Session, actor: Actor, form_id: int, span: Span, ready: files.Ready
) -> int:
    """Keep a filled form; a part of the job."""
    row = FilledForm(
        community_id=actor.community_id, form_id=form_id, from_day=span.first,
        until_day=span.last, file_id=files.keep_file(session, actor, ready),
        figures=_plain(form_figures(session, actor.community_id, span)),
        filled_at=clock.now(), filled_by=actor.person_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def plan_filling(session: Session, actor: Actor, args: Arguments) -> int:
    """Tell that a form is one piece."""
    get_form(session, actor.community_id, args["form_id"])
    return 1


def prepare_filling(session: Session, actor: Actor, args: Arguments, position: int) -> files.Ready:
    """Fill the form outside the writer."""
    form = get_form(session, actor.community_id, args["form_id"])
    return fill_sheet(session, actor, form, Span(args["first"], args["last"]))


def write_filling(session: Session, actor: Actor, args: Arguments, step: jobs.Step) -> int:
    """Keep the filled form; one that is filled by itself, only once a span."""
    span = Span(args["first"], args["last"])
    if not (args["is_due"] and is_filled(session, actor.community_id, args["form_id"], span)):
        keep_filled(session, actor, args["form_id"], span, step.ready)
    return 1


def _start(
    session: Session, actor: Actor, form_id: int, span: Span, *, is_due: bool = False
) -> int:
    args = {"form_id": form_id, "first": span.first, "last": span.last, "is_due": is_due}
    return jobs.start_job(session, actor, JOB, args)


def _plain(figures: dict[Figure, str | int]) -> dict[str, Any]:
    return {figure.value: value for figure, value in figures.items()}


def _write(book: Workbook, typed: str, figure: Figure, value: str | int) -> None:
    found = split_cell(typed)
    assert found is not None, "checked when the form was kept"
    sheet, address = found
    if sheet and sheet not in book.sheetnames:
        raise NoSuchCell(cell=typed)
    page = book[sheet] if sheet else book.worksheets[0]
    for merged in page.merged_cells.ranges:
        if address in merged:
            # Only the first cell of a merged range takes a value.
            address = merged.start_cell.coordinate
    cell: Any = page[address]
    if figure in IN_HOURS:
        hours, rest = divmod(int(value), 60)
        cell.value = f"{hours}.{rest * 100 // 60:02d}"
        cell.data_type = "n"
    elif isinstance(value, int):
        cell.value = value
    else:
        cell.value = value
        # Set last: openpyxl guesses a formula from a leading "=".
        cell.data_type = "s"
