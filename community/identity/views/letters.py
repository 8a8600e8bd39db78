"""Households' letters at the desk: print by building, make anew, revoke."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.identity.permissions import INVITE
from community.identity.queries import letters as queries
from community.identity.schemas.letters import PrintForm, RevokeForm
from community.identity.service import letters
from community.identity.views.blueprint import IN_COMMUNITY, views
from community.kernel import files, jobs
from community.kernel.db import write
from community.kernel.errors import NotFound
from community.web import forms
from community.web.access import community, needs, the_actor
from community.web.extensions import db
from community.web.pdf import send_pdf
from community.web.qr import qr_svg
from community.web.sheets import send_file

LETTERS = f"{IN_COMMUNITY}/desk/letters"


def _index(form: forms.Form) -> str:
    session = db.session
    return render_template(
        "identity/letters/index.html",
        form=form,
        buildings=queries.letters_by_building(session, community.id),
        sheets=queries.letter_sheets(session, community.id),
        running=[
            job
            for job in jobs.jobs_of(session, community.id)
            if job.kind == letters.LETTER_JOB and job.state is not jobs.JobState.DONE
        ],
    )


@views.get(LETTERS, endpoint="letters")
@needs(INVITE)
def letters_page() -> ResponseReturnValue:
    """Show how far each building is with its letters."""
    return _index(forms.Form())


@views.post(LETTERS)
@needs(INVITE)
def print_letters() -> ResponseReturnValue:
    """Make and print the letters of a building, or of all."""

    def act(values: dict[str, Any]) -> int:
        made: int = write(
            letters.print_letters,
            the_actor(),
            request.url_root,
            values["building_id"],
            request_key=forms.request_key(),
        )
        return made

    def done(_job_id: int) -> ResponseReturnValue:
        flash(gettext("正在排版，好了可以在下面下载。"))
        return redirect(url_for("identity.letters"), 303)

    return forms.submit(PrintForm(), act, _index, done)


@views.get(f"{LETTERS}/<int:building_id>")
@needs(INVITE)
def building_letters(building_id: int) -> ResponseReturnValue:
    """Show each household of a building with its letter."""
    session = db.session
    return render_template(
        "identity/letters/building.html",
        building=queries.get_building(session, community.id, building_id),
        building_id=building_id,
        states=queries.letters_of_building(session, community.id, building_id),
    )


@views.get(f"{LETTERS}/sheets/<int:sheet_id>.pdf")
@needs(INVITE)
def letter_sheet(sheet_id: int) -> ResponseReturnValue:
    """Give a printed file of a building's letters."""
    sheets = queries.letter_sheets(db.session, community.id)
    sheet = next((each for each in sheets if each.id == sheet_id), None)
    if sheet is None:
        raise NotFound
    with files.open_file(sheet.file) as opened:
        return send_file(sheet.file.name, opened.read(), sheet.file.media_type, inline=True)


@views.get(f"{LETTERS}/paper/<int:letter_id>.pdf")
@needs(INVITE)
def letter_paper(letter_id: int) -> ResponseReturnValue:
    """Give one letter to print again."""
    session = db.session
    found = queries.letters_to_print(session, community.id, letter_id=letter_id)
    if not found:
        raise NotFound
    return send_pdf(
        f"{found[0].building}{found[0].unit}",
        "identity/papers/letters.html",
        letters=found,
        address=request.url_root,
        community_name=community.name,
        qr_svg=qr_svg,
    )


@views.post(f"{LETTERS}/households/<int:household_id>/renew")
@needs(INVITE)
def renew_letter(household_id: int) -> ResponseReturnValue:
    """Give a household a new letter and show it."""
    made = write(letters.renew_letter, the_actor(), household_id, request_key=forms.request_key())
    return redirect(url_for("identity.letter_paper", letter_id=made), 303)


@views.post(f"{LETTERS}/<int:letter_id>/revoke")
@needs(INVITE)
def revoke_letter(letter_id: int) -> ResponseReturnValue:
    """Make a letter useless."""

    def act(values: dict[str, Any]) -> int:
        write(letters.revoke_letter, the_actor(), letter_id, request_key=forms.request_key())
        building_id: int = values["building_id"]
        return building_id

    def done(building_id: int) -> ResponseReturnValue:
        flash(gettext("这封信已作废。"))
        return redirect(url_for("identity.building_letters", building_id=building_id), 303)

    return forms.submit(RevokeForm(), act, _index, done)
