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
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise ValidationError(N_("设备时间的格式不对。")) from error


class ScanBody(Shape):
    """One scan."""

    code = Words(required=True, longest=LONGEST_CODE)
    direction = OneOf(Direction, load_default=Direction.IN)
    nonce = Words(longest=40, load_default="")
    device_time = DeviceTime(load_default=None)
    late = Ticked()
    gate = Words(longest=40, load_default="")


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
