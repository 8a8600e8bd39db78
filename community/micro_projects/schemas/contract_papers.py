"""Bodies of the API that carry pictures or papers as base64."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, post_load
from marshmallow.validate import Length

from community.kernel import files
from community.kernel.errors import N_
from community.micro_projects.rules.contracts import Side
from community.micro_projects.rules.milestones import Finding, PaperKind
from community.micro_projects.service.milestones import DeliveryDraft
from community.micro_projects.service.site_notes import NoteDraft
from community.web.fields import ApiShape, AtTime, OnDay, OneOf, Words

MOST_LETTERS = 28_000_000
PAPERS = files.IMAGES | {files.FileKind.PDF}


class PaperField(fields.Field[files.Ready]):
    """A picture or PDF as base64, taken in; sealed ones lie encrypted."""

    def __init__(self, *, is_sealed: bool = False, **options: Any) -> None:
        """Keep it open unless told otherwise."""
        super().__init__(**options)
        self.is_sealed = is_sealed

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> files.Ready:
        if not isinstance(value, str) or len(value) > MOST_LETTERS:
            raise ValidationError(N_("附件内容不是 base64 编码，请检查后重试。"))
        try:
            content = base64.b64decode(value, validate=True)
        except ValueError as error:
            raise ValidationError(N_("附件内容不是 base64 编码，请检查后重试。")) from error
        upload = files.Upload("paper", content)
        return files.take_in(upload, PAPERS, is_sealed=self.is_sealed)


class SignBody(ApiShape):
    """Which sides signed, on which day, with the scan."""

    sides = fields.List(OneOf(Side), required=True, validate=Length(1, 2))
    signed_on = OnDay(required=True)
    scan = PaperField(required=True, is_sealed=True)

    @post_load
    def _sides(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**given, "sides": tuple(dict.fromkeys(given["sides"]))}


class DeliveryBody(ApiShape):
    """What was done, where and when, with photos."""

    words = Words(required=True, longest=1_000, lines=True)
    place = Words(load_default="", longest=80)
    happened_at = AtTime(load_default=None)
    evidence = fields.List(PaperField(), required=True)

    @post_load
    def _draft(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"draft": DeliveryDraft(**{**given, "evidence": tuple(given["evidence"])})}


class NoteBody(ApiShape):
    """What somebody saw at the site."""

    finding = OneOf(Finding, required=True)
    words = Words(required=True, longest=600, lines=True)
    pictures = fields.List(PaperField(), load_default=list)

    @post_load
    def _draft(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"draft": NoteDraft(**{**given, "pictures": tuple(given["pictures"])})}


class InvoiceBody(ApiShape):
    """An invoice."""

    invoice_number = Words(required=True, longest=40)
    invoice = PaperField(required=True, is_sealed=True)


class PapersBody(ApiShape):
    """Pictures or papers of a project."""

    kind = OneOf(PaperKind, required=True)
    title = Words(load_default="", longest=80)
    papers = fields.List(PaperField(), required=True)

    @post_load
    def _papers(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**given, "papers": tuple(given["papers"])}
