"""What is said about a box to those who seal: its binding and its form, as plain JSON."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from community.sealing.rules.header import Binding, Header, encode

BINDING_FORMAT = "community-sealing-tender/1"
SHARES_FORMAT = "community-sealing-shares/1"


class FieldKind(StrEnum):
    """What a sealed field holds: whole fen, a line, several lines, or files as base64."""

    YUAN = "yuan"
    WORDS = "words"
    LONG = "long"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of what is sealed, by its name in the canonical JSON."""

    name: str
    kind: FieldKind
    label: str


def binding_words(binding: Binding, form: tuple[FormField, ...] = ()) -> dict[str, Any]:
    """Say what an envelope must be sealed for; a sealing page reads this."""
    return {
        "format": BINDING_FORMAT,
        "box": binding.token,
        "subject": binding.subject,
        "owner": binding.owner,
        "k": binding.k,
        "openers": [encode(each) for each in binding.openers],
        "form": [[each.name, each.kind.value, each.label] for each in form],
    }


def header_words(header: Header) -> dict[str, Any]:
    """Say a header as an opener's browser reads it."""
    shares = [{"check": each.check.hex(), "sealed": encode(each.sealed)} for each in header.shares]
    return {**header.core(), "shares": shares}
