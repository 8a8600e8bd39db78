"""Who may vote in a poll: entries of its roll, and the units an owner's entry stands for."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community


class AreaBasis(StrEnum):
    """On what paper a unit's area rests. Source: 法释〔2020〕17号 Art. 8."""

    REGISTERED = "registered"
    SURVEYED = "surveyed"
    CONTRACT = "contract"


class RollEntry(CommunityRow, Base):
    """One head of a poll's roll: it has one ballot, whoever brings it.

    `owner_key` tells entries of one owner apart ("person:5+person:9", "household:3");
    `owner_hash` is what the public log knows of it. `voter_id` is who votes, none in a gap.
    """

    __tablename__ = "roll_entry"
    __table_args__ = (
        own_key(),
        same_community("poll_id", "poll"),
        UniqueConstraint("poll_id", "owner_key"),
        UniqueConstraint("poll_id", "number"),
        # For ballots: an entry's ballot is a ballot of the entry's poll.
        UniqueConstraint("poll_id", "id"),
        Index("ix_roll_entry_community_id_voter_id", "community_id", "voter_id", "poll_id"),
        CheckConstraint("number >= 1 AND area_centiares >= 0", name="numbers"),
    )

    poll_id: Mapped[int]
    number: Mapped[int]
    owner_key: Mapped[str] = mapped_column(String(400))
    owner_hash: Mapped[str] = mapped_column(String(64), default="")
    head: Mapped[str] = mapped_column(String(120))
    building: Mapped[str] = mapped_column(String(60), default="")
    voter_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Whether an organization votes through the person named.
    is_organization: Mapped[bool] = mapped_column(default=False)
    area_centiares: Mapped[int] = mapped_column(default=0)
    units: Mapped[int] = mapped_column(default=0)


class RollUnit(CommunityRow, Base):
    """A unit on an owners' roll: its area as it stood at the freeze, and under whose head."""

    __tablename__ = "roll_unit"
    __table_args__ = (
        same_community("poll_id", "poll"),
        same_community("roll_entry_id", "roll_entry"),
        UniqueConstraint("poll_id", "unit_id"),
        Index("ix_roll_unit_community_id_roll_entry_id", "community_id", "roll_entry_id"),
        CheckConstraint("area_centiares >= 0", name="area"),
    )

    poll_id: Mapped[int]
    roll_entry_id: Mapped[int]
    unit_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    area_centiares: Mapped[int]
    basis: Mapped[AreaBasis] = mapped_column(choice(AreaBasis, "basis"))


_FROZEN = "EXISTS (SELECT 1 FROM poll p WHERE p.id = {row}.poll_id AND p.frozen_at IS NOT NULL)"
for _table in ("roll_entry", "roll_unit"):
    for _event, _row in (("INSERT", "NEW"), ("DELETE", "OLD")):
        triggers.refuse(
            f"{_table}_frozen_{_event.lower()}",
            _table,
            _event,
            _FROZEN.format(row=_row),
            "a frozen roll keeps its entries",
        )
triggers.refuse(
    "roll_unit_frozen_update",
    "roll_unit",
    "UPDATE",
    _FROZEN.format(row="OLD"),
    "a frozen roll keeps its units",
)
# Two rows that were one human being are merged, and an erased person's name is masked; neither
# changes what the hash covers.
triggers.refuse(
    "roll_entry_frozen_update",
    "roll_entry",
    "UPDATE",
    _FROZEN.format(row="OLD") + " AND (NEW.poll_id <> OLD.poll_id OR NEW.number <> OLD.number"
    " OR NEW.area_centiares <> OLD.area_centiares OR NEW.units <> OLD.units"
    " OR NEW.owner_key <> OLD.owner_key OR NEW.owner_hash <> OLD.owner_hash)",
    "a frozen roll keeps its entries",
)
