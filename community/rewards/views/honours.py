"""Pages of honours: the board, one's own, certificates, and the desk's proposals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import Schema

from community.kernel import clock
from community.kernel import db as kernel_db
from community.rewards import permissions, schemas
from community.rewards.queries import honours as queries
from community.rewards.rules.honours import HonouredSubject, HonourState
from community.rewards.service import honours as service
from community.rewards.views.blueprint import views
from community.rewards.views.words import reward_word
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db


@views.get("/honours")
@needs(permissions.BROWSE)
def honour_board() -> ResponseReturnValue:
    """Show who was honoured and agreed to be shown."""
    return render_template(
        "rewards/honours.html", honours=queries.honour_board(db.session, the_actor())
    )


@views.get("/honours/mine")
@needs(permissions.BROWSE)
def my_honours() -> ResponseReturnValue:
    """Show one's own honours and ask for consent."""
    return _mine(forms.Form())


@views.post("/honours/<int:honour_id>/answer")
@needs(permissions.BROWSE)
def answer_honour(honour_id: int) -> ResponseReturnValue:
    """Consent to be shown, or take consent back."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.answer_honour,
            the_actor(),
            honour_id,
            values["is_shown"],
            request_key=forms.request_key(),
        )

    return _on_mine(schemas.AnswerForm(), act, gettext("已记下您的选择。"))


@views.post("/honours/<int:honour_id>/decline")
@needs(permissions.BROWSE)
def decline_honour(honour_id: int) -> ResponseReturnValue:
    """Decline a proposal."""

    def act(_: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(service.decline_honour, the_actor(), honour_id, request_key=key)

    return _on_mine(schemas.ReasonForm(), act, gettext("已谢绝提名。"))


@views.get("/honours/<int:honour_id>/certificate")
@needs(permissions.BROWSE)
def certificate(honour_id: int) -> ResponseReturnValue:
    """Show a certificate that prints on one page."""
    found = queries.get_certificate(db.session, the_actor(), honour_id)
    return render_template("rewards/certificate.html", honour=found)


@views.get("/desk/honours")
@needs(permissions.SEE_HONOURS)
def desk_honours() -> ResponseReturnValue:
    """List the honours, with the form of a new one."""
    return _kinds(forms.Form())


@views.post("/desk/honours")
@needs(permissions.HONOURS)
def add_honour_kind() -> ResponseReturnValue:
    """Define an honour."""

    def act(values: dict[str, Any]) -> int:
        key = forms.request_key()
        made: int = kernel_db.write(
            service.add_honour_kind, the_actor(), values["draft"], request_key=key
        )
        return made

    return forms.submit(
        schemas.HonourForm(), act, _kinds, lambda made: _told(gettext("评选项目已建立。"), made)
    )


@views.get("/desk/honours/<int:kind_id>")
@needs(permissions.SEE_HONOURS)
def desk_honour(kind_id: int) -> ResponseReturnValue:
    """Show an honour: proposals to decide first, then who could be proposed."""
    return _kind(kind_id, forms.Form())


@views.post("/desk/honours/<int:kind_id>/propose")
@needs(permissions.HONOURS)
def propose_honour(kind_id: int) -> ResponseReturnValue:
    """Propose somebody."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.propose_honour,
            the_actor(),
            kind_id,
            values["person_id"],
            request_key=forms.request_key(),
        )

    return forms.submit(
        schemas.ProposeForm(),
        act,
        lambda form: _kind(kind_id, form),
        lambda _: _told(gettext("已提名，并已通知本人。请另一位同事批准。"), kind_id),
    )


@views.post("/desk/honours/<int:kind_id>/<int:honour_id>/decide")
@needs(permissions.HONOURS)
def decide_honour(kind_id: int, honour_id: int) -> ResponseReturnValue:
    """Approve or reject a proposal."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.decide_honour,
            the_actor(),
            honour_id,
            values["is_approved"],
            values["reason"],
            request_key=forms.request_key(),
        )

    return forms.submit(
        schemas.DecideForm(),
        act,
        lambda form: _kind(kind_id, form),
        lambda _: _told(gettext("已记下决定。"), kind_id),
    )


def _mine(form: forms.Form) -> str:
    g.tab = "dashboards.me"
    return render_template(
        "rewards/my_honours.html",
        form=form,
        honours=queries.my_honours(db.session, the_actor()),
        states=HonourState,
    )


def _on_mine(
    schema: Schema, act: Callable[[dict[str, Any]], None], told: str
) -> ResponseReturnValue:
    def done(_: None) -> ResponseReturnValue:
        flash(told)
        return redirect(url_for("rewards.my_honours"), 303)

    return forms.submit(schema, act, _mine, done)


def _kinds(form: forms.Form) -> str:
    return render_template(
        "rewards/desk_honours.html",
        form=form,
        kinds=queries.honour_kinds(db.session, the_actor()),
        subjects=[(each.value, reward_word(each)) for each in HonouredSubject],
        this_year=clock.today().year,
    )


def _kind(kind_id: int, form: forms.Form) -> str:
    actor = the_actor()
    return render_template(
        "rewards/desk_honour.html",
        form=form,
        kind=queries.get_honour_kind(db.session, actor, kind_id),
        proposals=queries.proposals(db.session, actor, kind_id),
        candidates=queries.candidates(db.session, actor, kind_id),
        states=HonourState,
        me=actor.person_id,
    )


def _told(sentence: str, kind_id: int) -> ResponseReturnValue:
    flash(sentence)
    return redirect(url_for("rewards.desk_honour", kind_id=kind_id), 303)
