"""Reading bids: nothing before the opening, but to its own bidder what it handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity, sealing, transparency
from community.kernel.actor import Actor
from community.micro_projects.errors.tenders import NoBid
from community.micro_projects.models import Bid, BidEvent, BidFile, Tender
from community.micro_projects.queries.tenders import TenderView, to_view
from community.micro_projects.rules.bids import BidAct, BidState, owner_of
from community.micro_projects.rules.tenders import is_confirmed
from community.sealing import BoxLevel


@dataclass(frozen=True, slots=True)
class BidFileView:
    """A file of an opened bid."""

    id: int
    place: int
    name: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class BidView:
    """An opened bid as everybody may read it; `price_fen` is exact."""

    id: int
    tender_id: int
    organization_id: int
    organization_name: str
    state: BidState
    price_fen: int | None
    proposal: str
    files: tuple[BidFileView, ...]
    opened_at: datetime | None
    opened_how: str
    disqualified_reason: str
    commitment: str
    salt: str


@dataclass(frozen=True, slots=True)
class OwnBid:
    """An organization's own bid, for its staff alone."""

    id: int
    tender: TenderView
    organization_id: int
    state: BidState
    envelope_id: int | None
    is_confirmed: bool
    submitted_at: datetime | None
    commitment: bytes | None
    note: bytes | None
    price_fen: int | None
    disqualified_reason: str


@dataclass(frozen=True, slots=True)
class BidEventView:
    """One act upon one's own bid."""

    act: BidAct
    acted_at: datetime


def bids_of(session: Session, community_id: int, tender_id: int) -> tuple[BidView, ...]:
    """List a tender's bids by price; empty for everybody until they are opened.

    Quotations, which come in no envelope, are listed as they come.
    """
    rows = session.scalars(
        select(Bid)
        .join(Tender, Tender.id == Bid.tender_id)
        .where(
            Bid.community_id == community_id,
            Bid.tender_id == tender_id,
            (Tender.opened_at.is_not(None)) | (Tender.method.in_(("quotation", "direct"))),
            Bid.state != BidState.WITHDRAWN,
        )
    ).all()
    names = organization_names(session, community_id)
    files = _files_of(session, community_id, tuple(row.id for row in rows))
    views = [
        BidView(
            row.id,
            row.tender_id,
            row.organization_id,
            names.get(row.organization_id, ""),
            row.state,
            row.price_fen,
            row.proposal,
            files.get(row.id, ()),
            row.opened_at,
            row.opened_how,
            row.disqualified_reason,
            (row.commitment or b"").hex(),
            (row.salt or b"").hex(),
        )
        for row in rows
    ]
    return tuple(
        sorted(views, key=lambda each: (each.price_fen is None, each.price_fen or 0, each.id))
    )


def own_bid(session: Session, actor: Actor, tender_id: int) -> OwnBid | None:
    """Find the bid of the organization the actor works for."""
    organization_id = employer(session, actor)
    if organization_id is None:
        return None
    found = [each for each in own_bids(session, actor) if each.tender.id == tender_id]
    return found[0] if found else None


def get_own_bid(session: Session, actor: Actor, tender_id: int) -> OwnBid:
    """Give the bid of the organization the actor works for.

    Raises: NoBid.
    """
    found = own_bid(session, actor, tender_id)
    if found is None:
        raise NoBid
    return found


def own_bids(session: Session, actor: Actor) -> tuple[OwnBid, ...]:
    """List the bids of the organization the actor works for, the newest tender first."""
    organization_id = employer(session, actor)
    if organization_id is None:
        return ()
    rows = session.execute(
        select(Bid, Tender)
        .join(Tender, Tender.id == Bid.tender_id)
        .where(Bid.community_id == actor.community_id, Bid.organization_id == organization_id)
        .order_by(Tender.id.desc())
    )
    return tuple(
        OwnBid(
            bid.id,
            to_view(tender),
            bid.organization_id,
            bid.state,
            bid.envelope_id,
            is_confirmed(bid.confirmed_amendment, tender.amendments),
            bid.submitted_at,
            bid.commitment,
            bid.note,
            bid.price_fen,
            bid.disqualified_reason,
        )
        for bid, tender in rows
    )


def bid_events(session: Session, community_id: int, bid_id: int) -> tuple[BidEventView, ...]:
    """List what happened to a bid, the oldest first."""
    rows = session.scalars(
        select(BidEvent)
        .where(BidEvent.community_id == community_id, BidEvent.bid_id == bid_id)
        .order_by(BidEvent.id)
    )
    return tuple(BidEventView(row.act, row.acted_at) for row in rows)


def bid_receipt(session: Session, bid: OwnBid) -> bytes:
    """Write the receipt that `verify.py` and /verify check.

    Raises: NoBid when there is no envelope.
    """
    if bid.envelope_id is None or bid.note is None:
        raise NoBid
    kept = sealing.own_content(session, bid.tender.community_id, bid.envelope_id)
    return transparency.write_bid_receipt(kept.commitment, kept.salt, bid.note)


def bid_as_handed_in(session: Session, bid: OwnBid) -> bytes:
    """Give a bidder the very bytes it handed in, to check the receipt against.

    Raises: NoBid when there is no envelope.
    """
    if bid.envelope_id is None:
        raise NoBid
    return sealing.own_content(session, bid.tender.community_id, bid.envelope_id).handed_in


def binding_of(
    session: Session, tender: TenderView, organization_id: int | None
) -> dict[str, Any] | None:
    """Give what a bidder's browser binds its envelope to; None where the site seals."""
    if tender.level is not BoxLevel.L2 or tender.box_id is None or organization_id is None:
        return None
    box = sealing.get_box(session, tender.community_id, tender.box_id)
    return sealing.binding_words(box.binding(owner_of(organization_id)), box.form)


def employer(session: Session, actor: Actor) -> int | None:
    """Find for whom the actor bids; None for everybody else."""
    if actor.person_id is None or actor.on_behalf_of is not None:
        return None
    return identity.employer_of(session, actor.community_id, actor.person_id)


def organization_names(session: Session, community_id: int) -> dict[int, str]:
    """Name the organizations at work in a community."""
    return {each.id: each.name for each in identity.organizations(session, community_id)}


def _files_of(
    session: Session, community_id: int, bids: tuple[int, ...]
) -> dict[int, tuple[BidFileView, ...]]:
    rows = session.scalars(
        select(BidFile)
        .where(BidFile.community_id == community_id, BidFile.bid_id.in_(bids))
        .order_by(BidFile.bid_id, BidFile.place)
    )
    found: dict[int, tuple[BidFileView, ...]] = {}
    for row in rows:
        view = BidFileView(row.id, row.place, row.name, row.sha256, row.size_bytes)
        found[row.bid_id] = (*found.get(row.bid_id, ()), view)
    return found
