"""The public opening: who opened, how, what was in it, and what proves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity, sealing
from community.kernel.actor import Actor
from community.micro_projects import permissions
from community.micro_projects.errors.tenders import NoBid, TenderNotFound
from community.micro_projects.models import Bid, BidFile, PanelSeat
from community.micro_projects.queries.bids import BidView, bids_of, employer
from community.micro_projects.queries.tenders import TenderView, get_public_tender
from community.micro_projects.rules.bids import BidUnreadableError, read_bid
from community.micro_projects.rules.panels import ON_PANEL
from community.sealing import BoxLevel


@dataclass(frozen=True, slots=True)
class OpenerLine:
    """One who holds a key: the name, and when the shares came."""

    person_id: int
    name: str
    fingerprint: str
    given_at: datetime | None


@dataclass(frozen=True, slots=True)
class Opening:
    """An opening as everybody sees it; `bids` are empty until it is done."""

    tender: TenderView
    bids: tuple[BidView, ...]
    openers: tuple[OpenerLine, ...]
    opened_by: str
    self_until: datetime | None
    set_hash: str
    salt: str


def get_opening(session: Session, actor: Actor, tender_id: int) -> Opening:
    """Give the opening of a published tender.

    Raises: TenderNotFound.
    """
    tender = get_public_tender(session, actor, tender_id)
    if tender.box_id is None:
        raise TenderNotFound
    box = sealing.get_box(session, actor.community_id, tender.box_id)
    people = tuple(each.person_id for each in box.openers)
    asked = people if tender.opened_by is None else (*people, tender.opened_by)
    cards = identity.people(session, actor.community_id, asked)
    is_open = tender.opened_at is not None
    named = {person: card.name for person, card in cards.items()}
    return Opening(
        tender,
        bids_of(session, actor.community_id, tender_id),
        tuple(
            OpenerLine(
                each.person_id,
                named.get(each.person_id, ""),
                each.fingerprint,
                each.given_at,
            )
            for each in box.openers
        ),
        named.get(tender.opened_by or 0, ""),
        box.times.self_until if tender.level is BoxLevel.L2 else None,
        box.set_hash.hex() if is_open and box.set_hash else "",
        tender.frozen_salt.hex() if is_open and tender.frozen_salt else "",
    )


def opened_list(session: Session, actor: Actor, tender_id: int) -> dict[str, Any]:
    """Give the opened bids as the list against which receipts are checked.

    Raises: TenderNotFound, also before the opening.
    """
    opening = get_opening(session, actor, tender_id)
    if opening.tender.opened_at is None:
        raise TenderNotFound
    return {
        "tender": tender_id,
        "opened_at": opening.tender.opened_at.isoformat(),
        "frozen": {
            "hash": opening.tender.frozen_hash,
            "salt": opening.salt,
            "set_hash": opening.set_hash,
        },
        "bids": [
            {
                "bid": each.id,
                "organization": each.organization_name,
                "commitment": each.commitment,
                "salt": each.salt,
                "how": each.opened_how,
                "state": each.state.value,
                "price_fen": each.price_fen,
            }
            for each in opening.bids
        ],
    }


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file of an opened bid with its bytes."""

    name: str
    content: bytes


def bid_file(session: Session, actor: Actor, file_id: int) -> OpenedFile:
    """Give a file of an opened bid to the desk, the panel that marks it, and its bidder's staff.

    Raises: NoBid.
    """
    row = session.get(BidFile, file_id)
    if row is None or row.community_id != actor.community_id:
        raise NoBid
    bid = session.get_one(Bid, row.bid_id)
    is_own = employer(session, actor) == bid.organization_id
    if not is_own and not actor.may(permissions.READ.code) and not _marks(session, actor, bid):
        raise NoBid
    return read_bid_file(session, row)


def read_bid_file(session: Session, row: BidFile) -> OpenedFile:
    """Read a file's bytes out of its opened envelope. Raises: NoBid."""
    bid = session.get_one(Bid, row.bid_id)
    if bid.envelope_id is None:
        raise NoBid
    opened = sealing.content_of(session, row.community_id, bid.envelope_id)
    try:
        content = read_bid(opened.content or b"")
    except BidUnreadableError as error:
        raise NoBid from error
    found = content.files[row.place]
    return OpenedFile(found.name, found.content)


def _marks(session: Session, actor: Actor, bid: Bid) -> bool:
    """Tell whether the actor sits, as oneself, on the panel of a bid's tender."""
    if actor.person_id is None or actor.on_behalf_of is not None:
        return False
    seat = session.scalar(
        select(PanelSeat.id).where(
            PanelSeat.community_id == actor.community_id,
            PanelSeat.tender_id == bid.tender_id,
            PanelSeat.person_id == actor.person_id,
            PanelSeat.state.in_(ON_PANEL),
        )
    )
    return seat is not None
