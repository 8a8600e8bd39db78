"""Who holds which key of a fund, and the database's refusal of both in one hand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.trust_property.rules.keys import KeySide


class KeyHolder(CommunityRow, Base):
    """That a person holds the trustee's or the committee's key, from one instant to another.

    A deputy (`deputy_for_id`) stands in during a dated absence, while the other's key rests.
    """

    __tablename__ = "trust_key_holder"
    __table_args__ = (
        own_key(),
        same_community("fund_id", "trust_fund"),
        same_community("deputy_for_id", "trust_key_holder"),
        Index("ix_trust_key_holder_fund", "community_id", "fund_id", "side", "person_id"),
        CheckConstraint("until_at IS NULL OR until_at >= from_at", name="ends_after_it_begins"),
        CheckConstraint(
            "deputy_for_id IS NULL OR until_at IS NOT NULL", name="a_deputy_has_an_end"
        ),
    )

    fund_id: Mapped[int]
    side: Mapped[KeySide] = mapped_column(choice(KeySide, "side"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    deputy_for_id: Mapped[int | None]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    # The paper behind it: the election, the firm's letter, the leave.
    reference: Mapped[str] = mapped_column(String(120))
    appointed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    appointed_at: Mapped[datetime]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


triggers.refuse(
    "trust_key_holder_never_both",
    "trust_key_holder",
    "INSERT",
    "EXISTS (SELECT 1 FROM trust_key_holder o WHERE o.community_id = NEW.community_id"
    " AND o.fund_id = NEW.fund_id AND o.person_id = NEW.person_id AND o.side <> NEW.side"
    " AND (o.until_at IS NULL OR o.until_at > NEW.from_at)"
    " AND (NEW.until_at IS NULL OR NEW.until_at > o.from_at))",
    "nobody holds both keys",
)
triggers.refuse(
    "trust_key_holder_stands",
    "trust_key_holder",
    "UPDATE OF community_id, fund_id, side, person_id, deputy_for_id, from_at",
    "TRUE",
    "who held which key is never rewritten",
)
triggers.refuse(
    "trust_key_holder_ends_once",
    "trust_key_holder",
    "UPDATE OF until_at",
    "OLD.until_at IS NOT NULL AND (NEW.until_at IS NULL OR NEW.until_at > OLD.until_at)",
    "a key that ends is not lengthened",
)
triggers.refuse("trust_key_holder_no_delete", "trust_key_holder", "DELETE", "TRUE", "keys are kept")
