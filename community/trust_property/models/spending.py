"""Spending requests with every version of them, their papers, and payments."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.trust_property.rules.spending import (
    PaperKind,
    Ratification,
    RequestState,
    steps_sql,
)


class SpendingRequest(CommunityRow, Base):
    """A spending request (用款申请) as it stands; its versions say what was asked when."""

    __tablename__ = "trust_request"
    __table_args__ = (
        own_key(),
        same_community("fund_id", "trust_fund"),
        same_community("payee_id", "trust_payee"),
        same_community("matter_id", "trust_matter"),
        UniqueConstraint("community_id", "fund_id", "number"),
        Index("ix_trust_request_state", "community_id", "fund_id", "state", "asked_at"),
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint(
            "(state IN ('approved', 'paid', 'done')) = (transaction_id IS NOT NULL)",
            name="approved_is_in_the_books",
        ),
        CheckConstraint("is_emergency = (ratification <> 'none')", name="an_emergency_is_ratified"),
        CheckConstraint(
            "is_emergency = (ratify_by IS NOT NULL)", name="an_emergency_has_a_last_day"
        ),
    )

    fund_id: Mapped[int]
    number: Mapped[int]
    version: Mapped[int]
    state: Mapped[RequestState] = mapped_column(choice(RequestState, "state"))
    year: Mapped[int]
    line_code: Mapped[str] = mapped_column(String(20))
    payee_id: Mapped[int]
    amount_fen: Mapped[int]
    words: Mapped[str] = mapped_column(String(400))
    vote_reference: Mapped[str] = mapped_column(String(120), default="")
    is_emergency: Mapped[bool] = mapped_column(default=False)
    ratification: Mapped[Ratification] = mapped_column(choice(Ratification, "ratification"))
    ratify_by: Mapped[date | None]
    # What sets the amount aside on the line, and what waits for keys; None where neither does.
    hold_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_transaction.id"))
    matter_id: Mapped[int | None]
    # The approved expense in the books.
    transaction_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_transaction.id"))
    expires_at: Mapped[datetime]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(200), default="")


triggers.refuse(
    "trust_request_steps",
    "trust_request",
    "UPDATE OF state",
    steps_sql(),
    "a request goes only the steps of its table",
)
triggers.refuse("trust_request_no_delete", "trust_request", "DELETE", "TRUE", "a request is kept")


class RequestVersion(CommunityRow, Base):
    """What a request asked in one version, and the matter its approvals stood on."""

    __tablename__ = "trust_request_version"
    __table_args__ = (
        same_community("request_id", "trust_request"),
        same_community("payee_id", "trust_payee"),
        same_community("matter_id", "trust_matter"),
        UniqueConstraint("community_id", "request_id", "version"),
    )

    request_id: Mapped[int]
    version: Mapped[int]
    year: Mapped[int]
    line_code: Mapped[str] = mapped_column(String(20))
    payee_id: Mapped[int]
    amount_fen: Mapped[int]
    words: Mapped[str] = mapped_column(String(400))
    matter_id: Mapped[int | None]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]


triggers.append_only("trust_request_version")


class RequestPaper(CommunityRow, Base):
    """A quote or voucher of one version of a request."""

    __tablename__ = "trust_request_paper"
    __table_args__ = (
        same_community("request_id", "trust_request"),
        same_community("file_id", "stored_file"),
        Index("ix_trust_request_paper_request", "community_id", "request_id", "version"),
    )

    request_id: Mapped[int]
    version: Mapped[int]
    kind: Mapped[PaperKind] = mapped_column(choice(PaperKind, "kind"))
    title: Mapped[str] = mapped_column(String(120))
    file_id: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))


triggers.append_only("trust_request_paper")


class Payment(CommunityRow, Base):
    """Money that left a bank account for an approved request or a remuneration."""

    __tablename__ = "trust_payment"
    __table_args__ = (
        own_key(),
        same_community("fund_id", "trust_fund"),
        same_community("request_id", "trust_request"),
        same_community("remuneration_id", "trust_remuneration"),
        same_community("bank_account_id", "trust_bank_account"),
        same_community("bank_line_id", "trust_bank_line"),
        UniqueConstraint("community_id", "bank_account_id", "bank_number"),
        Index("ix_trust_payment_line", "community_id", "bank_line_id"),
        Index("ix_trust_payment_request", "community_id", "request_id"),
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint("(request_id IS NULL) <> (remuneration_id IS NULL)", name="pays_one_thing"),
        CheckConstraint(
            "bank_line_id IS NULL OR returned_transaction_id IS NULL OR returned_on IS NOT NULL",
            name="returned_has_its_day",
        ),
    )

    fund_id: Mapped[int]
    request_id: Mapped[int | None]
    remuneration_id: Mapped[int | None]
    bank_account_id: Mapped[int]
    amount_fen: Mapped[int]
    paid_on: Mapped[date]
    # The bank's own number of the payment.
    bank_number: Mapped[str] = mapped_column(String(60))
    transaction_id: Mapped[int] = mapped_column(ForeignKey("ledger_transaction.id"))
    paid_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    paid_at: Mapped[datetime]
    # A line of the bank's statement that shows it, alone or with others; set by its match.
    bank_line_id: Mapped[int | None]
    matched_at: Mapped[datetime | None]
    # What came back because the bank could not deliver it.
    returned_on: Mapped[date | None]
    returned_transaction_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_transaction.id"))


triggers.refuse(
    "trust_payment_stands",
    "trust_payment",
    "UPDATE OF community_id, fund_id, request_id, remuneration_id, bank_account_id, amount_fen,"
    " paid_on, bank_number, transaction_id, paid_by, paid_at",
    "TRUE",
    "a payment stands",
)
triggers.refuse("trust_payment_no_delete", "trust_payment", "DELETE", "TRUE", "a payment is kept")
