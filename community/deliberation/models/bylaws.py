"""管理规约 and 议事规则: texts by clause, in versions."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from community.deliberation.rules.bylaws import (
    LONGEST_HEADING,
    VERSION_STEPS,
    BylawKind,
    VersionState,
)
from community.deliberation.rules.motions import steps_sql
from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community


class Bylaw(CommunityRow, Base):
    """A text of the community's own law (规约)."""

    __tablename__ = "bylaw"
    __table_args__ = (own_key(), UniqueConstraint("community_id", "title"))

    kind: Mapped[BylawKind] = mapped_column(choice(BylawKind, "kind"))
    title: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime]


class BylawVersion(CommunityRow, Base):
    """A version of a text: a draft, the one in force, or a replaced one."""

    __tablename__ = "bylaw_version"
    __table_args__ = (
        own_key(),
        same_community("bylaw_id", "bylaw"),
        UniqueConstraint("community_id", "bylaw_id", "number"),
        *(
            Index(
                f"uq_bylaw_version_{state}",
                "community_id",
                "bylaw_id",
                unique=True,
                sqlite_where=text(f"state = '{state}'"),
                postgresql_where=text(f"state = '{state}'"),
            )
            for state in ("draft", "adopted")
        ),
        CheckConstraint("length(text_sha256) = 64", name="text_has_its_hash"),
        CheckConstraint("(state = 'draft') = (adopted_on IS NULL)", name="adopted_on_a_day"),
        CheckConstraint(
            "state = 'draft' OR poll_id IS NOT NULL OR motion_id IS NOT NULL"
            " OR length(adopted_by_words) > 0",
            name="adopted_by_something",
        ),
    )

    bylaw_id: Mapped[int]
    number: Mapped[int]
    state: Mapped[VersionState] = mapped_column(choice(VersionState, "state"))
    reason: Mapped[str] = mapped_column(String(500))
    text_sha256: Mapped[str] = mapped_column(String(64))
    drafted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    drafted_at: Mapped[datetime]
    adopted_on: Mapped[date | None]
    poll_id: Mapped[int | None]
    motion_id: Mapped[int | None]
    adopted_by_words: Mapped[str] = mapped_column(String(200), default="")


class BylawClause(CommunityRow, Base):
    """A clause (条) of a version."""

    __tablename__ = "bylaw_clause"
    __table_args__ = (
        own_key(),
        same_community("version_id", "bylaw_version"),
        UniqueConstraint("community_id", "version_id", "position"),
    )

    version_id: Mapped[int]
    position: Mapped[int]
    heading: Mapped[str] = mapped_column(String(LONGEST_HEADING))
    words: Mapped[str]


_ADOPTED = (
    "EXISTS (SELECT 1 FROM bylaw_version v WHERE v.id = {row}.version_id AND v.state <> 'draft')"
)
triggers.refuse(
    "bylaw_version_steps",
    "bylaw_version",
    "UPDATE OF state",
    steps_sql(VERSION_STEPS),
    "a version goes only the steps of its table",
)
triggers.refuse(
    "bylaw_version_stands",
    "bylaw_version",
    "UPDATE OF text_sha256, number, bylaw_id",
    "OLD.state <> 'draft'",
    "an adopted text stands",
)
triggers.refuse("bylaw_clause_stands", "bylaw_clause", "UPDATE", "TRUE", "clauses stand")
for _event, _row in (("INSERT", "NEW"), ("DELETE", "OLD")):
    triggers.refuse(
        f"bylaw_clause_no_{_event.lower()}",
        "bylaw_clause",
        _event,
        _ADOPTED.format(row=_row),
        "an adopted text stands",
    )
