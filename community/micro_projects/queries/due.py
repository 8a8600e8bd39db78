"""What an organization has to do here, gathered from bids, milestones and certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.actor import Actor
from community.micro_projects.models import Bid, LowPriceQuery, Tender
from community.micro_projects.queries.bids import employer, own_bids
from community.micro_projects.queries.contracts import ContractView, contracts
from community.micro_projects.queries.deliveries import due_milestones
from community.micro_projects.queries.suppliers import own_supplier
from community.micro_projects.rules.bids import BidState
from community.micro_projects.rules.due import DueKind, DueLine
from community.micro_projects.rules.milestones import OWED
from community.micro_projects.rules.suppliers import CertificateAge
from community.micro_projects.rules.tenders import TenderState

TAKING_BIDS = frozenset({TenderState.ENQUIRY, TenderState.BIDDING})


@dataclass(frozen=True, slots=True)
class OwnWork:
    """What an organization has to do, the most urgent first, and its contracts."""

    is_firm: bool
    due: tuple[DueLine, ...] = ()
    contracts: tuple[ContractView, ...] = ()


def own_work(session: Session, actor: Actor) -> OwnWork:
    """Gather what the organization the actor works for has to do here."""
    firm = employer(session, actor)
    if firm is None:
        return OwnWork(is_firm=False)
    today = clock.today()
    lines = [
        *_bids(session, actor, today),
        *_prices(session, actor, firm, today),
        *_milestones(session, actor, firm, today),
        *_certificates(session, actor, today),
    ]
    own = contracts(session, actor.community_id, firm)
    return OwnWork(True, tuple(sorted(lines, key=lambda each: (each.due_on, each.kind))), own)


def _bids(session: Session, actor: Actor, today: date) -> list[DueLine]:
    found = []
    for each in own_bids(session, actor):
        is_open = each.state is BidState.PENDING and each.tender.state in TAKING_BIDS
        if is_open and not each.is_confirmed and each.tender.deadline is not None:
            day = clock.day_of(each.tender.deadline)
            left = (day - today).days
            kind = DueKind.CONFIRM_BID
            found.append(DueLine(kind, each.tender.title, "", day, left, each.tender.id))
    return found


def _prices(session: Session, actor: Actor, firm: int, today: date) -> list[DueLine]:
    rows = session.execute(
        select(LowPriceQuery.due_on, Tender.id, Tender.title)
        .join(Bid, Bid.id == LowPriceQuery.bid_id)
        .join(Tender, Tender.id == Bid.tender_id)
        .where(
            LowPriceQuery.community_id == actor.community_id,
            Bid.organization_id == firm,
            LowPriceQuery.answered_at.is_(None),
            LowPriceQuery.decided_at.is_(None),
        )
    )
    return [
        DueLine(DueKind.EXPLAIN_PRICE, title, "", day, (day - today).days, tender_id)
        for day, tender_id, title in rows
    ]


def _milestones(session: Session, actor: Actor, firm: int, today: date) -> list[DueLine]:
    return [
        DueLine(
            DueKind.DELIVER,
            each.contract_title,
            each.title,
            each.due_on,
            (each.due_on - today).days,
            project_id=each.project_id,
            amount_fen=each.amount_fen,
        )
        for each in due_milestones(session, actor.community_id, firm)
        if each.state in OWED
    ]


def _certificates(session: Session, actor: Actor, today: date) -> list[DueLine]:
    supplier = own_supplier(session, actor)
    return [
        DueLine(
            DueKind.RENEW_CERTIFICATE,
            each.title,
            each.number,
            each.expires_on,
            (each.expires_on - today).days,
        )
        for each in (supplier.certificates if supplier else ())
        if each.expires_on is not None and each.age is not CertificateAge.GOOD
    ]
