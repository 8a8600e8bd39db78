"""What enters sealed polls: an encrypted ballot."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

from community.deliberation.rules.sealed import MOST_ENVELOPE
from community.kernel.errors import N_
from community.web.fields import ApiShape, Shape, Whole


class Envelope(fields.Field[Any]):
    """An encrypted ballot in base64."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> bytes:
        if not isinstance(value, str) or len(value) > 2 * MOST_ENVELOPE:
            raise ValidationError(N_("加密的选票读不出来，请重新选择再投。"))
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValidationError(N_("加密的选票读不出来，请重新选择再投。")) from error


class SealedForm(Shape):
    """Casting what the browser has sealed."""

    envelope = Envelope(load_default=b"")
    roll_entry_id = Whole(minimum=1, required=True)


class SealedBody(ApiShape):
    """A sealed ballot over the API."""

    envelope = Envelope(required=True)
    roll_entry_id = Whole(minimum=1, load_default=None)
