"""What every table is made of: the base, the column types, and same-community references."""

from __future__ import annotations

import json
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.schema import ForeignKey

from community.kernel import clock

# SQLite counts row ids up only for a column of exactly the type INTEGER.
BigId = BigInteger().with_variant(Integer, "sqlite")

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored as whole microseconds since 1970 so that both databases agree."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Write an aware instant."""
        return None if value is None else clock.micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Read an instant in UTC."""
        return None if value is None else clock.from_micros(value)


class Day(TypeDecorator[date]):
    """A Shanghai day, stored as the whole number YYYYMMDD."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> int | None:
        """Write a day."""
        return None if value is None else clock.day_number(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> date | None:
        """Read a day."""
        return None if value is None else clock.from_day_number(value)


class PlainJson(TypeDecorator[Any]):
    """A small JSON value, stored as canonical text so that it can be hashed."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write canonical JSON."""
        if value is None:
            return None
        return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read JSON."""
        return None if value is None else json.loads(value)


def choice(kind: type[Enum], name: str) -> SqlEnum:
    """Make a column type for an enum: its values as text under a CHECK named `name`."""
    return SqlEnum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    """The base of every table; flask-sqlalchemy is built on its metadata by `web`."""

    # A registry, not two attributes: flask-sqlalchemy copies the base's namespace.
    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            int: BigInteger,
            datetime: Instant,
            date: Day,
            str: Text,
            bytes: LargeBinary,
        },
    )


class CommunityRow:
    """A row that belongs to one community: the partition key comes first in every index.

    With `own_key()` and `same_community()` a reference into another community is impossible in
    the database itself.
    """

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))


def own_key() -> UniqueConstraint:
    """Let other tables refer to (community_id, id)."""
    return UniqueConstraint("community_id", "id")


def same_community(
    column: str, table: str, key: str = "id", **options: Any
) -> ForeignKeyConstraint:
    """Refer by `column` to a row of `table` in the same community."""
    return ForeignKeyConstraint(
        ["community_id", column], [f"{table}.community_id", f"{table}.{key}"], **options
    )


class Community(Base):
    """A residential community (小区 / 社区) on this installation."""

    __tablename__ = "community"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    street: Mapped[str] = mapped_column(String(60), default="")
    district: Mapped[str] = mapped_column(String(60), default="")
    is_demo: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]


class RequestAnswer(Base):
    """The first answer given under a request key; see `kernel.db.idempotency`."""

    __tablename__ = "request_answer"
    __table_args__ = (UniqueConstraint("community_id", "actor_key", "command", "request_key"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    # 0 stands for the installation itself (setting up the first community).
    community_id: Mapped[int]
    actor_key: Mapped[str] = mapped_column(String(40))
    command: Mapped[str] = mapped_column(String(80))
    request_key: Mapped[str] = mapped_column(String(80))
    payload_hash: Mapped[bytes]
    answer: Mapped[str]
    answered_at: Mapped[datetime]
