"""Deposits, what is collected for others and passed on, and counts of the cash box."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.trust_property.rules.bills import Channel
from community.trust_property.rules.held_money import DepositState


class Deposit(CommunityRow, Base):
    """A deposit (押金) of a unit: held, then given back once or kept by the committee's key."""

    __tablename__ = "trust_deposit"
    __table_args__ = (
        own_key(),
        same_community("fund_id", "trust_fund"),
        same_community("unit_id", "unit"),
        same_community("bank_account_id", "trust_bank_account"),
        same_community("matter_id", "trust_matter"),
        UniqueConstraint("community_id", "fund_id", "receipt_number"),
        Index("ix_trust_deposit_state", "community_id", "fund_id", "state"),
        CheckConstraint("amount_fen > 0", "amount_positive"),
        CheckConstraint(
            "(channel IS NULL) = (receipt_number IS NULL)"
            " AND (channel IS NULL) = (record_id IS NULL)",
            "taken_has_a_receipt",
        ),
        CheckConstraint("(state = 'held') = (ended_on IS NULL)", "ended_has_its_day"),
        CheckConstraint("(state = 'held') = (end_transaction_id IS NULL)", "ended_is_in_the_books"),
    )

    fund_id: Mapped[int]
    unit_id: Mapped[int]
    # What it is for: 装修押金, 门禁卡押金.
    label: Mapped[str] = mapped_column(String(60))
    # Who paid it, so who gets it back; never in public.
    payer: Mapped[str] = mapped_column(String(60), default="")
    amount_fen: Mapped[int]
    # None for one that was held on opening day.
    channel: Mapped[Channel | None] = mapped_column(choice(Channel, "channel"))
    bank_account_id: Mapped[int | None]
    # Deposits' receipts have numbers of their own, without gaps; none for opening day.
    receipt_number: Mapped[int | None]
    record_id: Mapped[int | None]
    taken_on: Mapped[date]
    transaction_id: Mapped[int] = mapped_column(ForeignKey("ledger_transaction.id"))
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[DepositState] = mapped_column(choice(DepositState, "state"))
    ended_on: Mapped[date | None]
    end_transaction_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_transaction.id"))
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    matter_id: Mapped[int | None]


triggers.refuse("trust_deposit_no_delete", "trust_deposit", "DELETE", "TRUE", "a deposit is kept")
triggers.refuse(
    "trust_deposit_fixed",
    "trust_deposit",
    "UPDATE OF fund_id, unit_id, label, amount_fen, taken_on, transaction_id, receipt_number,"
    " record_id",
    "TRUE",
    "a deposit stands as it was taken",
)
triggers.refuse(
    "trust_deposit_no_gap",
    "trust_deposit",
    "INSERT",
    "NEW.receipt_number <> 1 + COALESCE((SELECT MAX(receipt_number) FROM trust_deposit"
    " WHERE community_id = NEW.community_id AND fund_id = NEW.fund_id), 0)",
    "receipt numbers have no gaps",
)
triggers.refuse(
    "trust_deposit_ends_once",
    "trust_deposit",
    "UPDATE OF state, ended_on, end_transaction_id",
    "OLD.state <> 'held'",
    "a deposit is given back or kept once",
)


class Agency(CommunityRow, Base):
    """Something collected for somebody else (代收代付), as water for the utility."""

    __tablename__ = "trust_agency"
    __table_args__ = (
        own_key(),
        same_community("fund_id", "trust_fund"),
        UniqueConstraint("community_id", "fund_id", "name"),
    )

    fund_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    account_id: Mapped[int | None]
    added_at: Mapped[datetime]


class AgencyMove(CommunityRow, Base):
    """An amount collected, or passed on to the one it belongs to."""

    __tablename__ = "trust_agency_move"
    __table_args__ = (
        same_community("agency_id", "trust_agency"),
        same_community("bank_account_id", "trust_bank_account"),
        Index("ix_trust_agency_move_day", "community_id", "agency_id", "moved_on"),
        CheckConstraint("amount_fen > 0", "amount_positive"),
    )

    agency_id: Mapped[int]
    is_collected: Mapped[bool]
    amount_fen: Mapped[int]
    channel: Mapped[Channel] = mapped_column(choice(Channel, "channel"))
    bank_account_id: Mapped[int | None]
    moved_on: Mapped[date]
    words: Mapped[str] = mapped_column(String(120), default="")
    transaction_id: Mapped[int] = mapped_column(ForeignKey("ledger_transaction.id"))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


triggers.append_only("trust_agency_move")


class CashCount(CommunityRow, Base):
    """A count of the cash box, and where a difference was entered."""

    __tablename__ = "trust_cash_count"
    __table_args__ = (
        same_community("fund_id", "trust_fund"),
        Index("ix_trust_cash_count_day", "community_id", "fund_id", "counted_at"),
        CheckConstraint("counted_fen >= 0", "not_negative"),
        CheckConstraint(
            "(counted_fen = book_fen) = (transaction_id IS NULL)", "difference_is_in_the_books"
        ),
        CheckConstraint("counted_fen = book_fen OR reason <> ''", "difference_has_a_reason"),
    )

    fund_id: Mapped[int]
    counted_fen: Mapped[int]
    book_fen: Mapped[int]
    reason: Mapped[str] = mapped_column(String(200), default="")
    transaction_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_transaction.id"))
    counted_at: Mapped[datetime]
    counted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


triggers.append_only("trust_cash_count")
