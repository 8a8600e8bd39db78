"""Putting oneself forward as a juror, and the desk's lot among those who did."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel.db import write
from community.micro_projects import permissions
from community.micro_projects.schemas import awards as schemas
from community.micro_projects.schemas.suppliers import ButtonForm
from community.micro_projects.service import venture_lots as service
from community.micro_projects.views.blueprint import views
from community.micro_projects.views.pressing import press
from community.micro_projects.views.venture_desk import desk_address, show_desk
from community.micro_projects.views.venture_pages import show_call
from community.web import forms
from community.web.access import needs, the_actor


@views.post("/projects/calls/<int:call_id>/jury-offer")
@needs(permissions.PROPOSE)
def offer_to_judge(call_id: int) -> ResponseReturnValue:
    """Put oneself forward as a juror."""

    def act(_: dict[str, Any]) -> None:
        write(service.offer_to_judge, the_actor(), call_id, request_key=forms.request_key())

    return _press(act, call_id, gettext("已自荐。抽中会通知您；抽签名单公布以前可以收回。"))


@views.post("/projects/calls/<int:call_id>/jury-offer/take-back")
@needs(permissions.PROPOSE)
def take_offer_back(call_id: int) -> ResponseReturnValue:
    """Take one's offer back."""

    def act(_: dict[str, Any]) -> None:
        write(service.take_offer_back, the_actor(), call_id, request_key=forms.request_key())

    return _press(act, call_id, gettext("已收回自荐。"))


@views.post("/desk/calls/<int:call_id>/lot")
@needs(permissions.KEEP_CALLS)
def publish_jury_list(call_id: int) -> ResponseReturnValue:
    """Publish who may be drawn, and where the seed comes from."""

    def act(values: dict[str, Any]) -> Any:
        given = (call_id, values["plan"])
        key = forms.request_key()
        return write(service.publish_jury_list, the_actor(), *given, request_key=key)

    return press(
        schemas.LotSeedForm(),
        act,
        lambda form: show_desk(call_id, form),
        gettext("名单指纹已公布，等种子出来再抽。"),
        lambda _: desk_address(call_id),
    )


@views.post("/desk/calls/<int:call_id>/lots/<int:lot_id>")
@needs(permissions.KEEP_CALLS)
def draw_jury(call_id: int, lot_id: int) -> ResponseReturnValue:
    """Draw the residents' seats."""

    def act(values: dict[str, Any]) -> Any:
        given = (lot_id, values["number"])
        return write(service.draw_jury, the_actor(), *given, request_key=forms.request_key())

    return press(
        schemas.LotDrawForm(),
        act,
        lambda form: show_desk(call_id, form),
        gettext("已抽出，并已通知评委。"),
        lambda _: desk_address(call_id),
    )


def _press(act: Any, call_id: int, told: str) -> ResponseReturnValue:
    def done(_: Any) -> ResponseReturnValue:
        flash(told)
        return redirect(url_for("micro_projects.call", call_id=call_id), 303)

    return forms.submit(ButtonForm(), act, lambda form: show_call(call_id, form), done)
