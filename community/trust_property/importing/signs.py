"""Which way money went: what the columns say, and whether the running balance proves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

# The balance must speak this often, and this clearly (per cent), to overrule the headers.
FEWEST_LINKS = 2
CLEAR_SHARE = 80

Amounts = Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Raws:
    """The money of each entry as it is written, columns that do not exist being empty."""

    amount: Amounts = ()
    income: Amounts = ()
    expense: Amounts = ()
    sides: Sequence[int | None] = ()
    balance: Amounts = ()
    others: tuple[tuple[int, Amounts], ...] = ()
    opening: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """One way to understand the amounts; `place` is another amount column than the first."""

    label: str
    amounts: tuple[int | None, ...]
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """How well balances follow from amounts in one order of the entries."""

    order: str
    sequence: tuple[int, ...]
    links: int
    holds: int
    breaks: tuple[int, ...]

    @property
    def share(self) -> int:
        """Tell how many links hold, in per cent."""
        return self.holds * 100 // self.links if self.links else 0


def plans_of(raws: Raws) -> list[Plan]:
    """List the ways to understand the amounts, the one the headers say first."""
    if any(value is not None for value in (*raws.income, *raws.expense)):
        told = _two_columns(raws.income, raws.expense)
        return [Plan("two-columns", told), Plan("two-columns-swapped", _negated(told))]
    if any(side for side in raws.sides):
        told = _by_side(raws.amount, raws.sides)
        return [Plan("direction", told), Plan("direction-swapped", _negated(told))]
    plans = []
    for place, amounts in ((None, raws.amount), *raws.others):
        told = tuple(amounts)
        if any(value is not None and value < 0 for value in told):
            plans += [Plan("as-written", told, place), Plan("inverted", _negated(told), place)]
        else:
            plans += [Plan("unsigned", told, place), *_from_balance(told, raws, place)]
    return plans


def _negated(amounts: Amounts) -> tuple[int | None, ...]:
    return tuple(None if value is None else -value for value in amounts)


def _two_columns(income: Amounts, expense: Amounts) -> tuple[int | None, ...]:
    spent = [value for value in expense if value]
    # Some write what left with a minus of its own.
    turned = -1 if 2 * sum(value < 0 for value in spent) > len(spent) else 1
    length = max(len(income), len(expense))
    income = income or (None,) * length
    expense = expense or (None,) * length
    return tuple(
        None if came is None and went is None else (came or 0) - turned * (went or 0)
        for came, went in zip(income, expense, strict=True)
    )


def _by_side(amounts: Amounts, sides: Sequence[int | None]) -> tuple[int | None, ...]:
    outgoing = [value for value, side in zip(amounts, sides, strict=True) if value and side == -1]
    # A minus that repeats 支出 says nothing new; a rare one beside it is a correction.
    repeats = 2 * sum(value < 0 for value in outgoing) > len(outgoing)
    return tuple(
        None
        if value is None or not side
        else side * (abs(value) if repeats and side == -1 else value)
        for value, side in zip(amounts, sides, strict=True)
    )


def _from_balance(told: tuple[int | None, ...], raws: Raws, place: int | None) -> list[Plan]:
    """Give each amount the sign that its two balances ask for, in either order."""
    balance = raws.balance
    if not balance:
        return []
    plans = []
    for step, label in ((-1, "balance-oldest-first"), (1, "balance-newest-first")):
        signed: list[int | None] = []
        for index, value in enumerate(told):
            before = index + step
            after = balance[index]
            earlier = balance[before] if 0 <= before < len(balance) else raws.opening
            change = None if after is None or earlier is None else after - earlier
            signed.append(change if value is not None and change in {value, -value} else None)
        plans.append(Plan(label, tuple(signed), place))
    return plans


def orders_of(days: Sequence[date], times: Sequence[str]) -> list[tuple[str, tuple[int, ...]]]:
    """List the orders in which a bank may have written its entries, likeliest first."""
    places = tuple(range(len(days)))
    backwards = tuple(reversed(places))
    # Sorting keeps the order within a day.
    by_day = tuple(sorted(places, key=lambda place: days[place]))
    by_day_backwards = tuple(sorted(backwards, key=lambda place: days[place]))
    orders = [("oldest-first", places), ("newest-first", backwards)]
    if len(days) > 1 and days[0] > days[-1]:
        orders.reverse()
    orders += [("days-mixed", by_day), ("days-mixed", by_day_backwards)]
    if any(times):
        orders.append(("by-time", tuple(sorted(places, key=lambda at: (days[at], times[at])))))
    kept: dict[tuple[int, ...], str] = {}
    for name, order in orders:
        kept.setdefault(order, name)
    return [(name, order) for order, name in kept.items()]


def chain(
    order: tuple[str, tuple[int, ...]],
    amounts: Amounts,
    balances: Amounts,
    opening: int | None = None,
) -> Chain:
    """Follow the running balance through the entries, from the opening balance when it is told."""
    name, sequence = order
    last = opening
    moved: int | None = 0
    links = holds = 0
    breaks = []
    for place in sequence:
        amount, balance = amounts[place], balances[place]
        moved = None if moved is None or amount is None else moved + amount
        if balance is None:
            continue
        if last is not None:
            links += 1
            if moved is not None and last + moved == balance:
                holds += 1
            else:
                breaks.append(place)
        last, moved = balance, 0
    return Chain(name, sequence, links, holds, tuple(breaks))


def choose(
    plans: list[Plan],
    orders: list[tuple[str, tuple[int, ...]]],
    balances: Amounts,
    opening: int | None = None,
) -> tuple[Plan, Chain | None, bool]:
    """Choose the plan that the balance proves; tells also whether it overrules the headers."""
    first = plans[0]
    if not balances:
        return first, None, False
    best_of = [
        max(
            (chain(order, plan.amounts, balances, opening) for order in orders),
            key=lambda each: each.holds,
        )
        for plan in plans
    ]
    said = best_of[0]
    place = max(range(len(plans)), key=lambda at: (best_of[at].holds, -at))
    best = best_of[place]
    clearly = best.links >= FEWEST_LINKS and best.share >= CLEAR_SHARE
    if place and best.holds > said.holds and (clearly or best.share == 100):
        return plans[place], best, True
    return first, said, False
