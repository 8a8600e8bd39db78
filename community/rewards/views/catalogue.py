"""What residents do: look around, redeem, show the code, give it up."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import identity
from community.kernel import db as kernel_db
from community.kernel import files
from community.kernel.errors import NotFound
from community.rewards import permissions, schemas
from community.rewards.queries import budget as budget_queries
from community.rewards.queries import catalogue as queries
from community.rewards.queries import redemptions as redemption_queries
from community.rewards.rules.owners import household_owner, person_owner
from community.rewards.rules.redemptions import Purse, RedemptionState
from community.rewards.service import redemptions as service
from community.rewards.views.blueprint import landing, views
from community.web import forms
from community.web.access import needs, public, signed_in, the_actor
from community.web.extensions import db
from community.web.qr import qr_svg


@views.get("/rewards")
@needs(permissions.BROWSE)
def catalogue() -> ResponseReturnValue:
    """Show what can be had today."""
    chosen = request.args.get("category", "")[:20]
    actor = the_actor()
    return render_template(
        "rewards/catalogue.html",
        items=queries.catalogue(db.session, actor, chosen),
        categories=queries.categories(db.session, actor),
        chosen=chosen,
        purses=_purses(),
        waiting=sum(
            card.state is RedemptionState.OPEN
            for card in redemption_queries.my_redemptions(db.session, actor)
        ),
    )


@views.get("/rewards/items/<int:item_id>")
@needs(permissions.BROWSE)
def item(item_id: int) -> ResponseReturnValue:
    """Show one item and how to get it."""
    return _item_page(item_id, forms.Form())


@views.post("/rewards/items/<int:item_id>/redeem")
@needs(permissions.REDEEM)
def redeem(item_id: int) -> ResponseReturnValue:
    """Redeem an item and show its code."""

    def act(values: dict[str, Any]) -> service.Redeemed:
        made: service.Redeemed = kernel_db.write(
            service.redeem,
            the_actor(),
            item_id,
            values["purse"],
            request_key=forms.request_key(),
        )
        return made

    def done(made: service.Redeemed) -> ResponseReturnValue:
        flash(gettext("兑换成功。到店出示这个码，就能领取。"))
        return redirect(url_for("rewards.redemption", redemption_id=made.redemption_id), 303)

    return forms.submit(schemas.RedeemForm(), act, lambda form: _item_page(item_id, form), done)


@views.get("/rewards/items/<int:item_id>/photo")
@needs(permissions.BROWSE)
def item_photo(item_id: int) -> ResponseReturnValue:
    """Give an item's photo."""
    card = queries.get_item(db.session, the_actor(), item_id)
    if card.photo_id is None:
        raise NotFound
    found = files.get_file(db.session, the_actor().community_id, card.photo_id)
    with files.open_file(found) as opened:
        answer = Response(opened.read(), mimetype=found.media_type)
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer


@views.get("/rewards/mine")
@needs(permissions.REDEEM)
def mine() -> ResponseReturnValue:
    """Show what one has redeemed, what is to be fetched first."""
    g.tab = "dashboards.me"
    return render_template(
        "rewards/mine.html",
        redemptions=redemption_queries.my_redemptions(db.session, the_actor()),
        states=RedemptionState,
    )


@views.get("/rewards/mine/<int:redemption_id>")
@signed_in
def redemption(redemption_id: int) -> ResponseReturnValue:
    """Show a redemption: while open, its code as large as the screen."""
    return _redemption_page(redemption_id, forms.Form())


@views.post("/rewards/mine/<int:redemption_id>/cancel")
@signed_in
def cancel_redemption(redemption_id: int) -> ResponseReturnValue:
    """Give a redemption up."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.cancel_redemption,
            the_actor(),
            redemption_id,
            values["reason"],
            request_key=forms.request_key(),
        )

    def done(_: None) -> ResponseReturnValue:
        flash(gettext("已取消，积分已退还。"))
        return redirect(url_for("rewards.redemption", redemption_id=redemption_id), 303)

    return forms.submit(
        schemas.ReasonForm(), act, lambda form: _redemption_page(redemption_id, form), done
    )


@landing.get("/<code>")
@public
def scanned(code: str) -> ResponseReturnValue:
    """Meet whoever scans a code with a phone's own camera: the merchant goes on, others wait."""
    actor = the_actor()
    if actor.may(permissions.COLLECT.code):
        return redirect(url_for("rewards.shop", code=code))
    own = None
    if actor.subject_id is not None:
        own = redemption_queries.find_by_code(db.session, actor, code.upper())
    if own is not None:
        return redirect(url_for("rewards.redemption", redemption_id=own.id))
    return render_template("rewards/scanned.html")


def _item_page(item_id: int, form: forms.Form) -> str:
    actor = the_actor()
    card = queries.get_item(db.session, actor, item_id)
    purses = _purses()
    enough = [purse for purse, points in purses if points >= card.points]
    taken = 0
    if card.limit_period is not None and actor.subject_id is not None:
        taken = redemption_queries.count_taken(
            db.session, actor.community_id, card.id, actor.subject_id, card.limit_period
        )
    return render_template(
        "rewards/item.html",
        form=form,
        item=card,
        purses=purses,
        enough=enough,
        most=max((points for _, points in purses), default=0),
        is_limited=card.limit_count is not None and taken >= card.limit_count,
    )


def _purses() -> list[tuple[Purse, int]]:
    """List whose points the actor may spend, with how many there are."""
    actor = the_actor()
    person_id = actor.subject_id
    if person_id is None or not actor.may(permissions.REDEEM.code):
        return []
    own = budget_queries.points_of(db.session, actor, person_owner(person_id))
    found = [(Purse.OWN, own)]
    household_id = identity.household_of(db.session, actor.community_id, person_id)
    if household_id is not None:
        shared = budget_queries.points_of(db.session, actor, household_owner(household_id))
        if shared:
            found.append((Purse.HOUSEHOLD, shared))
    return found


def _redemption_page(redemption_id: int, form: forms.Form) -> str:
    g.tab = "dashboards.me"
    actor = the_actor()
    card = redemption_queries.get_redemption(db.session, actor, redemption_id)
    is_own = card.person_id == actor.subject_id
    code = None
    if is_own and card.state is RedemptionState.OPEN:
        address = url_for("rewards_landing.scanned", code=card.code, _external=True)
        code = qr_svg(address, gettext("兑换码，数字为 %(digits)s", digits=card.digits))
    return render_template(
        "rewards/redemption.html",
        form=form,
        redemption=card,
        code=code,
        is_own=is_own,
        states=RedemptionState,
    )
