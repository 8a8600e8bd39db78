"""Budgets the owners are asked to vote on: the lines stand, the outcome is written once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, PlainJson, choice, own_key, same_community
from community.trust_property.rules.budget_votes import VoteState

_WANTED = "state = 'wanted'"


class BudgetVote(CommunityRow, Base):
    """A year's lines put to the owners' vote; by itself it changes no budget."""

    __tablename__ = "trust_budget_vote"
    __table_args__ = (
        own_key(),
        same_community("fund_id", "trust_fund"),
        # One question about a year at a time.
        Index(
            "uq_trust_budget_vote_year",
            "community_id",
            "fund_id",
            "year",
            unique=True,
            sqlite_where=text(_WANTED),
            postgresql_where=text(_WANTED),
        ),
        CheckConstraint(
            "(state IN ('passed', 'failed', 'different')) = (decided_on IS NOT NULL)"
            " AND (decided_on IS NULL) = (reference = '')",
            name="decided_by_a_vote",
        ),
    )

    fund_id: Mapped[int]
    year: Mapped[int]
    # Of each line: code, name, amount and carried amount in fen.
    lines: Mapped[Any] = mapped_column(PlainJson)
    state: Mapped[VoteState] = mapped_column(choice(VoteState, "state"))
    # The owners' decision, as a budget names it.
    reference: Mapped[str] = mapped_column(String(120), default="")
    decided_on: Mapped[date | None]
    asked_at: Mapped[datetime]


triggers.refuse(
    "trust_budget_vote_stands",
    "trust_budget_vote",
    "UPDATE OF community_id, fund_id, year, lines, asked_at",
    "TRUE",
    "a budget that owners vote on stands",
)
triggers.refuse(
    "trust_budget_vote_once",
    "trust_budget_vote",
    "UPDATE OF state, reference, decided_on",
    "OLD.state <> 'wanted'",
    "the outcome of a vote on a budget is written once",
)
triggers.refuse(
    "trust_budget_vote_no_delete",
    "trust_budget_vote",
    "DELETE",
    "TRUE",
    "a budget that owners vote on is kept",
)
