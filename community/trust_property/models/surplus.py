"""A year's surplus shared among units: what was decided, and each unit's share."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.trust_property.rules.matters import MatterState

_COUNTS = "state IN ('open', 'made')"


class Surplus(CommunityRow, Base):
    """A year's surplus (结余分配): put to the committee with the owners' vote, shared once."""

    __tablename__ = "trust_surplus"
    __table_args__ = (
        own_key(),
        same_community("fund_id", "trust_fund"),
        same_community("matter_id", "trust_matter"),
        # A year is shared once; one that was sent back may be asked for again.
        Index(
            "uq_trust_surplus_year",
            "community_id",
            "fund_id",
            "year",
            unique=True,
            sqlite_where=text(_COUNTS),
            postgresql_where=text(_COUNTS),
        ),
        CheckConstraint("amount_fen > 0 AND area_centiares > 0", name="positive"),
        CheckConstraint("vote_reference <> ''", name="the_owners_voted"),
        CheckConstraint(
            "(state = 'made') = (transaction_id IS NOT NULL)", name="made_is_in_the_books"
        ),
    )

    fund_id: Mapped[int]
    year: Mapped[int]
    amount_fen: Mapped[int]
    # Of all units that get a share.
    area_centiares: Mapped[int]
    unit_count: Mapped[int]
    # The owners' decision, as it is numbered.
    vote_reference: Mapped[str] = mapped_column(String(120))
    matter_id: Mapped[int | None]
    state: Mapped[MatterState] = mapped_column(choice(MatterState, "state"))
    transaction_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_transaction.id"))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(String(200), default="")


triggers.refuse(
    "trust_surplus_stands",
    "trust_surplus",
    "UPDATE OF community_id, fund_id, year, amount_fen, area_centiares, unit_count, vote_reference",
    "TRUE",
    "a surplus that was put to the committee stands",
)
triggers.refuse(
    "trust_surplus_approved",
    "trust_surplus",
    "UPDATE OF state",
    "NEW.state = 'made' AND NOT EXISTS (SELECT 1 FROM trust_matter m"
    " JOIN ledger_proposal p ON p.id = m.proposal_id"
    " WHERE m.id = NEW.matter_id AND p.state = 'posted')",
    "a surplus is shared only by an approved matter",
)
triggers.refuse("trust_surplus_no_delete", "trust_surplus", "DELETE", "TRUE", "a surplus is kept")


class SurplusShare(Base):
    """What a unit gets of a surplus, by the area it had."""

    __tablename__ = "trust_surplus_share"
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "surplus_id", "unit_id"),
        same_community("surplus_id", "trust_surplus"),
        same_community("unit_id", "unit"),
        Index("ix_trust_surplus_share_unit", "community_id", "unit_id"),
        CheckConstraint("amount_fen >= 0 AND area_centiares > 0", name="not_negative"),
    )

    community_id: Mapped[int]
    surplus_id: Mapped[int]
    unit_id: Mapped[int]
    area_centiares: Mapped[int]
    amount_fen: Mapped[int]


triggers.append_only("trust_surplus_share")
