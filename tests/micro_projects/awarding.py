"""A tender that was opened, its register, pool and panel, and the steps to an award."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from community import transparency
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.micro_projects.models import Award, Bid, PanelSeat
from community.micro_projects.queries import panels as panel_queries
from community.micro_projects.queries.bids import BidView
from community.micro_projects.queries.ranking import Ranking, get_ranking
from community.micro_projects.queries.suppliers import active_suppliers
from community.micro_projects.queries.tenders import criteria_of
from community.micro_projects.rules.bids import BidState
from community.micro_projects.rules.panels import ON_PANEL, SeatKind, SeedSource
from community.micro_projects.rules.tenders import CriterionKind
from community.micro_projects.service import awards, marking, panels, reviews
from community.micro_projects.service.marking import Mark
from community.micro_projects.service.tender_lots import SeedPlan
from tests import builders
from tests.micro_projects.scene import Scene, give_money
from tests.micro_projects.tendering import BUDGET, Tendering, published

EVEN = {0: 5_000, 1: 5_000, 2: 5_000}
PRICES = (9_000_000, 8_800_000, 9_200_000)


def fill_pool(community_id: int, officer: Actor, experts: int = 6, residents: int = 3) -> list[int]:
    """Put invented people into the pool."""
    found = []
    for number in range(experts + residents):
        kind = SeatKind.EXPERT if number < experts else SeatKind.RESIDENT
        person = builders.make_person(community_id, f"评委{number:02d}", birth_year=1965)
        db.write(panels.add_evaluator, officer, person, kind)
        found.append(person)
    return found


@dataclass(frozen=True)
class Awarding:
    """An opened tender with its register and pool."""

    tendering: Tendering
    suppliers: tuple[int, ...]
    pool: tuple[int, ...]

    @property
    def scene(self) -> Scene:
        return self.tendering.scene

    @property
    def officer(self) -> Actor:
        return self.tendering.officer

    @property
    def tender_id(self) -> int:
        return self.tendering.tender_id

    def bids(self) -> dict[int, BidView]:
        """Give the bids by their organisation's place in the scene."""
        found = {each.organization_id: each for each in self.tendering.bids()}
        return {place: found[firm] for place, firm in enumerate(self.tendering.firms)}

    def bid_id(self, place: int) -> int:
        return self.bids()[place].id

    def judge(self, *responsive: bool) -> None:
        """Review the bids in the order of the scene's firms; those left out pass."""
        for place in range(len(self.tendering.firms)):
            good = responsive[place] if place < len(responsive) else True
            reason = "" if good else "没有盖章"
            db.write(reviews.judge_bid, self.officer, self.bid_id(place), good, reason)

    def list_panel(self, source: SeedSource = SeedSource.LOTTERY) -> int:
        plan = SeedPlan(source, clock.now() + timedelta(hours=2), "双色球第 2026134 期")
        made: int = db.write(panels.publish_panel_list, self.officer, self.tender_id, plan)
        return made

    def draw(self, lot_id: int, number: str = "03 07 12 19 25 31 08") -> int:
        drawn: int = db.write(panels.draw_panel, self.officer, lot_id, number)
        return drawn

    def seats(self) -> list[PanelSeat]:
        with db.read() as session:
            rows = session.query(PanelSeat).filter_by(tender_id=self.tender_id)
            return list(rows.order_by(PanelSeat.id))

    def sitting(self) -> list[PanelSeat]:
        return [seat for seat in self.seats() if seat.state in ON_PANEL]

    def member(self, seat: PanelSeat) -> Actor:
        return builders.actor(self.scene.community_id, seat.person_id)

    def mark(self, seat: PanelSeat, points: dict[int, int]) -> None:
        """Let a member give each place's bid `points` hundredths on the technical criterion."""
        with db.read() as session:
            criteria = criteria_of(session, self.scene.community_id, self.tender_id)
        bids = self.bids()
        marks = tuple(
            Mark(bids[place].id, each.id, value if each.kind is CriterionKind.TECHNICAL else 2_000)
            for place, value in points.items()
            if bids[place].state is BidState.VALID
            for each in criteria
            if each.kind is not CriterionKind.PRICE
        )
        db.write(marking.keep_marks, self.member(seat), seat.id, marks)

    def sign(self, seat: PanelSeat) -> str:
        told: str = db.write(marking.sign_sheet, self.member(seat), seat.id)
        return told

    def score(self, points: dict[int, int]) -> None:
        """Let every member give the same marks and sign."""
        for seat in self.sitting():
            self.mark(seat, points)
            self.sign(seat)

    def ranking(self) -> Ranking:
        with db.read() as session:
            return get_ranking(session, self.scene.community_id, self.tender_id)

    def notice(self) -> int:
        made: int = db.write(awards.notice_award, self.officer, self.tender_id)
        return made

    def award(self, award_id: int) -> Award:
        with db.read() as session:
            return session.get_one(Award, award_id)

    def sheets(self) -> tuple[panel_queries.SheetView, ...]:
        with db.read() as session:
            return panel_queries.sheets_of(session, self.scene.community_id, self.tender_id)


def make_opened(prices: tuple[int, ...] = PRICES, pool: tuple[int, int] = (6, 3)) -> Awarding:
    """Open a tender in which each firm of the register bid a price; call it under a fixed clock."""
    made = published(firms=len(prices))
    with db.read() as session:
        found = active_suppliers(session, made.community_id)
    listed = {each.organization_id: each.id for each in found}
    suppliers = tuple(listed[firm] for firm in made.firms)
    give_money(made.scene, made.project_id, BUDGET)
    people = fill_pool(made.community_id, made.officer, *pool)
    with made.bidding():
        for place, price in enumerate(prices):
            made.bid(place, price)
    with made.at_deadline():
        made.open()
    return Awarding(made, suppliers, tuple(people))


def after(found: Awarding, **span: int) -> datetime:
    """Give a moment after the opening."""
    deadline = found.tendering.view().deadline
    assert deadline is not None
    return deadline + timedelta(**span)


def make_scored(
    points: dict[int, int],
    prices: tuple[int, ...] = PRICES,
    *responsive: bool,
    pool: tuple[int, int] = (6, 3),
) -> Awarding:
    """Review, draw and score; the clock is the caller's to move on by a day."""
    found = make_opened(prices, pool)
    with clock.fixed(after(found, hours=1)):
        found.judge(*responsive)
        lot = found.list_panel()
    with clock.fixed(after(found, hours=4)):
        found.draw(lot)
        found.score(points)
    return found


def sign_checkpoint(community_id: int) -> None:
    """Publish something and sign a checkpoint of the log now."""
    db.write(_publish, Actor.system(community_id))
    db.write(transparency.checkpoint_now, Actor.system(community_id))


def _publish(session: Session, actor: Actor) -> None:
    transparency.publish(session, actor.community_id, "test.tick", {"test": 1})


def bid_state(bid_id: int) -> BidState:
    """Tell what a bid counts as."""
    with db.read() as session:
        return session.get_one(Bid, bid_id).state


def people_of(community_id: int, role: Role, name: str) -> Actor:
    """Make one more person with a role."""
    made = builders.make_person(community_id, name, birth_year=1970, roles=(role,))
    return builders.actor(community_id, made)
