"""Tables of policies, proposals, approvals and vouchers."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.ledger.rules import ProposalState


class Policy(CommunityRow, Base):
    """Who must approve what in a book, from a day on; the newest row for a purpose counts.

    `purpose` is empty for every purpose without a row of its own; `above` is the amount that
    needs no approval; `role` is whose keys count. Rows for larger amounts (`first_id`) follow the
    first row of their change.
    """

    __tablename__ = "ledger_policy"
    __table_args__ = (
        own_key(),
        same_community("book_id", "ledger_book"),
        same_community("first_id", "ledger_policy"),
        Index("ix_ledger_policy_book", "community_id", "book_id", "purpose", "valid_from"),
        CheckConstraint("keys >= 1", "at_least_one_key"),
        CheckConstraint("above >= 0", "above_not_negative"),
    )

    book_id: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(200), default="")
    above: Mapped[int]
    keys: Mapped[int]
    role: Mapped[str] = mapped_column(String(32))
    valid_from: Mapped[date]
    first_id: Mapped[int | None]
    # The proposal that changed the policy; None for the first of a book.
    proposal_id: Mapped[int | None]
    set_at: Mapped[datetime]


class Proposal(CommunityRow, Base):
    """A posting or a policy that waits for other people's keys."""

    __tablename__ = "ledger_proposal"
    __table_args__ = (
        UniqueConstraint("community_id", "book_id", "request_key"),
        own_key(),
        same_community("book_id", "ledger_book"),
        same_community("policy_id", "ledger_policy"),
        Index("ix_ledger_proposal_state", "community_id", "state", "proposed_at"),
    )

    book_id: Mapped[int]
    request_key: Mapped[str] = mapped_column(String(120))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    author_id: Mapped[int | None]
    proposed_at: Mapped[datetime]
    state: Mapped[ProposalState] = mapped_column(choice(ProposalState, "state"))
    # The policy in force when the last key turned (None before, and for the first policy).
    policy_id: Mapped[int | None]
    transaction_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_transaction.id"))
    resolved_at: Mapped[datetime | None]


class Approval(Base):
    """One person's key on the hash of one proposal's whole content."""

    __tablename__ = "ledger_approval"
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "proposal_id", "person_id"),
        same_community("proposal_id", "ledger_proposal"),
    )

    community_id: Mapped[int]
    proposal_id: Mapped[int]
    person_id: Mapped[int]
    role: Mapped[str] = mapped_column(String(32))
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    approved_at: Mapped[datetime]


class Voucher(CommunityRow, Base):
    """A voucher (凭证) of a transaction or a proposal, by the hash of its file."""

    __tablename__ = "ledger_voucher"
    __table_args__ = (
        own_key(),
        same_community("proposal_id", "ledger_proposal"),
        Index("ix_ledger_voucher_transaction", "community_id", "transaction_id"),
        Index("ix_ledger_voucher_proposal", "community_id", "proposal_id"),
        CheckConstraint("(transaction_id IS NULL) <> (proposal_id IS NULL)", "belongs_to_one"),
    )

    transaction_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_transaction.id"))
    proposal_id: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(120))
    # As `stored_file` names its bytes: SHA-256 in hexadecimal.
    sha256: Mapped[str] = mapped_column(String(64))
    # Its twin for the public, personal data blacked out.
    redacted_sha256: Mapped[str | None] = mapped_column(String(64))
    added_at: Mapped[datetime]


class VoucherRedaction(Base):
    """The log of vouchers whose file was taken away, and why."""

    __tablename__ = "ledger_voucher_redaction"
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "voucher_id"),
        ForeignKeyConstraint(
            ["community_id", "voucher_id"], ["ledger_voucher.community_id", "ledger_voucher.id"]
        ),
    )

    community_id: Mapped[int]
    voucher_id: Mapped[int]
    reason: Mapped[str] = mapped_column(String(200))
    redacted_by: Mapped[int | None]
    redacted_at: Mapped[datetime]
