"""管理规约 and 议事规则: clauses, and what changed between two versions."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from community.deliberation.rules.motions import words_hash
from community.kernel.errors import N_


class BylawKind(StrEnum):
    """Which text of a community's own law it is."""

    COVENANT = "covenant"
    PROCEDURE = "procedure"


BYLAW_TITLES: dict[BylawKind, str] = {
    BylawKind.COVENANT: N_("管理规约"),
    BylawKind.PROCEDURE: N_("议事规则"),
}


class VersionState(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    ADOPTED = "adopted"
    REPLACED = "replaced"


VERSION_TITLES: dict[VersionState, str] = {
    VersionState.DRAFT: N_("草案"),
    VersionState.ADOPTED: N_("现行"),
    VersionState.REPLACED: N_("已被替换"),
}
VERSION_STEPS = {
    VersionState.DRAFT: frozenset({VersionState.ADOPTED}),
    VersionState.ADOPTED: frozenset({VersionState.REPLACED}),
    VersionState.REPLACED: frozenset[VersionState](),
}


# Characters: what is longer was meant as the clause's words.
LONGEST_HEADING = 120


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause (条): its heading and its words."""

    heading: str
    words: str


class ChangeKind(StrEnum):
    """What became of a clause."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters of a clause: kept, taken out or put in."""

    kind: ChangeKind
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """A clause as it was and as it becomes; numbers are None where it does not stand."""

    kind: ChangeKind
    heading: str
    old_number: int | None
    new_number: int | None
    pieces: tuple[Piece, ...]


def text_hash(clauses: Sequence[Clause]) -> str:
    """Hash a version's whole text: heading and words of each clause, a line each."""
    return words_hash("\n".join(f"{each.heading}\n{each.words}" for each in clauses))


def split_clauses(text: str) -> tuple[Clause, ...]:
    """Read clauses from typed text: an empty line between two, the first line is the heading."""
    found: list[Clause] = []
    for block in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in block.strip().split("\n") if line.strip()]
        if lines:
            found.append(Clause(lines[0], "\n".join(lines[1:])))
    return tuple(found)


def join_clauses(clauses: Sequence[Clause]) -> str:
    """Write clauses as the text in which they are edited."""
    return "\n\n".join(f"{each.heading}\n{each.words}".strip() for each in clauses)


def compare(old: Sequence[Clause], new: Sequence[Clause]) -> tuple[Change, ...]:
    """Tell what became of each clause; clauses are matched by heading, then by place."""
    changes: list[Change] = []
    names = [each.heading for each in old], [each.heading for each in new]
    matcher = difflib.SequenceMatcher(None, *names, autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            pairs = zip(range(old_from, old_to), range(new_from, new_to), strict=True)
            changes += [_pair(old, new, one, other) for one, other in pairs]
            continue
        shared = min(old_to - old_from, new_to - new_from)
        changes += [_pair(old, new, old_from + at, new_from + at) for at in range(shared)]
        changes += [_removed(old[at], at) for at in range(old_from + shared, old_to)]
        changes += [_added(new[at], at) for at in range(new_from + shared, new_to)]
    return tuple(changes)


def _pair(old: Sequence[Clause], new: Sequence[Clause], one: int, other: int) -> Change:
    before, after = old[one], new[other]
    if before == after:
        pieces: tuple[Piece, ...] = (Piece(ChangeKind.SAME, after.words),)
        return Change(ChangeKind.SAME, after.heading, one + 1, other + 1, pieces)
    heading = after.heading
    if before.heading != after.heading:
        heading = f"{before.heading} → {after.heading}"
    pieces = _pieces(before.words, after.words)
    return Change(ChangeKind.CHANGED, heading, one + 1, other + 1, pieces)


def _pieces(before: str, after: str) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, one, two, three, four in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece(ChangeKind.SAME, before[one:two]))
            continue
        if two > one:
            pieces.append(Piece(ChangeKind.REMOVED, before[one:two]))
        if four > three:
            pieces.append(Piece(ChangeKind.ADDED, after[three:four]))
    return tuple(pieces)


def _removed(clause: Clause, at: int) -> Change:
    pieces = (Piece(ChangeKind.REMOVED, clause.words),)
    return Change(ChangeKind.REMOVED, clause.heading, at + 1, None, pieces)


def _added(clause: Clause, at: int) -> Change:
    pieces = (Piece(ChangeKind.ADDED, clause.words),)
    return Change(ChangeKind.ADDED, clause.heading, None, at + 1, pieces)
