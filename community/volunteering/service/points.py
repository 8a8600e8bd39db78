"""Points and coins for confirmed hours: earned once, capped, and taken back when hours fall."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from community import identity, ledger
from community.kernel import clock
from community.kernel.actor import Actor
from community.volunteering.events import HoursConfirmed, HoursReversed
from community.volunteering.models import Earning
from community.volunteering.queries.balances import KINDS, balance_of
from community.volunteering.queries.points import earned_before, owing_earnings, standing_earnings
from community.volunteering.queries.rule_sets import get_rule_set
from community.volunteering.queries.served import is_service_record
from community.volunteering.rules.kinds import HoursClass, ServiceKind
from community.volunteering.rules.points import (
    POOL,
    Book,
    Source,
    cap_points,
    person_owner,
    points_for,
)
from community.volunteering.rules.rule_sets import RuleSet, points_expire_on
from community.volunteering.rules.time_bank import Split, coins_for, split_by_cap
from community.volunteering.service import books


@dataclass(frozen=True, slots=True)
class Claim:
    """What is to be earned: who, what for, and when it was served."""

    book: Book
    source: Source
    source_id: int
    owner: str
    title: str
    rule_set_id: int
    served_on: date
    minutes: int = 0
    version: int = 1
    person_id: int | None = None
    activity_id: int | None = None
    kind: ServiceKind | None = None


def earn_for_hours(session: Session, actor: Actor, told: HoursConfirmed) -> None:
    """Give points and, for kinds the rule names, coins for confirmed hours.

    A service between two people moves coins of its own, so its hours earn neither.
    """
    if is_service_record(session, told.community_id, told.hours_id):
        return
    rules = get_rule_set(session, told.community_id, told.rule_set_id).rules
    owner = person_owner(told.person_id)
    claim = Claim(
        book=Book.POINTS, source=Source.HOURS, source_id=told.hours_id, owner=owner,
        title=told.activity_title, rule_set_id=told.rule_set_id, served_on=told.served_on,
        minutes=told.minutes, version=told.version, person_id=told.person_id,
        activity_id=told.activity_id, kind=told.kind,
    )  # fmt: skip
    raw = points_for(rules.points, told.kind, told.hours_class, told.minutes)
    if raw:
        before = earned_before(session, told.community_id, owner, told.activity_id, told.served_on)
        capped = cap_points(rules.points, raw, before)
        earn_points(session, actor, claim, raw, capped, rules)
    _earn_coins(session, actor, told, claim, rules)


def earn_points(
    session: Session, actor: Actor, claim: Claim, raw: int, capped: int, rules: RuleSet
) -> int:
    """Post points to an owner with their last day, and keep why; tell how many.

    For other commands of this room: the caller has decided the amount and checked permissions.
    """
    today = clock.today()
    expires_on = points_expire_on(rules.points, today)
    row = keep_earning(session, actor, claim, raw, Split(capped, 0), today, expires_on)
    if capped:
        row.transaction_id = books.issue(
            session, actor, Book.POINTS, claim.owner, capped, expires_on,
            f"points.{claim.source}", f"earning:{row.id}",
        )  # fmt: skip
        _pay_owed(session, actor, row)
    return capped


def take_back_earnings(session: Session, actor: Actor, told: HoursReversed) -> None:
    """Reverse what hours earned, because they no longer stand."""
    for row in standing_earnings(session, told.community_id, Source.HOURS, told.hours_id):
        reverse_earning(session, actor, row, told.reason)


def reverse_earning(session: Session, actor: Actor, row: Earning, reason: str) -> None:
    """Take an earning back: by reversal while its lot is whole, else from what is left.

    What was already spent stays noted on the earning as `unrecovered_units` and is paid by the
    owner's next earnings; a balance never falls below zero.
    """
    row.reversed_at, row.reversed_because = clock.now(), reason[:200]
    if row.units and row.transaction_id is not None:
        row.unrecovered_units = row.units - _recover(session, actor, row, reason)
    if row.pooled_units and row.pool_transaction_id is not None:
        books.take_back(
            session, actor, Book(row.book), POOL, row.pooled_units,
            f"{_word(row)}.reversal", f"earning:{row.id}",
        )  # fmt: skip


def _pay_owed(session: Session, actor: Actor, row: Earning) -> None:
    """Let an earning first pay what was spent of earlier ones before they were taken back.

    Corrected hours earn anew: without this, spending first would let one hour earn twice.
    """
    owing = owing_earnings(session, row.community_id, Book(row.book), row.owner)
    owed = sum(each.unrecovered_units for each in owing)
    if not owed:
        return
    paid = books.take_back(
        session, actor, Book(row.book), row.owner, min(owed, row.units),
        f"{_word(row)}.recovery", f"earning:{row.id}",
    )  # fmt: skip
    for each in owing:
        part = min(paid, each.unrecovered_units)
        each.unrecovered_units -= part
        paid -= part


def _recover(session: Session, actor: Actor, row: Earning, reason: str) -> int:
    book = Book(row.book)
    lots = ledger.lots_of(session, row.community_id, KINDS[book], row.owner)
    whole = any(lot.expires_on == row.expires_on and lot.available >= row.units for lot in lots)
    # What a merged duplicate earned lies in the kept person's lots: the mirror would miss it.
    if row.person_id is not None and len(identity.person_ids(session, row.person_id)) > 1:
        whole = False
    if whole and row.transaction_id is not None:
        ledger.reverse(
            session, actor, row.transaction_id, reason, f"{_word(row)}.reversal:{row.id}"
        )
        return row.units
    return books.take_back(
        session, actor, book, row.owner, row.units, f"{_word(row)}.reversal", f"earning:{row.id}"
    )


def _word(row: Earning) -> str:
    return "points" if row.book == Book.POINTS else "coins"


def _earn_coins(
    session: Session, actor: Actor, told: HoursConfirmed, claim: Claim, rules: RuleSet
) -> None:
    bank = rules.time_bank
    is_sure = told.hours_class in {HoursClass.VERIFIED, HoursClass.PAPER}
    if not bank.is_open or told.kind not in bank.coin_kinds or not is_sure:
        return
    coins = coins_for(bank, told.minutes)
    if not coins:
        return
    held = balance_of(session, told.community_id, Book.TIME, claim.owner).total
    split = split_by_cap(bank, coins, held, is_group=told.organization_id is not None)
    row = keep_earning(
        session, actor, replace(claim, book=Book.TIME), coins, split, clock.today(), None
    )
    source = f"earning:{row.id}"
    if split.to_person:
        row.transaction_id = books.issue(
            session, actor, Book.TIME, claim.owner, split.to_person, None, "coins.hours", source
        )
        _pay_owed(session, actor, row)
    if split.to_pool:
        row.pool_transaction_id = books.issue(
            session, actor, Book.TIME, POOL, split.to_pool, None, "coins.excess", source
        )


def keep_earning(
    session: Session,
    actor: Actor,
    claim: Claim,
    raw: int,
    split: Split,
    today: date,
    expires_on: date | None,
) -> Earning:
    """Keep why somebody gets points or coins; once a source, book and version."""
    row = Earning(
        community_id=actor.community_id, book=claim.book, source=claim.source,
        source_id=claim.source_id, version=claim.version, owner=claim.owner,
        person_id=claim.person_id, activity_id=claim.activity_id,
        rule_set_id=claim.rule_set_id, kind=claim.kind, title=claim.title[:120],
        minutes=claim.minutes, units_before_caps=raw, units=split.to_person,
        pooled_units=split.to_pool, served_on=claim.served_on, earned_on=today,
        expires_on=expires_on, earned_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def expire_points(session: Session, actor: Actor) -> int:
    """Move out what is left of lots past their last day; tell how many lots.

    A balance is right without it: readings leave out lots that ended by the clock.
    """
    book_id = books.open_book(session, actor, Book.POINTS)
    return ledger.expire_lots(session, actor, book_id, clock.today())
