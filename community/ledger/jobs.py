"""The ledger's tidy-up, and what it adds to audit packs.

Readings ignore a hold whose time is over; the tidy-up only closes its row.
"""

from __future__ import annotations

from community.kernel import jobs
from community.ledger.queries.voucher_files import voucher_files
from community.ledger.service import release_expired
from community.transparency import add_pack_source

MINUTES = 10


def register() -> None:
    """Register both; `app.py` does so once."""
    add_pack_source(voucher_files)
    jobs.every("ledger.release_expired", MINUTES, release_expired)
