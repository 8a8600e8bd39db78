"""An audit: what is sampled, drawn so that anybody can repeat it, and what an opinion says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from community.kernel.errors import N_

# More would be no sample, and its record too long for the log.
MOST_SAMPLED = 2_000


class SampleReason(StrEnum):
    """Why an entry is in a sample."""

    SIZE = "size"
    RANDOM = "random"


class Severity(StrEnum):
    """How much a finding weighs."""

    NOTE = "note"
    MINOR = "minor"
    MAJOR = "major"


SEVERITIES = {
    Severity.NOTE: N_("提示"),
    Severity.MINOR: N_("一般问题"),
    Severity.MAJOR: N_("重大问题"),
}


class OpinionKind(StrEnum):
    """What an auditor concludes. Source: 中国注册会计师审计准则第 1501、1502 号."""

    UNQUALIFIED = "unqualified"
    QUALIFIED = "qualified"
    ADVERSE = "adverse"
    DISCLAIMER = "disclaimer"


OPINIONS = {
    OpinionKind.UNQUALIFIED: N_("无保留意见"),
    OpinionKind.QUALIFIED: N_("保留意见"),
    OpinionKind.ADVERSE: N_("否定意见"),
    OpinionKind.DISCLAIMER: N_("无法表示意见"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as the public log tells it: its number and how much it moved, in fen."""

    id: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """An entry of a sample, why it is in it, and its place."""

    entry: Entry
    reason: SampleReason


def entry_of(
    fields: Mapping[str, Any], books: Sequence[int], since: date, until: date
) -> Entry | None:
    """Read a `ledger.transaction` record as an entry of some books and days; None for others.

    What only sets money aside or frees it moves nothing and is no entry here.
    """
    if fields["book"] not in books:
        return None
    if not since.isoformat() <= fields["effective_on"] <= until.isoformat():
        return None
    amount = sum(posted for _, posted, _ in fields["lines"] if posted > 0)
    return Entry(fields["transaction"], amount) if amount else None


def draw(
    entries: Iterable[Entry], seed: str, at_least_fen: int, random_count: int
) -> tuple[Drawn, ...]:
    """Draw a sample: all entries of at least an amount, then some of the rest by the seed.

    The rest is sorted by SHA-256 of the seed's text followed by the entry's number in decimal
    digits; the first `random_count` are drawn. The seed is a log's root in hexadecimal.
    """
    large: list[Entry] = []
    rest: list[Entry] = []
    for each in entries:
        (large if each.amount_fen >= at_least_fen else rest).append(each)
    large.sort(key=lambda each: (-each.amount_fen, each.id))
    rest.sort(key=lambda each: lot(seed, each.id))
    by_size = [Drawn(each, SampleReason.SIZE) for each in large]
    return (*by_size, *(Drawn(each, SampleReason.RANDOM) for each in rest[:random_count]))


def lot(seed: str, entry_id: int) -> str:
    """Give the lot of an entry: the smallest are drawn."""
    return hashlib.sha256(f"{seed}{entry_id}".encode()).hexdigest()
