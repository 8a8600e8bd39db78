"""Which open bills a bank line pays, on plain values: by who is named, and by the sum."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from community.kernel.errors import N_
from community.trust_property.rules.bank import Candidate, Guess, Wanted
from community.trust_property.rules.match_sources import Offer

BILL, UNIT = "bill", "unit"
TITLES = {BILL: N_("账单"), UNIT: N_("这户缴费")}
_DIGITS = r"[\dA-Za-z一二三四五六七八九]"
_BETWEEN = r"[-－—/.#]"
# A building, an entrance that may be left out, a room: 3号楼2单元301室, 3栋301, 3-2-301.
_PLACE = re.compile(
    rf"(?<![\dA-Za-z.－—/-])[A-Za-z]?\d{{1,3}}\s*(?:号楼|号栋|号幢|楼|栋|幢|座|#楼?|{_BETWEEN})\s*"
    rf"(?:{_DIGITS}{{1,2}}\s*(?:单元|门|梯|{_BETWEEN})\s*)?\d{{2,4}}(?!\d|{_BETWEEN}|年|月|日)"
)
_NAME = re.compile(r"[\u4e00-\u9fff·]{2,}|[A-Za-z][A-Za-z ]{2,}")
_LONG_NAME = 3
# How sure a guess is, in per cent.
_ONE_UNIT, _SEVERAL_UNITS, _ONE_BILL, _THE_UNIT, _SUM_ALONE = 96, 94, 90, 25, 35
# Two units of one name and one sum: somebody has to look.
_ONE_OF_SEVERAL = 55


@dataclass(frozen=True, slots=True)
class OwedBill:
    """A bill that is not paid, with its unit's name and what is still owed."""

    bill_id: int
    unit_id: int
    unit: str
    month: int
    due_on: date
    open_fen: int

    def as_candidate(self) -> Candidate:
        """Show it as what a line may be."""
        words = f"{self.unit} {self.month // 100}-{self.month % 100:02d}"
        return Candidate(BILL, self.bill_id, self.due_on, self.open_fen, words)


def places_in(words: str) -> tuple[str, ...]:
    """Find what reads as building and room in what the payer or the bank wrote."""
    return tuple(_PLACE.findall(words))


def is_named(name: str, words: str) -> bool:
    """Tell whether words name a person: as a word of their own, or within one if long enough."""
    said = _NAME.findall(words)
    if name in said:
        return True
    return len(name) >= _LONG_NAME and any(name in word for word in said)


def offer_bills(
    wanted: Wanted, named: Sequence[OwedBill], same_sum: Sequence[OwedBill]
) -> tuple[Guess, ...]:
    """Rank the bills a line may pay.

    `named` are all open bills of the units that the line names; `same_sum` are other units' bills
    of exactly the line's sum, which say little unless there is one.
    """
    found: dict[tuple[int, ...], Guess] = {}
    units = list(dict.fromkeys(bill.unit_id for bill in named))
    runs = [(_ONE_UNIT, [bill for bill in named if bill.unit_id == unit]) for unit in units]
    if len(units) > 1:
        runs.append((_SEVERAL_UNITS, list(named)))
    fitting = [(score, _oldest_first(bills, wanted.amount_fen)) for score, bills in runs]
    fitting += [(_ONE_BILL, [bill]) for bill in named if bill.open_fen == wanted.amount_fen]
    is_one = len({bills[0].unit_id for _, bills in fitting if bills}) == 1
    for score, bills in fitting:
        if bills:
            sure = score if is_one else _ONE_OF_SEVERAL
            found.setdefault(tuple(bill.bill_id for bill in bills), _guess(bills, sure))
    if not units and len(same_sum) == 1:
        found[(same_sum[0].bill_id,)] = _guess(same_sum, _SUM_ALONE)
    return tuple(found.values())


def offer_units(wanted: Wanted, units: Sequence[tuple[int, str]]) -> Offer:
    """Offer to take a sum for a unit that a line names, whatever its bills come to."""
    picks = [
        Candidate(UNIT, unit_id, wanted.day, wanted.amount_fen, name) for unit_id, name in units
    ]
    guesses = (Guess((picks[0],), 0, _THE_UNIT),) if len(picks) == 1 else ()
    return Offer(guesses, tuple(picks))


def _oldest_first(bills: Sequence[OwedBill], amount_fen: int) -> Sequence[OwedBill]:
    """Give the oldest bills that come to exactly a sum; none when none do."""
    ordered = sorted(bills, key=lambda bill: (bill.month, bill.unit_id, bill.bill_id))
    for count, total in enumerate(accumulate(bill.open_fen for bill in ordered), 1):
        if total == amount_fen:
            return ordered[:count]
    return ()


def _guess(bills: Sequence[OwedBill], score: int) -> Guess:
    return Guess(tuple(bill.as_candidate() for bill in bills), 0, score)
