"""What a poll is: its words, its states, when it takes ballots, and what its hash covers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

Pairs = tuple[tuple[int, int], ...]
Settings = Mapping[str, int | str | bool]


class PollState(StrEnum):
    """How far a poll is; whether it takes ballots is judged by the clock, see `phase_at`."""

    DRAFT = "draft"
    ROLL_POSTED = "roll_posted"
    FROZEN = "frozen"
    OPEN = "open"
    CLOSED = "closed"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class RollKind(StrEnum):
    """Who is on the roll."""

    OWNERS = "owners"
    ADULTS = "adults"
    HOUSEHOLDS = "households"
    BODY = "body"
    LIST = "list"


class Standing(StrEnum):
    """Whether the law counts the result, or it only advises."""

    STATUTORY = "statutory"
    CONSULTATIVE = "consultative"


class Secrecy(StrEnum):
    """Whether a ballot stays with its name, or loses it at closing."""

    NAMED = "named"
    SECRET = "secret"  # noqa: S105  a word, not a password


class Turnout(StrEnum):
    """Whether it is seen before closing who has voted; how they voted never is."""

    SHOWN = "shown"
    HIDDEN = "hidden"


class Origin(StrEnum):
    """How a ballot came in."""

    WEB = "web"
    PAPER = "paper"
    PHONE = "phone"
    PROXY = "proxy"
    DESK = "desk"
    # The city's own system, whose ballots come as a file when it has closed.
    CITY = "city"


class Prevailing(StrEnum):
    """Which ballot counts where an entry has one online and one on paper."""

    ONLINE = "online"
    PAPER = "paper"


# The steps there are; the page that shows a poll's way is drawn from this table.
STEPS: Mapping[PollState, tuple[PollState, ...]] = {
    PollState.DRAFT: (PollState.ROLL_POSTED, PollState.WITHDRAWN),
    PollState.ROLL_POSTED: (PollState.FROZEN, PollState.DRAFT, PollState.WITHDRAWN),
    PollState.FROZEN: (PollState.OPEN, PollState.CLOSED, PollState.WITHDRAWN),
    PollState.OPEN: (PollState.CLOSED, PollState.WITHDRAWN),
    # Sealed ballots that nobody opens are never counted.
    PollState.CLOSED: (PollState.DECIDED, PollState.WITHDRAWN),
    PollState.DECIDED: (),
    PollState.WITHDRAWN: (),
}
# What the room itself asks of a poll's settings; the rest are the tally's.
PROCEDURE: Mapping[str, int | str | bool] = {
    # Source: 业主大会和业主委员会指导规则 Art. 15: posted 15 days before the meeting.
    "notice_days": 0,
    "prevailing": Prevailing.ONLINE.value,
    # Whether papers come back: then people open and count them, not the clock.
    "has_paper": False,
    # Of the openers so many open the sealed ballots together; 0 where ballots are not sealed.
    "openers_needed": 0,
}
OWNERS_NOTICE_DAYS = 15
# What is opened and entered only when the poll has closed.
AFTER_CLOSING = frozenset({Origin.PAPER, Origin.CITY})
NEVER_CAST = frozenset({PollState.DRAFT, PollState.ROLL_POSTED, PollState.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class OptionDraft:
    """Something to choose; the cost is a project's, in fen."""

    title: str
    text: str = ""
    cost_fen: int = 0


# Instants, or what the tables have of them: whole microseconds.
Moment = TypeVar("Moment", datetime, int)


def phase_at(state: PollState, opens_at: Moment, closes_at: Moment, now: Moment) -> PollState:
    """Tell what a poll is at a moment, whether or not a job has noted it yet."""
    if state not in {PollState.FROZEN, PollState.OPEN}:
        return state
    if now >= closes_at:
        return PollState.CLOSED
    return PollState.OPEN if now >= opens_at else PollState.FROZEN


def tally_settings(settings: Settings) -> dict[str, int | str | bool]:
    """Give the settings that the count itself reads."""
    return {name: value for name, value in settings.items() if name not in PROCEDURE}


# Made once: an encoder costs as much as the ballot that it writes.
_encode_json = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


_quote = json.encoder.encode_basestring  # json's own C function


def canonical(value: object) -> bytes:
    """Write plain JSON in its one spelling, the one that is hashed."""
    return _encode_json(value).encode()


def hash_of(value: object) -> str:
    """Give the hexadecimal SHA-256 of plain JSON in its one spelling."""
    return hashlib.sha256(canonical(value)).hexdigest()


def roll_hash(entries: Sequence[tuple[int, int, str]]) -> str:
    """Hash a roll: each entry's number, area in 0.01 m² and hidden owner, in their order."""
    return hash_of([list(each) for each in sorted(entries)])


def ballot_bytes(poll_id: int, tracker: str, pairs: Pairs, reason: str = "") -> bytes:
    """Write a ballot as its receipt commits to it, in the spelling of `canonical`."""
    told = f'"tracker":{_quote(tracker)}}}'
    if reason:
        told = f'"reason":{_quote(reason)},{told}'
    return f'{{"ballot":{pairs_text(pairs)},"poll":{poll_id:d},{told}'.encode()


def pairs_text(pairs: Pairs) -> str:
    """Write pairs in the spelling of `canonical`, which takes ten times as long to begin."""
    return f"[{','.join([f'[{option:d},{value:d}]' for option, value in pairs])}]"
