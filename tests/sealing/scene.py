"""A community with a box, people whose keys open it, and bidders that hand in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import text
from sqlalchemy.orm import Session

from community import sealing
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.sealing import permissions
from community.sealing.rules import envelope
from tests import builders

SUBJECT = "trial:5"
GRANTS = frozenset(each.code for each in permissions.ALL)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Scene:
    """One box and those around it; `private` are the openers' keys in order of place."""

    community_id: int
    box_id: int
    deadline: datetime
    people: tuple[int, ...] = ()
    private: tuple[ec.EllipticCurvePrivateKey, ...] = field(default=())

    @property
    def system(self) -> Actor:
        return Actor.system(self.community_id)

    def opener(self, place: int) -> Actor:
        return Actor(self.community_id, self.people[place - 1], grants=GRANTS)

    def put(self, owner: str, content: bytes) -> sealing.EnvelopeReceipt:
        made: sealing.EnvelopeReceipt = db.write(
            sealing.put_envelope, self.system, self.box_id, owner, content
        )
        return made

    def view(self) -> sealing.BoxView:
        with db.read() as session:
            return sealing.get_box(session, self.community_id, self.box_id)

    def contents(self) -> tuple[sealing.Opened, ...]:
        with db.read() as session:
            return sealing.contents(session, self.community_id, self.box_id)

    def trace(self, owner: str) -> tuple[sealing.EnvelopeTrace, ...]:
        with db.read() as session:
            return sealing.trace_of(session, self.community_id, self.box_id, owner)

    def seal(self, owner: str, content: bytes) -> envelope.Sealed:
        return envelope.seal(content, self.view().binding(owner))

    def shares(self, place: int) -> tuple[sealing.GivenShare, ...]:
        """Decrypt what the opener at a place is to give."""
        with db.read() as session:
            headers = sealing.headers_of(session, self.community_id, self.box_id)
        key = self.private[place - 1]
        return tuple(
            sealing.GivenShare(envelope_id, envelope.open_share(header, place, key))
            for envelope_id, header in headers
        )

    def give(self, place: int) -> bool:
        """Let the opener at a place give every share; tell whether the box is open."""
        shares = self.shares(place)
        is_open: bool = db.write(sealing.give_shares, self.opener(place), self.box_id, shares)
        return is_open


def public_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return envelope.public_of(key)


def make_keys(community_id: int, count: int) -> list[tuple[int, ec.EllipticCurvePrivateKey]]:
    """Let people make and register a key each."""
    made = []
    for place in range(1, count + 1):
        person = builders.make_person(community_id, f"开启人{place}")
        key = ec.generate_private_key(ec.SECP256R1())
        actor = Actor(community_id, person, grants=GRANTS)
        db.write(sealing.register_key, actor, public_of(key))
        made.append((person, key))
    return made


def make_box(
    level: sealing.BoxLevel = sealing.BoxLevel.L1,
    *,
    openers: int = 0,
    k: int = 0,
    least: int = 0,
    subject: str = SUBJECT,
    community_id: int | None = None,
    deadline: datetime | None = None,
) -> Scene:
    """Open a box for a day."""
    community = community_id or builders.make_community()
    ends = deadline or clock.now() + timedelta(days=1)
    keys = make_keys(community, openers)
    chosen = tuple((person, public_of(key)) for person, key in keys)
    terms = sealing.BoxTerms(least_envelopes=least)
    box_id = db.write(
        sealing.open_box, Actor.system(community), subject, level, ends, chosen, k, terms
    )
    return Scene(
        community, box_id, ends, tuple(each for each, _ in keys), tuple(key for _, key in keys)
    )


def make_sealed_box(openers: int = 5, k: int = 3, least: int = 0) -> Scene:
    """Open a box of the encrypted level."""
    return make_box(sealing.BoxLevel.L2, openers=openers, k=k, least=least)


def go_around(*statements: str) -> None:
    """Change rows as nobody of ours would, inside the writer."""

    def run(session: Session, actor: Actor) -> None:
        for statement in statements:
            session.execute(text(statement))

    db.write(run, Actor.system(0))
