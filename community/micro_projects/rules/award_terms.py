"""How long an award waits, how big a panel is, what price is too low: a dated rule set.

The preset's days follow what is reported of 政府采购法 Arts. 52, 55 and 56 and 财政部令第94号; the
shares by which a price counts as too low are this product's own. A street sets what holds where
it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from community.kernel.errors import N_


@dataclass(frozen=True, slots=True)
class AwardTerms:
    """What holds for awards from one day until another; days are working days.

    `low_mean_bp` and `low_next_bp` say how far under the mean of the others, or under the next
    price, a price is abnormally low, in basis points. Two thirds of experts: 2 of 3.
    """

    panel_seats: int
    expert_parts: int
    expert_whole: int
    low_mean_bp: int
    low_next_bp: int
    explain_days: int
    standstill_days: int
    objection_days: int
    complaint_days: int
    ruling_days: int
    appeal_days: int
    locality: str
    basis: str
    valid_from: date
    valid_until: date | None = None

    @property
    def expert_share(self) -> tuple[int, int]:
        """Give the experts' least share as parts of a whole."""
        return self.expert_parts, self.expert_whole


PRESET = AwardTerms(
    panel_seats=5,
    expert_parts=2,
    expert_whole=3,
    low_mean_bp=4_000,
    low_next_bp=3_000,
    explain_days=2,
    standstill_days=5,
    objection_days=7,
    complaint_days=15,
    ruling_days=30,
    appeal_days=10,
    locality="",
    basis=N_("本系统预置；天数据报道参照政府采购法第52、55、56条和财政部令第94号，低价比例供参考"),
    valid_from=date(2020, 1, 1),
)


def terms_on(sets: Iterable[AwardTerms], day: date) -> AwardTerms:
    """Give what holds on a day: of several, what began last; the preset where none does."""
    holding = [
        one
        for one in sets
        if one.valid_from <= day and (one.valid_until is None or day < one.valid_until)
    ]
    # Of two that begin on one day the later written holds: it mends the earlier.
    return max(reversed(holding), key=lambda one: one.valid_from, default=PRESET)
