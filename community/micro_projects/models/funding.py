"""Where a project's money comes from: the yearly quota, slips, residents' pledges, donations."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.micro_projects.rules.funding import PLEDGE_STEPS, PledgeState
from community.micro_projects.rules.states import steps_sql


class ProjectQuota(CommunityRow, Base):
    """What the street grants a community for a year (年度额度); approvals reserve it.

    The constraint makes overspending impossible however many approve at once.
    """

    __tablename__ = "project_quota"
    __table_args__ = (
        own_key(),
        UniqueConstraint("community_id", "year"),
        CheckConstraint("amount_fen >= 0", name="amount_is_not_negative"),
        CheckConstraint("reserved_fen BETWEEN 0 AND amount_fen", name="never_overspent"),
    )

    year: Mapped[int]
    amount_fen: Mapped[int]
    reserved_fen: Mapped[int] = mapped_column(default=0)
    set_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]


class QuotaUse(CommunityRow, Base):
    """What an approved project takes of a year's quota; what it did not spend is freed at its end.

    Money that comes back later still is freed too, so `freed_fen` only grows.
    """

    __tablename__ = "quota_use"
    __table_args__ = (
        own_key(),
        UniqueConstraint("community_id", "project_id"),
        same_community("project_id", "project"),
        same_community("quota_id", "project_quota"),
        CheckConstraint("amount_fen >= 0", name="amount_is_not_negative"),
        CheckConstraint("freed_fen BETWEEN 0 AND amount_fen", name="freed_within_what_was_taken"),
        CheckConstraint("freed_at IS NOT NULL OR freed_fen = 0", name="freed_at_a_moment"),
    )

    project_id: Mapped[int]
    quota_id: Mapped[int]
    amount_fen: Mapped[int]
    reserved_at: Mapped[datetime]
    freed_at: Mapped[datetime | None]
    freed_fen: Mapped[int] = mapped_column(default=0)


class FiscalSlip(CommunityRow, Base):
    """The street's slip (拨付单) by which fiscal money reaches a project, with its paper."""

    __tablename__ = "fiscal_slip"
    __table_args__ = (
        own_key(),
        UniqueConstraint("community_id", "number"),
        same_community("project_id", "project"),
        same_community("file_id", "stored_file"),
        Index("ix_fiscal_slip_project", "community_id", "project_id"),
        CheckConstraint("amount_fen > 0", name="amount_is_positive"),
    )

    project_id: Mapped[int]
    number: Mapped[str] = mapped_column(String(40))
    amount_fen: Mapped[int]
    granted_on: Mapped[date]
    file_id: Mapped[int]
    transaction_id: Mapped[int]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime]


class Pledge(CommunityRow, Base):
    """What a resident promises to a project (认筹), whether it was paid in, and its refund."""

    __tablename__ = "pledge"
    __table_args__ = (
        own_key(),
        UniqueConstraint("community_id", "project_id", "person_id"),
        same_community("project_id", "project"),
        Index("ix_pledge_person", "community_id", "person_id"),
        CheckConstraint("amount_fen > 0", name="amount_is_positive"),
        CheckConstraint(
            "(state IN ('paid', 'refunded')) = (paid_transaction_id IS NOT NULL)",
            name="paid_with_an_entry",
        ),
        CheckConstraint(
            "(state = 'refunded') = (refund_transaction_id IS NOT NULL)",
            name="refunded_with_an_entry",
        ),
        CheckConstraint("given_back_fen BETWEEN 0 AND amount_fen", name="never_too_much_back"),
    )

    project_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    amount_fen: Mapped[int]
    state: Mapped[PledgeState] = mapped_column(choice(PledgeState, "state"))
    pledged_at: Mapped[datetime]
    paid_transaction_id: Mapped[int | None]
    paid_at: Mapped[datetime | None]
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    refund_transaction_id: Mapped[int | None]
    # What came back: all of it after a failure, the share of what was left after closing.
    given_back_fen: Mapped[int] = mapped_column(default=0)


class Donation(CommunityRow, Base):
    """A donor's promise to match what residents pay in (配捐), up to a limit."""

    __tablename__ = "donation"
    __table_args__ = (
        own_key(),
        same_community("project_id", "project"),
        Index("ix_donation_project", "community_id", "project_id"),
        CheckConstraint("match_bp BETWEEN 1 AND 100000", name="match"),
        CheckConstraint("most_fen > 0", name="limit_is_positive"),
        CheckConstraint("received_fen BETWEEN 0 AND most_fen", name="within_the_limit"),
        CheckConstraint("given_back_fen BETWEEN 0 AND received_fen", name="back_within_received"),
    )

    project_id: Mapped[int]
    donor: Mapped[str] = mapped_column(String(80))
    # Basis points of what residents paid in: 10,000 is a yuan for a yuan.
    match_bp: Mapped[int]
    most_fen: Mapped[int]
    received_fen: Mapped[int] = mapped_column(default=0)
    # What the project did not need goes back to the donor when it is over.
    given_back_fen: Mapped[int] = mapped_column(default=0)
    promised_at: Mapped[datetime]
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


triggers.append_only("fiscal_slip")
for kept in ("project_quota", "quota_use", "pledge", "donation"):
    triggers.refuse(f"{kept}_no_delete", kept, "DELETE", "TRUE", "it is kept")
triggers.refuse(
    "pledge_steps",
    "pledge",
    "UPDATE OF state",
    steps_sql("state", PLEDGE_STEPS),
    "a pledge goes only the steps of its table",
)
triggers.refuse(
    "quota_use_stands",
    "quota_use",
    "UPDATE",
    "(OLD.freed_at IS NOT NULL AND (NEW.freed_at IS NULL OR NEW.freed_at <> OLD.freed_at))"
    " OR NEW.freed_fen < OLD.freed_fen OR NEW.amount_fen <> OLD.amount_fen"
    " OR NEW.quota_id <> OLD.quota_id OR NEW.project_id <> OLD.project_id",
    "what was reserved stands; what is freed only grows",
)
