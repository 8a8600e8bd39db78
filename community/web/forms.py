"""A form on its way: what was typed, what is wrong with it, and the request key it carries."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import Schema, ValidationError

from community.kernel import ids
from community.kernel.errors import BadInput, Refusal
from community.web.errors import PAGE_EXPIRED, sentence_of, status_of

# More digits than any row has would overflow the database's own integers.
NUMBER = re.compile(r"[0-9]{1,15}\Z")
KEY_FIELD = "request_key"
KEY_HEADER = "Idempotency-Key"


class KeyMissing(BadInput):
    """A POST came without its request key."""

    message = PAGE_EXPIRED


@dataclass(slots=True)
class Form:
    """What a form shows: typed values as they came, one sentence per wrong field, one on top."""

    typed: Mapping[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    refusal: str = ""
    posted_to: str = ""

    def value(self, name: str, default: object = "") -> object:
        """Give what to show in a field: what was typed, else the default."""
        return self.typed.get(name, default)

    def at(self, address: str) -> Form | None:
        """Give the form when it was posted to this address: of many on a page, one was typed in."""
        return self if self.posted_to == address else None


def read(schema: Schema) -> tuple[Form, dict[str, Any]]:
    """Read the posted form (files aside) with a schema; nothing typed is lost."""
    typed: dict[str, Any] = {}
    for name in request.form:
        values = request.form.getlist(name)
        many = hasattr(schema.fields.get(name), "inner")
        typed[name] = values if many else values[0]
    try:
        return Form(typed, posted_to=request.path), dict(schema.load(_filled(typed)))
    except ValidationError as error:
        sentences = _sentences(error.messages_dict)
        return Form(typed, sentences, gettext(BadInput.message), request.path), {}


def submit(
    schema: Schema,
    act: Callable[[dict[str, Any]], Any],
    again: Callable[[Form], str],
    done: Callable[[Any], ResponseReturnValue],
) -> ResponseReturnValue:
    """Read a form and act; show it again with its sentences, or answer with `done`."""
    form, values = read(schema)
    if form.errors:
        return again(form), 422
    try:
        result = act(values)
    except Refusal as refusal:
        form.refusal = sentence_of(refusal)
        return again(form), status_of(refusal)
    return done(result)


def request_key() -> str:
    """Give the key the client made for this POST.

    Raises: KeyMissing.
    """
    key = request.headers.get(KEY_HEADER) or request.form.get(KEY_FIELD) or ""
    if not 8 <= len(key) <= 80 or not key.isascii() or not key.isprintable():
        raise KeyMissing
    return key


def asked_number(name: str) -> int | None:
    """Give a number in the address's query, None when it is none that a row could have."""
    return read_number(request.args.get(name, ""))


def read_number(text: str) -> int | None:
    """Read a row's number, None when it is none that a row could have."""
    return int(text) if NUMBER.match(text) else None


def new_key() -> str:
    """Make the key of a form that is shown (again)."""
    return ids.random_code(26)


def _filled(typed: Mapping[str, Any]) -> dict[str, Any]:
    # A browser sends every empty field; for a schema, empty is absent.
    return {name: value for name, value in typed.items() if value not in ("", [""])}


def _sentences(messages: Mapping[str, Any]) -> dict[str, str]:
    return {name: gettext(_first(found)) for name, found in messages.items()}


def _first(found: Any) -> str:
    while not isinstance(found, str):
        found = next(iter(found.values())) if isinstance(found, dict) else found[0]
    return found
