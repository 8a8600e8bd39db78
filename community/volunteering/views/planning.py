"""Planning: open, change and copy an activity; add, shorten, move and cancel shifts."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import identity
from community.kernel.db import write
from community.kernel.permissions import Role
from community.volunteering import permissions
from community.volunteering.queries.activities import ActivityView, get_activity
from community.volunteering.queries.leading import check_leads
from community.volunteering.rules.kinds import SERVICE_TITLES
from community.volunteering.rules.series import RHYTHM_TITLES
from community.volunteering.schemas.activities import (
    ActivityForm,
    CapacityForm,
    NoteForm,
    SeriesForm,
    ShiftForm,
    ShortenForm,
)
from community.volunteering.service import activities, shifts
from community.volunteering.views.pages import views
from community.volunteering.views.reading import names_of, photo, this_shift
from community.volunteering.views.roster import check_shift_leader
from community.web import forms
from community.web.access import community, needs, the_actor
from community.web.extensions import db


@views.get("/activities/new")
@needs(permissions.PLAN)
def new_activity() -> str:
    """Show the form of a new activity."""
    return _form(None, forms.Form())


@views.post("/activities/new")
@needs(permissions.PLAN)
def open_activity() -> ResponseReturnValue:
    """Open an activity."""
    return forms.submit(
        ActivityForm(),
        lambda values: write(
            activities.open_activity,
            the_actor(),
            values["draft"],
            photo("photo"),
            request_key=forms.request_key(),
        ),
        lambda form: _form(None, form),
        lambda made: _to_activity(made, gettext("活动已建好。现在加班次，居民就能报名。")),
    )


@views.get("/activities/<int:activity_id>/edit")
@needs(permissions.PLAN)
def edit_activity(activity_id: int) -> str:
    """Show the form of an activity."""
    return _form(_led(activity_id), forms.Form())


@views.post("/activities/<int:activity_id>/edit")
@needs(permissions.PLAN)
def change_activity(activity_id: int) -> ResponseReturnValue:
    """Change an activity."""
    return forms.submit(
        ActivityForm(),
        lambda values: write(
            activities.change_activity,
            the_actor(),
            activity_id,
            values["draft"],
            photo("photo"),
            request_key=forms.request_key(),
        ),
        lambda form: _form(_led(activity_id), form),
        lambda _: _to_activity(activity_id, gettext("已保存。")),
    )


@views.post("/activities/<int:activity_id>/copy")
@needs(permissions.PLAN)
def copy_activity(activity_id: int) -> ResponseReturnValue:
    """Open a new activity like this one."""
    made = write(
        activities.copy_activity, the_actor(), activity_id, request_key=forms.request_key()
    )
    return _to_activity(made, gettext("已复制。现在加班次，居民就能报名。"))


@views.post("/activities/<int:activity_id>/close")
@needs(permissions.LEAD)
def close_activity(activity_id: int) -> ResponseReturnValue:
    """Take no more sign-ups."""
    write(activities.close_activity, the_actor(), activity_id, request_key=forms.request_key())
    return _to_activity(activity_id, gettext("已停止报名，已报名的人不受影响。"))


@views.post("/activities/<int:activity_id>/reopen")
@needs(permissions.LEAD)
def reopen_activity(activity_id: int) -> ResponseReturnValue:
    """Take sign-ups again."""
    write(activities.reopen_activity, the_actor(), activity_id, request_key=forms.request_key())
    return _to_activity(activity_id, gettext("已恢复报名。"))


@views.post("/activities/<int:activity_id>/cancel")
@needs(permissions.LEAD)
def cancel_activity(activity_id: int) -> ResponseReturnValue:
    """Cancel an activity and its shifts to come."""
    _, values = forms.read(NoteForm())
    told = write(
        activities.cancel_activity,
        the_actor(),
        activity_id,
        values.get("note", ""),
        request_key=forms.request_key(),
    )
    return _to_activity(activity_id, gettext("活动已取消，已通知 %(n)s 人。", n=told))


@views.get("/activities/<int:activity_id>/shifts/new")
@needs(permissions.PLAN)
def new_shift(activity_id: int) -> str:
    """Show the form of a shift, once or recurring."""
    return _shift_form(activity_id, forms.Form())


@views.post("/activities/<int:activity_id>/shifts/new")
@needs(permissions.PLAN)
def add_shift(activity_id: int) -> ResponseReturnValue:
    """Add one shift."""
    return forms.submit(
        ShiftForm(),
        lambda values: write(
            shifts.add_shift,
            the_actor(),
            activity_id,
            values["draft"],
            request_key=forms.request_key(),
        ),
        lambda form: _shift_form(activity_id, form),
        lambda _: _to_activity(activity_id, gettext("班次已加好，居民可以报名了。")),
    )


@views.post("/activities/<int:activity_id>/series")
@needs(permissions.PLAN)
def add_series(activity_id: int) -> ResponseReturnValue:
    """Add the shifts of a series."""
    return forms.submit(
        SeriesForm(),
        lambda values: write(
            shifts.add_series,
            the_actor(),
            activity_id,
            values["draft"],
            values["rhythm"],
            values["until"],
            request_key=forms.request_key(),
        ),
        lambda form: _shift_form(activity_id, form),
        lambda made: _to_activity(activity_id, gettext("已排好 %(n)s 班。", n=made)),
    )


@views.get("/shifts/<int:shift_id>/change")
@needs(permissions.LEAD)
def change_shift(shift_id: int) -> str:
    """Show what can be changed about a shift when it rains."""
    return _change(shift_id, forms.Form())


@views.post("/shifts/<int:shift_id>/shorten")
@needs(permissions.LEAD)
def shorten_shift(shift_id: int) -> ResponseReturnValue:
    """End a shift earlier."""
    return forms.submit(
        ShortenForm(),
        lambda values: write(
            shifts.shorten_shift,
            the_actor(),
            shift_id,
            values["ends_at"],
            values["note"],
            request_key=forms.request_key(),
        ),
        lambda form: _change(shift_id, form),
        lambda told: _changed(shift_id, told),
    )


@views.post("/shifts/<int:shift_id>/move")
@needs(permissions.LEAD)
def move_shift(shift_id: int) -> ResponseReturnValue:
    """Move a shift to another time or place."""
    return forms.submit(
        ShiftForm(),
        lambda values: write(
            shifts.move_shift,
            the_actor(),
            shift_id,
            values["draft"],
            values["note"],
            request_key=forms.request_key(),
        ),
        lambda form: _change(shift_id, form),
        lambda told: _changed(shift_id, told),
    )


@views.post("/shifts/<int:shift_id>/resize")
@needs(permissions.LEAD)
def resize_shift(shift_id: int) -> ResponseReturnValue:
    """Change the number of places."""
    return forms.submit(
        CapacityForm(),
        lambda values: write(
            shifts.resize_shift,
            the_actor(),
            shift_id,
            values["capacity"],
            request_key=forms.request_key(),
        ),
        lambda form: _change(shift_id, form),
        lambda _: _to_roster(shift_id, gettext("名额已改。")),
    )


@views.post("/shifts/<int:shift_id>/cancel")
@needs(permissions.LEAD)
def cancel_shift(shift_id: int) -> ResponseReturnValue:
    """Cancel a shift."""
    return forms.submit(
        NoteForm(),
        lambda values: write(
            shifts.cancel_shift,
            the_actor(),
            shift_id,
            values["note"],
            request_key=forms.request_key(),
        ),
        lambda form: _change(shift_id, form),
        lambda told: _changed(shift_id, told),
    )


@views.post("/shifts/<int:shift_id>/cancel-series")
@needs(permissions.LEAD)
def cancel_series(shift_id: int) -> ResponseReturnValue:
    """Cancel a shift and the later ones of its series."""
    return forms.submit(
        NoteForm(),
        lambda values: write(
            shifts.cancel_series,
            the_actor(),
            shift_id,
            values["note"],
            request_key=forms.request_key(),
        ),
        lambda form: _change(shift_id, form),
        lambda told: _changed(shift_id, told),
    )


def _led(activity_id: int) -> ActivityView:
    found = get_activity(db.session, community.id, activity_id)
    check_leads(db.session, the_actor(), activity_id)
    return found


def _form(activity: ActivityView | None, form: forms.Form) -> str:
    g.tab = "volunteering.activities"
    leaders = identity.people_with_role(db.session, community.id, Role.LEADER)
    known = {*leaders, *(activity.leader_ids if activity else ())}
    mine = the_actor().person_id
    names = names_of([*known, mine])
    return render_template(
        "volunteering/activity_form.html",
        form=form,
        activity=activity,
        kinds=SERVICE_TITLES,
        leaders=sorted(names.items(), key=lambda each: each[1]),
        chosen=activity.leader_ids if activity else (mine,),
    )


def _shift_form(activity_id: int, form: forms.Form) -> str:
    g.tab = "volunteering.activities"
    return render_template(
        "volunteering/shift_form.html",
        form=form,
        activity=_led(activity_id),
        rhythms=RHYTHM_TITLES,
    )


def _change(shift_id: int, form: forms.Form) -> str:
    found = this_shift(shift_id)
    check_shift_leader(found)
    return render_template("volunteering/shift_change.html", form=form, shift=found)


def _to_activity(activity_id: int, sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("volunteering.activity", activity_id=activity_id), 303)


def _to_roster(shift_id: int, sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("volunteering.roster", shift_id=shift_id), 303)


def _changed(shift_id: int, told: int) -> ResponseReturnValue:
    return _to_roster(shift_id, gettext("已更改，已通知 %(n)s 人。", n=told))
