"""Values no careful person sends, and the careful ones beside them, for any field of any shape."""

from __future__ import annotations

import base64
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from marshmallow import Schema, fields
from PIL import Image

from community.web.fields import AtTime, Mobile, OnDay, OneOf, Ticked, Whole, Words, Yuan

# Finds the row that an id's name means: in the reader's community, or in the neighbour's.
Find = Callable[[str], int | None]

HUGE = "9" * 21
# Longer than the longest field, and short enough that ten of them are quickly sent.
LONG = "长" * 5_001
CONTROL = "\x00铃\x07"
# What a kind of field may never read as a value of its own.
NO_NUMBERS = ("1_000", "１２", HUGE, "1e3", "0x10", "+-1", "٣")
NO_DAYS = ("2026-02-30", "0001-01-01", "9999-12-31", "20261122", "２０２６-11-22", "1_0")
NO_TIMES = ("2026-13-01T99:99", "0001-01-01T00:00", "9999-12-31T23:59", "2026-11-22")
NO_TEXTS = (LONG, CONTROL)
NO_CHOICES = ("1_000", CONTROL, HUGE)
NO_VALUES: tuple[tuple[type[fields.Field[Any]], tuple[str, ...]], ...] = (
    (Whole, (*NO_NUMBERS, "1.5", "-99999999999999")),
    (Yuan, (*NO_NUMBERS, "0.001", "-99999999999999")),
    (OnDay, NO_DAYS),
    (AtTime, NO_TIMES),
    (Words, NO_TEXTS),
    (OneOf, NO_CHOICES),
    (Ticked, NO_CHOICES),
    (Mobile, ("1380000000", "１３９００００００００１", "139_0000_0001", HUGE)),
)
# What a field may read, and a command must live with.
EDGES: tuple[tuple[type[fields.Field[Any]], tuple[str, ...]], ...] = (
    (Whole, ("0", "-1", "999999999999")),
    (Yuan, ("0", "-1", "0.01", "9999999999.99")),
    (OnDay, ("1900-01-01", "2200-12-31")),
    (AtTime, ("1900-01-01T00:00", "2200-12-31T23:59")),
    # Markup, formats, a formula and a character beyond 16 bits at once.
    (Words, ("=1<b>{0}%s🧧",)),
)
# What an address's query may carry.
ASKED = (HUGE, "１２", "\x00'\"<", "9999-12-31", "-1", "2026-13", "%s%n{0}", "长" * 500)
CODES = ("000000", "A" * 40, "' OR 1=1 --")
WRONG_TYPES: tuple[Any, ...] = (1.5, 10**30, True, None, [], {"a": [None]}, "\ud800", "é é")
# Fields that read a list although they are none of marshmallow's.
LISTS = ("Pairs", "Numbers")
# Wrong for every kind of field but a list.
NO_TYPES: tuple[Any, ...] = ([], [1], {"a": [None]})


def fields_of(shape: Schema) -> dict[str, fields.Field[Any]]:
    """Give a shape's fields by the names they are sent under."""
    return {field.data_key or name: field for name, field in shape.fields.items()}


def never(field: fields.Field[Any]) -> tuple[Any, ...]:
    """Give what a field must refuse whatever its page."""
    if isinstance(field, fields.List | fields.Nested | fields.Dict):
        return (1.5, "1_000")
    if type(field).__name__ in LISTS:
        return (1.5, "1_000", HUGE, {"a": [None]}, [{"a": [None]}], [None], [1.5])
    refused = (*_of_kind(NO_VALUES, field), *NO_TYPES)
    is_long = isinstance(field, Words) and field.longest >= len(LONG)
    return tuple(each for each in refused if not (is_long and each == LONG))


def edges(name: str, field: fields.Field[Any], *, is_sent: bool) -> tuple[Any, ...]:
    """Give what a field may read although no careful person sends it."""
    codes = CODES if "code" in name or "token" in name else ()
    values = (*_of_kind(EDGES, field), *_of_kind(NO_VALUES, field), *codes)
    if name.endswith("_id"):
        values = (*values, "999999999")
    if type(field).__name__ in {"PhotoField", "SheetField"}:
        values = tuple(base64.b64encode(content).decode() for _, _, content in bad_files())
    return (*values, *WRONG_TYPES) if is_sent else values


def _of_kind(
    values: tuple[tuple[type[fields.Field[Any]], tuple[str, ...]], ...], field: fields.Field[Any]
) -> tuple[str, ...]:
    return next((found for kind, found in values if isinstance(field, kind)), ())


def careful(shape: Schema, find: Find) -> dict[str, Any]:
    """Fill every field of a shape as a careful person would, with ids of rows that there are."""
    return {name: _careful(name, field, find) for name, field in fields_of(shape).items()}


def _careful(name: str, field: fields.Field[Any], find: Find) -> Any:
    if isinstance(field, fields.List):
        return [_careful(name.removesuffix("s"), field.inner, find)]
    if isinstance(field, fields.Nested):
        return careful(field.schema, find)
    if isinstance(field, OneOf):
        return next(iter(field.kind)).value
    if isinstance(field, Whole | Yuan):
        row = find(name) if name.endswith("_id") else None
        return str(row or max(field.minimum, 1))
    if isinstance(field, Words):
        return _words(name, field)
    return _plain(name, field)


def _words(name: str, field: Words) -> str:
    if name == "month":
        return "2026-10"
    if name.endswith("base64"):
        return base64.b64encode(picture()).decode()
    return ("按约定办理" + "。" * field.shortest)[: field.longest]


def _plain(name: str, field: fields.Field[Any]) -> Any:
    later = any(each in name for each in ("end", "out", "close", "until"))
    named = {
        OnDay: "2026-12-22" if later else "2026-11-22",
        AtTime: "2026-11-29T12:00" if later else "2026-11-29T10:00",
        Ticked: "1",
        Mobile: "13900000001",
    }
    special = {
        "PhotoField": base64.b64encode(picture()).decode(),
        "SheetField": base64.b64encode(bomb()).decode(),
        "NewPassword": "osmanthus-lane",
        "Pairs": "1:1",
        "Numbers": [],
        "DeviceTime": "2026-11-22T02:00:00Z",
    }
    return named.get(type(field), special.get(type(field).__name__, "abc"))


def picture() -> bytes:
    """Give a small picture that is one."""
    opened = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(opened, "PNG")
    return opened.getvalue()


@lru_cache
def photograph() -> bytes:
    """Give a small photograph that is one."""
    opened = io.BytesIO()
    Image.effect_noise((64, 64), 50).save(opened, "JPEG")
    return opened.getvalue()


@lru_cache
def huge_picture() -> bytes:
    """Give a picture of a few bytes that says it is 60,000 pixels wide and high."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content).to_bytes(4, "big")
        return len(content).to_bytes(4, "big") + kind + content + check

    size = (60_000).to_bytes(4, "big") * 2
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", size + bytes((1, 0, 0, 0, 0))),
            chunk(b"IDAT", zlib.compress(bytes(100_000))),
            chunk(b"IEND", b""),
        )
    )


@lru_cache
def bomb() -> bytes:
    """Give a workbook whose one sheet unpacks to 64 MB."""
    opened = io.BytesIO()
    with zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/workbook.xml", "<workbook/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (64 << 20))
    return opened.getvalue()


def bad_files() -> Iterator[tuple[str, str, bytes]]:
    """Give files that are not what their names say, with the reason of each."""
    yield "empty", "photo.png", b""
    yield "wrong type", "page.html", b"<html><script>alert(1)</script></html>"
    yield "program", "photo.png", b"MZ\x90\x00" + b"\x00" * 400
    yield "cut short", "photo.png", picture()[:40]
    yield "huge picture", "photo.png", huge_picture()
    yield "cut photo", "photo.jpg", photograph()[:-200]
    yield "bomb", "people.xlsx", bomb()
    yield "cut workbook", "people.xlsx", b"PK\x03\x04" + b"\x00" * 30
    yield "not text", "people.csv", bytes(range(256)) * 4


def flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give values as a form sends them."""
    return {name: value for name, value in values.items() if not isinstance(value, dict)}


def single(shape: Schema, *, is_sent: bool) -> Iterator[tuple[str, Any]]:
    """Give each field of a shape with each value that a command may stumble over."""
    for name, field in fields_of(shape).items():
        for value in edges(name, field, is_sent=is_sent):
            yield name, value


def others(shape: Schema, good: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Give what else a careful person might have sent instead of `good`."""
    for name, field in fields_of(shape).items():
        if isinstance(field, Words) and not name.endswith("base64") and name != "month":
            yield {**good, name: good[name][: field.longest - 1] + "改"}
        if isinstance(field, Whole) and not name.endswith("_id"):
            yield {**good, name: str(int(good[name]) + 1)}
