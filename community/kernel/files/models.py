"""The table of stored files; their bytes lie in the instance folder under their SHA-256."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key


class FileKind(StrEnum):
    """What the bytes are, told by the bytes."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    PDF = "pdf"
    XLSX = "xlsx"
    XLS = "xls"
    CSV = "csv"


MEDIA_TYPES: dict[FileKind, str] = {
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
    FileKind.WEBP: "image/webp",
    FileKind.PDF: "application/pdf",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.XLS: "application/vnd.ms-excel",
    FileKind.CSV: "text/csv; charset=utf-8",
}


class StoredFile(CommunityRow, Base):
    """One kept file of a community; two rows may share the same bytes on disk."""

    __tablename__ = "stored_file"
    __table_args__ = (
        own_key(),
        Index("ix_stored_file_community_id_sha256", "community_id", "sha256"),
        CheckConstraint("size_bytes > 0", "size"),
        CheckConstraint("length(sha256) = 64", "sha256"),
    )

    sha256: Mapped[str] = mapped_column(String(64))
    kind: Mapped[FileKind] = mapped_column(choice(FileKind, "kind"))
    name: Mapped[str] = mapped_column(String(200))
    size_bytes: Mapped[int]
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    kept_at: Mapped[datetime]
    # Encrypted on disk; `sha256` and `size_bytes` are those of the plain bytes.
    is_sealed: Mapped[bool] = mapped_column(default=False)
    # Set when the bytes were erased; the row stays, so that what referred to it still tells.
    dropped_at: Mapped[datetime | None]


triggers.refuse(
    "stored_file_same_bytes",
    "stored_file",
    "UPDATE",
    "NEW.sha256 <> OLD.sha256 OR NEW.community_id <> OLD.community_id"
    " OR NEW.kind <> OLD.kind OR NEW.size_bytes <> OLD.size_bytes"
    " OR NEW.is_sealed <> OLD.is_sealed",
    "the bytes of a stored file never change",
)
