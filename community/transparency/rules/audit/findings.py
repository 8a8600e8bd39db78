"""What a verification found, in Chinese and English, each with the name of the item."""

from __future__ import annotations

from typing import NamedTuple

MOST_SHOWN = 200


class Finding(NamedTuple):
    """One thing that is not as it must be."""

    item: str
    chinese: str
    english: str


class Findings:
    """What is broken, and what is merely worth knowing."""

    def __init__(self) -> None:
        self.broken: list[Finding] = []
        self.notes: list[Finding] = []
        self.count = 0

    def add(self, item: str, chinese: str, english: str) -> None:
        """Remember something broken; the first of very many are kept."""
        self.count += 1
        if len(self.broken) < MOST_SHOWN:
            self.broken.append(Finding(item, chinese, english))

    def tell(self, item: str, chinese: str, english: str) -> None:
        """Remember something that breaks nothing."""
        if len(self.notes) < MOST_SHOWN:
            self.notes.append(Finding(item, chinese, english))


class CannotTell(ValueError):
    """There is not enough to verify anything: a missing file, key or argument."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(english)
        self.chinese = chinese
        self.english = english
