"""Applications to join: anybody may ask, the office decides."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.identity import service
from community.identity.permissions import DECIDE_JOINING, SEE_PEOPLE
from community.identity.queries.joining import applications as waiting_applications
from community.identity.queries.places import households
from community.identity.schemas.people import HouseholdForm, ReasonForm
from community.identity.schemas.signing_in import JoiningForm
from community.identity.views.blueprint import IN_COMMUNITY, views
from community.kernel.db import write
from community.web import forms
from community.web.access import needs, public, the_actor
from community.web.extensions import db


def _join(form: forms.Form) -> str:
    return render_template("identity/sign_in/join.html", form=form)


@views.get(f"{IN_COMMUNITY}/join")
@public
def join() -> ResponseReturnValue:
    """Ask for the data of somebody who wants to join."""
    return _join(forms.Form())


@views.post(f"{IN_COMMUNITY}/join")
@public
def apply_to_join() -> ResponseReturnValue:
    """Ask the office to be taken in."""

    def act(values: dict[str, Any]) -> Any:
        return write(
            service.apply_to_join,
            the_actor(),
            values["name"],
            values["birth_year"],
            values["number"],
            values["address"],
            values["words"],
            request_key=forms.request_key(),
        )

    def done(_: object) -> ResponseReturnValue:
        flash(gettext("申请已送到社区服务台，一般 3 个工作日内答复。"))
        return redirect(url_for("identity.sign_in"), 303)

    return forms.submit(JoiningForm(), act, _join, done)


def _applications(form: forms.Form) -> str:
    here = the_actor().community_id
    homes = [
        (str(each.id), f"{each.building} {each.unit}") for each in households(db.session, here)
    ]
    return render_template(
        "identity/people/applications.html",
        form=form,
        waiting=waiting_applications(db.session, here),
        homes=homes,
    )


@views.get(f"{IN_COMMUNITY}/applications")
@needs(SEE_PEOPLE)
def applications() -> ResponseReturnValue:
    """Show who waits to be taken in."""
    return _applications(forms.Form())


@views.post(f"{IN_COMMUNITY}/applications/<int:application_id>/approve")
@needs(DECIDE_JOINING)
def approve_application(application_id: int) -> ResponseReturnValue:
    """Take an applicant in."""

    def act(values: dict[str, Any]) -> Any:
        return write(
            service.approve_application,
            the_actor(),
            application_id,
            values["household_id"],
            request_key=forms.request_key(),
        )

    def done(person_id: int) -> ResponseReturnValue:
        flash(gettext("已同意加入。对方现在可以用登记的手机号登录。"))
        return redirect(url_for("identity.person", person_id=person_id), 303)

    return forms.submit(HouseholdForm(), act, _applications, done)


@views.post(f"{IN_COMMUNITY}/applications/<int:application_id>/reject")
@needs(DECIDE_JOINING)
def reject_application(application_id: int) -> ResponseReturnValue:
    """Turn an application down."""

    def act(values: dict[str, Any]) -> Any:
        key = forms.request_key()
        return write(
            service.reject_application,
            the_actor(),
            application_id,
            values["reason"],
            request_key=key,
        )

    def done(_: None) -> ResponseReturnValue:
        flash(gettext("已退回申请。"))
        return redirect(url_for("identity.applications"), 303)

    return forms.submit(ReasonForm(), act, _applications, done)
