"""The shapes of keys, rules, units, rates, contracts and payees."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load

from community.trust_property.rules.estate import ContractKind, UnitUse
from community.trust_property.rules.keys import KeySide
from community.trust_property.rules.policies import Basis, Terms
from community.trust_property.schemas.papers import Percent, WithPapers
from community.trust_property.service.contracts import ContractDraft
from community.trust_property.service.payees import PayeeDraft
from community.web.fields import ApiShape, OnDay, OneOf, Shape, Whole, Words, Yuan

REFERENCE = 120


class HolderFields(Schema):
    """Who gets which key, by which paper."""

    side = OneOf(KeySide, required=True)
    person_id = Whole(required=True, minimum=1)
    reference = Words(required=True, longest=REFERENCE)


class HolderForm(Shape, HolderFields):
    """Give a key."""


class HolderBody(ApiShape, HolderFields):
    """Give a key, over the API."""


class DeputyFields(Schema):
    """Who stands in for whom, from when until when."""

    holder_id = Whole(required=True, minimum=1)
    person_id = Whole(required=True, minimum=1)
    from_on = OnDay(required=True)
    until_on = OnDay(required=True)
    reference = Words(required=True, longest=REFERENCE)


class DeputyForm(Shape, DeputyFields):
    """Appoint a deputy."""


class DeputyBody(ApiShape, DeputyFields):
    """Appoint a deputy, over the API."""


class EmptyForm(Shape):
    """A form of one button."""


class TermsFields(Schema):
    """The fund's rules."""

    remuneration_bp = Percent(required=True)
    remuneration_basis = OneOf(Basis, required=True)
    remuneration_cap_fen = Yuan(required=True)
    small_fen = Yuan(required=True)
    two_keys_fen = Yuan(required=True)
    vote_fen = Yuan(required=True)
    quotes_needed = Whole(required=True, maximum=9)
    emergency_cap_fen = Yuan(required=True)
    ratify_days = Whole(required=True, maximum=90)
    interim_bp = Percent(required=True)
    question_days = Whole(required=True, maximum=90)
    request_days = Whole(required=True, maximum=366)
    cooling_days = Whole(required=True, maximum=90)
    settlement_fee_bp = Percent(required=True)
    valid_from = OnDay(required=True)
    reference = Words(required=True, longest=REFERENCE)

    @post_load
    def _terms(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        terms = Terms(**{name: given.pop(name) for name in Terms.__slots__})
        return {**given, "terms": terms}


class TermsForm(Shape, TermsFields):
    """Propose rules."""


class TermsBody(ApiShape, TermsFields, WithPapers):
    """Propose rules, over the API."""


class UnitFields(Schema):
    """A unit's use and area; the area in hundredths of a square metre, typed with two decimals."""

    use = OneOf(UnitUse, required=True)
    area_centiares = Yuan(required=True, maximum=10**8)


class UnitForm(Shape, UnitFields):
    """Set a unit."""

    reference = Words(load_default="", longest=REFERENCE)


class UnitBody(ApiShape, UnitFields):
    """Set a unit, over the API."""


class UnitChangeBody(ApiShape, UnitFields):
    """Propose another use or area, over the API."""

    reference = Words(required=True, longest=REFERENCE)


class RateFields(Schema):
    """A fee rate per square metre and month."""

    use = OneOf(UnitUse, required=True)
    rate_fen = Yuan(required=True, maximum=1_000_00)
    valid_from = OnDay(required=True)
    reference = Words(required=True, longest=REFERENCE)


class RateForm(Shape, RateFields):
    """Propose a rate."""


class RateBody(ApiShape, RateFields, WithPapers):
    """Propose a rate, over the API."""


_CONTRACT = tuple(ContractDraft.__slots__)


class ContractFields(Schema):
    """A contract that brings common income."""

    kind = OneOf(ContractKind, required=True)
    payer = Words(required=True, longest=100)
    title = Words(required=True, longest=100)
    amount_fen = Yuan(required=True, minimum=1)
    from_on = OnDay(required=True)
    until_on = OnDay(required=True)
    instalments = Whole(required=True, minimum=1, maximum=120)
    first_due_on = OnDay(required=True)

    @post_load
    def _draft(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        draft = ContractDraft(**{name: given.pop(name) for name in _CONTRACT})
        return {**given, "draft": draft}


class ContractForm(Shape, ContractFields):
    """Propose a contract."""


class ContractBody(ApiShape, ContractFields, WithPapers):
    """Propose a contract, over the API."""


_PAYEE = tuple(PayeeDraft.__slots__)


class PayeeFields(Schema):
    """A payee's name and bank details."""

    name = Words(required=True, longest=100)
    credit_code = Words(load_default="", longest=18)
    account_name = Words(required=True, longest=100)
    bank_name = Words(required=True, longest=100)
    account_number = Words(required=True, longest=40)
    reference = Words(required=True, longest=REFERENCE)

    @post_load
    def _draft(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        draft = PayeeDraft(**{name: given.pop(name) for name in _PAYEE})
        return {**given, "draft": draft}


class PayeeForm(Shape, PayeeFields):
    """Enter or change a payee."""


class PayeeBody(ApiShape, PayeeFields, WithPapers):
    """Enter or change a payee, over the API."""


class HandoverFields(Schema):
    """Which side changes, who takes over, by which paper."""

    side = OneOf(KeySide, required=True)
    person_ids = fields.List(Whole(minimum=1), load_default=list)
    reference = Words(required=True, longest=REFERENCE)
    trustee_id = Whole(load_default=None, minimum=1)

    @post_load
    def _tuple(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**given, "person_ids": tuple(given["person_ids"])}


class HandoverForm(Shape, HandoverFields):
    """Hand a side over."""


class HandoverBody(ApiShape, HandoverFields):
    """Hand a side over, over the API."""
