"""Reading who witnesses our log, and which logs we witness."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.db import Statements


@dataclass(frozen=True, slots=True)
class WitnessView:
    """A witness and the newest checkpoint it cosigned."""

    id: int
    name: str
    verifier_key: str
    size: int | None
    cosigned_at: datetime | None


@dataclass(frozen=True, slots=True)
class WitnessedView:
    """A log that we witness, and the last checkpoint of it that we cosigned."""

    id: int
    origin: str
    address: str
    verifier_key: str
    last_note: bytes | None
    refused_at: datetime | None


def witnesses_of(session: Session, community_id: int) -> tuple[WitnessView, ...]:
    """List the witnesses of a community's log."""
    rows = db.statements(session).all(
        "SELECT w.id, w.name, w.verifier_key, MAX(c.size), MAX(s.cosigned_at)"
        " FROM transparency_witness w"
        " LEFT JOIN transparency_cosignature s ON s.community_id = w.community_id"
        "  AND s.witness_id = w.id"
        " LEFT JOIN transparency_checkpoint c ON c.id = s.checkpoint_id"
        " WHERE w.community_id = ? GROUP BY w.id, w.name, w.verifier_key ORDER BY w.id",
        (community_id,),
    )
    return tuple(
        WitnessView(key, name, verifier_key, size, None if at is None else clock.from_micros(at))
        for key, name, verifier_key, size, at in rows
    )


def witnesses_needed(session: Session, community_id: int) -> int:
    """Tell how many witnesses a checkpoint needs to count; 0 when none was asked for."""
    row = db.statements(session).one(
        "SELECT needed FROM transparency_witness_quorum WHERE community_id = ?"
        " ORDER BY id DESC LIMIT 1",
        (community_id,),
    )
    return 0 if row is None else int(row[0])


def signatures_on(at: Statements, community_id: int, checkpoint_id: int) -> list[tuple[str, bytes]]:
    """Give the cosignatures on a checkpoint: each witness's verifier key and its signature."""
    rows = at.all(
        "SELECT w.verifier_key, s.signature FROM transparency_cosignature s"
        " JOIN transparency_witness w ON w.id = s.witness_id"
        " WHERE s.community_id = ? AND s.checkpoint_id = ? ORDER BY s.id",
        (community_id, checkpoint_id),
    )
    return [(row[0], bytes(row[1])) for row in rows]


def witnessed_logs(session: Session) -> tuple[WitnessedView, ...]:
    """List the logs that this installation witnesses."""
    rows = db.statements(session).all(
        "SELECT g.id, g.origin, g.address, g.verifier_key,"
        " (SELECT c.note FROM transparency_witnessed_checkpoint c WHERE c.log_id = g.id"
        "  ORDER BY c.size DESC LIMIT 1), g.refused_at"
        " FROM transparency_witnessed_log g ORDER BY g.origin"
    )
    return tuple(
        WitnessedView(
            key,
            origin,
            address,
            verifier_key,
            None if last is None else bytes(last),
            None if refused is None else clock.from_micros(refused),
        )
        for key, origin, address, verifier_key, last, refused in rows
    )
