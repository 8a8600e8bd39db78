"""The desk's page of units a developer still holds: not sold, or sold and not handed over."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.identity.permissions import KEEP_PEOPLE, SEE_PEOPLE
from community.identity.queries import places
from community.identity.schemas.changes import HandOverForm, HeldUnitsForm
from community.identity.service import developers
from community.identity.views.blueprint import IN_COMMUNITY, views
from community.kernel import clock
from community.kernel.db import write
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db

UNITS = f"{IN_COMMUNITY}/desk/developer-units"


@views.get(UNITS)
@needs(SEE_PEOPLE)
def developer_units() -> ResponseReturnValue:
    """List them by developer and building."""
    return _page(forms.Form())


@views.post(UNITS)
@needs(KEEP_PEOPLE)
def hold_back_units() -> ResponseReturnValue:
    """Note units as not sold or not handed over."""

    def act(values: dict[str, Any]) -> int:
        done: int = write(
            developers.hold_back_units,
            the_actor(),
            values["developer"],
            values["building_id"],
            values["names"],
            request_key=forms.request_key(),
        )
        return done

    return forms.submit(HeldUnitsForm(), act, _page, _done)


@views.post(f"{UNITS}/hand-over")
@needs(KEEP_PEOPLE)
def hand_over_units() -> ResponseReturnValue:
    """Note units as handed over."""

    def act(values: dict[str, Any]) -> int:
        done: int = write(
            developers.hand_over_units,
            the_actor(),
            values["building_id"],
            values["names"],
            values["on"],
            request_key=forms.request_key(),
        )
        return done

    return forms.submit(HandOverForm(), act, _page, _done)


def _page(form: forms.Form) -> str:
    actor = the_actor()
    found: dict[tuple[str, str], list[places.DeveloperUnit]] = {}
    for each in places.developer_units(db.session, actor):
        found.setdefault((each.developer, each.building), []).append(each)
    return render_template(
        "identity/people/developer_units.html",
        form=form,
        groups=found,
        developers=sorted({developer for developer, _ in found}),
        buildings=[
            (str(each.id), each.name) for each in places.buildings(db.session, actor.community_id)
        ],
        today=clock.today(),
    )


def _done(units: int) -> ResponseReturnValue:
    flash(gettext("已登记 %(units)s 套。", units=units))
    return redirect(url_for("identity.developer_units"), 303)
