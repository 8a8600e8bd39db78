"""Milestones, what was delivered for them, its acceptance, and what others saw at the site."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.micro_projects.rules.milestones import (
    STEPS,
    Finding,
    MilestoneState,
    NoteKind,
    Verdict,
)
from community.micro_projects.rules.states import steps_sql


class Milestone(CommunityRow, Base):
    """A part of a contract (节点) with its exact money and its last day."""

    __tablename__ = "milestone"
    __table_args__ = (
        own_key(),
        same_community("contract_id", "contract"),
        UniqueConstraint("community_id", "contract_id", "number"),
        # A payment refers to all three, so that it is of this contract and of this amount.
        UniqueConstraint("community_id", "contract_id", "id", "amount_fen"),
        Index("ix_milestone_due", "community_id", "state", "due_on"),
        CheckConstraint("amount_fen > 0", name="amount_is_positive"),
        CheckConstraint("share_bp BETWEEN 0 AND 10000", name="a_share_of_the_whole"),
        CheckConstraint("(state = 'accepted') = (accepted_on IS NOT NULL)", name="accepted_on"),
    )

    contract_id: Mapped[int]
    number: Mapped[int]
    state: Mapped[MilestoneState] = mapped_column(choice(MilestoneState, "state"))
    title: Mapped[str] = mapped_column(String(80))
    criteria: Mapped[str] = mapped_column(String(400), default="")
    share_bp: Mapped[int]
    amount_fen: Mapped[int]
    due_on: Mapped[date]
    # The day of the delivery that was accepted or waits; a late one stays late.
    delivered_on: Mapped[date | None]
    accepted_on: Mapped[date | None]


triggers.refuse(
    "milestone_steps",
    "milestone",
    "UPDATE OF state",
    steps_sql("state", STEPS),
    "a milestone goes only the steps of its table",
)
triggers.refuse(
    "milestone_stands",
    "milestone",
    "UPDATE",
    "NEW.community_id <> OLD.community_id OR NEW.contract_id <> OLD.contract_id"
    " OR NEW.number <> OLD.number OR ((NEW.amount_fen <> OLD.amount_fen"
    " OR NEW.due_on <> OLD.due_on OR NEW.title <> OLD.title OR NEW.criteria <> OLD.criteria)"
    " AND OLD.state NOT IN ('planned', 'returned'))",
    "what is delivered keeps its money and its day",
)
triggers.refuse(
    "milestone_accepted_by_acceptance",
    "milestone",
    "UPDATE OF state",
    "NEW.state = 'accepted' AND OLD.state <> 'accepted' AND NOT EXISTS (SELECT 1"
    " FROM delivery_acceptance a"
    " JOIN delivery d ON d.community_id = a.community_id AND d.id = a.delivery_id"
    " WHERE d.community_id = NEW.community_id AND d.milestone_id = NEW.id"
    " AND a.verdict = 'accepted')",
    "a milestone is accepted by an acceptance",
)
triggers.refuse("milestone_no_delete", "milestone", "DELETE", "TRUE", "a milestone is kept")


class Delivery(CommunityRow, Base):
    """What a contractor handed in for a milestone (提交成果); `attempt` counts from 1."""

    __tablename__ = "delivery"
    __table_args__ = (
        own_key(),
        same_community("milestone_id", "milestone"),
        UniqueConstraint("community_id", "milestone_id", "attempt"),
        # An acceptance refers to both, so that it can never be the submitter's own.
        UniqueConstraint("community_id", "id", "submitted_by"),
    )

    milestone_id: Mapped[int]
    attempt: Mapped[int]
    words: Mapped[str] = mapped_column(String(1_000))
    place: Mapped[str] = mapped_column(String(80), default="")
    # When the work happened, where the contractor says so.
    happened_at: Mapped[datetime | None]
    submitted_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime]


triggers.append_only("delivery")


class MilestoneEvidence(CommunityRow, Base):
    """A photo or paper of a delivery (成果证据); its hash stands in the public log."""

    __tablename__ = "milestone_evidence"
    __table_args__ = (
        own_key(),
        same_community("delivery_id", "delivery"),
        same_community("file_id", "stored_file"),
        UniqueConstraint("community_id", "delivery_id", "sha256"),
        CheckConstraint("length(sha256) = 64", name="whole_hash"),
    )

    delivery_id: Mapped[int]
    file_id: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))


triggers.append_only("milestone_evidence")


class DeliveryAcceptance(CommunityRow, Base):
    """What another person said to a delivery (验收): accepted, or returned with the reason."""

    __tablename__ = "delivery_acceptance"
    __table_args__ = (
        ForeignKeyConstraint(
            ["community_id", "delivery_id", "submitted_by"],
            ["delivery.community_id", "delivery.id", "delivery.submitted_by"],
        ),
        UniqueConstraint("community_id", "delivery_id"),
        CheckConstraint("accepted_by <> submitted_by", name="never_the_submitter"),
    )

    delivery_id: Mapped[int]
    verdict: Mapped[Verdict] = mapped_column(choice(Verdict, "verdict"))
    words: Mapped[str] = mapped_column(String(400), default="")
    submitted_by: Mapped[int]
    accepted_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    accepted_at: Mapped[datetime]
    accepted_on: Mapped[date]


triggers.append_only("delivery_acceptance")
triggers.refuse(
    "delivery_acceptance_never_the_contractors",
    "delivery_acceptance",
    "INSERT",
    "EXISTS (SELECT 1 FROM delivery d"
    " JOIN milestone m ON m.community_id = d.community_id AND m.id = d.milestone_id"
    " JOIN contract c ON c.community_id = m.community_id AND c.id = m.contract_id"
    " JOIN organization_staff s ON s.community_id = c.community_id"
    " AND s.organization_id = c.organization_id"
    " WHERE d.community_id = NEW.community_id AND d.id = NEW.delivery_id"
    " AND s.person_id = NEW.accepted_by AND s.from_on <= NEW.accepted_on"
    " AND (s.until_on IS NULL OR s.until_on > NEW.accepted_on))",
    "nobody of the contractor accepts its work",
)


class SiteNote(CommunityRow, Base):
    """What a resident or the supervising organisation saw at the site (现场意见)."""

    __tablename__ = "site_note"
    __table_args__ = (
        own_key(),
        same_community("contract_id", "contract"),
        Index("ix_site_note_contract", "community_id", "contract_id"),
        Index("ix_site_note_noted_by", "community_id", "noted_by"),
        CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL)", name="answered_by_somebody"
        ),
    )

    contract_id: Mapped[int]
    kind: Mapped[NoteKind] = mapped_column(choice(NoteKind, "kind"))
    finding: Mapped[Finding] = mapped_column(choice(Finding, "finding"))
    # Emptied only when the writer's data is erased.
    words: Mapped[str] = mapped_column(String(600))
    noted_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    noted_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(String(600), default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]


triggers.refuse(
    "site_note_stands",
    "site_note",
    "UPDATE",
    "NEW.community_id <> OLD.community_id OR NEW.contract_id <> OLD.contract_id"
    " OR NEW.kind <> OLD.kind OR NEW.finding <> OLD.finding OR NEW.words NOT IN ('', OLD.words)"
    " OR (OLD.answered_at IS NOT NULL AND (NEW.answer <> OLD.answer"
    " OR NEW.answered_at <> OLD.answered_at))",
    "a note from the site stands, and is answered once",
)
triggers.refuse("site_note_no_delete", "site_note", "DELETE", "TRUE", "a note is kept")


class SiteNotePicture(CommunityRow, Base):
    """A photo that goes with a note from the site."""

    __tablename__ = "site_note_picture"
    __table_args__ = (
        same_community("note_id", "site_note"),
        same_community("file_id", "stored_file"),
        Index("ix_site_note_picture_note", "community_id", "note_id"),
    )

    note_id: Mapped[int]
    file_id: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))


triggers.append_only("site_note_picture")
