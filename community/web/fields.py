"""Form and API fields that refuse what they do not understand, each with a clear sentence.

marshmallow's own Int turns 1.5 into 1 and accepts `1_000`; its strict mode refuses the '100'
that every HTML form sends.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from flask_babel import gettext
from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields

from community.kernel import clock
from community.kernel.errors import N_

# Control characters, and halves of a character, which no file or database can hold.
UNSEEN = frozenset({"Cc", "Cs"})
_WHOLE = re.compile(r"-?[0-9]{1,15}\Z")
_YUAN = re.compile(r"-?[0-9]{1,13}(?:\.[0-9]{1,2})?\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?\Z")
_MOBILE = re.compile(r"1[3-9][0-9]{9}\Z")
# Nobody here was born earlier and nothing is planned later; beyond lies what no calendar reckons.
OLDEST_YEAR, NEWEST_YEAR = 1900, 2200

fields.Field.default_error_messages |= {
    "required": N_("请填写这一项。"),
    "null": N_("请填写这一项。"),
    "validator_failed": N_("这一项的内容不对。"),
}


class Shape(Schema):
    """The shape of a form: unknown fields (such as the CSRF token) are left aside."""

    class Meta:
        """Form posts carry more than the fields."""

        unknown = EXCLUDE


class ApiShape(Schema):
    """The shape of an API body: unknown fields are refused."""

    class Meta:
        """A misspelt field must not be lost in silence."""

        unknown = RAISE


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValidationError(N_("请填写文字或数字。"))
    return str(value).strip()


def _check_year(day: date) -> None:
    if not OLDEST_YEAR <= day.year <= NEWEST_YEAR:
        raise ValidationError(N_("请检查日期里的年份。"))


class Whole(fields.Field[int]):
    """A whole number written in plain digits; refuses fractions, `1_000`, full-width digits."""

    def __init__(self, *, minimum: int = 0, maximum: int = 10**12, **options: Any) -> None:
        """Accept minimum to maximum, both included."""
        super().__init__(**options)
        self.minimum, self.maximum = minimum, maximum

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> int:
        text = _text(value)
        if not _WHOLE.match(text):
            raise ValidationError(N_("请用数字键填写整数，例如 30。"))
        number = int(text)
        if not self.minimum <= number <= self.maximum:
            raise ValidationError(
                gettext(
                    "请填写 %(minimum)s 到 %(maximum)s 之间的整数。",
                    minimum=self.minimum,
                    maximum=self.maximum,
                )
            )
        return number


class Yuan(fields.Field[int]):
    """An amount in yuan with at most two decimals, read as whole fen."""

    def __init__(self, *, minimum: int = 0, maximum: int = 10**12, **options: Any) -> None:
        """Accept minimum to maximum in fen, both included."""
        super().__init__(**options)
        self.minimum, self.maximum = minimum, maximum

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> int:
        text = _text(value)
        if not _YUAN.match(text):
            raise ValidationError(N_("请填写金额（元），最多两位小数，例如 12.50。"))
        whole, _, cents = text.partition(".")
        sign = -1 if whole.startswith("-") else 1
        fen = sign * (abs(int(whole)) * 100 + int((cents + "00")[:2]))
        if not self.minimum <= fen <= self.maximum:
            raise ValidationError(N_("金额超出了允许的范围。"))
        return fen


class Words(fields.Field[str]):
    """Text of a limited length: trimmed, NFC, without control characters."""

    def __init__(
        self, *, longest: int = 200, shortest: int = 0, lines: bool = False, **options: Any
    ) -> None:
        """Accept `shortest` to `longest` characters; line breaks only with `lines`."""
        super().__init__(**options)
        self.longest, self.shortest, self.lines = longest, shortest, lines

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> str:
        if not isinstance(value, str):
            raise ValidationError(N_("请填写文字。"))
        text = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
        kept = "\n\t" if self.lines else ""
        is_seen = text.isprintable()
        if not is_seen and any(
            unicodedata.category(each) in UNSEEN and each not in kept for each in text
        ):
            raise ValidationError(N_("文字里有不能显示的符号，请重新输入。"))
        if len(text) < self.shortest or (self.required and not text):
            raise ValidationError(N_("请填写这一项。"))
        if len(text) > self.longest:
            raise ValidationError(
                gettext(
                    "最多 %(longest)s 个字，现在有 %(length)s 个。",
                    longest=self.longest,
                    length=len(text),
                )
            )
        return text


class OnDay(fields.Field[date]):
    """A Shanghai day of 1900 to 2200, written 2026-11-22."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> date:
        text = _text(value)
        if not _DAY.match(text):
            raise ValidationError(N_("请填写日期，例如 2026-11-22。"))
        try:
            day = date.fromisoformat(text)
        except ValueError as error:
            raise ValidationError(N_("没有这一天，请检查日期。")) from error
        _check_year(day)
        return day


class AtTime(fields.Field[datetime]):
    """A Shanghai wall-clock time of 1900 to 2200, written 2026-11-22T09:30, read as UTC."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> datetime:
        text = _text(value)
        if not _INSTANT.match(text):
            raise ValidationError(N_("请填写日期和时间，例如 2026-11-22 09:30。"))
        try:
            local = datetime.fromisoformat(text)
        except ValueError as error:
            raise ValidationError(N_("请填写日期和时间，例如 2026-11-22 09:30。")) from error
        _check_year(local)
        return local.replace(tzinfo=clock.SHANGHAI).astimezone(UTC)


class OneOf(fields.Field[Any]):
    """One value of an enum."""

    def __init__(self, kind: type[Enum], **options: Any) -> None:
        """Accept the values of `kind`."""
        super().__init__(**options)
        self.kind = kind

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> Enum:
        try:
            return self.kind(_text(value))
        except ValueError as error:
            raise ValidationError(N_("请从列出的选项里选一个。")) from error

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> Any:
        return None if value is None else value.value


class Ticked(fields.Field[bool]):
    """A checkbox: absent means no."""

    def __init__(self, **options: Any) -> None:
        """Be False when absent."""
        super().__init__(load_default=False, **options)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> bool:
        if value in (True, "1", "on", "true", "yes"):
            return True
        if value in (False, "0", "", "off", "false", "no"):
            return False
        raise ValidationError(N_("请选是或否。"))


class Mobile(fields.Field[str]):
    """A mainland mobile number of 11 digits; blanks, dashes and +86 are dropped."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> str:
        text = re.sub(r"[ \-]", "", _text(value))
        text = text.removeprefix("+86")
        if not _MOBILE.match(text):
            raise ValidationError(N_("请填写 11 位手机号，例如 13800000000。"))
        return text
