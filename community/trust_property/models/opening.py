"""The opening day of a fund: its draft, item by item, and what became of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, PlainJson, choice, own_key, same_community
from community.trust_property.rules.opening import OpeningKind, OpeningState

_LIVE = "state <> 'dropped'"


class Opening(CommunityRow, Base):
    """The opening of a fund (开账): one at a time, carried out once by both keys."""

    __tablename__ = "trust_opening"
    __table_args__ = (
        own_key(),
        same_community("fund_id", "trust_fund"),
        same_community("matter_id", "trust_matter"),
        same_community("ledger_file_id", "stored_file"),
        same_community("reserve_proposal_id", "ledger_proposal"),
        Index(
            "uq_trust_opening_live",
            "community_id",
            "fund_id",
            unique=True,
            sqlite_where=text(_LIVE),
            postgresql_where=text(_LIVE),
        ),
        CheckConstraint("(state = 'opened') = (opened_at IS NOT NULL)", name="opened_has_its_time"),
        CheckConstraint(
            "reserve_transaction_id IS NULL OR reserve_proposal_id IS NOT NULL",
            name="reserve_has_its_proposal",
        ),
        CheckConstraint("state <> 'asked' OR matter_id IS NOT NULL", name="asked_has_its_matter"),
    )

    fund_id: Mapped[int]
    # Balances at the end of this day; what happens later is the fund's own doing.
    opening_on: Mapped[date]
    state: Mapped[OpeningState] = mapped_column(choice(OpeningState, "state"))
    # The office's fee ledger, the answers given about it, and when its rows were written.
    ledger_file_id: Mapped[int | None]
    ledger_sha256: Mapped[str] = mapped_column(String(64), default="")
    ledger_name: Mapped[str] = mapped_column(String(200), default="")
    ledger_choices: Mapped[Any] = mapped_column(PlainJson, default=dict)
    ledger_written_at: Mapped[datetime | None]
    matter_id: Mapped[int | None]
    # The reserve is a book of its own, so its opening has a proposal that the same key carries out.
    reserve_proposal_id: Mapped[int | None]
    transaction_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_transaction.id"))
    reserve_transaction_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_transaction.id"))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]


triggers.refuse(
    "trust_opening_steps",
    "trust_opening",
    "UPDATE OF state",
    "NOT (OLD.state = NEW.state OR (OLD.state = 'draft' AND NEW.state IN ('asked', 'dropped'))"
    " OR (OLD.state = 'asked' AND NEW.state IN ('draft', 'opened')))",
    "a fund is opened once, after it was put to the committee",
)
triggers.refuse(
    "trust_opening_fixed",
    "trust_opening",
    "UPDATE OF fund_id, opening_on, ledger_file_id, ledger_sha256",
    "OLD.state <> 'draft'",
    "what both sides sign stands",
)
triggers.refuse("trust_opening_no_delete", "trust_opening", "DELETE", "TRUE", "an opening is kept")


class OpeningEntry(CommunityRow, Base):
    """One item of an opening; a bank account's also says what the bank's own paper says."""

    __tablename__ = "trust_opening_item"
    __table_args__ = (
        same_community("opening_id", "trust_opening"),
        same_community("unit_id", "unit"),
        same_community("payee_id", "trust_payee"),
        same_community("bank_account_id", "trust_bank_account"),
        same_community("paper_file_id", "stored_file"),
        Index(
            "uq_trust_opening_item_month",
            "community_id",
            "opening_id",
            "kind",
            "unit_id",
            "month",
            unique=True,
            sqlite_where=text("kind = 'arrears'"),
            postgresql_where=text("kind = 'arrears'"),
        ),
        Index(
            "uq_trust_opening_item_unit",
            "community_id",
            "opening_id",
            "unit_id",
            unique=True,
            sqlite_where=text("kind = 'prepaid'"),
            postgresql_where=text("kind = 'prepaid'"),
        ),
        Index(
            "uq_trust_opening_item_bank",
            "community_id",
            "opening_id",
            "bank_account_id",
            unique=True,
            sqlite_where=text("bank_account_id IS NOT NULL"),
            postgresql_where=text("bank_account_id IS NOT NULL"),
        ),
        Index("ix_trust_opening_item_kind", "community_id", "opening_id", "kind"),
        CheckConstraint(
            "amount_fen > 0 OR (kind IN ('bank', 'reserve') AND amount_fen >= 0)", name="amount"
        ),
        CheckConstraint("(kind = 'arrears') = (month IS NOT NULL)", name="arrears_have_a_month"),
        CheckConstraint(
            "(kind IN ('arrears', 'prepaid', 'deposit')) = (unit_id IS NOT NULL)", name="unit"
        ),
        CheckConstraint(
            "(kind IN ('bank', 'reserve')) = (bank_account_id IS NOT NULL)", name="bank"
        ),
        CheckConstraint("(kind = 'payable') = (payee_id IS NOT NULL)", name="payee"),
        CheckConstraint("kind NOT IN ('deposit', 'agency') OR label <> ''", name="label"),
    )

    opening_id: Mapped[int]
    kind: Mapped[OpeningKind] = mapped_column(choice(OpeningKind, "kind"))
    unit_id: Mapped[int | None]
    month: Mapped[int | None]
    # What the deposit or the collection is: 装修押金, 代收水费.
    label: Mapped[str] = mapped_column(String(60), default="")
    payee_id: Mapped[int | None]
    bank_account_id: Mapped[int | None]
    amount_fen: Mapped[int]
    is_imported: Mapped[bool] = mapped_column(default=False)
    bank_fen: Mapped[int | None]
    # Typed from a bank's letter; else it was read out of the bank's own file.
    is_typed: Mapped[bool] = mapped_column(default=False)
    paper_file_id: Mapped[int | None]
    paper_sha256: Mapped[str] = mapped_column(String(64), default="")


_WHERE = "NOT EXISTS (SELECT 1 FROM trust_opening o WHERE o.state = 'draft' AND o.id = "
for _act, _row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
    triggers.refuse(
        f"trust_opening_item_{_act.lower()}",
        "trust_opening_item",
        _act,
        f"{_WHERE}{_row}.opening_id)",
        "items of an opening that both sides sign stand",
    )
