"""Commands of the catalogue: merchants, items, photos and stock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock, db, files
from community.kernel.actor import Actor
from community.rewards import permissions
from community.rewards.errors import (
    AnotherPeriodNeeded,
    DatesReversed,
    ItemNotFound,
    MerchantKnown,
    MerchantNotFound,
    MerchantPaused,
    NotAMerchant,
    StockTooLow,
)
from community.rewards.models import Item, Merchant, StockChange
from community.rewards.models.catalogue import StockReason
from community.rewards.rules.redemptions import ItemState, LimitPeriod


@dataclass(frozen=True, slots=True)
class MerchantDraft:
    """What the desk says about a merchant."""

    name: str
    address: str
    opening: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """What the desk says about an item; prices in points and fen."""

    merchant_id: int
    title: str
    category: str
    points: int
    cost_fen: int
    from_on: date
    until_on: date | None = None
    words: str = ""
    limit_count: int | None = None
    limit_period: LimitPeriod | None = None
    pickup_days: int = 7


def add_merchant(session: Session, actor: Actor, organization_id: int, draft: MerchantDraft) -> int:
    """Take an organization of kind merchant into the catalogue.

    Raises: NotFound, NotAMerchant, MerchantKnown.
    """
    actor.check(permissions.MANAGE.code)
    organization = identity.get_organization(session, actor.community_id, organization_id)
    if organization.kind is not identity.OrganizationKind.MERCHANT:
        raise NotAMerchant
    known = session.scalar(
        select(func.count()).where(
            Merchant.community_id == actor.community_id,
            Merchant.organization_id == organization_id,
        )
    )
    if known:
        raise MerchantKnown
    row = Merchant(
        community_id=actor.community_id,
        organization_id=organization_id,
        name=draft.name,
        address=draft.address,
        opening=draft.opening,
        phone=draft.phone,
        is_paused=False,
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id


def change_merchant(session: Session, actor: Actor, merchant_id: int, draft: MerchantDraft) -> None:
    """Correct a merchant's name, place and hours.

    Raises: MerchantNotFound.
    """
    actor.check(permissions.MANAGE.code)
    row = get_merchant_row(session, actor, merchant_id)
    row.name, row.address = draft.name, draft.address
    row.opening, row.phone = draft.opening, draft.phone


def pause_merchant(session: Session, actor: Actor, merchant_id: int, is_paused: bool) -> None:
    """Stop or resume a merchant's offers; codes already given out still count.

    Raises: MerchantNotFound.
    """
    actor.check(permissions.MANAGE.code)
    get_merchant_row(session, actor, merchant_id).is_paused = is_paused


def add_item(session: Session, actor: Actor, draft: ItemDraft) -> int:
    """Write an item as a draft; it is listed by a second step.

    Raises: MerchantNotFound, MerchantPaused, DatesReversed, AnotherPeriodNeeded.
    """
    actor.check(permissions.MANAGE.code)
    _check_draft(session, actor, draft)
    now = clock.now()
    row = Item(
        community_id=actor.community_id,
        state=ItemState.DRAFT,
        stock=0,
        made_at=now,
        changed_at=now,
        **_columns(draft),
    )
    session.add(row)
    session.flush()
    return row.id


def change_item(session: Session, actor: Actor, item_id: int, draft: ItemDraft) -> None:
    """Correct an item; what was redeemed before keeps its price and place.

    Raises: ItemNotFound, MerchantNotFound, MerchantPaused, DatesReversed, AnotherPeriodNeeded.
    """
    actor.check(permissions.MANAGE.code)
    row = get_item_row(session, actor, item_id)
    _check_draft(session, actor, draft)
    for name, value in _columns(draft).items():
        setattr(row, name, value)
    row.changed_at = clock.now()


def list_item(session: Session, actor: Actor, item_id: int, state: ItemState) -> None:
    """Show an item in the catalogue, or take it out.

    Raises: ItemNotFound.
    """
    actor.check(permissions.MANAGE.code)
    row = get_item_row(session, actor, item_id)
    row.state, row.changed_at = state, clock.now()


def keep_item_photo(session: Session, actor: Actor, item_id: int, photo: files.Ready) -> int:
    """Give an item its photo, re-encoded so that nothing but the picture is kept.

    `photo` is what `files.take_in` made ready. Raises: ItemNotFound.
    """
    actor.check(permissions.MANAGE.code)
    row = get_item_row(session, actor, item_id)
    row.photo_id = files.keep_file(session, actor, photo)
    return row.photo_id


def change_stock(
    session: Session,
    actor: Actor,
    item_id: int,
    quantity: int,
    note: str = "",
) -> int:
    """Add delivered pieces, or take away what a count found missing (a negative quantity).

    Tells what is left. Raises: ItemNotFound, StockTooLow.
    """
    actor.check(permissions.MANAGE.code)
    row = get_item_row(session, actor, item_id)
    if quantity == 0:
        return row.stock
    changed = db.change(
        session,
        update(Item)
        .where(
            Item.community_id == actor.community_id,
            Item.id == item_id,
            Item.stock + quantity >= 0,
        )
        .values(stock=Item.stock + quantity),
    )
    if changed != 1:
        raise StockTooLow(stock=row.stock, quantity=-quantity)
    reason = StockReason.DELIVERED if quantity > 0 else StockReason.COUNTED
    record_stock(session, actor, item_id, quantity, reason, note=note)
    session.refresh(row)
    return row.stock


def claim_piece(session: Session, actor: Actor, item_id: int) -> bool:
    """Take one piece if one is left: the guard is in the UPDATE itself, so two never get it."""
    changed = db.change(
        session,
        update(Item)
        .where(Item.community_id == actor.community_id, Item.id == item_id, Item.stock >= 1)
        .values(stock=Item.stock - 1),
    )
    return changed == 1


def give_piece_back(session: Session, actor: Actor, item_id: int, redemption_id: int) -> None:
    """Put the piece of a redemption back on the shelf."""
    session.execute(
        update(Item)
        .where(Item.community_id == actor.community_id, Item.id == item_id)
        .values(stock=Item.stock + 1)
        .execution_options(synchronize_session=False)
    )
    record_stock(session, actor, item_id, 1, StockReason.GIVEN_BACK, redemption_id=redemption_id)


def record_stock(
    session: Session,
    actor: Actor,
    item_id: int,
    quantity: int,
    reason: StockReason,
    *,
    redemption_id: int | None = None,
    note: str = "",
) -> None:
    """Write a change of stock down."""
    session.add(
        StockChange(
            community_id=actor.community_id,
            item_id=item_id,
            quantity=quantity,
            reason=reason,
            redemption_id=redemption_id,
            note=note,
            changed_at=clock.now(),
            changed_by=actor.person_id,
        )
    )


def get_merchant_row(session: Session, actor: Actor, merchant_id: int) -> Merchant:
    """Load a merchant of the actor's community.

    Raises: MerchantNotFound.
    """
    row = session.get(Merchant, merchant_id)
    if row is None or row.community_id != actor.community_id:
        raise MerchantNotFound
    return row


def get_item_row(session: Session, actor: Actor, item_id: int) -> Item:
    """Load an item of the actor's community.

    Raises: ItemNotFound.
    """
    row = session.get(Item, item_id)
    if row is None or row.community_id != actor.community_id:
        raise ItemNotFound
    return row


def _check_draft(session: Session, actor: Actor, draft: ItemDraft) -> None:
    merchant = get_merchant_row(session, actor, draft.merchant_id)
    if merchant.is_paused:
        raise MerchantPaused(merchant=merchant.name)
    if draft.until_on is not None and draft.until_on < draft.from_on:
        raise DatesReversed
    if (draft.limit_count is None) != (draft.limit_period is None):
        raise AnotherPeriodNeeded


def _columns(draft: ItemDraft) -> dict[str, object]:
    return {name: getattr(draft, name) for name in ItemDraft.__dataclass_fields__}
