"""The desk's page for a residents' group without a phone: what it wrote and signed on paper."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import identity
from community.kernel import files
from community.kernel.db import write
from community.micro_projects import permissions
from community.micro_projects.errors.venture import SignedPaperMissing
from community.micro_projects.queries import venture_applications
from community.micro_projects.schemas import venture as schemas
from community.micro_projects.service import venture_applications as service
from community.micro_projects.views.blueprint import views
from community.micro_projects.views.venture_pages import application_facts
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db
from community.web.stored_files import read_upload, send_stored_file


@views.get("/desk/calls/<int:call_id>/applications/new")
@needs(permissions.KEEP_CALLS)
def new_paper_application(call_id: int) -> str:
    """Choose the group's lead, then enter what the paper says."""
    return _form(call_id, forms.Form())


@views.post("/desk/calls/<int:call_id>/applications/new")
@needs(permissions.KEEP_CALLS)
def record_application(call_id: int) -> ResponseReturnValue:
    """Enter it for the group and ask its sponsor."""

    def act(values: dict[str, Any]) -> Any:
        sent = read_upload("paper")
        if sent is None:
            raise SignedPaperMissing
        given = (call_id, values["person_id"], values["draft"], files.take_in(sent))
        key = forms.request_key()
        return write(service.record_application, the_actor(), *given, request_key=key)

    def done(made: int) -> ResponseReturnValue:
        flash(gettext("已录入，已请依托单位答复，并已通知负责人。"))
        return redirect(url_for("micro_projects.application", application_id=made), 303)

    return forms.submit(
        schemas.RecordApplicationForm(), act, lambda form: _form(call_id, form), done
    )


@views.get("/desk/calls/applications/<int:application_id>/paper")
@needs(permissions.READ)
def application_paper(application_id: int) -> Response:
    """Give the signed paper of an application."""
    return send_stored_file(venture_applications.paper_of(db.session, the_actor(), application_id))


def _form(call_id: int, form: forms.Form) -> str:
    actor = the_actor()
    asked = forms.read_number(str(form.value("person_id"))) or forms.asked_number("person")
    text = request.args.get("text", "").strip()[:40]
    return render_template(
        "micro_projects/desk_call_record.html",
        form=form,
        person=identity.get_person(db.session, actor.community_id, asked) if asked else None,
        text=text,
        people=identity.search_people(db.session, actor.community_id, text)[:12] if text else (),
        is_record=True,
        **application_facts(call_id, None),
    )
