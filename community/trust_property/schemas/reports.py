"""Shapes of what is asked about reports."""

from __future__ import annotations

from community.web.fields import ApiShape, Words


class PeriodQuery(ApiShape):
    """Which period: 2026-11, 2026-Q4 or 2026; nothing is the present month."""

    period = Words(longest=7, load_default="")


class PeriodBody(ApiShape):
    """The period to publish."""

    period = Words(longest=7, required=True)
