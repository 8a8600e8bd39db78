"""The form of a record: canonical UTF-8 JSON, whole numbers only, under 64 KiB."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

# An entry bundle writes a record's length in two bytes.
MOST_BYTES = 65_535
MOST_KIND = 60
SALT_LENGTH = 16
# What every record says of itself; its own fields may not.
OWN_WORDS = frozenset({"at", "community", "kind"})

quote = json.encoder.encode_basestring  # json's own C function


def record_bytes(
    community_id: int, kind: str, at_micros: int, fields: Mapping[str, object]
) -> bytes:
    """Write a record in canonical form: sorted keys, no spaces, characters as themselves.

    Raises: ValueError when a field has a reserved name or holds anything but plain JSON
    with whole numbers.
    """
    if OWN_WORDS & fields.keys():
        raise ValueError("a record's own words are at, community and kind")
    check_plain(dict(fields))
    return canonical({**fields, "at": at_micros, "community": community_id, "kind": kind})


def canonical(value: object) -> bytes:
    """Write plain JSON in its one form: sorted keys, no spaces, characters as themselves."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def check_plain(value: object) -> None:
    """Refuse what canonical JSON cannot say exactly.

    Raises: ValueError.
    """
    if value is None or type(value) in {bool, int, str}:
        return
    if isinstance(value, list | tuple):
        for each in value:
            check_plain(each)
    elif isinstance(value, dict) and all(type(key) is str for key in value):
        for each in value.values():
            check_plain(each)
    else:
        raise ValueError(f"a record holds no {type(value).__name__}")


def hidden(salt: bytes, content: bytes) -> str:
    """Hide a content: the hexadecimal SHA-256 of its salt and itself."""
    return hashlib.sha256(salt + content).hexdigest()
