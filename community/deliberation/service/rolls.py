"""Commands of a roll before the freeze: who is on it, who votes for whom, and by what area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from community import identity
from community.deliberation import permissions
from community.deliberation.errors.polls import RollEmpty, SameVoters
from community.deliberation.models import AreaBasis, Poll, RollEntry, RollUnit
from community.deliberation.queries.bodies import members_of_body
from community.deliberation.rules.polls import PollState, RollKind
from community.deliberation.rules.rolls import Head, Share, group_heads
from community.deliberation.service.poll_rows import (
    check_state,
    get_entry_row,
    get_poll_row,
    step,
)
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import NotFound

# Who votes: of age. Source: 民法典 Art. 17, 18.
ADULT_FROM = 18
NO_OWNER = "未登记业主"


@dataclass(frozen=True, slots=True)
class Line:
    """An entry on its way to the roll."""

    key: str
    head: str
    building: str = ""
    voter_id: int | None = None
    is_organization: bool = False
    area_centiares: int = 0
    unit_ids: tuple[int, ...] = ()


def post_roll(session: Session, actor: Actor, poll_id: int) -> int:
    """Draw up the roll from the registers as they stand and post it; gives its entries.

    Raises: PollNotFound, WrongPollState, RollEmpty, NotFound (no such body).
    """
    actor.check(permissions.CONVENE.code)
    row = get_poll_row(session, actor.community_id, poll_id)
    check_state(row, {PollState.DRAFT})
    if row.roll_kind is not RollKind.LIST:
        _write(session, row, _lines(session, row))
    entries = session.scalar(select(func.count()).where(RollEntry.poll_id == row.id)) or 0
    if not entries:
        raise RollEmpty
    row.roll_posted_at = clock.now()
    step(session, row, PollState.ROLL_POSTED)
    return entries


def name_voter(session: Session, actor: Actor, roll_entry_id: int, person_id: int) -> None:
    """Let a member vote for an entry: the one whom co-owners or an organization named.

    Raises: RollEntryNotFound, WrongPollState, NotFound (no member).
    """
    row, entry = _open_entry(session, actor, roll_entry_id)
    check_state(row, {PollState.DRAFT, PollState.ROLL_POSTED})
    card = identity.get_person(session, actor.community_id, person_id)
    if card.has_left or card.died_on is not None:
        raise NotFound
    entry.voter_id = person_id
    if entry.head == NO_OWNER:
        entry.head = card.name


def merge_heads(session: Session, actor: Actor, roll_entry_id: int, other_id: int) -> None:
    """Put two entries under the first one's head, area and units together.

    For a developer's units that are sold and not yet delivered. Raises: RollEntryNotFound,
    WrongPollState, SameVoters.
    """
    row, entry = _open_entry(session, actor, roll_entry_id)
    other = get_entry_row(session, actor.community_id, other_id)
    if other.poll_id != entry.poll_id or other.id == entry.id:
        raise SameVoters
    check_state(row, {PollState.DRAFT, PollState.ROLL_POSTED})
    entry.area_centiares += other.area_centiares
    entry.units += other.units
    session.flush()
    session.execute(
        update(RollUnit)
        .where(RollUnit.community_id == actor.community_id, RollUnit.roll_entry_id == other.id)
        .values(roll_entry_id=entry.id)
        .execution_options(synchronize_session=False)
    )
    session.delete(other)


def correct_area(
    session: Session, actor: Actor, poll_id: int, unit_id: int, area: int, basis: AreaBasis
) -> None:
    """Put a unit's area in 0.01 m² right on a posted roll, and on what paper it rests.

    Registered, else surveyed, else by contract. Source: 法释〔2020〕17号 Art. 8.
    Raises: PollNotFound, WrongPollState, NotFound (no such unit on the roll).
    """
    actor.check(permissions.CONVENE.code)
    row = get_poll_row(session, actor.community_id, poll_id)
    check_state(row, {PollState.ROLL_POSTED})
    unit = session.scalar(
        select(RollUnit).where(
            RollUnit.community_id == actor.community_id,
            RollUnit.poll_id == poll_id,
            RollUnit.unit_id == unit_id,
        )
    )
    if unit is None:
        raise NotFound
    entry = get_entry_row(session, actor.community_id, unit.roll_entry_id)
    entry.area_centiares += area - unit.area_centiares
    unit.area_centiares, unit.basis = area, basis


def keep_people(session: Session, row: Poll, people: Sequence[int]) -> None:
    """Write a draft's own list of people; other rolls are drawn up when they are posted."""
    if row.roll_kind is not RollKind.LIST:
        people = ()
    cards = identity.people(session, row.community_id, people)
    if set(cards) != set(people):
        raise NotFound
    lines = [_person_line(cards[each]) for each in dict.fromkeys(people)]
    _write(session, row, lines)


def _open_entry(session: Session, actor: Actor, roll_entry_id: int) -> tuple[Poll, RollEntry]:
    actor.check(permissions.CONVENE.code)
    entry = get_entry_row(session, actor.community_id, roll_entry_id)
    return get_poll_row(session, actor.community_id, entry.poll_id), entry


def _lines(session: Session, row: Poll) -> list[Line]:
    community_id, today = row.community_id, clock.today()
    if row.roll_kind is RollKind.OWNERS:
        return _owners(session, community_id)
    if row.roll_kind is RollKind.HOUSEHOLDS:
        return _households(session, community_id)
    if row.roll_kind is RollKind.BODY:
        assert row.body_id is not None
        members = members_of_body(session, community_id, row.body_id, today)
        cards = identity.people(session, community_id, members)
        return [_person_line(cards[each]) for each in members if each in cards]
    cards = identity.people(session, community_id, identity.member_ids(session, community_id))
    adults = [
        each
        for each in cards.values()
        if each.died_on is None
        and each.birth_year is not None
        # Where only the year is known, the whole year must have passed: never too early.
        and today.year - each.birth_year > ADULT_FROM
    ]
    return [_person_line(each) for each in adults]


def _person_line(card: identity.PersonCard) -> Line:
    return Line(f"person:{card.id}", card.name, card.building, card.id)


def _households(session: Session, community_id: int) -> list[Line]:
    found = []
    for home in identity.households(session, community_id):
        members = identity.members_of(session, community_id, home.id)
        cards = identity.people(session, community_id, members[:1])
        head = next(iter(cards.values()), None)
        name = f"{home.building} {home.unit}"
        voter = None if head is None else head.id
        found.append(Line(f"household:{home.id}", name, home.building, voter))
    return found


def _owners(session: Session, community_id: int) -> list[Line]:
    units = identity.units(session, community_id)
    shares = [
        Share(
            each.unit_id,
            each.area_centiares,
            f"person:{each.person_id}"
            if each.person_id is not None
            else f"organization:{each.organization_id}",
        )
        for each in identity.owners(session, community_id, clock.today())
    ]
    heads = group_heads([(each.id, each.area_centiares) for each in units], shares)
    buildings = {each.id: each.building for each in units}
    names = _owner_names(session, community_id, heads)
    return [
        Line(
            head.key,
            "、".join(names.get(each, "") for each in head.owners) or NO_OWNER,
            buildings[head.unit_ids[0]],
            head.lone_person,
            head.key.startswith("organization:"),
            head.area_centiares,
            head.unit_ids,
        )
        for head in heads
    ]


def _owner_names(session: Session, community_id: int, heads: Sequence[Head]) -> dict[str, str]:
    keys = {each for head in heads for each in head.owners}
    ids = [int(each.partition(":")[2]) for each in keys if each.startswith("person:")]
    cards = identity.people(session, community_id, ids)
    names = {f"person:{each}": card.name for each, card in cards.items()}
    firms = identity.organizations(session, community_id)
    return names | {f"organization:{each.id}": each.name for each in firms}


def _write(session: Session, row: Poll, lines: Sequence[Line]) -> None:
    """Write a roll anew, in the order of buildings and names as the registers give them."""
    session.flush()
    for table in (RollUnit, RollEntry):
        session.execute(delete(table).where(table.poll_id == row.id))
    if not lines:
        return
    session.execute(
        insert(RollEntry),
        [
            {
                "community_id": row.community_id,
                "poll_id": row.id,
                "number": number,
                "owner_key": each.key,
                "owner_hash": "",
                "head": each.head[:120],
                "building": each.building,
                "voter_id": each.voter_id,
                "is_organization": each.is_organization,
                "area_centiares": each.area_centiares,
                "units": len(each.unit_ids),
            }
            for number, each in enumerate(lines, start=1)
        ],
    )
    _write_units(session, row, lines)


def _write_units(session: Session, row: Poll, lines: Sequence[Line]) -> None:
    if not any(each.unit_ids for each in lines):
        return
    chosen = select(RollEntry.owner_key, RollEntry.id).where(RollEntry.poll_id == row.id)
    entries = {str(key): made for key, made in session.execute(chosen)}
    areas = {each.id: each.area_centiares for each in identity.units(session, row.community_id)}
    names = identity.unit_names(session, row.community_id, tuple(areas))
    rows: list[dict[str, Any]] = [
        {
            "community_id": row.community_id,
            "poll_id": row.id,
            "roll_entry_id": entries[each.key],
            "unit_id": unit_id,
            "name": names[unit_id],
            "area_centiares": areas[unit_id],
            "basis": AreaBasis.REGISTERED,
        }
        for each in lines
        for unit_id in each.unit_ids
    ]
    session.execute(insert(RollUnit), rows)
