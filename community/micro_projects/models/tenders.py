"""Tenders: what is asked for, by which rules and until when, and the trace of each."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.micro_projects.rules.tenders import (
    CriterionKind,
    TenderMethod,
    TenderState,
    Unconfirmed,
)
from community.sealing import BoxLevel


class TenderRules(CommunityRow, Base):
    """What holds for a method and a kind of project from a day on, as the street set it."""

    __tablename__ = "tender_rules"
    __table_args__ = (
        Index("ix_tender_rules_community_id", "community_id", "kind", "valid_from"),
        CheckConstraint("kind IN ('service', 'goods', 'works')", name="kind"),
        CheckConstraint("most_fen IS NULL OR most_fen >= 0", name="most_fen"),
        CheckConstraint("minimum_bids BETWEEN 1 AND 20", name="minimum_bids"),
        CheckConstraint(
            "bidding_days BETWEEN 0 AND 90 AND amendment_days BETWEEN 0 AND 90"
            " AND question_days BETWEEN 0 AND 90",
            name="days",
        ),
        CheckConstraint("valid_until IS NULL OR valid_until > valid_from", name="days_in_order"),
    )

    method: Mapped[TenderMethod] = mapped_column(choice(TenderMethod, "method"))
    kind: Mapped[str] = mapped_column(String(16))
    most_fen: Mapped[int | None]
    minimum_bids: Mapped[int]
    bidding_days: Mapped[int]
    amendment_days: Mapped[int]
    question_days: Mapped[int]
    unconfirmed: Mapped[Unconfirmed] = mapped_column(choice(Unconfirmed, "unconfirmed"))
    locality: Mapped[str] = mapped_column(String(60), default="")
    basis: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    set_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]


triggers.append_only("tender_rules")


class Tender(CommunityRow, Base):
    """One attempt to find a supplier; of one lot. Once published its words and figures stand.

    `state` is what was last written down; what the clock says is `rules.tenders.phase_at`.
    `frozen_hash` is SHA-256(salt ‖ root of the frozen set); the salt is told at the opening.
    """

    __tablename__ = "tender"
    __table_args__ = (
        own_key(),
        same_community("project_id", "project"),
        same_community("retender_of_id", "tender"),
        same_community("box_id", "sealing_box"),
        same_community("tree_id", "transparency_private_tree"),
        UniqueConstraint("community_id", "number"),
        UniqueConstraint("retender_of_id"),
        Index("ix_tender_community_id_state", "community_id", "state", "deadline"),
        Index("ix_tender_project_id", "community_id", "project_id"),
        CheckConstraint("opens_at < deadline", name="opens_before_the_deadline"),
        CheckConstraint("questions_until <= deadline", name="questions_end_in_time"),
        CheckConstraint("minimum_bids >= 1 AND attempt >= 1 AND amendments >= 0", name="counts"),
        CheckConstraint("budget_fen > 0", name="budget"),
        CheckConstraint("checked_by <> drafted_by", name="another_checks"),
        CheckConstraint(
            "method IN ('quotation', 'direct') OR published_at IS NULL OR"
            " (opens_at IS NOT NULL AND deadline IS NOT NULL AND box_id IS NOT NULL"
            " AND tree_id IS NOT NULL AND checked_at IS NOT NULL AND content_hash IS NOT NULL)",
            name="published_whole",
        ),
        CheckConstraint(
            "method IN ('quotation', 'direct')"
            " OR (state IN ('draft', 'compliance')) = (published_at IS NULL)"
            " OR state = 'cancelled'",
            name="published_at_a_moment",
        ),
        CheckConstraint("frozen_at IS NULL OR frozen_at >= deadline", name="frozen_when_due"),
        CheckConstraint(
            "(frozen_at IS NULL) = (frozen_hash IS NULL)"
            " AND (frozen_at IS NULL) = (frozen_salt IS NULL)",
            name="frozen_with_its_hash",
        ),
        CheckConstraint("opened_at IS NULL OR opened_at >= frozen_at", name="opened_once_frozen"),
        CheckConstraint(
            "method IN ('quotation', 'direct') OR opened_at IS NOT NULL"
            " OR state NOT IN ('evaluating', 'award_notice', 'awarded', 'contracted', 'complete')",
            name="opened_before_it_is_judged",
        ),
        CheckConstraint(
            "opener_threshold >= 0 AND (level = 'l2') = (opener_threshold > 0)", name="openers"
        ),
    )

    project_id: Mapped[int]
    # Counted within the community.
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(String(6_000), default="")
    method: Mapped[TenderMethod] = mapped_column(choice(TenderMethod, "method"))
    level: Mapped[BoxLevel] = mapped_column(choice(BoxLevel, "level"))
    state: Mapped[TenderState] = mapped_column(choice(TenderState, "state"))
    budget_fen: Mapped[int]
    opens_at: Mapped[datetime | None]
    questions_until: Mapped[datetime | None]
    deadline: Mapped[datetime | None]
    minimum_bids: Mapped[int]
    # How many openers are needed; 0 where nobody holds a key.
    opener_threshold: Mapped[int] = mapped_column(default=0)
    # What the rule set in force said when it was drafted.
    amendment_days: Mapped[int] = mapped_column(default=0)
    unconfirmed: Mapped[Unconfirmed] = mapped_column(choice(Unconfirmed, "unconfirmed"))
    rules_basis: Mapped[str] = mapped_column(String(200), default="")
    amendments: Mapped[int] = mapped_column(default=0)
    attempt: Mapped[int] = mapped_column(default=1)
    retender_of_id: Mapped[int | None]
    drafted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    drafted_at: Mapped[datetime]
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[datetime | None]
    # What was checked; it is what gets published.
    content_hash: Mapped[str | None] = mapped_column(String(64))
    published_at: Mapped[datetime | None]
    box_id: Mapped[int | None]
    tree_id: Mapped[int | None]
    frozen_at: Mapped[datetime | None]
    frozen_hash: Mapped[str | None] = mapped_column(String(64))
    frozen_salt: Mapped[bytes | None]
    opened_at: Mapped[datetime | None]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Counted up by whoever takes the row's lock before looking at the clock.
    locks: Mapped[int] = mapped_column(default=0)
    # Why it ended without an award, in public.
    ended_reason: Mapped[str] = mapped_column(String(300), default="")


class TenderDocument(CommunityRow, Base):
    """A file of the tender; of amendment 0 when it was there from the beginning."""

    __tablename__ = "tender_document"
    __table_args__ = (
        own_key(),
        same_community("tender_id", "tender"),
        same_community("file_id", "stored_file"),
        Index("ix_tender_document_tender_id", "community_id", "tender_id"),
        CheckConstraint("amendment >= 0", name="amendment"),
    )

    tender_id: Mapped[int]
    title: Mapped[str] = mapped_column(String(80))
    file_id: Mapped[int]
    amendment: Mapped[int] = mapped_column(default=0)
    added_at: Mapped[datetime]


class TenderCriterion(CommunityRow, Base):
    """By what bids are judged, and for how many points of one hundred."""

    __tablename__ = "tender_criterion"
    __table_args__ = (
        own_key(),
        same_community("tender_id", "tender"),
        UniqueConstraint("tender_id", "number"),
        Index("ix_tender_criterion_tender_id", "community_id", "tender_id"),
        CheckConstraint("weight BETWEEN 1 AND 100 AND number >= 1", name="weight"),
    )

    tender_id: Mapped[int]
    number: Mapped[int]
    kind: Mapped[CriterionKind] = mapped_column(choice(CriterionKind, "kind"))
    title: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(String(500), default="")
    weight: Mapped[int]


class TenderOpener(CommunityRow, Base):
    """One who holds a key of the envelopes; the key itself is with the box."""

    __tablename__ = "tender_opener"
    __table_args__ = (
        same_community("tender_id", "tender"),
        UniqueConstraint("tender_id", "person_id"),
        Index("ix_tender_opener_tender_id", "community_id", "tender_id"),
    )

    tender_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class TenderQuestion(CommunityRow, Base):
    """A bidder's question; who asked is shown to nobody, and the answer is everybody's."""

    __tablename__ = "tender_question"
    __table_args__ = (
        own_key(),
        same_community("tender_id", "tender"),
        Index("ix_tender_question_tender_id", "community_id", "tender_id"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_at_a_moment"),
    )

    tender_id: Mapped[int]
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(String(500))
    asked_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(String(1_000))
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]


class TenderAmendment(CommunityRow, Base):
    """A change of a published tender, in words, and the deadline it brought."""

    __tablename__ = "tender_amendment"
    __table_args__ = (
        own_key(),
        same_community("tender_id", "tender"),
        UniqueConstraint("tender_id", "number"),
        Index("ix_tender_amendment_tender_id", "community_id", "tender_id"),
        CheckConstraint("deadline_after >= deadline_before", name="deadline_only_later"),
        CheckConstraint("number >= 1", name="number"),
    )

    tender_id: Mapped[int]
    number: Mapped[int]
    words: Mapped[str] = mapped_column(String(2_000))
    deadline_before: Mapped[datetime]
    deadline_after: Mapped[datetime]
    amended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    amended_at: Mapped[datetime]


triggers.append_only("tender_amendment")


class TenderStep(CommunityRow, Base):
    """One step of a tender: where it went, when, by whom, and why."""

    __tablename__ = "tender_step"
    __table_args__ = (
        same_community("tender_id", "tender"),
        Index("ix_tender_step_tender_id", "community_id", "tender_id"),
    )

    tender_id: Mapped[int]
    state: Mapped[TenderState] = mapped_column(choice(TenderState, "state"))
    ref: Mapped[str] = mapped_column(String(60), default="")
    words: Mapped[str] = mapped_column(String(500), default="")
    stepped_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    stepped_at: Mapped[datetime]


triggers.refuse(
    "tender_step_no_delete", "tender_step", "DELETE", "TRUE", "the trace of a tender is kept"
)
triggers.refuse(
    "tender_published",
    "tender",
    "UPDATE",
    "OLD.published_at IS NOT NULL AND (NEW.title <> OLD.title OR NEW.text <> OLD.text"
    " OR NEW.method <> OLD.method OR NEW.level <> OLD.level OR NEW.budget_fen <> OLD.budget_fen"
    " OR NEW.minimum_bids <> OLD.minimum_bids OR NEW.project_id <> OLD.project_id"
    " OR NEW.opener_threshold <> OLD.opener_threshold OR NEW.unconfirmed <> OLD.unconfirmed"
    " OR NEW.published_at IS NULL OR NEW.opens_at <> OLD.opens_at"
    " OR NEW.deadline < OLD.deadline OR NEW.box_id <> OLD.box_id OR NEW.tree_id <> OLD.tree_id)",
    "a published tender keeps its words",
)
triggers.refuse(
    "tender_frozen",
    "tender",
    "UPDATE",
    "OLD.frozen_at IS NOT NULL AND (NEW.frozen_at IS NULL OR NEW.frozen_at <> OLD.frozen_at"
    " OR NEW.frozen_hash <> OLD.frozen_hash OR NEW.deadline <> OLD.deadline"
    " OR NEW.state IN ('draft', 'compliance', 'enquiry', 'bidding')"
    " OR (OLD.opened_at IS NOT NULL AND"
    " (NEW.opened_at IS NULL OR NEW.opened_at <> OLD.opened_at)))",
    "a frozen tender stays frozen",
)
triggers.refuse(
    "tender_kept", "tender", "DELETE", "OLD.published_at IS NOT NULL", "a tender is kept"
)
for _table in ("tender_criterion", "tender_opener"):
    triggers.refuse(
        f"{_table}_kept",
        _table,
        "DELETE",
        "EXISTS (SELECT 1 FROM tender t WHERE t.id = OLD.tender_id AND t.published_at IS NOT NULL)",
        "a published tender keeps its terms",
    )
triggers.refuse(
    "tender_criterion_stands",
    "tender_criterion",
    "UPDATE",
    "EXISTS (SELECT 1 FROM tender t WHERE t.id = OLD.tender_id AND t.published_at IS NOT NULL)",
    "a published tender keeps its terms",
)
