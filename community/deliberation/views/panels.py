"""Pages of panels for everybody: how it is drawn, who was drawn, how to repeat it, one's own."""

from __future__ import annotations

import json
from enum import Enum
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.deliberation import permissions
from community.deliberation.queries import panels as queries
from community.deliberation.rules.panels import TITLES
from community.deliberation.schemas import panels as schemas
from community.deliberation.service import invitations as service
from community.deliberation.views.blueprint import views
from community.deliberation.views.doing import Doing, add_doing
from community.kernel import clock
from community.kernel import db as kernel_db
from community.web import forms
from community.web.access import needs, public, the_actor
from community.web.extensions import db

WORDS: dict[tuple[type[Enum], Enum], str] = {
    (type(value), value): words for value, words in TITLES.items()
}


@views.app_template_filter("panel_word")
def panel_word(value: Enum) -> str:
    """Tell a state, a source or a feature in words."""
    return str(gettext(WORDS[type(value), value]))


@views.get("/panels")
@public
def panels() -> str:
    """List the panels that were announced."""
    return render_template(
        "deliberation/panels.html", panels=queries.public_panels(db.session, the_actor())
    )


@views.get("/panels/<int:panel_id>")
@public
def panel(panel_id: int) -> str:
    """Show how a panel is drawn and who was, with masked names; to the invited their own."""
    return _one(panel_id, forms.Form())


@views.post("/panels/<int:panel_id>/invitations/<int:invitation_id>")
@needs(permissions.VOTE)
def answer_invitation(panel_id: int, invitation_id: int) -> ResponseReturnValue:
    """Accept one's own invitation or decline it."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.answer_invitation,
            the_actor(),
            invitation_id,
            values["is_accepted"],
            request_key=forms.request_key(),
        )

    def done(_: None) -> ResponseReturnValue:
        flash(gettext("已记下您的答复，谢谢。"))
        return redirect(url_for("deliberation.panel", panel_id=panel_id), 303)

    return forms.submit(schemas.InvitationForm(), act, lambda form: _one(panel_id, form), done)


@views.get("/panels/<int:panel_id>/draw.json")
@needs(permissions.SEE)
def draw_file(panel_id: int) -> Response:
    """Give the list, the rules and the seed as one file, from which anybody repeats the draw."""
    found = queries.draw_file(db.session, the_actor(), panel_id)
    return Response(
        json.dumps(found.as_plain(), ensure_ascii=False, indent=1) + "\n",
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="panel-{panel_id}.json"'},
    )


@views.get("/panels/<int:panel_id>/candidates.txt")
@needs(permissions.SEE)
def candidates_file(panel_id: int) -> Response:
    """Give the published list, one candidate a line, as its hash was made."""
    found = queries.draw_file(db.session, the_actor(), panel_id)
    lines = sorted(one.line.encode() for one in found.candidates)
    return Response(
        b"".join(line + b"\n" for line in lines),
        mimetype="text/plain",
        headers={"Content-Disposition": f'attachment; filename="candidates-{panel_id}.txt"'},
    )


def _one(panel_id: int, form: forms.Form) -> str:
    actor = the_actor()
    found = queries.get_public_panel(db.session, actor, panel_id)
    return render_template(
        "deliberation/panel.html",
        form=form,
        panel=found,
        own=queries.own_place(db.session, actor, panel_id) if actor.subject_id else None,
        now=clock.now(),
    )


@add_doing
def own_invitations() -> list[Doing]:
    """Lead the invited to their invitation."""
    return [
        Doing(
            url_for("deliberation.panel", panel_id=one.panel_id),
            "users",
            gettext("您被抽中参加圆桌"),
            one.title,
            gettext("请答复"),
            order=10,
        )
        for one in queries.open_invitations(db.session, the_actor())
    ]
