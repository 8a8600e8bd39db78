"""Hours filled in later: asked with evidence, decided by a second person, public for ever."""

from __future__ import annotations

from datetime import timedelta

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import clock
from community.kernel.db import write
from community.kernel.errors import BadInput, NotFound
from community.volunteering import permissions
from community.volunteering.queries import due
from community.volunteering.rules.kinds import SERVICE_TITLES
from community.volunteering.rules.states import BackFillState
from community.volunteering.schemas.hours import BackFillForm, DecideForm
from community.volunteering.service import back_fills
from community.volunteering.views.hours_desk import show_desk, to_desk
from community.volunteering.views.pages import views
from community.volunteering.views.reading import me, names_of, photo, show_file
from community.web import forms
from community.web.access import community, needs, public, the_actor
from community.web.extensions import db


@views.get("/back-fills")
@public
def public_back_fills() -> str:
    """List hours that were filled in later, for everybody to see, names masked."""
    found = due.back_fills(db.session, community.id, (BackFillState.APPROVED,))
    return render_template(
        "volunteering/back_fills.html",
        back_fills=found,
        names=names_of([*(each.person_id for each in found), *(each.decided_by for each in found)]),
        kinds=SERVICE_TITLES,
    )


@views.get("/my/back-fills")
@needs(permissions.SEE_OWN)
def my_back_fills() -> str:
    """Show the form that asks for hours to be filled in, and what became of earlier ones."""
    return _my_back_fills(forms.Form())


@views.post("/my/back-fills")
@needs(permissions.SEE_OWN)
def ask_back_fill() -> ResponseReturnValue:
    """Ask for hours to be filled in."""

    def act(values: dict[str, object]) -> object:
        evidence = photo("evidence")
        if evidence is None:
            raise BadInput
        return write(
            back_fills.ask_back_fill,
            the_actor(),
            values["draft"],
            evidence,
            request_key=forms.request_key(),
        )

    return forms.submit(
        BackFillForm(),
        act,
        _my_back_fills,
        lambda _: redirect(url_for("volunteering.my_back_fills"), 303),
    )


@views.get("/desk/back-fills/<int:back_fill_id>/evidence")
@needs(permissions.SEE_DESK)
def back_fill_evidence(back_fill_id: int) -> ResponseReturnValue:
    """Give the evidence of a request."""
    states = tuple(BackFillState)
    for each in due.back_fills(db.session, community.id, states):
        if each.id == back_fill_id:
            return show_file(each.evidence_file_id)
    raise NotFound


@views.post("/desk/back-fills/<int:back_fill_id>/decide")
@needs(permissions.REVIEW)
def decide_back_fill(back_fill_id: int) -> ResponseReturnValue:
    """Approve or refuse hours that somebody wants filled in."""
    return forms.submit(
        DecideForm(),
        lambda values: write(
            back_fills.decide_back_fill,
            the_actor(),
            back_fill_id,
            values["is_approved"],
            values["note"],
            request_key=forms.request_key(),
        ),
        show_desk,
        lambda _: to_desk(gettext("已处理。通过的补录会永久标记并公开列出。")),
    )


def _my_back_fills(form: forms.Form) -> str:
    g.tab = "dashboards.me"
    today = clock.today()
    return render_template(
        "volunteering/my_back_fills.html",
        form=form,
        me=me(),
        mine=due.back_fills(db.session, community.id, tuple(BackFillState), me()),
        kinds=SERVICE_TITLES,
        today=today,
        earliest=today - timedelta(days=30),
    )
