"""What leads a project to its approval: the rules, costings with quotes, votes, reviews."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, PlainJson, choice, own_key, same_community
from community.micro_projects.rules.deciding import ReviewOutcome


class ProjectRuleSet(CommunityRow, Base):
    """The figures for projects from a day on (规则), with where they come from."""

    __tablename__ = "project_rule_set"
    __table_args__ = (
        own_key(),
        Index("ix_project_rule_set_valid", "community_id", "valid_from", "id"),
        CheckConstraint("valid_to >= valid_from", name="ends_after_it_begins"),
    )

    locality: Mapped[str] = mapped_column(String(60))
    basis: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    # The fields of rules.terms.ProjectTerms.
    figures: Mapped[Any] = mapped_column(PlainJson)
    set_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]


class ProjectCosting(CommunityRow, Base):
    """A costing (测算) of a project: what each thing costs, and from where the money comes."""

    __tablename__ = "project_costing"
    __table_args__ = (
        own_key(),
        same_community("project_id", "project"),
        UniqueConstraint("community_id", "project_id", "version"),
        CheckConstraint("budget_fen > 0", name="budget_is_positive"),
        CheckConstraint(
            "cofunding_fen >= 0 AND matched_fen >= 0 AND cofunding_fen + matched_fen <= budget_fen",
            name="parts_within_the_budget",
        ),
    )

    project_id: Mapped[int]
    version: Mapped[int]
    # [name, fen] of each thing; together they are the budget.
    lines: Mapped[Any] = mapped_column(PlainJson)
    budget_fen: Mapped[int]
    cofunding_fen: Mapped[int]
    matched_fen: Mapped[int]
    words: Mapped[str] = mapped_column(String(1_000), default="")
    costed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    costed_at: Mapped[datetime]


class ProjectQuote(CommunityRow, Base):
    """A firm's price (报价) on which a costing rests, with its paper."""

    __tablename__ = "project_quote"
    __table_args__ = (
        own_key(),
        same_community("project_id", "project"),
        same_community("file_id", "stored_file"),
        Index("ix_project_quote_project", "community_id", "project_id"),
        CheckConstraint("amount_fen > 0", name="amount_is_positive"),
    )

    project_id: Mapped[int]
    firm: Mapped[str] = mapped_column(String(80))
    amount_fen: Mapped[int]
    file_id: Mapped[int | None]
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]


class ProjectVote(CommunityRow, Base):
    """That the council is asked to vote on a project, and what came of it; answered once."""

    __tablename__ = "project_vote"
    __table_args__ = (
        own_key(),
        same_community("project_id", "project"),
        Index(
            "uq_project_vote_open",
            "community_id",
            "project_id",
            unique=True,
            sqlite_where=text("decided_on IS NULL"),
            postgresql_where=text("decided_on IS NULL"),
        ),
        CheckConstraint("(decided_on IS NULL) = (passed IS NULL)", name="decided_with_a_result"),
    )

    project_id: Mapped[int]
    # What the council votes on, word for word; a poll on other words decides nothing.
    text: Mapped[str]
    budget_fen: Mapped[int]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    ref: Mapped[str] = mapped_column(String(60), default="")
    passed: Mapped[bool | None]
    decided_on: Mapped[date | None]


class ProjectReview(CommunityRow, Base):
    """A request to the street office (街道审核); each is answered once."""

    __tablename__ = "project_review"
    __table_args__ = (
        own_key(),
        same_community("project_id", "project"),
        UniqueConstraint("community_id", "project_id", "number"),
        Index("ix_project_review_open", "community_id", "answered_at", "due_on"),
        CheckConstraint("(answered_at IS NULL) = (outcome IS NULL)", name="answered_with_outcome"),
        CheckConstraint(
            "outcome IS NULL OR outcome = 'approved' OR words <> ''", name="refused_with_reasons"
        ),
    )

    project_id: Mapped[int]
    number: Mapped[int]
    budget_fen: Mapped[int]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    outcome: Mapped[ReviewOutcome | None] = mapped_column(choice(ReviewOutcome, "outcome"))
    words: Mapped[str] = mapped_column(String(1_000), default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]


triggers.append_only("project_rule_set")
triggers.append_only("project_costing")
triggers.append_only("project_quote")
for table, told in (("project_vote", "decided_on"), ("project_review", "answered_at")):
    triggers.refuse(f"{table}_no_delete", table, "DELETE", "TRUE", "what was asked is kept")
    triggers.refuse(
        f"{table}_once",
        table,
        "UPDATE",
        f"OLD.{told} IS NOT NULL OR NEW.project_id <> OLD.project_id"
        " OR NEW.budget_fen <> OLD.budget_fen OR NEW.community_id <> OLD.community_id",
        "what was asked stands and is answered once",
    )
