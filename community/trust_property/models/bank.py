"""Bank statements, their lines, what the lines were matched with, and who closed a period."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, PlainJson, choice, own_key, same_community
from community.trust_property.rules.bank import MatchKind, StatementState


class BankStatement(CommunityRow, Base):
    """A statement as the bank gave it, and how it is read."""

    __tablename__ = "trust_statement"
    __table_args__ = (
        own_key(),
        same_community("fund_id", "trust_fund"),
        same_community("bank_account_id", "trust_bank_account"),
        same_community("file_id", "stored_file"),
        CheckConstraint("(state = 'added') = (added_at IS NOT NULL)", name="added_has_its_time"),
        CheckConstraint(
            "state <> 'added' OR (since IS NOT NULL AND until IS NOT NULL"
            " AND opening_fen IS NOT NULL AND closing_fen IS NOT NULL)",
            name="added_has_balances",
        ),
        CheckConstraint("since <= until", name="ends_after_it_begins"),
        Index(
            "ix_trust_statement_added_once",
            "community_id",
            "bank_account_id",
            "sha256",
            unique=True,
            sqlite_where=text("state IN ('running', 'added')"),
            postgresql_where=text("state IN ('running', 'added')"),
        ),
        Index("ix_trust_statement_until", "community_id", "bank_account_id", "until"),
    )

    fund_id: Mapped[int]
    bank_account_id: Mapped[int]
    file_id: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(String(200))
    fingerprint: Mapped[str] = mapped_column(String(16))
    # What the user said of columns and signs; kept for the next statement of the same layout.
    choices: Mapped[Any] = mapped_column(PlainJson, default=dict)
    state: Mapped[StatementState] = mapped_column(choice(StatementState, "state"))
    since: Mapped[date | None]
    until: Mapped[date | None]
    opening_fen: Mapped[int | None]
    closing_fen: Mapped[int | None]
    line_count: Mapped[int] = mapped_column(default=0)
    job_id: Mapped[int | None]
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]
    added_at: Mapped[datetime | None]


triggers.refuse(
    "trust_statement_kept",
    "trust_statement",
    "DELETE",
    "OLD.state = 'added'",
    "a statement is kept",
)
triggers.refuse(
    "trust_statement_fixed",
    "trust_statement",
    "UPDATE",
    "OLD.state = 'added'",
    "an added statement is never changed",
)


class BankMatch(CommunityRow, Base):
    """What somebody found bank lines to be; undone, it stays with its time."""

    __tablename__ = "trust_bank_match"
    __table_args__ = (
        own_key(),
        same_community("fund_id", "trust_fund"),
        same_community("bank_account_id", "trust_bank_account"),
        same_community("resolves_id", "trust_bank_match"),
        CheckConstraint("fee_fen >= 0", name="fee_is_no_income"),
        # Explained once, unless that was undone.
        Index(
            "ix_trust_bank_match_resolved_once",
            "community_id",
            "resolves_id",
            unique=True,
            sqlite_where=text("resolves_id IS NOT NULL AND undone_at IS NULL"),
            postgresql_where=text("resolves_id IS NOT NULL AND undone_at IS NULL"),
        ),
    )

    fund_id: Mapped[int]
    bank_account_id: Mapped[int]
    kind: Mapped[MatchKind] = mapped_column(choice(MatchKind, "kind"))
    # What this match entered into the books; empty when all was there already.
    posted_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_transaction.id"))
    fee_posted_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_transaction.id"))
    fee_fen: Mapped[int] = mapped_column(default=0)
    # Who entered `posted_id` when it was not the match itself: bills, payments.
    source: Mapped[str] = mapped_column(String(40), default="")
    reference: Mapped[str] = mapped_column(String(200), default="")
    # An earlier match whose money waited on a public account and is explained by this one.
    resolves_id: Mapped[int | None]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None]


triggers.refuse("trust_bank_match_kept", "trust_bank_match", "DELETE", "TRUE", "a match is kept")


class BankLine(CommunityRow, Base):
    """One entry of the bank; `match_id` is what it was found to be."""

    __tablename__ = "trust_bank_line"
    __table_args__ = (
        own_key(),
        same_community("bank_account_id", "trust_bank_account"),
        same_community("statement_id", "trust_statement"),
        same_community("match_id", "trust_bank_match"),
        UniqueConstraint("community_id", "bank_account_id", "digest", "twin"),
        CheckConstraint("amount_fen <> 0", name="moves_money"),
        Index("ix_trust_bank_line_day", "community_id", "bank_account_id", "day"),
        Index("ix_trust_bank_line_match", "community_id", "match_id"),
    )

    bank_account_id: Mapped[int]
    statement_id: Mapped[int]
    # Its row in the bank's file, as spreadsheets count.
    file_row: Mapped[int]
    day: Mapped[date]
    amount_fen: Mapped[int]
    balance_fen: Mapped[int | None]
    counterparty: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(32))
    twin: Mapped[int]
    match_id: Mapped[int | None]


triggers.refuse("trust_bank_line_kept", "trust_bank_line", "DELETE", "TRUE", "a bank line is kept")
triggers.refuse(
    "trust_bank_line_fixed",
    "trust_bank_line",
    "UPDATE OF bank_account_id, day, amount_fen, balance_fen, counterparty, summary, number,"
    " digest, twin, statement_id",
    "TRUE",
    "what the bank wrote is never changed",
)


class BankMatchEntry(CommunityRow, Base):
    """An entry of the books that a match holds against the bank's lines."""

    __tablename__ = "trust_bank_match_entry"
    __table_args__ = (
        same_community("match_id", "trust_bank_match"),
        same_community("bank_account_id", "trust_bank_account"),
        Index(
            "ix_trust_bank_match_entry_once",
            "community_id",
            "bank_account_id",
            "transaction_id",
            unique=True,
            sqlite_where=text("NOT is_undone"),
            postgresql_where=text("NOT is_undone"),
        ),
    )

    match_id: Mapped[int]
    bank_account_id: Mapped[int]
    transaction_id: Mapped[int] = mapped_column(ForeignKey("ledger_transaction.id"))
    amount_fen: Mapped[int]
    is_undone: Mapped[bool] = mapped_column(default=False)


class PeriodClosing(CommunityRow, Base):
    """Who closed a fund's period: one person softly, another for good."""

    __tablename__ = "trust_period_closing"
    __table_args__ = (
        same_community("fund_id", "trust_fund"),
        UniqueConstraint("community_id", "fund_id", "ends_on"),
        CheckConstraint("closed_by IS NULL OR closed_by <> softly_by", name="two_people"),
        CheckConstraint("(closed_by IS NULL) = (closed_at IS NULL)", name="closed_has_its_time"),
    )

    fund_id: Mapped[int]
    ends_on: Mapped[date]
    softly_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    softly_at: Mapped[datetime]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]


triggers.refuse(
    "trust_period_closing_kept",
    "trust_period_closing",
    "DELETE",
    "TRUE",
    "a closing is kept",
)
