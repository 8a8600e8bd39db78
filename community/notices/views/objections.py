"""Objecting to a notice, and answering at the desk."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel.db import write
from community.kernel.errors import NotFound
from community.notices import permissions, service
from community.notices.queries import ObjectionView, due_objections, get_notice
from community.notices.rules import ANSWER_WORKING_DAYS, OUTCOME_TITLES
from community.notices.schemas import AnswerForm, ObjectionForm
from community.notices.views.blueprint import names_of, views
from community.web import forms
from community.web.access import community, needs, the_actor
from community.web.extensions import db


@views.get("/notices/<int:notice_id>/objection")
@needs(permissions.OBJECT)
def objection(notice_id: int) -> str:
    """Show the form for an objection."""
    return _objection(notice_id, forms.Form())


@views.post("/notices/<int:notice_id>/objection")
@needs(permissions.OBJECT)
def raise_objection(notice_id: int) -> ResponseReturnValue:
    """Object."""

    def act(values: dict[str, Any]) -> int:
        raised: int = write(
            service.raise_objection,
            the_actor(),
            notice_id,
            values["reason"],
            request_key=forms.request_key(),
        )
        return raised

    def done(_: int) -> ResponseReturnValue:
        flash(
            gettext("异议已提交，%(days)s 个工作日内答复，您会收到消息。", days=ANSWER_WORKING_DAYS)
        )
        return redirect(url_for("notices.notice", notice_id=notice_id), 303)

    return forms.submit(ObjectionForm(), act, lambda form: _objection(notice_id, form), done)


def _objection(notice_id: int, form: forms.Form) -> str:
    found = get_notice(db.session, community.id, notice_id)
    return render_template(
        "notices/objection.html", notice=found, form=form, days=ANSWER_WORKING_DAYS
    )


@views.get("/desk/objections/<int:objection_id>")
@needs(permissions.ANSWER)
def answer(objection_id: int) -> str:
    """Show an objection that waits for its answer."""
    return _answer(_waiting(objection_id), forms.Form())


@views.post("/desk/objections/<int:objection_id>")
@needs(permissions.ANSWER)
def answer_objection(objection_id: int) -> ResponseReturnValue:
    """Answer an objection."""

    def act(values: dict[str, Any]) -> None:
        write(
            service.answer_objection,
            the_actor(),
            objection_id,
            values["outcome"],
            values["answer"],
            request_key=forms.request_key(),
        )

    def done(_: None) -> ResponseReturnValue:
        flash(gettext("答复已公开，提出人会收到消息。"))
        return redirect(url_for("notices.desk"), 303)

    def again(form: forms.Form) -> str:
        return _answer(_waiting(objection_id), form)

    return forms.submit(AnswerForm(), act, again, done)


def _waiting(objection_id: int) -> ObjectionView:
    for each in due_objections(db.session, community.id):
        if each.id == objection_id:
            return each
    raise NotFound


def _answer(objection: ObjectionView, form: forms.Form) -> str:
    return render_template(
        "notices/answer.html",
        objection=objection,
        notice=get_notice(db.session, community.id, objection.notice_id),
        people=names_of([objection]),
        form=form,
        outcomes=[(each.value, gettext(title)) for each, title in OUTCOME_TITLES.items()],
    )
