"""Reading redemptions: a person's own, a merchant's, and all of them for the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.rewards import permissions
from community.rewards.errors import RedemptionNotFound
from community.rewards.models import CodeAttempt, Item, Merchant, Redemption
from community.rewards.queries.catalogue import get_own_merchant
from community.rewards.rules.redemptions import (
    MOST_WRONG_CODES,
    TAKEN,
    LimitPeriod,
    Purse,
    RedemptionState,
    limit_counts_since,
    state_at,
)

PAGE = 50


@dataclass(frozen=True, slots=True)
class RedemptionCard:
    """A redemption as its owner and the desk see it; `state` is the true one by the clock."""

    id: int
    item_id: int
    photo_id: int | None
    title: str
    points: int
    cost_fen: int
    purse: Purse
    state: RedemptionState
    person_id: int
    person_name: str
    redeemed_by: int | None
    code: str
    digits: str
    redeemed_at: datetime
    expires_at: datetime
    collected_at: datetime | None
    closed_at: datetime | None
    reason: str
    sheet_id: int | None
    merchant_id: int
    merchant_name: str
    merchant_address: str
    merchant_opening: str


@dataclass(frozen=True, slots=True)
class CollectedLine:
    """A collected redemption as the merchant sees it: no full name, no balance."""

    id: int
    title: str
    person_name: str
    cost_fen: int
    collected_at: datetime
    is_refunded: bool


@dataclass(frozen=True, slots=True)
class RedemptionsPage:
    """A page of redemptions and where the next one begins."""

    redemptions: tuple[RedemptionCard, ...]
    next_cursor: int | None

    @property
    def has_next(self) -> bool:
        """Tell whether there are older ones."""
        return self.next_cursor is not None


def my_redemptions(session: Session, actor: Actor) -> tuple[RedemptionCard, ...]:
    """List the latest redemptions of whom the actor acts for: those to fetch first."""
    found = (
        _redemptions(actor.community_id)
        .where(Redemption.person_id == actor.subject_id)
        .order_by(Redemption.id.desc())
        .limit(2 * PAGE)
    )
    cards = _cards(session, actor.community_id, found)
    return tuple(sorted(cards, key=lambda card: card.state is not RedemptionState.OPEN))


def count_waiting(session: Session, community_id: int, person_id: int) -> int:
    """Count what a person can still fetch."""
    return int(
        session.scalar(
            select(func.count()).where(
                Redemption.community_id == community_id,
                Redemption.person_id == person_id,
                Redemption.state == RedemptionState.OPEN,
                Redemption.expires_at > clock.now(),
            )
        )
        or 0
    )


def get_redemption(session: Session, actor: Actor, redemption_id: int) -> RedemptionCard:
    """Give a redemption to its owner or to the desk; for anyone else there is none.

    Raises: RedemptionNotFound.
    """
    cards = _cards(
        session,
        actor.community_id,
        _redemptions(actor.community_id).where(Redemption.id == redemption_id),
    )
    if not cards:
        raise RedemptionNotFound
    is_own = actor.subject_id is not None and cards[0].person_id == actor.subject_id
    if not (is_own or actor.may(permissions.READ.code) or actor.may(permissions.MANAGE.code)):
        raise RedemptionNotFound
    return cards[0]


def find_by_code(session: Session, actor: Actor, code: str) -> RedemptionCard | None:
    """Find the actor's own redemption by its QR code; for the code's landing page."""
    cards = _cards(
        session,
        actor.community_id,
        _redemptions(actor.community_id).where(
            Redemption.code == code, Redemption.person_id == actor.subject_id
        ),
    )
    return cards[0] if cards else None


def redemptions(
    session: Session,
    actor: Actor,
    state: RedemptionState | None = None,
    after: int | None = None,
) -> RedemptionsPage:
    """List redemptions for the desk, the newest first; `after` is the last one seen."""
    found = _redemptions(actor.community_id).order_by(Redemption.id.desc()).limit(PAGE + 1)
    if state is RedemptionState.EXPIRED:
        found = found.where(
            (Redemption.state == state)
            | ((Redemption.state == RedemptionState.OPEN) & (Redemption.expires_at <= clock.now()))
        )
    elif state is RedemptionState.OPEN:
        found = found.where(Redemption.state == state, Redemption.expires_at > clock.now())
    elif state is not None:
        found = found.where(Redemption.state == state)
    if after is not None:
        found = found.where(Redemption.id < after)
    cards = _cards(session, actor.community_id, found)
    has_next = len(cards) > PAGE
    return RedemptionsPage(tuple(cards[:PAGE]), cards[PAGE - 1].id if has_next else None)


def collected_today(session: Session, actor: Actor) -> tuple[CollectedLine, ...]:
    """List what the actor's own merchant handed out today, the newest first."""
    merchant = get_own_merchant(session, actor)
    rows = session.scalars(
        select(Redemption)
        .where(
            Redemption.community_id == actor.community_id,
            Redemption.merchant_id == merchant.id,
            Redemption.collected_at >= clock.at(clock.today()),
        )
        .order_by(Redemption.collected_at.desc(), Redemption.id.desc())
    ).all()
    people = identity.people(session, actor.community_id, {row.person_id for row in rows})
    return tuple(
        CollectedLine(
            row.id,
            row.title,
            people[row.person_id].name if row.person_id in people else "",
            row.cost_fen,
            row.collected_at,
            row.state is RedemptionState.REFUNDED,
        )
        for row in rows
        if row.collected_at is not None
    )


def count_taken(
    session: Session, community_id: int, item_id: int, person_id: int, period: LimitPeriod
) -> int:
    """Count what a person has of an item in the present period, given up ones aside."""
    found = select(func.count()).where(
        Redemption.community_id == community_id,
        Redemption.person_id == person_id,
        Redemption.item_id == item_id,
        Redemption.state.in_(TAKEN),
        # A code that has run out no longer counts, whether it was tidied up or not.
        (Redemption.state != RedemptionState.OPEN) | (Redemption.expires_at > clock.now()),
    )
    since = limit_counts_since(period, clock.today())
    if since is not None:
        found = found.where(Redemption.redeemed_at >= since)
    return int(session.scalar(found) or 0)


def has_tried_too_often(session: Session, community_id: int, merchant_id: int) -> bool:
    """Tell whether a merchant tried too many wrong codes in the last hour."""
    tried = session.scalar(
        select(func.count()).where(
            CodeAttempt.community_id == community_id,
            CodeAttempt.merchant_id == merchant_id,
            CodeAttempt.tried_at > clock.now() - timedelta(hours=1),
        )
    )
    return int(tried or 0) >= MOST_WRONG_CODES


def _redemptions(community_id: int) -> Select[Redemption, Item, Merchant]:
    return (
        select(Redemption, Item, Merchant)
        .join(
            Item, (Item.community_id == Redemption.community_id) & (Item.id == Redemption.item_id)
        )
        .join(
            Merchant,
            (Merchant.community_id == Redemption.community_id)
            & (Merchant.id == Redemption.merchant_id),
        )
        .where(Redemption.community_id == community_id)
    )


def _cards(
    session: Session, community_id: int, found: Select[Redemption, Item, Merchant]
) -> list[RedemptionCard]:
    rows = session.execute(found).all()
    now = clock.now()
    people = identity.people(session, community_id, {row.person_id for row, _, _ in rows})
    return [
        RedemptionCard(
            id=row.id,
            item_id=row.item_id,
            photo_id=item.photo_id,
            title=row.title,
            points=row.points,
            cost_fen=row.cost_fen,
            purse=row.purse,
            state=state_at(row.state, row.expires_at, now),
            person_id=row.person_id,
            person_name=people[row.person_id].name if row.person_id in people else "",
            redeemed_by=row.redeemed_by,
            code=row.code,
            digits=row.digits,
            redeemed_at=row.redeemed_at,
            expires_at=row.expires_at,
            collected_at=row.collected_at,
            closed_at=row.closed_at,
            reason=row.reason,
            sheet_id=row.sheet_id,
            merchant_id=row.merchant_id,
            merchant_name=merchant.name,
            merchant_address=merchant.address,
            merchant_opening=merchant.opening,
        )
        for row, item, merchant in rows
    ]
