"""The shapes of taking in statements, matching their lines and closing periods."""

from __future__ import annotations

import base64
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validates

from community.kernel import files
from community.kernel.errors import N_
from community.trust_property.importing.reading import LIMITS
from community.trust_property.importing.statement import Column, Sign
from community.trust_property.rules.bank import MatchKind
from community.trust_property.service.statements import TakenIn, take_statement
from community.web.fields import ApiShape, OnDay, OneOf, Shape, Whole, Words, Yuan

MOST = 10**13
_STARTS = {b"PK": files.FileKind.XLSX, b"\xd0\xcf\x11\xe0": files.FileKind.XLS}
_TEXT = files.FileKind.CSV
_DAY_ORDERS = frozenset({"", "day-first", "month-first"})


def take_in_statement(name: str, content: bytes) -> TakenIn:
    """Read an uploaded statement once and put it on disk as the bank gave it.

    Raises: UnreadableFile, FileTooLarge.
    """
    kind = next((kind for start, kind in _STARTS.items() if content.startswith(start)), _TEXT)
    ready = files.take_in(files.Upload(name, content), most_bytes=LIMITS.file, known_as=kind)
    return take_statement(ready)


class StatementBody(ApiShape):
    """A statement file as base64."""

    name = Words(required=True, longest=200)
    content = fields.String(required=True)

    @post_load
    def _taken(self, given: dict[str, Any], **_options: Any) -> dict[str, Any]:
        try:
            content = base64.b64decode(given["content"], validate=True)
        except ValueError as error:
            raise ValidationError(N_("文件内容要用 base64 编码。"), "content") from error
        return {"taken": take_in_statement(given["name"], content)}


class CorrectionFields(Schema):
    """What each column holds, which way amounts go, and how days are written."""

    columns = fields.List(fields.String(), load_default=list)
    sign = fields.String(load_default="")
    day_order = fields.String(load_default="")

    @validates("columns")
    def _known(self, value: list[str], **_: Any) -> None:
        if not set(value) <= {"", *Column}:
            raise ValidationError(N_("请从列出的选项里选一个。"))

    @validates("sign")
    def _a_sign(self, value: str, **_: Any) -> None:
        if value not in {"", *Sign}:
            raise ValidationError(N_("请从列出的选项里选一个。"))

    @validates("day_order")
    def _an_order(self, value: str, **_: Any) -> None:
        if value not in _DAY_ORDERS:
            raise ValidationError(N_("请从列出的选项里选一个。"))

    @post_load
    def _frozen(self, given: dict[str, Any], **_options: Any) -> dict[str, Any]:
        return {**given, "columns": tuple(given["columns"])}


class CorrectionForm(Shape, CorrectionFields):
    """Correct what was understood."""


class CorrectionBody(ApiShape, CorrectionFields):
    """Correct what was understood, over the API."""


class BalanceFields(Schema):
    """The balances a file does not tell."""

    opening_fen = Yuan(minimum=-MOST, maximum=MOST, load_default=None, allow_none=True)
    closing_fen = Yuan(minimum=-MOST, maximum=MOST, load_default=None, allow_none=True)


class BalanceForm(Shape, BalanceFields):
    """Add a statement's lines."""


class BalanceBody(ApiShape):
    """Add a statement's lines, over the API; amounts in fen."""

    opening_fen = Whole(minimum=-MOST, maximum=MOST, load_default=None, allow_none=True)
    closing_fen = Whole(minimum=-MOST, maximum=MOST, load_default=None, allow_none=True)


class MatchFields(Schema):
    """Lines and what they are."""

    line_ids = fields.List(Whole(minimum=1), required=True)
    picks = fields.List(Words(longest=60), required=True)
    reference = Words(load_default="", longest=200)

    @post_load
    def _frozen(self, given: dict[str, Any], **_options: Any) -> dict[str, Any]:
        frozen = {"line_ids": tuple(given["line_ids"]), "picks": tuple(given["picks"])}
        return {**given, **frozen}


class MatchForm(Shape, MatchFields):
    """Match lines."""


class MatchBody(ApiShape, MatchFields):
    """Match lines, over the API."""


class BookFields(Schema):
    """What a line is that nobody announced."""

    kind = OneOf(MatchKind, required=True)
    other_account_id = Whole(minimum=1, load_default=None, allow_none=True)
    reference = Words(load_default="", longest=200)


class BookForm(Shape, BookFields):
    """Enter a line."""


class BookBody(ApiShape, BookFields):
    """Enter a line, over the API."""


class SeekFields(Schema):
    """What to look for beside the line's own words: a unit, a name."""

    seek = Words(load_default="", longest=60)


class SeekForm(Shape, SeekFields):
    """Look for a unit or a name."""


class SeekAsked(ApiShape, SeekFields):
    """Look for a unit or a name, over the API."""


class ExplainFields(Schema):
    """What money was that had waited on a public account."""

    kind = OneOf(MatchKind, required=True)
    picks = fields.List(Words(longest=60), load_default=list)
    reference = Words(load_default="", longest=200)

    @post_load
    def _frozen(self, given: dict[str, Any], **_options: Any) -> dict[str, Any]:
        return {**given, "picks": tuple(given["picks"])}


class ExplainForm(Shape, ExplainFields):
    """Explain money that waited."""


class ExplainBody(ApiShape, ExplainFields):
    """Explain money that waited, over the API."""


class ClosingFields(Schema):
    """The last day of a period."""

    ends_on = OnDay(required=True)


class ClosingForm(Shape, ClosingFields):
    """Close a period."""


class ClosingBody(ApiShape, ClosingFields):
    """Close a period, over the API."""


class ClosingAsked(ApiShape):
    """Which period to look at."""

    ends_on = OnDay(load_default=None, allow_none=True)


class LinesAsked(ApiShape):
    """Which lines of an account to list."""

    only_open = fields.Boolean(load_default=False)
    page = Whole(minimum=1, maximum=100_000, load_default=1)
