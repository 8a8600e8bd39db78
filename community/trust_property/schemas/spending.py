"""The shapes of budgets, spending requests, payments, remuneration and approvals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from marshmallow import Schema, ValidationError, fields, post_load

from community.trust_property.rules.budget import BudgetLine, LinesUnclearError, read_lines
from community.trust_property.schemas.papers import PaperBody, WithPapers
from community.trust_property.service.payments import PaymentDraft
from community.trust_property.service.spending import RequestDraft
from community.web.fields import ApiShape, OnDay, Shape, Whole, Words, Yuan

REFERENCE = 120
HASH = 64


class BudgetLines(fields.Field[tuple[BudgetLine, ...]]):
    """Lines as typed or pasted: `[code] name amount [carried]`, one a line."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> tuple[BudgetLine, ...]:
        if not isinstance(value, str) or len(value) > 10_000:
            raise ValidationError(gettext("请每行填一个科目：名称、金额。"))
        try:
            return read_lines(value)
        except LinesUnclearError as error:
            raise ValidationError(
                gettext(
                    "第 %(number)s 行看不懂。请写成：名称、空两格、金额，例如“绿化  30000”。",
                    number=error.number,
                )
            ) from error


class BudgetFields(Schema):
    """A year's lines and the decision that adopted them."""

    year = Whole(required=True, minimum=2000, maximum=2200)
    lines = BudgetLines(required=True)
    reference = Words(required=True, longest=REFERENCE)
    decided_on = OnDay(required=True)


class BudgetForm(Shape, BudgetFields):
    """Propose a budget."""


class BudgetBody(ApiShape, BudgetFields, WithPapers):
    """Propose a budget, over the API."""


class BudgetVoteFields(Schema):
    """A year's lines, for the owners to vote on."""

    year = Whole(required=True, minimum=2000, maximum=2200)
    lines = BudgetLines(required=True)


class BudgetVoteForm(Shape, BudgetVoteFields):
    """Ask for a vote on a budget."""


class BudgetVoteBody(ApiShape, BudgetVoteFields):
    """Ask for a vote on a budget, over the API."""


class YearForm(Shape):
    """Name a year."""

    year = Whole(required=True, minimum=2000, maximum=2200)


class YearBody(ApiShape):
    """Name a year, over the API."""

    year = Whole(required=True, minimum=2000, maximum=2200)


class RequestFields(Schema):
    """What is asked: how much of which line, for whom and why."""

    line_code = Words(load_default="", longest=20)
    payee_id = Whole(required=True, minimum=1)
    amount_fen = Yuan(required=True, minimum=1)
    words = Words(required=True, longest=400)
    vote_reference = Words(load_default="", longest=REFERENCE)


class RequestForm(Shape, RequestFields):
    """Ask for money."""


class RequestBody(ApiShape, RequestFields):
    """Ask for money, over the API."""

    quotes = fields.List(fields.Nested(PaperBody), load_default=list)
    vouchers = fields.List(fields.Nested(PaperBody), load_default=list)

    @post_load
    def _draft(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        quotes, vouchers = tuple(given.pop("quotes")), tuple(given.pop("vouchers"))
        return {"draft": RequestDraft(**given, quotes=quotes, vouchers=vouchers)}


class PaymentFields(Schema):
    """A payment as the bank made it."""

    bank_account_id = Whole(required=True, minimum=1)
    amount_fen = Yuan(required=True, minimum=1)
    paid_on = OnDay(required=True)
    bank_number = Words(required=True, longest=60)

    @post_load
    def _draft(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"draft": PaymentDraft(**given)}


class PaymentForm(Shape, PaymentFields):
    """Record a payment."""


class BankPaymentBody(ApiShape, PaymentFields):
    """Record a payment, over the API."""


class ReturnFields(Schema):
    """When and why the bank sent a payment back."""

    returned_on = OnDay(required=True)
    reason = Words(required=True, longest=200)


class ReturnForm(Shape, ReturnFields):
    """Record a returned payment."""


class ReturnBody(ApiShape, ReturnFields):
    """Record a returned payment, over the API."""


class MonthFields(Schema):
    """A month, by any of its days."""

    month = OnDay(required=True)


class MonthForm(Shape):
    """A month as a browser's month field sends it: 2026-10."""

    month = Words(required=True, longest=10)

    @post_load
    def _day(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        text = given["month"]
        return {"month": OnDay().deserialize(text if len(text) > 7 else f"{text}-01")}


class MonthBody(ApiShape, MonthFields):
    """A month, over the API."""


class ApproveFields(Schema):
    """The hash of what was seen."""

    content_hash = Words(required=True, longest=HASH, shortest=HASH)


class ApproveForm(Shape, ApproveFields):
    """Turn the key."""


class ApproveBody(ApiShape, ApproveFields):
    """Turn the key, over the API."""


class ReasonForm(Shape):
    """A reason."""

    reason = Words(load_default="", longest=200)


class ReasonBody(ApiShape):
    """A reason, over the API."""

    reason = Words(required=True, longest=200)


class SignedBody(ApiShape):
    """The scan of a signed list, over the API."""

    paper = fields.Nested(PaperBody, required=True)
