"""The desk's pages for other platforms' sheets: upload, look, import, export, headings."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import identity
from community.kernel import clock, files, jobs
from community.kernel.db import write
from community.kernel.errors import Refusal
from community.volunteering import permissions
from community.volunteering.errors.exchange import SheetMissing
from community.volunteering.queries import exchange as queries
from community.volunteering.queries import served
from community.volunteering.rules.sheets import COLUMN_TITLES, MISTAKES, Column
from community.volunteering.schemas import exchange as shapes
from community.volunteering.service import exchange as service
from community.volunteering.views.pages import views
from community.web import forms
from community.web.access import community, needs, the_actor
from community.web.errors import sentence_of, status_of
from community.web.extensions import db
from community.web.sheets import Cell, Minutes, Sheet, send_sheets

DESK = permissions.EXCHANGE
MOST_SHOWN = 100


@views.get("/desk/exchange")
@needs(permissions.SEE_DESK)
def exchange_desk() -> str:
    """Ask for a sheet, list the latest imports, and export."""
    return _desk(forms.Form())


@views.post("/desk/exchange")
@needs(DESK)
def upload_hours() -> ResponseReturnValue:
    """Keep a sheet; nothing is imported before somebody has looked at it."""
    form, values = forms.read(shapes.Platform())
    sent = request.files.get("sheet")
    try:
        if sent is None or not sent.filename or form.errors:
            raise SheetMissing
        ready = files.take_in(files.Upload(sent.filename, sent.stream.read()), files.SHEETS)
        made = write(
            service.keep_hours_import,
            the_actor(),
            values["platform"],
            ready,
            request_key=forms.request_key(),
        )
    except Refusal as refusal:
        form.refusal = sentence_of(refusal)
        return _desk(form), status_of(refusal)
    return redirect(url_for("volunteering.hours_import", import_id=made), 303)


@views.get("/desk/exchange/<int:import_id>")
@needs(permissions.SEE_DESK)
def hours_import(import_id: int) -> str:
    """Show what importing would do, how far it is, or how it ended."""
    found = queries.get_import(db.session, community.id, import_id)
    rows = queries.read_rows(db.session, community.id, found)
    matched = queries.match_rows(db.session, the_actor(), rows)
    people = identity.people(
        db.session, community.id, [each.person_id for each in matched if each.person_id]
    )
    return render_template(
        "volunteering/hours_import.html",
        found=found,
        matched=matched[:MOST_SHOWN],
        total=len(matched),
        good=sum(each.person_id is not None for each in matched),
        overlapping=sum(each.overlaps for each in matched),
        mistakes=queries.count_mistakes(matched),
        sentences=MISTAKES,
        people=people,
        job=jobs.find_job(db.session, community.id, found.job_id) if found.job_id else None,
        layout=queries.layout_of(db.session, community.id, found.platform),
    )


@views.post("/desk/exchange/<int:import_id>/start")
@needs(DESK)
def start_hours_import(import_id: int) -> ResponseReturnValue:
    """Import the rows without mistakes."""
    write(service.start_hours_import, the_actor(), import_id, request_key=forms.request_key())
    flash(gettext("已开始导入，可以离开这一页，完成后会通知您。"), "success")
    return redirect(url_for("volunteering.hours_import", import_id=import_id), 303)


@views.get("/desk/exchange/export")
@needs(permissions.SEE_DESK)
def export_layout() -> ResponseReturnValue:
    """Give confirmed hours of a span in a platform's layout."""
    form = forms.Form(request.args)
    problems = shapes.ExportSpan().validate(request.args)
    if problems:
        form.refusal = gettext("请选好平台和起止日期。")
        return _desk(form), 422
    values: dict[str, Any] = dict(shapes.ExportSpan().load(request.args))
    layout = queries.layout_of(db.session, community.id, values["platform"])
    lines = served.lines_between(db.session, community.id, values["since"], values["until"])
    people = identity.people(db.session, community.id, {person for person, _ in lines})
    phones = {each: _phone(each) for each in people} if _has_phone(layout) else {}
    rows = [
        [_cell(column, person, line, people, phones) for column, _ in layout.columns]
        for person, line in lines
    ]
    heads = [heading for _, heading in layout.columns]
    return send_sheets(f"{layout.name} {values['since']}", Sheet(layout.name, heads, rows))


@views.get("/desk/exchange/layouts/<platform>")
@needs(permissions.SEE_DESK)
def exchange_layout(platform: str) -> str:
    """Show which heading means what."""
    return _layout(platform, forms.Form())


@views.post("/desk/exchange/layouts/<platform>")
@needs(DESK)
def change_layout(platform: str) -> ResponseReturnValue:
    """Keep the headings as the sheets here really have them."""
    return forms.submit(
        shapes.Headings(),
        lambda values: write(
            service.change_layout,
            the_actor(),
            platform,
            values["columns"],
            request_key=forms.request_key(),
        ),
        lambda form: _layout(platform, form),
        lambda _: redirect(url_for("volunteering.exchange_desk"), 303),
    )


def _desk(form: forms.Form) -> str:
    today = clock.today()
    return render_template(
        "volunteering/exchange_desk.html",
        form=form,
        layouts=[queries.layout_of(db.session, community.id, each) for each in queries.PLATFORMS],
        imports=queries.imports(db.session, community.id),
        first=date(today.year, 1, 1),
        today=today,
    )


def _layout(platform: str, form: forms.Form) -> str:
    return render_template(
        "volunteering/exchange_layout.html",
        form=form,
        layout=queries.layout_of(db.session, community.id, platform),
        columns=COLUMN_TITLES,
    )


def _has_phone(layout: queries.Layout) -> bool:
    return Column.PHONE in dict(layout.columns)


def _phone(person_id: int) -> str:
    found = identity.addresses_of(db.session, community.id, person_id)
    return next((each.value for each in found), "")


def _cell(
    column: Column,
    person_id: int,
    line: served.ServedLine,
    people: dict[int, identity.PersonCard],
    phones: dict[int, str],
) -> Cell:
    values: dict[Column, Cell] = {
        Column.PERSON: people[person_id].name if person_id in people else "",
        Column.PHONE: phones.get(person_id, ""),
        Column.TITLE: line.title,
        Column.SERVED_ON: line.served_on,
        Column.STARTS_AT: line.served_on,
        Column.HOURS: Minutes(line.minutes),
        Column.UNIT: line.organising_unit,
    }
    return values.get(column)
