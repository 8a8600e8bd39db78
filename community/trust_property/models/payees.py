"""The register of payees, and every version of where their money goes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, own_key, same_community
from community.trust_property.models.matters import only_approved


class Payee(CommunityRow, Base):
    """A supplier the fund pays; made only by an approved matter."""

    __tablename__ = "trust_payee"
    __table_args__ = (
        own_key(),
        same_community("fund_id", "trust_fund"),
        UniqueConstraint("community_id", "fund_id", "name"),
    )

    fund_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(100))
    credit_code: Mapped[str] = mapped_column(String(18), default="")
    made_at: Mapped[datetime]


class PayeeAccount(CommunityRow, Base):
    """Where a payee's money goes, from a day on; an older version is never overwritten."""

    __tablename__ = "trust_payee_account"
    __table_args__ = (
        own_key(),
        same_community("payee_id", "trust_payee"),
        same_community("matter_id", "trust_matter"),
        UniqueConstraint("community_id", "matter_id"),
        Index("ix_trust_payee_account_payee", "community_id", "payee_id", "id"),
    )

    payee_id: Mapped[int]
    account_name: Mapped[str] = mapped_column(String(100))
    bank_name: Mapped[str] = mapped_column(String(100))
    account_number: Mapped[str] = mapped_column(String(40))
    # Changed details rest before they may be paid to.
    usable_from: Mapped[date]
    matter_id: Mapped[int]
    made_at: Mapped[datetime]


triggers.append_only("trust_payee_account")
only_approved("trust_payee_account")
triggers.refuse("trust_payee_no_delete", "trust_payee", "DELETE", "TRUE", "a payee is kept")
