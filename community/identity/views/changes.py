"""The desk's acts on people and homes: find somebody, see what follows, record, undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import Schema

from community.identity.models import ChangeAct
from community.identity.permissions import RECORD_CHANGES, SEE_PEOPLE
from community.identity.queries import changes as queries
from community.identity.queries.people import search_people
from community.identity.schemas.changes import DeathForm, MoveForm, SaleForm
from community.identity.service import changes
from community.identity.views.blueprint import IN_COMMUNITY, views
from community.kernel import clock
from community.kernel.db import write
from community.kernel.errors import N_, NotFound
from community.web import forms
from community.web.access import community, needs, the_actor
from community.web.extensions import db

CHANGES = f"{IN_COMMUNITY}/desk/changes"
TITLES = {
    ChangeAct.DIED: N_("登记去世"),
    ChangeAct.MOVED: N_("登记搬走"),
    ChangeAct.SOLD: N_("登记卖房"),
    ChangeAct.TENANCY_ENDED: N_("登记退租"),
}
SHAPES: dict[ChangeAct, type[Schema]] = {
    ChangeAct.DIED: DeathForm,
    ChangeAct.MOVED: MoveForm,
    ChangeAct.SOLD: SaleForm,
    ChangeAct.TENANCY_ENDED: MoveForm,
}


@views.get(CHANGES, endpoint="changes")
@needs(SEE_PEOPLE)
def changes_page() -> ResponseReturnValue:
    """Find somebody, and see what was recorded lately."""
    text = request.args.get("text", "").strip()[:60]
    return render_template(
        "identity/changes/index.html",
        text=text,
        people=search_people(db.session, community.id, text) if text else (),
        recent=queries.recent_changes(db.session, community.id),
        titles={act: gettext(title) for act, title in TITLES.items()},
    )


@views.get(f"{CHANGES}/people/<int:person_id>")
@needs(RECORD_CHANGES)
def change_person(person_id: int) -> ResponseReturnValue:
    """Offer what can be recorded of a person."""
    return render_template(
        "identity/changes/person.html",
        foreseen=queries.foresee(db.session, community.id, person_id, ChangeAct.MOVED),
    )


def _act_of(name: str) -> ChangeAct:
    try:
        return ChangeAct(name)
    except ValueError:
        raise NotFound from None


def _page(person_id: int, act: ChangeAct) -> Callable[[forms.Form], str]:
    def show(form: forms.Form) -> str:
        return render_template(
            f"identity/changes/{act.value}.html",
            form=form,
            act=act,
            title=gettext(TITLES[act]),
            today=clock.today(),
            foreseen=queries.foresee(db.session, community.id, person_id, act),
        )

    return show


@views.get(f"{CHANGES}/people/<int:person_id>/<act>")
@needs(RECORD_CHANGES)
def preview_change(person_id: int, act: str) -> ResponseReturnValue:
    """Show what would follow, with the form that records it."""
    return _page(person_id, _act_of(act))(forms.Form())


@views.post(f"{CHANGES}/people/<int:person_id>/<act>")
@needs(RECORD_CHANGES)
def record_change(person_id: int, act: str) -> ResponseReturnValue:
    """Record what happened."""
    chosen = _act_of(act)

    def done(_change_id: int) -> ResponseReturnValue:
        flash(gettext("已登记。24 小时内发现登记错了，可以请另一位工作人员撤销。"))
        return redirect(url_for("identity.changes"), 303)

    def run(values: dict[str, Any]) -> int:
        return _record(chosen, person_id, values)

    return forms.submit(SHAPES[chosen](), run, _page(person_id, chosen), done)


def _record(act: ChangeAct, person_id: int, values: dict[str, Any]) -> int:
    actor, key, on, note = the_actor(), forms.request_key(), values["on"], values["note"]
    made: int
    if act is ChangeAct.DIED:
        heir_id, pool = values["heir_id"], values["pool"]
        made = write(
            changes.record_death, actor, person_id, on, heir_id, pool, note, request_key=key
        )
    elif act is ChangeAct.SOLD:
        unit_id, buyers, leaves = values["unit_id"], values["buyers"], values["family_leaves"]
        made = write(
            changes.record_sale, actor, person_id, unit_id, on, buyers, leaves, note,
            request_key=key,
        )  # fmt: skip
    elif act is ChangeAct.MOVED:
        family = values["with_family"]
        made = write(changes.record_move, actor, person_id, on, family, note, request_key=key)
    else:
        family = values["with_family"]
        made = write(changes.end_tenancy, actor, person_id, on, family, note, request_key=key)
    return made


@views.post(f"{CHANGES}/<int:change_id>/undo")
@needs(RECORD_CHANGES)
def undo_change(change_id: int) -> ResponseReturnValue:
    """Undo what was recorded by mistake."""
    write(changes.undo_change, the_actor(), change_id, request_key=forms.request_key())
    flash(gettext("已撤销。住址、产权、租约和角色已恢复；登录、卡片、邀请信和代办请重新办理。"))
    return redirect(url_for("identity.changes"), 303)
