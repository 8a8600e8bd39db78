"""How far a paper is, and when two readings agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from community.deliberation.rules.polls import Pairs

READERS = 2
LEAST_WITNESSES = 2
# Source: 潍坊市业主大会和业主委员会指导规则; a community's own rules may say fewer.
MOST_MANDATES = 3


class PaperState(StrEnum):
    """How far a paper is; drawn from its rows, kept nowhere."""

    PRINTED = "printed"
    RETURNED = "returned"
    READ_ONCE = "read_once"
    DIFFERS = "differs"
    READ = "read"
    SPOILT = "spoilt"


SETTLED = frozenset({PaperState.READ, PaperState.SPOILT})


@dataclass(frozen=True, slots=True)
class Reading:
    """What one person read: a choice, or none on a spoilt paper."""

    reader_id: int
    is_spoilt: bool
    pairs: Pairs | None


def state_of(readings: Sequence[Reading], *, is_returned: bool = True) -> PaperState:
    """Tell how far a paper is, from its readings in their order."""
    if not is_returned:
        return PaperState.PRINTED
    if not readings:
        return PaperState.RETURNED
    if len(readings) < READERS:
        return PaperState.READ_ONCE
    last = readings[-1]
    if len(readings) == READERS and not agree(readings[0], last):
        return PaperState.DIFFERS
    return PaperState.SPOILT if last.is_spoilt else PaperState.READ


def agree(one: Reading, other: Reading) -> bool:
    """Tell whether two readings say the same; why a paper is spoilt may be told differently."""
    return one.is_spoilt == other.is_spoilt and one.pairs == other.pairs


def witnesses_in(text: str) -> tuple[str, ...]:
    """Read the names of witnesses, apart by 、 or commas; a name twice is one."""
    for mark in ("，", ",", " ", "\n"):
        text = text.replace(mark, "、")
    return tuple(dict.fromkeys(each.strip() for each in text.split("、") if each.strip()))
