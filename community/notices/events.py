"""What happens in this room that others may want to hear of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NoticePublished:
    """A notice is out; `subject` is what its publisher's room called it."""

    community_id: int
    notice_id: int
    subject: str


@dataclass(frozen=True, slots=True)
class ObjectionRaised:
    """Somebody objects to a notice."""

    community_id: int
    notice_id: int
    objection_id: int
    subject: str


@dataclass(frozen=True, slots=True)
class ObjectionAnswered:
    """An objection has its answer."""

    community_id: int
    notice_id: int
    objection_id: int
    subject: str
    is_upheld: bool
