"""Running a meeting: the console of chair and secretary, the door with its code, the minutes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.deliberation import permissions
from community.deliberation.queries import meetings as queries
from community.deliberation.queries.minutes import get_minutes, get_signed_paper
from community.deliberation.rules.meetings import CODE_SECONDS
from community.deliberation.schemas import decisions as paper_schemas
from community.deliberation.schemas import meetings as schemas
from community.deliberation.service import attendance, meetings, minutes
from community.deliberation.views.blueprint import views
from community.deliberation.views.meeting_words import Act, post, taken_photo
from community.deliberation.views.meetings import may_run, meeting_facts
from community.kernel.db import write
from community.kernel.errors import NotFound
from community.web import forms, qr
from community.web.access import needs, public, the_actor
from community.web.extensions import db
from community.web.fields import Shape
from community.web.pdf import send_pdf
from community.web.stored_files import send_stored_file

RUN = "/meetings/<int:meeting_id>"


@views.get(f"{RUN}/run")
@needs(permissions.RUN)
def run_meeting(meeting_id: int) -> str:
    """Show who runs the meeting its console: who is there, the quorum, motions, the end."""
    return _run(meeting_id, forms.Form())


@views.post(f"{RUN}/open")
@needs(permissions.RUN)
def open_meeting(meeting_id: int) -> ResponseReturnValue:
    """Open the meeting."""
    return _run_press(
        meeting_id,
        lambda key: write(meetings.open_meeting, the_actor(), meeting_id, request_key=key),
        gettext("会议开始，请成员签到。"),
    )


@views.post(f"{RUN}/close")
@needs(permissions.RUN)
def close_meeting(meeting_id: int) -> ResponseReturnValue:
    """Close the meeting."""
    return _run_press(
        meeting_id,
        lambda key: write(meetings.close_meeting, the_actor(), meeting_id, request_key=key),
        gettext("会议结束。请写好记录并定稿。"),
    )


@views.post(f"{RUN}/people/<int:person_id>/in")
@needs(permissions.RUN)
def tick_into_meeting(meeting_id: int, person_id: int) -> ResponseReturnValue:
    """Tick a member in."""
    at = meeting_id, person_id
    return _run_press(
        meeting_id,
        lambda key: write(attendance.tick_into_meeting, the_actor(), *at, request_key=key),
        gettext("已签到。"),
    )


@views.post(f"{RUN}/people/<int:person_id>/out")
@needs(permissions.RUN)
def tick_out_of_meeting(meeting_id: int, person_id: int) -> ResponseReturnValue:
    """Note that a member has left."""
    at = meeting_id, person_id
    return _run_press(
        meeting_id,
        lambda key: write(attendance.tick_out_of_meeting, the_actor(), *at, request_key=key),
        gettext("已记为离场。"),
    )


@views.post(f"{RUN}/scan")
@needs(permissions.RUN)
def scan_into_meeting(meeting_id: int) -> ResponseReturnValue:
    """Check a member in by their card."""

    def act(values: dict[str, Any]) -> None:
        key = forms.request_key()
        write(
            attendance.scan_into_meeting, the_actor(), meeting_id, values["code"], request_key=key
        )

    return _ran(schemas.CodeForm(), act, meeting_id, gettext("已签到。"))


@views.post(f"{RUN}/agenda/<int:item_id>/notes")
@needs(permissions.RUN)
def write_notes(meeting_id: int, item_id: int) -> ResponseReturnValue:
    """Write down what was said."""

    def act(values: dict[str, Any]) -> None:
        at, key = (meeting_id, item_id), forms.request_key()
        write(minutes.write_notes, the_actor(), *at, values["notes"], request_key=key)

    return _ran(schemas.NotesForm(), act, meeting_id, gettext("记录已保存。"))


@views.post(f"{RUN}/minutes")
@needs(permissions.RUN)
def keep_minutes(meeting_id: int) -> ResponseReturnValue:
    """Keep the minutes for good."""
    return _run_press(
        meeting_id,
        lambda key: write(minutes.keep_minutes, the_actor(), meeting_id, request_key=key),
        gettext("会议记录已定稿。请打印签字。"),
    )


@views.post(f"{RUN}/minutes/sign")
@needs(permissions.RUN)
def sign_minutes(meeting_id: int) -> ResponseReturnValue:
    """Take in the signed paper."""

    def act(values: dict[str, Any]) -> None:
        key, paper = forms.request_key(), taken_photo(is_sealed=True)
        write(
            minutes.sign_minutes, the_actor(), meeting_id, values["signers"], paper,
            request_key=key,
        )  # fmt: skip

    return _ran(paper_schemas.SignersForm(), act, meeting_id, gettext("签字件已存。"))


@views.get(f"{RUN}/minutes")
@public
def meeting_minutes(meeting_id: int) -> str:
    """Show the minutes."""
    return render_template("deliberation/minutes.html", **_minutes(meeting_id))


@views.get(f"{RUN}/minutes.pdf")
@public
def meeting_minutes_paper(meeting_id: int) -> ResponseReturnValue:
    """Draw the minutes for signature."""
    facts = _minutes(meeting_id)
    name = f"会议记录 {facts['meeting'].title}"
    return send_pdf(name, "deliberation/minutes_paper.html", **facts)


@views.get(f"{RUN}/minutes/signed")
@needs(permissions.READ)
def signed_minutes(meeting_id: int) -> ResponseReturnValue:
    """Show the photo of the signed paper."""
    return send_stored_file(get_signed_paper(db.session, the_actor(), meeting_id))


@views.get(f"{RUN}/door")
@needs(permissions.RUN)
def meeting_screen(meeting_id: int) -> str:
    """Show the check-in code over the whole screen."""
    found = queries.get_meeting(db.session, the_actor(), meeting_id)
    if not may_run(found) or found.state.value != "open":
        raise NotFound
    return render_template(
        "deliberation/meeting_screen.html",
        meeting=found,
        shown=queries.get_door_code(db.session, the_actor(), meeting_id),
        svg=_code_picture(meeting_id),
        slot_seconds=CODE_SECONDS,
    )


@views.get(f"{RUN}/door/code")
@needs(permissions.RUN)
def meeting_screen_code(meeting_id: int) -> ResponseReturnValue:
    """Give the present picture of the check-in code; the key stays here."""
    found = queries.get_meeting(db.session, the_actor(), meeting_id)
    if not may_run(found) or found.state.value != "open":
        raise NotFound
    shown = queries.get_door_code(db.session, the_actor(), meeting_id)
    return jsonify(
        svg=_code_picture(meeting_id),
        short=shown.code,
        seconds_left=shown.seconds_left,
        slot_seconds=CODE_SECONDS,
        present=found.present_count,
        has_quorum=found.has_quorum,
    )


def _code_picture(meeting_id: int) -> str:
    code = queries.get_door_code(db.session, the_actor(), meeting_id).code
    address = url_for("deliberation.meeting_door", meeting_id=meeting_id, code=code, _external=True)
    return qr.qr_svg(address, gettext("签到码"), is_screen=True)


def _minutes(meeting_id: int) -> dict[str, Any]:
    return {
        "minutes": get_minutes(db.session, the_actor(), meeting_id),
        **meeting_facts(meeting_id),
    }


def _run(meeting_id: int, form: forms.Form) -> str:
    facts = _minutes(meeting_id)
    if not facts["runs"]:
        raise NotFound
    return render_template("deliberation/run_meeting.html", form=form, **facts)


def _ran(schema: Shape, act: Act, meeting_id: int, told: str) -> ResponseReturnValue:
    return post(
        schema, act, lambda form: _run(meeting_id, form), told,
        "deliberation.run_meeting", meeting_id=meeting_id,
    )  # fmt: skip


def _run_press(meeting_id: int, press: Callable[[str], object], told: str) -> ResponseReturnValue:
    return _ran(Shape(), lambda _: press(forms.request_key()), meeting_id, told)
