"""The desk: what is due first, reviews, corrections, doubts, paper sheets, back-fills, blocks."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import identity
from community.kernel import clock
from community.kernel.db import write
from community.kernel.errors import NotFound
from community.volunteering import permissions
from community.volunteering.queries import due, standing
from community.volunteering.rules.kinds import SERVICE_TITLES
from community.volunteering.rules.states import HOURS_TITLES, BackFillState, HoursState
from community.volunteering.schemas.hours import (
    AnswerForm,
    CorrectForm,
    ReasonForm,
    ReviewForm,
)
from community.volunteering.schemas.signing_up import BlockForm
from community.volunteering.service import disputes, hours, roster
from community.volunteering.views.pages import views
from community.volunteering.views.reading import names_of
from community.web import forms
from community.web.access import community, needs, the_actor
from community.web.extensions import db


@views.get("/desk/hours")
@needs(permissions.SEE_RECORDS)
def hours_desk() -> str:
    """Show what waits at the desk, the most urgent first."""
    return show_desk(forms.Form())


@views.post("/desk/hours/<int:record_id>/review")
@needs(permissions.REVIEW)
def review_hours(record_id: int) -> ResponseReturnValue:
    """Decide on a day's hours above the limit."""
    return forms.submit(
        ReviewForm(),
        lambda values: write(
            hours.review_hours,
            the_actor(),
            record_id,
            values["is_accepted"],
            values["note"],
            request_key=forms.request_key(),
        ),
        show_desk,
        lambda state: to_desk(
            gettext("已记下，还要第二个人复核。")
            if state is HoursState.IN_SECOND_REVIEW
            else gettext("复核已完成。")
        ),
    )


@views.get("/desk/hours/<int:record_id>")
@needs(permissions.SEE_RECORDS)
def hours_record(record_id: int) -> str:
    """Show one record with every version, and where to correct it."""
    return _record(record_id, forms.Form())


@views.post("/desk/hours/<int:record_id>/correct")
@needs(permissions.REVIEW)
def correct_hours(record_id: int) -> ResponseReturnValue:
    """Correct a record; both versions are kept."""
    return forms.submit(
        CorrectForm(),
        lambda values: write(
            hours.correct_hours,
            the_actor(),
            record_id,
            values["minutes"],
            values["reason"],
            request_key=forms.request_key(),
        ),
        lambda form: _record(record_id, form),
        lambda _: to_desk(gettext("已更正，新旧两个版本都保留。")),
    )


@views.post("/desk/hours/<int:record_id>/refuse")
@needs(permissions.REVIEW)
def refuse_hours(record_id: int) -> ResponseReturnValue:
    """Refuse hours that wait."""
    return forms.submit(
        ReasonForm(),
        lambda values: write(
            hours.refuse_hours,
            the_actor(),
            record_id,
            values["note"],
            request_key=forms.request_key(),
        ),
        lambda form: _record(record_id, form),
        lambda _: to_desk(gettext("已记为未通过，并把理由告诉本人。")),
    )


@views.post("/desk/disputes/<int:dispute_id>/answer")
@needs(permissions.REVIEW)
def answer_dispute(dispute_id: int) -> ResponseReturnValue:
    """Answer a doubt."""
    return forms.submit(
        AnswerForm(),
        lambda values: write(
            disputes.answer_dispute,
            the_actor(),
            dispute_id,
            values["answer"],
            values["minutes"],
            request_key=forms.request_key(),
        ),
        show_desk,
        lambda _: to_desk(gettext("已答复，本人会收到消息。")),
    )


@views.post("/desk/blocks")
@needs(permissions.BLOCK)
def block_volunteer() -> ResponseReturnValue:
    """Let somebody not take part for a time."""
    return forms.submit(
        BlockForm(),
        lambda values: write(
            roster.block_volunteer,
            the_actor(),
            values["person_id"],
            values["until"],
            values["reason"],
            request_key=forms.request_key(),
        ),
        show_desk,
        lambda _: to_desk(gettext("已暂停，并把原因告诉本人。")),
    )


@views.post("/desk/blocks/<int:person_id>/lift")
@needs(permissions.BLOCK)
def lift_block(person_id: int) -> ResponseReturnValue:
    """Let somebody take part again."""
    write(roster.lift_block, the_actor(), person_id, request_key=forms.request_key())
    return to_desk(gettext("已恢复。"))


def show_desk(form: forms.Form) -> str:
    """Show the desk, with a form that was refused."""
    session, actor = db.session, the_actor()
    pending = due.due_records(session, community.id, (HoursState.PENDING,))
    reviews = due.due_records(session, community.id, due.IN_REVIEW)
    doubts = due.due_disputes(session, community.id)
    sheets = due.due_sheets(session, community.id)
    asked = due.back_fills(session, community.id, (BackFillState.WAITING,))
    blocked = standing.blocked_people(session, community.id)
    text = request.args.get("who", "").strip()[:40]
    people = {each.person_id for each in (*pending, *reviews)}
    people |= {each.person_id for each in doubts} | {each.person_id for each in asked}
    people |= {each.person_id for each in blocked}
    return render_template(
        "volunteering/hours_desk.html",
        form=form,
        pending=pending,
        reviews=reviews,
        doubts=doubts,
        sheets=sheets,
        asked=asked,
        blocked=blocked,
        names=names_of([*people, *(each.uploaded_by for each in sheets)]),
        found=identity.search_people(session, community.id, text)[:12] if text else (),
        who=text,
        titles=HOURS_TITLES,
        today=clock.today(),
        may_review=actor.may(permissions.REVIEW.code),
        may_block=actor.may(permissions.BLOCK.code),
    )


def _record(record_id: int, form: forms.Form) -> str:
    found = due.find_record_view(db.session, community.id, record_id)
    if found is None:
        raise NotFound
    written = (each.written_by for each in found.versions)
    return render_template(
        "volunteering/hours_record.html",
        form=form,
        record=found,
        names=names_of([found.person_id, found.person_in_charge_id, *written]),
        kinds=SERVICE_TITLES,
        titles=HOURS_TITLES,
        may_review=the_actor().may(permissions.REVIEW.code),
    )


def to_desk(sentence: str) -> ResponseReturnValue:
    """Go back to the desk with a sentence."""
    flash(sentence, "success")
    return redirect(url_for("volunteering.hours_desk"), 303)
