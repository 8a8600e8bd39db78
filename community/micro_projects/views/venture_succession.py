"""The desk's pages of what a broken-off venture project left: who is given it."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel.db import write
from community.micro_projects import permissions
from community.micro_projects.schemas import venture as schemas
from community.micro_projects.schemas.suppliers import ButtonForm
from community.micro_projects.service import venture_succession as service
from community.micro_projects.views.blueprint import views
from community.micro_projects.views.pressing import press
from community.micro_projects.views.venture_desk import desk_address, show_desk
from community.web import forms
from community.web.access import needs, the_actor

_ONE = "/desk/calls/<int:call_id>/applications/<int:application_id>/successors"


@views.post(_ONE)
@needs(permissions.KEEP_CALLS)
def name_successors(call_id: int, application_id: int) -> ResponseReturnValue:
    """Choose who is given what a broken-off project left."""

    def act(values: dict[str, Any]) -> Any:
        given = (application_id, values["choices"])
        return write(service.name_successors, the_actor(), *given, request_key=forms.request_key())

    return _press(schemas.ChoiceForm(), act, call_id, gettext("接续项目已公示。"))


@views.post(f"{_ONE}/confirm")
@needs(permissions.KEEP_CALLS)
def confirm_successors(call_id: int, application_id: int) -> ResponseReturnValue:
    """Let those named become projects before the street."""

    def act(_: dict[str, Any]) -> Any:
        key = forms.request_key()
        return write(service.confirm_successors, the_actor(), application_id, request_key=key)

    return _press(ButtonForm(), act, call_id, gettext("接续项目已立项，送街道审核。"))


@views.post(f"{_ONE}/drop")
@needs(permissions.KEEP_CALLS)
def drop_successors(call_id: int, application_id: int) -> ResponseReturnValue:
    """Take a naming back."""

    def act(values: dict[str, Any]) -> None:
        given = (application_id, values["reason"])
        write(service.drop_successors, the_actor(), *given, request_key=forms.request_key())

    return _press(schemas.CallReasonForm(), act, call_id, gettext("已撤回，请另选接续项目。"))


def _press(schema: Any, act: Any, call_id: int, told: str) -> ResponseReturnValue:
    return press(
        schema, act, lambda form: show_desk(call_id, form), told, lambda _: desk_address(call_id)
    )
