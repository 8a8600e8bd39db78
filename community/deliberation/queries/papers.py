"""Papers of a poll: how far each is, and which wait; where turnout is hidden, no list is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.deliberation.errors.papers import PaperNotFound
from community.deliberation.errors.polls import PollNotFound
from community.deliberation.models import (
    BallotPaper,
    PaperCount,
    PaperReading,
    Poll,
    RollEntry,
)
from community.deliberation.queries.roll_units import units_by_entry
from community.deliberation.rules.papers import SETTLED, PaperState, Reading, state_of
from community.deliberation.rules.polls import PollState, Turnout
from community.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper as the desk sees it; what was read on it is never here."""

    id: int
    poll_id: int
    code: str
    number: int
    building: str
    state: PaperState
    returned_at: datetime | None
    readers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SheetView:
    """What is printed for an entry."""

    code: str
    number: int
    head: str
    building: str
    units: tuple[str, ...]
    area_centiares: int


@dataclass(frozen=True, slots=True)
class CountView:
    """The witnessed count of a poll."""

    witnesses: str
    place: str
    began_at: datetime


def readings_of(session: Session, community_id: int, poll_id: int) -> dict[int, list[Reading]]:
    """Give the readings of a poll's papers, in their order, by paper."""
    rows = session.scalars(
        select(PaperReading)
        .join(BallotPaper, BallotPaper.id == PaperReading.paper_id)
        .where(BallotPaper.community_id == community_id, BallotPaper.poll_id == poll_id)
        .order_by(PaperReading.paper_id, PaperReading.place)
    )
    found: dict[int, list[Reading]] = {}
    for row in rows:
        found.setdefault(row.paper_id, []).append(reading(row))
    return found


def reading(row: PaperReading) -> Reading:
    """Give a row of a reading as a value."""
    pairs = None if row.pairs is None else tuple((one, many) for one, many in row.pairs)
    return Reading(row.reader_id, row.is_spoilt, pairs)


def papers_of(session: Session, actor: Actor, poll_id: int) -> tuple[PaperView, ...]:
    """List a poll's papers, what waits first.

    While a poll of hidden turnout runs, who has returned a paper is nobody's to know: all papers
    stand there as printed. Raises: PollNotFound.
    """
    poll = session.scalar(
        select(Poll).where(Poll.community_id == actor.community_id, Poll.id == poll_id)
    )
    if poll is None:
        raise PollNotFound
    is_over = poll.state in {PollState.CLOSED, PollState.DECIDED}
    is_seen = is_over or poll.turnout is Turnout.SHOWN
    read = readings_of(session, actor.community_id, poll_id)
    rows = session.execute(
        select(BallotPaper, RollEntry.number, RollEntry.building)
        .join(RollEntry, RollEntry.id == BallotPaper.roll_entry_id)
        .where(BallotPaper.community_id == actor.community_id, BallotPaper.poll_id == poll_id)
        .order_by(RollEntry.number)
    ).all()
    found = [
        _view(row, number, building, read.get(row.id, []), is_seen=is_seen)
        for row, number, building in rows
    ]
    order = list(PaperState)
    return tuple(sorted(found, key=lambda each: (each.state in SETTLED, order.index(each.state))))


def get_paper(session: Session, actor: Actor, code: str) -> PaperView:
    """Give a paper by its code, with how far it is.

    Raises: PaperNotFound.
    """
    found = session.execute(
        select(BallotPaper, RollEntry.number, RollEntry.building)
        .join(RollEntry, RollEntry.id == BallotPaper.roll_entry_id)
        .where(BallotPaper.community_id == actor.community_id, BallotPaper.code == code)
    ).one_or_none()
    if found is None:
        raise PaperNotFound
    row, number, building = found
    read = session.scalars(
        select(PaperReading).where(PaperReading.paper_id == row.id).order_by(PaperReading.place)
    )
    return _view(row, number, building, [reading(each) for each in read], is_seen=True)


def count_states(papers: tuple[PaperView, ...]) -> Mapping[PaperState, int]:
    """Count papers by how far they are."""
    return Counter(each.state for each in papers)


def unread_papers(session: Session, community_id: int, poll_id: int) -> int:
    """Count the papers that came back and are not read to their end."""
    returned = session.scalars(
        select(BallotPaper.id).where(
            BallotPaper.community_id == community_id,
            BallotPaper.poll_id == poll_id,
            BallotPaper.returned_at.is_not(None),
        )
    ).all()
    if not returned:
        return 0
    read = readings_of(session, community_id, poll_id)
    return sum(state_of(read.get(each, [])) not in SETTLED for each in returned)


def find_count(session: Session, actor: Actor, poll_id: int) -> CountView | None:
    """Find the witnessed count of a poll."""
    row = session.scalar(
        select(PaperCount).where(
            PaperCount.community_id == actor.community_id, PaperCount.poll_id == poll_id
        )
    )
    return None if row is None else CountView(row.witnesses, row.place, row.began_at)


def sheets_of(
    session: Session, actor: Actor, poll_id: int, building: str = ""
) -> tuple[SheetView, ...]:
    """Give what is printed on the papers of a poll, of one building or of all."""
    units = units_by_entry(session, actor.community_id, poll_id)
    chosen = (
        select(BallotPaper.code, RollEntry)
        .join(RollEntry, RollEntry.id == BallotPaper.roll_entry_id)
        .where(BallotPaper.community_id == actor.community_id, BallotPaper.poll_id == poll_id)
        .order_by(RollEntry.building, RollEntry.number)
    )
    if building:
        chosen = chosen.where(RollEntry.building == building)
    return tuple(
        SheetView(
            code,
            entry.number,
            entry.head,
            entry.building,
            tuple(unit.name for unit in units.get(entry.id, ())),
            entry.area_centiares,
        )
        for code, entry in session.execute(chosen)
    )


def buildings_of_roll(session: Session, actor: Actor, poll_id: int) -> tuple[tuple[str, int], ...]:
    """Give the buildings of a poll's roll, each with its entries."""
    rows = session.execute(
        select(RollEntry.building, func.count())
        .where(RollEntry.community_id == actor.community_id, RollEntry.poll_id == poll_id)
        .group_by(RollEntry.building)
        .order_by(func.min(RollEntry.number))
    )
    return tuple((building, many) for building, many in rows)


def _view(
    row: BallotPaper, number: int, building: str, read: list[Reading], *, is_seen: bool
) -> PaperView:
    returned_at = row.returned_at if is_seen else None
    return PaperView(
        row.id,
        row.poll_id,
        row.code,
        number,
        building,
        state_of(read, is_returned=returned_at is not None),
        returned_at,
        tuple(each.reader_id for each in read),
    )
