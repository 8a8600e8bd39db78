"""What enters of papers, deliveries, mandates and calls."""

from __future__ import annotations

from community.deliberation.models import DeliveryWay
from community.deliberation.schemas.polls import Pairs
from community.web.fields import ApiShape, AtTime, OneOf, Shape, Ticked, Whole, Words


class PaperCodeForm(Shape):
    """The code on a paper."""

    code = Words(required=True, longest=16)


class WitnessesForm(Shape):
    """Who stands by at the count, and where it is."""

    witnesses = Words(required=True, longest=200)
    place = Words(load_default="", longest=80)


class ReadingForm(Shape):
    """How a paper was read; the choice comes in the ballot's own fields."""

    is_spoilt = Ticked()
    reason = Words(load_default="", longest=200)


class ReadingBody(ApiShape):
    """How a paper was read; no pairs on a spoilt one."""

    pairs = Pairs(required=True, allow_none=True)
    reason = Words(load_default="", longest=200)


class DeliveryForm(Shape):
    """How and when a ballot was delivered."""

    way = OneOf(DeliveryWay, required=True)
    delivered_at = AtTime(required=True)
    note = Words(longest=120, load_default="")


class MandateForm(Shape):
    """Who may vote for another; the paper comes as a file beside."""

    holder_id = Whole(minimum=1, required=True)


class ChoiceBody(ApiShape):
    """A ballot brought by its voter or a holder."""

    pairs = Pairs(required=True)
    reason = Words(longest=200, load_default="")


class PhoneForm(Shape):
    """When a voter was called, and the words agreed."""

    called_at = AtTime(required=True)
    words = Words(required=True, longest=200)


class PhoneBody(ApiShape):
    """A vote by phone."""

    pairs = Pairs(required=True)
    called_at = AtTime(required=True)
    words = Words(required=True, longest=200)


class DisputeForm(Shape):
    """That a ballot never came, in the voter's own words."""

    words = Words(longest=200, load_default="")


class CorrectionForm(Shape):
    """What is wrong on a posted roll, and on which own entry; none where somebody is missing."""

    words = Words(required=True, longest=300)
    roll_entry_id = Whole(minimum=1, load_default=None, allow_none=True)


class CorrectionAnswerForm(Shape):
    """What was done about it."""

    answer = Words(required=True, longest=300)
