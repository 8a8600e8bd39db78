"""Units with their areas, fee rates, and the contracts that bring common income."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.trust_property.models.matters import only_approved
from community.trust_property.rules.estate import ContractKind, UnitUse


class FundUnit(CommunityRow, Base):
    """A unit that pays into a fund, its use and the area it is billed for (0.01 m²)."""

    __tablename__ = "trust_unit"
    __table_args__ = (
        own_key(),
        same_community("fund_id", "trust_fund"),
        same_community("unit_id", "unit"),
        same_community("matter_id", "trust_matter"),
        UniqueConstraint("community_id", "unit_id"),
        CheckConstraint("area_centiares >= 0", name="area"),
    )

    fund_id: Mapped[int]
    unit_id: Mapped[int]
    use: Mapped[UnitUse] = mapped_column(choice(UnitUse, "use"))
    area_centiares: Mapped[int]
    # The matter that changed it last; None while the fund was being prepared.
    matter_id: Mapped[int | None]
    set_at: Mapped[datetime]


class Rate(CommunityRow, Base):
    """A fee rate in fen per square metre and month for a use, from a day on."""

    __tablename__ = "trust_rate"
    __table_args__ = (
        own_key(),
        same_community("fund_id", "trust_fund"),
        same_community("matter_id", "trust_matter"),
        UniqueConstraint("community_id", "matter_id"),
        CheckConstraint("rate_fen >= 0", name="not_negative"),
    )

    fund_id: Mapped[int]
    use: Mapped[UnitUse] = mapped_column(choice(UnitUse, "use"))
    rate_fen: Mapped[int]
    valid_from: Mapped[date]
    reference: Mapped[str] = mapped_column(String(120))
    matter_id: Mapped[int]
    made_at: Mapped[datetime]


triggers.append_only("trust_rate")
only_approved("trust_rate")


class Contract(CommunityRow, Base):
    """A contract that brings common income to the fund."""

    __tablename__ = "trust_contract"
    __table_args__ = (
        own_key(),
        same_community("fund_id", "trust_fund"),
        same_community("matter_id", "trust_matter"),
        UniqueConstraint("community_id", "matter_id"),
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint("until_on >= from_on", name="ends_after_it_begins"),
    )

    fund_id: Mapped[int]
    kind: Mapped[ContractKind] = mapped_column(choice(ContractKind, "kind"))
    payer: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(100))
    amount_fen: Mapped[int]
    from_on: Mapped[date]
    until_on: Mapped[date]
    matter_id: Mapped[int]
    made_at: Mapped[datetime]


triggers.append_only("trust_contract")
only_approved("trust_contract")


class ContractInstalment(CommunityRow, Base):
    """A part of a contract's amount; booked once, when it falls due."""

    __tablename__ = "trust_contract_instalment"
    __table_args__ = (
        same_community("contract_id", "trust_contract"),
        UniqueConstraint("community_id", "contract_id", "number"),
        CheckConstraint("amount_fen > 0", name="amount_positive"),
    )

    contract_id: Mapped[int]
    number: Mapped[int]
    due_on: Mapped[date]
    amount_fen: Mapped[int]
    transaction_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_transaction.id"))


triggers.refuse(
    "trust_contract_instalment_stands",
    "trust_contract_instalment",
    "UPDATE OF community_id, contract_id, number, due_on, amount_fen",
    "TRUE",
    "an instalment stands",
)
triggers.refuse(
    "trust_contract_instalment_booked_once",
    "trust_contract_instalment",
    "UPDATE OF transaction_id",
    "OLD.transaction_id IS NOT NULL",
    "an instalment is booked once",
)
triggers.refuse(
    "trust_contract_instalment_no_delete",
    "trust_contract_instalment",
    "DELETE",
    "TRUE",
    "an instalment is kept",
)
