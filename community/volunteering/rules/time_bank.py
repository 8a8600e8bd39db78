"""The time bank decides: who pays, who may redeem, how many coins, and a service's steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from community.volunteering.rules.rule_sets import WHOLE, Payer, TimeBankRule


class NeedState(StrEnum):
    """Where a need stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    SERVED = "served"
    CANCELLED = "cancelled"


class OfferState(StrEnum):
    """Whether an offer may still be taken up."""

    OPEN = "open"
    CLOSED = "closed"


class ServiceState(StrEnum):
    """Where an accepted service stands."""

    AGREED = "agreed"
    STARTED = "started"
    ENDED = "ended"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    CANCELLED = "cancelled"


# The page that shows a service draws its stations from this very table.
STEPS: dict[ServiceState, frozenset[ServiceState]] = {
    ServiceState.AGREED: frozenset({ServiceState.STARTED, ServiceState.CANCELLED}),
    ServiceState.STARTED: frozenset({ServiceState.ENDED, ServiceState.DISPUTED}),
    ServiceState.ENDED: frozenset({ServiceState.CONFIRMED, ServiceState.DISPUTED}),
    ServiceState.DISPUTED: frozenset({ServiceState.CONFIRMED, ServiceState.CANCELLED}),
    ServiceState.CONFIRMED: frozenset(),
    ServiceState.CANCELLED: frozenset(),
}


class Proof(StrEnum):
    """What shows that giver and receiver met: only the receiver's phone proves it by itself."""

    PHONE_CODE = "phone_code"
    CARD = "card"
    GIVER = "giver"
    DESK = "desk"


class Origin(StrEnum):
    """How a need or offer reached us."""

    SELF = "self"
    ASSISTED = "assisted"
    DESK = "desk"


class Purse(StrEnum):
    """Whose coins pay a service."""

    RECEIVER = "receiver"
    POOL = "pool"


@dataclass(frozen=True, slots=True)
class Split:
    """Coins that go to a person, and the excess that goes to the pool."""

    to_person: int
    to_pool: int


def choose_purse(rule: TimeBankRule, age: int | None) -> Purse:
    """Tell who pays a service for a receiver of an age (None: unknown, so not older)."""
    if rule.payer is Payer.POOL:
        return Purse.POOL
    is_older = age is not None and age >= rule.older_from_age
    return Purse.POOL if rule.payer is Payer.POOL_FOR_OLDER and is_older else Purse.RECEIVER


def may_redeem(rule: TimeBankRule, age: int | None) -> bool:
    """Tell whether one of an age may be served for coins; an unknown age only without a limit."""
    return rule.redeem_from_age == 0 or (age is not None and age >= rule.redeem_from_age)


def age_on(birth_year: int | None, day: date) -> int | None:
    """Tell the age reached in a day's year; only the birth year is kept."""
    return None if birth_year is None else day.year - birth_year


def coins_for(rule: TimeBankRule, minutes: int) -> int:
    """Tell the coins (in minutes) of a service; a part of a minute is cut."""
    return minutes * rule.coin_bp // WHOLE


def split_by_cap(rule: TimeBankRule, coins: int, held: int, *, is_group: bool = False) -> Split:
    """Share earned coins between the giver and the pool.

    What passes the personal cap can only be donated, and so can a group's hours where the rule
    says so. Worked example: cap 90,000 min, 89,970 held, 60 earned: 30 kept, 30 to the pool.
    Source: Nanjing's time bank (reported).
    """
    if is_group and rule.are_group_hours_donated:
        return Split(0, coins)
    if rule.cap_minutes is None:
        return Split(coins, 0)
    kept = max(0, min(coins, rule.cap_minutes - held))
    return Split(kept, coins - kept)


def minutes_between(started_at: datetime, ended_at: datetime, agreed_minutes: int) -> int:
    """Tell the whole minutes served, at most what both had agreed; a part of a minute is cut."""
    served = (ended_at - started_at) // timedelta(minutes=1)
    return max(0, min(served, agreed_minutes))


def is_proven(arrival: Proof, leaving: Proof) -> bool:
    """Tell whether the meeting needs no further confirmation by the receiver."""
    return {arrival, leaving} == {Proof.PHONE_CODE}
