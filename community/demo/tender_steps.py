"""Steps of a demo tender: drafted, checked, published, bid for, opened, reviewed, marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from community import micro_projects, sealing, transparency
from community.demo.bidders import Bidder, bidder_actor
from community.demo.cast import Cast, act_as
from community.demo.opener_keys import demo_key
from community.kernel import db
from community.kernel.actor import Actor
from community.micro_projects import (
    BidContent,
    CriterionKind,
    Mark,
    SeatKind,
    SeedPlan,
    SeedSource,
    TenderDraft,
    TenderView,
)

EXPERTS = ("社区营养师", "退休会计", "建筑工程师", "社会工作师", "给排水工程师", "物业经理")
SEED_HOUR = 20


@dataclass(slots=True)
class Tendering:
    """Those around the demo's tenders, and what came about; later steps go on from it."""

    actor: Actor
    cast: Cast
    found: dict[str, int]
    made: dict[str, int] = field(default_factory=dict)

    def player(self, person_id: int) -> Actor:
        """Give the actor that somebody is."""
        with db.read() as session:
            return act_as(session, self.actor, person_id)

    @property
    def staff(self) -> Actor:
        """Give the officer."""
        return self.player(self.cast.staff)

    @property
    def second(self) -> Actor:
        """Give the second officer."""
        return self.player(self.cast.second_staff)

    def bidder(self, bidder: Bidder) -> Actor:
        """Give who acts for an organisation."""
        with db.read() as session:
            return bidder_actor(session, self.actor, self.made, bidder)

    def tender(self, name: str) -> TenderView:
        """Give a tender as it stands."""
        with db.read() as session:
            return micro_projects.find_tender(
                session, self.actor.community_id, self.made[f"tender:{name}"]
            )

    def bid_id(self, name: str, bidder: Bidder) -> int:
        """Find an organisation's bid once it is opened."""
        with db.read() as session:
            bids = micro_projects.bids_of(
                session, self.actor.community_id, self.made[f"tender:{name}"]
            )
        firm = self.made[f"firm:{bidder.name}"]
        return next(each.id for each in bids if each.organization_id == firm)


def publish(job: Tendering, name: str, draft: TenderDraft) -> None:
    """Draft a tender, let the second officer check it, and publish it."""
    staff = job.staff
    made: int = db.write(micro_projects.draft_tender, staff, job.found[name], draft)
    job.made[f"tender:{name}"] = made
    db.write(micro_projects.submit_for_check, staff, made)
    db.write(
        micro_projects.check_tender, job.second, made, True, "限价和评分项合规，没有指定品牌。"
    )
    db.write(micro_projects.publish_tender, staff, made)


def ask_and_answer(job: Tendering, name: str, bidder: Bidder, words: str, answer: str) -> None:
    """Let a bidder ask, and the officer answer everybody."""
    tender = job.made[f"tender:{name}"]
    asked: int = db.write(micro_projects.ask_question, job.bidder(bidder), tender, words)
    db.write(micro_projects.answer_question, job.staff, asked, answer)


def bid(job: Tendering, name: str, bidder: Bidder, price_fen: int, plan: str) -> None:
    """Let an organisation hand in its bid, sealed as the tender asks."""
    tender, own = job.tender(name), job.bidder(bidder)
    content = BidContent(price_fen, plan)
    if tender.level is not sealing.BoxLevel.L2:
        db.write(micro_projects.submit_bid, own, tender.id, content)
        return
    assert tender.box_id is not None
    with db.read() as session:
        box = sealing.get_box(session, job.actor.community_id, tender.box_id)
    binding = box.binding(f"organization:{job.made[f'firm:{bidder.name}']}")
    sealed = sealing.seal(micro_projects.write_bid(content), binding)
    db.write(micro_projects.submit_sealed_bid, own, tender.id, sealed.envelope)


def give_shares(job: Tendering, name: str, people: tuple[int, ...]) -> None:
    """Let openers give their shares, after the deadline, with the demo's keys."""
    tender = job.tender(name)
    assert tender.box_id is not None
    for person_id in people:
        with db.read() as session:
            box = sealing.get_box(session, job.actor.community_id, tender.box_id)
            headers = sealing.headers_of(session, job.actor.community_id, tender.box_id)
        place = next(each.place for each in box.openers if each.person_id == person_id)
        key = demo_key(person_id)
        shares = tuple(
            sealing.GivenShare(number, sealing.open_share(header, place, key))
            for number, header in headers
        )
        db.write(sealing.give_shares, job.player(person_id), tender.box_id, shares)


def open_bids(job: Tendering, name: str) -> None:
    """Open a tender after its deadline."""
    db.write(micro_projects.open_tender, job.staff, job.made[f"tender:{name}"])


def fill_pool(job: Tendering, neighbours: tuple[int, ...]) -> None:
    """Let volunteers' leaders be the experts of the pool, and neighbours judge beside them."""
    staff = job.staff
    for person_id, words in zip(job.cast.leaders, EXPERTS, strict=True):
        db.write(micro_projects.add_evaluator, staff, person_id, SeatKind.EXPERT, words)
    for person_id in neighbours:
        db.write(micro_projects.add_evaluator, staff, person_id, SeatKind.RESIDENT, "")
    job.made |= {f"pool:{person_id}": person_id for person_id in (*job.cast.leaders, *neighbours)}


def judge(job: Tendering, name: str, refused: Mapping[str, str], *bidders: Bidder) -> None:
    """Review every bid; `refused` gives the reason by the organisation's name."""
    for each in bidders:
        reason = refused.get(each.name, "")
        given = (job.bid_id(name, each), not reason, reason)
        db.write(micro_projects.judge_bid, job.second, *given)


def list_panel(job: Tendering, name: str, seed_at: datetime) -> None:
    """Publish who may be drawn, and that the log's next checkpoint gives the seed."""
    plan = SeedPlan(SeedSource.CHECKPOINT, seed_at)
    given = (job.made[f"tender:{name}"], plan)
    job.made[f"lot:{name}"] = db.write(micro_projects.publish_panel_list, job.second, *given)


def draw_panel(job: Tendering, name: str) -> None:
    """Sign the checkpoint that was announced, and draw."""
    db.write(transparency.checkpoint_now, job.actor)
    db.write(micro_projects.draw_panel, job.second, job.made[f"lot:{name}"])


def score(job: Tendering, name: str, marks: Mapping[str, tuple[int, ...]], sheets: int) -> None:
    """Let the first of the panel mark and sign: base marks in points, a little apart by seat."""
    tender = job.made[f"tender:{name}"]
    with db.read() as session:
        found = micro_projects.criteria_of(session, job.actor.community_id, tender)
        criteria = [each for each in found if each.kind is not CriterionKind.PRICE]
        bids = micro_projects.bids_of(session, job.actor.community_id, tender)
        people = [job.made[key] for key in job.made if key.startswith("pool:")]
        members = [act_as(session, job.actor, each) for each in people]
        seats = {
            seat.number: (member, seat.id)
            for member in members
            for seat in micro_projects.own_seats(session, member)
            if seat.tender_id == tender
        }
    for number in sorted(seats)[:sheets]:
        member, seat_id = seats[number]
        given = tuple(
            Mark(each.id, criterion.id, base * 100 - 50 * ((number + place) % 4))
            for place, each in enumerate(bids)
            if each.organization_name in marks and each.state.value == "valid"
            for criterion, base in zip(criteria, marks[each.organization_name], strict=True)
        )
        db.write(micro_projects.keep_marks, member, seat_id, given)
        db.write(micro_projects.sign_sheet, member, seat_id, "")
