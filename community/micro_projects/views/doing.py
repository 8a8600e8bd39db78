"""Pressing a button of a page: the shape, the command, the sentence, and the page again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from community.web import forms


def press(
    schema: Schema,
    act: Callable[[dict[str, Any]], Any],
    again: Callable[[forms.Form], str],
    sentence: str,
    address: str,
) -> ResponseReturnValue:
    """Act and go to an address with a sentence, or show the page again with its refusal."""

    def done(_: Any) -> ResponseReturnValue:
        flash(sentence)
        return redirect(address, 303)

    return forms.submit(schema, act, again, done)
