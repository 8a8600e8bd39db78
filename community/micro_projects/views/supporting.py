"""What neighbours do on a project's page: endorse, pledge, and agree to a merger."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel.db import write
from community.micro_projects import permissions
from community.micro_projects.schemas import projects as schemas
from community.micro_projects.service import endorsing, merging, pledging
from community.micro_projects.views.blueprint import views
from community.micro_projects.views.projects import press_on_project
from community.web import forms
from community.web.access import needs, the_actor


@views.post("/projects/<int:project_id>/endorse")
@needs(permissions.PROPOSE)
def endorse_project(project_id: int) -> ResponseReturnValue:
    """Stand behind a project."""

    def act(_: dict[str, Any]) -> Any:
        key = forms.request_key()
        return write(endorsing.endorse_project, the_actor(), project_id, request_key=key)

    return press_on_project(project_id, schemas.Nothing(), act, gettext("已附议，谢谢支持。"))


@views.post("/projects/<int:project_id>/endorse/withdraw")
@needs(permissions.PROPOSE)
def withdraw_endorsement(project_id: int) -> ResponseReturnValue:
    """Stand behind it no longer."""

    def act(_: dict[str, Any]) -> Any:
        key = forms.request_key()
        return write(endorsing.withdraw_endorsement, the_actor(), project_id, request_key=key)

    return press_on_project(project_id, schemas.Nothing(), act, gettext("已取消附议。"))


@views.post("/projects/<int:project_id>/pledge")
@needs(permissions.PROPOSE)
def pledge_money(project_id: int) -> ResponseReturnValue:
    """Promise money."""

    def act(values: dict[str, Any]) -> Any:
        given = (project_id, values["amount_fen"])
        return write(pledging.pledge_money, the_actor(), *given, request_key=forms.request_key())

    done = gettext("已认筹。表决通过并达到目标后才收款，没有办成会全额退款。")
    return press_on_project(project_id, schemas.PledgeForm(), act, done)


@views.post("/projects/<int:project_id>/pledge/withdraw")
@needs(permissions.PROPOSE)
def withdraw_pledge(project_id: int) -> ResponseReturnValue:
    """Take a promise back."""

    def act(_: dict[str, Any]) -> Any:
        key = forms.request_key()
        return write(pledging.withdraw_pledge, the_actor(), project_id, request_key=key)

    return press_on_project(project_id, schemas.Nothing(), act, gettext("认筹已撤回。"))


@views.post("/projects/<int:project_id>/merge")
@needs(permissions.PROPOSE)
def propose_merge(project_id: int) -> ResponseReturnValue:
    """Propose that a project go into another."""

    def act(values: dict[str, Any]) -> Any:
        given = (project_id, values["into_id"], values["reason"])
        return write(merging.propose_merge, the_actor(), *given, request_key=forms.request_key())

    done = gettext("已提议合并，等提出人同意。")
    return press_on_project(project_id, schemas.MergeForm(), act, done)


@views.post("/projects/<int:project_id>/merges/<int:merge_id>")
@needs(permissions.PROPOSE)
def answer_merge(project_id: int, merge_id: int) -> ResponseReturnValue:
    """Agree to a merger of one's own idea, or decline it."""

    def act(values: dict[str, Any]) -> Any:
        given = (merge_id, values["agrees"])
        return write(merging.answer_merge, the_actor(), *given, request_key=forms.request_key())

    return press_on_project(project_id, schemas.ConsentForm(), act, gettext("已回复。"))
