"""A roll as it is posted: masked names, numbers, areas; and for the desk, whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, case, exists, or_, select
from sqlalchemy.orm import Session

from community.deliberation.errors.polls import PollNotFound
from community.deliberation.models import Poll, RollEntry, RollUnit
from community.deliberation.queries.paging import Page, has_words, read_page
from community.deliberation.queries.roll_units import units_by_entry
from community.deliberation.queries.turnout import has_returned
from community.deliberation.rules.polls import PollState, RollKind, Turnout
from community.kernel.actor import Actor
from community.kernel.masks import mask_name


@dataclass(frozen=True, slots=True)
class PostedEntry:
    """An entry as everybody may see it."""

    number: int
    head: str
    building: str
    area_centiares: int
    units: int


@dataclass(frozen=True, slots=True)
class DeskEntry:
    """An entry as the desk sees it; `has_voted` is None where turnout is nobody's to know."""

    id: int
    number: int
    head: str
    building: str
    voter_id: int | None
    is_organization: bool
    area_centiares: int
    units: tuple[tuple[int, str, int, str], ...]
    is_gap: bool
    has_voted: bool | None


def posted_roll(session: Session, actor: Actor, poll_id: int) -> tuple[PostedEntry, ...]:
    """Give a posted roll for correction, names masked, by number.

    Raises: PollNotFound, also for a draft.
    """
    row = _get(session, actor.community_id, poll_id)
    if row.state is PollState.DRAFT:
        raise PollNotFound
    entries = session.scalars(
        select(RollEntry)
        .where(RollEntry.community_id == actor.community_id, RollEntry.poll_id == poll_id)
        .order_by(RollEntry.number)
    )
    return tuple(
        PostedEntry(each.number, _shown(each, row), each.building, each.area_centiares, each.units)
        for each in entries
    )


def desk_roll(session: Session, actor: Actor, poll_id: int) -> tuple[DeskEntry, ...]:
    """Give a whole roll for the desk, gaps first.

    Raises: PollNotFound.
    """
    row = _get(session, actor.community_id, poll_id)
    chosen = _entries(row).order_by(_is_whole(row), RollEntry.number)
    return _desk_entries(session, row, session.scalars(chosen).all(), is_all=True)


def desk_roll_page(
    session: Session, actor: Actor, poll_id: int, looked_for: str = "", after: int | None = None
) -> Page[DeskEntry]:
    """Give a page of a roll for the desk, gaps first; only what somebody looks for.

    Raises: PollNotFound.
    """
    row = _get(session, actor.community_id, poll_id)
    chosen = _entries(row).where(has_words(looked_for, RollEntry.number, _says))
    order = (_is_whole(row), RollEntry.number)
    lines, found, following = read_page(session, chosen, order, RollEntry.number, after)
    entries = _desk_entries(session, row, [line[0] for line in lines], is_all=False)
    return Page(entries, found, following)


def _entries(row: Poll) -> Select[RollEntry]:
    return select(RollEntry).where(
        RollEntry.community_id == row.community_id, RollEntry.poll_id == row.id
    )


def _is_whole(row: Poll) -> ColumnElement[int]:
    """Order by whether an entry is whole: a gap is 0, so it comes first."""
    gap: ColumnElement[bool] = RollEntry.voter_id.is_(None)
    if row.roll_kind is RollKind.OWNERS:
        gap = or_(gap, RollEntry.area_centiares == 0)
    return case((gap, 0), else_=1)


def _says(part: str) -> ColumnElement[bool]:
    """Ask of an entry whether its head, its building or one of its homes has a part of a text."""
    homes = exists().where(
        RollUnit.community_id == RollEntry.community_id,
        RollUnit.roll_entry_id == RollEntry.id,
        RollUnit.name.icontains(part, autoescape=True),
    )
    return or_(
        RollEntry.head.icontains(part, autoescape=True),
        RollEntry.building.icontains(part, autoescape=True),
        homes,
    )


def _desk_entries(
    session: Session, row: Poll, entries: Sequence[RollEntry], *, is_all: bool
) -> tuple[DeskEntry, ...]:
    mine = None if is_all else [each.id for each in entries]
    units = units_by_entry(session, row.community_id, row.id, mine)
    is_seen = row.turnout is Turnout.SHOWN or row.state in {PollState.CLOSED, PollState.DECIDED}
    asked = select(RollEntry.id).where(RollEntry.poll_id == row.id, has_returned(row.id))
    if mine is not None:
        asked = asked.where(RollEntry.id.in_(mine))
    voted = set(session.scalars(asked)) if is_seen else set()
    return tuple(
        DeskEntry(
            each.id,
            each.number,
            each.head,
            each.building,
            each.voter_id,
            each.is_organization,
            each.area_centiares,
            tuple(
                (unit.unit_id, unit.name, unit.area_centiares, unit.basis.value)
                for unit in units.get(each.id, ())
            ),
            each.voter_id is None
            or (row.roll_kind is RollKind.OWNERS and each.area_centiares == 0),
            (each.id in voted) if is_seen else None,
        )
        for each in entries
    )


def _get(session: Session, community_id: int, poll_id: int) -> Poll:
    row = session.scalar(select(Poll).where(Poll.community_id == community_id, Poll.id == poll_id))
    if row is None:
        raise PollNotFound
    return row


def _shown(entry: RollEntry, row: Poll) -> str:
    """Mask the people's names; an organization's name and a home's address are public."""
    if entry.is_organization or row.roll_kind is RollKind.HOUSEHOLDS:
        return entry.head
    return "、".join(mask_name(each) for each in entry.head.split("、"))
