"""What a scanner sends, one scan or those that waited for the network."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from community.kernel.errors import N_
from community.volunteering.rules.drafts import CheckInRequest
from community.volunteering.rules.scanning import Direction
from community.web.fields import OneOf, Shape, Ticked, Whole, Words

LONGEST_CODE = 400
LONGEST_NAME = 40
MOST_SCANS = 200
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})\Z"
)


class DeviceTime(fields.Field[datetime]):
    """An instant of a device's clock with its offset, as JavaScript writes it."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> datetime:
        if not isinstance(value, str) or not _INSTANT.match(value):
            raise ValidationError(N_("设备时间的格式不对。"))
        return _instant(value)


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValidationError(N_("设备时间的格式不对。")) from error


class ScanBody(Shape):
    """One scan."""

    code = Words(required=True, longest=LONGEST_CODE)
    direction = OneOf(Direction, load_default=Direction.IN)
    nonce = Words(longest=LONGEST_NAME, load_default="")
    device_time = DeviceTime(load_default=None)
    late = Ticked()
    gate = Words(longest=LONGEST_NAME, load_default="")


class CheckInBody(ScanBody):
    """One scan for the API: the shift is named beside it."""

    shift_id = Whole(minimum=1, required=True)

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Bring the fields together as one request."""
        return {"asked": request_of(values["shift_id"], values)}


class ScansBody(Schema):
    """Scans that waited, in whatever order they come."""

    scans = fields.List(
        fields.Nested(ScanBody), required=True, validate=validate.Length(min=1, max=MOST_SCANS)
    )


class TypedForm(Shape):
    """A code typed by hand, or a picture of one, on a page without scripts."""

    code = Words(longest=LONGEST_CODE, load_default="")
    direction = OneOf(Direction, load_default=Direction.IN)


_SHAPE = ScanBody()
_SENT = frozenset({"code", "direction", "nonce", "device_time", "late", "gate"})
_DIRECTIONS = {each.value: each for each in Direction}


def read_scan(body: Any) -> dict[str, Any]:
    """Read one scan; what a scanner sends as a rule needs no schema (5 instead of 80 microseconds).

    Raises: ValidationError, from the schema alone: it judges whatever is not plain at once.
    """
    plain = plain_scan(body)
    return dict(_SHAPE.load(body)) if plain is None else plain


def plain_scan(body: Any) -> dict[str, Any] | None:
    """Read a scan as the scanner sends it; None for anything that the schema has to look at."""
    if not isinstance(body, dict) or not body.keys() <= _SENT:
        return None
    code, nonce, gate = body.get("code"), body.get("nonce", ""), body.get("gate", "")
    direction = body.get("direction", Direction.IN.value)
    seen, late = body.get("device_time"), body.get("late", False)
    is_plain = (
        _is_plain(code, LONGEST_CODE)
        and code != ""
        and _is_plain(nonce, LONGEST_NAME)
        and _is_plain(gate, LONGEST_NAME)
        and isinstance(direction, str)
        and direction in _DIRECTIONS
        and late is False
        and (seen is None or (isinstance(seen, str) and _INSTANT.match(seen) is not None))
    )
    if not is_plain:
        return None
    try:
        at = None if seen is None else _instant(seen)
    except ValidationError:
        return None
    return {
        "code": code,
        "direction": _DIRECTIONS[direction],
        "nonce": nonce,
        "device_time": at,
        "late": False,
        "gate": gate,
    }


def _is_plain(text: object, longest: int) -> bool:
    """Tell whether a text would come out of `Words` as it went in."""
    return (
        isinstance(text, str)
        and len(text) <= longest
        and text.isascii()
        and text.isprintable()
        and text == text.strip()
    )


def request_of(shift_id: int, values: Mapping[str, Any]) -> CheckInRequest:
    """Give a scan as the command takes it."""
    return CheckInRequest(
        shift_id=shift_id,
        code=values["code"],
        nonce=values.get("nonce", ""),
        device_time=values.get("device_time"),
        is_late=bool(values.get("late")),
        gate=values.get("gate", ""),
    )
