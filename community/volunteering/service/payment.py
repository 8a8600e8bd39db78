"""How a service is paid: coins set aside when it is accepted, moved when it is confirmed."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock
from community.kernel.actor import Actor
from community.volunteering.errors.time_bank import CoinsShort, PoolShort
from community.volunteering.models import Acceptance, Need
from community.volunteering.queries.balances import balance_of
from community.volunteering.rules.points import POOL, Book, Source, person_owner
from community.volunteering.rules.rule_sets import TimeBankRule
from community.volunteering.rules.time_bank import Purse, coins_for, split_by_cap
from community.volunteering.service import books
from community.volunteering.service.points import Claim, keep_earning

# A dispute may last; the hold outlives it, and every refusal or answer resolves it earlier.
HELD_DAYS = 180


def reserve_payment(
    session: Session, actor: Actor, row: Acceptance, need: Need, rule: TimeBankRule
) -> int | None:
    """Set the coins of the agreed time aside in the receiver's or the pool's account.

    Raises: CoinsShort, PoolShort.
    """
    coins = coins_for(rule, need.minutes)
    if not coins:
        return None
    owner = payer_of(row, need)
    available = balance_of(session, row.community_id, Book.TIME, owner).available
    if available < coins:
        if owner == POOL:
            raise PoolShort
        raise CoinsShort(needed=coins, available=available)
    book_id = books.open_book(session, actor, Book.TIME)
    return ledger.hold_lots(
        session, actor, book_id, owner, coins, books.PASSAGE, "coins.service",
        f"service:{row.id}", f"service:{row.id}:hold", clock.now() + timedelta(days=HELD_DAYS),
    )  # fmt: skip


def pay_service(
    session: Session, actor: Actor, row: Acceptance, need: Need, rule: TimeBankRule, minutes: int
) -> None:
    """Move the coins of the confirmed minutes to the giver, beyond the cap to the pool."""
    coins = coins_for(rule, minutes)
    row.coins = coins
    if row.hold_id is None:
        return
    if not coins:
        release_payment(session, actor, row)
        return
    ledger.settle(session, actor, row.hold_id, f"service:{row.id}:settle", coins)
    giver = person_owner(row.giver_id)
    held = balance_of(session, row.community_id, Book.TIME, giver).total
    split = split_by_cap(rule, coins, held)
    claim = Claim(
        book=Book.TIME, source=Source.SERVICE, source_id=row.id, owner=giver, title=need.words,
        rule_set_id=row.rule_set_id, served_on=clock.day_of(row.started_at or clock.now()),
        minutes=minutes, person_id=row.giver_id, kind=need.kind,
    )  # fmt: skip
    earning = keep_earning(session, actor, claim, coins, split, clock.today(), None)
    book_id = books.open_book(session, actor, Book.TIME)
    source = f"earning:{earning.id}"
    if split.to_person:
        earning.transaction_id = ledger.earn_lot(
            session, actor, book_id, giver, split.to_person, None, books.PASSAGE,
            "coins.service", source, f"{source}:in",
        ).transaction_id  # fmt: skip
    if split.to_pool:
        earning.pool_transaction_id = ledger.earn_lot(
            session, actor, book_id, POOL, split.to_pool, None, books.PASSAGE, "coins.excess",
            source, f"{source}:pool",
        ).transaction_id  # fmt: skip


def release_payment(session: Session, actor: Actor, row: Acceptance) -> None:
    """Free what was set aside."""
    if row.hold_id is not None:
        ledger.release(session, actor, row.hold_id, f"service:{row.id}:release")


def payer_of(row: Acceptance, need: Need) -> str:
    """Tell whose coins pay."""
    return POOL if row.purse == Purse.POOL else person_owner(need.payer_id)
