"""What is wrong in a cell, as a sentence the office can act upon."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mistake:
    """A sentence with its facts; the page translates the sentence."""

    message: str
    facts: tuple[tuple[str, str], ...] = ()

    def sentence(self, translate: Callable[[str], str] = str) -> str:
        """Tell the sentence, in Chinese unless a translation is given."""
        return translate(self.message).format(**dict(self.facts))


class UnreadableCellError(Exception):
    """A cell cannot be read; the row reader turns this into a problem of that cell."""

    def __init__(self, message: str, **facts: object) -> None:
        """Keep the sentence and its facts."""
        self.mistake = mistake(message, **facts)
        super().__init__(self.mistake.sentence())


def mistake(message: str, **facts: object) -> Mistake:
    """Make a mistake from its sentence and facts."""
    return Mistake(message, tuple((name, str(value)) for name, value in facts.items()))
