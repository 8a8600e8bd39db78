"""Projects, their photos, and the trace of how each moved."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, PlainJson, choice, own_key, same_community
from community.micro_projects.rules.projects import (
    Funding,
    ProjectCategory,
    ProjectKind,
    ProposalOrigin,
)
from community.micro_projects.rules.states import FUNDED, STEPS, ProjectState, steps_sql

_FUNDED = ", ".join(f"'{state.value}'" for state in sorted(FUNDED))


class Project(CommunityRow, Base):
    """A micro-project (微实事项目), from the idea to its closing; `number` counts by community."""

    __tablename__ = "project"
    __table_args__ = (
        own_key(),
        UniqueConstraint("community_id", "number"),
        same_community("building_id", "building"),
        same_community("merged_into_id", "project"),
        Index("ix_project_state", "community_id", "state", "moved_at"),
        Index("ix_project_author", "community_id", "author_id"),
        Index("ix_project_merged_into", "community_id", "merged_into_id"),
        same_community("rule_set_id", "project_rule_set"),
        CheckConstraint("threshold >= 1", name="threshold"),
        CheckConstraint(
            "cofunding_fen >= 0 AND matched_fen >= 0"
            " AND cofunding_fen + matched_fen <= COALESCE(budget_fen, 0)",
            name="parts_within_the_budget",
        ),
        CheckConstraint(
            "(copied_from_id IS NULL) = (copied_from_community_id IS NULL)", name="copied_from"
        ),
        CheckConstraint("(state = 'draft') = (number IS NULL)", name="numbered_once_submitted"),
        CheckConstraint("(state = 'draft') = (submitted_at IS NULL)", name="submitted_at_a_moment"),
        CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into"),
        CheckConstraint("merged_into_id <> id", name="merged_into_another"),
        CheckConstraint("(origin = 'web') = (recorded_by IS NULL)", name="desk_names_itself"),
        CheckConstraint("budget_fen > 0", name="budget_is_positive"),
        CheckConstraint("returned_fen >= 0", name="returned_is_not_negative"),
        CheckConstraint(
            f"state NOT IN ({_FUNDED}) OR budget_fen IS NOT NULL", name="approved_with_a_budget"
        ),
    )

    number: Mapped[int | None]
    kind: Mapped[ProjectKind] = mapped_column(choice(ProjectKind, "kind"))
    funding: Mapped[Funding] = mapped_column(choice(Funding, "funding"))
    # Emptied only when the author's data is erased.
    title: Mapped[str] = mapped_column(String(60))
    need: Mapped[str] = mapped_column(String(2_000))
    category: Mapped[ProjectCategory] = mapped_column(choice(ProjectCategory, "category"))
    building_id: Mapped[int | None]
    place: Mapped[str] = mapped_column(String(60), default="")
    state: Mapped[ProjectState] = mapped_column(choice(ProjectState, "state"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    origin: Mapped[ProposalOrigin] = mapped_column(choice(ProposalOrigin, "origin"))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # None until it is costed.
    budget_fen: Mapped[int | None]
    # Of the budget, what residents are to raise and what donors add to it; the rest is fiscal.
    cofunding_fen: Mapped[int] = mapped_column(default=0)
    matched_fen: Mapped[int] = mapped_column(default=0)
    # Fiscal money that had come by slip and went back to the street unspent.
    returned_fen: Mapped[int] = mapped_column(default=0)
    # Endorsing adults needed, and the rules, as they were when it was submitted.
    threshold: Mapped[int] = mapped_column(default=1)
    rule_set_id: Mapped[int | None]
    # The last day on which residents' money can still be promised (认筹截止日).
    pledge_until: Mapped[date | None]
    merged_into_id: Mapped[int | None]
    # A project of another community's library: opaque, as communities may part.
    copied_from_community_id: Mapped[int | None]
    copied_from_id: Mapped[int | None]
    kept_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    moved_at: Mapped[datetime]


class ProjectPhoto(CommunityRow, Base):
    """A picture of the place as the proposer sees it, written anew without its hidden data."""

    __tablename__ = "project_photo"
    __table_args__ = (
        own_key(),
        same_community("project_id", "project"),
        same_community("file_id", "stored_file"),
        Index("ix_project_photo_project", "community_id", "project_id"),
    )

    project_id: Mapped[int]
    file_id: Mapped[int]


class ProjectStep(CommunityRow, Base):
    """A move of a project (办理经过): the trace everybody reads."""

    __tablename__ = "project_step"
    __table_args__ = (
        own_key(),
        same_community("project_id", "project"),
        Index("ix_project_step_project", "community_id", "project_id", "id"),
    )

    project_id: Mapped[int]
    station: Mapped[ProjectState] = mapped_column(choice(ProjectState, "station"))
    at: Mapped[datetime]
    # What it rests on, opaque: "poll:7", "notice:3", "tender:12".
    ref: Mapped[str] = mapped_column(String(60), default="")
    words: Mapped[str] = mapped_column(String(1_000), default="")
    # [template, facts] of words the product itself says, for a reader of another language.
    said: Mapped[Any | None] = mapped_column(PlainJson)
    stepped_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


triggers.refuse(
    "project_steps",
    "project",
    "UPDATE OF state",
    steps_sql("state", STEPS),
    "a project goes only the steps of its table",
)
triggers.refuse(
    "project_returned_stands",
    "project",
    "UPDATE OF returned_fen",
    "NEW.returned_fen < OLD.returned_fen",
    "what went back to the street only grows",
)
triggers.refuse(
    "project_no_delete", "project", "DELETE", "OLD.state <> 'draft'", "a submitted project is kept"
)
triggers.refuse("project_step_no_delete", "project_step", "DELETE", "TRUE", "a trace is kept")
triggers.refuse(
    "project_step_stands",
    "project_step",
    "UPDATE",
    "NEW.community_id <> OLD.community_id OR NEW.project_id <> OLD.project_id"
    " OR NEW.station <> OLD.station OR NEW.ref <> OLD.ref OR NEW.at <> OLD.at"
    " OR NEW.words NOT IN ('', OLD.words)"
    " OR (NEW.said IS NOT NULL AND (OLD.said IS NULL OR NEW.said <> OLD.said))",
    "a trace stands",
)
