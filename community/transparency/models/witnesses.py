"""Witnesses of our logs with their cosignatures, and the logs of others that we witness."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, BigId, CommunityRow, own_key, same_community


class Witness(CommunityRow, Base):
    """Somebody outside who keeps our checkpoints and cosigns what continues them."""

    __tablename__ = "transparency_witness"
    __table_args__ = (own_key(), UniqueConstraint("community_id", "verifier_key"))

    name: Mapped[str] = mapped_column(String(200))
    verifier_key: Mapped[str] = mapped_column(String(300))
    added_at: Mapped[datetime]


class Cosignature(CommunityRow, Base):
    """A witness's signature on one of our checkpoints, as C2SP tlog-cosignature writes it."""

    __tablename__ = "transparency_cosignature"
    __table_args__ = (
        same_community("checkpoint_id", "transparency_checkpoint"),
        same_community("witness_id", "transparency_witness"),
        UniqueConstraint("community_id", "checkpoint_id", "witness_id"),
        CheckConstraint("LENGTH(signature) = 72", "signature_length"),
    )

    checkpoint_id: Mapped[int]
    witness_id: Mapped[int]
    signature: Mapped[bytes]
    cosigned_at: Mapped[datetime]


class WitnessQuorum(CommunityRow, Base):
    """How many witnesses a checkpoint needs to count, from a moment on; the newest row counts."""

    __tablename__ = "transparency_witness_quorum"
    __table_args__ = (CheckConstraint("needed >= 0", "needed"),)

    needed: Mapped[int]
    set_at: Mapped[datetime]


class WitnessedLog(Base):
    """A log of another installation, or another community, that this installation cosigns."""

    __tablename__ = "transparency_witnessed_log"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    origin: Mapped[str] = mapped_column(String(200), unique=True)
    address: Mapped[str] = mapped_column(String(300))
    verifier_key: Mapped[str] = mapped_column(String(300))
    added_at: Mapped[datetime]
    # What was refused last, kept as evidence: a log signed it although it does not continue.
    refused_note: Mapped[bytes | None]
    refused_at: Mapped[datetime | None]


class WitnessedCheckpoint(Base):
    """A checkpoint of another log that we found consistent and cosigned."""

    __tablename__ = "transparency_witnessed_checkpoint"
    __table_args__ = (UniqueConstraint("log_id", "size"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    log_id: Mapped[int] = mapped_column(ForeignKey("transparency_witnessed_log.id"))
    size: Mapped[int]
    note: Mapped[bytes]
    cosigned_at: Mapped[datetime]


for _table in (
    "transparency_witness",
    "transparency_cosignature",
    "transparency_witness_quorum",
    "transparency_witnessed_checkpoint",
):
    triggers.append_only(_table)

triggers.refuse(
    "transparency_witnessed_checkpoint_grows",
    "transparency_witnessed_checkpoint",
    "INSERT",
    "NEW.size <= (SELECT MAX(size) FROM transparency_witnessed_checkpoint"
    " WHERE log_id = NEW.log_id)",
    "a witnessed log only grows",
)
