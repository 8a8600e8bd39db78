"""A spreadsheet that comes over the API as base64."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

from community.kernel import files
from community.kernel.errors import N_

SHEET_NAME = "api.xlsx"


class SheetField(fields.Field[files.Ready]):
    """A spreadsheet as base64, taken in as an upload is."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> files.Ready:
        try:
            content = base64.b64decode(str(value), validate=True)
        except ValueError as error:
            raise ValidationError(N_("文件内容要用 base64 编码。")) from error
        return files.take_in(files.Upload(SHEET_NAME, content), files.SHEETS)
