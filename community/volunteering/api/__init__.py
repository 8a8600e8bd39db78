"""The rows of the API, split by business word; importing a file adds its rows."""

from community.volunteering.api import exchange, hours, records, rule_sets, scans, shifts, time_bank
from community.volunteering.api.room import api

__all__ = ["api", "exchange", "hours", "records", "rule_sets", "scans", "shifts", "time_bank"]
