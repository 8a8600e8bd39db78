"""Erasing a person's words while the books stay, and letting two rows of one person be one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, UniqueConstraint, exists, select, update
from sqlalchemy.orm import Session, aliased

from community import ledger
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.tables import Base
from community.volunteering.models import (
    Acceptance,
    BackFill,
    GoodDeed,
    HoursDispute,
    HoursRecord,
    HoursVersion,
    Need,
    Offer,
    ServiceRecord,
)
from community.volunteering.queries.balances import KINDS, balance_of
from community.volunteering.queries.personal import person_tables
from community.volunteering.rules.points import Book, person_owner
from community.volunteering.rules.states import HoursState
from community.volunteering.rules.time_bank import NeedState, OfferState
from community.volunteering.service.coins import pass_on_coins
from community.volunteering.service.hours_book import post_hours, take_back_hours

# Written once and never again, so that a trace stands: who did it stays the row it was.
STAND = frozenset({"bin_drop", "check_in_attempt", "coin_gift", "filled_form", "hours_version"})
# Free words somebody wrote about themselves or about what they need.
WORDS: tuple[tuple[Any, Any, tuple[str, ...]], ...] = (
    (Need, Need.receiver_id, ("words", "place", "closed_because")),
    (Offer, Offer.giver_id, ("words", "when_words")),
    (Acceptance, Acceptance.giver_id, ("dispute_words", "cancelled_because")),
    (GoodDeed, GoodDeed.person_id, ("reason", "answer")),
    (BackFill, BackFill.person_id, ("reason",)),
    (HoursDispute, HoursDispute.person_id, ("question",)),
    (ServiceRecord, ServiceRecord.person_id, ("holder_name", "consent_words")),
)
GONE = "已删除"
MERGED = "合并档案"


def erase_person(session: Session, actor: Actor, person_id: int) -> None:
    """Blank what a person wrote, close what is open, and give coins left to the pool."""
    mine = (Need.community_id == actor.community_id, Need.receiver_id == person_id)
    _set(session, Need, (*mine, Need.state == NeedState.OPEN), {"state": NeedState.CANCELLED})
    offered = (Offer.community_id == actor.community_id, Offer.giver_id == person_id)
    _set(session, Offer, offered, {"state": OfferState.CLOSED})
    records = (
        ServiceRecord.community_id == actor.community_id,
        ServiceRecord.person_id == person_id,
    )
    _set(session, ServiceRecord, records, {"lines": []})
    _set(
        session,
        ServiceRecord,
        (*records, ServiceRecord.revoked_at.is_(None)),
        {"revoked_at": clock.now(), "revoked_because": GONE},
    )
    for table, column, names in WORDS:
        where = (table.community_id == actor.community_id, column == person_id)
        _set(session, table, where, dict.fromkeys(names, GONE))
    pass_on_coins(session, actor, person_id, None)


def merge_person(session: Session, actor: Actor, kept_id: int, merged_id: int) -> None:
    """Let rows, points and coins of a merged row be the kept person's.

    A row that the kept person has already (both signed up for one shift) stays as it is.
    """
    _rebook_hours(session, actor, kept_id, merged_id)
    for table, columns in person_tables().items():
        if table.__tablename__ in STAND:
            continue
        for column in columns:
            _rename(session, actor, table, column, kept_id, merged_id)
    for book in Book:
        _move_book(session, actor, book, kept_id, merged_id)


def _rebook_hours(session: Session, actor: Actor, kept_id: int, merged_id: int) -> None:
    """Book confirmed hours anew under the kept person, so that each can still be corrected."""
    rows = session.scalars(
        select(HoursRecord)
        .where(
            HoursRecord.community_id == actor.community_id,
            HoursRecord.person_id == merged_id,
            HoursRecord.state == HoursState.CONFIRMED,
        )
        .order_by(HoursRecord.id)
    )
    for row in list(rows):
        take_back_hours(session, actor, row, MERGED)
        row.person_id, row.version = kept_id, row.version + 1
        session.add(
            HoursVersion(
                community_id=row.community_id, record_id=row.id, version=row.version,
                minutes=row.minutes, reason=MERGED, written_by=actor.person_id,
                written_at=clock.now(),
            )
        )  # fmt: skip
        row.posted_transaction_id = post_hours(session, actor, row)
        row.posted_version = row.version
        session.flush()


def _rename(
    session: Session,
    actor: Actor,
    table: type[Base],
    column: Column[Any],
    kept_id: int,
    merged_id: int,
) -> None:
    where: list[ColumnElement[bool]] = [
        table.community_id == actor.community_id,  # type: ignore[attr-defined]  # every table's
        column == merged_id,
    ]
    for constraint in table.__table__.constraints:  # type: ignore[attr-defined]  # a Table
        if isinstance(constraint, UniqueConstraint) and column.name in constraint.columns:
            other = aliased(table)
            same = [
                getattr(other, each.name) == getattr(table, each.name)
                for each in constraint.columns
                if each.name != column.name
            ]
            where.append(~exists().where(*same, getattr(other, column.name) == kept_id))
    values: dict[str, Any] = {column.name: kept_id}
    if table.__tablename__ == "earning":
        values["owner"] = person_owner(kept_id)
    _set(session, table, tuple(where), values)


def _move_book(session: Session, actor: Actor, book: Book, kept_id: int, merged_id: int) -> None:
    held = balance_of(session, actor.community_id, book, person_owner(merged_id)).available
    if held <= 0:
        return
    word = "points" if book is Book.POINTS else "coins"
    ledger.move_lots(
        session,
        actor,
        ledger.ensure_book(session, actor, KINDS[book]),
        person_owner(merged_id),
        person_owner(kept_id),
        held,
        f"{word}.merge",
        f"person:{merged_id}",
        f"merge:{book}:{merged_id}:{kept_id}",
    )


def _set(
    session: Session, table: Any, where: tuple[ColumnElement[bool], ...], values: dict[str, Any]
) -> None:
    session.execute(
        update(table).where(*where).values(**values).execution_options(synchronize_session=False)
    )
