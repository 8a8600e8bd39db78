"""The shapes of correcting a closed period."""

from __future__ import annotations

from marshmallow import Schema

from community.trust_property.rules.held_money import MOST_FEN
from community.web.fields import ApiShape, Shape, Whole, Words, Yuan


class NamedFields(Schema):
    """What a correction names: `entry:17` or `line:3`."""

    named = Words(load_default="", longest=30)


class NamedForm(Shape, NamedFields):
    """Look at what is to be corrected."""


class NamedAsked(ApiShape, NamedFields):
    """Look at what is to be corrected, over the API."""


class CorrectionFields(NamedFields):
    """Where the amount goes, and why."""

    to_account_id = Whole(required=True, minimum=1)
    reason = Words(required=True, longest=200)


class EntryCorrectionForm(Shape, CorrectionFields):
    """Ask for a correction."""

    amount_fen = Yuan(required=True, minimum=1, maximum=MOST_FEN)


class EntryCorrectionBody(ApiShape, CorrectionFields):
    """Ask for a correction, over the API."""

    amount_fen = Whole(required=True, minimum=1, maximum=MOST_FEN)
