"""What rewards tells others."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RewardCollected:
    """A merchant handed out an item; its points are spent and its cost is owed."""

    community_id: int
    redemption_id: int
    person_id: int
    points: int
    cost_fen: int
