"""A community with a merchant, an item, money and points: the scene of most tests here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.rewards.models import Item, Redemption
from community.rewards.rules.owners import person_owner
from community.rewards.rules.redemptions import ItemState
from community.rewards.service.budget import add_payer, fund_budget
from community.rewards.service.catalogue import (
    ItemDraft,
    MerchantDraft,
    add_item,
    add_merchant,
    change_stock,
    list_item,
)
from tests import builders
from tests.scenes import kept

POINTS = ledger.BookKind.POINTS
BUDGET = ledger.BookKind.REWARD_BUDGET


@dataclass(frozen=True, slots=True)
class Scene:
    """Who and what there is: one resident with 100 points, one item for 30 points and 12 yuan."""

    community_id: int
    home_id: int
    staff: Actor
    second_staff: Actor
    resident: Actor
    neighbour: Actor
    seller: Actor
    merchant_id: int
    item_id: int
    payer_id: int


@kept
def make_scene(
    slug: str = "guihua", *, stock: int = 5, points: int = 100, fen: int = 100_00, **item: Any
) -> Scene:
    """Set the scene in a community of its own."""
    community = builders.make_community(slug, "桂花里社区")
    home = builders.make_household(community)
    staff = _person(community, "周敏", Role.STAFF)
    resident = builders.actor(
        community, builders.make_person(community, "王秀英", household_id=home)
    )
    firm = builders.make_organization(community, f"便民超市{slug}")
    merchant = db.write(
        add_merchant, staff, firm, MerchantDraft("便民超市", "3 号楼底商", "8:00–20:00")
    )
    payer = db.write(add_payer, staff, "街道办")
    if fen:
        db.write(fund_budget, staff, payer, 2026, fen, "街办〔2026〕1 号")
    give_points(community, resident.person_id or 0, points)
    return Scene(
        community,
        home,
        staff,
        _person(community, "何丽", Role.STAFF),
        resident,
        _person(community, "李国强"),
        _seller(community, firm),
        merchant,
        make_item(staff, merchant, stock=stock, **item),
        payer,
    )


def make_item(staff: Actor, merchant_id: int, *, stock: int = 5, **given: Any) -> int:
    """List an item with some pieces."""
    facts: dict[str, Any] = {
        "title": "洗衣液 2 千克",
        "category": "日用",
        "points": 30,
        "cost_fen": 12_00,
        "from_on": date(2026, 1, 1),
    }
    item: int = db.write(add_item, staff, ItemDraft(merchant_id=merchant_id, **(facts | given)))
    if stock:
        db.write(change_stock, staff, item, stock, "首批")
    db.write(list_item, staff, item, ItemState.LISTED)
    return item


def add_seller(community_id: int, name: str = "便民超市") -> tuple[Actor, int]:
    """Let another merchant and its seller take part; tells both."""
    staff = _person(community_id, "吴静", Role.STAFF)
    firm = builders.make_organization(community_id, f"{name}二店")
    merchant: int = db.write(add_merchant, staff, firm, MerchantDraft(name, "北门"))
    return _seller(community_id, firm), merchant


def give_points(community_id: int, person_id: int, amount: int, owner: str = "") -> None:
    """Let somebody have earned points that never expire."""

    def earn(session: Session, actor: Actor) -> None:
        book = ledger.ensure_book(session, actor, POINTS)
        to = owner or person_owner(person_id)
        key = f"test:{to}:{amount}:{clock.micros(clock.now())}"
        ledger.earn_lot(session, actor, book, to, amount, None, "issued", "points.hours", "", key)

    if amount:
        db.write(earn, Actor.system(community_id))


def serve_minutes(community_id: int, person_id: int, minutes: int) -> None:
    """Let the hours book show served minutes."""

    def serve(session: Session, actor: Actor) -> None:
        book = ledger.ensure_book(session, actor, ledger.BookKind.HOURS)
        to = person_owner(person_id)
        key = f"test:{to}:{minutes}:{clock.micros(clock.now())}"
        ledger.earn_lot(session, actor, book, to, minutes, None, "served", "hours", "", key)

    db.write(serve, Actor.system(community_id))


def points_of(scene: Scene, owner: str = "") -> ledger.Balance:
    """Tell the resident's points."""
    with db.read() as session:
        to = owner or person_owner(scene.resident.person_id or 0)
        return ledger.balance_of(session, scene.community_id, POINTS, to)


def money_of(scene: Scene, owner: str = "budget:2026") -> ledger.Balance:
    """Tell a balance of the reward budget book in fen."""
    with db.read() as session:
        return ledger.balance_of(session, scene.community_id, BUDGET, owner)


def stock_of(item_id: int) -> int:
    """Tell what the item's row says is left."""
    with db.read() as session:
        return session.get_one(Item, item_id).stock


def redemption(redemption_id: int) -> Redemption:
    """Load a redemption."""
    with db.read() as session:
        return session.get_one(Redemption, redemption_id)


def count_redemptions() -> int:
    """Count redemptions of all states."""
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(Redemption)) or 0


def _person(community_id: int, name: str, *roles: Role) -> Actor:
    return builders.actor(community_id, builders.make_person(community_id, name, roles=roles))


def _seller(community_id: int, firm_id: int) -> Actor:
    person = builders.make_person(community_id, "马师傅")
    builders.grant(community_id, person, Role.MERCHANT, firm_id)
    found = builders.actor(community_id, person)
    assert found.organization_id == firm_id
    return found
