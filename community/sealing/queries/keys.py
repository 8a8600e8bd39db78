"""Reading the register of openers' keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.sealing.models import Box, Opener, OpenerKey


@dataclass(frozen=True, slots=True)
class KeyView:
    """A registered public key; `replaced_at` is None for the one that counts."""

    id: int
    person_id: int
    public_key: bytes
    fingerprint: str
    registered_at: datetime
    replaced_at: datetime | None


def find_opener_key(session: Session, community_id: int, person_id: int) -> KeyView | None:
    """Find the key a person is reached by as an opener."""
    found = opener_keys(session, community_id, (person_id,))
    return found.get(person_id)


def opener_keys(
    session: Session, community_id: int, person_ids: Iterable[int]
) -> dict[int, KeyView]:
    """Give the current keys of people, by person; who has none is missing."""
    query = select(OpenerKey).where(
        OpenerKey.community_id == community_id,
        OpenerKey.person_id.in_(tuple(person_ids)),
        OpenerKey.replaced_at.is_(None),
    )
    return {row.person_id: _view(row) for row in session.scalars(query)}


def opener_key_history(session: Session, community_id: int) -> tuple[KeyView, ...]:
    """List every key ever registered in a community, newest first."""
    query = (
        select(OpenerKey)
        .where(OpenerKey.community_id == community_id)
        .order_by(OpenerKey.id.desc())
    )
    return tuple(_view(row) for row in session.scalars(query))


def boxes_waiting_for(session: Session, community_id: int, person_id: int) -> tuple[int, ...]:
    """List the boxes, neither opened nor given up, of which a person is an opener."""
    query = (
        select(Box.id)
        .join(Opener, Opener.box_id == Box.id)
        .where(
            Box.community_id == community_id,
            Opener.person_id == person_id,
            Box.opened_at.is_(None),
            Box.discarded_at.is_(None),
        )
        .order_by(Box.deadline, Box.id)
    )
    return tuple(session.scalars(query))


def _view(row: OpenerKey) -> KeyView:
    return KeyView(
        row.id,
        row.person_id,
        row.public_key,
        row.fingerprint,
        row.registered_at,
        row.replaced_at,
    )
