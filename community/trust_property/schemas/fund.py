"""The shapes of preparing a fund and registering its bank accounts."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validates

from community.kernel.errors import N_
from community.trust_property.rules.fund import BankUse
from community.web.fields import ApiShape, OneOf, Shape, Whole, Words

_DIGITS = re.compile(r"[0-9]{4}\Z")


class TrusteeFields(Schema):
    """A property firm by its name and its unified credit code."""

    name = Words(required=True, longest=100)
    credit_code = Words(required=True, longest=18)


class TrusteeForm(Shape, TrusteeFields):
    """Enter a property firm."""


class TrusteeBody(ApiShape, TrusteeFields):
    """Enter a property firm, over the API."""


class FundFields(Schema):
    """The estate's name, its property firm, and the buildings that pay."""

    name = Words(required=True, longest=60)
    trustee_id = Whole(required=True, minimum=1)
    building_ids = fields.List(Whole(minimum=1), load_default=list)

    @post_load
    def _tuple(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**given, "building_ids": tuple(given["building_ids"])}


class FundForm(Shape, FundFields):
    """Prepare a fund."""


class FundBody(ApiShape, FundFields):
    """Prepare a fund, over the API."""


class BankAccountFields(Schema):
    """A bank account by its bank and last four digits."""

    bank_name = Words(required=True, longest=60)
    last_digits = Words(required=True, longest=4)
    use = OneOf(BankUse, required=True)

    @validates("last_digits")
    def _four(self, value: str, **_: Any) -> None:
        if not _DIGITS.match(value):
            raise ValidationError(N_("请填写账号的最后四位数字。"))


class BankAccountForm(Shape, BankAccountFields):
    """Register a bank account."""


class BankAccountBody(ApiShape, BankAccountFields):
    """Register a bank account, over the API."""
