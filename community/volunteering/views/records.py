"""Pages of service records: mine, the desk's, the PDF, and the check that anybody can make."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import identity
from community.kernel import clock
from community.kernel.db import write
from community.kernel.errors import NotFound
from community.volunteering import permissions
from community.volunteering.queries import records as queries
from community.volunteering.queries.records import RecordView
from community.volunteering.schemas import records as shapes
from community.volunteering.service import records as service
from community.volunteering.views.pages import views, world
from community.web import forms
from community.web.access import community, needs, public, the_actor
from community.web.extensions import db, limiter
from community.web.pdf import send_pdf
from community.web.qr import qr_svg


@views.get("/my/records")
@needs(permissions.MAKE_RECORD)
def my_records() -> str:
    """Show my records and make a new one, free of charge."""
    return _mine(forms.Form())


@views.post("/my/records")
@needs(permissions.MAKE_RECORD)
def make_record() -> ResponseReturnValue:
    """Make a record of a span of days."""
    return _make(_mine, lambda made: _go(made, gettext("已开具，可以下载或打印。")))


@views.get("/my/records/<int:record_id>")
@needs(permissions.MAKE_RECORD)
def service_record(record_id: int) -> str:
    """Show one record whole, with its number, code and QR."""
    return _record(record_id, "volunteering.my_records")


@views.get("/my/records/<int:record_id>/paper")
@needs(permissions.MAKE_RECORD)
def record_paper(record_id: int) -> Response:
    """Give the record as a PDF."""
    return _paper(record_id)


@views.post("/my/records/<int:record_id>/revoke")
@needs(permissions.MAKE_RECORD)
def revoke_record(record_id: int) -> ResponseReturnValue:
    """Stop a record from being verified."""
    reason = request.form.get("reason", "").strip()[:200] or gettext("本人停用")
    write(service.revoke_record, the_actor(), record_id, reason, request_key=forms.request_key())
    flash(gettext("已停用，别人再查验会看到“已停用”。"), "success")
    return redirect(url_for("volunteering.my_records"), 303)


@views.get("/desk/records")
@needs(permissions.SEE_SEALED)
def records_desk() -> str:
    """Show records that wait for the seal, and make one for somebody at the desk."""
    return _desk(forms.Form())


@views.post("/desk/records")
@needs(permissions.SEAL_RECORD)
def desk_make_record() -> ResponseReturnValue:
    """Make a record for somebody at the desk, with their consent."""
    return _make(
        _desk, lambda made: redirect(url_for("volunteering.desk_record", record_id=made), 303)
    )


@views.get("/desk/records/<int:record_id>")
@needs(permissions.SEE_SEALED)
def desk_record(record_id: int) -> str:
    """Show one record to those who seal."""
    return _record(record_id, "volunteering.records_desk")


@views.get("/desk/records/<int:record_id>/paper")
@needs(permissions.SEE_SEALED)
def desk_record_paper(record_id: int) -> Response:
    """Give the record as a PDF for stamping."""
    return _paper(record_id)


@views.post("/desk/records/<int:record_id>/seal")
@needs(permissions.SEAL_RECORD)
def seal_record(record_id: int) -> ResponseReturnValue:
    """Issue and seal the record as a certificate."""
    return forms.submit(
        shapes.Sealing(),
        lambda values: write(
            service.seal_record,
            the_actor(),
            record_id,
            values["person_in_charge"],
            request_key=forms.request_key(),
        ),
        _desk,
        lambda _: redirect(url_for("volunteering.desk_record", record_id=record_id), 303),
    )


@world.get("/records")
@public
def find_record_page() -> ResponseReturnValue:
    """Let anybody type the number of a paper."""
    number = request.args.get("number", "").strip()
    if number:
        return redirect(url_for("volunteering_world.verify_record", number=number))
    return render_template("volunteering/verify_record.html", record=None, is_asked=False)


@world.route("/records/<number>", methods=["GET", "POST"])
@public
@limiter.limit("60/hour")
def verify_record(number: str) -> ResponseReturnValue:
    """Tell anybody whether a paper is real; the whole only with the code printed on it."""
    code = request.form.get("code", "")
    try:
        found = queries.verify_record(db.session, number, code)
    except NotFound:
        page = render_template("volunteering/verify_record.html", record=None, is_asked=True)
        return page, 404
    return render_template(
        "volunteering/verify_record.html",
        record=found,
        is_asked=True,
        is_wrong=bool(code) and not found.is_full,
    )


def _make(
    again: Callable[[forms.Form], str], done: Callable[[int], ResponseReturnValue]
) -> ResponseReturnValue:
    return forms.submit(
        shapes.Record(),
        lambda values: write(
            service.make_record,
            the_actor(),
            values["person_id"],
            values["from_day"],
            values["until_day"],
            values["organising_unit"],
            values["consent_words"],
            request_key=forms.request_key(),
        ),
        again,
        done,
    )


def _mine(form: forms.Form) -> str:
    g.tab = "dashboards.me"
    mine = the_actor().subject_id or 0
    today = clock.today()
    return render_template(
        "volunteering/my_records.html",
        form=form,
        mine=mine,
        records=queries.records_of(db.session, community.id, mine),
        first=date(today.year, 1, 1),
        today=today,
    )


def _record(record_id: int, back: str) -> str:
    found = queries.get_record(db.session, the_actor(), record_id)
    return render_template(
        "volunteering/service_record.html", record=found, qr=_qr(found), back=url_for(back),
        is_desk=back.endswith("desk"),
    )  # fmt: skip


def _paper(record_id: int) -> Response:
    found = queries.get_record(db.session, the_actor(), record_id)
    return send_pdf(found.number, "volunteering/record_paper.html", record=found, qr=_qr(found))


def _qr(found: RecordView) -> object:
    address = url_for("volunteering_world.verify_record", number=found.number, _external=True)
    return qr_svg(address, gettext("扫码查验"), is_printed=True)


def _desk(form: forms.Form) -> str:
    text = request.args.get("q", "")
    today = clock.today()
    return render_template(
        "volunteering/records_desk.html",
        form=form,
        waiting=queries.records_to_seal(db.session, the_actor()),
        q=text,
        found=identity.search_people(db.session, community.id, text) if text else (),
        first=date(today.year, 1, 1),
        today=today,
    )


def _go(record_id: int, sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("volunteering.service_record", record_id=record_id), 303)
