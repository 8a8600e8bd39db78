"""四议两公开 and 规约: pages for everybody, and the desk's forms."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.deliberation import permissions
from community.deliberation.queries import bylaws as bylaw_queries
from community.deliberation.queries import processes as queries
from community.deliberation.rules.bylaws import join_clauses
from community.deliberation.rules.processes import ORDER, Thresholds
from community.deliberation.schemas import decisions as schemas
from community.deliberation.service import bylaws as bylaw_service
from community.deliberation.service import processes as service
from community.deliberation.views.blueprint import views
from community.deliberation.views.meeting_words import meeting_word, post, taken_photo
from community.kernel import clock
from community.kernel.db import write
from community.web import forms
from community.web.access import needs, public, the_actor
from community.web.extensions import db
from community.web.stored_files import send_stored_file


@views.get("/processes")
@public
def processes() -> str:
    """List the matters on their way through the six steps."""
    return _list(forms.Form())


@views.post("/processes")
@needs(permissions.CONVENE)
def begin_process() -> ResponseReturnValue:
    """Begin a matter."""

    def act(values: dict[str, Any]) -> None:
        said = values["title"], values["words"], values["thresholds"], values["subject"]
        write(service.begin_process, the_actor(), *said, request_key=forms.request_key())

    told = gettext("已开始。请按顺序记录六步。")
    return post(schemas.ProcessForm(), act, _list, told, "deliberation.processes")


@views.get("/processes/<int:process_id>")
@public
def process(process_id: int) -> str:
    """Show a matter with each step's counts."""
    return _process(process_id, forms.Form())


@views.post("/processes/<int:process_id>/steps")
@needs(permissions.CONVENE)
def record_step(process_id: int) -> ResponseReturnValue:
    """Record the next step."""

    def act(values: dict[str, Any]) -> None:
        paper, key = taken_photo(is_sealed=True), forms.request_key()
        write(
            service.record_step, the_actor(), process_id, values["report"], paper,
            request_key=key,
        )  # fmt: skip

    told = gettext("这一步已记录并进入公开记录。")
    return post(
        schemas.StepForm(), act, lambda form: _process(process_id, form), told,
        "deliberation.process", process_id=process_id,
    )  # fmt: skip


@views.get("/processes/<int:process_id>/steps/<int:position>/paper")
@needs(permissions.READ)
def process_paper(process_id: int, position: int) -> ResponseReturnValue:
    """Show the photo of a step's signed paper."""
    return send_stored_file(queries.get_step_paper(db.session, the_actor(), process_id, position))


@views.get("/bylaws")
@public
def bylaws() -> str:
    """List 管理规约 and 议事规则."""
    return _bylaws(forms.Form())


@views.post("/bylaws")
@needs(permissions.CONVENE)
def begin_bylaw() -> ResponseReturnValue:
    """Begin a text with its first draft."""

    def act(values: dict[str, Any]) -> None:
        said = values["kind"], values["title"], values["text"], values["reason"]
        write(bylaw_service.begin_bylaw, the_actor(), *said, request_key=forms.request_key())

    told = gettext("草案已公开。通过之后才生效。")
    return post(schemas.BylawForm(), act, _bylaws, told, "deliberation.bylaws")


@views.get("/bylaws/<int:bylaw_id>")
@public
def bylaw(bylaw_id: int) -> str:
    """Show the text in force, and its versions."""
    return _bylaw(bylaw_id, forms.Form())


@views.get("/bylaws/<int:bylaw_id>/versions/<int:number>")
@public
def bylaw_version(bylaw_id: int, number: int) -> str:
    """Show what a version changes."""
    found = bylaw_queries.compare_version(db.session, the_actor(), bylaw_id, number)
    return render_template("deliberation/bylaw_version.html", told=found)


@views.post("/bylaws/<int:bylaw_id>/draft")
@needs(permissions.CONVENE)
def draft_version(bylaw_id: int) -> ResponseReturnValue:
    """Write the draft anew."""

    def act(values: dict[str, Any]) -> None:
        said, key = (values["text"], values["reason"]), forms.request_key()
        write(bylaw_service.draft_version, the_actor(), bylaw_id, *said, request_key=key)

    told = gettext("草案已公开。")
    return post(
        schemas.DraftForm(), act, lambda form: _bylaw(bylaw_id, form), told,
        "deliberation.bylaw", bylaw_id=bylaw_id,
    )  # fmt: skip


@views.post("/bylaws/<int:bylaw_id>/adopt")
@needs(permissions.CONVENE)
def adopt_version(bylaw_id: int) -> ResponseReturnValue:
    """Let the draft be in force."""

    def act(values: dict[str, Any]) -> None:
        by = values["poll_id"], values["motion_id"], values["adopted_by_words"]
        key = forms.request_key()
        write(bylaw_service.adopt_version, the_actor(), bylaw_id, *by, request_key=key)

    told = gettext("新的一版已生效，并进入公开记录。")
    return post(
        schemas.AdoptForm(), act, lambda form: _bylaw(bylaw_id, form), told,
        "deliberation.bylaw", bylaw_id=bylaw_id,
    )  # fmt: skip


def _list(form: forms.Form) -> str:
    return render_template(
        "deliberation/processes.html",
        form=form,
        processes=queries.processes(db.session, the_actor()),
        usual=Thresholds(),
    )


def _process(process_id: int, form: forms.Form) -> str:
    found = queries.get_process(db.session, the_actor(), process_id)
    return render_template(
        "deliberation/process.html",
        form=form,
        process=found,
        stations=[(meeting_word("station", step), found.station(step)) for step in ORDER],
        meets=found.next_step is not None
        and found.next_step.value not in {"post_decision", "post_result"},
        today=clock.today(),
    )


def _bylaws(form: forms.Form) -> str:
    found = bylaw_queries.bylaws(db.session, the_actor())
    return render_template("deliberation/bylaws.html", form=form, bylaws=found)


def _bylaw(bylaw_id: int, form: forms.Form) -> str:
    found = bylaw_queries.get_bylaw(db.session, the_actor(), bylaw_id)
    edited = found.draft or found.adopted
    return render_template(
        "deliberation/bylaw.html",
        form=form,
        bylaw=found,
        text=join_clauses(edited.clauses) if edited else "",
    )
