"""The shop's counter in the demo: gifts fetched in past months, and what the shop was paid."""

from __future__ import annotations

import random
from datetime import date, timedelta
from functools import partial

from sqlalchemy.orm import Session

from community import identity, ledger, rewards
from community.demo.cast import Cast, act_as
from community.demo.happenings import Happening
from community.kernel import clock, db
from community.kernel.actor import Actor

CUSTOMERS = 40
A_DAY = 3
# At midday, when no shift runs: what was earned before is on the books, what comes is not.
OPEN_AT = 13


def keep_the_counter(
    actor: Actor, cast: Cast, items: tuple[int, ...], since: date, today: date
) -> list[Happening]:
    """Tell who fetched what on the shop's busy days, and the settlement of each past month."""
    chance = random.Random(today.toordinal() + 1)  # noqa: S311  invented history, no secret
    with db.read() as session:
        members = identity.member_ids(session, actor.community_id)
    days = [since + timedelta(days=ahead) for ahead in range((today - since).days)]
    told = []
    for day in days:
        if day.day in {8, 18, 26}:
            coming = (cast.resident, *chance.sample(members, CUSTOMERS))
            act = partial(db.write, fetch_gifts, actor, cast, coming, items, chance.randrange(6))
            told.append(Happening(clock.at(day, OPEN_AT), act))
        if day.day == 3:
            is_paid = today - day > timedelta(days=31)
            act = partial(db.write, settle_months, actor, cast, is_paid)
            told.append(Happening(clock.at(day, 10), act))
    return told


def serve_customers(
    session: Session, actor: Actor, cast: Cast, today: date, items: tuple[int, ...]
) -> None:
    """Let some come to the counter this very day."""
    chance = random.Random(today.toordinal() + 3)  # noqa: S311  invented history, no secret
    members = identity.member_ids(session, actor.community_id)
    fetch_gifts(session, actor, cast, tuple(chance.sample(members, CUSTOMERS)), items, 1)


def fetch_gifts(
    session: Session,
    actor: Actor,
    cast: Cast,
    coming: tuple[int, ...],
    items: tuple[int, ...],
    liked: int,
) -> None:
    """Let those who have the points redeem and fetch; most have come in vain and only look."""
    seller = act_as(session, actor, cast.merchant)
    known = {each.id: each.points for each in rewards.catalogue(session, actor)}
    served = 0
    for place, person_id in enumerate(coming):
        item_id = items[(liked + place) % len(items)]
        if served == A_DAY or not has_points(session, actor, person_id, known.get(item_id, 0)):
            continue
        buyer = act_as(session, actor, person_id)
        rewards.collect_code(session, seller, rewards.redeem(session, buyer, item_id).digits)
        served += 1


def settle_months(session: Session, actor: Actor, cast: Cast, is_paid: bool) -> None:
    """Put what is over on a sheet and pay it; the last one waits for the street's transfer."""
    staff = act_as(session, actor, cast.staff)
    for waiting in rewards.months_waiting(session, staff):
        sheet_id = rewards.make_sheet(session, staff, waiting.merchant_id, waiting.month)
        if is_paid:
            reference = f"电子回单 {waiting.month:%Y%m}{sheet_id:02d}"
            rewards.pay_sheet(session, staff, sheet_id, reference)


def has_points(session: Session, actor: Actor, person_id: int, points: int) -> bool:
    """Tell whether somebody has so many points to spend."""
    owner = f"person:{person_id}"
    held = ledger.balance_of(session, actor.community_id, ledger.BookKind.POINTS, owner)
    return bool(points) and held.available >= points
