"""The tables of volunteering, split by business word."""

from community.volunteering.models.activities import Activity, ActivityLeader, ActivitySeries, Shift
from community.volunteering.models.bin_station import BinDrop, BinStation
from community.volunteering.models.exchange import (
    ExchangeLayout,
    FilledForm,
    HoursImport,
    StreetForm,
)
from community.volunteering.models.hours import BackFill, HoursDispute, HoursRecord, HoursVersion
from community.volunteering.models.paper import PaperSheet, PaperSheetLine
from community.volunteering.models.points import Earning, GoodDeed
from community.volunteering.models.records import ServiceRecord
from community.volunteering.models.rule_sets import RuleSetRow
from community.volunteering.models.scanning import (
    Attendance,
    CheckInAttempt,
    PersonalCodeIssue,
    ScanKey,
)
from community.volunteering.models.signing_up import (
    ShiftSwap,
    SignUp,
    VolunteerBlock,
    VolunteerSkill,
)
from community.volunteering.models.time_bank import Acceptance, CoinGift, CoinGrant, Need, Offer

__all__ = [
    "Acceptance",
    "Activity",
    "ActivityLeader",
    "ActivitySeries",
    "Attendance",
    "BackFill",
    "BinDrop",
    "BinStation",
    "CheckInAttempt",
    "CoinGift",
    "CoinGrant",
    "Earning",
    "ExchangeLayout",
    "FilledForm",
    "GoodDeed",
    "HoursDispute",
    "HoursImport",
    "HoursRecord",
    "HoursVersion",
    "Need",
    "Offer",
    "PaperSheet",
    "PaperSheetLine",
    "PersonalCodeIssue",
    "RuleSetRow",
    "ScanKey",
    "ServiceRecord",
    "Shift",
    "ShiftSwap",
    "SignUp",
    "StreetForm",
    "VolunteerBlock",
    "VolunteerSkill",
]
