"""The rows of the API, split by business word; importing a file adds its rows."""

from community.volunteering.api import records, rule_sets, time_bank
from community.volunteering.api.room import api

__all__ = ["api", "records", "rule_sets", "time_bank"]
