"""What happened in the fund; flows listen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BudgetVoteWanted:
    """The trustee wants the owners to vote on a budget; `text` holds every line of it."""

    community_id: int
    subject: str
    title: str
    text: str
