"""Contracts, who signed them, and what was changed in them with another person's approval."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import (
    Base,
    CommunityRow,
    PlainJson,
    choice,
    own_key,
    same_community,
)
from community.micro_projects.rules.contracts import STEPS, ChangeState, ContractState, Side
from community.micro_projects.rules.states import steps_sql


class Contract(CommunityRow, Base):
    """A contract (合同) on an award; `version` grows with each approved change."""

    __tablename__ = "contract"
    __table_args__ = (
        own_key(),
        UniqueConstraint("community_id", "number"),
        same_community("project_id", "project"),
        same_community("award_id", "award"),
        same_community("predecessor_id", "contract"),
        Index("ix_contract_project", "community_id", "project_id"),
        Index("ix_contract_organization", "community_id", "organization_id", "state"),
        Index("ix_contract_state", "community_id", "state", "ends_on"),
        Index(
            "uq_contract_standing_award",
            "community_id",
            "award_id",
            unique=True,
            sqlite_where=text("state <> 'cancelled'"),
            postgresql_where=text("state <> 'cancelled'"),
        ),
        CheckConstraint("amount_fen > 0", name="amount_is_positive"),
        CheckConstraint("amount_fen <= awarded_fen", name="never_above_the_award"),
        CheckConstraint("starts_on <= ends_on", name="ends_after_it_begins"),
        CheckConstraint(
            "(state IN ('pending', 'cancelled')) = (signed_at IS NULL)", name="signed_at_a_moment"
        ),
        CheckConstraint(
            "(state IN ('pending', 'active')) = (ended_at IS NULL)", name="ended_at_a_moment"
        ),
        CheckConstraint("supervisor_id <> organization_id", name="never_supervises_itself"),
        CheckConstraint("predecessor_id <> id", name="succeeds_another"),
    )

    project_id: Mapped[int]
    award_id: Mapped[int]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    # As the contract names the contractor, whatever it is called later.
    party_name: Mapped[str] = mapped_column(String(100))
    party_code: Mapped[str] = mapped_column(String(18), default="")
    # Who looks over the contractor's shoulder (第三方监理); none for most small jobs.
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    # The contract that failed half-way and whose rest this one finishes.
    predecessor_id: Mapped[int | None]
    number: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[ContractState] = mapped_column(choice(ContractState, "state"))
    title: Mapped[str] = mapped_column(String(100))
    scope: Mapped[str] = mapped_column(String(4_000))
    terms: Mapped[str] = mapped_column(String(4_000), default="")
    amount_fen: Mapped[int]
    awarded_fen: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    # Of the whole content as it was signed; both signatures carry it.
    content_sha256: Mapped[str] = mapped_column(String(64))
    drafted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    drafted_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(String(400), default="")


# What a contract says moves only with an approved change of exactly the new content.
_UNAPPROVED = (
    "NEW.version <> OLD.version + 1 OR NOT EXISTS (SELECT 1 FROM contract_change c"
    " WHERE c.community_id = NEW.community_id AND c.contract_id = NEW.id"
    " AND c.version = NEW.version AND c.state = 'approved' AND c.amount_fen = NEW.amount_fen"
    " AND c.ends_on = NEW.ends_on AND c.scope = NEW.scope)"
)
triggers.refuse(
    "contract_steps",
    "contract",
    "UPDATE OF state",
    steps_sql("state", STEPS),
    "a contract goes only the steps of its table",
)
triggers.refuse(
    "contract_stands",
    "contract",
    "UPDATE",
    "NEW.community_id <> OLD.community_id OR NEW.project_id <> OLD.project_id"
    " OR NEW.award_id <> OLD.award_id OR NEW.organization_id <> OLD.organization_id"
    " OR NEW.number <> OLD.number OR NEW.awarded_fen <> OLD.awarded_fen"
    " OR NEW.starts_on <> OLD.starts_on OR NEW.title <> OLD.title OR NEW.terms <> OLD.terms"
    " OR NEW.party_name <> OLD.party_name OR NEW.party_code <> OLD.party_code"
    " OR ((NEW.amount_fen <> OLD.amount_fen OR NEW.ends_on <> OLD.ends_on"
    " OR NEW.scope <> OLD.scope OR NEW.version <> OLD.version"
    " OR NEW.content_sha256 <> OLD.content_sha256)"
    f" AND (OLD.state <> 'active' OR {_UNAPPROVED}))",
    "a contract stands; only an approved change alters it",
)
triggers.refuse("contract_no_delete", "contract", "DELETE", "TRUE", "a contract is kept")
triggers.refuse(
    "contract_signed_by_both",
    "contract",
    "UPDATE OF state",
    "NEW.state = 'active' AND OLD.state <> 'active' AND (SELECT COUNT(*) FROM contract_signature s"
    " WHERE s.community_id = NEW.community_id AND s.contract_id = NEW.id"
    " AND s.content_sha256 = NEW.content_sha256) <> 2",
    "a contract is signed by both sides",
)


triggers.refuse(
    "contract_after_the_standstill",
    "contract",
    "UPDATE OF state",
    "NEW.state = 'active' AND OLD.state <> 'active' AND NOT EXISTS (SELECT 1 FROM award a"
    " WHERE a.community_id = NEW.community_id AND a.id = NEW.award_id AND a.state = 'active'"
    " AND a.organization_id = NEW.organization_id AND a.project_id = NEW.project_id"
    " AND a.amount_fen = NEW.awarded_fen AND a.closed_at IS NULL"
    " AND (a.standstill_until IS NULL OR a.standstill_until <= NEW.signed_at)"
    " AND NOT EXISTS (SELECT 1 FROM complaint o WHERE o.community_id = a.community_id"
    " AND o.award_id = a.id AND o.state = 'open' AND o.is_blocking))",
    "a contract is signed on an award that stands, after its standstill, with nothing open",
)


class ContractSignature(CommunityRow, Base):
    """That a side signed (签字), with the scan of its page; each side once."""

    __tablename__ = "contract_signature"
    __table_args__ = (
        same_community("contract_id", "contract"),
        same_community("file_id", "stored_file"),
        UniqueConstraint("community_id", "contract_id", "side"),
    )

    contract_id: Mapped[int]
    side: Mapped[Side] = mapped_column(choice(Side, "side"))
    signed_on: Mapped[date]
    content_sha256: Mapped[str] = mapped_column(String(64))
    file_id: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


triggers.append_only("contract_signature")


class ContractChange(CommunityRow, Base):
    """A proposed change (合同变更): the new amount, end, scope and plan of what is not done."""

    __tablename__ = "contract_change"
    __table_args__ = (
        own_key(),
        same_community("contract_id", "contract"),
        same_community("file_id", "stored_file"),
        Index("ix_contract_change_contract", "community_id", "contract_id"),
        Index(
            "uq_contract_change_open",
            "community_id",
            "contract_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        CheckConstraint("amount_fen > 0", name="amount_is_positive"),
        CheckConstraint("decided_by <> proposed_by", name="approved_by_another"),
        CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)"
            " AND (state IN ('open', 'lapsed')) = (decided_by IS NULL)",
            name="decided_by_somebody",
        ),
    )

    contract_id: Mapped[int]
    # The version the contract has once this is approved.
    version: Mapped[int]
    state: Mapped[ChangeState] = mapped_column(choice(ChangeState, "state"))
    reason: Mapped[str] = mapped_column(String(400))
    amount_fen: Mapped[int]
    ends_on: Mapped[date]
    scope: Mapped[str] = mapped_column(String(4_000))
    # [[milestone number, amount in fen, last day], …] of what is not done yet.
    plan: Mapped[Any] = mapped_column(PlainJson)
    # The signed supplement on paper, where there is one.
    file_id: Mapped[int | None]
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(String(400), default="")


triggers.refuse(
    "contract_change_stands",
    "contract_change",
    "UPDATE",
    "OLD.state <> 'open' OR NEW.amount_fen <> OLD.amount_fen OR NEW.ends_on <> OLD.ends_on"
    " OR NEW.scope <> OLD.scope OR NEW.plan <> OLD.plan OR NEW.version <> OLD.version"
    " OR NEW.contract_id <> OLD.contract_id OR NEW.proposed_by <> OLD.proposed_by",
    "a change is decided once, as it was proposed",
)
triggers.refuse(
    "contract_change_no_delete", "contract_change", "DELETE", "TRUE", "a change is kept"
)
