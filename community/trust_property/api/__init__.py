"""The rows of the API, split by business word; importing a file adds its rows."""

from community.trust_property.api import (
    audits,
    bank,
    bills,
    fund,
    public,
    questions,
    reports,
    setting_up,
    spending,
)
from community.trust_property.api.room import api

__all__ = [
    "api",
    "audits",
    "bank",
    "bills",
    "fund",
    "public",
    "questions",
    "reports",
    "setting_up",
    "spending",
]
__all__ = ["api", "bank", "bills", "fund", "public"]
__all__ = ["api", "bank", "bills", "fund"]
from community.trust_property.api import opening, setting_up, spending

__all__ = ["api", "bills", "fund", "opening", "setting_up", "spending"]
