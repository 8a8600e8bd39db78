"""Pressing a button: the shape, the command, the sentence, and the page again if refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from community.kernel import files
from community.web import forms
from community.web.stored_files import read_upload


def press(
    schema: Schema,
    act: Callable[[dict[str, Any]], Any],
    again: Callable[[forms.Form], str],
    sentence: str,
    address: Callable[[Any], str],
) -> ResponseReturnValue:
    """Act and go on to an address with a sentence, or show the page with its refusal."""

    def done(result: Any) -> ResponseReturnValue:
        flash(sentence)
        return redirect(address(result), 303)

    return forms.submit(schema, act, again, done)


def taken_in(name: str, accept: frozenset[files.FileKind]) -> files.Ready | None:
    """Take in an uploaded paper, if one was sent.

    Raises: the refusals of `kernel.files`.
    """
    upload = read_upload(name)
    return None if upload is None else files.take_in(upload, accept)
