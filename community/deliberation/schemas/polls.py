"""What enters polls: drafts, ballots, the roll's corrections."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, post_load

from community.deliberation.models import AreaBasis, PollKind
from community.deliberation.rules.polls import (
    OptionDraft,
    Prevailing,
    RollKind,
    Secrecy,
    Standing,
    Turnout,
)
from community.deliberation.service.polls import PollDraft
from community.kernel.errors import N_
from community.web.fields import ApiShape, AtTime, OneOf, Shape, Ticked, Whole, Words

_PAIRS = re.compile(r"(?:\d{1,9}:-?\d{1,9}(?:,(?!\Z)|\Z))*\Z")


class Pairs(fields.Field[Any]):
    """A ballot: in a form `1:1,3:2`, in JSON `[[1, 1], [3, 2]]`."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> tuple[tuple[int, int], ...]:
        if isinstance(value, str) and len(value) < 4_000 and _PAIRS.match(value):
            parts = [each.split(":") for each in value.split(",") if each]
            return tuple((int(option), int(number)) for option, number in parts)
        if isinstance(value, list) and len(value) <= 200 and all(map(is_pair, value)):
            return tuple((option, number) for option, number in value)
        raise ValidationError(N_("选票读不出来，请重新选择。"))


def is_pair(value: object) -> bool:
    """Tell whether a JSON value is (option number, whole number)."""
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(type(each) is int and abs(each) < 10**9 for each in value)
    )


class Numbers(fields.Field[Any]):
    """Ids of rows: in a form `3,5,8`, in JSON a list."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> tuple[int, ...]:
        parts = value.replace("，", ",").split(",") if isinstance(value, str) else value
        if not isinstance(parts, list) or len(parts) > 5_000:
            raise ValidationError(N_("请从名单里选人。"))
        return tuple(Whole(minimum=1).deserialize(each) for each in parts)


class BallotForm(Shape):
    """The second step of casting."""

    pairs = Pairs(load_default=())
    roll_entry_id = Whole(minimum=1, required=True)
    reason = Words(longest=200, load_default="")


class CastBody(ApiShape):
    """A ballot over the API."""

    pairs = Pairs(required=True)
    roll_entry_id = Whole(minimum=1, load_default=None)
    reason = Words(longest=200, load_default="")


class OptionLines(fields.Field[Any]):
    """Options, one a line; a cost in yuan may follow a bar: `装电梯 | 120000`."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> tuple[OptionDraft, ...]:
        text = Words(longest=20_000, lines=True).deserialize(value)
        return tuple(_option(line) for line in text.splitlines() if line.strip())


def _option(line: str) -> OptionDraft:
    title, bar, cost = line.rpartition("|")
    if not bar:
        return OptionDraft(line.strip())
    if not re.fullmatch(r"\s*\d{1,9}(?:\.\d{1,2})?\s*", cost):
        raise ValidationError(N_("竖线后面请只写金额（元），例如：装电梯 | 120000"))
    yuan, _, cents = cost.strip().partition(".")
    return OptionDraft(title.strip(), "", int(yuan) * 100 + int((cents + "00")[:2]))


class PollForm(Shape):
    """A draft as the desk fills it in; the settings of its kind come beside."""

    kind = OneOf(PollKind, required=True)
    title = Words(longest=80, required=True)
    text = Words(longest=8_000, lines=True, load_default="")
    options = OptionLines(load_default=())
    roll_kind = OneOf(RollKind, required=True)
    body_id = Whole(minimum=1, load_default=None)
    people = Numbers(load_default=())
    opens_at = AtTime(required=True)
    closes_at = AtTime(required=True)
    standing = OneOf(Standing, load_default=Standing.CONSULTATIVE)
    secrecy = OneOf(Secrecy, load_default=Secrecy.NAMED)
    turnout = OneOf(Turnout, load_default=Turnout.HIDDEN)
    subject = Words(longest=120, load_default="")
    notice_days = Whole(maximum=60, load_default=None)
    prevailing = OneOf(Prevailing, load_default=Prevailing.ONLINE)
    has_paper = Ticked()
    openers_needed = Whole(minimum=0, maximum=25, load_default=0)
    openers = fields.List(Whole(minimum=1), load_default=list)
    # The count's own settings, by the names of `tallies.check_setting`.
    settings = fields.Dict(keys=fields.Str(), load_default=dict)

    @post_load
    def make(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Give the draft as the command takes it."""
        settings = {
            **values.pop("settings"),
            "prevailing": values.pop("prevailing").value,
            "has_paper": values.pop("has_paper"),
            "openers_needed": values.pop("openers_needed"),
        }
        values["openers"] = tuple(values["openers"])
        days = values.pop("notice_days")
        if days is not None:
            settings["notice_days"] = days
        if any(type(each) not in {int, str, bool} for each in settings.values()):
            raise ValidationError(N_("计票规则只能是数字、文字或是否。"), "settings")
        return {"draft": PollDraft(**values, settings=settings)}


class WaiverForm(Shape):
    """Freezing, with the reason for letting gaps stand."""

    waiver = Words(longest=200, load_default="")


class ReasonForm(Shape):
    """A public reason."""

    reason = Words(longest=200, required=True)


class EndForm(Shape):
    """A later end."""

    closes_at = AtTime(required=True)


class VoterForm(Shape):
    """Who votes for an entry."""

    person_id = Whole(minimum=1, required=True)


class HeadForm(Shape):
    """Which other entry goes under this head, by its number on the roll."""

    other_id = Whole(minimum=1, required=True)


class AreaForm(Shape):
    """A unit's area in 0.01 m², written in square metres, and the paper it rests on."""

    area = Words(longest=12, required=True)
    basis = OneOf(AreaBasis, required=True)

    @post_load
    def make(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Read square metres with at most two decimals as whole centiares."""
        if not re.fullmatch(r"\d{1,8}(?:\.\d{1,2})?", values["area"]):
            raise ValidationError(N_("面积写到小数点后两位，例如 89.50。"), "area")
        whole, _, part = values["area"].partition(".")
        return {**values, "area": int(whole) * 100 + int((part + "00")[:2])}


class CityBody(ApiShape):
    """Ballots of the city's system: `[[number on the roll, [[option, 1]]]]`."""

    lines = fields.List(fields.Tuple((Whole(minimum=1), Pairs())), required=True)

    @post_load
    def make(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Give lines that never change."""
        return {"lines": tuple(values["lines"])}


class Empty(Shape):
    """A step that takes nothing but its button."""
