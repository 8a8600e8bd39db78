"""An uploaded residents' sheet on its way into the community."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel.tables import Base, CommunityRow, PlainJson, choice, own_key, same_community


class ImportState(StrEnum):
    """Where an import stands."""

    READ = "read"
    RUNNING = "running"
    DONE = "done"
    WITHDRAWN = "withdrawn"


# The allowed steps; a finished import stays as it is, a better file is a new one.
IMPORT_STEPS: dict[ImportState, frozenset[ImportState]] = {
    ImportState.READ: frozenset({ImportState.RUNNING, ImportState.WITHDRAWN}),
    ImportState.RUNNING: frozenset({ImportState.DONE}),
    ImportState.DONE: frozenset(),
    ImportState.WITHDRAWN: frozenset(),
}


class ResidentImport(CommunityRow, Base):
    """A residents' sheet, kept without identity-card numbers, and how its columns are read.

    `columns` holds the office's own choice by sheet, where it changed what was understood.
    """

    __tablename__ = "resident_import"
    __table_args__ = (
        own_key(),
        same_community("file_id", "stored_file"),
        CheckConstraint("(state = 'done') = (ended_at IS NOT NULL)", name="done_has_its_end"),
        Index("ix_resident_import_community_id_state", "community_id", "state"),
    )

    file_id: Mapped[int]
    columns: Mapped[Any] = mapped_column(PlainJson, default=dict)
    state: Mapped[ImportState] = mapped_column(choice(ImportState, "state"))
    job_id: Mapped[int | None]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    # When the sheet itself was given up.
    forgotten_at: Mapped[datetime | None]
