"""The desk of meetings: plan, agenda, notice, the door with its code, who came, minutes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.deliberation import permissions
from community.deliberation.queries import meetings as queries
from community.deliberation.queries.bodies import bodies, members
from community.deliberation.queries.demands import demands
from community.deliberation.queries.topics import topics_for_agenda
from community.deliberation.rules.bodies import TermPhase
from community.deliberation.schemas import meetings as schemas
from community.deliberation.service import demands as demanding
from community.deliberation.service import meetings
from community.deliberation.views.blueprint import views
from community.deliberation.views.meeting_words import Act, post
from community.deliberation.views.meetings import meeting_facts
from community.kernel.db import write
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db
from community.web.fields import Shape

DESK = "/desk/meetings/<int:meeting_id>"
Planned = tuple[str, str, datetime]


@views.get("/desk/meetings")
@needs(permissions.READ)
def desk_meetings() -> str:
    """List the meetings ahead, with the form to plan one for each body."""
    return _desk(forms.Form())


@views.post("/desk/bodies/<int:body_id>/meetings")
@needs(permissions.CONVENE)
def plan_meeting(body_id: int) -> ResponseReturnValue:
    """Plan a meeting."""

    def plan(facts: Planned, key: str) -> int:
        made: int = write(meetings.plan_meeting, the_actor(), body_id, *facts, request_key=key)
        return made

    return _plan(plan)


@views.post("/desk/demands/<int:demand_id>/answer")
@needs(permissions.CONVENE)
def answer_demand(demand_id: int) -> ResponseReturnValue:
    """Plan the meeting that enough have demanded."""

    def plan(facts: Planned, key: str) -> int:
        made: int = write(demanding.answer_demand, the_actor(), demand_id, *facts, request_key=key)
        return made

    return _plan(plan)


@views.get(DESK)
@needs(permissions.READ)
def desk_meeting(meeting_id: int) -> str:
    """Show a meeting that is prepared: agenda, notice, officers."""
    return _prepare(meeting_id, forms.Form())


@views.post(f"{DESK}/arrange")
@needs(permissions.CONVENE)
def arrange_meeting(meeting_id: int) -> ResponseReturnValue:
    """Change a planned meeting."""

    def act(values: dict[str, Any]) -> None:
        write(
            meetings.arrange_meeting,
            the_actor(),
            meeting_id,
            values["title"],
            values["place"],
            values["starts_at"],
            values["chair_id"],
            values["secretary_id"],
            request_key=forms.request_key(),
        )

    return _kept(schemas.ArrangeForm(), act, meeting_id, gettext("已保存。"))


@views.post(f"{DESK}/agenda")
@needs(permissions.CONVENE)
def add_agenda_item(meeting_id: int) -> ResponseReturnValue:
    """Add an item to the agenda."""

    def act(values: dict[str, Any]) -> None:
        write(
            meetings.add_agenda_item,
            the_actor(),
            meeting_id,
            values["title"],
            values["words"],
            values["subject"],
            request_key=forms.request_key(),
        )

    return _kept(schemas.ItemForm(), act, meeting_id, gettext("已列入议程。"))


@views.post(f"{DESK}/agenda/<int:item_id>/drop")
@needs(permissions.CONVENE)
def drop_agenda_item(meeting_id: int, item_id: int) -> ResponseReturnValue:
    """Take an item off the agenda."""
    at = meeting_id, item_id
    return _pressed(
        meeting_id,
        lambda key: write(meetings.drop_agenda_item, the_actor(), *at, request_key=key),
        gettext("已从议程拿下。"),
    )


@views.post(f"{DESK}/call")
@needs(permissions.CONVENE)
def call_meeting(meeting_id: int) -> ResponseReturnValue:
    """Send the notice."""
    return _pressed(
        meeting_id,
        lambda key: write(meetings.call_meeting, the_actor(), meeting_id, request_key=key),
        gettext("通知已发出并公示，每位成员都收到了消息。"),
    )


@views.post(f"{DESK}/cancel")
@needs(permissions.CONVENE)
def cancel_meeting(meeting_id: int) -> ResponseReturnValue:
    """Cancel a meeting."""

    def act(values: dict[str, Any]) -> None:
        key = forms.request_key()
        write(meetings.cancel_meeting, the_actor(), meeting_id, values["reason"], request_key=key)

    return _kept(schemas.EndingForm(), act, meeting_id, gettext("会议已取消，成员收到了消息。"))


def _desk(form: forms.Form) -> str:
    actor = the_actor()
    found = bodies(db.session, actor)
    wanted = [
        (body, each)
        for body in found
        for each in demands(db.session, actor, body.id)
        if each.reached_at is not None and each.meeting_id is None
    ]
    return render_template(
        "deliberation/desk_meetings.html",
        form=form,
        bodies=found,
        ahead=queries.meetings_ahead(db.session, actor),
        past=queries.meetings_past(db.session, actor),
        wanted=wanted,
    )


def _prepare(meeting_id: int, form: forms.Form) -> str:
    actor = the_actor()
    facts = meeting_facts(meeting_id)
    terms = members(db.session, actor, facts["meeting"].body_id)
    listed = {each.subject for each in facts["agenda"]}
    return render_template(
        "deliberation/desk_meeting.html",
        form=form,
        people=[each for each in terms if each.phase is not TermPhase.OVER],
        topics=[
            each
            for each in topics_for_agenda(db.session, actor.community_id)
            if f"topic:{each.id}" not in listed
        ],
        **facts,
    )


def _plan(plan: Callable[[Planned, str], int]) -> ResponseReturnValue:
    """Take title, place and hour of a meeting, and go on to prepare it."""

    def act(values: dict[str, Any]) -> int:
        return plan((values["title"], values["place"], values["starts_at"]), forms.request_key())

    return forms.submit(schemas.PlanForm(), act, _desk, _to_desk)


def _to_desk(meeting_id: int) -> ResponseReturnValue:
    return redirect(url_for("deliberation.desk_meeting", meeting_id=meeting_id), 303)


def _kept(schema: Shape, act: Act, meeting_id: int, told: str) -> ResponseReturnValue:
    return post(
        schema, act, lambda form: _prepare(meeting_id, form), told,
        "deliberation.desk_meeting", meeting_id=meeting_id,
    )  # fmt: skip


def _pressed(meeting_id: int, press: Callable[[str], object], told: str) -> ResponseReturnValue:
    return _kept(Shape(), lambda _: press(forms.request_key()), meeting_id, told)
