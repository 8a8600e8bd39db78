"""The shapes of forms and API bodies of rewards; each form has its API twin."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, post_load, validates

from community.kernel import files
from community.kernel.errors import N_
from community.rewards.rules.honours import HonouredSubject
from community.rewards.rules.redemptions import ItemState, LimitPeriod, Purse, RedemptionState
from community.rewards.service.catalogue import ItemDraft, MerchantDraft
from community.rewards.service.honours import HonourDraft
from community.web.fields import ApiShape, OnDay, OneOf, Shape, Ticked, Whole, Words, Yuan

MOST_FEN = 10_000_000_00


class MerchantFields(Schema):
    """A merchant's name, place and hours."""

    name = Words(required=True, longest=60)
    address = Words(required=True, longest=120)
    opening = Words(load_default="", longest=120)
    phone = Words(load_default="", longest=20)

    @post_load
    def _draft(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        kept = {name: given.pop(name) for name in ("name", "address", "opening", "phone")}
        return {**given, "draft": MerchantDraft(**kept)}


class MerchantForm(Shape, MerchantFields):
    """Change a merchant."""


class MerchantBody(ApiShape, MerchantFields):
    """Change a merchant, over the API."""


class NewMerchantForm(MerchantForm):
    """Take an organization in."""

    organization_id = Whole(required=True, minimum=1)


class NewMerchantBody(MerchantBody):
    """Take an organization in, over the API."""

    organization_id = Whole(required=True, minimum=1)


class PauseForm(Shape):
    """Pause or resume."""

    is_paused = Ticked()


class PauseBody(ApiShape):
    """Pause or resume, over the API."""

    is_paused = Ticked()


class ItemFields(Schema):
    """What an item is, costs, and to whom it goes."""

    merchant_id = Whole(required=True, minimum=1)
    title = Words(required=True, longest=60)
    category = Words(required=True, longest=20)
    points = Whole(required=True, minimum=1, maximum=1_000_000)
    cost_fen = Yuan(required=True, minimum=0, maximum=MOST_FEN)
    from_on = OnDay(required=True)
    until_on = OnDay(load_default=None, allow_none=True)
    words = Words(load_default="", longest=1_000, lines=True)
    limit_count = Whole(load_default=None, allow_none=True, minimum=1, maximum=1_000)
    limit_period = OneOf(LimitPeriod, load_default=None, allow_none=True)
    pickup_days = Whole(load_default=7, minimum=0, maximum=90)

    @post_load
    def _draft(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"draft": ItemDraft(**given)}


class ItemForm(Shape, ItemFields):
    """Write or change an item."""


class ItemBody(ApiShape, ItemFields):
    """Write or change an item, over the API; `cost_fen` in yuan as on the form."""


class ListFields(Schema):
    """Show an item or take it out."""

    state = OneOf(ItemState, required=True)


class ListForm(Shape, ListFields):
    """Show an item or take it out."""


class ListBody(ApiShape, ListFields):
    """Show an item or take it out, over the API."""


class StockFields(Schema):
    """Add pieces, or take missing ones away."""

    quantity = Whole(required=True, minimum=-100_000, maximum=100_000)
    note = Words(load_default="", longest=120)


class StockForm(Shape, StockFields):
    """Change the stock."""


class StockBody(ApiShape, StockFields):
    """Change the stock, over the API."""


class PhotoBody(ApiShape):
    """A photo as base64, over the API."""

    name = Words(load_default="photo.jpg", longest=80)
    content_base64 = Words(required=True, longest=14_000_000)

    @post_load
    def _ready(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        try:
            content = base64.b64decode(given["content_base64"], validate=True)
        except ValueError as error:
            raise ValidationError(N_("照片内容不是 base64 编码，请检查后重试。")) from error
        return {"photo": files.take_in(files.Upload(given["name"], content), files.IMAGES)}


class RedeemFields(Schema):
    """Whose points pay."""

    purse = OneOf(Purse, load_default=Purse.OWN)


class RedeemForm(Shape, RedeemFields):
    """Redeem an item."""


class RedeemBody(ApiShape, RedeemFields):
    """Redeem an item, over the API."""


class ReasonFields(Schema):
    """Why, in words."""

    reason = Words(load_default="", longest=200)


class ReasonForm(Shape, ReasonFields):
    """Give something up."""


class ReasonBody(ApiShape, ReasonFields):
    """Give something up, over the API."""


class RefundFields(Schema):
    """Why it came back, and whether the piece is good again."""

    reason = Words(required=True, longest=200)
    is_restocked = Ticked()


class RefundForm(Shape, RefundFields):
    """Take a collected redemption back."""


class RefundBody(ApiShape, RefundFields):
    """Take a collected redemption back, over the API."""


class CollectFields(Schema):
    """What was scanned or typed."""

    scanned = Words(required=True, longest=300)


class CollectForm(Shape, CollectFields):
    """Collect by a code."""


class CollectBody(ApiShape, CollectFields):
    """Collect by a code, over the API."""


class PayerFields(Schema):
    """A payer's name."""

    name = Words(required=True, longest=60)


class PayerForm(Shape, PayerFields):
    """Name a payer."""


class PayerBody(ApiShape, PayerFields):
    """Name a payer, over the API."""


class FundFields(Schema):
    """Money put in or given back, with the paper that says so."""

    payer_id = Whole(required=True, minimum=1)
    year = Whole(required=True, minimum=2020, maximum=2100)
    amount_fen = Yuan(required=True, minimum=1, maximum=MOST_FEN)
    reference = Words(required=True, longest=60)


class FundForm(Shape, FundFields):
    """Fund the budget, or give money back."""


class FundBody(ApiShape, FundFields):
    """Fund the budget, or give money back, over the API."""


class SheetFields(Schema):
    """A merchant's month, written 2026-10."""

    merchant_id = Whole(required=True, minimum=1)
    month = Words(required=True, longest=7)

    @validates("month")
    def _is_month(self, value: str, **_: Any) -> None:
        _first_day(value)

    @post_load
    def _day(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**given, "month": _first_day(given["month"])}


class SheetForm(Shape, SheetFields):
    """Make a settlement sheet."""


class SheetBody(ApiShape, SheetFields):
    """Make a settlement sheet, over the API."""


class PayFields(Schema):
    """The bank's or the voucher's number."""

    reference = Words(required=True, longest=80)


class PayForm(Shape, PayFields):
    """Record a payment."""


class PayBody(ApiShape, PayFields):
    """Record a payment, over the API."""


class HonourFields(Schema):
    """An honour of a year; hours are asked for in whole hours and kept in minutes."""

    name = Words(required=True, longest=40)
    year = Whole(required=True, minimum=2020, maximum=2100)
    subject = OneOf(HonouredSubject, required=True)
    least_hours = Whole(load_default=0, minimum=0, maximum=9_000)
    least_points = Whole(load_default=0, minimum=0, maximum=1_000_000)
    words = Words(load_default="", longest=300, lines=True)

    @post_load
    def _draft(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        minutes = given.pop("least_hours") * 60
        if minutes == 0 and given["least_points"] == 0:
            raise ValidationError(N_("时长和积分至少要填一项。"), "least_hours")
        return {"draft": HonourDraft(least_minutes=minutes, **given)}


class HonourForm(Shape, HonourFields):
    """Define an honour."""


class HonourBody(ApiShape, HonourFields):
    """Define an honour, over the API."""


class ProposeFields(Schema):
    """Whom to propose."""

    person_id = Whole(required=True, minimum=1)


class ProposeForm(Shape, ProposeFields):
    """Propose for an honour."""


class ProposeBody(ApiShape, ProposeFields):
    """Propose for an honour, over the API."""


class AnswerFields(Schema):
    """Whether others may see it."""

    is_shown = Ticked()


class AnswerForm(Shape, AnswerFields):
    """Consent, or take consent back."""


class AnswerBody(ApiShape, AnswerFields):
    """Consent, or take consent back, over the API."""


class DecideFields(Schema):
    """Yes or no, and why."""

    is_approved = Ticked()
    reason = Words(load_default="", longest=200)


class DecideForm(Shape, DecideFields):
    """Decide a proposal."""


class DecideBody(ApiShape, DecideFields):
    """Decide a proposal, over the API."""


class CategoryQuery(ApiShape):
    """A category of the catalogue."""

    category = Words(load_default="", longest=20)


class RedemptionsQuery(ApiShape):
    """Which redemptions to list."""

    state = OneOf(RedemptionState, load_default=None)
    after = Whole(load_default=None)


class YearQuery(ApiShape):
    """A budget's year."""

    year = Whole(load_default=None, minimum=2020, maximum=2100)


def _first_day(month: str) -> date:
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError as error:
        raise ValidationError(N_("请填写月份，例如 2026-10。")) from error
