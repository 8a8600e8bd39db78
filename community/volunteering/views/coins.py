"""Pages where coins change hands: a gift to a relative, a donation, and the public pool."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import identity
from community.kernel import clock
from community.kernel.db import write
from community.volunteering import permissions
from community.volunteering.queries import balances, figures, rule_sets
from community.volunteering.schemas import time_bank as shapes
from community.volunteering.service import coins
from community.volunteering.views.pages import views
from community.web import forms
from community.web.access import community, needs, public, the_actor
from community.web.extensions import db

OWN = permissions.TIME_BANK


@views.get("/my/coins/give")
@needs(OWN)
def give_coins_form() -> str:
    """Show to whom I can give coins."""
    return _gift_form(forms.Form())


@views.post("/my/coins/give")
@needs(OWN)
def give_coins() -> ResponseReturnValue:
    """Give coins to a bound relative."""
    return forms.submit(
        shapes.Gift(),
        lambda values: write(
            coins.give_coins,
            the_actor(),
            values["from_person_id"],
            values["to_person_id"],
            values["minutes"],
            request_key=forms.request_key(),
        ),
        _gift_form,
        lambda _: _done(gettext("已转赠。")),
    )


@views.post("/my/coins/donate")
@needs(OWN)
def donate_coins() -> ResponseReturnValue:
    """Donate coins to the pool."""
    return forms.submit(
        shapes.Donation(),
        lambda values: write(
            coins.donate_coins,
            the_actor(),
            values["from_person_id"],
            values["minutes"],
            request_key=forms.request_key(),
        ),
        _gift_form,
        lambda _: _done(gettext("已捐入公共池，谢谢您。")),
    )


@views.get("/time-bank/pool")
@public
def time_pool() -> str:
    """Show the pool to everybody: sums in and out, without a name."""
    return render_template(
        "volunteering/time_pool.html", pool=figures.pool_figures(db.session, community.id)
    )


def _gift_form(form: forms.Form) -> str:
    mine = the_actor().subject_id or 0
    relatives = identity.relatives_of(db.session, community.id, mine)
    cards = identity.people(db.session, community.id, relatives).values()
    return render_template(
        "volunteering/give_coins.html",
        form=form,
        mine=mine,
        relatives=sorted(cards, key=lambda card: card.name),
        coins=balances.coins_of(db.session, community.id, mine),
        rules=rule_sets.find_rule_set_on(db.session, community.id, clock.today()),
    )


def _done(sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("volunteering.my_coins"), 303)
