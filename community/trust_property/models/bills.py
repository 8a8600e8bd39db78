"""Bills by unit and month, receipts without gaps, and what of each receipt paid which bill."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.trust_property.rules.bills import BillKind, Channel, RunState

_MONTH = "{0} BETWEEN 190001 AND 220012 AND {0} % 100 BETWEEN 1 AND 12"


class BillRun(CommunityRow, Base):
    """The bills of a month for all units of a fund, counted at once and entered in chunks."""

    __tablename__ = "trust_bill_run"
    __table_args__ = (
        own_key(),
        same_community("fund_id", "trust_fund"),
        Index(
            "uq_trust_bill_run_month",
            "community_id",
            "fund_id",
            "month",
            unique=True,
            sqlite_where=text("state <> 'dropped'"),
            postgresql_where=text("state <> 'dropped'"),
        ),
        CheckConstraint(_MONTH.format("month"), "month"),
        CheckConstraint("total_fen >= 0 AND bill_count >= 0", "not_negative"),
    )

    fund_id: Mapped[int]
    month: Mapped[int]
    due_on: Mapped[date]
    state: Mapped[RunState] = mapped_column(choice(RunState, "state"))
    bill_count: Mapped[int]
    total_fen: Mapped[int]
    job_id: Mapped[int | None]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Bill(CommunityRow, Base):
    """What a unit owes for a month, and how much of it is paid."""

    __tablename__ = "trust_bill"
    __table_args__ = (
        own_key(),
        UniqueConstraint("community_id", "fund_id", "unit_id", "month"),
        same_community("fund_id", "trust_fund"),
        same_community("run_id", "trust_bill_run"),
        same_community("unit_id", "unit"),
        Index("ix_trust_bill_run", "community_id", "run_id", "id"),
        Index("ix_trust_bill_month", "community_id", "fund_id", "month"),
        Index(
            "ix_trust_bill_unpaid",
            "community_id",
            "fund_id",
            "due_on",
            sqlite_where=text("paid_fen < amount_fen"),
            postgresql_where=text("paid_fen < amount_fen"),
        ),
        CheckConstraint(_MONTH.format("month"), "month"),
        CheckConstraint("amount_fen > 0", "amount_positive"),
        CheckConstraint("paid_fen BETWEEN 0 AND amount_fen", "never_paid_twice"),
        CheckConstraint("paid_fen = 0 OR transaction_id IS NOT NULL", "paid_only_when_out"),
        CheckConstraint("(kind = 'fee') = (run_id IS NOT NULL)", "fee_comes_from_a_run"),
    )

    fund_id: Mapped[int]
    run_id: Mapped[int | None]
    unit_id: Mapped[int]
    kind: Mapped[BillKind] = mapped_column(choice(BillKind, "kind"))
    month: Mapped[int]
    amount_fen: Mapped[int]
    paid_fen: Mapped[int] = mapped_column(default=0)
    due_on: Mapped[date]
    # The use of the unit whose rate was taken, so whose income it is.
    use: Mapped[str] = mapped_column(String(32))
    # None until it is entered in the books.
    transaction_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_transaction.id"))


triggers.refuse(
    "trust_bill_fixed",
    "trust_bill",
    "UPDATE OF fund_id, run_id, unit_id, kind, month, amount_fen, transaction_id",
    "OLD.transaction_id IS NOT NULL",
    "a bill that is out keeps its unit, month and amount",
)
triggers.refuse(
    "trust_bill_no_delete",
    "trust_bill",
    "DELETE",
    "OLD.transaction_id IS NOT NULL",
    "a bill that is out is kept",
)


class Receipt(CommunityRow, Base):
    """A receipt (收据) for a payment; numbers have no gaps, a voided one keeps its own."""

    __tablename__ = "trust_receipt"
    __table_args__ = (
        own_key(),
        UniqueConstraint("community_id", "fund_id", "number"),
        same_community("fund_id", "trust_fund"),
        same_community("bank_account_id", "trust_bank_account"),
        Index("ix_trust_receipt_day", "community_id", "fund_id", "received_on"),
        CheckConstraint("number > 0 AND amount_fen > 0", "positive"),
        CheckConstraint("(channel = 'cash') = (bank_account_id IS NULL)", "cash_or_bank"),
        CheckConstraint(
            "(voided_at IS NULL) = (void_transaction_id IS NULL)"
            " AND (voided_at IS NULL) = (void_reason IS NULL)",
            "voided_whole",
        ),
    )

    fund_id: Mapped[int]
    number: Mapped[int]
    amount_fen: Mapped[int]
    channel: Mapped[Channel] = mapped_column(choice(Channel, "channel"))
    bank_account_id: Mapped[int | None]
    received_on: Mapped[date]
    # The payer as the desk wrote it, for the paper receipt; never in public.
    payer: Mapped[str] = mapped_column(String(60), default="")
    # The bank's or the payment service's own number, by which a statement line is found.
    reference: Mapped[str] = mapped_column(String(80), default="")
    transaction_id: Mapped[int] = mapped_column(ForeignKey("ledger_transaction.id"))
    record_id: Mapped[int]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    voided_at: Mapped[datetime | None]
    voided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    void_reason: Mapped[str | None] = mapped_column(String(200))
    void_transaction_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_transaction.id"))


triggers.refuse("trust_receipt_no_delete", "trust_receipt", "DELETE", "TRUE", "a receipt is kept")
triggers.refuse(
    "trust_receipt_fixed",
    "trust_receipt",
    "UPDATE OF fund_id, number, amount_fen, channel, bank_account_id, received_on, transaction_id,"
    " record_id",
    "TRUE",
    "a receipt keeps what it says",
)
triggers.refuse(
    "trust_receipt_voided_once",
    "trust_receipt",
    "UPDATE OF voided_at, voided_by, void_reason, void_transaction_id",
    "OLD.voided_at IS NOT NULL",
    "a receipt is voided once",
)
triggers.refuse(
    "trust_receipt_no_gap",
    "trust_receipt",
    "INSERT",
    "NEW.number <> 1 + COALESCE((SELECT MAX(number) FROM trust_receipt"
    " WHERE community_id = NEW.community_id AND fund_id = NEW.fund_id), 0)",
    "receipt numbers have no gaps",
)


class ReceiptPart(Base):
    """What of a receipt paid which bill; without a bill it is prepaid for the unit."""

    __tablename__ = "trust_receipt_part"
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "receipt_id", "line"),
        same_community("receipt_id", "trust_receipt"),
        same_community("unit_id", "unit"),
        same_community("bill_id", "trust_bill"),
        Index("ix_trust_receipt_part_unit", "community_id", "unit_id"),
        Index("ix_trust_receipt_part_bill", "community_id", "bill_id"),
        CheckConstraint("amount_fen > 0", "amount_positive"),
    )

    community_id: Mapped[int]
    receipt_id: Mapped[int]
    line: Mapped[int]
    unit_id: Mapped[int]
    bill_id: Mapped[int | None]
    amount_fen: Mapped[int]


class PrepaidUse(CommunityRow, Base):
    """That a unit's prepayment paid a bill, or part of it, when the bill came out."""

    __tablename__ = "trust_prepaid_use"
    __table_args__ = (
        UniqueConstraint("community_id", "bill_id"),
        same_community("bill_id", "trust_bill"),
        CheckConstraint("amount_fen > 0", "amount_positive"),
    )

    bill_id: Mapped[int]
    amount_fen: Mapped[int]
    transaction_id: Mapped[int] = mapped_column(ForeignKey("ledger_transaction.id"))


for _table in ("trust_receipt_part", "trust_prepaid_use"):
    triggers.append_only(_table)
