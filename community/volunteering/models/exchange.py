"""Hours that came from other platforms, and the street office's own forms."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, PlainJson, choice, own_key, same_community
from community.volunteering.rules.exchange import Every


class ExchangeLayout(CommunityRow, Base):
    """Which column of a platform's sheet means what; a changed layout replaces the preset."""

    __tablename__ = "exchange_layout"
    __table_args__ = (own_key(), UniqueConstraint("community_id", "platform"))

    platform: Mapped[str] = mapped_column(String(20))
    columns: Mapped[Any] = mapped_column(PlainJson)
    changed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]


class HoursImport(CommunityRow, Base):
    """One file of hours from another platform; the same file twice adds nothing.

    Its rows become records of hours whose source is an import: never worth points or coins here.
    """

    __tablename__ = "hours_import"
    __table_args__ = (own_key(), UniqueConstraint("community_id", "digest"))

    platform: Mapped[str] = mapped_column(String(20))
    file_name: Mapped[str] = mapped_column(String(120))
    file_id: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]
    job_id: Mapped[int | None]
    rows_taken: Mapped[int] = mapped_column(default=0)
    rows_overlapping: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]


class StreetForm(CommunityRow, Base):
    """The street office's own sheet, uploaded once, with the cells that we fill."""

    __tablename__ = "street_form"
    __table_args__ = (own_key(), UniqueConstraint("community_id", "name"))

    name: Mapped[str] = mapped_column(String(60))
    every: Mapped[Every] = mapped_column(choice(Every, "every"))
    file_id: Mapped[int]
    cells: Mapped[Any] = mapped_column(PlainJson)
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]
    is_closed: Mapped[bool] = mapped_column(default=False)


class FilledForm(CommunityRow, Base):
    """A street form filled for one period; filling again keeps the earlier one."""

    __tablename__ = "filled_form"
    __table_args__ = (
        own_key(),
        same_community("form_id", "street_form"),
        Index("ix_filled_form_period", "community_id", "form_id", "from_day"),
    )

    form_id: Mapped[int]
    from_day: Mapped[date]
    until_day: Mapped[date]
    file_id: Mapped[int]
    figures: Mapped[Any] = mapped_column(PlainJson)
    filled_at: Mapped[datetime]
    filled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


triggers.refuse("hours_import_no_delete", "hours_import", "DELETE", "TRUE", "an import is kept")
triggers.append_only("filled_form")
