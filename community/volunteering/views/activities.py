"""Pages of what one can join: the list, an activity, a shift with its one main button."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import clock
from community.kernel.db import write
from community.kernel.errors import NotFound
from community.volunteering import permissions
from community.volunteering.queries import activities as reading
from community.volunteering.queries.leading import may_lead
from community.volunteering.rules.kinds import SERVICE_TITLES, ServiceKind
from community.volunteering.rules.states import SIGN_UP_TITLES
from community.volunteering.schemas.signing_up import SwapForm
from community.volunteering.service import signing_up, swaps
from community.volunteering.views.pages import views
from community.volunteering.views.reading import names_of, show_file, this_shift
from community.web import forms
from community.web.access import community, needs, the_actor
from community.web.extensions import db
from community.web.fields import Shape

SPANS = {"week": 7, "month": 31}


@views.get("/activities")
@needs(permissions.BROWSE)
def activities() -> str:
    """List the shifts to come, by day."""
    g.tab = "volunteering.activities"
    chosen = _filter()
    found = reading.coming_shifts(db.session, community.id, the_actor().subject_id, chosen)
    days: dict[object, list[reading.ShiftView]] = {}
    for each in found:
        days.setdefault(clock.day_of(each.starts_at), []).append(each)
    return render_template(
        "volunteering/activities.html",
        days=days,
        chosen=chosen,
        span=request.args.get("span", ""),
        kinds=SERVICE_TITLES,
        titles=SIGN_UP_TITLES,
        is_filtered=any(request.args.get(name) for name in ("kind", "span", "free", "text")),
    )


@views.get("/activities/<int:activity_id>")
@needs(permissions.BROWSE)
def activity(activity_id: int) -> str:
    """Show an activity with its shifts and the places that others hand on."""
    return _activity(activity_id, forms.Form())


@views.get("/activities/<int:activity_id>/photo")
@needs(permissions.BROWSE)
def activity_photo(activity_id: int) -> ResponseReturnValue:
    """Give an activity's picture."""
    found = reading.get_activity(db.session, community.id, activity_id)
    if found.photo_file_id is None:
        raise NotFound
    return show_file(found.photo_file_id)


@views.get("/shifts/<int:shift_id>")
@needs(permissions.BROWSE)
def shift(shift_id: int) -> str:
    """Show a shift: where the reader stands, and the one thing to do next."""
    return _shift(shift_id, forms.Form())


@views.post("/shifts/<int:shift_id>/sign-up")
@needs(permissions.SIGN_UP)
def sign_up(shift_id: int) -> ResponseReturnValue:
    """Take a place."""
    return forms.submit(
        Shape(),
        lambda _: write(signing_up.sign_up, the_actor(), shift_id, request_key=forms.request_key()),
        lambda form: _shift(shift_id, form),
        lambda _: _back_to(shift_id, gettext("报名成功。活动前一天会提醒您。")),
    )


@views.post("/shifts/<int:shift_id>/cancel-sign-up")
@needs(permissions.SIGN_UP)
def cancel_sign_up(shift_id: int) -> ResponseReturnValue:
    """Give the place back, or stop waiting."""
    return forms.submit(
        Shape(),
        lambda _: write(
            signing_up.cancel_sign_up, the_actor(), shift_id, request_key=forms.request_key()
        ),
        lambda form: _shift(shift_id, form),
        lambda _: _back_to(shift_id, gettext("已取消，名额会给下一位。谢谢您提前告知。")),
    )


@views.post("/shifts/<int:shift_id>/wait")
@needs(permissions.SIGN_UP)
def join_waiting_list(shift_id: int) -> ResponseReturnValue:
    """Wait for a place."""
    return forms.submit(
        Shape(),
        lambda _: write(
            signing_up.join_waiting_list, the_actor(), shift_id, request_key=forms.request_key()
        ),
        lambda form: _shift(shift_id, form),
        lambda _: _back_to(shift_id, gettext("已加入候补。有名额会通知您，请按时确认。")),
    )


@views.post("/shifts/<int:shift_id>/accept")
@needs(permissions.SIGN_UP)
def accept_offer(shift_id: int) -> ResponseReturnValue:
    """Take the place that was offered."""
    return forms.submit(
        Shape(),
        lambda _: write(
            signing_up.accept_offer, the_actor(), shift_id, request_key=forms.request_key()
        ),
        lambda form: _shift(shift_id, form),
        lambda _: _back_to(shift_id, gettext("名额是您的了。")),
    )


@views.post("/shifts/<int:shift_id>/swap")
@needs(permissions.SIGN_UP)
def offer_swap(shift_id: int) -> ResponseReturnValue:
    """Offer the own place to others."""
    return forms.submit(
        SwapForm(),
        lambda values: write(
            swaps.offer_swap,
            the_actor(),
            shift_id,
            values["wanted_shift_id"],
            request_key=forms.request_key(),
        ),
        lambda form: _shift(shift_id, form),
        lambda _: _back_to(shift_id, gettext("已发出换班。有人接走前，名额仍是您的。")),
    )


@views.post("/swaps/<int:swap_id>/take")
@needs(permissions.SIGN_UP)
def take_swap(swap_id: int) -> ResponseReturnValue:
    """Take over an offered place."""
    write(swaps.take_swap, the_actor(), swap_id, request_key=forms.request_key())
    flash(gettext("换班成功，已记到您名下。"), "success")
    return redirect(url_for("volunteering.my_shifts"), 303)


@views.post("/swaps/<int:swap_id>/withdraw")
@needs(permissions.SIGN_UP)
def withdraw_swap(swap_id: int) -> ResponseReturnValue:
    """Keep the place after all."""
    write(swaps.withdraw_swap, the_actor(), swap_id, request_key=forms.request_key())
    flash(gettext("已撤回换班。"), "success")
    return redirect(url_for("volunteering.my_shifts"), 303)


def _filter() -> reading.ShiftFilter:
    kind, span = request.args.get("kind", ""), request.args.get("span", "")
    days = SPANS.get(span)
    return reading.ShiftFilter(
        kind=ServiceKind(kind) if kind in set(ServiceKind) else None,
        until=clock.today() + timedelta(days=days) if days else None,
        only_free=request.args.get("free") == "1",
        text=request.args.get("text", "").strip()[:40],
    )


def _activity(activity_id: int, form: forms.Form) -> str:
    g.tab = "volunteering.activities"
    session, actor = db.session, the_actor()
    found = reading.get_activity(session, community.id, activity_id)
    return render_template(
        "volunteering/activity.html",
        form=form,
        activity=found,
        shifts=reading.shifts_of_activity(session, community.id, activity_id, actor.subject_id),
        swaps=reading.swaps_of_activity(session, community.id, activity_id),
        leads=may_lead(session, actor, activity_id),
        names=names_of(found.leader_ids),
        me=actor.subject_id,
        kinds=SERVICE_TITLES,
        titles=SIGN_UP_TITLES,
    )


def _shift(shift_id: int, form: forms.Form) -> str:
    session, actor = db.session, the_actor()
    found = this_shift(shift_id)
    about = reading.get_activity(session, community.id, found.activity_id)
    siblings = reading.shifts_of_activity(session, community.id, about.id, None)
    open_swaps = reading.swaps_of_activity(session, community.id, about.id)
    return render_template(
        "volunteering/shift.html",
        form=form,
        shift=found,
        activity=about,
        others=[
            each
            for each in siblings
            if each.id != shift_id and not each.has_begun and each.state == "open"
        ],
        swap=next(
            (
                each
                for each in open_swaps
                if each.shift_id == shift_id and each.person_id == actor.subject_id
            ),
            None,
        ),
        names=names_of(about.leader_ids),
        leads=may_lead(session, actor, about.id),
        kinds=SERVICE_TITLES,
        titles=SIGN_UP_TITLES,
    )


def _back_to(shift_id: int, sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("volunteering.shift", shift_id=shift_id), 303)
