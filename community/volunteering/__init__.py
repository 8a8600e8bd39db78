"""Volunteering: activities, check-in, hours, points, the time bank and service records.

It does not know rewards: what points buy is another room's business.
"""

from community.volunteering.checks import problems
from community.volunteering.events import HoursConfirmed, HoursReversed
from community.volunteering.queries.activities import ShiftView, led_shifts, my_shifts
from community.volunteering.queries.ahead import Ahead, commitments_ahead
from community.volunteering.queries.balances import coins_of, household_points
from community.volunteering.queries.figures import Figures, figures
from community.volunteering.queries.overdue import overdue_hours_count
from community.volunteering.queries.personal import export_person
from community.volunteering.queries.rosters import led_activity_ids
from community.volunteering.queries.rule_sets import presets
from community.volunteering.queries.statements import describe_source
from community.volunteering.queries.time_bank import NeedView, open_needs
from community.volunteering.rules.drafts import ActivityDraft, ShiftDraft
from community.volunteering.rules.figures import AGE_TITLES
from community.volunteering.rules.kinds import SERVICE_TITLES, DeedKind, ServiceKind
from community.volunteering.rules.series import Rhythm
from community.volunteering.rules.states import SignUpState
from community.volunteering.service.activities import open_activity
from community.volunteering.service.awards import propose_deed
from community.volunteering.service.coins import pass_on_coins
from community.volunteering.service.leaving import give_up_commitments
from community.volunteering.service.needs import NeedDraft, open_need
from community.volunteering.service.personal import erase_person, merge_person
from community.volunteering.service.points import earn_for_hours, take_back_earnings
from community.volunteering.service.rule_sets import adopt_rule_set
from community.volunteering.service.scanning import tick_in, tick_out
from community.volunteering.service.shifts import add_series, add_shift
from community.volunteering.service.signing_up import sign_up_for

__all__ = [
    "AGE_TITLES",
    "SERVICE_TITLES",
    "ActivityDraft",
    "Ahead",
    "Commitment",
    "DeedKind",
    "Figures",
    "HoursConfirmed",
    "HoursReversed",
    "NeedDraft",
    "NeedView",
    "Rhythm",
    "ServiceKind",
    "ShiftDraft",
    "ShiftView",
    "SignUpState",
    "add_series",
    "add_shift",
    "adopt_rule_set",
    "coins_of",
    "commitments_ahead",
    "commitments_on",
    "describe_source",
    "earn_for_hours",
    "erase_person",
    "export_person",
    "figures",
    "give_up_commitments",
    "household_points",
    "led_activity_ids",
    "led_shifts",
    "merge_person",
    "my_shifts",
    "open_activity",
    "open_need",
    "open_needs",
    "overdue_hours_count",
    "pass_on_coins",
    "presets",
    "problems",
    "propose_deed",
    "sign_up_for",
    "take_back_earnings",
    "tick_in",
    "tick_out",
]
