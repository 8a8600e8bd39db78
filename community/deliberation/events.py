"""What happened in deliberation; flows listen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PollOpened:
    """A poll takes ballots from now on."""

    community_id: int
    poll_id: int
    subject: str


@dataclass(frozen=True, slots=True)
class PollClosed:
    """A poll takes no more ballots; it is not counted yet."""

    community_id: int
    poll_id: int
    subject: str


@dataclass(frozen=True, slots=True)
class PollDecided:
    """A poll was counted: `passed` is None where nothing passes or fails.

    `winners` are option numbers; a tie is in the result, never among them.
    """

    community_id: int
    poll_id: int
    kind: str
    subject: str
    passed: bool | None
    winners: tuple[int, ...]
    decided_on: date
