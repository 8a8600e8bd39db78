"""The desk's pages for the street's forms: upload once, name the cells, fetch what was filled."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import clock, files
from community.kernel.db import write
from community.kernel.errors import Refusal
from community.volunteering import permissions
from community.volunteering.errors.exchange import SheetMissing
from community.volunteering.queries import street_forms as queries
from community.volunteering.rules.exchange import span_before
from community.volunteering.rules.street_forms import FIGURE_TITLES
from community.volunteering.schemas import exchange as shapes
from community.volunteering.service import street_forms as service
from community.volunteering.views.pages import views
from community.web import forms
from community.web.access import community, needs, the_actor
from community.web.errors import sentence_of, status_of
from community.web.extensions import db
from community.web.sheets import MEDIA_TYPE, send_file

DESK = permissions.EXCHANGE


@views.get("/desk/forms")
@needs(permissions.SEE_DESK)
def street_forms_desk() -> str:
    """Show forms, what was filled, and the upload."""
    return _desk(forms.Form())


@views.post("/desk/forms")
@needs(DESK)
def keep_street_form() -> ResponseReturnValue:
    """Keep a form with its cells."""
    form, values = forms.read(shapes.StreetFormShape())
    sent = request.files.get("sheet")
    try:
        if form.errors:
            return _desk(form), 422
        if sent is None or not sent.filename:
            raise SheetMissing
        ready = files.take_in(files.Upload(sent.filename, sent.stream.read()), files.SHEETS)
        write(
            service.keep_street_form,
            the_actor(),
            values["name"],
            values["every"],
            values["cells"],
            ready,
            request_key=forms.request_key(),
        )
    except Refusal as refusal:
        form.refusal = sentence_of(refusal)
        return _desk(form), status_of(refusal)
    return _done(gettext("报表已收好，每期结束后自动填写。"))


@views.post("/desk/forms/<int:form_id>/fill")
@needs(DESK)
def fill_street_form(form_id: int) -> ResponseReturnValue:
    """Fill a form now for the span a day falls in."""
    return forms.submit(
        shapes.Filling(),
        lambda values: write(
            service.start_filling,
            the_actor(),
            form_id,
            values["on_day"],
            request_key=forms.request_key(),
        ),
        _desk,
        lambda _: _done(gettext("正在填写，好了会出现在下面。")),
    )


@views.post("/desk/forms/<int:form_id>/close")
@needs(DESK)
def close_street_form(form_id: int) -> ResponseReturnValue:
    """Stop filling a form."""
    write(service.close_street_form, the_actor(), form_id, request_key=forms.request_key())
    return _done(gettext("已停用，填好的都还在。"))


@views.get("/desk/forms/filled/<int:filled_id>")
@needs(permissions.SEE_DESK)
def filled_street_form(filled_id: int) -> ResponseReturnValue:
    """Give a filled form."""
    found = queries.get_filled(db.session, community.id, filled_id)
    kept = files.get_file(db.session, community.id, found.file_id)
    with files.open_file(kept) as opened:
        return send_file(kept.name, opened.read(), MEDIA_TYPE)


def _desk(form: forms.Form) -> str:
    today = clock.today()
    found = queries.street_forms(db.session, community.id)
    return render_template(
        "volunteering/street_forms.html",
        form=form,
        street_forms=[(each, span_before(each.every, today)) for each in found],
        filled=queries.filled_forms(db.session, community.id),
        figures=FIGURE_TITLES,
    )


def _done(sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("volunteering.street_forms_desk"), 303)
