"""A roll as it is posted: masked names, numbers, areas; and for the desk, whole."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.deliberation.errors.polls import PollNotFound
from community.deliberation.models import Poll, RollEntry
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
    units = units_by_entry(session, actor.community_id, poll_id)
    is_seen = row.turnout is Turnout.SHOWN or row.state in {PollState.CLOSED, PollState.DECIDED}
    voted = set(
        session.scalars(
            select(RollEntry.id).where(RollEntry.poll_id == poll_id, has_returned(poll_id))
        )
        if is_seen
        else ()
    )
    entries = session.scalars(
        select(RollEntry).where(
            RollEntry.community_id == actor.community_id, RollEntry.poll_id == poll_id
        )
    ).all()
    found = [
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
    ]
    return tuple(sorted(found, key=lambda each: (not each.is_gap, each.number)))


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
