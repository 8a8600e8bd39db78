"""Shapes of what is asked about the public accounts."""

from __future__ import annotations

from community.web.fields import ApiShape, OnDay, Words


class RowsQuery(ApiShape):
    """Which entries are asked for: accounts, days, and why they were made."""

    path = Words(longest=120, load_default="")
    since = OnDay(load_default=None)
    until = OnDay(load_default=None)
    purpose = Words(longest=60, load_default="")
