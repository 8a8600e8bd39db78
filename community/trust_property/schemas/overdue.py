"""The shapes of plans by instalments and refunds."""

from __future__ import annotations

from marshmallow import Schema

from community.trust_property.rules.held_money import MOST_FEN
from community.trust_property.rules.overdue import FEWEST, MOST
from community.web.fields import ApiShape, OnDay, Shape, Whole, Words, Yuan


class PlanFields(Schema):
    """A unit, how many instalments, and the first one's day."""

    unit_id = Whole(required=True, minimum=1)
    count = Whole(required=True, minimum=FEWEST, maximum=MOST)
    first_on = OnDay(required=True)
    reference = Words(longest=120, load_default="")


class PlanForm(Shape, PlanFields):
    """Agree on instalments."""


class PlanBody(ApiShape, PlanFields):
    """Agree on instalments, over the API."""


class RefundFields(Schema):
    """A unit's prepayment to pay back, from which account and why."""

    unit_id = Whole(required=True, minimum=1)
    bank_account_id = Whole(required=True, minimum=1)
    reason = Words(required=True, longest=200)


class RefundForm(Shape, RefundFields):
    """Ask for a refund."""

    amount_fen = Yuan(required=True, minimum=1, maximum=MOST_FEN)


class RefundBody(ApiShape, RefundFields):
    """Ask for a refund, over the API."""

    amount_fen = Whole(required=True, minimum=1, maximum=MOST_FEN)
