"""Bids: one of each organization in a tender, its trace and receipt; no price before opening."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.micro_projects.rules.bids import BidAct, BidState


class Bid(CommunityRow, Base):
    """What an organization offers in a tender; what it says lies in its envelope until opening.

    `commitment` and `salt` are the envelope's, `note` the log's signature over the commitment.
    """

    __tablename__ = "bid"
    __table_args__ = (
        own_key(),
        same_community("tender_id", "tender"),
        same_community("envelope_id", "sealing_envelope"),
        UniqueConstraint("tender_id", "organization_id"),
        Index("ix_bid_community_id_tender_id", "community_id", "tender_id"),
        Index("ix_bid_community_id_organization_id", "community_id", "organization_id"),
        CheckConstraint("price_fen > 0", name="price"),
        CheckConstraint(
            "state <> 'pending' OR opened_at IS NOT NULL OR envelope_id IS NOT NULL"
            " OR price_fen IS NOT NULL",
            name="pending_in_an_envelope",
        ),
        CheckConstraint(
            "envelope_id IS NULL OR (commitment IS NOT NULL AND note IS NOT NULL)",
            name="envelope_with_its_receipt",
        ),
    )

    tender_id: Mapped[int]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    state: Mapped[BidState] = mapped_column(choice(BidState, "state"))
    envelope_id: Mapped[int | None]
    commitment: Mapped[bytes | None]
    salt: Mapped[bytes | None]
    note: Mapped[bytes | None]
    # The last amendment that it knew of.
    confirmed_amendment: Mapped[int] = mapped_column(default=0)
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime | None]
    # From here on empty until the opening.
    price_fen: Mapped[int | None]
    proposal: Mapped[str] = mapped_column(default="")
    opened_at: Mapped[datetime | None]
    # As the room `sealing` says it: by the site, by its openers, by the bidder.
    opened_how: Mapped[str] = mapped_column(String(20), default="")
    disqualified_reason: Mapped[str] = mapped_column(String(300), default="")


class BidEvent(CommunityRow, Base):
    """One act upon a bid before the deadline."""

    __tablename__ = "bid_event"
    __table_args__ = (
        same_community("bid_id", "bid"),
        Index("ix_bid_event_bid_id", "community_id", "bid_id"),
    )

    bid_id: Mapped[int]
    act: Mapped[BidAct] = mapped_column(choice(BidAct, "act"))
    acted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    acted_at: Mapped[datetime]


class BidFile(CommunityRow, Base):
    """A file of an opened bid: its name and hash; the bytes stay in the envelope."""

    __tablename__ = "bid_file"
    __table_args__ = (
        own_key(),
        same_community("bid_id", "bid"),
        UniqueConstraint("bid_id", "place"),
        Index("ix_bid_file_bid_id", "community_id", "bid_id"),
        CheckConstraint("place >= 0 AND size_bytes >= 0", name="numbers"),
    )

    bid_id: Mapped[int]
    place: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int]


triggers.refuse(
    "bid_event_late",
    "bid_event",
    "INSERT",
    "EXISTS (SELECT 1 FROM bid b JOIN tender t ON t.id = b.tender_id WHERE b.id = NEW.bid_id"
    " AND t.method IN ('open', 'negotiated') AND (t.frozen_at IS NOT NULL OR t.published_at IS NULL"
    " OR NEW.acted_at < t.opens_at OR NEW.acted_at >= t.deadline))",
    "the tender takes no bid now",
)
triggers.refuse("bid_event_no_delete", "bid_event", "DELETE", "TRUE", "bid_event is append-only")
triggers.refuse("bid_kept", "bid", "DELETE", "TRUE", "a bid is kept")
_LATE = (
    "EXISTS (SELECT 1 FROM tender t WHERE t.id = NEW.tender_id"
    " AND t.method IN ('open', 'negotiated')"
    " AND (t.frozen_at IS NOT NULL OR NEW.submitted_at < t.opens_at"
    " OR NEW.submitted_at >= t.deadline))"
)
_UNOPENED = (
    "EXISTS (SELECT 1 FROM tender t WHERE t.id = NEW.tender_id"
    " AND t.method IN ('open', 'negotiated')"
    " AND t.opened_at IS NULL)"
)
_TELLS = "(NEW.price_fen IS NOT NULL OR NEW.proposal <> '' OR NEW.opened_at IS NOT NULL)"
triggers.refuse(
    "bid_late",
    "bid",
    "INSERT",
    f"NEW.submitted_at IS NOT NULL AND {_LATE}",
    "the tender takes no bid now",
)
triggers.refuse(
    "bid_changed_late",
    "bid",
    "UPDATE",
    "(NEW.envelope_id <> OLD.envelope_id OR NEW.submitted_at <> OLD.submitted_at"
    " OR NEW.commitment <> OLD.commitment"
    " OR (NEW.state = 'withdrawn' AND OLD.state <> 'withdrawn')"
    f" OR NEW.confirmed_amendment <> OLD.confirmed_amendment) AND {_LATE}",
    "the tender takes no bid now",
)
for _event in ("INSERT", "UPDATE"):
    triggers.refuse(
        f"bid_sealed_{_event.lower()}",
        "bid",
        _event,
        f"{_TELLS} AND {_UNOPENED}",
        "a bid says nothing before the opening",
    )
