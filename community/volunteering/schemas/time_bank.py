"""The shapes of needs, offers, visits, gifts and grants."""

from __future__ import annotations

from typing import Any

from marshmallow import post_load

from community.volunteering.rules.kinds import ServiceKind
from community.volunteering.rules.time_bank import Proof
from community.volunteering.service.needs import NeedDraft, OfferDraft
from community.web.fields import AtTime, OneOf, Shape, Whole, Words

MOST_MINUTES = 1_440
MOST_COINS = 1_000_000


class Need(Shape):
    """Who needs what, where, when, for how long."""

    receiver_id = Whole(minimum=1, required=True)
    payer_id = Whole(minimum=1, load_default=None)
    kind = OneOf(ServiceKind, required=True)
    words = Words(required=True, longest=300, lines=True)
    place = Words(required=True, longest=80)
    starts_at = AtTime(required=True)
    minutes = Whole(minimum=10, maximum=MOST_MINUTES, required=True)

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Bring the fields together as one draft."""
        return {"draft": NeedDraft(**values)}


class Offer(Shape):
    """Who can do what, when, for how long."""

    giver_id = Whole(minimum=1, required=True)
    kind = OneOf(ServiceKind, required=True)
    words = Words(required=True, longest=300, lines=True)
    when_words = Words(required=True, longest=120)
    minutes = Whole(minimum=10, maximum=MOST_MINUTES, required=True)

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Bring the fields together as one draft."""
        return {"draft": OfferDraft(**values)}


class Accepting(Shape):
    """Who takes a need on."""

    giver_id = Whole(minimum=1, required=True)


class Reason(Shape):
    """Why somebody steps back."""

    reason = Words(required=True, longest=200)


class Visit(Shape):
    """What shows that the two met: a code from the phone, the household card, or nothing yet."""

    proof = OneOf(Proof, required=True)
    code = Words(longest=40, load_default="")


class VisitTimes(Shape):
    """When a giver came and went, as told by phone."""

    started_at = AtTime(required=True)
    ended_at = AtTime(required=True)


class Confirming(Shape):
    """How many minutes the receiver confirms."""

    minutes = Whole(minimum=1, maximum=MOST_MINUTES, required=True)


class Disputing(Shape):
    """What is not as recorded."""

    words = Words(required=True, longest=300, lines=True)


class DisputeAnswer(Shape):
    """What counts after a dispute, and why."""

    minutes = Whole(maximum=MOST_MINUTES, required=True)
    words = Words(required=True, longest=300, lines=True)


class Gift(Shape):
    """Coins in minutes from whom to whom."""

    from_person_id = Whole(minimum=1, required=True)
    to_person_id = Whole(minimum=1, required=True)
    minutes = Whole(minimum=1, maximum=MOST_COINS, required=True)


class Donation(Shape):
    """Coins in minutes for the pool."""

    from_person_id = Whole(minimum=1, required=True)
    minutes = Whole(minimum=1, maximum=MOST_COINS, required=True)


class Grant(Shape):
    """Coins in minutes from the pool for a person; for the pool itself without one."""

    person_id = Whole(minimum=1, load_default=None)
    minutes = Whole(minimum=1, maximum=MOST_COINS, required=True)
    reason = Words(required=True, longest=200)


class Answer(Shape):
    """Why a proposal is refused."""

    answer = Words(required=True, longest=200)
