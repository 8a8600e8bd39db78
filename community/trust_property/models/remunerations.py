"""The trustee's remuneration by month, each with how it was reckoned."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.trust_property.rules.matters import MatterState
from community.trust_property.rules.policies import Basis

_COUNTS = "state IN ('open', 'made')"


class Remuneration(CommunityRow, Base):
    """A month's remuneration: put to the committee once, owed once approved."""

    __tablename__ = "trust_remuneration"
    __table_args__ = (
        own_key(),
        same_community("fund_id", "trust_fund"),
        same_community("matter_id", "trust_matter"),
        # A month is reckoned once; one that was sent back may be reckoned again.
        Index(
            "uq_trust_remuneration_month",
            "community_id",
            "fund_id",
            "month",
            unique=True,
            sqlite_where=text(_COUNTS),
            postgresql_where=text(_COUNTS),
        ),
        CheckConstraint("amount_fen > 0 AND basis_fen > 0", name="amounts_positive"),
        # What is owed never exceeds the voted share of its basis.
        CheckConstraint("amount_fen * 10000 <= basis_fen * rate_bp", name="within_the_rate"),
        CheckConstraint(
            "(state = 'made') = (transaction_id IS NOT NULL)", name="made_is_in_the_books"
        ),
    )

    fund_id: Mapped[int]
    # YYYYMM.
    month: Mapped[int]
    basis: Mapped[Basis] = mapped_column(choice(Basis, "basis"))
    basis_fen: Mapped[int]
    rate_bp: Mapped[int]
    amount_fen: Mapped[int]
    matter_id: Mapped[int | None]
    state: Mapped[MatterState] = mapped_column(choice(MatterState, "state"))
    transaction_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_transaction.id"))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(String(200), default="")


triggers.refuse(
    "trust_remuneration_stands",
    "trust_remuneration",
    "UPDATE OF community_id, fund_id, month, basis, basis_fen, rate_bp, amount_fen",
    "TRUE",
    "a reckoned remuneration stands",
)
triggers.refuse(
    "trust_remuneration_no_delete", "trust_remuneration", "DELETE", "TRUE", "it is kept"
)
