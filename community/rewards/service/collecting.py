"""What happens at the merchant: a code is scanned or typed, and what it settles, or takes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import ledger, notices
from community.kernel import clock, events
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.kernel.tables import Community
from community.rewards import permissions
from community.rewards.errors import NotRefundable, OnSettlementSheet
from community.rewards.events import RewardCollected
from community.rewards.models import CodeAttempt, Redemption, SettlementSheet
from community.rewards.queries.catalogue import get_own_merchant
from community.rewards.queries.redemptions import has_tried_too_often
from community.rewards.rules import redemptions as rules
from community.rewards.rules.owners import person_owner
from community.rewards.rules.redemptions import (
    STATE_TITLES,
    Purse,
    RedemptionState,
    ScanReason,
)
from community.rewards.service import books
from community.rewards.service.catalogue import give_piece_back
from community.rewards.service.redemptions import claim_step, get_redemption_row


@dataclass(frozen=True, slots=True)
class Collected:
    """What a scan is answered with: yes or no, why, and what to hand out."""

    is_accepted: bool
    reason: ScanReason
    redemption_id: int | None = None
    title: str = ""
    collected_at: datetime | None = None


def collect_code(session: Session, actor: Actor, scanned: str) -> Collected:
    """Settle the redemption of a scanned address, a code or six digits, for the own merchant.

    A wrong code is answered, not raised: the attempt stays written and slows guessing.
    Raises: MerchantNotFound for somebody who works for none.
    """
    actor.check(permissions.COLLECT.code)
    merchant = get_own_merchant(session, actor)
    if has_tried_too_often(session, actor.community_id, merchant.id):
        return Collected(is_accepted=False, reason=ScanReason.TOO_MANY_TRIES)
    read = rules.read_scanned(scanned)
    slug = session.get_one(Community, actor.community_id).slug
    if read.slug and read.slug != slug:
        return _refused(session, actor, merchant.id, ScanReason.OTHER_COMMUNITY)
    row = _find(session, actor, merchant.id, read.code)
    if row is None:
        return _refused(session, actor, merchant.id, ScanReason.UNKNOWN)
    if row.merchant_id != merchant.id:
        return _refused(session, actor, merchant.id, ScanReason.OTHER_MERCHANT)
    reason = rules.reason_for(rules.state_at(row.state, row.expires_at, clock.now()))
    if reason is not ScanReason.OK:
        answer = _refused(session, actor, merchant.id, reason)
        return Collected(
            is_accepted=False,
            reason=answer.reason,
            redemption_id=row.id,
            title=row.title,
            collected_at=row.collected_at,
        )
    return _settle(session, actor, row)


def refund_redemption(
    session: Session,
    actor: Actor,
    redemption_id: int,
    reason: str,
    is_restocked: bool,
) -> None:
    """Take a collected redemption back by reversal: points return, the merchant's claim goes.

    Raises: RedemptionNotFound, NotRefundable, OnSettlementSheet.
    """
    actor.check(permissions.MANAGE.code)
    row = get_redemption_row(session, actor, redemption_id)
    state = rules.state_at(row.state, row.expires_at, clock.now())
    if not rules.may_step(state, RedemptionState.REFUNDED):
        raise NotRefundable(state=STATE_TITLES[state])
    if row.sheet_id is not None:
        sheet = session.get_one(SettlementSheet, row.sheet_id)
        raise OnSettlementSheet(month=f"{sheet.month:%Y-%m}")
    if not claim_step(
        session,
        row,
        RedemptionState.REFUNDED,
        closed_at=clock.now(),
        closed_by=actor.person_id,
        reason=reason,
    ):
        session.refresh(row)
        raise NotRefundable(state=STATE_TITLES[row.state])
    assert row.points_transaction_id is not None
    ledger.reverse(session, actor, row.points_transaction_id, reason, f"refund:points:{row.code}")
    _pass_on_merged(session, actor, row)
    if row.budget_transaction_id is not None:
        ledger.reverse(
            session, actor, row.budget_transaction_id, reason, f"refund:budget:{row.code}"
        )
    if is_restocked:
        give_piece_back(session, actor, row.item_id, row.id)
    notices.send(
        session,
        actor,
        row.person_id,
        say(N_("兑换已退回")),
        say(
            N_("“{title}”已退回，{points} 积分已回到账上。原因：{reason}"),
            title=row.title,
            points=row.points,
            reason=reason,
        ),
    )


def _pass_on_merged(session: Session, actor: Actor, row: Redemption) -> None:
    """Bring points that came back to a merged duplicate's account on to the kept person."""
    if row.purse is not Purse.OWN or row.owner == person_owner(row.person_id):
        return
    book_id = books.points_book(session, actor)
    back = ledger.balance_of(session, actor.community_id, ledger.BookKind.POINTS, row.owner)
    points = min(row.points, back.available)
    if points > 0:
        ledger.move_lots(
            session,
            actor,
            book_id,
            row.owner,
            person_owner(row.person_id),
            points,
            "points.merged",
            rules.source_of(row.code),
            f"refund:merged:{row.code}",
        )


def _find(session: Session, actor: Actor, merchant_id: int, code: str) -> Redemption | None:
    found = select(Redemption).where(Redemption.community_id == actor.community_id)
    if len(code) != rules.DIGITS or not code.isdigit():
        return session.scalar(found.where(Redemption.code == code))
    # Digits name the open one first; else the last one of the merchant, to say why not.
    rows = session.scalars(
        found.where(Redemption.digits == code, Redemption.merchant_id == merchant_id)
        .order_by(Redemption.id.desc())
        .limit(20)
    ).all()
    is_open = [row for row in rows if row.state is RedemptionState.OPEN]
    return next(iter((*is_open, *rows)), None)


def _refused(session: Session, actor: Actor, merchant_id: int, reason: ScanReason) -> Collected:
    session.add(
        CodeAttempt(
            community_id=actor.community_id,
            merchant_id=merchant_id,
            reason=reason,
            tried_at=clock.now(),
            tried_by=actor.person_id,
        )
    )
    return Collected(is_accepted=False, reason=reason)


def _settle(session: Session, actor: Actor, row: Redemption) -> Collected:
    now = clock.now()
    points = ledger.settle(session, actor, row.points_hold_id, f"collect:points:{row.code}")
    budget = None
    if row.budget_hold_id is not None:
        budget = ledger.settle(session, actor, row.budget_hold_id, f"collect:budget:{row.code}")
    if not claim_step(
        session,
        row,
        RedemptionState.COLLECTED,
        collected_at=now,
        collected_by=actor.person_id,
        points_transaction_id=points.transaction_id,
        budget_transaction_id=None if budget is None else budget.transaction_id,
    ):
        session.refresh(row)
        raise NotRefundable(state=STATE_TITLES[row.state])
    events.tell(
        session,
        RewardCollected(row.community_id, row.id, row.person_id, row.points, row.cost_fen),
    )
    return Collected(
        is_accepted=True,
        reason=ScanReason.OK,
        redemption_id=row.id,
        title=row.title,
        collected_at=now,
    )
