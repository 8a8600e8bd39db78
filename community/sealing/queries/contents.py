"""Reading what is inside, once the box is open; before that, nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import files
from community.kernel.errors import NotFound
from community.sealing.errors import BoxStillSealed, EnvelopeUnreadable
from community.sealing.models import Box, Content, Envelope, Opening, Share
from community.sealing.queries.boxes import current
from community.sealing.rules import envelope as sealed
from community.sealing.rules.boxes import SALT_LENGTH, BoxLevel, HowOpened
from community.sealing.rules.header import Header, split


@dataclass(frozen=True, slots=True)
class Opened:
    """An envelope of an opened box.

    `content` is None when nobody could open it, or when what its owner sealed cannot be read.
    `SHA-256(salt ‖ handed_in)` is the commitment; `envelope_key` opens what was handed in, for
    whoever wants to see for themselves. `wrong_places` names openers to whom no right share was
    sealed.
    """

    envelope_id: int
    owner: str
    content: bytes | None
    how: HowOpened
    received_at: datetime
    commitment: bytes
    salt: bytes
    envelope_key: bytes | None = None
    wrong_places: tuple[int, ...] = ()


def contents(session: Session, community_id: int, box_id: int) -> tuple[Opened, ...]:
    """Give what was inside an opened box, in the order of the envelopes' random numbers.

    Raises: NotFound, BoxStillSealed.
    """
    return tuple(each_content(session, community_id, box_id))


def each_content(session: Session, community_id: int, box_id: int) -> Iterator[Opened]:
    """Give one after the other what was inside an opened box: large ones do not add up.

    Raises: NotFound, BoxStillSealed.
    """
    box = session.get(Box, box_id)
    if box is None or box.community_id != community_id:
        raise NotFound
    if box.opened_at is None:
        raise BoxStillSealed
    for row in current(session, community_id, box_id):
        yield _opened(session, box, row)


def content_of(session: Session, community_id: int, envelope_id: int) -> Opened:
    """Give what was inside one envelope of an opened box.

    Raises: NotFound, BoxStillSealed.
    """
    box, row = _of_opened_box(session, community_id, envelope_id)
    return _opened(session, box, row)


def handed_in(session: Session, community_id: int, envelope_id: int) -> bytes:
    """Give an envelope of an opened box as it was handed in, for checking its commitment.

    Raises: NotFound, BoxStillSealed.
    """
    _, row = _of_opened_box(session, community_id, envelope_id)
    return kept_of(session, row)[SALT_LENGTH:]


def headers_of(session: Session, community_id: int, box_id: int) -> list[tuple[int, Header]]:
    """List the headers of a shut box's encrypted envelopes, in their order."""
    return [
        (row.id, split(kept_of(session, row)[SALT_LENGTH:])[0])
        for row in current(session, community_id, box_id)
    ]


def shares_of(session: Session, row: Envelope) -> dict[int, bytes | None]:
    """Give what openers gave for an envelope, by place; None: it could not be decrypted."""
    query = select(Share.place, Share.share).where(
        Share.community_id == row.community_id, Share.envelope_id == row.id
    )
    return {each.place: each.share for each in session.execute(query)}


def kept_of(session: Session, row: Envelope) -> bytes:
    """Give salt and content of a current envelope; for this room's own use before opening."""
    found = session.get(Content, (row.community_id, row.id))
    if found is None:
        raise NotFound
    return files.unseal_bytes(row.commitment, found.kept)


def _of_opened_box(session: Session, community_id: int, envelope_id: int) -> tuple[Box, Envelope]:
    row = session.get(Envelope, envelope_id)
    if row is None or row.community_id != community_id or row.ended_at is not None:
        raise NotFound
    box = session.get_one(Box, row.box_id)
    if box.opened_at is None:
        raise BoxStillSealed
    return box, row


def _opened(session: Session, box: Box, row: Envelope) -> Opened:
    kept = kept_of(session, row)
    salt, content = kept[:SALT_LENGTH], kept[SALT_LENGTH:]
    told = (row.received_at, row.commitment, salt)
    if box.level is not BoxLevel.L2:
        return Opened(row.id, row.owner, content, HowOpened.PLAIN, *told)
    opening = session.get(Opening, (row.community_id, row.id))
    if opening is None:
        return Opened(row.id, row.owner, None, HowOpened.UNOPENED, *told)
    key = opening.envelope_key
    try:
        inside = sealed.open_envelope(content, key)
    except EnvelopeUnreadable:
        return Opened(row.id, row.owner, None, opening.how, *told, key)
    wrong = sealed.wrong_places(split(content)[0], key, inside)
    return Opened(row.id, row.owner, inside.content, opening.how, *told, key, wrong)


@dataclass(frozen=True, slots=True)
class OwnContent:
    """What an owner handed in, with the salt that opens its commitment."""

    commitment: bytes
    salt: bytes
    handed_in: bytes


def own_content(session: Session, community_id: int, envelope_id: int) -> OwnContent:
    """Give an owner back what it handed in; the room that asks has checked whose it is.

    Raises: NotFound, when it was replaced, withdrawn or given up too.
    """
    row = session.get(Envelope, envelope_id)
    if row is None or row.community_id != community_id or row.ended_at is not None:
        raise NotFound
    kept = kept_of(session, row)
    return OwnContent(row.commitment, kept[:SALT_LENGTH], kept[SALT_LENGTH:])
