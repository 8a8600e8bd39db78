"""Decisions for everybody, those in charge and the desk; the two rates and their sheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import notices
from community.deliberation import permissions
from community.deliberation.queries import decisions as queries
from community.deliberation.queries.bodies import members
from community.deliberation.queries.meetings import get_meeting
from community.deliberation.queries.motions import get_motion
from community.deliberation.rules.bodies import TermPhase
from community.deliberation.schemas import decisions as schemas
from community.deliberation.service import decisions as service
from community.deliberation.views.blueprint import views
from community.deliberation.views.meeting_words import Act, meeting_word, post, taken_photo
from community.kernel import clock
from community.kernel.db import write
from community.web import forms
from community.web.access import needs, public, the_actor
from community.web.extensions import db
from community.web.fields import Shape
from community.web.sheets import Sheet, send_file, send_sheets
from community.web.stored_files import send_stored_file

DECISION = "/decisions/<int:decision_id>"


@views.get("/decisions")
@public
def decisions() -> str:
    """List decisions: what is not done comes first."""
    found = queries.decisions(db.session, the_actor())
    return render_template(
        "deliberation/decisions.html",
        late=[each for each in found if each.is_overdue],
        going=[each for each in found if each.waits and not each.is_overdue],
        over=[each for each in found if not each.waits],
        rates=_rates(),
    )


@views.get(DECISION)
@public
def decision(decision_id: int) -> str:
    """Show a decision with its way, its posting and its notes."""
    return _decision(decision_id, forms.Form())


@views.get(f"{DECISION}/photos/<int:file_id>")
@public
def decision_photo(decision_id: int, file_id: int) -> ResponseReturnValue:
    """Show a photo of a note."""
    found = queries.get_note_photo(db.session, the_actor(), decision_id, file_id)
    return send_stored_file(found, is_public=True)


@views.get("/motions/<int:motion_id>/decision")
@needs(permissions.CONVENE)
def new_decision(motion_id: int) -> str:
    """Ask who sees to a carried motion and by when."""
    return _new(motion_id, forms.Form())


@views.post("/motions/<int:motion_id>/decision")
@needs(permissions.CONVENE)
def make_decision(motion_id: int) -> ResponseReturnValue:
    """Let a carried motion become a decision."""

    def act(values: dict[str, Any]) -> None:
        days = values["owner_id"], values["due_on"], values["review_on"]
        key = forms.request_key()
        write(service.make_decision, the_actor(), motion_id, *days, request_key=key)

    told = gettext("决定已登记，负责人收到了消息。请公示。")
    return post(
        schemas.DecisionForm(), act, lambda form: _new(motion_id, form), told,
        "deliberation.motion", motion_id=motion_id,
    )  # fmt: skip


@views.post(f"{DECISION}/post")
@needs(permissions.CONVENE)
def post_decision(decision_id: int) -> ResponseReturnValue:
    """Post a decision in public."""
    return _press(
        decision_id,
        lambda key: write(service.post_decision, the_actor(), decision_id, request_key=key),
        gettext("已公示，居民可以提出异议。"),
    )


@views.post(f"{DECISION}/settle")
@needs(permissions.CONVENE)
def settle_decision(decision_id: int) -> ResponseReturnValue:
    """Settle a decision whose posting is over."""
    return _press(
        decision_id,
        lambda key: write(service.settle_decision, the_actor(), decision_id, request_key=key),
        gettext("公示已结束，结果见下。"),
    )


@views.post(f"{DECISION}/progress")
@needs(permissions.ATTEND)
def note_progress(decision_id: int) -> ResponseReturnValue:
    """Tell how far it is."""

    def act(values: dict[str, Any]) -> None:
        said, photo = (values["percent"], values["words"]), taken_photo()
        key = forms.request_key()
        write(service.note_progress, the_actor(), decision_id, *said, photo, request_key=key)

    return _post(schemas.ProgressForm(), act, decision_id, gettext("进展已公开。"))


@views.post(f"{DECISION}/done")
@needs(permissions.ATTEND)
def finish_decision(decision_id: int) -> ResponseReturnValue:
    """Tell that it is done."""

    def act(values: dict[str, Any]) -> None:
        said, photo = values["words"], taken_photo()
        key = forms.request_key()
        write(service.finish_decision, the_actor(), decision_id, said, photo, request_key=key)

    return _post(schemas.DoneForm(), act, decision_id, gettext("已记为办完，到期由别人回看。"))


@views.post(f"{DECISION}/review")
@needs(permissions.CONVENE)
def review_decision(decision_id: int) -> ResponseReturnValue:
    """Look again."""

    def act(values: dict[str, Any]) -> None:
        said, key = (values["is_solved"], values["words"]), forms.request_key()
        write(service.review_decision, the_actor(), decision_id, *said, request_key=key)

    return _post(schemas.ReviewForm(), act, decision_id, gettext("回看已记录。"))


@views.post(f"{DECISION}/hand-on")
@needs(permissions.CONVENE)
def hand_on_decision(decision_id: int) -> ResponseReturnValue:
    """Name another in charge, or another day."""

    def act(values: dict[str, Any]) -> None:
        said = values["owner_id"], values["due_on"], values["review_on"], values["words"]
        key = forms.request_key()
        write(service.hand_on_decision, the_actor(), decision_id, *said, request_key=key)

    return _post(schemas.HandOnForm(), act, decision_id, gettext("已更换并公开。"))


@views.get("/decisions/rates.xlsx")
@public
def rates_sheet() -> ResponseReturnValue:
    """Send 参与率 and 解决率 as a workbook."""
    found = _rates()
    name = gettext("参与率和解决率")
    summary, came, made = _tables(found)
    return send_sheets(
        f"{name} {found.since} {found.until}",
        Sheet(gettext("合计"), summary[0], summary[1:], (name, f"{found.since} – {found.until}")),
        Sheet(gettext("会议"), came[0], came[1:]),
        Sheet(gettext("决定"), made[0], made[1:]),
    )


@views.get("/decisions/rates.csv")
@public
def rates_lines() -> ResponseReturnValue:
    """Send the same as one text file."""
    found = _rates()
    out = io.StringIO()
    writer = csv.writer(out)
    for table in _tables(found):
        writer.writerows([_plain(cell) for cell in row] for row in table)
        writer.writerow([])
    # The mark lets spreadsheets read Chinese.
    content = ("\ufeff" + out.getvalue()).encode()
    return send_file(f"{gettext('参与率和解决率')}.csv", content, "text/csv; charset=utf-8")


def _plain(cell: object) -> str:
    text = str(cell)
    # A spreadsheet would run what begins so as a formula.
    return f"'{text}" if text[:1] in "=+-@" and not text[1:].isdecimal() else text


def _tables(found: queries.Rates) -> tuple[list[list[Any]], ...]:
    rows = (
        (gettext("参与率（到会 / 应到）"), found.participation),
        (gettext("解决率（已办 / 生效的决定）"), found.solution),
        (gettext("按期办完（按期 / 已办）"), found.in_time),
    )
    summary: list[list[Any]] = [[gettext("项目"), gettext("分子"), gettext("分母")]]
    summary += [[title, rate.part, rate.whole] for title, rate in rows]
    came: list[list[Any]] = [
        [gettext("日期"), gettext("组织"), gettext("会议"), gettext("到会"), gettext("应到")]
    ]
    came += [
        [each.held_on, each.body, each.title, each.came, each.expected] for each in found.meetings
    ]
    made: list[list[Any]] = [
        [gettext("决定"), gettext("状态"), gettext("期限"), gettext("办完日期")]
    ]
    made += [
        [each.title, meeting_word("decision", each.state), each.due_on, each.done_on or ""]
        for each in found.decisions
    ]
    return summary, came, made


def _rates() -> queries.Rates:
    today = clock.today()
    since = _asked_day("since", date(today.year, 1, 1))
    return queries.rates(db.session, the_actor(), since, _asked_day("until", today))


def _asked_day(name: str, usual: date) -> date:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return usual


def _press(decision_id: int, press: Callable[[str], object], told: str) -> ResponseReturnValue:
    return _post(Shape(), lambda _: press(forms.request_key()), decision_id, told)


def _post(schema: Shape, act: Act, decision_id: int, told: str) -> ResponseReturnValue:
    return post(
        schema, act, lambda form: _decision(decision_id, form), told,
        "deliberation.decision", decision_id=decision_id,
    )  # fmt: skip


def _decision(decision_id: int, form: forms.Form) -> str:
    actor = the_actor()
    found = queries.get_decision(db.session, actor, decision_id)
    objections = []
    if found.notice_id is not None:
        objections = notices.objections_of(db.session, actor.community_id, found.notice_id)
    meeting = get_meeting(db.session, actor, found.meeting_id)
    return render_template(
        "deliberation/decision.html",
        form=form,
        decision=found,
        notes=queries.notes_of(db.session, actor, decision_id),
        objections=objections,
        open_objections=sum(1 for each in objections if each.outcome is None),
        people=_people(meeting.body_id),
        meeting=meeting,
    )


def _new(motion_id: int, form: forms.Form) -> str:
    actor = the_actor()
    found = get_motion(db.session, actor, motion_id)
    meeting = get_meeting(db.session, actor, found.meeting_id)
    return render_template(
        "deliberation/decision_new.html",
        form=form,
        motion=found,
        people=_people(meeting.body_id),
    )


def _people(body_id: int) -> list[tuple[int, str]]:
    actor = the_actor()
    terms = members(db.session, actor, body_id)
    found = {each.person_id: each.name for each in terms if each.phase is not TermPhase.OVER}
    if actor.person_id is not None and actor.may(permissions.CONVENE.code):
        found.setdefault(actor.person_id, gettext("我自己"))
    return list(found.items())
