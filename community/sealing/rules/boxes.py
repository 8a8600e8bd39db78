"""When a box takes envelopes, when it is shut, and when it may be opened: instants alone decide."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from community.kernel.errors import N_
from community.sealing.errors import (
    BoxDiscarded,
    BoxNotOpenYet,
    BoxOpenedAlready,
    BoxStillTaking,
    OpenersUnwanted,
    OpenersWrong,
    PeriodReversed,
    TooFewEnvelopes,
    TooLate,
)

FEWEST_OPENERS = 2
MOST_OPENERS = 25
SELF_OPENING = timedelta(hours=24)
SALT_LENGTH = 32
MEGABYTE = 1 << 20
MOST_BYTES = 20 * MEGABYTE


class BoxLevel(StrEnum):
    """How strongly the contents are kept from being read before the opening."""

    L0 = "l0"
    L1 = "l1"
    L2 = "l2"


LEVEL_TITLES = {
    BoxLevel.L0: N_("权限控制"),
    BoxLevel.L1: N_("权限控制，加盐哈希存证"),
    BoxLevel.L2: N_("浏览器加密，多人共同开启"),
}


class BoxPhase(StrEnum):
    """Where a box stands, by the clock and by what was done, never by a job."""

    AWAITED = "awaited"
    TAKING = "taking"
    SHUT = "shut"
    OPENED = "opened"
    DISCARDED = "discarded"


class EndedAs(StrEnum):
    """Why an envelope no longer counts."""

    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class HowOpened(StrEnum):
    """By whom the content of an envelope became readable."""

    PLAIN = "plain"
    OPENERS = "openers"
    OWNER = "owner"
    UNOPENED = "unopened"


@dataclass(frozen=True, slots=True)
class BoxTimes:
    """The instants by which everything about a box is judged."""

    opens_at: datetime
    deadline: datetime
    self_until: datetime
    opened_at: datetime | None = None
    discarded_at: datetime | None = None

    def phase(self, now: datetime) -> BoxPhase:
        """Tell where the box stands at an instant."""
        if self.discarded_at is not None:
            return BoxPhase.DISCARDED
        if self.opened_at is not None:
            return BoxPhase.OPENED
        if now >= self.deadline:
            return BoxPhase.SHUT
        return BoxPhase.TAKING if now >= self.opens_at else BoxPhase.AWAITED


def check_period(opens_at: datetime, deadline: datetime, self_until: datetime) -> None:
    """Refuse times in the wrong order.

    Raises: PeriodReversed.
    """
    if not opens_at < deadline <= self_until:
        raise PeriodReversed


def check_openers(
    level: BoxLevel, people: tuple[int, ...], keys: tuple[bytes, ...], k: int
) -> None:
    """Refuse openers that could not do their part: each a person and a key of their own.

    Raises: OpenersUnwanted, OpenersWrong.
    """
    if level is not BoxLevel.L2:
        if people or k:
            raise OpenersUnwanted
        return
    told = {"fewest": FEWEST_OPENERS, "most": MOST_OPENERS}
    if not FEWEST_OPENERS <= k <= len(people) <= MOST_OPENERS:
        raise OpenersWrong(**told)
    if len(set(people)) != len(people) or len(set(keys)) != len(keys):
        raise OpenersWrong(**told)


def check_taking(times: BoxTimes, now: datetime) -> None:
    """Refuse outside [start, deadline): the deadline itself is out.

    Raises: TooLate, BoxNotOpenYet.
    """
    if now >= times.deadline:
        raise TooLate
    if now < times.opens_at:
        raise BoxNotOpenYet(opens_at=times.opens_at)


def check_shut(times: BoxTimes, now: datetime) -> None:
    """Refuse before the deadline.

    Raises: BoxStillTaking.
    """
    if now < times.deadline:
        raise BoxStillTaking(deadline=times.deadline)


def check_may_open(times: BoxTimes, now: datetime, count: int, least: int) -> None:
    """Refuse to open too early, twice, after giving up, or with too few envelopes.

    Raises: BoxStillTaking, BoxDiscarded, BoxOpenedAlready, TooFewEnvelopes.
    """
    check_shut(times, now)
    if times.discarded_at is not None:
        raise BoxDiscarded
    if times.opened_at is not None:
        raise BoxOpenedAlready
    if count < least:
        raise TooFewEnvelopes


def commit(salt: bytes, content: bytes) -> bytes:
    """Commit to a content: SHA-256(salt ‖ content)."""
    return hashlib.sha256(salt + content).digest()


def hash_set(commitments: Iterable[bytes]) -> bytes:
    """Hash which envelopes are in a box: their commitments, sorted, one after the other."""
    return hashlib.sha256(b"".join(sorted(commitments))).digest()
