"""Awards for everybody: who does the work, why, until when one may object, and the answers."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import clock
from community.kernel import db as kernel_db
from community.micro_projects import permissions
from community.micro_projects.queries import award_pages
from community.micro_projects.queries.complaints import complaints_of, open_complaints
from community.micro_projects.queries.money import holds_of
from community.micro_projects.queries.suppliers import open_appeals, own_supplier
from community.micro_projects.rules.awards import AwardState
from community.micro_projects.rules.complaints import COMPLAINT_GROUND_TITLES, REMEDY_TITLES
from community.micro_projects.schemas import awards as schemas
from community.micro_projects.schemas.suppliers import ButtonForm
from community.micro_projects.service import awards, complaints
from community.micro_projects.views.award_words import options
from community.micro_projects.views.blueprint import views
from community.micro_projects.views.pressing import press
from community.web import forms
from community.web.access import needs, public, the_actor
from community.web.extensions import db


@views.get("/projects/awards")
@public
def award_list() -> str:
    """List the newest awards."""
    return render_template(
        "micro_projects/awards.html", awards=award_pages.award_list(db.session, the_actor())
    )


@views.get("/projects/awards/<int:award_id>")
@public
def award(award_id: int) -> str:
    """Show an award."""
    return _one(award_id, forms.Form())


@views.post("/projects/awards/<int:award_id>/object")
@needs(permissions.OBJECT)
def object_to(award_id: int) -> ResponseReturnValue:
    """Object to an award."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            complaints.object_to,
            the_actor(),
            award_id,
            values["ground"],
            values["words"],
            request_key=forms.request_key(),
        )

    told = gettext("异议已提交，会在期限内公开答复。")
    return _press(schemas.ObjectForm(), act, award_id, told)


@views.post("/projects/awards/<int:award_id>/complaints/<int:complaint_id>/withdraw")
@needs(permissions.OBJECT)
def withdraw_complaint(award_id: int, complaint_id: int) -> ResponseReturnValue:
    """Take one's own objection back."""

    def act(_: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(complaints.withdraw_complaint, the_actor(), complaint_id, request_key=key)

    return _press(ButtonForm(), act, award_id, gettext("已撤回。"))


@views.post("/projects/awards/<int:award_id>/complaints/<int:complaint_id>/complain")
@needs(permissions.OBJECT)
def complain(award_id: int, complaint_id: int) -> ResponseReturnValue:
    """Complain to the street after an objection."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            complaints.complain,
            the_actor(),
            complaint_id,
            values["words"],
            request_key=forms.request_key(),
        )

    return _press(schemas.ComplainForm(), act, award_id, gettext("投诉已提交街道。"))


@views.post("/projects/awards/<int:award_id>/complaints/<int:complaint_id>/answer")
@needs(permissions.READ)
def answer_complaint(award_id: int, complaint_id: int) -> ResponseReturnValue:
    """Answer an objection or a complaint."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            complaints.answer_complaint,
            the_actor(),
            complaint_id,
            values["verdict"],
            request_key=forms.request_key(),
        )

    return _press(schemas.VerdictForm(), act, award_id, gettext("已答复并公开。"))


@views.post("/projects/awards/<int:award_id>/refuse")
@needs(permissions.SUPPLY)
def refuse_award(award_id: int) -> ResponseReturnValue:
    """Let the winner say that it does not take the award."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            awards.refuse_award,
            the_actor(),
            award_id,
            values["words"],
            request_key=forms.request_key(),
        )

    return _press(schemas.WordsForm(), act, award_id, gettext("已记录放弃中选。"))


@views.post("/desk/awards/<int:award_id>/final")
@needs(permissions.AWARD)
def finalize_award(award_id: int) -> ResponseReturnValue:
    """Let an award be final."""

    def act(_: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(awards.finalize_award, the_actor(), award_id, request_key=key)

    return _press(ButtonForm(), act, award_id, gettext("结果已确定，中选金额已预留。"))


@views.post("/desk/awards/<int:award_id>/refusal")
@needs(permissions.AWARD)
def record_refusal(award_id: int) -> ResponseReturnValue:
    """Write down that the winner does not sign."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            awards.record_refusal,
            the_actor(),
            award_id,
            values["words"],
            request_key=forms.request_key(),
        )

    return _press(schemas.WordsForm(), act, award_id, gettext("已记录，可以办理下一名。"))


@views.post("/desk/awards/<int:award_id>/cancel")
@needs(permissions.AWARD)
def cancel_award(award_id: int) -> ResponseReturnValue:
    """Cancel an award before its contract."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            awards.cancel_award,
            the_actor(),
            award_id,
            values["words"],
            request_key=forms.request_key(),
        )

    return _press(schemas.WordsForm(), act, award_id, gettext("结果已撤销。"))


@views.get("/desk/complaints")
@needs(permissions.READ)
def desk_complaints() -> str:
    """List the objections, complaints and appeals that wait, the first due first."""
    return render_template(
        "micro_projects/desk_complaints.html",
        complaints=open_complaints(db.session, the_actor()),
        appeals=open_appeals(db.session, the_actor().community_id),
    )


def _press(schema: Any, act: Any, award_id: int, told: str) -> ResponseReturnValue:
    return press(
        schema,
        act,
        lambda form: _one(award_id, form),
        told,
        lambda _: url_for("micro_projects.award", award_id=award_id),
    )


def _one(award_id: int, form: forms.Form) -> str:
    actor = the_actor()
    found = award_pages.award_page(db.session, actor, award_id)
    own = own_supplier(db.session, actor)
    said = complaints_of(db.session, actor, award_id)
    is_over = found.standstill_until is not None and clock.now() >= found.standstill_until
    stands = found.state in {AwardState.PENDING, AwardState.ACTIVE}
    held = [
        each
        for each in holds_of(db.session, actor.community_id, found.project_id)
        if each.award_id == award_id
    ]
    return render_template(
        "micro_projects/award.html",
        award=found,
        form=form,
        complaints=said,
        today=clock.today(),
        complained={each.after_id for each in said if each.after_id},
        is_over=is_over,
        stands=stands,
        may_object=stands and not is_over and actor.may(permissions.OBJECT.code),
        may_run=actor.may(permissions.AWARD.code),
        may_rule=actor.may(permissions.REVIEW.code),
        is_winner=own is not None and own.organization_id == found.organization_id,
        held=held[0] if held else None,
        grounds=options(COMPLAINT_GROUND_TITLES),
        remedies=options(REMEDY_TITLES),
    )
