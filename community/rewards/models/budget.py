"""Who pays for rewards; the amounts themselves stand in the ledger's reward budget book."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel.tables import Base, CommunityRow, own_key


class Payer(CommunityRow, Base):
    """A named payer of the yearly reward budget: the street office, a firm, a fund."""

    __tablename__ = "reward_payer"
    __table_args__ = (own_key(), UniqueConstraint("community_id", "name"))

    name: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
