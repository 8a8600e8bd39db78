"""Volunteering: activities, check-in, hours, points, the time bank and service records.

It does not know rewards: what points buy is another room's business.
"""

from community.volunteering.events import HoursConfirmed, HoursReversed
from community.volunteering.queries.rule_sets import presets
from community.volunteering.service.rule_sets import adopt_rule_set

__all__ = ["HoursConfirmed", "HoursReversed", "adopt_rule_set", "presets"]
