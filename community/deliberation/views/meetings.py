"""Meetings for everybody and for members: lists, the year, one meeting, checking in, moving."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.deliberation import permissions
from community.deliberation.queries import meetings as queries
from community.deliberation.queries.bodies import bodies
from community.deliberation.queries.decisions import decisions
from community.deliberation.queries.motions import motions
from community.deliberation.rules.meetings import MeetingState, yes_needed
from community.deliberation.schemas import meetings as schemas
from community.deliberation.service import attendance
from community.deliberation.service import motions as moving
from community.deliberation.views.blueprint import views
from community.deliberation.views.meeting_words import post
from community.kernel import clock
from community.kernel import db as kernel_db
from community.web import forms
from community.web.access import needs, public, the_actor
from community.web.extensions import db


@views.get("/meetings")
@public
def meetings() -> str:
    """List what was decided and not done, then the meetings ahead and those held."""
    actor = the_actor()
    before = forms.asked_number("before")
    return render_template(
        "deliberation/meetings.html",
        waiting=[each for each in decisions(db.session, actor) if each.waits],
        ahead=queries.meetings_ahead(db.session, actor),
        past=queries.meetings_past(db.session, actor, before),
        before=before,
    )


@views.get("/meetings/calendar")
@public
def meeting_calendar() -> str:
    """Show the year's meetings by month, and what each body owes."""
    actor = the_actor()
    year = forms.asked_number("year") or clock.today().year
    year = min(max(year, 2_000), 2_199)
    found = queries.meetings_of_year(db.session, actor, year)
    months: dict[int, list[queries.MeetingView]] = {month: [] for month in range(1, 13)}
    for each in found:
        months[clock.day_of(each.starts_at).month].append(each)
    counted = (MeetingState.CALLED, MeetingState.OPEN, MeetingState.CLOSED, MeetingState.PLANNED)
    return render_template(
        "deliberation/meeting_calendar.html",
        year=year,
        months=months,
        bodies=[
            (body, sum(1 for one in found if one.body_id == body.id and one.state in counted))
            for body in bodies(db.session, actor)
        ],
    )


@views.get("/meetings/<int:meeting_id>")
@public
def meeting(meeting_id: int) -> str:
    """Show a meeting: notice, agenda, who came, motions and their counts."""
    return _meeting(meeting_id, forms.Form())


@views.get("/meetings/<int:meeting_id>/here")
@needs(permissions.ATTEND)
def meeting_door(meeting_id: int) -> str:
    """Ask whether to check in with the scanned or typed code; nothing is written."""
    return _door(meeting_id, forms.Form())


@views.post("/meetings/<int:meeting_id>/here")
@needs(permissions.ATTEND)
def check_in_to_meeting(meeting_id: int) -> ResponseReturnValue:
    """Check oneself in."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            attendance.check_in_to_meeting,
            the_actor(),
            meeting_id,
            values["code"],
            request_key=forms.request_key(),
        )

    told = gettext("签到成功。")
    return post(
        schemas.CodeForm(), act, lambda form: _door(meeting_id, form), told,
        "deliberation.meeting", meeting_id=meeting_id,
    )  # fmt: skip


@views.post("/meetings/<int:meeting_id>/motions")
@needs(permissions.ATTEND)
def move_motion(meeting_id: int) -> ResponseReturnValue:
    """Move that something be decided."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            moving.move_motion,
            the_actor(),
            meeting_id,
            values["agenda_item_id"],
            values["title"],
            values["words"],
            request_key=forms.request_key(),
        )

    told = gettext("动议已提出，等一位成员附议。")
    return post(
        schemas.MotionForm(), act, lambda form: _meeting(meeting_id, form), told,
        "deliberation.meeting", meeting_id=meeting_id,
    )  # fmt: skip


def meeting_facts(meeting_id: int) -> dict[str, Any]:
    """Gather what every page of a meeting shows."""
    actor = the_actor()
    found = queries.get_meeting(db.session, actor, meeting_id)
    figures = queries.figures_of(db.session, actor, meeting_id)
    people = queries.seats(db.session, actor, meeting_id)
    by_item: dict[int, list[Any]] = {}
    for each in motions(db.session, actor, meeting_id):
        by_item.setdefault(each.agenda_item_id, []).append(each)
    return {
        "meeting": found,
        "figures": figures,
        "agenda": queries.agenda(db.session, actor, meeting_id),
        "seats": people,
        "motions": by_item,
        "seat": queries.find_seat(db.session, actor, meeting_id),
        "runs": may_run(found),
        "needed": yes_needed(figures, found.present_count) if found.expected_count else None,
    }


def may_run(found: queries.MeetingView) -> bool:
    """Tell whether who looks runs the meeting."""
    actor = the_actor()
    is_officer = actor.person_id is not None and actor.person_id in {
        found.chair_id,
        found.secretary_id,
    }
    return actor.may(permissions.CONVENE.code) or (is_officer and actor.on_behalf_of is None)


def _meeting(meeting_id: int, form: forms.Form) -> str:
    return render_template("deliberation/meeting.html", form=form, **meeting_facts(meeting_id))


def _door(meeting_id: int, form: forms.Form) -> str:
    actor = the_actor()
    return render_template(
        "deliberation/meeting_door.html",
        form=form,
        meeting=queries.get_meeting(db.session, actor, meeting_id),
        seat=queries.find_seat(db.session, actor, meeting_id),
        code=request.args.get("code", ""),
    )
