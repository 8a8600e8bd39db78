"""The wizard for a first community: open only while there is none, to whoever has the token."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import Schema

from community.identity.errors import SetupTokenWrong
from community.identity.queries import setup as queries
from community.identity.queries.people import people
from community.identity.rules.setup import STEPS, read_buildings
from community.identity.schemas.setup import (
    BuildingsForm,
    ConfirmForm,
    NameForm,
    StaffForm,
    TokenForm,
)
from community.identity.service import setup
from community.identity.views.blueprint import views
from community.kernel import backup, ids, keys
from community.kernel.actor import Actor
from community.kernel.db import write
from community.kernel.errors import N_, NotFound
from community.web import forms
from community.web.access import public
from community.web.extensions import db
from community.web.fields import Shape, Words
from community.web.operations.first_run import setup_token
from community.web.qr import qr_svg

WIZARD = Actor.visitor(0)
TOKEN = "setup_token"  # noqa: S105  a field's name
TITLES = {
    "name": N_("社区"),
    "buildings": N_("楼栋"),
    "rules": N_("规则"),
    "staff": N_("工作人员"),
    "keys": N_("密钥"),
    "backup": N_("备份"),
}


def _instance() -> Path:
    return Path(current_app.config["INSTANCE"])


def _is_let_in() -> bool:
    typed = session.get(TOKEN, "")
    return hmac.compare_digest(ids.read_code(typed), setup_token(_instance()))


def _check_open() -> None:
    """Refuse, as if there were no wizard, once a community stands."""
    if queries.count_communities(db.session):
        raise NotFound


def _rules_form() -> type[Schema]:
    fields = {each.name: Words(load_default="", longest=40) for each in queries.setup_choices()}
    return Shape.from_dict(dict(fields))


def _shape(step: str) -> type[Schema]:
    if step == "rules":
        return _rules_form()
    shapes: dict[str, type[Schema]] = {
        "name": NameForm,
        "buildings": BuildingsForm,
        "staff": StaffForm,
        "keys": ConfirmForm,
        "backup": ConfirmForm,
    }
    if step not in shapes:
        raise NotFound
    return shapes[step]


@views.get("/setup", endpoint="wizard")
@public
def setup_start() -> ResponseReturnValue:
    """Ask for the token, or lead to the first step that is not answered."""
    _check_open()
    if not _is_let_in():
        return render_template("identity/setup/token.html", form=forms.Form())
    answers = queries.setup_progress(db.session).answers
    step = next((each for each in STEPS if each not in answers), None)
    if step is None:
        return redirect(url_for("identity.setup_finish"), 303)
    return redirect(url_for("identity.setup_step", step=step), 303)


@views.post("/setup")
@public
def enter_setup() -> ResponseReturnValue:
    """Let in whoever typed the token."""
    _check_open()

    def act(values: dict[str, Any]) -> None:
        typed = ids.read_code(values["token"])
        if not hmac.compare_digest(typed, setup_token(_instance())):
            raise SetupTokenWrong
        session[TOKEN] = typed

    def again(form: forms.Form) -> str:
        return render_template("identity/setup/token.html", form=form)

    def done(_nothing: None) -> ResponseReturnValue:
        return redirect(url_for("identity.wizard"), 303)

    return forms.submit(TokenForm(), act, again, done)


def _page(step: str) -> Callable[[forms.Form], str]:
    def show(form: forms.Form) -> str:
        progress = queries.setup_progress(db.session)
        given = progress.answers.get(step, {})
        shown = form if form.typed else forms.Form(typed=given, errors=form.errors)
        return render_template(
            f"identity/setup/{step}.html",
            form=shown,
            step=step,
            stations=stations(progress.answers, step),
            choices=queries.setup_choices(),
            fingerprint=keys.fingerprint(_instance()),
            keep=backup.KEEP,
            gettext=gettext,
        )

    return show


def stations(answers: dict[str, Any], here: str) -> list[tuple[str, str]]:
    """Tell for each step whether it is done, now, or to come."""
    return [
        (gettext(TITLES[step]), "now" if step == here else "done" if step in answers else "")
        for step in STEPS
    ]


@views.get("/setup/<any(name,buildings,rules,staff,keys,backup):step>")
@public
def setup_step(step: str) -> ResponseReturnValue:
    """Show a step with what was answered before."""
    _check_open()
    if not _is_let_in():
        return redirect(url_for("identity.wizard"), 303)
    if step == "keys":
        keys.make_signing_key(_instance())
    return _page(step)(forms.Form())


@views.post("/setup/<any(name,buildings,rules,staff,keys,backup):step>")
@public
def answer_step(step: str) -> ResponseReturnValue:
    """Keep a step's answers and go on."""
    _check_open()
    if not _is_let_in():
        raise SetupTokenWrong

    def act(values: dict[str, Any]) -> None:
        write(setup.keep_answers, WIZARD, step, values)

    def done(_nothing: None) -> ResponseReturnValue:
        later = STEPS[STEPS.index(step) + 1 :]
        if not later:
            return redirect(url_for("identity.setup_finish"), 303)
        return redirect(url_for("identity.setup_step", step=later[0]), 303)

    return forms.submit(_shape(step)(), act, _page(step), done)


@views.get("/setup/finish")
@public
def setup_finish() -> ResponseReturnValue:
    """Show everything once more before the community is founded."""
    _check_open()
    if not _is_let_in():
        return redirect(url_for("identity.wizard"), 303)
    return _summary(forms.Form())


def _summary(form: forms.Form) -> str:
    answers = queries.setup_progress(db.session).answers
    lines = answers.get("buildings", {}).get("lines", "")
    return render_template(
        "identity/setup/finish.html",
        form=form,
        answers=answers,
        stations=stations(answers, ""),
        plans=read_buildings(lines) if lines else (),
        missing=[step for step in STEPS if step not in answers],
        titles={step: gettext(title) for step, title in TITLES.items()},
    )


@views.post("/setup/finish")
@public
def found_community() -> ResponseReturnValue:
    """Found the community and show its staff their slips."""
    _check_open()
    if not _is_let_in():
        raise SetupTokenWrong

    def act(_values: dict[str, Any]) -> None:
        write(setup.found_community, WIZARD, session[TOKEN], request_key=forms.request_key())

    def done(_nothing: None) -> ResponseReturnValue:
        return redirect(url_for("identity.setup_done"), 303)

    return forms.submit(ConfirmForm(), act, _summary, done)


@views.get("/setup/done")
@public
def setup_done() -> ResponseReturnValue:
    """Show the first staff's slips to whoever finished the wizard, and the way on."""
    progress = queries.setup_progress(db.session)
    slips = queries.first_slips(db.session, session.get(TOKEN, ""))
    if progress.community_id is None or not slips:
        raise NotFound
    names = people(db.session, progress.community_id, [each.person_id for each in slips])
    slug = queries.slug_of(db.session, progress.community_id)
    step = queries.first_step()
    return render_template(
        "identity/setup/done.html",
        slips=[
            (
                names[each.person_id].name,
                f"{each.code[:5]}-{each.code[5:]}",
                qr_svg(f"{request.url_root}s/{each.code}", gettext("登录凭条"), is_printed=True),
                url_for("identity.open_slip", code=each.code),
            )
            for each in slips
        ],
        expires_at=slips[0].expires_at,
        first=(gettext(step[0]), url_for(step[1], community=slug)) if step else None,
        imports=url_for("identity.imports", community=slug),
    )
