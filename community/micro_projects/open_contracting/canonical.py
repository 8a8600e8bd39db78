"""JSON with one spelling: sorted keys, no spaces, UTF-8, and exact amounts instead of floats."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

Json = dict[str, Any]

# A number of yuan leaves the encoder as text behind this mark, which no text of ours may hold.
MARK = "\x01"
_MARKED = re.compile(r'"\\u0001(-?[0-9.]+)"')
FEN = Decimal("0.01")


class NotCanonical(Exception):
    """Bytes or values that have no one spelling; the message names the place."""


def yuan(fen: int) -> Decimal:
    """Tell whole fen as exact yuan."""
    return Decimal(fen) * FEN


def fen_of(amount: Any) -> int | None:
    """Tell an amount in yuan as whole fen, or None where it is no exact amount."""
    if isinstance(amount, bool) or not isinstance(amount, int | Decimal):
        return None
    scaled = Decimal(amount) * 100
    return int(scaled) if scaled == scaled.to_integral_value() else None


def write_json(value: Any) -> bytes:
    """Write a value in its one spelling.

    Raises: NotCanonical.
    """
    text = json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_mark
    )
    return _MARKED.sub(r"\1", text).encode()


def write_readable(value: Any) -> bytes:
    """Write a value for people: the same order and numbers, a line for each field."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=2, default=_mark)
    return _MARKED.sub(r"\1", text).encode() + b"\n"


def read_json(content: bytes | str) -> Any:
    """Read JSON without losing a digit.

    Raises: NotCanonical.
    """
    try:
        return json.loads(content, parse_float=Decimal, parse_constant=_refuse)
    except ValueError as error:
        raise NotCanonical(str(error)) from error


def clean_text(text: str) -> str:
    """Take control characters out of what people wrote; lines and tabs stay."""
    return "".join(each for each in text if each in "\n\t" or ord(each) >= 0x20)


def _mark(value: object) -> str:
    if not isinstance(value, Decimal) or not value.is_finite():
        raise NotCanonical(f"{value!r} has no spelling in JSON")
    text = f"{value:f}"
    return MARK + (text.rstrip("0").rstrip(".") if "." in text else text)


def _refuse(word: str) -> None:
    raise NotCanonical(f"{word} is no number in JSON")
