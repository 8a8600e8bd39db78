"""Paper: a photographed sheet goes up from the leader, a second person confirms it."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import ValidationError

from community.kernel import clock
from community.kernel.db import write
from community.kernel.errors import BadInput, NotFound
from community.volunteering import permissions
from community.volunteering.queries import due, rosters
from community.volunteering.queries.activities import ShiftView
from community.volunteering.rules.drafts import SheetLine
from community.volunteering.schemas.hours import ReasonForm
from community.volunteering.service import paper
from community.volunteering.views.hours_desk import to_desk
from community.volunteering.views.pages import views
from community.volunteering.views.reading import names_of, photo, show_file, this_shift
from community.volunteering.views.roster import check_shift_leader
from community.web import forms
from community.web.access import community, needs, the_actor
from community.web.extensions import db
from community.web.fields import AtTime, Shape


@views.get("/shifts/<int:shift_id>/sheet")
@needs(permissions.LEAD)
def new_sheet(shift_id: int) -> str:
    """Show the form that takes a photographed sheet."""
    return _sheet(shift_id, forms.Form())


@views.post("/shifts/<int:shift_id>/sheet")
@needs(permissions.LEAD)
def upload_sheet(shift_id: int) -> ResponseReturnValue:
    """Keep a photographed sheet and what it says."""

    def act(_: object) -> object:
        ready = photo("photo")
        if ready is None:
            raise BadInput
        lines = _typed_lines(this_shift(shift_id))
        return write(
            paper.upload_sheet,
            the_actor(),
            shift_id,
            ready,
            lines,
            request_key=forms.request_key(),
        )

    return forms.submit(
        Shape(),
        act,
        lambda form: _sheet(shift_id, form),
        lambda _: _to_roster(shift_id, gettext("已上传，请另一位负责人或工作人员尽快确认。")),
    )


@views.get("/desk/sheets/<int:sheet_id>")
@needs(permissions.SEE_DESK)
def sheet(sheet_id: int) -> str:
    """Show a photographed sheet beside what was typed from it."""
    return _one_sheet(sheet_id, forms.Form())


@views.get("/desk/sheets/<int:sheet_id>/photo")
@needs(permissions.SEE_DESK)
def sheet_photo(sheet_id: int) -> ResponseReturnValue:
    """Give the photograph of a sheet that waits."""
    return show_file(_waiting_sheet(sheet_id).file_id)


@views.post("/desk/sheets/<int:sheet_id>/confirm")
@needs(permissions.REVIEW)
def confirm_sheet(sheet_id: int) -> ResponseReturnValue:
    """Confirm a sheet as a second person."""
    return forms.submit(
        Shape(),
        lambda _: write(
            paper.confirm_sheet, the_actor(), sheet_id, request_key=forms.request_key()
        ),
        lambda form: _one_sheet(sheet_id, form),
        lambda made: to_desk(gettext("已确认，记下 %(n)s 人的时长（纸质）。", n=made)),
    )


@views.post("/desk/sheets/<int:sheet_id>/refuse")
@needs(permissions.REVIEW)
def refuse_sheet(sheet_id: int) -> ResponseReturnValue:
    """Refuse a sheet that does not convince."""
    return forms.submit(
        ReasonForm(),
        lambda values: write(
            paper.refuse_sheet,
            the_actor(),
            sheet_id,
            values["note"],
            request_key=forms.request_key(),
        ),
        lambda form: _one_sheet(sheet_id, form),
        lambda _: to_desk(gettext("已退回这张签到表。")),
    )


def _sheet(shift_id: int, form: forms.Form) -> str:
    found = this_shift(shift_id)
    check_shift_leader(found)
    lines = rosters.roster_of(db.session, the_actor(), shift_id).lines
    return render_template(
        "volunteering/sheet_form.html",
        form=form,
        shift=found,
        lines=[each for each in lines if each.hours_state is None and not each.is_own_household],
    )


def _typed_lines(shift: ShiftView) -> tuple[SheetLine, ...]:
    """Read `on-<person>`, `in-<person>` and `out-<person>` of every ticked name."""
    day, found = clock.day_of(shift.starts_at).isoformat(), []
    for name in request.form:
        if not name.startswith("on-"):
            continue
        person = name.removeprefix("on-")
        if not person.isdecimal() or len(person) > 15:
            raise BadInput
        times = [_time(day, request.form.get(f"{side}-{person}", "")) for side in ("in", "out")]
        found.append(SheetLine(int(person), times[0], times[1]))
    return tuple(found)


def _time(day: str, typed: str) -> datetime:
    try:
        read: datetime = AtTime().deserialize(f"{day}T{typed}")
    except ValidationError as error:
        raise BadInput from error
    return read


def _waiting_sheet(sheet_id: int) -> due.DueSheet:
    for each in due.due_sheets(db.session, community.id):
        if each.id == sheet_id:
            return each
    raise NotFound


def _one_sheet(sheet_id: int, form: forms.Form) -> str:
    found = _waiting_sheet(sheet_id)
    lines = due.lines_of_sheet(db.session, community.id, sheet_id)
    return render_template(
        "volunteering/sheet.html",
        form=form,
        sheet=found,
        lines=lines,
        names=names_of([found.uploaded_by, *(each.person_id for each in lines)]),
    )


def _to_roster(shift_id: int, sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("volunteering.roster", shift_id=shift_id), 303)
