"""Family and help (代办): relatives, asking, agreeing, acting for somebody, and what was done."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.identity import service
from community.identity.permissions import ASK_ACCESS
from community.identity.queries.help import accesses_of, acts_by, acts_for, bonds_of, named_wards
from community.identity.queries.people import people
from community.identity.queries.places import household_of, members_of
from community.identity.schemas.people import AccessForm, BondForm
from community.identity.views import words
from community.identity.views.account import own_id, session_id
from community.identity.views.blueprint import IN_COMMUNITY, views
from community.kernel.actor import Actor
from community.kernel.db import write
from community.web import forms
from community.web.access import helpers_too, needs, signed_in, the_actor
from community.web.extensions import db
from community.web.layout import safe_next


def _family(form: forms.Form) -> str:
    here, person_id = the_actor().community_id, own_id()
    home = household_of(db.session, here, person_id)
    living = members_of(db.session, here, home) if home is not None else ()
    return render_template(
        "identity/account/family.html",
        form=form,
        living=[card for card in people(db.session, here, living).values() if card.id != person_id],
        bonds=[
            (bond, gettext(words.RELATIONS[bond.relation]))
            for bond in bonds_of(db.session, here, person_id)
        ],
        wards=named_wards(db.session, here, person_id),
        relations=[(each.value, gettext(name)) for each, name in words.RELATIONS.items()],
    )


@views.get(f"{IN_COMMUNITY}/family")
@signed_in
def family() -> ResponseReturnValue:
    """Show who lives with one, one's relatives, and the children one acts for."""
    return _family(forms.Form())


@views.post(f"{IN_COMMUNITY}/family")
@signed_in
def ask_bond() -> ResponseReturnValue:
    """Ask somebody to confirm being a direct relative."""

    def act(values: dict[str, Any]) -> Any:
        return write(
            service.ask_bond,
            the_actor(),
            values["name"],
            values["number"],
            values["relation"],
            request_key=forms.request_key(),
        )

    def done(_: int) -> ResponseReturnValue:
        flash(gettext("已请对方确认。对方登录后在“家人”里点确认就生效。"))
        return redirect(url_for("identity.family"), 303)

    return forms.submit(BondForm(), act, _family, done)


@views.post(f"{IN_COMMUNITY}/family/<int:bond_id>/confirm")
@signed_in
def confirm_bond(bond_id: int) -> ResponseReturnValue:
    """Confirm being somebody's relative."""
    write(service.confirm_bond, the_actor(), bond_id, request_key=forms.request_key())
    flash(gettext("亲属关系已确认。"))
    return redirect(url_for("identity.family"), 303)


@views.post(f"{IN_COMMUNITY}/family/<int:bond_id>/end")
@signed_in
def end_bond(bond_id: int) -> ResponseReturnValue:
    """End or decline a bond."""
    write(service.end_bond, the_actor(), bond_id, request_key=forms.request_key())
    flash(gettext("已解除登记。"))
    return redirect(url_for("identity.family"), 303)


def _assisted(form: forms.Form) -> str:
    here, person_id = the_actor().community_id, own_id()
    accesses = [
        (each, words.scope_words(each.scope)) for each in accesses_of(db.session, here, person_id)
    ]
    return render_template(
        "identity/account/assisted.html",
        form=form,
        for_me=[pair for pair in accesses if pair[0].subject_id == person_id],
        by_me=[pair for pair in accesses if pair[0].helper_id == person_id],
        wards=named_wards(db.session, here, person_id),
        done_for_me=[
            (act, words.act_words(act.act)) for act in acts_for(db.session, here, person_id)
        ],
        done_by_me=[
            (act, words.act_words(act.act)) for act in acts_by(db.session, here, person_id)
        ],
        groups=words.scope_groups(),
    )


@views.get(f"{IN_COMMUNITY}/assisted")
@signed_in
def assisted() -> ResponseReturnValue:
    """Show who helps one, whom one helps, and what was done."""
    return _assisted(forms.Form())


@views.post(f"{IN_COMMUNITY}/assisted")
@needs(ASK_ACCESS)
def ask_access() -> ResponseReturnValue:
    """Ask to be let act for an older resident."""

    def act(values: dict[str, Any]) -> Any:
        return write(
            service.ask_access,
            the_actor(),
            values["name"],
            values["number"],
            values["scope"],
            values["ends_on"],
            values["reason"],
            request_key=forms.request_key(),
        )

    def done(_: int) -> ResponseReturnValue:
        flash(gettext("已提出代办申请。请对方登录后同意，或带签字的授权书到服务台登记。"))
        return redirect(url_for("identity.assisted"), 303)

    return forms.submit(AccessForm(), act, _assisted, done)


@views.post(f"{IN_COMMUNITY}/assisted/<int:access_id>/agree")
@signed_in
def agree_access(access_id: int) -> ResponseReturnValue:
    """Let a helper in."""
    write(service.agree_access, the_actor(), access_id, request_key=forms.request_key())
    flash(gettext("已同意代办。您随时可以收回，对方办的每件事这里都看得到。"))
    return redirect(url_for("identity.assisted"), 303)


@views.post(f"{IN_COMMUNITY}/assisted/<int:access_id>/revoke")
@signed_in
def revoke_access(access_id: int) -> ResponseReturnValue:
    """End an access at once."""
    write(service.revoke_access, the_actor(), access_id, request_key=forms.request_key())
    flash(gettext("代办授权已收回，立即生效。"))
    return redirect(url_for("identity.assisted"), 303)


@views.post(f"{IN_COMMUNITY}/acting/<int:subject_id>")
@signed_in
def act_for(subject_id: int) -> ResponseReturnValue:
    """Act for somebody from now on; every page then says so."""
    key = forms.request_key()
    write(service.act_for, the_actor(), session_id(), subject_id, request_key=key)
    return redirect(_home(), 303)


@views.post(f"{IN_COMMUNITY}/acting/stop")
@signed_in
@helpers_too
def stop_acting() -> ResponseReturnValue:
    """Act for oneself again."""
    oneself = Actor(community_id=the_actor().community_id, person_id=own_id())
    write(service.stop_acting, oneself, session_id(), request_key=forms.request_key())
    return redirect(_home(), 303)


def _home() -> str:
    return safe_next(request.form.get("back", "") or url_for("dashboards.home"))
