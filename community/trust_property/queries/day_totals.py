"""What moved on a fund's own accounts by day: the sums that are kept, and the newest entries."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.trust_property.rules.titles import WITHIN

MONEY = ("bank", "cash")

_KEPT = """
SELECT account_id, day, purpose, debits_fen, credits_fen, entries FROM trust_day_total
WHERE community_id = ? AND account_id IN ({marks}) AND day >= ? AND day <= ?
"""
_MARKS = """
SELECT account_id, place, booked_on FROM trust_day_total_mark
WHERE community_id = ? AND account_id IN ({marks})
"""


@dataclass(frozen=True, slots=True)
class DaySum:
    """What a purpose moved on an account on a day, debits positive; how many entries it was."""

    account_id: int
    day: date
    purpose: str
    amount_fen: int
    entries: int


@dataclass(frozen=True, slots=True)
class Flow:
    """What one purpose brought in (positive) or took out (negative) in a span of days."""

    purpose: str
    amount_fen: int
    entries: int


@dataclass(frozen=True, slots=True)
class Flows:
    """What came in and went out in a span, by purpose, the largest first."""

    came_in: tuple[Flow, ...]
    went_out: tuple[Flow, ...]

    @property
    def in_fen(self) -> int:
        """Add up what came in."""
        return sum(each.amount_fen for each in self.came_in)

    @property
    def out_fen(self) -> int:
        """Add up what went out, as a positive amount."""
        return -sum(each.amount_fen for each in self.went_out)


def day_sums(
    session: Session,
    actor: Actor,
    accounts: Collection[ledger.BookAccount],
    since: date,
    until: date,
) -> list[DaySum]:
    """List what moved on accounts of a fund by day, account and purpose, both days included."""
    if not accounts:
        return []
    at, where = db.statements(session), actor.community_id
    ids = tuple(each.account_id for each in accounts)
    signs = ",".join("?" * len(ids))
    span = (clock.day_number(since), clock.day_number(until))
    sums: dict[tuple[int, date, str], tuple[int, int]] = {}
    for account_id, day, purpose, debits, credited, entries in at.all(
        _KEPT.format(marks=signs), (where, *ids, *span)
    ):
        key = (account_id, clock.from_day_number(day), purpose)
        sums[key] = (debits - credited, entries)
    marks = {row[0]: row[1:] for row in at.all(_MARKS.format(marks=signs), (where, *ids))}
    for account in accounts:
        place, booked_on = marks.get(account.account_id, (0, 0))
        if account.place <= place:
            continue
        tail = ledger.day_moves_after(
            session, where, account.account_id, booked_on, place, account.place
        )
        for each in tail:
            if since <= each.day <= until:
                key = (account.account_id, each.day, each.purpose)
                amount, entries = sums.get(key, (0, 0))
                sums[key] = (amount + each.debits - each.credits, entries + each.entries)
    return [DaySum(*key, *found) for key, found in sums.items()]


def flows(sums: Iterable[DaySum], since: date, until: date) -> Flows:
    """Add what came in and went out in a span; what only changed places is left out."""
    found: dict[str, tuple[int, int]] = {}
    for each in sums:
        if since <= each.day <= until and each.purpose not in WITHIN:
            amount, entries = found.get(each.purpose, (0, 0))
            found[each.purpose] = (amount + each.amount_fen, entries + each.entries)
    whole = sorted(
        (Flow(purpose, *rest) for purpose, rest in found.items() if rest[0]),
        key=lambda flow: (-abs(flow.amount_fen), flow.purpose),
    )
    return Flows(
        tuple(each for each in whole if each.amount_fen > 0),
        tuple(each for each in whole if each.amount_fen < 0),
    )
