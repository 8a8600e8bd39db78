"""Shapes of what is sent about bills and receipts."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load, validate

from community.kernel.errors import N_
from community.trust_property.rules.bills import Channel
from community.trust_property.service.receipts import MOST_UNITS, Payment
from community.web.fields import ApiShape, OnDay, OneOf, Shape, Whole, Words, Yuan

MOST_FEN = 10**10


class OfMonth(Words):
    """A month, written 2026-11, read as 202611."""

    def __init__(self, **options: Any) -> None:
        """Accept the months of 2000 to 2099."""
        shape = validate.Regexp(
            r"20[0-9]{2}-(0[1-9]|1[0-2])\Z", error=N_("请填写月份，例如 2026-11。")
        )
        super().__init__(longest=7, validate=shape, **options)


class _BillsFields:
    month = OfMonth(required=True)
    due_on = OnDay(required=True)

    @post_load
    def _numbered(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**values, "month": int(values["month"].replace("-", ""))}


class BillsForm(_BillsFields, Shape):
    """The desk counts a month's bills."""


class BillsBody(_BillsFields, ApiShape):
    """A month's bills through the API."""


class _PaymentFields:
    unit_ids = fields.List(
        Whole(minimum=1), required=True, validate=validate.Length(min=1, max=MOST_UNITS)
    )
    amount_fen = Yuan(required=True, minimum=1, maximum=MOST_FEN)
    channel = OneOf(Channel, required=True)
    received_on = OnDay(required=True)
    bank_account_id = Whole(minimum=1, load_default=None)
    payer = Words(longest=60, load_default="")
    reference = Words(longest=80, load_default="")

    @post_load
    def _payment(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"payment": Payment(**{**values, "unit_ids": tuple(values["unit_ids"])})}


class PaymentForm(_PaymentFields, Shape):
    """The desk takes a payment."""


class PaymentBody(_PaymentFields, ApiShape):
    """A payment through the API."""


class _VoidFields:
    reason = Words(required=True, shortest=2, longest=200)


class VoidForm(_VoidFields, Shape):
    """Why a receipt is voided."""


class VoidBody(_VoidFields, ApiShape):
    """Voiding through the API."""


class AfterQuery(ApiShape):
    """Where the next page of a list begins."""

    after = Whole(load_default=0)


class BeforeQuery(ApiShape):
    """Where the next page of a list, the newest first, begins."""

    before = Whole(load_default=None)
