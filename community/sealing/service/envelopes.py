"""Handing in an envelope, replacing it, taking it back: only in [start, deadline)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from community.kernel import db, files
from community.kernel.actor import Actor
from community.sealing.errors import (
    EnvelopeCopied,
    EnvelopeEmpty,
    EnvelopeTooLarge,
    EnvelopeUnreadable,
    KeyUnreadable,
    NothingToWithdraw,
)
from community.sealing.models import Box, Content, Envelope
from community.sealing.queries.boxes import times_of, view_of
from community.sealing.queries.contents import kept_of
from community.sealing.rules import boxes as rules
from community.sealing.rules.boxes import SALT_LENGTH, BoxLevel, EndedAs
from community.sealing.rules.header import check_binding, split
from community.sealing.rules.keys import check_public_key
from community.sealing.service.locking import lock_box

LOWEST_ID = 10**14


@dataclass(frozen=True, slots=True)
class EnvelopeReceipt:
    """What the owner keeps: `commitment` is SHA-256(salt ‖ what was handed in).

    `ciphertext_hash` is the SHA-256 of the encrypted part, see `ciphertexts`.
    """

    envelope_id: int
    commitment: bytes
    salt: bytes
    received_at: datetime
    ciphertext_hash: bytes | None = None


@db.untold
def put_envelope(
    session: Session, actor: Actor, box_id: int, owner: str, content: bytes
) -> EnvelopeReceipt:
    """Take an owner's envelope in [start, deadline), in place of any before, which leaves a trace.

    The room that asks has checked who speaks for the owner. The same content again gives the same
    receipt, so no request key is needed; with one, the kept answer would hold the salt.
    Raises: NotFound, EnvelopeEmpty, EnvelopeTooLarge, BoxNotOpenYet, TooLate,
    EnvelopeUnreadable, EnvelopeForeign, EnvelopeCopied.
    """
    if not content:
        raise EnvelopeEmpty
    if len(content) > rules.MOST_BYTES:
        raise EnvelopeTooLarge(most_megabytes=rules.MOST_BYTES // rules.MEGABYTE)
    box, now = lock_box(session, actor, box_id)
    rules.check_taking(times_of(box), now)
    before = _current_of(session, box, owner)
    if before is not None:
        kept = kept_of(session, before)
        if kept[SALT_LENGTH:] == content:
            salt = kept[:SALT_LENGTH]
            told = (before.received_at, before.ciphertext_hash)
            return EnvelopeReceipt(before.id, before.commitment, salt, *told)
    ciphertext_hash = _check_sealed(session, box, owner, content)
    if before is not None:
        _end(session, before, EndedAs.REPLACED, now)
    return _keep(session, box, owner, content, ciphertext_hash, now)


@db.untold
def withdraw_envelope(session: Session, actor: Actor, box_id: int, owner: str) -> None:
    """Take an owner's envelope back before the deadline: content destroyed, trace kept.

    Raises: NotFound, BoxNotOpenYet, TooLate, NothingToWithdraw.
    """
    box, now = lock_box(session, actor, box_id)
    rules.check_taking(times_of(box), now)
    found = _current_of(session, box, owner)
    if found is None:
        raise NothingToWithdraw
    _end(session, found, EndedAs.WITHDRAWN, now)


def _current_of(session: Session, box: Box, owner: str) -> Envelope | None:
    query = select(Envelope).where(
        Envelope.community_id == box.community_id,
        Envelope.box_id == box.id,
        Envelope.owner == owner,
        Envelope.ended_at.is_(None),
    )
    return session.scalar(query)


def _check_sealed(session: Session, box: Box, owner: str, content: bytes) -> bytes | None:
    """Refuse an encrypted envelope that is damaged, meant for elsewhere, or somebody else's.

    Readable contents are never compared: "refused as a copy" would tell a guesser that he is right.
    """
    if box.level is not BoxLevel.L2:
        return None
    header, ciphertext = split(content)
    try:
        check_public_key(header.ephemeral)
    except KeyUnreadable as error:
        raise EnvelopeUnreadable from error
    digest = sha256(ciphertext).digest()
    copies = select(Envelope.id).where(
        Envelope.community_id == box.community_id,
        Envelope.ciphertext_hash == digest,
        (Envelope.box_id != box.id) | (Envelope.owner != owner),
    )
    if session.scalar(copies.limit(1)) is not None:
        raise EnvelopeCopied
    check_binding(header, view_of(session, box).binding(owner))
    return digest


def _end(session: Session, row: Envelope, ended_as: EndedAs, now: datetime) -> None:
    db.change(
        session,
        update(Envelope)
        .where(Envelope.id == row.id, Envelope.ended_at.is_(None))
        .values(ended_at=now, ended_as=ended_as),
    )
    db.change(
        session,
        delete(Content).where(
            Content.community_id == row.community_id, Content.envelope_id == row.id
        ),
    )


def _keep(
    session: Session,
    box: Box,
    owner: str,
    content: bytes,
    ciphertext_hash: bytes | None,
    now: datetime,
) -> EnvelopeReceipt:
    salt = secrets.token_bytes(SALT_LENGTH)
    # The salt is kept with the content alone: beside the commitment it would let a reader of the
    # database try prices until one fits.
    commitment, kept = files.seal_bytes(salt + content)
    envelope_id = LOWEST_ID + secrets.randbelow(9 * LOWEST_ID)
    session.add(
        Envelope(
            id=envelope_id,
            community_id=box.community_id,
            box_id=box.id,
            owner=owner,
            received_at=now,
            commitment=commitment,
            ciphertext_hash=ciphertext_hash,
        )
    )
    session.flush()
    session.add(Content(community_id=box.community_id, envelope_id=envelope_id, kept=kept))
    session.flush()
    return EnvelopeReceipt(envelope_id, commitment, salt, now, ciphertext_hash)
