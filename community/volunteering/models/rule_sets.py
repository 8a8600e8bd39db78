"""The rule sets a community adopted, each with the day it starts to decide."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, PlainJson, choice, own_key
from community.volunteering.rules.rule_sets import SourceLabel


class RuleSetRow(CommunityRow, Base):
    """One dated rule set; the latest that has started and was not withdrawn decides a day."""

    __tablename__ = "rule_set"
    __table_args__ = (
        own_key(),
        Index("ix_rule_set_day", "community_id", "valid_from"),
        CheckConstraint("valid_until IS NULL OR valid_until > valid_from", name="days_in_order"),
    )

    name: Mapped[str] = mapped_column(String(60))
    locality: Mapped[str] = mapped_column(String(60))
    legal_basis: Mapped[str] = mapped_column(String(200))
    label: Mapped[SourceLabel] = mapped_column(choice(SourceLabel, "label"))
    figures: Mapped[Any] = mapped_column(PlainJson)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    adopted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    adopted_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


# An act is judged for ever by the set it is pinned to, so a set's figures never change.
triggers.refuse(
    "rule_set_figures_stand",
    "rule_set",
    "UPDATE OF figures, valid_from, community_id, legal_basis, label",
    "TRUE",
    "a rule set is replaced, not changed",
)
triggers.refuse("rule_set_no_delete", "rule_set", "DELETE", "TRUE", "a rule set is kept")
