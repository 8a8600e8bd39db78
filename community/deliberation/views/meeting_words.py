"""What the pages of meetings share: words for states, and one way to post a form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import Schema

from community.deliberation.rules import bodies, bylaws, decisions, meetings, motions, processes
from community.deliberation.service.subjects import topic_of
from community.deliberation.views.blueprint import views
from community.kernel import files
from community.web import forms
from community.web.stored_files import read_upload

Act = Callable[[dict[str, Any]], object]
Again = Callable[[forms.Form], str]
PAPERS = files.IMAGES | {files.FileKind.PDF}

_TITLES: dict[str, dict[Any, str]] = {
    "body": dict(bodies.KIND_TITLES),
    "office": dict(bodies.OFFICE_TITLES),
    "side": dict(bodies.SIDE_TITLES),
    "base": dict(bodies.BASE_TITLES),
    "meeting": dict(meetings.MEETING_TITLES),
    "speech": dict(meetings.SPEECH_TITLES),
    "motion": dict(motions.MOTION_TITLES),
    "decision": dict(decisions.DECISION_TITLES),
    "note": dict(decisions.NOTE_TITLES),
    "step": dict(processes.STEP_TITLES),
    "station": dict(processes.STATION_TITLES),
    "process": dict(processes.PROCESS_TITLES),
    "bylaw": dict(bylaws.BYLAW_TITLES),
    "version": dict(bylaws.VERSION_TITLES),
}
_TAGS = {
    meetings.MeetingState.PLANNED: "plain",
    meetings.MeetingState.CALLED: "blue",
    meetings.MeetingState.OPEN: "amber",
    meetings.MeetingState.CLOSED: "done",
    meetings.MeetingState.CANCELLED: "red",
    motions.MotionState.MOVED: "plain",
    motions.MotionState.SECONDED: "blue",
    motions.MotionState.VOTING: "amber",
    motions.MotionState.CARRIED: "done",
    motions.MotionState.LOST: "red",
    motions.MotionState.WITHDRAWN: "plain",
    decisions.DecisionState.MADE: "plain",
    decisions.DecisionState.POSTED: "blue",
    decisions.DecisionState.FINAL: "amber",
    decisions.DecisionState.DONE: "done",
    decisions.DecisionState.CLOSED: "done",
    decisions.DecisionState.RETURNED: "red",
    processes.ProcessState.RUNNING: "amber",
    processes.ProcessState.STOPPED: "red",
    processes.ProcessState.DONE: "done",
}


def meeting_word(of: str, value: object) -> str:
    """Name a state, an office or a kind."""
    return str(gettext(_TITLES[of][value]))


def meeting_options(of: str) -> list[tuple[str, str]]:
    """List the values of a kind for a form."""
    return [(each.value, gettext(title)) for each, title in _TITLES[of].items()]


def meeting_tag(value: object) -> str:
    """Give the kind of tag in which a state is shown."""
    return _TAGS[value]  # type: ignore[index]  # every state shown so has its line


def decision_steps(state: decisions.DecisionState) -> list[tuple[str, str]]:
    """Draw a decision's stations from the table of its way."""
    way = decisions.DECISION_WAY
    if state not in way:
        return [(gettext(decisions.DECISION_TITLES[state]), "now")]
    at = way.index(state)
    last = len(way) - 1
    return [
        (
            gettext(decisions.DECISION_TITLES[each]),
            "done" if place < at or at == last else "now" if place == at else "",
        )
        for place, each in enumerate(way)
    ]


def share_words(part: int, whole: int) -> str:
    """Write a rate in whole percent, cut; "–" where there is no whole. Both numbers stand by."""
    points = decisions.Rate(part, whole).basis_points
    return "–" if points is None else f"{points // 100}%"


def topic_link(subject: str) -> str:
    """Give the address of the topic that a subject names; empty for others."""
    number = topic_of(subject)
    return "" if number is None else url_for("deliberation.topic", topic_id=number)


for _word in (
    meeting_word,
    meeting_options,
    meeting_tag,
    decision_steps,
    share_words,
    topic_link,
):
    views.add_app_template_global(_word)


def post(
    schema: Schema, act: Act, again: Again, told: str, endpoint: str, **parts: Any
) -> ResponseReturnValue:
    """Read a form, act, and go to a page with a sentence; or show the form again."""

    def done(_: object) -> ResponseReturnValue:
        flash(told)
        return redirect(url_for(endpoint, **parts), 303)

    return forms.submit(schema, act, again, done)


def taken_photo(field: str = "photo", *, is_sealed: bool = False) -> files.Ready | None:
    """Take in a photo or paper of the posted form; None when none was chosen.

    Raises: the refusals of `files.take_in`.
    """
    sent = read_upload(field)
    return None if sent is None else files.take_in(sent, PAPERS, is_sealed=is_sealed)
