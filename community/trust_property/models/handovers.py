"""Handovers: the moment one side's keys ended, and what was open then."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import (
    Base,
    CommunityRow,
    PlainJson,
    choice,
    own_key,
    same_community,
)
from community.trust_property.rules.keys import KeySide


class Handover(CommunityRow, Base):
    """That one side's keys changed hands (交接), with the list both sides sign."""

    __tablename__ = "trust_handover"
    __table_args__ = (
        own_key(),
        same_community("fund_id", "trust_fund"),
        CheckConstraint("(signed_at IS NULL) = (signed_sha256 = '')", name="signed_has_its_paper"),
    )

    fund_id: Mapped[int]
    side: Mapped[KeySide] = mapped_column(choice(KeySide, "side"))
    reference: Mapped[str] = mapped_column(String(120))
    handed_at: Mapped[datetime]
    handed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Ids of trust_key_holder: the keys that ended, and those that began.
    ended: Mapped[Any] = mapped_column(PlainJson)
    begun: Mapped[Any] = mapped_column(PlainJson)
    # [[kind, title, amount in fen or null], …] at that moment.
    open_items: Mapped[Any] = mapped_column(PlainJson)
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[datetime | None]
    signed_sha256: Mapped[str] = mapped_column(String(64), default="")
    signed_file_id: Mapped[int | None]


triggers.refuse(
    "trust_handover_stands",
    "trust_handover",
    "UPDATE OF community_id, fund_id, side, reference, handed_at, handed_by, ended, begun,"
    " open_items",
    "TRUE",
    "what was handed over stands",
)
triggers.refuse("trust_handover_no_delete", "trust_handover", "DELETE", "TRUE", "it is kept")
