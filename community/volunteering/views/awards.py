"""The desk's page of awards: put a good deed forward, decide as the second person, take back."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import identity
from community.kernel import clock
from community.kernel.db import write
from community.volunteering import permissions
from community.volunteering.queries import points, rule_sets
from community.volunteering.rules.kinds import DEED_TITLES
from community.volunteering.schemas import records as shapes
from community.volunteering.service import awards as service
from community.volunteering.views.pages import views
from community.web import forms
from community.web.access import community, needs, the_actor
from community.web.extensions import db

SHOWN_DAYS = 60


@views.get("/desk/awards")
@needs(permissions.SEE_AWARDS)
def awards_desk() -> str:
    """Show what waits for a second person first, then the form, then what was decided."""
    return _desk(forms.Form())


@views.post("/desk/awards")
@needs(permissions.AWARD)
def propose_deed() -> ResponseReturnValue:
    """Put a good deed forward."""
    return forms.submit(
        shapes.Deed(),
        lambda values: write(
            service.propose_deed,
            the_actor(),
            values["person_id"],
            values["kind"],
            values["happened_on"],
            values["points"],
            values["reason"],
            request_key=forms.request_key(),
        ),
        _desk,
        lambda deed_id: _done(_told(deed_id)),
    )


@views.post("/desk/awards/<int:deed_id>/approve")
@needs(permissions.APPROVE)
def approve_deed(deed_id: int) -> ResponseReturnValue:
    """Grant a deed as the second person."""
    write(service.approve_deed, the_actor(), deed_id, request_key=forms.request_key())
    return _done(gettext("已批准，积分已入账。"))


@views.post("/desk/awards/<int:deed_id>/refuse")
@needs(permissions.APPROVE)
def refuse_deed(deed_id: int) -> ResponseReturnValue:
    """Refuse a deed with a reason."""
    return forms.submit(
        shapes.DeedRefusal(),
        lambda values: write(
            service.refuse_deed,
            the_actor(),
            deed_id,
            values["answer"],
            request_key=forms.request_key(),
        ),
        _desk,
        lambda _: _done(gettext("已退回。")),
    )


@views.post("/desk/awards/<int:deed_id>/reverse")
@needs(permissions.APPROVE)
def reverse_deed(deed_id: int) -> ResponseReturnValue:
    """Take a mistaken award back."""
    return forms.submit(
        shapes.Because(),
        lambda values: write(
            service.reverse_deed,
            the_actor(),
            deed_id,
            values["reason"],
            request_key=forms.request_key(),
        ),
        _desk,
        lambda _: _done(gettext("已冲销，积分已收回。")),
    )


def count_due() -> int:
    """Count deeds that wait for a second person."""
    return len(points.waiting_deeds(db.session, community.id))


def _desk(form: forms.Form) -> str:
    waiting = points.waiting_deeds(db.session, community.id)
    since = clock.today() - timedelta(days=SHOWN_DAYS)
    decided = points.decided_deeds(db.session, community.id, since)
    text = request.args.get("q", "")
    adopted = rule_sets.find_rule_set_on(db.session, community.id, clock.today())
    people = identity.people(
        db.session,
        community.id,
        {
            *(deed.person_id for deed in (*waiting, *decided)),
            *(deed.proposed_by for deed in (*waiting, *decided)),
            *(deed.decided_by for deed in decided if deed.decided_by),
        },
    )
    return render_template(
        "volunteering/awards_desk.html",
        form=form, waiting=waiting, decided=decided, people=people, q=text,
        found=identity.search_people(db.session, community.id, text) if text else (),
        kinds=DEED_TITLES, me=the_actor().person_id, today=clock.today(),
        limit=adopted.rules.points.award_limit if adopted else None,
        may_approve=the_actor().may(permissions.APPROVE.code),
    )  # fmt: skip


def _told(deed_id: int) -> str:
    deed = points.get_deed(db.session, community.id, deed_id)
    if deed.needs_second:
        return str(gettext("已提出。超过限额，等另一位同事批准后入账。"))
    return str(gettext("积分已入账。"))


def _done(sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("volunteering.awards_desk"), 303)
