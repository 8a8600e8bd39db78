"""A community that votes, and the steps of a poll that tests take."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from community import deliberation
from community.deliberation import (
    OptionDraft,
    PollDraft,
    PollKind,
    RollKind,
    Secrecy,
    Standing,
    Turnout,
)
from community.deliberation.models import RollEntry
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from tests import builders
from tests.scenes import kept

YES, NO, ABSTAIN = ((1, 1),), ((2, 1),), ((3, 1),)
OPENS_IN = timedelta(hours=1)
LASTS = timedelta(days=7)
# So long that a roll is drawn up in its command.
ANY_LENGTH = 1_000_000


@dataclass
class Street:
    """A community with people who may vote, and the one who convenes."""

    community_id: int
    convener: Actor
    people: list[int] = field(default_factory=list)

    def actor(self, person_id: int) -> Actor:
        return builders.actor(self.community_id, person_id)

    def voter(self, number: int) -> Actor:
        return self.actor(self.people[number])

    @property
    def names(self) -> list[str]:
        return [name_of(number) for number in range(len(self.people))]

    @property
    def system(self) -> Actor:
        return Actor.system(self.community_id)


@kept
def name_of(number: int) -> str:
    return f"居民{number:03d}"


def make_street(people: int = 5, slug: str = "guihua") -> Street:
    community_id = builders.make_community(slug)
    convener = builders.make_person(community_id, "周敏", roles=(Role.STAFF, Role.COMMITTEE))
    street = Street(community_id, builders.actor(community_id, convener))
    for number in range(people):
        street.people.append(builders.make_person(community_id, name_of(number)))
    return street


def draft(street: Street, **changes: Any) -> PollDraft:
    opens = clock.now() + OPENS_IN
    values: dict[str, Any] = {
        "kind": PollKind.YES_NO,
        "title": "楼道要不要装声控灯",
        "text": "三号楼六个单元，共三十六盏，费用从公共收益里出。",
        "options": (),
        "roll_kind": RollKind.LIST,
        "people": tuple(street.people),
        "opens_at": opens,
        "closes_at": opens + LASTS,
        "secrecy": Secrecy.NAMED,
        "turnout": Turnout.HIDDEN,
        "standing": Standing.CONSULTATIVE,
    }
    return PollDraft(**{**values, **changes})


def options(*titles: str) -> tuple[OptionDraft, ...]:
    return tuple(OptionDraft(title) for title in titles)


def frozen(street: Street, **changes: Any) -> int:
    """Draft a poll, post its roll and freeze it."""
    waiver = changes.pop("waiver", "")
    poll_id: int = db.write(deliberation.draft_poll, street.convener, draft(street, **changes))
    db.write(deliberation.post_roll, street.convener, poll_id, ANY_LENGTH)
    db.write(deliberation.freeze_poll, street.convener, poll_id, waiver, ANY_LENGTH)
    return poll_id


def poll_of(street: Street, poll_id: int) -> deliberation.PollView:
    with db.read() as session:
        return deliberation.get_poll(session, street.community_id, poll_id)


@contextmanager
def during(street: Street, poll_id: int) -> Iterator[datetime]:
    """Be in the middle of a poll's hours."""
    poll = poll_of(street, poll_id)
    with clock.fixed(poll.opens_at + timedelta(hours=1)) as _:
        yield poll.closes_at


def decide(street: Street, poll_id: int) -> deliberation.PollDecided:
    """Close a poll at its time and count it."""
    with clock.fixed(poll_of(street, poll_id).closes_at):
        db.write(deliberation.close_poll, street.system, poll_id)
        decided: deliberation.PollDecided = db.write(
            deliberation.decide_poll, street.convener, poll_id
        )
    return decided


def entries_of(street: Street, poll_id: int) -> list[int]:
    """Give the entries of a poll's roll by their numbers."""
    with db.read() as session:
        chosen = select(RollEntry.id).where(RollEntry.poll_id == poll_id)
        return list(session.scalars(chosen.order_by(RollEntry.number)))
