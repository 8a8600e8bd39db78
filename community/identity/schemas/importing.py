"""Shapes of importing a residents' sheet."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, post_load

from community.identity.importing.files import LARGEST_FILE, too_large
from community.identity.importing.headers import Column
from community.identity.importing.sheets import clean_upload
from community.kernel import clock, files
from community.kernel.errors import N_
from community.web.fields import ApiShape, Shape, Whole, Words


def take_in_sheet(name: str, content: bytes) -> files.Ready:
    """Clean an uploaded sheet and put it on disk; the numbers of identity cards stay outside.

    Raises: UnreadableFile.
    """
    if len(content) > LARGEST_FILE:
        raise too_large()
    return files.take_in(files.Upload(name, clean_upload(content, clock.today())), files.SHEETS)


class ColumnChoice(fields.Field[str]):
    """What a column holds; empty when it is left aside."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> str:
        if value == "":
            return ""
        try:
            return Column(value).value
        except ValueError as error:
            raise ValidationError(N_("请从列出的选项里选一个。")) from error


class ColumnsForm(Shape):
    """The office's choice of the columns of one sheet."""

    sheet = Whole(required=True, maximum=100)
    columns = fields.List(ColumnChoice(), required=True)


class ColumnsBody(ApiShape):
    """As the form."""

    sheet = Whole(required=True, maximum=100)
    columns = fields.List(ColumnChoice(), required=True)

    @post_load
    def _frozen(self, given: dict[str, Any], **_options: Any) -> dict[str, Any]:
        return {**given, "columns": tuple(given["columns"])}


class ResidentSheetBody(ApiShape):
    """A sheet as base64."""

    name = Words(required=True, longest=200)
    content = fields.String(required=True)

    @post_load
    def _ready(self, given: dict[str, Any], **_options: Any) -> dict[str, Any]:
        try:
            content = base64.b64decode(given["content"], validate=True)
        except ValueError as error:
            raise ValidationError(N_("文件内容要用 base64 编码。"), "content") from error
        return {"ready": take_in_sheet(given["name"], content)}
