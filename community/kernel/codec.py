"""Frozen plain values to canonical JSON and back: payload hashes, kept answers, job chunks."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import importlib
import json
from datetime import date, datetime
from enum import Enum
from typing import Any

_PRIMITIVES = frozenset({type(None), bool, int, str, bytes, date, datetime})
_frozen_types: dict[type, bool] = {}


def check_plain(value: object) -> None:
    """Refuse anything but frozen plain values (our own mistake, such as a request proxy)."""
    kind = type(value)
    if kind in _PRIMITIVES or _frozen_types.get(kind):
        return
    if kind in {tuple, frozenset}:
        for each in value:  # type: ignore[attr-defined]
            check_plain(each)
    elif kind is dict:
        for key, each in value.items():  # type: ignore[attr-defined]
            check_plain(key)
            check_plain(each)
    elif not _is_frozen(kind):
        raise TypeError(f"a command takes and gives frozen plain values, not {kind.__name__}")


def _is_frozen(kind: type) -> bool:
    """Tell whether values of a type never change; each type is looked at once."""
    parameters = getattr(kind, "__dataclass_params__", None)
    found = issubclass(kind, Enum) or (parameters is not None and bool(parameters.frozen))
    _frozen_types[kind] = found
    return found


def dump(value: object) -> str:
    """Write a frozen plain value as canonical JSON: sorted keys, no spaces, no float."""
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def load(text: str) -> Any:
    """Read back what `dump` wrote."""
    return _value(json.loads(text))


def digest(value: object) -> bytes:
    """Hash a value by its canonical JSON (SHA-256, 32 bytes)."""
    return hashlib.sha256(dump(value).encode()).digest()


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return {"$e": _name(type(value)), "v": value.value}
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime):
        return {"$t": value.isoformat()}
    if isinstance(value, date):
        return {"$d": value.isoformat()}
    if isinstance(value, bytes):
        return {"$b": base64.b64encode(value).decode()}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, frozenset):
        return {"$s": sorted((_plain(each) for each in value), key=str)}
    if isinstance(value, dict):
        return {"$m": [[_plain(key), _plain(each)] for key, each in sorted(value.items())]}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {
            field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
        return {"$c": _name(type(value)), "f": fields}
    raise TypeError(f"{type(value).__name__} is no plain value")


def _value(node: Any) -> Any:
    if isinstance(node, list):
        return tuple(_value(each) for each in node)
    if not isinstance(node, dict):
        return node
    if "$c" in node:
        return _type(node["$c"])(**{name: _value(each) for name, each in node["f"].items()})
    if "$e" in node:
        return _type(node["$e"])(node["v"])
    if "$t" in node:
        return datetime.fromisoformat(node["$t"])
    if "$d" in node:
        return date.fromisoformat(node["$d"])
    if "$b" in node:
        return base64.b64decode(node["$b"])
    if "$s" in node:
        return frozenset(_value(each) for each in node["$s"])
    return {_value(key): _value(each) for key, each in node["$m"]}


def _name(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


def _type(name: str) -> Any:
    module, _, path = name.partition(":")
    # Stored text must not be able to name just any class of the interpreter.
    if not module.startswith(("community.", "tests.")):
        raise TypeError(f"{name} is not ours")
    found: Any = importlib.import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    return found
