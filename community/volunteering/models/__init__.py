"""The tables of volunteering, split by business word."""

from community.volunteering.models.activities import (
    Activity,
    ActivityLeader,
    ActivitySeries,
    Shift,
)
from community.volunteering.models.hours import BackFill, HoursDispute, HoursRecord, HoursVersion
from community.volunteering.models.paper import PaperSheet, PaperSheetLine
from community.volunteering.models.rule_sets import RuleSetRow
from community.volunteering.models.scanning import Attendance, CheckInAttempt, RotatingKey
from community.volunteering.models.signing_up import (
    ShiftSwap,
    SignUp,
    VolunteerBlock,
    VolunteerSkill,
)

__all__ = [
    "Activity",
    "ActivityLeader",
    "ActivitySeries",
    "Attendance",
    "BackFill",
    "CheckInAttempt",
    "HoursDispute",
    "HoursRecord",
    "HoursVersion",
    "PaperSheet",
    "PaperSheetLine",
    "RotatingKey",
    "RuleSetRow",
    "Shift",
    "ShiftSwap",
    "SignUp",
    "VolunteerBlock",
    "VolunteerSkill",
]
