"""Redeeming and giving up: points and budget are held, a piece is claimed, or all let go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community import identity, ledger, notices
from community.kernel import clock, db, ids
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.rewards import permissions
from community.rewards.errors import (
    BudgetEmpty,
    LimitReached,
    LimitReachedForGood,
    NoHousehold,
    NotEnoughPoints,
    NotOffered,
    NotOpen,
    RedemptionNotFound,
    SoldOut,
)
from community.rewards.models import Item, Merchant, Redemption
from community.rewards.models.catalogue import StockReason
from community.rewards.queries.redemptions import count_taken
from community.rewards.rules import redemptions as rules
from community.rewards.rules.owners import household_owner, person_owner
from community.rewards.rules.redemptions import STATE_TITLES, Purse, RedemptionState
from community.rewards.service import books
from community.rewards.service.catalogue import (
    claim_piece,
    get_item_row,
    give_piece_back,
    record_stock,
)

TIDY_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A redemption just made: what to show the merchant, and until when."""

    redemption_id: int
    code: str
    digits: str
    expires_at: datetime


def redeem(session: Session, actor: Actor, item_id: int, purse: Purse = Purse.OWN) -> Redeemed:
    """Hold the points, the budget and one piece, and give out a code. The same key answers again.

    Raises: ItemNotFound, NotOffered, NoHousehold, LimitReached, LimitReachedForGood, SoldOut,
    NotEnoughPoints, BudgetEmpty.
    """
    actor.check(permissions.REDEEM.code)
    item = get_item_row(session, actor, item_id)
    person_id = actor.subject_id
    if person_id is None:
        raise RedemptionNotFound
    _check_offer(session, item)
    owner = _owner(session, actor, person_id, purse)
    _tidy(session, actor, item_id=item_id)
    _check_limit(session, item, person_id)
    if not claim_piece(session, actor, item_id):
        raise SoldOut(item=item.title)
    code = ids.random_code(rules.CODE_LENGTH)
    expires_at = rules.code_expires_at(clock.now(), item.pickup_days)
    points_hold = _hold_points(session, actor, item, owner, code, expires_at)
    budget_hold = _hold_budget(session, actor, item, code, expires_at)
    row = Redemption(
        community_id=actor.community_id,
        item_id=item.id,
        merchant_id=item.merchant_id,
        person_id=person_id,
        redeemed_by=actor.person_id,
        purse=purse,
        owner=owner,
        title=item.title,
        points=item.points,
        cost_fen=item.cost_fen,
        code=code,
        digits=_free_digits(session, item),
        state=RedemptionState.OPEN,
        redeemed_at=clock.now(),
        expires_at=expires_at,
        points_hold_id=points_hold,
        budget_hold_id=budget_hold,
    )
    session.add(row)
    session.flush()
    record_stock(session, actor, item.id, -1, StockReason.CLAIMED, redemption_id=row.id)
    return Redeemed(row.id, code, row.digits, expires_at)


def cancel_redemption(session: Session, actor: Actor, redemption_id: int, reason: str = "") -> None:
    """Give an open redemption up: its owner at any time, the desk with a reason.

    Points, budget and the piece are free again at once.
    Raises: RedemptionNotFound, NotOpen.
    """
    row = get_redemption_row(session, actor, redemption_id)
    is_own = actor.may(permissions.REDEEM.code) and row.person_id == actor.subject_id
    if not is_own and not actor.may(permissions.MANAGE.code):
        raise RedemptionNotFound
    state = rules.state_at(row.state, row.expires_at, clock.now())
    if not rules.may_step(state, RedemptionState.CANCELLED):
        raise NotOpen(state=STATE_TITLES[state])
    _let_go(session, actor, row, RedemptionState.CANCELLED, reason)
    if not is_own:
        notices.send(
            session,
            actor,
            row.person_id,
            say(N_("兑换已取消")),
            say(
                N_("“{title}”已由社区取消，{points} 积分已退还。{reason}"),
                title=row.title,
                points=row.points,
                reason=reason,
            ),
        )


def expire_redemptions(session: Session, actor: Actor) -> int:
    """Tidy up codes whose time is over; tells how many. The clock had judged them already."""
    return _tidy(session, actor)


def cancel_open_redemptions(session: Session, actor: Actor, person_id: int, reason: str) -> int:
    """Give up all that a person still had to fetch (death, moving away); tells how many."""
    rows = session.scalars(
        select(Redemption)
        .where(
            Redemption.community_id == actor.community_id,
            Redemption.person_id == person_id,
            Redemption.state == RedemptionState.OPEN,
        )
        .order_by(Redemption.id)
    ).all()
    for row in rows:
        _let_go(session, actor, row, RedemptionState.CANCELLED, reason)
    return len(rows)


def get_redemption_row(session: Session, actor: Actor, redemption_id: int) -> Redemption:
    """Load a redemption of the actor's community.

    Raises: RedemptionNotFound.
    """
    row = session.get(Redemption, redemption_id)
    if row is None or row.community_id != actor.community_id:
        raise RedemptionNotFound
    return row


def claim_step(
    session: Session, row: Redemption, target: RedemptionState, **changes: object
) -> bool:
    """Take a redemption from the state that was read to another; False when somebody was first."""
    done = db.change(
        session,
        update(Redemption)
        .where(
            Redemption.community_id == row.community_id,
            Redemption.id == row.id,
            Redemption.state == row.state,
        )
        .values(state=target, **changes),
    )
    if done == 1:
        session.refresh(row)
    return done == 1


def _check_offer(session: Session, item: Item) -> None:
    merchant = session.get_one(Merchant, item.merchant_id)
    if merchant.is_paused or not rules.is_offered(
        item.state, item.from_on, item.until_on, clock.today()
    ):
        raise NotOffered(item=item.title)


def _owner(session: Session, actor: Actor, person_id: int, purse: Purse) -> str:
    if purse is Purse.OWN:
        return person_owner(person_id)
    household_id = identity.household_of(session, actor.community_id, person_id)
    if household_id is None:
        raise NoHousehold
    return household_owner(household_id)


def _check_limit(session: Session, item: Item, person_id: int) -> None:
    if item.limit_count is None or item.limit_period is None:
        return
    taken = count_taken(session, item.community_id, item.id, person_id, item.limit_period)
    if taken < item.limit_count:
        return
    again = rules.limit_begins_again(item.limit_period, clock.today())
    if again is None:
        raise LimitReachedForGood(item=item.title, limit=item.limit_count)
    raise LimitReached(
        item=item.title,
        period=rules.PERIOD_TITLES[item.limit_period],
        limit=item.limit_count,
        again=again.isoformat(),
    )


def _hold_points(
    session: Session, actor: Actor, item: Item, owner: str, code: str, expires_at: datetime
) -> int:
    book_id = books.points_book(session, actor)
    try:
        return ledger.hold_lots(
            session,
            actor,
            book_id,
            owner,
            item.points,
            books.REDEEMED,
            f"兑换：{item.title}",
            rules.source_of(code),
            f"redeem:{code}",
            expires_at,
        )
    except ledger.InsufficientBalance as refusal:
        balance = ledger.balance_of(session, actor.community_id, ledger.BookKind.POINTS, owner)
        raise NotEnoughPoints(
            needed=item.points,
            available=balance.available,
            missing=item.points - balance.available,
        ) from refusal


def _hold_budget(
    session: Session, actor: Actor, item: Item, code: str, expires_at: datetime
) -> int | None:
    if item.cost_fen == 0:
        return None
    book_id = books.budget_book(session, actor)
    year = books.year_account(session, actor, book_id, clock.today().year)
    owed = books.owed_account(session, actor, book_id, item.merchant_id)
    posting = ledger.Posting(
        book_id,
        (ledger.debit(year, item.cost_fen), ledger.credit(owed, item.cost_fen)),
        f"兑换：{item.title}",
        rules.source_of(code),
        f"redeem:{code}",
    )
    try:
        return ledger.hold(session, actor, posting, expires_at).transaction_id
    except ledger.InsufficientBalance as refusal:
        raise BudgetEmpty from refusal


def _free_digits(session: Session, item: Item) -> str:
    taken = set(
        session.scalars(
            select(Redemption.digits).where(
                Redemption.community_id == item.community_id,
                Redemption.merchant_id == item.merchant_id,
                Redemption.state == RedemptionState.OPEN,
            )
        )
    )
    digits = ids.random_digits(rules.DIGITS)
    while digits in taken:
        digits = ids.random_digits(rules.DIGITS)
    return digits


def _tidy(session: Session, actor: Actor, item_id: int | None = None) -> int:
    found = select(Redemption).where(
        Redemption.community_id == actor.community_id,
        Redemption.state == RedemptionState.OPEN,
        Redemption.expires_at <= clock.now(),
    )
    if item_id is not None:
        found = found.where(Redemption.item_id == item_id)
    rows = session.scalars(found.order_by(Redemption.id).limit(TIDY_AT_ONCE)).all()
    for row in rows:
        _let_go(session, actor, row, RedemptionState.EXPIRED, "")
    return len(rows)


def _let_go(
    session: Session, actor: Actor, row: Redemption, target: RedemptionState, reason: str
) -> None:
    now = clock.now()
    if not claim_step(
        session, row, target, closed_at=now, closed_by=actor.person_id, reason=reason
    ):
        session.refresh(row)
        raise NotOpen(state=STATE_TITLES[row.state])
    _release(session, actor, row.points_hold_id, f"points:{row.code}")
    if row.budget_hold_id is not None:
        _release(session, actor, row.budget_hold_id, f"budget:{row.code}")
    give_piece_back(session, actor, row.item_id, row.id)


def _release(session: Session, actor: Actor, hold_id: int, key: str) -> None:
    try:
        ledger.release(session, actor, hold_id, f"release:{key}")
    except ledger.HoldExpired:
        # The ledger's own clock was first: the amount is free already, as it should be.
        return
