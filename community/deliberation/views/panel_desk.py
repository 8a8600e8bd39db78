"""The desk of panels: rules, list, draw, answers, the next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import Schema

from community import identity
from community.deliberation import permissions
from community.deliberation.errors.panels import QuotaUnclear
from community.deliberation.queries import panels as queries
from community.deliberation.rules.panels import AGE_BANDS, Feature, PanelState, SeedSource
from community.deliberation.schemas import panels as schemas
from community.deliberation.service import invitations
from community.deliberation.service import panels as service
from community.deliberation.views.blueprint import views
from community.deliberation.views.panels import panel_word
from community.kernel import clock
from community.kernel import db as kernel_db
from community.kernel.errors import N_
from community.web import forms
from community.web.access import needs, the_actor
from community.web.errors import sentence_of
from community.web.extensions import db
from community.web.layout import DeskLink

DESK = (
    DeskLink(
        N_("圆桌抽签"),
        "deliberation.desk_panels",
        permissions.READ.code,
        order=360,
        group=N_("议事"),
    ),
)


@views.get("/desk/panels")
@needs(permissions.READ)
def desk_panels() -> str:
    """List the panels, with the form of a new one."""
    return _list(forms.Form())


@views.post("/desk/panels")
@needs(permissions.CONVENE)
def draft_panel() -> ResponseReturnValue:
    """Draft a panel."""

    def act(values: dict[str, Any]) -> int:
        key = forms.request_key()
        made: int = kernel_db.write(
            service.draft_panel, the_actor(), values["draft"], request_key=key
        )
        return made

    return _submit(schemas.PanelForm(), act, _list, gettext("草稿已保存。"))


@views.get("/desk/panels/<int:panel_id>")
@needs(permissions.READ)
def desk_panel(panel_id: int) -> str:
    """Show a panel with its names, and what is to be done next."""
    return _one(panel_id, forms.Form())


@views.post("/desk/panels/<int:panel_id>")
@needs(permissions.CONVENE)
def change_panel(panel_id: int) -> ResponseReturnValue:
    """Change the rules of a draft."""

    def act(values: dict[str, Any]) -> int:
        key = forms.request_key()
        kernel_db.write(
            service.change_panel, the_actor(), panel_id, values["draft"], request_key=key
        )
        return panel_id

    return _submit(schemas.PanelForm(), act, lambda form: _one(panel_id, form), gettext("已改。"))


@views.post("/desk/panels/<int:panel_id>/publish")
@needs(permissions.CONVENE)
def publish_candidates(panel_id: int) -> ResponseReturnValue:
    """Publish the list's hash and announce the seed."""

    def act(values: dict[str, Any]) -> int:
        key = forms.request_key()
        kernel_db.write(
            service.publish_candidates, the_actor(), panel_id, values["plan"], request_key=key
        )
        return panel_id

    told = gettext("名单指纹和种子来源已经公布，规则从此不能改。")
    return _submit(schemas.SeedForm(), act, lambda form: _one(panel_id, form), told)


@views.post("/desk/panels/<int:panel_id>/draw")
@needs(permissions.CONVENE)
def run_draw(panel_id: int) -> ResponseReturnValue:
    """Draw and invite."""

    def act(values: dict[str, Any]) -> int:
        key = forms.request_key()
        kernel_db.write(service.run_draw, the_actor(), panel_id, values["number"], request_key=key)
        return panel_id

    told = gettext("已抽出并通知本人。没有手机的请打电话。")
    return _submit(schemas.DrawForm(), act, lambda form: _one(panel_id, form), told)


@views.post("/desk/panels/<int:panel_id>/next")
@needs(permissions.CONVENE)
def invite_next(panel_id: int) -> ResponseReturnValue:
    """Fill the open seats by the same list."""

    def act(_: dict[str, Any]) -> int:
        key = forms.request_key()
        kernel_db.write(invitations.invite_next, the_actor(), panel_id, request_key=key)
        return panel_id

    told = gettext("已按同一份名单补抽，并通知本人。")
    return _submit(schemas.ButtonForm(), act, lambda form: _one(panel_id, form), told)


@views.post("/desk/panels/<int:panel_id>/seat")
@needs(permissions.CONVENE)
def seat_panel(panel_id: int) -> ResponseReturnValue:
    """Let the panel begin."""

    def act(_: dict[str, Any]) -> int:
        key = forms.request_key()
        kernel_db.write(invitations.seat_panel, the_actor(), panel_id, request_key=key)
        return panel_id

    told = gettext("圆桌成立了。")
    return _submit(schemas.ButtonForm(), act, lambda form: _one(panel_id, form), told)


@views.post("/desk/panels/<int:panel_id>/cancel")
@needs(permissions.CONVENE)
def cancel_panel(panel_id: int) -> ResponseReturnValue:
    """Give a panel up."""

    def act(values: dict[str, Any]) -> int:
        key = forms.request_key()
        kernel_db.write(
            service.cancel_panel, the_actor(), panel_id, values["reason"], request_key=key
        )
        return panel_id

    told = gettext("已取消，理由已公开。")
    return _submit(schemas.CancelForm(), act, lambda form: _one(panel_id, form), told)


@views.post("/desk/panels/<int:panel_id>/invitations/<int:invitation_id>")
@needs(permissions.OPERATE)
def note_answer(panel_id: int, invitation_id: int) -> ResponseReturnValue:
    """Write down what the invited said."""

    def act(values: dict[str, Any]) -> int:
        kernel_db.write(
            invitations.note_answer,
            the_actor(),
            invitation_id,
            values["is_accepted"],
            request_key=forms.request_key(),
        )
        return panel_id

    told = gettext("答复已登记。")
    return _submit(schemas.InvitationForm(), act, lambda form: _one(panel_id, form), told)


@views.post("/desk/panels/<int:panel_id>/invitations/<int:invitation_id>/late")
@needs(permissions.OPERATE)
def note_unanswered(panel_id: int, invitation_id: int) -> ResponseReturnValue:
    """Give up an invitation that was not answered in time."""

    def act(_: dict[str, Any]) -> int:
        key = forms.request_key()
        kernel_db.write(invitations.note_unanswered, the_actor(), invitation_id, request_key=key)
        return panel_id

    told = gettext("已记为逾期，可以补抽下一位。")
    return _submit(schemas.ButtonForm(), act, lambda form: _one(panel_id, form), told)


def _list(form: forms.Form) -> str:
    actor = the_actor()
    example = "\n".join(quota_line(Feature.AGE, name, 1, 4) for name, _ in AGE_BANDS)
    return render_template(
        "deliberation/desk_panels.html",
        form=form,
        panels=queries.panels(db.session, actor),
        buildings=[one.name for one in identity.buildings(db.session, actor.community_id)],
        bands=[name for name, _ in AGE_BANDS],
        example=example,
    )


def _one(panel_id: int, form: forms.Form) -> str:
    found = queries.get_panel(db.session, the_actor(), panel_id)
    now = clock.now()
    return render_template(
        "deliberation/desk_panel.html",
        form=form,
        panel=found,
        states=PanelState,
        sources=[(each.value, panel_word(each)) for each in SeedSource],
        lines=write_quotas(found),
        usual_seed=now + timedelta(days=1),
        now=now,
    )


def quota_line(feature: Feature, value: str, least: int, most: int) -> str:
    """Write a quota as it is typed, in the reader's language."""
    return str(
        gettext(
            "%(feature)s %(value)s 至少 %(least)s 至多 %(most)s",
            feature=panel_word(feature),
            value=value,
            least=least,
            most=most,
        )
    )


def write_quotas(found: queries.PanelView) -> str:
    """Write a draft's quotas as they are typed."""
    return "\n".join(
        quota_line(one.feature, one.value, one.least, one.most) for one in found.quotas
    )


def _submit(
    schema: Schema,
    act: Callable[[dict[str, Any]], int],
    again: Callable[[forms.Form], str],
    told: str,
) -> ResponseReturnValue:
    def done(panel_id: int) -> ResponseReturnValue:
        flash(told)
        return redirect(url_for("deliberation.desk_panel", panel_id=panel_id), 303)

    try:
        return forms.submit(schema, act, again, done)
    except QuotaUnclear as refusal:
        form = forms.Form(dict(request.form.items()), {"quotas": sentence_of(refusal)})
        form.refusal = sentence_of(refusal)
        return again(form), 422
