"""Shapes of the desk's acts on people and homes."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load

from community.identity.rules.setup import split_line
from community.identity.service.buying import Buyer
from community.kernel.errors import N_
from community.web.fields import ApiShape, Mobile, OnDay, Shape, Ticked, Whole, Words

MOST_BUYERS = 6


class DeathFields(Schema):
    """When, and to whom what is left goes."""

    on = OnDay(required=True)
    heir_id = Whole(load_default=None, minimum=1)
    pool = Ticked()
    note = Words(load_default="", longest=200)


class DeathForm(Shape, DeathFields):
    """Record a death."""


class DeathBody(ApiShape, DeathFields):
    """Record a death, over the API."""


class MoveFields(Schema):
    """When, and whether the household goes along."""

    on = OnDay(required=True)
    with_family = Ticked()
    note = Words(load_default="", longest=200)


class MoveForm(Shape, MoveFields):
    """Record a move or the end of a tenancy."""


class MoveBody(ApiShape, MoveFields):
    """As the form, over the API."""


class UnitNames(Words):
    """Room numbers parted by spaces, 、 or lines."""

    def __init__(self, **options: Any) -> None:
        """Take up to some hundreds of them."""
        super().__init__(longest=4_000, lines=True, **options)

    def _deserialize(self, *given: Any, **options: Any) -> Any:
        text = super()._deserialize(*given, **options)
        return tuple(dict.fromkeys(re.split(r"[\s、,，;；]+", text.strip()))) if text else ()


class HeldUnitsFields(Schema):
    """Whose units, in which building; without names all that have no owner."""

    developer = Words(required=True, shortest=2, longest=100)
    building_id = Whole(required=True, minimum=1)
    names = UnitNames(load_default=())


class HeldUnitsForm(Shape, HeldUnitsFields):
    """Note units as not sold or not handed over."""


class HeldUnitsBody(ApiShape, HeldUnitsFields):
    """As the form, over the API."""


class HandOverFields(Schema):
    """Which units were handed over, and when."""

    building_id = Whole(required=True, minimum=1)
    names = UnitNames(required=True)
    on = OnDay(required=True)


class HandOverForm(Shape, HandOverFields):
    """Note units as handed over."""


class HandOverBody(ApiShape, HandOverFields):
    """As the form, over the API."""


class BuyerBody(ApiShape):
    """A new owner with a share."""

    name = Words(required=True, longest=60)
    birth_year = Whole(load_default=None, minimum=1900, maximum=2100)
    number = Mobile(load_default="")
    numerator = Whole(load_default=1, minimum=1, maximum=100_000)
    denominator = Whole(load_default=1, minimum=1, maximum=100_000)

    @post_load
    def _frozen(self, given: dict[str, Any], **_options: Any) -> Buyer:
        if given["numerator"] > given["denominator"]:
            raise ValidationError(N_("份额不能超过 1，例如 1/2。"), "numerator")
        return Buyer(**given)


class SaleBody(ApiShape):
    """A sale, over the API."""

    unit_id = Whole(required=True, minimum=1)
    on = OnDay(required=True)
    buyers = fields.List(fields.Nested(BuyerBody), required=True)
    family_leaves = Ticked()
    note = Words(load_default="", longest=200)

    @post_load
    def _frozen(self, given: dict[str, Any], **_options: Any) -> dict[str, Any]:
        if not 1 <= len(given["buyers"]) <= MOST_BUYERS:
            raise ValidationError(N_("新业主要有 1 到 6 位。"), "buyers")
        return {**given, "buyers": tuple(given["buyers"])}


class SaleForm(Shape):
    """A sale: one line for each new owner, as 林秋月 1980 13800000001 1/2."""

    unit_id = Whole(required=True, minimum=1)
    on = OnDay(required=True)
    buyers = Words(required=True, longest=600, lines=True)
    family_leaves = Ticked()
    note = Words(load_default="", longest=200)

    @post_load
    def _read(self, given: dict[str, Any], **_options: Any) -> dict[str, Any]:
        lines = [split_line(line) for line in given["buyers"].splitlines() if split_line(line)]
        if not 1 <= len(lines) <= MOST_BUYERS:
            raise ValidationError(N_("新业主要有 1 到 6 位，每人一行。"), "buyers")
        return {**given, "buyers": tuple(_buyer(words, len(lines)) for words in lines)}


def _buyer(words: list[str], people: int) -> Buyer:
    """Read a line of name, birth year, number and share; whoever gives no share has equal parts."""
    values: dict[str, Any] = {"name": words[0], "denominator": people}
    for word in words[1:]:
        part, slash, whole = word.partition("/")
        if slash:
            values |= {"numerator": part, "denominator": whole}
        elif len(word) == len("1980"):
            values["birth_year"] = word
        else:
            values["number"] = word
    try:
        made: Buyer = BuyerBody().load(values)
    except ValidationError as error:
        raise ValidationError(
            N_("每位新业主一行：姓名 出生年份 手机号 份额，例如“林秋月 1980 13800000001 1/2”。"),
            "buyers",
        ) from error
    return made
