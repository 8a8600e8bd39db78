"""The shapes of small awards, reviews, panels, marks, awards and objections, each with its twin."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load

from community.kernel.errors import N_
from community.micro_projects.rules.awards import DirectGround
from community.micro_projects.rules.complaints import ComplaintGround, Remedy
from community.micro_projects.rules.panels import SeatKind, SeedSource
from community.micro_projects.service.complaints import Verdict
from community.micro_projects.service.direct_awards import Quote
from community.micro_projects.service.marking import Mark
from community.micro_projects.service.tender_lots import LONGEST_SEED, SeedPlan
from community.web.fields import ApiShape, AtTime, OneOf, Shape, Ticked, Whole, Words, Yuan

MOST_QUOTES = 8


class DirectFields(Schema):
    """To whom, for how much and why."""

    organization_id = Whole(required=True)
    amount_fen = Yuan(required=True, minimum=1)
    ground = OneOf(DirectGround, required=True)
    reason = Words(load_default="", longest=300, lines=True)
    split_words = Words(load_default="", longest=300, lines=True)


class DirectForm(Shape, DirectFields):
    """Give a small job to one organisation."""


class DirectBody(ApiShape, DirectFields):
    """Give a small job to one organisation, over the API."""


class _QuotesFields(Schema):
    """A reason where the job looks split; the lines of quotes are added below."""

    split_words = Words(load_default="", longest=300, lines=True)

    @post_load
    def _quotes(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        found = []
        for number in range(1, MOST_QUOTES + 1):
            firm, price = given.pop(f"firm_{number}"), given.pop(f"price_{number}")
            words = given.pop(f"words_{number}")
            if (firm is None) != (price is None):
                missing = "firm" if firm is None else "price"
                raise ValidationError({f"{missing}_{number}": [N_("请填写这一项。")]})
            if firm is not None:
                found.append(Quote(firm, price, words))
        return {**given, "quotes": tuple(found)}


_LINES: dict[str, fields.Field[Any]] = {}
for _number in range(1, MOST_QUOTES + 1):
    _LINES[f"firm_{_number}"] = Whole(load_default=None)
    _LINES[f"price_{_number}"] = Yuan(load_default=None, minimum=1)
    _LINES[f"words_{_number}"] = Words(load_default="", longest=300)


class QuotesForm(Shape, _QuotesFields.from_dict(dict(_LINES))):  # type: ignore[misc]  # made above
    """Up to eight quotes; empty lines are left aside."""


class QuoteBody(ApiShape):
    """One quote, over the API."""

    organization_id = Whole(required=True)
    price_fen = Whole(required=True, minimum=1)
    words = Words(load_default="", longest=300)

    @post_load
    def _quote(self, given: dict[str, Any], **_: Any) -> Quote:
        return Quote(**given)


class QuotesBody(ApiShape):
    """Several quotes, over the API."""

    quotes = fields.List(fields.Nested(QuoteBody), required=True)
    split_words = Words(load_default="", longest=300, lines=True)

    @post_load
    def _quotes(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**given, "quotes": tuple(given["quotes"])}


class JudgeForm(Shape):
    """Does the bid count?"""

    is_responsive = Ticked()
    reason = Words(load_default="", longest=300)


class JudgeBody(ApiShape):
    """Does the bid count, over the API."""

    is_responsive = Ticked()
    reason = Words(load_default="", longest=300)


class ExplainForm(Shape):
    """Why the price is so low."""

    words = Words(required=True, longest=1_000, lines=True)


class ExplainBody(ApiShape):
    """Why the price is so low, over the API."""

    words = Words(required=True, longest=1_000, lines=True)


class DecideForm(Shape):
    """Is the explanation accepted?"""

    is_accepted = Ticked()
    words = Words(required=True, longest=300)


class DecideBody(ApiShape):
    """Is the explanation accepted, over the API."""

    is_accepted = Ticked()
    words = Words(required=True, longest=300)


class EvaluatorForm(Shape):
    """Somebody for the pool."""

    person_id = Whole(required=True)
    kind = OneOf(SeatKind, required=True)
    field = Words(load_default="", longest=60)


class EvaluatorBody(ApiShape):
    """Somebody for the pool, over the API."""

    person_id = Whole(required=True)
    kind = OneOf(SeatKind, required=True)
    field = Words(load_default="", longest=60)


class SeedFields(Schema):
    """Where the seed of a tender's lot will come from, and when."""

    source = OneOf(SeedSource, required=True)
    at = AtTime(required=True)
    words = Words(load_default="", longest=120)

    @post_load
    def _plan(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        kept = {name: given.pop(name) for name in ("source", "at", "words")}
        return {**given, "plan": SeedPlan(**kept)}


class LotSeedForm(Shape, SeedFields):
    """Publish a list and announce its seed."""


class LotSeedBody(ApiShape, SeedFields):
    """Publish a list and announce its seed, over the API."""


class LotDrawForm(Shape):
    """Draw, with the announced number where a lottery is the source."""

    number = Words(load_default="", longest=LONGEST_SEED)


class LotDrawBody(ApiShape):
    """Draw, over the API."""

    number = Words(load_default="", longest=LONGEST_SEED)


class WordsForm(Shape):
    """A reason that everybody reads."""

    words = Words(required=True, longest=300, lines=True)


class WordsBody(ApiShape):
    """A reason that everybody reads, over the API."""

    words = Words(required=True, longest=300, lines=True)


class RecuseForm(Shape):
    """Why a seat is left."""

    words = Words(required=True, longest=200)


class RecuseBody(ApiShape):
    """Why a seat is left, over the API."""

    words = Words(required=True, longest=200)


class MarkBody(ApiShape):
    """A mark for a bid, or for an application of a call, over the API."""

    judged_id = Whole(required=True)
    criterion_id = Whole(required=True)
    hundredths = Whole(required=True, maximum=10_000)

    @post_load
    def _mark(self, given: dict[str, Any], **_: Any) -> Mark:
        return Mark(**given)


class MarksBody(ApiShape):
    """A member's marks, over the API."""

    marks = fields.List(fields.Nested(MarkBody), required=True)

    @post_load
    def _marks(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"marks": tuple(given["marks"])}


class SignForm(Shape):
    """Sign, with a word on the bids."""

    words = Words(load_default="", longest=500, lines=True)


class SheetBody(ApiShape):
    """Sign, over the API."""

    words = Words(load_default="", longest=500, lines=True)


class ObjectForm(Shape):
    """What the objection is about."""

    ground = OneOf(ComplaintGround, required=True)
    words = Words(required=True, longest=1_000, lines=True)


class ObjectBody(ApiShape):
    """What the objection is about, over the API."""

    ground = OneOf(ComplaintGround, required=True)
    words = Words(required=True, longest=1_000, lines=True)


class ComplainForm(Shape):
    """Why the answer does not satisfy."""

    words = Words(required=True, longest=1_000, lines=True)


class ComplainBody(ApiShape):
    """Why the answer does not satisfy, over the API."""

    words = Words(required=True, longest=1_000, lines=True)


class VerdictFields(Schema):
    """What an objection or complaint comes to."""

    is_upheld = Ticked()
    answer = Words(required=True, longest=1_000, lines=True)
    remedy = OneOf(Remedy, load_default=None)

    @post_load
    def _verdict(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"verdict": Verdict(given["is_upheld"], given["answer"], given["remedy"])}


class VerdictForm(Shape, VerdictFields):
    """Answer an objection or complaint."""


class ComplaintAnswerBody(ApiShape, VerdictFields):
    """Answer an objection or complaint, over the API."""
