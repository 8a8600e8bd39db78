"""Casting over the API, answered before Flask where it is ordinary: everybody votes at the end."""

from __future__ import annotations

import re
from dataclasses import fields
from operator import attrgetter
from typing import Any

from community.deliberation.queries.choices import MOST_PAIRS
from community.deliberation.schemas.polls import is_pair
from community.deliberation.service.ballot_receipts import CastReceipt, sign_receipt
from community.deliberation.service.ballots import cast_ballot
from community.kernel import db as kernel_db
from community.kernel.actor import Actor
from community.web.lean import LeanView

FIELDS = tuple(each.name for each in fields(CastReceipt))
_values_of = attrgetter(*FIELDS)


def cast_at_once(
    actor: Actor, number: int, body: Any, language: str
) -> tuple[dict[str, Any], int] | None:
    """Cast a ballot of which nothing but its pairs is said; all else is for the whole view."""
    pairs = body.get("pairs") if type(body) is dict and len(body) == 1 else None
    if type(pairs) is not list or len(pairs) > MOST_PAIRS or not all(map(is_pair, pairs)):
        return None
    chosen = tuple((option, value) for option, value in pairs)
    made = kernel_db.write(cast_ballot, actor, number, chosen)
    return {"result": _told(sign_receipt(actor, made))}, 200


def _told(receipt: CastReceipt) -> dict[str, Any]:
    """Give a receipt as the API does; plainly, for `to_json` asks each value what it is."""
    return dict(zip(FIELDS, _values_of(receipt), strict=True))


LEAN = LeanView(
    "deliberation_api.post_cast_ballot",
    re.compile(
        r"/api/v1/c/(?P<community>[a-z0-9-]{1,40})"
        r"/deliberation/polls/(?P<number>[0-9]{1,15})/cast"
    ),
    cast_at_once,
)
