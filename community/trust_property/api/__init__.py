"""The rows of the API, split by business word; importing a file adds its rows."""

from community.trust_property.api import (
    bank,
    bills,
    fund,
    public,
    questions,
)
from community.trust_property.api.room import api

__all__ = [
    "api",
    "bank",
    "bills",
    "fund",
    "public",
    "questions",
]
__all__ = ["api", "bank", "bills", "fund"]
from community.trust_property.api import setting_up, spending

__all__ = ["api", "bills", "fund", "setting_up", "spending"]
