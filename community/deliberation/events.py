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


@dataclass(frozen=True, slots=True)
class MeetingCalled:
    """The notice of a meeting is out; `subjects` are what its agenda came from."""

    community_id: int
    meeting_id: int
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MotionDecided:
    """A motion was voted; `subject` is what its item of the agenda came from."""

    community_id: int
    meeting_id: int
    motion_id: int
    subject: str
    passed: bool


@dataclass(frozen=True, slots=True)
class DecisionFinal:
    """A decision's posting is over without an upheld objection."""

    community_id: int
    decision_id: int
    subject: str


@dataclass(frozen=True, slots=True)
class DecisionReturned:
    """An objection to a decision was upheld; it goes back to its body."""

    community_id: int
    decision_id: int
    subject: str


@dataclass(frozen=True, slots=True)
class DecisionDone:
    """What was decided is done."""

    community_id: int
    decision_id: int
    subject: str


@dataclass(frozen=True, slots=True)
class TopicOnAgenda:
    """A topic reached the agenda, by its endorsements or by the committee's own decision."""

    community_id: int
    topic_id: int
