"""What happens in this room that others may want to hear of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BoxPrepared:
    """A box was opened for envelopes; `level` says how they are kept."""

    community_id: int
    box_id: int
    subject: str
    level: str


@dataclass(frozen=True, slots=True)
class BoxFrozen:
    """At its deadline a box is shut; `set_hash` says which envelopes are in it."""

    community_id: int
    box_id: int
    subject: str
    count: int
    set_hash: str


@dataclass(frozen=True, slots=True)
class BoxOpened:
    """The contents of a box can be read, all at one moment."""

    community_id: int
    box_id: int
    subject: str


@dataclass(frozen=True, slots=True)
class KeyRegistered:
    """Somebody has a new public key as an opener, in place of any before."""

    community_id: int
    key_id: int
    person_id: int
    fingerprint: str
    public_key: bytes
