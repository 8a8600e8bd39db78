"""The shapes of sharing a surplus."""

from __future__ import annotations

from marshmallow import Schema

from community.trust_property.schemas.papers import WithPapers
from community.web.fields import ApiShape, Shape, Whole, Words, Yuan

MOST_FEN = 10**13


class SurplusFields(Schema):
    """A year, and the owners' decision by its number."""

    year = Whole(required=True, minimum=1990, maximum=2200)
    vote_reference = Words(load_default="", longest=120)


class SurplusForm(Shape, SurplusFields):
    """Put a surplus to the committee."""

    amount_fen = Yuan(required=True, minimum=1, maximum=MOST_FEN)


class SurplusBody(ApiShape, SurplusFields, WithPapers):
    """Put a surplus to the committee, over the API; the amount in fen."""

    amount_fen = Whole(required=True, minimum=1, maximum=MOST_FEN)


class SharesAsked(ApiShape):
    """Which page of shares."""

    page = Whole(minimum=1, maximum=100_000, load_default=1)
