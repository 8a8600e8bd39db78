"""A tender with its officer, its checker and bidders, and the steps that lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from community import identity, micro_projects, sealing
from community.identity import models as identity_models
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.micro_projects import (
    BidContent,
    BidFile,
    CriterionDraft,
    CriterionKind,
    TenderDraft,
    TenderMethod,
    TenderState,
)
from community.micro_projects.queries import bids as bid_queries
from community.micro_projects.service.bidding import BidReceipt
from community.sealing import BoxLevel
from community.sealing.queries import headers_of
from community.sealing.rules import envelope
from tests import builders
from tests.micro_projects.registering import register
from tests.micro_projects.scene import Scene, make_project, make_scene
from tests.sealing.scene import GRANTS, make_keys

MICROSECOND = timedelta(microseconds=1)
BUDGET = 9_500_000
NAMES = ("清和园艺服务部", "明亮物业服务公司", "快手工程队", "晨光社工中心", "匠心装修部")
CRITERIA = (
    CriterionDraft(CriterionKind.PRICE, "价格", 15),
    CriterionDraft(CriterionKind.TECHNICAL, "实施方案", 60),
    CriterionDraft(CriterionKind.BUSINESS, "类似经验", 25),
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass(frozen=True)
class Tendering:
    """A tender, and those around it; `keys` are the openers' private keys by person."""

    scene: Scene
    checker: Actor
    firms: tuple[int, ...]
    bidders: tuple[Actor, ...]
    project_id: int
    tender_id: int
    keys: dict[int, EllipticCurvePrivateKey]

    @property
    def community_id(self) -> int:
        return self.scene.community_id

    @property
    def officer(self) -> Actor:
        return self.scene.officer

    def view(self) -> micro_projects.TenderView:
        with db.read() as session:
            return micro_projects.find_tender(session, self.community_id, self.tender_id)

    def bids(self) -> tuple[micro_projects.BidView, ...]:
        with db.read() as session:
            return micro_projects.bids_of(session, self.community_id, self.tender_id)

    def own(self, place: int) -> bid_queries.OwnBid | None:
        with db.read() as session:
            return bid_queries.own_bid(session, self.bidders[place], self.tender_id)

    def bid(self, place: int, price_fen: int = 8_800_000, plan: str = "按图施工") -> BidReceipt:
        """Let the firm at a place hand in, sealed as the tender asks."""
        content = BidContent(price_fen, plan, (BidFile("方案.pdf", PDF),))
        actor = self.bidders[place]
        made: BidReceipt
        if self.view().level is not BoxLevel.L2:
            made = db.write(micro_projects.submit_bid, actor, self.tender_id, content)
            return made
        sealed = self.seal(place, micro_projects.write_bid(content))
        made = db.write(micro_projects.submit_sealed_bid, actor, self.tender_id, sealed)
        return made

    def seal(self, place: int, content: bytes) -> bytes:
        """Seal as the bidder's browser does."""
        box_id = self.view().box_id
        assert box_id is not None
        with db.read() as session:
            box = sealing.get_box(session, self.community_id, box_id)
        return sealing.seal(content, box.binding(f"organization:{self.firms[place]}")).envelope

    def give_shares(self, upto: int, since: int = 0) -> bool:
        """Let openers give their shares, those of places since+1 to upto; tell whether it opens."""
        box_id = self.view().box_id
        assert box_id is not None
        with db.read() as session:
            box = sealing.get_box(session, self.community_id, box_id)
        is_open = False
        for opener in box.openers[since:upto]:
            if is_open:
                break
            with db.read() as session:
                headers = headers_of(session, self.community_id, box_id)
            key = self.keys[opener.person_id]
            shares = tuple(
                sealing.GivenShare(number, envelope.open_share(header, opener.place, key))
                for number, header in headers
            )
            actor = Actor(self.community_id, opener.person_id, grants=GRANTS)
            is_open = db.write(sealing.give_shares, actor, box_id, shares)
        return is_open

    def open(self) -> TenderState:
        state: TenderState = db.write(micro_projects.open_tender, self.officer, self.tender_id)
        return state

    @contextmanager
    def bidding(self) -> Iterator[datetime]:
        """Stand in the middle of the bidding; gives the deadline."""
        found = self.view()
        assert found.opens_at is not None
        assert found.deadline is not None
        with clock.fixed(found.opens_at + timedelta(hours=1)):
            yield found.deadline

    @contextmanager
    def at_deadline(self, later: timedelta = timedelta(0)) -> Iterator[datetime]:
        found = self.view()
        assert found.deadline is not None
        with clock.fixed(found.deadline + later):
            yield found.deadline


def make_firm(community_id: int, name: str) -> tuple[int, Actor]:
    """Let a firm of the register work here with one employee who bids."""
    firm = builders.make_organization(community_id, name, identity.OrganizationKind.SUPPLIER)
    person = builders.make_person(community_id, f"{name[:2]}员工", roles=(Role.ORGANIZATION,))
    builders.add(
        identity_models.OrganizationStaff,
        community_id=community_id,
        organization_id=firm,
        person_id=person,
        from_on=builders.MOVED_IN,
    )
    register(community_id, firm)
    return firm, builders.actor(community_id, person)


def draft_of(
    *,
    method: TenderMethod = TenderMethod.OPEN,
    level: BoxLevel = BoxLevel.L1,
    openers: tuple[int, ...] = (),
    threshold: int = 0,
    budget_fen: int = BUDGET,
) -> TenderDraft:
    """Write a tender for a children's corner, bids from the day after tomorrow."""
    start = clock.now() + timedelta(days=2)
    return TenderDraft(
        "三号楼旁儿童角改造",
        "铺设软地面，装两张长椅，工期三十天。",
        method,
        budget_fen,
        level,
        opens_at=start,
        deadline=start + timedelta(days=20),
        criteria=CRITERIA,
        openers=openers,
        opener_threshold=threshold,
    )


def make_tendering(
    level: BoxLevel = BoxLevel.L1, *, firms: int = 3, openers: int = 5, k: int = 3
) -> Tendering:
    """Draft a tender of an approved project, with firms that may bid."""
    scene = make_scene()
    checker = builders.make_person(scene.community_id, "孙审查", roles=(Role.STAFF,))
    made = [make_firm(scene.community_id, name) for name in NAMES[:firms]]
    project_id = make_project(scene, title="三号楼旁儿童角改造", budget_fen=BUDGET)
    keys = make_keys(scene.community_id, openers) if level is BoxLevel.L2 else []
    people = tuple(person for person, _ in keys)
    draft = draft_of(level=level, openers=people, threshold=k if people else 0)
    tender_id = db.write(micro_projects.draft_tender, scene.officer, project_id, draft)
    return Tendering(
        scene,
        builders.actor(scene.community_id, checker),
        tuple(firm for firm, _ in made),
        tuple(actor for _, actor in made),
        project_id,
        tender_id,
        dict(keys),
    )


def publish(made: Tendering) -> Tendering:
    """Hand a draft in, let another check it, and publish it."""
    db.write(micro_projects.submit_for_check, made.officer, made.tender_id)
    db.write(micro_projects.check_tender, made.checker, made.tender_id, True)
    db.write(micro_projects.publish_tender, made.officer, made.tender_id)
    return made


def published(
    level: BoxLevel = BoxLevel.L1, *, firms: int = 3, openers: int = 5, k: int = 3
) -> Tendering:
    return publish(make_tendering(level, firms=firms, openers=openers, k=k))
