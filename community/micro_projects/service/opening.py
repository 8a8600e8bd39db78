"""Opening: once, in public, all envelopes at one moment; and what came out is written down."""

from __future__ import annotations

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import sealing, transparency
from community.kernel import clock, events
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.tenders import NotUnderDeadline, StillSealed
from community.micro_projects.events import TenderOpened
from community.micro_projects.models import Bid, BidFile, Tender
from community.micro_projects.rules.bids import (
    BidContent,
    BidState,
    BidUnreadableError,
    read_bid,
)
from community.micro_projects.rules.tenders import TenderState, counts_at_freeze
from community.micro_projects.service.freezing import freeze_if_due
from community.micro_projects.service.publishing_tenders import shanghai
from community.micro_projects.service.tender_steps import claim_step, load_tender, lock_tender
from community.sealing import Opened

OPENED = "bid.opened"
UNCONFIRMED = N_("更正后没有重新确认，按规则无效")
UNREADABLE = N_("打开后不是一份完整的投标文件")
UNOPENED = N_("到时限没有打开")
OVER_BUDGET = N_("报价超过最高限价")


def open_tender(session: Session, actor: Actor, tender_id: int) -> TenderState:
    """Open a tender's envelopes at or after its deadline; gives where the tender stands then.

    It freezes first, and one with too few bids fails instead. At L2 it waits until every envelope
    has its key, or until the time for self-opening is over.
    Raises: TenderNotFound, NotUnderDeadline, StillSealed.
    """
    actor.check(permissions.OPEN_TENDER.code)
    row = lock_tender(session, actor, tender_id)
    if not freeze_if_due(session, actor, row):
        assert row.deadline is not None
        raise NotUnderDeadline(deadline=shanghai(row.deadline))
    if row.state not in {TenderState.FROZEN, TenderState.OPENING}:
        return row.state
    assert row.box_id is not None
    row.opened_by = actor.person_id
    session.flush()
    try:
        sealing.unseal_box(session, actor, row.box_id)
    except sealing.SharesAwaited as waits:
        until = sealing.get_box(session, row.community_id, row.box_id).times.self_until
        raise StillSealed(until=shanghai(until)) from waits
    session.refresh(row)
    note_opened(session, actor, row)
    return row.state


def follow_opened_box(session: Session, actor: Actor, tender_id: int) -> None:
    """Follow a box that the last opener's shares, or the last bidder's own key, have opened."""
    note_opened(session, actor, load_tender(session, actor, tender_id))


def note_opened(session: Session, actor: Actor, row: Tender) -> None:
    """Write down what was in an opened box, once, and tell it to everybody."""
    if row.opened_at is not None or row.state is not TenderState.FROZEN:
        return
    assert row.box_id is not None
    assert row.tree_id is not None
    now = clock.now()
    claim_step(session, actor, row, TenderState.OPENING, opened_at=now)
    bids = {each.envelope_id: each for each in _bids_in(session, row)}
    for opened in sealing.each_content(session, row.community_id, row.box_id):
        bid = bids.get(opened.envelope_id)
        if bid is not None:
            _open_bid(session, row, bid, opened)
            _tell(session, row, bid, opened)
    transparency.close_private_tree(session, row.community_id, row.tree_id)
    claim_step(session, actor, row, TenderState.EVALUATING)
    events.tell(session, TenderOpened(row.community_id, row.id))


def _bids_in(session: Session, row: Tender) -> list[Bid]:
    rows = session.scalars(
        select(Bid)
        .where(
            Bid.community_id == row.community_id,
            Bid.tender_id == row.id,
            Bid.state == BidState.PENDING,
        )
        .order_by(Bid.id)
    )
    return list(rows)


def _open_bid(session: Session, row: Tender, bid: Bid, opened: Opened) -> None:
    """Fill a bid from its envelope, or say why it does not count."""
    bid.opened_at, bid.opened_how = row.opened_at, opened.how.value
    bid.salt = opened.salt
    if not counts_at_freeze(row.unconfirmed, bid.confirmed_amendment, row.amendments):
        return _void(session, bid, UNCONFIRMED)
    if opened.content is None:
        return _void(session, bid, UNOPENED if opened.envelope_key is None else UNREADABLE)
    try:
        content = read_bid(opened.content)
    except BidUnreadableError:
        return _void(session, bid, UNREADABLE)
    bid.price_fen, bid.proposal = content.price_fen, content.proposal
    if content.price_fen > row.budget_fen:
        bid.state, bid.disqualified_reason = BidState.DISQUALIFIED, say(OVER_BUDGET)
    session.flush()
    _name_files(session, bid, content)
    return None


def _void(session: Session, bid: Bid, reason: str) -> None:
    bid.state, bid.disqualified_reason = BidState.DISQUALIFIED, say(reason)
    session.flush()


def _name_files(session: Session, bid: Bid, content: BidContent) -> None:
    """Write the files' names down; their bytes stay in the envelope and are read from there."""
    for place, each in enumerate(content.files):
        session.add(
            BidFile(
                community_id=bid.community_id,
                bid_id=bid.id,
                place=place,
                name=each.name,
                sha256=hashlib.sha256(each.content).hexdigest(),
                size_bytes=len(each.content),
            )
        )
    session.flush()


def _tell(session: Session, row: Tender, bid: Bid, opened: Opened) -> None:
    """Publish a bid's commitment with its salt, its price, and how it was opened."""
    told = {
        "tender": row.id,
        "bid": bid.id,
        "organization": bid.organization_id,
        "commitment": opened.commitment.hex(),
        "salt": opened.salt.hex(),
        "how": opened.how.value,
        "state": bid.state.value,
        "price_fen": bid.price_fen,
    }
    transparency.publish(session, row.community_id, OPENED, told, bid.id)
