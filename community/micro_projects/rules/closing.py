"""How a project ends: its rule set, and what a year's end means for its money."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from community.kernel.errors import N_


class Outcome(StrEnum):
    """How a contract ended for its contractor."""

    COMPLETE = "complete"
    TERMINATED = "terminated"


class YearEndWay(StrEnum):
    """What becomes of money that is not spent at the year's end."""

    CARRIED = "carried"
    LAPSED = "lapsed"


OUTCOMES = {Outcome.COMPLETE: N_("完成"), Outcome.TERMINATED: N_("中途终止")}
WAYS = {
    YearEndWay.CARRIED: N_("结转下年继续使用"),
    YearEndWay.LAPSED: N_("到期收回"),
}


@dataclass(frozen=True, slots=True)
class ClosingTerms:
    """A dated rule set: how long a survey runs, from how many answers it is shown, the year's end.

    Signed contracts carry their unspent money over where they end by `carry_month`/`carry_day` of
    the next year; month 0 carries nothing over.
    """

    survey_days: int
    survey_threshold: int
    carry_month: int
    carry_day: int
    locality: str
    basis: str
    valid_from: date

    def carries_until(self, year: int) -> date | None:
        """Tell the last day on which a year's money may still be spent; None when it lapses."""
        if self.carry_month == 0:
            return None
        last = monthrange(year + 1, self.carry_month)[1]
        return date(year + 1, self.carry_month, min(self.carry_day, last))


# What holds until the street sets its own; no law gives these numbers.
PRESET = ClosingTerms(3, 5, 6, 30, "", "产品默认，街道可以另定", date(2020, 1, 1))


def year_end_way(ends_on: date, carries_until: date | None) -> YearEndWay:
    """Decide by the rule set: carried where the contract ends by its last day of grace."""
    if carries_until is not None and ends_on <= carries_until:
        return YearEndWay.CARRIED
    return YearEndWay.LAPSED
