"""Long work of the fund, and its tidy-ups: the clock has judged a request already."""

from __future__ import annotations

from community.kernel import jobs
from community.transparency import add_pack_source
from community.trust_property.queries.papers import twin_files
from community.trust_property.service import billing, statements
from community.trust_property.service.spending import expire_requests
from community.trust_property.service.totals import sum_days_up

MINUTES = 10

jobs.register(billing.KIND)
jobs.register(statements.KIND)


def register() -> None:
    """Register the tidy-ups and what goes into audit packs; `app.py` does so once."""
    add_pack_source(twin_files)
    jobs.every("trust_property.expire_requests", MINUTES, expire_requests)
    jobs.every("trust_property.sum_days_up", MINUTES, sum_days_up)
