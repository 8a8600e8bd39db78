"""A sentence said to somebody who reads it later, perhaps in another language."""

from __future__ import annotations

from typing import Any, Self


class Said(str):
    """The sentence in Chinese; its template and facts wait for the reader's language.

    For everybody who does not translate (SMS, the API, a printed sheet) it is plain text. A fact
    may be another such sentence. Facts are kept, never the reader's language: people read on
    several devices, and a helper reads for them.
    """

    __slots__ = ("facts", "template")

    template: str
    facts: dict[str, Any]

    def __new__(cls, template: str, facts: dict[str, Any]) -> Self:
        """Say it in Chinese."""
        made = super().__new__(cls, template.format(**facts))
        made.template, made.facts = template, facts
        return made


def say(template: str, /, **facts: str | int) -> Said:
    """Fill a template marked with `N_` with its facts."""
    return Said(template, facts)


def to_plain(text: str) -> Any:
    """Turn a sentence into JSON that gives it back; None for text that is no template's."""
    if not isinstance(text, Said):
        return None
    facts = {
        name: {"said": to_plain(fact)} if isinstance(fact, Said) else fact
        for name, fact in text.facts.items()
    }
    return [text.template, facts]


def from_plain(kept: Any, text: str) -> str:
    """Give a kept sentence back; text of which nothing more was kept stays what it is."""
    if kept is None:
        return text
    template, facts = kept
    return Said(
        template,
        {
            name: from_plain(fact["said"], "") if isinstance(fact, dict) else fact
            for name, fact in facts.items()
        },
    )
