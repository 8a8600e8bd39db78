"""Tidy-ups of rewards: the clock has judged a code already, this only puts the piece back."""

from __future__ import annotations

from community.kernel import jobs
from community.rewards.service.redemptions import expire_redemptions

MINUTES = 10


def register() -> None:
    """Register them; `app.py` does so once."""
    jobs.every("rewards.expire_redemptions", MINUTES, expire_redemptions)
