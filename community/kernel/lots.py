"""Lots that anybody can draw again: a public seed, a published list, SHA-256 and nothing else.

First the list is frozen and its hash published, together with the seed that will be used: one that
nobody can know yet. Each candidate's ticket is SHA-256 over the seed, the list's hash and the
candidate's line; the smallest tickets are drawn. No chance generator of a programming language
takes part, so that a pocket calculator of hashes is enough to repeat it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

SHORTEST_SEED = 4


class BadLot(ValueError):
    """A lot cannot be drawn; `code` names the reason, the room makes the sentence."""

    def __init__(self, code: str, **facts: int | str) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts


def hash_candidates(candidates: Sequence[str]) -> str:
    """Name a list: SHA-256 over its lines sorted by their bytes, each ended by a line feed.

    `LC_ALL=C sort list.txt | sha256sum` gives the same. Raises: BadLot.
    """
    _check(candidates)
    lines = sorted(line.encode() for line in candidates)
    return hashlib.sha256(b"".join(line + b"\n" for line in lines)).hexdigest()


def find_ticket(seed: bytes, list_hash: str, candidate: str) -> str:
    """Give a candidate's ticket: SHA-256 over seed, list hash and line, each on its own line."""
    return hashlib.sha256(b"\n".join((seed, list_hash.encode(), candidate.encode()))).hexdigest()


def rank(seed: bytes, candidates: Sequence[str]) -> tuple[str, ...]:
    """Put all candidates in the order of their tickets; any order of the list gives the same.

    Raises: BadLot.
    """
    if len(seed) < SHORTEST_SEED:
        raise BadLot("seed_too_short", least=SHORTEST_SEED)
    list_hash = hash_candidates(candidates)
    return tuple(sorted(candidates, key=lambda line: find_ticket(seed, list_hash, line)))


def draw(seed: bytes, candidates: Sequence[str], n: int) -> tuple[str, ...]:
    """Draw n of the candidates, in the order of their tickets.

    Whoever comes after them in `rank` moves up when one declines. Raises: BadLot.
    """
    if n < 1:
        raise BadLot("none_to_draw")
    if n > len(candidates):
        raise BadLot("too_few", wanted=n, present=len(candidates))
    return rank(seed, candidates)[:n]


def _check(candidates: Sequence[str]) -> None:
    if len(set(candidates)) != len(candidates):
        raise BadLot("twice")
    if any(not line or "\n" in line or "\r" in line for line in candidates):
        raise BadLot("not_one_line")
