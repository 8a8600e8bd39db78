"""The desk of conversations: open one, decide what is shown, close it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import Schema

from community.deliberation import permissions
from community.deliberation.queries import opinions as queries
from community.deliberation.rules.opinions import SMALLEST_GROUP, ViewpointState
from community.deliberation.schemas import opinions as schemas
from community.deliberation.service import opinion_maps as maps
from community.deliberation.service import opinions as service
from community.deliberation.views.blueprint import views
from community.kernel import clock
from community.kernel import db as kernel_db
from community.kernel.errors import N_
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db
from community.web.layout import DeskLink

USUAL_DAYS = 14


def count_due() -> int:
    """Count the viewpoints that wait for a moderator."""
    return queries.count_waiting(db.session, the_actor())


DESK = (
    DeskLink(
        N_("意见征集"),
        "deliberation.desk_conversations",
        permissions.READ.code,
        order=350,
        due=count_due,
        group=N_("议事"),
    ),
)


@views.get("/desk/opinions")
@needs(permissions.READ)
def desk_conversations() -> str:
    """List the conversations, with the form of a new one."""
    return _list(forms.Form())


@views.post("/desk/opinions")
@needs(permissions.CONVENE)
def open_conversation() -> ResponseReturnValue:
    """Open a conversation."""

    def act(values: dict[str, Any]) -> int:
        key = forms.request_key()
        made: int = kernel_db.write(
            service.open_conversation, the_actor(), values["draft"], request_key=key
        )
        return made

    return forms.submit(
        schemas.ConversationForm(),
        act,
        _list,
        lambda made: _told(gettext("征集已经开始，居民可以回答了。"), made),
    )


@views.get("/desk/opinions/<int:conversation_id>")
@needs(permissions.READ)
def desk_conversation(conversation_id: int) -> str:
    """Show a conversation: what waits first, then all viewpoints with their authors."""
    return _one(conversation_id, forms.Form())


@views.post("/desk/opinions/<int:conversation_id>/viewpoints/<int:viewpoint_id>")
@needs(permissions.MODERATE)
def decide_viewpoint(conversation_id: int, viewpoint_id: int) -> ResponseReturnValue:
    """Show, refuse or withdraw a viewpoint."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.decide_viewpoint,
            the_actor(),
            viewpoint_id,
            values["state"],
            values["reason"],
            request_key=forms.request_key(),
        )

    return _on(conversation_id, schemas.ViewpointDecisionForm(), act, gettext("已记下。"))


@views.post("/desk/opinions/<int:conversation_id>/closing")
@needs(permissions.CONVENE)
def change_closing(conversation_id: int) -> ResponseReturnValue:
    """Let a conversation run longer or shorter."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.change_closing,
            the_actor(),
            conversation_id,
            values["closes_at"],
            request_key=forms.request_key(),
        )

    return _on(conversation_id, schemas.ClosingForm(), act, gettext("截止时间已改。"))


@views.post("/desk/opinions/<int:conversation_id>/close")
@needs(permissions.CONVENE)
def close_conversation(conversation_id: int) -> ResponseReturnValue:
    """Close a conversation now."""

    def act(_: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(maps.close_conversation, the_actor(), conversation_id, request_key=key)

    told = gettext("已截止。正在画最后一张地图，画好后答卷去名公开。")
    return _on(conversation_id, schemas.NothingForm(), act, told)


@views.post("/desk/opinions/<int:conversation_id>/refresh")
@needs(permissions.CONVENE)
def refresh_map(conversation_id: int) -> ResponseReturnValue:
    """Have the map drawn anew, if enough people answered since."""

    def act(_: dict[str, Any]) -> int | None:
        key = forms.request_key()
        found: int | None = kernel_db.write(
            maps.refresh_map, the_actor(), conversation_id, request_key=key
        )
        return found

    def done(job_id: int | None) -> ResponseReturnValue:
        few = gettext("上次画图以来回答的人还不够多，画了会看出是谁答的；够了会自动重画。")
        return _told(gettext("正在重画，稍等片刻。") if job_id else few, conversation_id)

    return forms.submit(schemas.NothingForm(), act, lambda form: _one(conversation_id, form), done)


def _list(form: forms.Form) -> str:
    return render_template(
        "deliberation/desk_conversations.html",
        form=form,
        conversations=queries.conversations(db.session, the_actor()),
        usual_closing=clock.at(clock.today() + timedelta(days=USUAL_DAYS), 20),
        smallest_group=SMALLEST_GROUP,
    )


def _one(conversation_id: int, form: forms.Form) -> str:
    actor = the_actor()
    return render_template(
        "deliberation/desk_conversation.html",
        form=form,
        conversation=queries.get_conversation(db.session, actor, conversation_id),
        viewpoints=queries.viewpoints_to_decide(db.session, actor, conversation_id),
        states=ViewpointState,
    )


def _on(
    conversation_id: int, schema: Schema, act: Callable[[dict[str, Any]], None], told: str
) -> ResponseReturnValue:
    return forms.submit(
        schema,
        act,
        lambda form: _one(conversation_id, form),
        lambda _: _told(told, conversation_id),
    )


def _told(sentence: str, conversation_id: int) -> ResponseReturnValue:
    flash(sentence)
    return redirect(url_for("deliberation.desk_conversation", conversation_id=conversation_id), 303)
