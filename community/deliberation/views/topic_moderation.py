"""The moderator's desk: what was flagged, hiding with a public reason, appeals."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.deliberation import permissions
from community.deliberation.queries import discussion, moderation
from community.deliberation.rules.discussion import FlagReason
from community.deliberation.schemas import topics as schemas
from community.deliberation.service import appealing, moderating
from community.deliberation.views.blueprint import views
from community.deliberation.views.topic_words import options_of
from community.kernel.db import write
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db


@views.get("/desk/topics/flags")
@needs(permissions.MODERATE)
def desk_flags() -> str:
    """List what was flagged, the longest wait first."""
    found = moderation.flagged(db.session, the_actor())
    return render_template("deliberation/desk_flags.html", flagged=found)


@views.get("/desk/topics/<int:topic_id>/moderate")
@needs(permissions.MODERATE)
def moderate(topic_id: int) -> str:
    """Look at a topic, or an argument in it, with its author's name."""
    return _moderate(topic_id, forms.Form())


@views.post("/desk/topics/<int:topic_id>/hide")
@needs(permissions.MODERATE)
def hide(topic_id: int) -> ResponseReturnValue:
    """Hide it with a public reason."""

    def act(values: dict[str, Any]) -> Any:
        given = (topic_id, values["reason"], values["words"], values["argument_id"])
        write(moderating.hide, the_actor(), *given, request_key=forms.request_key())

    return _press(topic_id, schemas.HideForm(), act, gettext("已隐藏，理由已公开。"))


@views.post("/desk/topics/<int:topic_id>/restore")
@needs(permissions.MODERATE)
def restore(topic_id: int) -> ResponseReturnValue:
    """Show it again."""

    def act(values: dict[str, Any]) -> Any:
        given = (topic_id, values["words"], values["argument_id"])
        write(moderating.restore, the_actor(), *given, request_key=forms.request_key())

    return _press(topic_id, schemas.ModerateForm(), act, gettext("已恢复显示。"))


@views.post("/desk/topics/<int:topic_id>/remark")
@needs(permissions.MODERATE)
def remark(topic_id: int) -> ResponseReturnValue:
    """Put a remark under it."""

    def act(values: dict[str, Any]) -> Any:
        given = (topic_id, values["words"], values["argument_id"])
        write(moderating.remark, the_actor(), *given, request_key=forms.request_key())

    return _press(topic_id, schemas.ModerateForm(), act, gettext("提醒已公开。"))


@views.post("/desk/topics/<int:topic_id>/dismiss-flags")
@needs(permissions.MODERATE)
def dismiss_flags(topic_id: int) -> ResponseReturnValue:
    """Find nothing wrong with it."""

    def act(values: dict[str, Any]) -> Any:
        given = (topic_id, values["words"], values["argument_id"])
        write(moderating.dismiss_flags, the_actor(), *given, request_key=forms.request_key())

    return _press(topic_id, schemas.ModerateForm(), act, gettext("已答复举报的人。"))


@views.get("/desk/topics/appeals")
@needs(permissions.DECIDE_APPEAL)
def desk_appeals() -> str:
    """List appeals by their due day."""
    return _appeals(forms.Form())


@views.post("/desk/topics/appeals/<int:appeal_id>")
@needs(permissions.DECIDE_APPEAL)
def decide_appeal(appeal_id: int) -> ResponseReturnValue:
    """Decide an appeal."""

    def act(values: dict[str, Any]) -> Any:
        given = (appeal_id, values["restores"], values["words"])
        write(appealing.decide_appeal, the_actor(), *given, request_key=forms.request_key())

    def done(_: None) -> ResponseReturnValue:
        flash(gettext("已决定，并已通知申诉人。"))
        return redirect(url_for("deliberation.desk_appeals"), 303)

    return forms.submit(schemas.DecideForm(), act, _appeals, done)


def _moderate(topic_id: int, form: forms.Form) -> str:
    actor = the_actor()
    asked = forms.read_number(str(form.value("argument_id"))) or forms.asked_number("argument")
    found = discussion.get_discussion(db.session, actor, topic_id)
    acts = found.acts
    if asked:
        acts = discussion.get_argument(db.session, actor, topic_id, asked).acts
    return render_template(
        "deliberation/moderate.html",
        form=form,
        target=moderation.get_flagged(db.session, actor, topic_id, asked),
        acts=acts,
        reasons=options_of(FlagReason),
    )


def _appeals(form: forms.Form) -> str:
    found = moderation.appeals(db.session, the_actor())
    return render_template("deliberation/desk_appeals.html", form=form, appeals=found)


def _press(topic_id: int, shape: Any, act: Any, sentence: str) -> ResponseReturnValue:
    def done(_: Any) -> ResponseReturnValue:
        flash(sentence)
        return redirect(url_for("deliberation.desk_flags"), 303)

    return forms.submit(shape, act, lambda form: _moderate(topic_id, form), done)
