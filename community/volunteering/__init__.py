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
from community.volunteering.rules.drafts import ActivityDraft, BackFillDraft, SheetLine, ShiftDraft
from community.volunteering.rules.exchange import Every
from community.volunteering.rules.figures import AGE_TITLES
from community.volunteering.rules.kinds import SERVICE_TITLES, DeedKind, ServiceKind
from community.volunteering.rules.series import Rhythm
from community.volunteering.rules.states import SignUpState
from community.volunteering.rules.street_forms import Figure
from community.volunteering.rules.time_bank import Proof
from community.volunteering.service.activities import open_activity
from community.volunteering.service.awards import propose_deed
from community.volunteering.service.back_fills import ask_back_fill, decide_back_fill
from community.volunteering.service.bin_station import open_bin_station, record_drop
from community.volunteering.service.coins import (
    approve_coin_grant,
    donate_coins,
    pass_on_coins,
    propose_coin_grant,
)
from community.volunteering.service.disputes import dispute_hours
from community.volunteering.service.exchange import keep_hours_import
from community.volunteering.service.leaving import give_up_commitments
from community.volunteering.service.needs import NeedDraft, OfferDraft, open_need, open_offer
from community.volunteering.service.paper import upload_sheet
from community.volunteering.service.personal import erase_person, merge_person
from community.volunteering.service.points import earn_for_hours, take_back_earnings
from community.volunteering.service.records import make_record, seal_record
from community.volunteering.service.rule_sets import adopt_rule_set
from community.volunteering.service.scanning import tick_in, tick_out
from community.volunteering.service.shifts import add_series, add_shift
from community.volunteering.service.signing_up import join_waiting_list, sign_up_for
from community.volunteering.service.street_forms import keep_street_form, start_filling
from community.volunteering.service.time_bank import accept_need, arrive, confirm_service, leave

__all__ = [
    "AGE_TITLES",
    "SERVICE_TITLES",
    "ActivityDraft",
    "Ahead",
    "BackFillDraft",
    "DeedKind",
    "Every",
    "Figure",
    "Figures",
    "HoursConfirmed",
    "HoursReversed",
    "NeedDraft",
    "NeedView",
    "OfferDraft",
    "Proof",
    "Rhythm",
    "ServiceKind",
    "SheetLine",
    "ShiftDraft",
    "ShiftView",
    "SignUpState",
    "accept_need",
    "add_series",
    "add_shift",
    "adopt_rule_set",
    "approve_coin_grant",
    "arrive",
    "ask_back_fill",
    "coins_of",
    "commitments_ahead",
    "confirm_service",
    "decide_back_fill",
    "describe_source",
    "dispute_hours",
    "donate_coins",
    "earn_for_hours",
    "erase_person",
    "export_person",
    "figures",
    "give_up_commitments",
    "household_points",
    "join_waiting_list",
    "keep_hours_import",
    "keep_street_form",
    "leave",
    "led_activity_ids",
    "led_shifts",
    "make_record",
    "merge_person",
    "my_shifts",
    "open_activity",
    "open_bin_station",
    "open_need",
    "open_needs",
    "open_offer",
    "overdue_hours_count",
    "pass_on_coins",
    "presets",
    "problems",
    "propose_coin_grant",
    "propose_deed",
    "record_drop",
    "seal_record",
    "sign_up_for",
    "start_filling",
    "take_back_earnings",
    "tick_in",
    "tick_out",
    "upload_sheet",
]
