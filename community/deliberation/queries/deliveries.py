"""Whom the ballot has reached, how and when; and one entry of the roll at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from community import identity
from community.deliberation.errors.polls import NotOnRoll, RollEntryNotFound
from community.deliberation.models import (
    BallotPaper,
    Delivery,
    DeliveryWay,
    Mandate,
    RollEntry,
    RollUnit,
)
from community.deliberation.queries import polls
from community.deliberation.queries.paging import Page, has_words, read_page
from community.kernel import files
from community.kernel.actor import Actor

DENIED, MISSING, REACHED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """An entry, and how its ballot reached it; None while it has not."""

    roll_entry_id: int
    number: int
    head: str
    building: str
    way: DeliveryWay | None
    delivered_at: datetime | None
    note: str
    proof_id: int | None
    attempt: int
    disputed_at: datetime | None
    disputed_words: str

    @property
    def is_reached(self) -> bool:
        """Whether the ballot came, and nobody denies it."""
        return self.way is not None and self.disputed_at is None


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry of a roll as the desk serves it."""

    id: int
    poll_id: int
    number: int
    head: str
    building: str
    voter_id: int | None
    area_centiares: int
    units: tuple[str, ...]
    delivery: DeliveryView
    holder: str
    paper_code: str


def deliveries_of(
    session: Session, actor: Actor, poll_id: int, building: str = ""
) -> tuple[DeliveryView, ...]:
    """List the entries of a roll by building: those who deny it first, then those not reached.

    Raises: PollNotFound.
    """
    polls.get_poll(session, actor.community_id, poll_id)
    chosen = _chosen(actor, poll_id, building)
    ordered = chosen.order_by(_rank(), RollEntry.building, RollEntry.number)
    return tuple(_delivery(entry, row) for entry, row in session.execute(ordered))


@dataclass(frozen=True, slots=True)
class Reached:
    """Of a roll's entries, how many there are, have their ballot, and deny having it."""

    entries: int
    reached: int
    denied: int


def reached_of(session: Session, actor: Actor, poll_id: int, building: str = "") -> Reached:
    """Count whom the ballot has reached, of one building or of all."""
    ranked = _chosen(actor, poll_id, building).with_only_columns(_rank().label("rank"))
    ranks = ranked.subquery()
    rows = session.execute(select(ranks.c.rank, func.count()).group_by(ranks.c.rank))
    many = {int(rank): int(number) for rank, number in rows}
    return Reached(sum(many.values()), many.get(REACHED, 0), many.get(DENIED, 0))


def deliveries_page(
    session: Session,
    actor: Actor,
    poll_id: int,
    building: str = "",
    looked_for: str = "",
    after: int | None = None,
) -> Page[DeliveryView]:
    """Give a page of the entries of a roll: those who deny it first, then those not reached."""
    chosen = _chosen(actor, poll_id, building).where(has_words(looked_for, RollEntry.number, _says))
    order = (_rank(), RollEntry.building, RollEntry.number)
    lines, found, following = read_page(session, chosen, order, RollEntry.number, after)
    return Page(tuple(_delivery(line[0], line[1]) for line in lines), found, following)


def _chosen(actor: Actor, poll_id: int, building: str) -> Select[RollEntry, Delivery]:
    chosen = (
        select(RollEntry, Delivery)
        .select_from(RollEntry)
        .outerjoin(Delivery, _is_last())
        .where(RollEntry.community_id == actor.community_id, RollEntry.poll_id == poll_id)
    )
    return chosen.where(RollEntry.building == building) if building else chosen


def _rank() -> ColumnElement[int]:
    """Order by what is to be done: denied, not reached, reached."""
    denied, missing = Delivery.disputed_at.is_not(None), Delivery.id.is_(None)
    return case((denied, DENIED), (missing, MISSING), else_=REACHED)


def _says(part: str) -> ColumnElement[bool]:
    return or_(
        RollEntry.head.icontains(part, autoescape=True),
        RollEntry.building.icontains(part, autoescape=True),
    )


def own_deliveries(session: Session, actor: Actor, poll_id: int) -> dict[int, DeliveryView]:
    """Give how the ballots of the actor's own entries came, by entry."""
    rows = session.execute(
        select(RollEntry, Delivery)
        .outerjoin(Delivery, _is_last())
        .where(
            RollEntry.community_id == actor.community_id,
            RollEntry.poll_id == poll_id,
            RollEntry.voter_id == actor.subject_id,
        )
    )
    return {entry.id: _delivery(entry, row) for entry, row in rows}


def get_own_delivery(
    session: Session, actor: Actor, poll_id: int, roll_entry_id: int
) -> DeliveryView:
    """Give how the ballot of one of the actor's own entries came.

    Raises: NotOnRoll.
    """
    found = own_deliveries(session, actor, poll_id).get(roll_entry_id)
    if found is None:
        raise NotOnRoll
    return found


def get_entry(session: Session, actor: Actor, poll_id: int, roll_entry_id: int) -> EntryView:
    """Give an entry with its delivery, its mandate and its paper.

    Raises: RollEntryNotFound.
    """
    found = session.execute(
        select(RollEntry, Delivery, Mandate.holder_id, BallotPaper.code)
        .select_from(RollEntry)
        .outerjoin(Delivery, _is_last())
        .outerjoin(Mandate, Mandate.roll_entry_id == RollEntry.id)
        .outerjoin(BallotPaper, BallotPaper.roll_entry_id == RollEntry.id)
        .where(
            RollEntry.community_id == actor.community_id,
            RollEntry.poll_id == poll_id,
            RollEntry.id == roll_entry_id,
        )
    ).one_or_none()
    if found is None:
        raise RollEntryNotFound
    entry, delivered, holder_id, code = found
    units = session.scalars(
        select(RollUnit.name)
        .where(RollUnit.community_id == actor.community_id, RollUnit.roll_entry_id == roll_entry_id)
        .order_by(RollUnit.id)
    )
    people = identity.people(session, actor.community_id, [holder_id] if holder_id else [])
    holder = "".join(each.name for each in people.values())
    return EntryView(
        entry.id,
        entry.poll_id,
        entry.number,
        entry.head,
        entry.building,
        entry.voter_id,
        entry.area_centiares,
        tuple(units),
        _delivery(entry, delivered),
        holder,
        code or "",
    )


def get_entry_file(
    session: Session, actor: Actor, poll_id: int, roll_entry_id: int, which: str
) -> files.FileView:
    """Give the proof of an entry's delivery, or the scan of its mandate.

    Raises: RollEntryNotFound where there is none.
    """
    column = Mandate.scan_id if which == "mandate" else Delivery.proof_id
    table = column.class_
    file_id = session.scalar(
        select(column)
        .where(
            table.community_id == actor.community_id,
            table.poll_id == poll_id,
            table.roll_entry_id == roll_entry_id,
            column.is_not(None),
        )
        .order_by(table.id.desc())
        .limit(1)
    )
    if file_id is None:
        raise RollEntryNotFound
    return files.get_file(session, actor.community_id, file_id)


def _delivery(entry: RollEntry, row: Delivery | None) -> DeliveryView:
    return DeliveryView(
        entry.id,
        entry.number,
        entry.head,
        entry.building,
        None if row is None else row.way,
        None if row is None else row.delivered_at,
        "" if row is None else row.note,
        None if row is None else row.proof_id,
        0 if row is None else row.attempt,
        None if row is None else row.disputed_at,
        "" if row is None else row.disputed_words,
    )


def _is_last() -> ColumnElement[bool]:
    """Join an entry with its last delivery."""
    later = aliased(Delivery)
    return and_(
        Delivery.roll_entry_id == RollEntry.id,
        ~exists().where(
            later.roll_entry_id == Delivery.roll_entry_id, later.attempt > Delivery.attempt
        ),
    )
