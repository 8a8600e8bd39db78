"""The rows of the API, split by business word; importing a file adds its rows."""

from community.volunteering.api import hours, records, rule_sets, scans, shifts, time_bank
from community.volunteering.api.room import api

__all__ = ["api", "hours", "records", "rule_sets", "scans", "shifts", "time_bank"]
