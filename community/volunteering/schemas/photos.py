"""A picture that comes over the API as base64."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

from community.kernel import files
from community.kernel.errors import N_

MOST_LETTERS = 14 << 20


class PhotoField(fields.Field[files.Ready]):
    """A picture as base64, taken in and written anew."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> files.Ready:
        if not isinstance(value, str) or len(value) > MOST_LETTERS:
            raise ValidationError(N_("请附上一张照片。"))
        try:
            content = base64.b64decode(value, validate=True)
        except ValueError as error:
            raise ValidationError(N_("请附上一张照片。")) from error
        return files.take_in(files.Upload("photo.jpg", content), files.IMAGES)
