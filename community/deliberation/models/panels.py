"""Panels drawn by lot: the rules, the published candidates, the seats."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.deliberation.rules.panels import InvitationState, PanelState, SeedSource
from community.kernel import triggers
from community.kernel.tables import (
    Base,
    CommunityRow,
    PlainJson,
    choice,
    own_key,
    same_community,
)


class Panel(CommunityRow, Base):
    """A panel of residents drawn by lot within quotas.

    `quotas` are [feature, value, least, most] and stand, like the seed's source and moment, from
    the publication of the list on.
    """

    __tablename__ = "panel"
    __table_args__ = (
        own_key(),
        Index("ix_panel_community_id_state", "community_id", "state"),
        CheckConstraint("seats BETWEEN 1 AND 200", name="seats"),
        CheckConstraint("answer_days BETWEEN 1 AND 60", name="answer_days"),
        CheckConstraint(
            "(listed_at IS NULL) = (list_hash IS NULL)"
            " AND (listed_at IS NULL) = (seed_at IS NULL)"
            " AND (listed_at IS NULL) = (seed_source IS NULL)"
            " AND (listed_at IS NULL) = (record_id IS NULL)",
            name="listed_with_its_hash",
        ),
        CheckConstraint(
            "state NOT IN ('listed', 'drawn', 'seated') OR listed_at IS NOT NULL",
            name="listed_before_drawn",
        ),
        CheckConstraint(
            "(drawn_at IS NULL) = (seed IS NULL)"
            " AND (state NOT IN ('drawn', 'seated') OR drawn_at IS NOT NULL)",
            name="drawn_with_a_seed",
        ),
        CheckConstraint("seed_at IS NULL OR seed_at > listed_at", name="seed_after_the_list"),
        CheckConstraint("drawn_at IS NULL OR drawn_at >= seed_at", name="drawn_after_the_seed"),
    )

    title: Mapped[str] = mapped_column(String(80))
    purpose: Mapped[str] = mapped_column(String(1000))
    state: Mapped[PanelState] = mapped_column(choice(PanelState, "state"))
    seats: Mapped[int]
    quotas: Mapped[list[Any]] = mapped_column(PlainJson)
    answer_days: Mapped[int]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    listed_at: Mapped[datetime | None]
    list_hash: Mapped[str | None] = mapped_column(String(64))
    record_id: Mapped[int | None]
    seed_source: Mapped[SeedSource | None] = mapped_column(choice(SeedSource, "seed_source"))
    # In words: which drawing of which lottery.
    seed_words: Mapped[str] = mapped_column(String(120), default="")
    seed_at: Mapped[datetime | None]
    seed: Mapped[str | None] = mapped_column(String(200))
    drawn_at: Mapped[datetime | None]
    seated_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(200), default="")


class PanelCandidate(CommunityRow, Base):
    """One line of a published list; the token is all that the list tells of who it is."""

    __tablename__ = "panel_candidate"
    __table_args__ = (
        own_key(),
        same_community("panel_id", "panel"),
        UniqueConstraint("panel_id", "token"),
        UniqueConstraint("panel_id", "person_id"),
        Index("ix_panel_candidate_community_id", "community_id", "panel_id", "person_id"),
    )

    panel_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    token: Mapped[str] = mapped_column(String(26))
    home_token: Mapped[str] = mapped_column(String(26))
    # One value of each feature.
    features: Mapped[list[str]] = mapped_column(PlainJson)


class PanelInvitation(CommunityRow, Base):
    """An invitation to a panel, in the order of the lot; a candidate is invited once."""

    __tablename__ = "panel_invitation"
    __table_args__ = (
        same_community("panel_id", "panel"),
        same_community("candidate_id", "panel_candidate"),
        UniqueConstraint("panel_id", "number"),
        UniqueConstraint("panel_id", "candidate_id"),
        Index("ix_panel_invitation_community_id", "community_id", "panel_id", "state"),
        CheckConstraint("(state = 'invited') = (answered_at IS NULL)", name="answered_at_a_time"),
        CheckConstraint(
            "(state IN ('declined', 'unanswered')) = (left_after IS NOT NULL)", name="left_after"
        ),
    )

    panel_id: Mapped[int]
    candidate_id: Mapped[int]
    number: Mapped[int]
    # 1 for the first draw, and one more for each time seats were filled again.
    round: Mapped[int]
    state: Mapped[InvitationState] = mapped_column(choice(InvitationState, "state"))
    invited_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    # The last round drawn when the seat was given up: later rounds do without this candidate.
    left_after: Mapped[int | None]
    # Who wrote the answer down, where it was not the person's own.
    operator_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


triggers.refuse(
    "panel_list_stands",
    "panel",
    "UPDATE OF seats, quotas, listed_at, list_hash, record_id, seed_source, seed_at, seed_words",
    "OLD.listed_at IS NOT NULL AND (NEW.seats <> OLD.seats OR NEW.quotas <> OLD.quotas"
    " OR NEW.listed_at <> OLD.listed_at OR NEW.list_hash <> OLD.list_hash"
    " OR NEW.record_id <> OLD.record_id OR NEW.seed_source <> OLD.seed_source"
    " OR NEW.seed_at <> OLD.seed_at OR NEW.seed_words <> OLD.seed_words)",
    "what was announced with the list stands",
)
triggers.refuse(
    "panel_seed_stands",
    "panel",
    "UPDATE OF seed, drawn_at",
    "OLD.seed IS NOT NULL AND (NEW.seed IS NULL OR NEW.seed <> OLD.seed"
    " OR NEW.drawn_at <> OLD.drawn_at)",
    "a panel is drawn once",
)
_LISTED = "EXISTS (SELECT 1 FROM panel p WHERE p.id = {row}.panel_id AND p.listed_at IS NOT NULL)"
triggers.refuse(
    "panel_candidate_late",
    "panel_candidate",
    "INSERT",
    _LISTED.format(row="NEW"),
    "the list is published",
)
triggers.refuse(
    "panel_candidate_stands",
    "panel_candidate",
    "UPDATE",
    "NEW.panel_id <> OLD.panel_id OR NEW.token <> OLD.token OR NEW.home_token <> OLD.home_token"
    " OR NEW.features <> OLD.features",
    "the list is published",
)
triggers.refuse(
    "panel_candidate_kept",
    "panel_candidate",
    "DELETE",
    _LISTED.format(row="OLD"),
    "the list is published",
)
triggers.refuse(
    "panel_invitation_kept", "panel_invitation", "DELETE", "TRUE", "an invitation is kept"
)
