"""Tables of books, accounts, transactions and periods.

Signed amounts are debits minus credits everywhere in this room's rows; only `queries` turns them
into the natural sign of an account.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.ledger.rules import (
    AccountState,
    AccountType,
    BookKind,
    PeriodState,
    TransactionKind,
)


def plain_choice(kind: type[Enum]) -> SqlEnum:
    """Make a column type for an enum whose values another CHECK of the table holds."""
    return SqlEnum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


class Unit(Base):
    """A unit of account; one table for the whole installation."""

    __tablename__ = "ledger_unit"

    code: Mapped[str] = mapped_column(String(3), primary_key=True)
    scale: Mapped[int]


class Book(CommunityRow, Base):
    """A book: nothing moves between two of them."""

    __tablename__ = "ledger_book"
    __table_args__ = (UniqueConstraint("community_id", "kind", "name"), own_key())

    kind: Mapped[BookKind] = mapped_column(choice(BookKind, "kind"))
    name: Mapped[str] = mapped_column(String(80))
    # Days up to these take only adjustments, or nothing any more.
    soft_closed_through: Mapped[date | None]
    closed_through: Mapped[date | None]
    # A post into a book with a policy looks the policy up; without one it does not.
    has_policy: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]


_NATURAL = "normal * (posted_debits - posted_credits)"
_SET_ASIDE = "CASE WHEN normal = 1 THEN pending_credits ELSE pending_debits END"
_COMING_IN = "CASE WHEN normal = 1 THEN pending_debits ELSE pending_credits END"


class Account(CommunityRow, Base):
    """An account with its counters; a summary account adds up the lots below it.

    `sequence` counts the entries shown in its statement, `last_booked_on` is the last of their
    days; `late_days` and `early_days` tell how long after, or before, the day it counts an entry
    was ever booked.
    """

    __tablename__ = "ledger_account"
    __table_args__ = (
        UniqueConstraint("community_id", "book_id", "path"),
        own_key(),
        same_community("book_id", "ledger_book"),
        same_community("parent_id", "ledger_account"),
        Index("ix_ledger_account_owner", "community_id", "owner", "book_id"),
        Index("ix_ledger_account_lots", "community_id", "parent_id", "expires_on"),
        CheckConstraint(
            "normal = CASE WHEN type IN ('asset', 'expense') THEN 1 ELSE -1 END", "normal_side"
        ),
        CheckConstraint(
            "posted_debits >= 0 AND posted_credits >= 0"
            " AND pending_debits >= 0 AND pending_credits >= 0",
            "counters_not_negative",
        ),
        CheckConstraint(f"{_NATURAL} - {_SET_ASIDE} >= floor", "floor"),
        CheckConstraint(f"{_NATURAL} + {_COMING_IN} <= ceiling", "ceiling"),
        CheckConstraint("NOT (is_summary AND parent_id IS NOT NULL)", "two_levels"),
    )

    book_id: Mapped[int]
    unit: Mapped[str] = mapped_column(String(3), ForeignKey("ledger_unit.code"))
    path: Mapped[str] = mapped_column(String(120))
    type: Mapped[AccountType] = mapped_column(choice(AccountType, "type"))
    normal: Mapped[int]
    owner: Mapped[str] = mapped_column(String(80), default="")
    # The number under which the public log tells it: None in a book that is not public, 0 for its
    # own, else the negative id of the group which a resident's account is told in.
    public_as: Mapped[int | None]
    is_summary: Mapped[bool] = mapped_column(default=False)
    parent_id: Mapped[int | None]
    expires_on: Mapped[date | None]
    floor: Mapped[int | None]
    ceiling: Mapped[int | None]
    posted_debits: Mapped[int] = mapped_column(default=0)
    posted_credits: Mapped[int] = mapped_column(default=0)
    pending_debits: Mapped[int] = mapped_column(default=0)
    pending_credits: Mapped[int] = mapped_column(default=0)
    # The first moment at which an open hold on it expires.
    holds_expire_at: Mapped[datetime | None]
    sequence: Mapped[int] = mapped_column(default=0)
    last_booked_on: Mapped[int] = mapped_column(default=0)
    late_days: Mapped[int] = mapped_column(default=0)
    early_days: Mapped[int] = mapped_column(default=0)
    state: Mapped[AccountState] = mapped_column(choice(AccountState, "state"))
    opened_at: Mapped[datetime]


class PublicGroup(CommunityRow, Base):
    """A group of residents' accounts, which the public log tells as one account."""

    __tablename__ = "ledger_public_group"
    __table_args__ = (
        UniqueConstraint("community_id", "book_id", "path"),
        same_community("book_id", "ledger_book"),
    )

    book_id: Mapped[int]
    path: Mapped[str] = mapped_column(String(120))


class Transaction(CommunityRow, Base):
    """A transaction; nothing of it ever changes."""

    __tablename__ = "ledger_transaction"
    __table_args__ = (
        # No `own_key()`: other rooms refer to the seal, so an ordinary post keeps one index less.
        UniqueConstraint("community_id", "book_id", "request_key"),
        same_community("book_id", "ledger_book"),
        # Partial, so that an ordinary post keeps no row in them.
        Index(
            "uq_ledger_transaction_reverses",
            "community_id",
            "reverses",
            unique=True,
            sqlite_where=text("reverses IS NOT NULL"),
            postgresql_where=text("reverses IS NOT NULL"),
        ),
        Index(
            "uq_ledger_transaction_resolves",
            "community_id",
            "resolves",
            unique=True,
            sqlite_where=text("resolves IS NOT NULL"),
            postgresql_where=text("resolves IS NOT NULL"),
        ),
        # One CASE: a list of values costs SQLite a temporary table per row.
        CheckConstraint(
            "CASE kind"
            " WHEN 'post' THEN reverses IS NULL AND resolves IS NULL AND expires_at IS NULL"
            " WHEN 'hold' THEN reverses IS NULL AND resolves IS NULL AND expires_at IS NOT NULL"
            " WHEN 'settle' THEN reverses IS NULL AND resolves IS NOT NULL AND expires_at IS NULL"
            " WHEN 'release' THEN reverses IS NULL AND resolves IS NOT NULL AND expires_at IS NULL"
            " WHEN 'expire' THEN reverses IS NULL AND resolves IS NOT NULL AND expires_at IS NULL"
            " WHEN 'reverse' THEN reverses IS NOT NULL AND resolves IS NULL AND expires_at IS NULL"
            " ELSE FALSE END",
            "kind",
        ),
    )

    book_id: Mapped[int]
    kind: Mapped[TransactionKind] = mapped_column(plain_choice(TransactionKind))
    request_key: Mapped[str] = mapped_column(String(120))
    request_hash: Mapped[bytes] = mapped_column(LargeBinary)
    purpose: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(200))
    actor_id: Mapped[int | None]
    on_behalf_of: Mapped[int | None]
    effective_on: Mapped[date]
    recorded_at: Mapped[datetime]
    reverses: Mapped[int | None] = mapped_column(ForeignKey("ledger_transaction.id"))
    resolves: Mapped[int | None] = mapped_column(ForeignKey("ledger_transaction.id"))
    expires_at: Mapped[datetime | None]
    canonical: Mapped[bytes] = mapped_column(LargeBinary)


class Entry(Base):
    """A line of a transaction.

    A posted entry stands in one statement, its holder's (the account, or the summary above a
    lot), at `sequence`, with the holder's balance after it. A pending entry stands in none.
    `booked_on` never goes back within a statement; `effective_on` is when the entry counts.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "transaction_id", "line"),
        same_community("account_id", "ledger_account"),
        Index(
            "uq_ledger_entry_statement",
            "community_id",
            "holder_id",
            "booked_on",
            "sequence",
            unique=True,
        ),
        # What was booked on another day than it counts: few, so a past balance stays one look-up
        # and a short range.
        Index(
            "ix_ledger_entry_late",
            "community_id",
            "holder_id",
            "effective_on",
            "booked_on",
            "amount",
            sqlite_where=text("effective_on <> booked_on"),
            postgresql_where=text("effective_on <> booked_on"),
        ),
        CheckConstraint("amount <> 0", "amount_not_zero"),
        CheckConstraint(
            "CASE WHEN is_pending"
            " THEN holder_id IS NULL AND sequence IS NULL AND balance_after IS NULL"
            " ELSE holder_id IS NOT NULL AND sequence IS NOT NULL AND balance_after IS NOT NULL"
            " END",
            "posted_stands_in_a_statement",
        ),
        {"sqlite_with_rowid": False},
    )

    community_id: Mapped[int]
    transaction_id: Mapped[int] = mapped_column(ForeignKey("ledger_transaction.id"))
    line: Mapped[int]
    account_id: Mapped[int]
    amount: Mapped[int]
    is_pending: Mapped[bool]
    effective_on: Mapped[date]
    booked_on: Mapped[date]
    holder_id: Mapped[int | None]
    sequence: Mapped[int | None]
    balance_after: Mapped[int | None]


class Seal(Base):
    """The seal of a transaction: its insertion is where the database checks the lines.

    Other rooms refer to a transaction by its seal, so only to a whole one of their community.
    """

    __tablename__ = "ledger_seal"
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "transaction_id"),
        {"sqlite_with_rowid": False},
    )

    community_id: Mapped[int]
    transaction_id: Mapped[int] = mapped_column(ForeignKey("ledger_transaction.id"))
    # SHA-256 of the transaction's canonical bytes.
    digest: Mapped[bytes] = mapped_column(LargeBinary)


class OpenHold(Base):
    """What an open hold sets aside on one account; deleted when the hold is resolved."""

    __tablename__ = "ledger_open_hold"
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "hold_id", "line"),
        same_community("account_id", "ledger_account"),
        Index("ix_ledger_open_hold_holder", "community_id", "holder_id", "expires_at"),
    )

    community_id: Mapped[int]
    hold_id: Mapped[int] = mapped_column(ForeignKey("ledger_transaction.id"))
    line: Mapped[int]
    account_id: Mapped[int]
    holder_id: Mapped[int]
    amount: Mapped[int]
    expires_at: Mapped[datetime]


class Period(CommunityRow, Base):
    """An accounting period of a book, once its closing has begun."""

    __tablename__ = "ledger_period"
    __table_args__ = (
        UniqueConstraint("community_id", "book_id", "ends_on"),
        own_key(),
        same_community("book_id", "ledger_book"),
        CheckConstraint("starts_on IS NULL OR starts_on <= ends_on", "in_order"),
    )

    book_id: Mapped[int]
    # None for the first period of a book: since it was opened.
    starts_on: Mapped[date | None]
    ends_on: Mapped[date]
    state: Mapped[PeriodState] = mapped_column(choice(PeriodState, "state"))
    soft_closed_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class PeriodBalance(Base):
    """The balance of an account at the close of a period."""

    __tablename__ = "ledger_period_balance"
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "period_id", "account_id"),
        same_community("period_id", "ledger_period"),
        same_community("account_id", "ledger_account"),
    )

    community_id: Mapped[int]
    period_id: Mapped[int]
    account_id: Mapped[int]
    balance: Mapped[int]
