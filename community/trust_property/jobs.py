"""Long work of the fund: entering a month's bills."""

from __future__ import annotations

from community.kernel import jobs
from community.trust_property.service import billing

jobs.register(billing.KIND)
