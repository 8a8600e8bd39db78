"""Bidding: hand in, replace, confirm and withdraw, judged by the clock under the tender's lock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import sealing, transparency
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.tenders import (
    BiddingNotOpen,
    BidTooLarge,
    NoBid,
    PriceOverBudget,
    TooLate,
    WrongEnvelope,
)
from community.micro_projects.models import Bid, BidEvent, Tender
from community.micro_projects.rules.bids import (
    MOST_CONTENT_BYTES,
    MOST_FILE_BYTES,
    MOST_FILES,
    BidAct,
    BidContent,
    BidState,
    owner_of,
    write_bid,
)
from community.micro_projects.rules.money import yuan
from community.micro_projects.rules.tenders import SEALED_METHODS, TenderState, phase_at
from community.micro_projects.service.bidders import check_bidder, own_organization
from community.micro_projects.service.publishing_tenders import shanghai
from community.micro_projects.service.tender_steps import lock_tender, wrong_state
from community.sealing import BoxLevel

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class BidReceipt:
    """What a bidder takes home; the salt opens the commitment that the log signed."""

    tender_id: int
    commitment: str
    salt: str
    note: str


@db.hot_path
@db.untold
def submit_bid(session: Session, actor: Actor, tender_id: int, bid: BidContent) -> BidReceipt:
    """Hand in an organization's bid, or replace its own, where the site seals it (L0, L1).

    Raises: TenderNotFound, NotABidder, TenderStateWrong, BiddingNotOpen, TooLate, BidderUnfit,
    WrongEnvelope, BidTooLarge, PriceOverBudget.
    """
    actor.check(permissions.BID.code)
    organization_id = own_organization(session, actor)
    row = lock_tender(session, actor, tender_id)
    now = check_hours(row)
    check_bidder(session, row, organization_id)
    if row.level is BoxLevel.L2:
        raise WrongEnvelope(level=say(N_("在浏览器里加密后提交")))
    if bid.price_fen > row.budget_fen:
        raise PriceOverBudget(budget=yuan(row.budget_fen))
    size = sum(len(each.content) for each in bid.files)
    if size > MOST_FILE_BYTES or len(bid.files) > MOST_FILES:
        raise BidTooLarge(most=MOST_FILE_BYTES // MEGABYTE)
    content = write_bid(bid)
    return _keep(session, actor, row, organization_id, content, now)


@db.hot_path
@db.untold
def submit_sealed_bid(
    session: Session, actor: Actor, tender_id: int, envelope: bytes
) -> BidReceipt:
    """Hand in a bid that the bidder's own browser has sealed (L2), or replace it.

    Raises: as `submit_bid`, and the refusals of `sealing.put_envelope`.
    """
    actor.check(permissions.BID.code)
    organization_id = own_organization(session, actor)
    row = lock_tender(session, actor, tender_id)
    now = check_hours(row)
    check_bidder(session, row, organization_id)
    if row.level is not BoxLevel.L2:
        raise WrongEnvelope(level=say(N_("在页面上直接填写")))
    if len(envelope) > MOST_CONTENT_BYTES:
        raise BidTooLarge(most=MOST_FILE_BYTES // MEGABYTE)
    return _keep(session, actor, row, organization_id, envelope, now)


@db.hot_path
@db.untold
def confirm_bid(session: Session, actor: Actor, tender_id: int) -> None:
    """Say that one's bid stands as it is after the documents were changed; again changes nothing.

    Raises: TenderNotFound, NotABidder, NoBid, TenderStateWrong, TooLate.
    """
    actor.check(permissions.BID.code)
    organization_id = own_organization(session, actor)
    row = lock_tender(session, actor, tender_id)
    now = check_hours(row)
    bid = _own_bid(session, row, organization_id)
    if bid is None or bid.state is not BidState.PENDING:
        raise NoBid
    if bid.confirmed_amendment == row.amendments:
        return
    bid.confirmed_amendment = row.amendments
    session.flush()
    _note(session, actor, bid, BidAct.CONFIRMED, now)


@db.hot_path
@db.untold
def withdraw_bid(session: Session, actor: Actor, tender_id: int) -> None:
    """Take one's bid back before the deadline; another may be handed in until then.

    Raises: TenderNotFound, NotABidder, NoBid, TenderStateWrong, TooLate.
    """
    actor.check(permissions.BID.code)
    organization_id = own_organization(session, actor)
    row = lock_tender(session, actor, tender_id)
    now = check_hours(row)
    bid = _own_bid(session, row, organization_id)
    if bid is None or bid.state is not BidState.PENDING:
        raise NoBid
    assert row.box_id is not None
    sealing.withdraw_envelope(session, actor, row.box_id, owner_of(organization_id))
    bid.state = BidState.WITHDRAWN
    session.flush()
    _note(session, actor, bid, BidAct.WITHDRAWN, now)


def check_hours(row: Tender) -> datetime:
    """Judge by the clock, which is read under the lock: [opens_at, deadline); gives the moment.

    Raises: TenderStateWrong, BiddingNotOpen, TooLate.
    """
    if row.method not in SEALED_METHODS or row.published_at is None:
        raise wrong_state(row)
    now = clock.now()
    phase = phase_at(row.state, row.opens_at, row.deadline, now)
    if phase is TenderState.BIDDING:
        return now
    assert row.opens_at is not None
    assert row.deadline is not None
    if phase is TenderState.ENQUIRY:
        raise BiddingNotOpen(opens=shanghai(row.opens_at))
    if phase is TenderState.CANCELLED:
        raise wrong_state(row)
    raise TooLate(deadline=shanghai(row.deadline))


def _keep(
    session: Session,
    actor: Actor,
    row: Tender,
    organization_id: int,
    content: bytes,
    now: datetime,
) -> BidReceipt:
    """Put the content in its envelope, commit to it in the private tree, and write the bid down."""
    assert row.box_id is not None
    assert row.tree_id is not None
    put = sealing.put_envelope(session, actor, row.box_id, owner_of(organization_id), content)
    bid = _own_bid(session, row, organization_id)
    if bid is not None and bid.state is BidState.PENDING and bid.envelope_id == put.envelope_id:
        # The same bytes again are the same bid: a second tap of the button changes nothing.
        assert bid.note is not None
        return BidReceipt(row.id, put.commitment.hex(), put.salt.hex(), bid.note.decode())
    given = transparency.commit_privately(session, row.community_id, row.tree_id, put.commitment)
    act = BidAct.PUT if bid is None else BidAct.REPLACED
    if bid is None:
        bid = Bid(community_id=row.community_id, tender_id=row.id, organization_id=organization_id)
        session.add(bid)
    # The salt stays in the envelope: beside the commitment it would let somebody try prices.
    bid.state, bid.envelope_id = BidState.PENDING, put.envelope_id
    bid.commitment, bid.note = put.commitment, given.note
    bid.confirmed_amendment = row.amendments
    bid.submitted_by, bid.submitted_at = actor.person_id, now
    session.flush()
    _note(session, actor, bid, act, now)
    return BidReceipt(row.id, put.commitment.hex(), put.salt.hex(), given.note.decode())


def _own_bid(session: Session, row: Tender, organization_id: int) -> Bid | None:
    return session.scalar(
        select(Bid).where(
            Bid.community_id == row.community_id,
            Bid.tender_id == row.id,
            Bid.organization_id == organization_id,
        )
    )


def _note(session: Session, actor: Actor, bid: Bid, act: BidAct, now: datetime) -> None:
    session.add(
        BidEvent(
            community_id=bid.community_id,
            bid_id=bid.id,
            act=act,
            acted_by=actor.person_id,
            acted_at=now,
        )
    )
    session.flush()
