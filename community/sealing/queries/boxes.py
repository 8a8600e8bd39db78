"""Reading boxes: where each stands, who opens it, and the trace of what was handed in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.errors import NotFound
from community.sealing.models import Box, Envelope, Opener, Opening, Share
from community.sealing.rules.boxes import BoxLevel, BoxPhase, BoxTimes, EndedAs
from community.sealing.rules.header import Binding
from community.sealing.rules.words import FieldKind, FormField


@dataclass(frozen=True, slots=True)
class OpenerView:
    """An opener by place; `given_at` is when shares first came from there."""

    place: int
    person_id: int
    public_key: bytes
    fingerprint: str
    given_at: datetime | None


@dataclass(frozen=True, slots=True)
class BoxView:
    """A box as its pages see it; `count` stays None until the deadline, for everybody."""

    id: int
    community_id: int
    subject: str
    level: BoxLevel
    token: str
    times: BoxTimes
    k: int
    least_envelopes: int
    openers: tuple[OpenerView, ...]
    frozen_at: datetime | None
    set_hash: bytes | None
    count: int | None
    form: tuple[FormField, ...] = ()
    keeps_contents: bool = True

    @property
    def phase(self) -> BoxPhase:
        """Tell where the box stands now."""
        return self.times.phase(clock.now())

    def binding(self, owner: str) -> Binding:
        """Give what an envelope of an owner is bound to."""
        keys = tuple(each.public_key for each in self.openers)
        return Binding(self.token, self.subject, owner, self.k, keys)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the opening of a shut box is, in envelopes; it tells nothing of their contents.

    `complete` are the places from which something came for every envelope, `denied` how many an
    opener at a place could not decrypt.
    """

    count: int
    readable: int
    complete: tuple[int, ...]
    denied: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class EnvelopeTrace:
    """One envelope an owner handed in, current or ended; nothing of its content."""

    id: int
    received_at: datetime
    commitment: bytes
    ended_at: datetime | None
    ended_as: EndedAs | None


def get_box(session: Session, community_id: int, box_id: int) -> BoxView:
    """Give a box of a community.

    Raises: NotFound.
    """
    row = session.get(Box, box_id)
    if row is None or row.community_id != community_id:
        raise NotFound
    return view_of(session, row)


def find_box(session: Session, community_id: int, subject: str) -> BoxView | None:
    """Find the box of a subject, if one was opened."""
    query = select(Box).where(Box.community_id == community_id, Box.subject == subject)
    row = session.scalar(query)
    return None if row is None else view_of(session, row)


def trace_of(
    session: Session, community_id: int, box_id: int, owner: str
) -> tuple[EnvelopeTrace, ...]:
    """List what an owner handed in, first to last; for the owner's own eyes before opening."""
    query = (
        select(Envelope)
        .where(
            Envelope.community_id == community_id,
            Envelope.box_id == box_id,
            Envelope.owner == owner,
        )
        .order_by(Envelope.received_at, Envelope.id)
    )
    return tuple(
        EnvelopeTrace(row.id, row.received_at, row.commitment, row.ended_at, row.ended_as)
        for row in session.scalars(query)
    )


def current(session: Session, community_id: int, box_id: int) -> list[Envelope]:
    """List the envelopes that count, in the order of their random numbers."""
    query = (
        select(Envelope)
        .where(
            Envelope.community_id == community_id,
            Envelope.box_id == box_id,
            Envelope.ended_at.is_(None),
        )
        .order_by(Envelope.id)
    )
    return list(session.scalars(query))


def find_envelope(session: Session, community_id: int, token: str, owner: str) -> int | None:
    """Find an owner's current envelope in the box of a token, as the owner's key file names it."""
    query = (
        select(Envelope.id)
        .join(Box, Box.id == Envelope.box_id)
        .where(
            Envelope.community_id == community_id,
            Box.token == token,
            Envelope.owner == owner,
            Envelope.ended_at.is_(None),
        )
    )
    return session.scalar(query)


def opening_progress(session: Session, community_id: int, box_id: int) -> Progress:
    """Count what openers have given so far, for a box that is shut and not open yet.

    Raises: NotFound.
    """
    row = session.get(Box, box_id)
    if row is None or row.community_id != community_id:
        raise NotFound
    inside = {each.id for each in current(session, community_id, box_id)}
    shares = session.execute(
        select(Share.place, Share.share.is_(None), func.count())
        .join(Envelope, Envelope.id == Share.envelope_id)
        .where(Envelope.community_id == community_id, Envelope.box_id == box_id)
        .group_by(Share.place, Share.share.is_(None))
    )
    given: Counter[int] = Counter()
    denied: Counter[int] = Counter()
    for place, is_denied, many in shares:
        given[place] += many
        denied[place] += many if is_denied else 0
    keys = session.scalars(
        select(Opening.envelope_id)
        .join(Envelope, Envelope.id == Opening.envelope_id)
        .where(Envelope.community_id == community_id, Envelope.box_id == box_id)
    )
    complete = sorted(place for place, many in given.items() if many == len(inside))
    return Progress(len(inside), len(inside & set(keys)), tuple(complete), dict(+denied))


def commitments(session: Session, community_id: int, box_id: int) -> tuple[str, ...]:
    """List what is in a shut box by commitments in hexadecimal, sorted as the set's hash is."""
    found = current(session, community_id, box_id)
    return tuple(sorted(each.commitment.hex() for each in found))


def ciphertexts(session: Session, community_id: int, box_id: int) -> tuple[str, ...]:
    """List what is in an encrypted box by the SHA-256 of the encrypted parts, sorted.

    Whoever kept the own one sees that it is there: an owner's browser made it, not the site.
    """
    found = current(session, community_id, box_id)
    return tuple(sorted((each.ciphertext_hash or b"").hex() for each in found))


def view_of(session: Session, row: Box) -> BoxView:
    """Give a box's row as its pages see it."""
    count = row.envelope_count
    if count is None and clock.now() >= row.deadline:
        count = len(current(session, row.community_id, row.id))
    return BoxView(
        row.id,
        row.community_id,
        row.subject,
        row.level,
        row.token,
        times_of(row),
        row.k,
        row.least_envelopes,
        _openers(session, row),
        row.frozen_at,
        row.set_hash,
        count,
        tuple(FormField(name, FieldKind(kind), label) for name, kind, label in row.form),
        row.keeps_contents,
    )


def times_of(row: Box) -> BoxTimes:
    """Give the instants by which a box is judged."""
    return BoxTimes(row.opens_at, row.deadline, row.self_until, row.opened_at, row.discarded_at)


def _openers(session: Session, row: Box) -> tuple[OpenerView, ...]:
    given = (
        select(Share.place, func.min(Share.given_at))
        .join(Envelope, Envelope.id == Share.envelope_id)
        .where(Envelope.community_id == row.community_id, Envelope.box_id == row.id)
        .group_by(Share.place)
    )
    since = {place: clock_of(at) for place, at in session.execute(given)}
    openers = (
        select(Opener)
        .where(Opener.community_id == row.community_id, Opener.box_id == row.id)
        .order_by(Opener.place)
    )
    return tuple(
        OpenerView(
            each.place, each.person_id, each.public_key, each.fingerprint, since.get(each.place)
        )
        for each in session.scalars(openers)
    )


def clock_of(value: datetime | int) -> datetime:
    """Give an instant that an aggregate gave back, whichever way it came."""
    return value if isinstance(value, datetime) else clock.from_micros(int(value))
