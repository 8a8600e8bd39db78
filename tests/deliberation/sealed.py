"""A poll whose ballots are sealed, its openers with their keys, and voters' browsers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from community import deliberation, sealing
from community.deliberation import Secrecy
from community.deliberation.queries import sealed as queries
from community.deliberation.rules.sealed import Said, write_said
from community.kernel import clock, db, ids
from community.kernel.actor import Actor
from community.sealing.rules import envelope
from tests.deliberation.voting import Street, entries_of, frozen, poll_of
from tests.sealing.scene import GRANTS, make_keys

Pairs = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class SealedPoll:
    """A frozen sealed poll with its openers' private keys."""

    street: Street
    poll_id: int
    openers: tuple[tuple[int, ec.EllipticCurvePrivateKey], ...]

    @property
    def community_id(self) -> int:
        return self.street.community_id

    def box(self) -> sealing.BoxView:
        with db.read() as session:
            found = sealing.find_box(session, self.community_id, f"poll:{self.poll_id}")
        assert found is not None
        return found

    def view(self) -> queries.SealingView:
        with db.read() as session:
            found = queries.find_sealing(session, self.community_id, self.poll_id)
        assert found is not None
        return found

    def entry(self, number: int) -> int:
        return entries_of(self.street, self.poll_id)[number]

    def seal(self, number: int, content: bytes) -> bytes:
        """Seal as the browser of a voter does."""
        owner = queries.hidden_owner(self.community_id, self.poll_id, self.entry(number))
        return envelope.seal(content, self.box().binding(owner)).envelope

    def cast(self, number: int, pairs: Pairs, tracker: str = "", reason: str = "") -> str:
        """Cast a voter's ballot; gives the tracker that the browser drew."""
        drawn = tracker or ids.random_code(16)
        self.hand_in(number, write_said(Said(drawn, pairs, reason)))
        return drawn

    def hand_in(self, number: int, content: bytes) -> deliberation.SealedReceipt:
        """Hand in whatever is sealed for an entry."""
        sealed = self.seal(number, content)
        made: deliberation.SealedReceipt = db.write(
            deliberation.cast_sealed, self.street.voter(number), self.poll_id, sealed
        )
        return made

    @contextmanager
    def after(self, late: timedelta = timedelta()) -> Iterator[None]:
        """Be at the poll's closing, or so much later."""
        with clock.fixed(poll_of(self.street, self.poll_id).closes_at + late):
            yield

    def close(self) -> None:
        db.write(deliberation.close_poll, self.street.system, self.poll_id)

    def opener(self, place: int) -> Actor:
        return Actor(self.community_id, self.openers[place - 1][0], grants=GRANTS)

    def shares(self, place: int, denied: Sequence[int] = ()) -> tuple[sealing.GivenShare, ...]:
        """Decrypt what the opener at a place gives; `denied` envelopes by their order are not."""
        box_id = self.box().id
        with db.read() as session:
            headers = sealing.headers_of(session, self.community_id, box_id)
        key = self.openers[place - 1][1]
        return tuple(
            sealing.GivenShare(
                number, None if at in denied else envelope.open_share(header, place, key)
            )
            for at, (number, header) in enumerate(headers)
        )

    def give(self, place: int, denied: Sequence[int] = ()) -> bool:
        is_open: bool = db.write(
            sealing.give_shares, self.opener(place), self.box().id, self.shares(place, denied)
        )
        return is_open


def make_openers(street: Street, many: int = 3) -> tuple[tuple[int, Any], ...]:
    return tuple(sorted(make_keys(street.community_id, many)))


def make_sealed_poll(
    street: Street, openers: int = 3, needed: int = 2, **changes: Any
) -> SealedPoll:
    """Freeze a poll whose ballots so many of the openers open."""
    people = make_openers(street, openers)
    settings = {"openers_needed": needed, **changes.pop("settings", {})}
    chosen = tuple(person for person, _ in people)
    told = {"secrecy": Secrecy.SECRET, "openers": chosen, "settings": settings, **changes}
    return SealedPoll(street, frozen(street, **told), people)
