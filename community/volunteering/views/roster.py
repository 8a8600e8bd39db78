"""The leader's pages: what I lead, the roster of a shift, confirming, correcting, absence."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import identity
from community.kernel import clock
from community.kernel.db import write
from community.volunteering import permissions
from community.volunteering.errors.signing_up import NotLeader
from community.volunteering.queries import rosters
from community.volunteering.queries.activities import ShiftView, led_shifts
from community.volunteering.queries.leading import may_lead
from community.volunteering.rules.kinds import SERVICE_TITLES
from community.volunteering.rules.states import HOURS_TITLES
from community.volunteering.schemas.hours import ConfirmForm, ReasonForm, TimesForm
from community.volunteering.schemas.signing_up import PersonForm
from community.volunteering.service import attended_hours, signing_up
from community.volunteering.service import roster as service
from community.volunteering.service.attended_hours import Confirmed
from community.volunteering.views.pages import views
from community.volunteering.views.reading import this_shift
from community.web import forms
from community.web.access import community, needs, the_actor
from community.web.extensions import db
from community.web.fields import Shape

LOOK_BACK = timedelta(days=14)


@views.get("/lead")
@needs(permissions.LEAD)
def lead() -> str:
    """Show the shifts I lead: today's, those whose hours wait, those to come."""
    g.tab = "volunteering.activities"
    session, actor = db.session, the_actor()
    ids = rosters.led_activity_ids(session, actor)
    now = clock.now()
    shifts = led_shifts(session, community.id, ids, now - LOOK_BACK)
    waiting = rosters.waiting_by_shift(session, community.id)
    today = clock.today()
    return render_template(
        "volunteering/lead.html",
        today=[each for each in shifts if clock.day_of(each.starts_at) == today],
        to_confirm=[each for each in shifts if waiting.get(each.id) and each.is_over],
        coming=[each for each in shifts if clock.day_of(each.starts_at) > today],
        waiting=waiting,
        kinds=SERVICE_TITLES,
        may_plan=actor.may(permissions.PLAN.code),
    )


@views.get("/shifts/<int:shift_id>/roster")
@needs(permissions.LEAD)
def roster(shift_id: int) -> str:
    """Show who is expected, who is in, and whose hours wait."""
    return _roster(shift_id, forms.Form())


@views.post("/shifts/<int:shift_id>/people")
@needs(permissions.LEAD)
def sign_up_for(shift_id: int) -> ResponseReturnValue:
    """Put somebody on the roster who has no phone, or came without a sign-up."""
    return forms.submit(
        PersonForm(),
        lambda values: write(
            signing_up.sign_up_for,
            the_actor(),
            shift_id,
            values["person_id"],
            request_key=forms.request_key(),
        ),
        lambda form: _roster(shift_id, form),
        lambda _: _back(shift_id, gettext("已加入名册。")),
    )


@views.post("/shifts/<int:shift_id>/people/<int:person_id>/remove")
@needs(permissions.LEAD)
def cancel_sign_up_for(shift_id: int, person_id: int) -> ResponseReturnValue:
    """Take somebody off the roster."""
    return forms.submit(
        Shape(),
        lambda _: write(
            signing_up.cancel_sign_up_for,
            the_actor(),
            shift_id,
            person_id,
            request_key=forms.request_key(),
        ),
        lambda form: _roster(shift_id, form),
        lambda _: _back(shift_id, gettext("已从名册去掉，并通知本人。")),
    )


@views.post("/shifts/<int:shift_id>/people/<int:person_id>/absent")
@needs(permissions.LEAD)
def mark_absent(shift_id: int, person_id: int) -> ResponseReturnValue:
    """Note that somebody did not come."""
    return forms.submit(
        Shape(),
        lambda _: write(
            service.mark_absent,
            the_actor(),
            shift_id,
            person_id,
            request_key=forms.request_key(),
        ),
        lambda form: _roster(shift_id, form),
        lambda _: _back(shift_id, gettext("已记为未到场。")),
    )


@views.post("/shifts/<int:shift_id>/people/<int:person_id>/present")
@needs(permissions.LEAD)
def unmark_absent(shift_id: int, person_id: int) -> ResponseReturnValue:
    """Take an absence back."""
    return forms.submit(
        Shape(),
        lambda _: write(
            service.unmark_absent,
            the_actor(),
            shift_id,
            person_id,
            request_key=forms.request_key(),
        ),
        lambda form: _roster(shift_id, form),
        lambda _: _back(shift_id, gettext("已改回已报名。")),
    )


@views.post("/shifts/<int:shift_id>/confirm")
@needs(permissions.LEAD)
def confirm_attendance(shift_id: int) -> ResponseReturnValue:
    """Confirm the hours of the ticked people, or of all."""
    return forms.submit(
        ConfirmForm(),
        lambda values: write(
            attended_hours.confirm_attendance,
            the_actor(),
            shift_id,
            values["person_ids"],
            request_key=forms.request_key(),
        ),
        lambda form: _roster(shift_id, form),
        lambda done: _back(shift_id, _outcome(done)),
    )


@views.get("/shifts/<int:shift_id>/people/<int:person_id>/times")
@needs(permissions.LEAD)
def times(shift_id: int, person_id: int) -> str:
    """Show the form that corrects when somebody came and left."""
    return _times(shift_id, person_id, forms.Form())


@views.post("/shifts/<int:shift_id>/people/<int:person_id>/times")
@needs(permissions.LEAD)
def correct_times(shift_id: int, person_id: int) -> ResponseReturnValue:
    """Correct when somebody came and left."""
    return forms.submit(
        TimesForm(),
        lambda values: write(
            attended_hours.correct_times,
            the_actor(),
            shift_id,
            person_id,
            values["in_at"],
            values["out_at"],
            values["reason"],
            request_key=forms.request_key(),
        ),
        lambda form: _times(shift_id, person_id, form),
        lambda _: _back(shift_id, gettext("时间已更正，原来的记录也保留。请再确认时长。")),
    )


@views.post("/shifts/<int:shift_id>/people/<int:person_id>/refuse")
@needs(permissions.LEAD)
def refuse_attendance(shift_id: int, person_id: int) -> ResponseReturnValue:
    """Refuse somebody's hours, with the reason."""
    return forms.submit(
        ReasonForm(),
        lambda values: write(
            attended_hours.refuse_attendance,
            the_actor(),
            shift_id,
            person_id,
            values["note"],
            request_key=forms.request_key(),
        ),
        lambda form: _times(shift_id, person_id, form),
        lambda _: _back(shift_id, gettext("已记为未通过，并把理由告诉本人。")),
    )


def check_shift_leader(found: ShiftView) -> None:
    """Refuse a reader who does not lead the activity of a shift.

    Raises: NotLeader.
    """
    if not may_lead(db.session, the_actor(), found.activity_id):
        raise NotLeader


def _roster(shift_id: int, form: forms.Form) -> str:
    session = db.session
    text = request.args.get("who", "").strip()[:40]
    return render_template(
        "volunteering/roster.html",
        form=form,
        shift=this_shift(shift_id),
        roster=rosters.roster_of(session, the_actor(), shift_id),
        found=identity.search_people(session, community.id, text)[:12] if text else (),
        who=text,
        hours_titles=HOURS_TITLES,
    )


def _times(shift_id: int, person_id: int, form: forms.Form) -> str:
    found = rosters.roster_of(db.session, the_actor(), shift_id)
    line = next((each for each in found.lines if each.person_id == person_id), None)
    return render_template(
        "volunteering/times.html", form=form, shift=this_shift(shift_id), line=line
    )


def _outcome(done: Confirmed) -> str:
    parts = [
        (done.counted, gettext("%(n)s 人已入账", n=done.counted)),
        (done.in_review, gettext("%(n)s 人当天超时长，等工作人员复核", n=done.in_review)),
        (done.not_counted, gettext("%(n)s 人出勤不够，按规则不计", n=done.not_counted)),
        (
            done.own_household,
            gettext("%(n)s 人与您同户，要由别的负责人确认", n=done.own_household),
        ),
        (done.still_inside, gettext("%(n)s 人还没签退", n=done.still_inside)),
    ]
    return "；".join(words for number, words in parts if number) + "。"


def _back(shift_id: int, sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("volunteering.roster", shift_id=shift_id), 303)
