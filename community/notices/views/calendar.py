"""The working-day calendar of a year, with days off and worked weekends (调休)."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import clock
from community.kernel.calendar import calendar_of
from community.kernel.db import write
from community.notices import permissions, service
from community.notices.schemas import CalendarDayForm, ClearDayForm
from community.notices.views.blueprint import views
from community.web import forms
from community.web.access import community, needs, the_actor
from community.web.extensions import db


@views.get("/desk/calendar")
@needs(permissions.READ_CALENDAR)
def calendar() -> str:
    """Show a year's special days."""
    return _calendar(forms.Form())


@views.post("/desk/calendar")
@needs(permissions.READ_CALENDAR)
def set_calendar_day() -> ResponseReturnValue:
    """Enter a day; the command asks for the right that fits."""

    def act(values: dict[str, Any]) -> date:
        write(
            service.set_calendar_day,
            the_actor(),
            values["day"],
            values["is_working"],
            values["name"],
            values["is_shared"],
            request_key=forms.request_key(),
        )
        day: date = values["day"]
        return day

    return forms.submit(CalendarDayForm(), act, _calendar, _done)


@views.post("/desk/calendar/clear")
@needs(permissions.READ_CALENDAR)
def clear_calendar_day() -> ResponseReturnValue:
    """Take an entry back."""

    def act(values: dict[str, Any]) -> date:
        write(
            service.clear_calendar_day,
            the_actor(),
            values["day"],
            values["is_shared"],
            request_key=forms.request_key(),
        )
        day: date = values["day"]
        return day

    return forms.submit(ClearDayForm(), act, _calendar, _done)


def _done(day: date) -> ResponseReturnValue:
    flash(gettext("工作日历已更新，之后推算的期限都按新的日历。"))
    return redirect(url_for("notices.calendar", year=day.year), 303)


def _calendar(form: forms.Form) -> str:
    this_year = clock.today().year
    year = forms.asked_number("year") or this_year
    year = min(max(year, this_year - 5), this_year + 5)
    return render_template(
        "notices/calendar.html",
        calendar=calendar_of(db.session, community.id, year),
        years=[(each, each == year) for each in range(this_year - 1, this_year + 2)],
        form=form,
        can_edit=the_actor().may(permissions.EDIT_CALENDAR.code),
        can_edit_shared=the_actor().may(permissions.EDIT_SHARED_CALENDAR.code),
    )
