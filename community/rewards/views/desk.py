"""The desk's pages of the catalogue: items, stock, photos, merchants and redemptions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import Schema

from community import identity
from community.kernel import clock, files
from community.kernel import db as kernel_db
from community.kernel.errors import Refusal
from community.rewards import permissions, schemas
from community.rewards.queries import catalogue as queries
from community.rewards.queries import redemptions as redemption_queries
from community.rewards.rules.redemptions import ItemState, LimitPeriod, RedemptionState
from community.rewards.service import catalogue as service
from community.rewards.service import collecting
from community.rewards.views.blueprint import views
from community.rewards.views.words import reward_word
from community.web import forms
from community.web.access import needs, the_actor
from community.web.errors import sentence_of, status_of
from community.web.extensions import db


@views.get("/desk/rewards/items")
@needs(permissions.READ)
def desk_items() -> ResponseReturnValue:
    """List every item with what is left."""
    return render_template(
        "rewards/desk_items.html", items=queries.all_items(db.session, the_actor())
    )


@views.get("/desk/rewards/items/new")
@needs(permissions.MANAGE)
def new_item() -> ResponseReturnValue:
    """Show the form of a new item."""
    return _item_form(forms.Form(), None)


@views.post("/desk/rewards/items/new")
@needs(permissions.MANAGE)
def add_item() -> ResponseReturnValue:
    """Write a new item."""

    def act(values: dict[str, Any]) -> int:
        key = forms.request_key()
        made: int = kernel_db.write(service.add_item, the_actor(), values["draft"], request_key=key)
        return made

    return forms.submit(
        schemas.ItemForm(),
        act,
        lambda form: _item_form(form, None),
        lambda made: _told(gettext("已存为草稿。填好库存后，点“上架”。"), made),
    )


@views.get("/desk/rewards/items/<int:item_id>")
@needs(permissions.READ)
def desk_item(item_id: int) -> ResponseReturnValue:
    """Show an item with its stock and its photo."""
    return _desk_item(item_id, forms.Form())


@views.get("/desk/rewards/items/<int:item_id>/edit")
@needs(permissions.MANAGE)
def edit_item(item_id: int) -> ResponseReturnValue:
    """Show the form that changes an item."""
    return _item_form(forms.Form(), queries.get_item(db.session, the_actor(), item_id))


@views.post("/desk/rewards/items/<int:item_id>/edit")
@needs(permissions.MANAGE)
def change_item(item_id: int) -> ResponseReturnValue:
    """Change an item."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.change_item,
            the_actor(),
            item_id,
            values["draft"],
            request_key=forms.request_key(),
        )

    return forms.submit(
        schemas.ItemForm(),
        act,
        lambda form: _item_form(form, queries.get_item(db.session, the_actor(), item_id)),
        lambda _: _told(gettext("已保存。"), item_id),
    )


@views.post("/desk/rewards/items/<int:item_id>/list")
@needs(permissions.MANAGE)
def list_item(item_id: int) -> ResponseReturnValue:
    """Show an item in the catalogue, or take it out."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.list_item,
            the_actor(),
            item_id,
            values["state"],
            request_key=forms.request_key(),
        )

    return _on_item(item_id, schemas.ListForm(), act, gettext("已更新。"))


@views.post("/desk/rewards/items/<int:item_id>/stock")
@needs(permissions.MANAGE)
def change_stock(item_id: int) -> ResponseReturnValue:
    """Add pieces, or take missing ones away."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.change_stock,
            the_actor(),
            item_id,
            values["quantity"],
            values["note"],
            request_key=forms.request_key(),
        )

    return _on_item(item_id, schemas.StockForm(), act, gettext("库存已更新。"))


@views.post("/desk/rewards/items/<int:item_id>/photo")
@needs(permissions.MANAGE)
def keep_item_photo(item_id: int) -> ResponseReturnValue:
    """Keep an item's photo."""
    sent = request.files.get("photo")
    form = forms.Form()
    try:
        key = forms.request_key()
        content = sent.read() if sent else b""
        upload = files.Upload((sent.filename if sent else "") or "", content)
        ready = files.take_in(upload, files.IMAGES)
        kernel_db.write(service.keep_item_photo, the_actor(), item_id, ready, request_key=key)
    except Refusal as refusal:
        form.refusal = sentence_of(refusal)
        return _desk_item(item_id, form), status_of(refusal)
    return _told(gettext("照片已更新。"), item_id)


@views.get("/desk/rewards/merchants")
@needs(permissions.READ)
def desk_merchants() -> ResponseReturnValue:
    """List the merchants and the organizations that could be."""
    return _merchants(forms.Form())


@views.post("/desk/rewards/merchants")
@needs(permissions.MANAGE)
def add_merchant() -> ResponseReturnValue:
    """Take an organization in."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.add_merchant,
            the_actor(),
            values["organization_id"],
            values["draft"],
            request_key=forms.request_key(),
        )

    return forms.submit(
        schemas.NewMerchantForm(),
        act,
        _merchants,
        lambda _: _told_merchant(gettext("商户已加入。")),
    )


@views.get("/desk/rewards/merchants/<int:merchant_id>")
@needs(permissions.MANAGE)
def edit_merchant(merchant_id: int) -> ResponseReturnValue:
    """Show the form that changes a merchant."""
    return _merchant(merchant_id, forms.Form())


@views.post("/desk/rewards/merchants/<int:merchant_id>")
@needs(permissions.MANAGE)
def change_merchant(merchant_id: int) -> ResponseReturnValue:
    """Change a merchant."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.change_merchant,
            the_actor(),
            merchant_id,
            values["draft"],
            request_key=forms.request_key(),
        )

    return forms.submit(
        schemas.MerchantForm(),
        act,
        lambda form: _merchant(merchant_id, form),
        lambda _: _told_merchant(gettext("已保存。")),
    )


@views.post("/desk/rewards/merchants/<int:merchant_id>/pause")
@needs(permissions.MANAGE)
def pause_merchant(merchant_id: int) -> ResponseReturnValue:
    """Pause or resume a merchant."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.pause_merchant,
            the_actor(),
            merchant_id,
            values["is_paused"],
            request_key=forms.request_key(),
        )

    return forms.submit(
        schemas.PauseForm(),
        act,
        lambda form: _merchant(merchant_id, form),
        lambda _: _told_merchant(gettext("已更新。")),
    )


@views.get("/desk/rewards/redemptions")
@needs(permissions.READ)
def desk_redemptions() -> ResponseReturnValue:
    """List redemptions, by state if wanted."""
    wanted = request.args.get("state", "")
    state = RedemptionState(wanted) if wanted in {each.value for each in RedemptionState} else None
    after = request.args.get("after", "")
    is_number = after.isascii() and after.isdigit() and len(after) < 16
    page = redemption_queries.redemptions(
        db.session, the_actor(), state, int(after) if is_number else None
    )
    return render_template(
        "rewards/desk_redemptions.html", page=page, state=state, states=RedemptionState
    )


@views.get("/desk/rewards/redemptions/<int:redemption_id>")
@needs(permissions.READ)
def desk_redemption(redemption_id: int) -> ResponseReturnValue:
    """Show a redemption with what the desk can do about it."""
    return _redemption(redemption_id, forms.Form())


@views.post("/desk/rewards/redemptions/<int:redemption_id>/refund")
@needs(permissions.MANAGE)
def refund_redemption(redemption_id: int) -> ResponseReturnValue:
    """Take a collected redemption back."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            collecting.refund_redemption,
            the_actor(),
            redemption_id,
            values["reason"],
            values["is_restocked"],
            request_key=forms.request_key(),
        )

    def done(_: None) -> ResponseReturnValue:
        flash(gettext("已退回：积分回到居民账上，商户应收已冲销。"))
        return redirect(url_for("rewards.desk_redemption", redemption_id=redemption_id), 303)

    return forms.submit(
        schemas.RefundForm(), act, lambda form: _redemption(redemption_id, form), done
    )


def _redemption(redemption_id: int, form: forms.Form) -> str:
    card = redemption_queries.get_redemption(db.session, the_actor(), redemption_id)
    return render_template(
        "rewards/desk_redemption.html", form=form, redemption=card, states=RedemptionState
    )


def _item_form(form: forms.Form, card: queries.ItemCard | None) -> str:
    merchants = queries.merchants(db.session, the_actor())
    periods = [("", gettext("不限")), *((each.value, reward_word(each)) for each in LimitPeriod)]
    return render_template(
        "rewards/item_form.html",
        form=form,
        item=card,
        today=_today(),
        merchants=[(each.id, each.name) for each in merchants if not each.is_paused],
        periods=periods,
        categories=queries.categories(db.session, the_actor()),
    )


def _desk_item(item_id: int, form: forms.Form) -> str:
    actor = the_actor()
    return render_template(
        "rewards/desk_item.html",
        form=form,
        item=queries.get_item(db.session, actor, item_id),
        changes=queries.stock_changes(db.session, actor, item_id),
        states=ItemState,
    )


def _on_item(
    item_id: int, schema: Schema, act: Callable[[dict[str, Any]], None], told: str
) -> ResponseReturnValue:
    return forms.submit(
        schema, act, lambda form: _desk_item(item_id, form), lambda _: _told(told, item_id)
    )


def _merchants(form: forms.Form) -> str:
    actor = the_actor()
    known = queries.merchants(db.session, actor)
    taken = {each.organization_id for each in known}
    kind = identity.OrganizationKind.MERCHANT
    free = [
        (each.id, each.name)
        for each in identity.organizations(db.session, actor.community_id, kind)
        if each.id not in taken
    ]
    return render_template("rewards/desk_merchants.html", form=form, merchants=known, free=free)


def _merchant(merchant_id: int, form: forms.Form) -> str:
    found = queries.get_merchant(db.session, the_actor(), merchant_id)
    return render_template("rewards/merchant_form.html", form=form, merchant=found)


def _told(sentence: str, item_id: int) -> ResponseReturnValue:
    flash(sentence)
    return redirect(url_for("rewards.desk_item", item_id=item_id), 303)


def _told_merchant(sentence: str) -> ResponseReturnValue:
    flash(sentence)
    return redirect(url_for("rewards.desk_merchants"), 303)


def _today() -> date:
    return clock.today()
