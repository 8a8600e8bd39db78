"""Money at the desk: the street's slips, residents' payments, donors' matching gifts."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import files
from community.kernel.db import write
from community.micro_projects import permissions
from community.micro_projects.errors.funding import SlipPaperMissing
from community.micro_projects.schemas import projects as schemas
from community.micro_projects.service import granting, pledging
from community.micro_projects.views.blueprint import views
from community.micro_projects.views.project_desk import press_at_desk
from community.web import forms
from community.web.access import needs, the_actor
from community.web.stored_files import read_upload


@views.post("/desk/projects/<int:project_id>/slips")
@needs(permissions.REVIEW)
def grant_slip(project_id: int) -> ResponseReturnValue:
    """Enter fiscal money by its slip."""

    def act(values: dict[str, Any]) -> Any:
        sent = read_upload("paper")
        if sent is None:
            raise SlipPaperMissing
        given = (
            project_id, values["number"], values["amount_fen"], values["granted_on"],
            files.take_in(sent),
        )  # fmt: skip
        return write(granting.grant_slip, the_actor(), *given, request_key=forms.request_key())

    return press_at_desk(project_id, schemas.SlipForm(), act, gettext("拨付已登记并公开。"))


@views.post("/desk/projects/<int:project_id>/pledges")
@needs(permissions.RUN)
def record_pledge(project_id: int) -> ResponseReturnValue:
    """Write down a pledge for a resident without a phone."""

    def act(values: dict[str, Any]) -> Any:
        given = (project_id, values["person_id"], values["amount_fen"])
        return write(pledging.record_pledge, the_actor(), *given, request_key=forms.request_key())

    return press_at_desk(project_id, schemas.RecordPledgeForm(), act, gettext("认筹已登记。"))


@views.post("/desk/projects/<int:project_id>/pledges/<int:pledge_id>/take")
@needs(permissions.RUN)
def take_pledge(project_id: int, pledge_id: int) -> ResponseReturnValue:
    """Enter a pledge as paid."""

    def act(_: dict[str, Any]) -> Any:
        key = forms.request_key()
        return write(pledging.take_pledge, the_actor(), pledge_id, request_key=key)

    return press_at_desk(project_id, schemas.Nothing(), act, gettext("收款已记入项目账。"))


@views.post("/desk/projects/<int:project_id>/donations")
@needs(permissions.RUN)
def note_donation(project_id: int) -> ResponseReturnValue:
    """Note a donor's promise."""

    def act(values: dict[str, Any]) -> Any:
        given = (project_id, values["donor"], values["match_bp"], values["most_fen"])
        return write(granting.note_donation, the_actor(), *given, request_key=forms.request_key())

    return press_at_desk(project_id, schemas.DonationForm(), act, gettext("配捐承诺已登记。"))


@views.post("/desk/projects/<int:project_id>/donations/<int:donation_id>")
@needs(permissions.RUN)
def receive_donation(project_id: int, donation_id: int) -> ResponseReturnValue:
    """Enter what a donor paid."""

    def act(values: dict[str, Any]) -> Any:
        given = (donation_id, values["amount_fen"])
        key = forms.request_key()
        return write(granting.receive_donation, the_actor(), *given, request_key=key)

    return press_at_desk(project_id, schemas.PledgeForm(), act, gettext("配捐已记入项目账。"))
