"""Volunteering: activities, check-in, hours, points, the time bank and service records.

It does not know rewards: what points buy is another room's business.
"""

from community.volunteering.checks import problems
from community.volunteering.events import HoursConfirmed, HoursReversed
from community.volunteering.queries.balances import coins_of, household_points
from community.volunteering.queries.figures import Figures, figures
from community.volunteering.queries.rule_sets import presets
from community.volunteering.queries.statements import describe_source
from community.volunteering.queries.time_bank import NeedView, open_needs
from community.volunteering.rules.figures import AGE_TITLES
from community.volunteering.rules.kinds import SERVICE_TITLES
from community.volunteering.service.coins import pass_on_coins
from community.volunteering.service.points import earn_for_hours, take_back_earnings
from community.volunteering.service.rule_sets import adopt_rule_set

__all__ = [
    "AGE_TITLES",
    "SERVICE_TITLES",
    "Figures",
    "HoursConfirmed",
    "HoursReversed",
    "NeedView",
    "adopt_rule_set",
    "coins_of",
    "describe_source",
    "earn_for_hours",
    "figures",
    "household_points",
    "open_needs",
    "pass_on_coins",
    "presets",
    "problems",
    "take_back_earnings",
]
