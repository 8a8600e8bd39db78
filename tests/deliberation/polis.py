"""Reads the Polis conversations of the shared data, where they are present."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "polis"
NAMES = ("25ptpt-3gp-no-strict-with-meta", "below-100-ptpts")


@dataclass(frozen=True)
class Conversation:
    """Real answers and the mathematics Polis published for them."""

    rows: tuple[tuple[int | None, ...], ...]
    raw: tuple[tuple[int | None, ...], ...]
    people: tuple[int, ...]
    statements: tuple[int, ...]
    hidden: frozenset[int]
    mathematics: dict[str, Any]

    def groups(self) -> list[list[int]]:
        """Name the rows of each of Polis' own groups."""
        clusters = self.mathematics["base-clusters"]
        members = dict(zip(clusters["id"], clusters["members"], strict=True))
        rows = {person: row for row, person in enumerate(self.people)}
        return [
            [rows[person] for base in group["members"] for person in members[base]]
            for group in sorted(self.mathematics["group-clusters"], key=lambda one: one["id"])
        ]


def read_conversation(name: str) -> Conversation:
    """Read one conversation; the last of several answers counts, moderated statements are 0."""
    folder = FOLDER / name
    if not folder.exists():
        pytest.skip(f"the Polis conversation {name} is not beside this repository")
    mathematics = json.loads((folder / "math-pca2.json").read_text())
    given: dict[tuple[int, int], int] = {}
    votes = json.loads((folder / "votes.json").read_text())
    for vote in sorted(votes, key=lambda one: float(one["modified"])):
        person = vote.get("pid", vote.get("participant_id"))
        given[person, vote.get("tid", vote.get("statement_id"))] = vote["vote"]
    people = sorted({person for person, _ in given})
    statements = mathematics["tids"]
    hidden = set(mathematics["mod-out"])
    raw = tuple(tuple(given.get((person, one)) for one in statements) for person in people)
    rows = tuple(
        tuple(0 if one in hidden else answer for one, answer in zip(statements, row, strict=True))
        for row in raw
    )
    return Conversation(rows, raw, tuple(people), tuple(statements), frozenset(hidden), mathematics)
