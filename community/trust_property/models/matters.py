"""What is put to the committee, with everything its keys bind to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import (
    Base,
    CommunityRow,
    PlainJson,
    choice,
    own_key,
    same_community,
)
from community.trust_property.rules.matters import MatterState

_IS_OPEN = "state = 'open' AND subject_id IS NOT NULL"


class Matter(CommunityRow, Base):
    """A matter (待批事项): a ledger proposal and what it means here; nothing of it changes.

    An edit is another matter that replaces it; the old one stays visible.
    """

    __tablename__ = "trust_matter"
    __table_args__ = (
        own_key(),
        same_community("fund_id", "trust_fund"),
        same_community("proposal_id", "ledger_proposal"),
        same_community("replaces_id", "trust_matter"),
        # One thing is put to the committee once at a time.
        Index(
            "uq_trust_matter_open",
            "community_id",
            "fund_id",
            "kind",
            "subject_id",
            unique=True,
            sqlite_where=text(_IS_OPEN),
            postgresql_where=text(_IS_OPEN),
        ),
        Index("ix_trust_matter_state", "community_id", "fund_id", "state", "raised_at"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_has_its_moment"),
    )

    fund_id: Mapped[int]
    # A word of rules.matters.MatterKind, or of another part of this room.
    kind: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(200))
    # [[name, value, before], …] as the approver sees them.
    facts: Mapped[Any] = mapped_column(PlainJson)
    # What is carried out, in plain values.
    content: Mapped[Any] = mapped_column(PlainJson)
    # [[title, file id, sha256], …]
    vouchers: Mapped[Any] = mapped_column(PlainJson)
    subject_id: Mapped[int | None]
    amount_fen: Mapped[int | None]
    # None only within the command that raises it: the proposal is keyed by its id.
    proposal_id: Mapped[int | None]
    content_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    replaces_id: Mapped[int | None]
    state: Mapped[MatterState] = mapped_column(choice(MatterState, "state"))
    raised_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    raised_at: Mapped[datetime]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(200), default="")


triggers.refuse(
    "trust_matter_stands",
    "trust_matter",
    "UPDATE OF community_id, fund_id, kind, title, facts, content, vouchers, amount_fen,"
    " replaces_id, raised_by, raised_at",
    "TRUE",
    "what was put to the committee stands",
)
triggers.refuse(
    "trust_matter_steps",
    "trust_matter",
    "UPDATE OF state",
    "OLD.state <> 'open' AND NEW.state <> OLD.state",
    "a closed matter stays closed",
)
triggers.refuse("trust_matter_no_delete", "trust_matter", "DELETE", "TRUE", "a matter is kept")


def only_approved(table: str) -> None:
    """Let the database refuse a row of a table whose matter no key has carried through."""
    triggers.refuse(
        f"{table}_approved",
        table,
        "INSERT",
        "NEW.matter_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM trust_matter m"
        " JOIN ledger_proposal p ON p.id = m.proposal_id"
        " WHERE m.id = NEW.matter_id AND p.state = 'posted')",
        f"{table} comes only from an approved matter",
    )
