"""The ledger's tidy-up: readings ignore a hold whose time is over, this only closes its row."""

from __future__ import annotations

from community.kernel import jobs
from community.ledger.service import release_expired

MINUTES = 10


def register() -> None:
    """Register it; `app.py` does so once."""
    jobs.every("ledger.release_expired", MINUTES, release_expired)
