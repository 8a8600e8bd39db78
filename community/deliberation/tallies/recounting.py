"""Counting a downloaded poll again: `python3 recount.pyz poll-7.json`; standard library only."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from community.deliberation.tallies.counting import count
from community.deliberation.tallies.kinds import PollKind
from community.deliberation.tallies.settings import KNOWN
from community.deliberation.tallies.values import Ballot, Option, OwnerBallot, Roll

FORMAT: Final = "community-poll/v1"
SAME, DIFFERENT, UNREADABLE = 0, 1, 2


def recount_told(told: Mapping[str, Any]) -> dict[str, Any]:
    """Count a downloaded poll and give the outcome as plain JSON. Raises: ValueError."""
    if told["format"] != FORMAT:
        raise ValueError(told["format"])
    known = KNOWN[PollKind(told["kind"])]
    setting = {name: value for name, value in told["settings"].items() if name in known}
    options = [Option(number, cost) for number, _, cost in told["options"]]
    lines = told["ballots"]
    roll = Roll(told["roll"]["heads"], told["roll"]["area"])
    ballots: list[Ballot] | list[OwnerBallot]
    if told["kind"] == PollKind.OWNERS:
        ballots = [
            OwnerBallot(_pairs(line[1] or []), line[4], is_cast=line[1] is not None)
            for line in lines
        ]
    else:
        # A sealed ballot that came in and was invalid says nothing; it took part all the same.
        ballots = [_pairs(line[1]) for line in lines if line[1] is not None]
        roll = replace(roll, invalid=len(lines) - len(ballots))
    counted = count(told["kind"], setting, options, ballots, roll).as_plain()
    plain: dict[str, Any] = json.loads(_canonical(counted))
    return plain


def main(words: Sequence[str]) -> int:
    """Count the file named on the command line again and say whether it comes out the same."""
    try:
        told = json.loads(Path(words[1]).read_text(encoding="utf-8"))
        outcome = recount_told(told)
    except (IndexError, OSError, ValueError, KeyError, TypeError) as problem:
        sys.stdout.write(f"? 读不懂，无法重算 / cannot recount: {problem}\n")
        return UNREADABLE
    sys.stdout.write(json.dumps(outcome, ensure_ascii=False, sort_keys=True, indent=1) + "\n")
    if outcome == told["outcome"] and _hash(outcome) == told["hash"]:
        sys.stdout.write("✓ 重算的结果与公布的一样。 / The same as published.\n")
        return SAME
    sys.stdout.write("✗ 重算的结果与公布的不一样！ / NOT what was published!\n")
    return DIFFERENT


def _pairs(value: Sequence[Sequence[int]]) -> Ballot:
    return tuple((option, number) for option, number in value)


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _hash(value: object) -> str:
    return hashlib.sha256(_canonical(value).encode()).hexdigest()
