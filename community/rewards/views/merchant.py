"""What a merchant's staff do: scan or type a code, see today, fetch the settlement sheets."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import db as kernel_db
from community.rewards import permissions, schemas
from community.rewards.errors import SheetNotFound
from community.rewards.queries import budget as budget_queries
from community.rewards.queries import catalogue as catalogue_queries
from community.rewards.queries import redemptions as queries
from community.rewards.queries import settlements as settlement_queries
from community.rewards.rules.redemptions import ScanReason
from community.rewards.service import collecting as service
from community.rewards.views.blueprint import views
from community.rewards.views.sheets import send_sheet
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db
from community.web.security import allow_wasm

# Wrong codes are red; what was right once, and is over, is amber.
AMBER = frozenset({ScanReason.ALREADY_COLLECTED, ScanReason.CANCELLED, ScanReason.EXPIRED})


@views.get("/shop")
@needs(permissions.COLLECT)
@allow_wasm
def shop() -> ResponseReturnValue:
    """Show the scanner, the field to type into, and what was handed out today."""
    return _shop(forms.Form({"scanned": request.args.get("code", "")[:300]}))


@views.post("/shop/collect")
@needs(permissions.COLLECT)
@allow_wasm
def collect() -> ResponseReturnValue:
    """Settle a code; the answer fills the screen."""

    def act(values: dict[str, Any]) -> service.Collected:
        found: service.Collected = kernel_db.write(
            service.collect_code,
            the_actor(),
            values["scanned"],
            request_key=forms.request_key(),
        )
        return found

    def done(found: service.Collected) -> ResponseReturnValue:
        if found.is_accepted:
            return redirect(url_for("rewards.collected", redemption_id=found.redemption_id), 303)
        kind = "amber" if found.reason in AMBER else "red"
        page = render_template("rewards/verdict.html", found=found, kind=kind)
        return page, 409

    return forms.submit(schemas.CollectForm(), act, _shop, done)


@views.get("/shop/collected/<int:redemption_id>")
@needs(permissions.COLLECT)
def collected(redemption_id: int) -> ResponseReturnValue:
    """Say in green what to hand out."""
    today = queries.collected_today(db.session, the_actor())
    line = next((each for each in today if each.id == redemption_id), None)
    if line is None:
        return redirect(url_for("rewards.shop"))
    return render_template("rewards/collected.html", line=line)


@views.get("/shop/sheets")
@needs(permissions.COLLECT)
def shop_sheets() -> ResponseReturnValue:
    """Show the own settlement sheets and what is still owed."""
    actor = the_actor()
    merchant = catalogue_queries.get_own_merchant(db.session, actor)
    return render_template(
        "rewards/shop_sheets.html",
        merchant=merchant,
        money=budget_queries.owed_to_merchant(db.session, actor, merchant.id),
        sheets=settlement_queries.own_sheets(db.session, actor),
    )


@views.get("/shop/sheets/<int:sheet_id>.xlsx")
@needs(permissions.COLLECT)
def shop_sheet_file(sheet_id: int) -> ResponseReturnValue:
    """Give one of the own settlement sheets as a workbook."""
    actor = the_actor()
    found = settlement_queries.get_sheet(db.session, actor, sheet_id)
    merchant = catalogue_queries.get_own_merchant(db.session, actor)
    if found.sheet.merchant_id != merchant.id:
        raise SheetNotFound
    return send_sheet(found)


def _shop(form: forms.Form) -> str:
    actor = the_actor()
    merchant = catalogue_queries.get_own_merchant(db.session, actor)
    if form.errors:
        form.refusal = gettext("请扫描二维码，或输入 6 位数字。")
    return render_template(
        "rewards/shop.html",
        form=form,
        merchant=merchant,
        lines=queries.collected_today(db.session, actor),
    )
