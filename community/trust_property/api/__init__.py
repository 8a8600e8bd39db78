"""The rows of the API, split by business word; importing a file adds its rows."""

from community.trust_property.api import (
    audits,
    bank,
    bills,
    corrections,
    fund,
    opening,
    overdue,
    papers,
    public,
    questions,
    reports,
    setting_up,
    spending,
    surplus,
)
from community.trust_property.api.room import api

__all__ = [
    "api",
    "audits",
    "bank",
    "bills",
    "corrections",
    "fund",
    "opening",
    "overdue",
    "papers",
    "public",
    "questions",
    "reports",
    "setting_up",
    "spending",
    "surplus",
]
