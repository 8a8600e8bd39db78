"""Papers over the API, and a percentage as people write it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load

from community.kernel import files
from community.kernel.errors import N_
from community.trust_property.service.vouchers import Paper
from community.web.fields import ApiShape, Shape, Words, Yuan

PAPERS = files.IMAGES | files.SHEETS | {files.FileKind.PDF}


class PaperBody(ApiShape):
    """A paper as base64."""

    title = Words(load_default="", longest=120)
    name = Words(load_default="paper.pdf", longest=120)
    content_base64 = Words(required=True, longest=28_000_000)

    @post_load
    def _paper(self, given: dict[str, Any], **_: Any) -> Paper:
        try:
            content = base64.b64decode(given["content_base64"], validate=True)
        except ValueError as error:
            raise ValidationError(N_("附件内容不是 base64 编码，请检查后重试。")) from error
        ready = files.take_in(files.Upload(given["name"], content), PAPERS, is_sealed=True)
        return Paper(given["title"] or given["name"], ready)


class _OpenFields:
    reason = Words(required=True, shortest=2, longest=120)


class OpenForm(_OpenFields, Shape):
    """Why an original is opened."""


class OpenBody(_OpenFields, ApiShape):
    """Opening through the API."""


class WithPapers(Schema):
    """A body that carries papers."""

    papers = fields.List(fields.Nested(PaperBody), load_default=list)

    @post_load
    def _papers(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**given, "papers": tuple(given["papers"])}


class Percent(Yuan):
    """A percentage with at most two decimals, read as basis points."""

    def __init__(self, **options: Any) -> None:
        """Accept 0 to 100."""
        super().__init__(minimum=0, maximum=10_000, **options)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> int:
        text = str(value).strip().removesuffix("%").strip()
        try:
            return super()._deserialize(text, attr, data, **options)
        except ValidationError as error:
            raise ValidationError(N_("请填写 0 到 100 之间的百分比，例如 8.5。")) from error
