"""Coins given to a relative, donated to the pool, granted from it, or left behind."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_, NotFound
from community.kernel.sentences import say
from community.volunteering import permissions
from community.volunteering.errors.points import AlreadyDecided, SecondPersonNeeded
from community.volunteering.errors.time_bank import (
    CapReached,
    CoinsShort,
    GiftsNotAllowed,
    GrantTooLarge,
    NotARelative,
    PoolShort,
)
from community.volunteering.models import CoinGift, CoinGrant
from community.volunteering.queries.balances import balance_of, coins_of
from community.volunteering.rules.points import POOL, Book, DeedState, person_owner
from community.volunteering.rules.rule_sets import TimeBankRule
from community.volunteering.rules.time_bank import split_by_cap
from community.volunteering.service import books
from community.volunteering.service.awards import check_not_own_household
from community.volunteering.service.needs import open_bank, origin_of
from community.volunteering.service.telling import tell


def give_coins(
    session: Session, actor: Actor, from_person_id: int, to_person_id: int, minutes: int
) -> int:
    """Give coins to a bound direct relative, within the relative's cap.

    Raises: NotAllowed, GiftsNotAllowed, NotARelative, CapReached, CoinsShort.
    """
    origin_of(actor, from_person_id)
    rule = open_bank(session, actor)
    if not rule.may_give_to_relatives:
        raise GiftsNotAllowed
    if to_person_id not in identity.relatives_of(session, actor.community_id, from_person_id):
        raise NotARelative
    _check_room(session, actor, rule, to_person_id, minutes)
    return _give(session, actor, from_person_id, to_person_id, minutes, "coins.gift")


def donate_coins(session: Session, actor: Actor, from_person_id: int, minutes: int) -> int:
    """Donate coins to the community pool.

    Raises: NotAllowed, GiftsNotAllowed, CoinsShort.
    """
    origin_of(actor, from_person_id)
    if not open_bank(session, actor).may_donate:
        raise GiftsNotAllowed
    return _give(session, actor, from_person_id, None, minutes, "coins.donation")


def propose_coin_grant(
    session: Session, actor: Actor, person_id: int | None, minutes: int, reason: str
) -> int:
    """Propose coins from the pool for somebody in need; without a person, new ones for the pool.

    Raises: NotFound, OwnHousehold, GrantTooLarge.
    """
    actor.check(permissions.TIME_DESK.code)
    rule = open_bank(session, actor)
    if person_id is not None:
        identity.get_person(session, actor.community_id, person_id)
        check_not_own_household(session, actor, person_id)
        if minutes > rule.grant_limit_minutes:
            raise GrantTooLarge(hours=rule.grant_limit_minutes // 60)
    row = CoinGrant(
        community_id=actor.community_id, person_id=person_id, minutes=minutes, reason=reason,
        state=DeedState.PROPOSED, proposed_by=actor.person_id, proposed_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def approve_coin_grant(session: Session, actor: Actor, grant_id: int) -> None:
    """Grant the coins as the second person.

    Raises: NotFound, SecondPersonNeeded, OwnHousehold, AlreadyDecided, PoolShort, CapReached.
    """
    row = _decide(session, actor, grant_id, DeedState.GRANTED, "")
    source = f"grant:{row.id}"
    if row.person_id is None:
        books.issue(session, actor, Book.TIME, POOL, row.minutes, None, "coins.pool_issue", source)
        return
    _check_room(session, actor, open_bank(session, actor), row.person_id, row.minutes)
    if balance_of(session, row.community_id, Book.TIME, POOL).available < row.minutes:
        raise PoolShort
    taker = person_owner(row.person_id)
    books.move_coins(session, actor, POOL, taker, row.minutes, "coins.grant", source)
    told = say(
        N_("社区从公共池发给您 {minutes} 分钟时间币：{reason}。"),
        minutes=row.minutes,
        reason=row.reason,
    )
    tell(session, actor, row.person_id, say(N_("您得到时间币")), told, "/my/coins")


def refuse_coin_grant(session: Session, actor: Actor, grant_id: int, answer: str) -> None:
    """Refuse a proposed grant with a reason.

    Raises: NotFound, SecondPersonNeeded, OwnHousehold, AlreadyDecided.
    """
    _decide(session, actor, grant_id, DeedState.REFUSED, answer)


def pass_on_coins(session: Session, actor: Actor, person_id: int, heir_id: int | None) -> int:
    """Pass what a dead person left on to the heir or, without one, to the pool; tell how much.

    For the flow that hears of a death; what passes the heir's cap goes to the pool.
    """
    left = coins_of(session, actor.community_id, person_id).available
    if left <= 0:
        return 0
    split_pool = left
    if heir_id is not None:
        rule = open_bank(session, actor)
        held = coins_of(session, actor.community_id, heir_id).total
        split = split_by_cap(rule, left, held)
        split_pool = split.to_pool
        if split.to_person:
            _give(session, actor, person_id, heir_id, split.to_person, "coins.inheritance")
    if split_pool:
        _give(session, actor, person_id, None, split_pool, "coins.inheritance")
    return left


def _give(
    session: Session,
    actor: Actor,
    from_person_id: int,
    to_person_id: int | None,
    minutes: int,
    purpose: str,
) -> int:
    available = coins_of(session, actor.community_id, from_person_id).available
    if available < minutes:
        raise CoinsShort(needed=minutes, available=available)
    row = CoinGift(
        community_id=actor.community_id, from_person_id=from_person_id,
        to_person_id=to_person_id, minutes=minutes,
        given_by=actor.person_id or from_person_id, given_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    taker = POOL if to_person_id is None else person_owner(to_person_id)
    giver = person_owner(from_person_id)
    books.move_coins(session, actor, giver, taker, minutes, purpose, f"gift:{row.id}")
    if to_person_id is not None:
        told = say(N_("亲属转给您 {minutes} 分钟时间币。"), minutes=minutes)
        tell(session, actor, to_person_id, say(N_("您收到时间币")), told, "/my/coins")
    return row.id


def _check_room(
    session: Session, actor: Actor, rule: TimeBankRule, person_id: int, minutes: int
) -> None:
    held = coins_of(session, actor.community_id, person_id).total
    left = split_by_cap(rule, minutes, held).to_person
    if left < minutes:
        raise CapReached(left=left)


def _decide(
    session: Session, actor: Actor, grant_id: int, state: DeedState, answer: str
) -> CoinGrant:
    actor.check(permissions.APPROVE.code)
    row = session.get(CoinGrant, grant_id)
    if row is None or row.community_id != actor.community_id:
        raise NotFound
    if row.person_id is not None:
        check_not_own_household(session, actor, row.person_id)
    if row.proposed_by == actor.person_id:
        raise SecondPersonNeeded
    claimed = session.execute(
        update(CoinGrant)
        .where(
            CoinGrant.community_id == row.community_id,
            CoinGrant.id == row.id,
            CoinGrant.state == DeedState.PROPOSED,
        )
        .values(state=state, decided_by=actor.person_id, decided_at=clock.now(), answer=answer)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]  # a CursorResult
        raise AlreadyDecided
    session.refresh(row)
    return row
