"""Sealed polls: what a voter's browser seals, what is made of it, and when openers are late."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from community.deliberation.rules.polls import Pairs, Settings, canonical
from community.kernel.errors import N_

# The setting that says how many openers are needed; 0 where ballots are not sealed.
NEEDED = "openers_needed"
# Kinds whose every ballot the browser can check: nothing is refused after it was sealed.
SEALED_KINDS = frozenset({"yes_no", "single", "multiple", "approval", "consent"})
FEWEST_OPENERS, MOST_OPENERS = 2, 25
# All openers' shares come in one form, and all ballots lose their names in one transaction.
MOST_HEADS = 1_000
OPENING_TIME = timedelta(days=7)
MOST_ENVELOPE = 60_000
MOST_REASON = 200
_TRACKER = re.compile(r"[0-9A-HJKMNP-TV-Z]{16}\Z")
_SHOWN = 32


class Fault(StrEnum):
    """Why a sealed ballot is invalid: it counts as a vote that came in, and for nothing else."""

    UNOPENED = "unopened"
    UNREADABLE = "unreadable"
    UNFIT = "unfit"


FAULT_WORDS: Mapping[Fault, str] = {
    Fault.UNOPENED: N_("没有解开"),
    Fault.UNREADABLE: N_("解开了，读不懂"),
    Fault.UNFIT: N_("填得不合规则"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """What was in an envelope; the tracker is the voter's own, drawn in the browser."""

    tracker: str
    pairs: Pairs
    reason: str = ""


def is_sealed(settings: Settings) -> bool:
    """Tell whether a poll's ballots are sealed to openers."""
    return bool(settings.get(NEEDED, 0))


def subject_of(poll_id: int) -> str:
    """Name a poll's box."""
    return f"poll:{poll_id}"


def poll_of(subject: str) -> int | None:
    """Tell whose box it is; None where it is no poll's."""
    number = subject.removeprefix("poll:")
    return int(number) if subject.startswith("poll:") and number.isdecimal() else None


def owner_of(hidden: str) -> str:
    """Name the owner of an envelope by a hidden entry of the roll: openers see no number."""
    return f"ballot:{hidden[:_SHOWN]}"


def opening_due(closed_at: datetime) -> datetime:
    """Tell until when openers have time; after it the convener may end the waiting."""
    return closed_at + OPENING_TIME


def sealed_bytes(poll_id: int, digest: bytes) -> bytes:
    """Write a sealed ballot as its receipt commits to it: by the SHA-256 of its encrypted part."""
    return canonical({"poll": poll_id, "sealed": digest.hex()})


def write_said(said: Said) -> bytes:
    """Write a ballot as a browser seals it."""
    pairs = [list(each) for each in said.pairs]
    return canonical({"pairs": pairs, "reason": said.reason, "tracker": said.tracker})


def read_said(content: bytes) -> Said | None:
    """Read what was sealed; None when it is no ballot."""
    try:
        words = json.loads(content.decode())
        if not isinstance(words, dict) or words.keys() != {"pairs", "reason", "tracker"}:
            return None
        pairs = tuple((_whole(option), _whole(number)) for option, number in words["pairs"])
    except (ValueError, TypeError, RecursionError):
        return None
    tracker, reason = words["tracker"], words["reason"]
    if not isinstance(tracker, str) or not _TRACKER.match(tracker):
        return None
    if not isinstance(reason, str) or len(reason) > MOST_REASON or not reason.isprintable():
        return None
    return Said(tracker, tuple(sorted(pairs)), reason.strip())


def tell_apart(said: Sequence[Said]) -> list[Said]:
    """Number trackers that came twice, and order all by tracker: nothing tells what came first.

    Whoever chose another's tracker hides nothing: the voter finds both, and one is the own.
    """
    times = Counter(each.tracker for each in said)
    met: Counter[str] = Counter()
    found = []
    for each in sorted(said, key=lambda one: (one.tracker, one.pairs, one.reason)):
        met[each.tracker] += 1
        twice = times[each.tracker] > 1
        number = f"-{met[each.tracker]}" if twice else ""
        found.append(replace(each, tracker=each.tracker + number))
    return found


def may_count_incomplete(
    needed: int, openers: int, complete: int, due: datetime, now: datetime
) -> bool:
    """Tell whether what nobody could open may be given up: nobody is left, or the time is over."""
    return complete >= needed and (complete == openers or now >= due)


def _whole(value: Any) -> int:
    if type(value) is not int or abs(value) >= 10**9:
        raise ValueError("a whole number")
    return value
