"""The fund of an estate, the buildings that pay into it, and its bank accounts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.trust_property.rules.fund import BankUse, FundState


class Fund(CommunityRow, Base):
    """The fund of an estate (小区), held by its trustee for all owners."""

    __tablename__ = "trust_fund"
    __table_args__ = (
        own_key(),
        UniqueConstraint("community_id", "name"),
        same_community("book_id", "ledger_book"),
        same_community("reserve_book_id", "ledger_book"),
        CheckConstraint(
            "(state = 'preparing') = (opened_on IS NULL)", name="open_since_its_opening_day"
        ),
    )

    name: Mapped[str] = mapped_column(String(60))
    trustee_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    state: Mapped[FundState] = mapped_column(choice(FundState, "state"))
    opened_on: Mapped[date | None]
    # None only within the command that prepares the fund: the books are named by its id.
    book_id: Mapped[int | None]
    reserve_book_id: Mapped[int | None]
    prepared_at: Mapped[datetime]
    prepared_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


triggers.refuse("trust_fund_no_delete", "trust_fund", "DELETE", "TRUE", "a fund is kept")
triggers.refuse(
    "trust_fund_steps",
    "trust_fund",
    "UPDATE OF state",
    "NOT (OLD.state = NEW.state OR (OLD.state = 'preparing' AND NEW.state = 'open')"
    " OR (OLD.state = 'open' AND NEW.state = 'closed'))",
    "a fund opens once and closes once",
)


class FundBuilding(CommunityRow, Base):
    """That a building's units pay into a fund; a building pays into one."""

    __tablename__ = "trust_fund_building"
    __table_args__ = (
        UniqueConstraint("community_id", "building_id"),
        same_community("fund_id", "trust_fund"),
        same_community("building_id", "building"),
    )

    fund_id: Mapped[int]
    building_id: Mapped[int]


class BankAccount(CommunityRow, Base):
    """A bank account of a fund and its account in the books."""

    __tablename__ = "trust_bank_account"
    __table_args__ = (
        own_key(),
        same_community("fund_id", "trust_fund"),
        same_community("account_id", "ledger_account"),
        UniqueConstraint("community_id", "fund_id", "bank_name", "last_digits"),
        CheckConstraint("length(last_digits) = 4", name="last_four_digits"),
        CheckConstraint(
            "(opening_on IS NULL) = (opening_fen IS NULL)", name="opening_has_day_and_balance"
        ),
    )

    fund_id: Mapped[int]
    use: Mapped[BankUse] = mapped_column(choice(BankUse, "use"))
    bank_name: Mapped[str] = mapped_column(String(60))
    # The whole number is never kept: four digits tell accounts apart on a page.
    last_digits: Mapped[str] = mapped_column(String(4))
    # None only within the command that adds it: its account is named by its id.
    account_id: Mapped[int | None]
    # What the bank's statement says the account held at the end of the day before it counts here.
    opening_on: Mapped[date | None]
    opening_fen: Mapped[int | None]
    added_at: Mapped[datetime]
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]


triggers.refuse(
    "trust_bank_account_no_delete", "trust_bank_account", "DELETE", "TRUE", "an account is kept"
)
