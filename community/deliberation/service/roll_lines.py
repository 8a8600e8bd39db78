"""A roll on its way from the registers to its entries: one line a head, written piece by piece."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from community import identity
from community.deliberation.models import AreaBasis, Poll, RollEntry, RollUnit
from community.deliberation.queries.bodies import members_of_body
from community.deliberation.rules.polls import RollKind
from community.deliberation.rules.rolls import Head, Share, group_heads
from community.kernel import clock

# Who votes: of age. Source: 民法典 Art. 17, 18.
ADULT_FROM = 18
NO_OWNER = "未登记业主"
# Both databases bind tens of thousands of values at most.
IDS_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class LineUnit:
    """A unit as the registers have it, its area in 0.01 m²."""

    id: int
    name: str
    area_centiares: int


@dataclass(frozen=True, slots=True)
class Line:
    """An entry on its way to the roll."""

    key: str
    head: str
    building: str = ""
    voter_id: int | None = None
    is_organization: bool = False
    units: tuple[LineUnit, ...] = ()

    @property
    def area_centiares(self) -> int:
        """Tell the area of all units."""
        return sum(each.area_centiares for each in self.units)

    def as_plain(self) -> list[Any]:
        """Give the line as plain JSON."""
        units = [[each.id, each.name, each.area_centiares] for each in self.units]
        return [self.key, self.head, self.building, self.voter_id, self.is_organization, units]


def line_of(plain: Sequence[Any]) -> Line:
    """Read a line from its plain JSON."""
    key, head, building, voter_id, is_organization, units = plain
    return Line(
        key, head, building, voter_id, is_organization, tuple(LineUnit(*each) for each in units)
    )


def register_size(session: Session, row: Poll) -> int:
    """Tell about how long a poll's roll will be, without drawing it up."""
    if row.roll_kind in {RollKind.OWNERS, RollKind.HOUSEHOLDS}:
        return identity.unit_count(session, row.community_id)
    if row.roll_kind is RollKind.ADULTS:
        return len(identity.member_ids(session, row.community_id))
    return 0


def draw_up(session: Session, row: Poll) -> list[Line]:
    """Draw up a roll from the registers as they stand."""
    community_id, today = row.community_id, clock.today()
    if row.roll_kind is RollKind.OWNERS:
        return _owners(session, community_id)
    if row.roll_kind is RollKind.HOUSEHOLDS:
        return _households(session, community_id)
    if row.roll_kind is RollKind.BODY:
        assert row.body_id is not None
        members = members_of_body(session, community_id, row.body_id, today)
        cards = identity.people(session, community_id, members)
        return [person_line(cards[each]) for each in members if each in cards]
    adults = [
        each
        for each in _cards(session, community_id, identity.member_ids(session, community_id))
        if each.died_on is None
        and each.birth_year is not None
        # Where only the year is known, the whole year must have passed: never too early.
        and today.year - each.birth_year > ADULT_FROM
    ]
    return [person_line(each) for each in adults]


def person_line(card: identity.PersonCard) -> Line:
    """Make the line of one person."""
    return Line(f"person:{card.id}", card.name, card.building, card.id)


def clear_roll(session: Session, row: Poll) -> None:
    """Take away what an earlier drawing wrote; a frozen roll refuses."""
    session.flush()
    for table in (RollUnit, RollEntry):
        session.execute(
            delete(table)
            .where(table.community_id == row.community_id, table.poll_id == row.id)
            .execution_options(synchronize_session=False)
        )


def write_lines(session: Session, row: Poll, lines: Sequence[Line], first: int = 1) -> None:
    """Write entries with their units, numbered on from `first`."""
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
                "units": len(each.units),
            }
            for number, each in enumerate(lines, start=first)
        ],
    )
    _write_units(session, row, lines, first)


def _write_units(session: Session, row: Poll, lines: Sequence[Line], first: int) -> None:
    if not any(each.units for each in lines):
        return
    written = select(RollEntry.owner_key, RollEntry.id).where(
        RollEntry.community_id == row.community_id,
        RollEntry.poll_id == row.id,
        RollEntry.number >= first,
    )
    entries = {str(key): made for key, made in session.execute(written)}
    rows = [
        {
            "community_id": row.community_id,
            "poll_id": row.id,
            "roll_entry_id": entries[each.key],
            "unit_id": unit.id,
            "name": unit.name,
            "area_centiares": unit.area_centiares,
            "basis": AreaBasis.REGISTERED,
        }
        for each in lines
        for unit in each.units
    ]
    session.execute(insert(RollUnit), rows)


def _households(session: Session, community_id: int) -> list[Line]:
    heads = identity.household_heads(session, community_id)
    return [
        Line(
            f"household:{home.id}",
            f"{home.building} {home.unit}",
            home.building,
            heads.get(home.id),
        )
        for home in identity.households(session, community_id)
    ]


def _owners(session: Session, community_id: int) -> list[Line]:
    units = {each.id: each for each in identity.units(session, community_id)}
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
    held_back = {
        unit_id: f"organization:{developer_id}"
        for unit_id, developer_id in identity.undelivered_units(
            session, community_id, clock.today()
        ).items()
    }
    areas = [(each.id, each.area_centiares) for each in units.values()]
    heads = group_heads(areas, shares, held_back)
    names = _owner_names(session, community_id, heads)
    return [
        Line(
            head.key,
            "、".join(names.get(each, "") for each in head.owners) or NO_OWNER,
            units[head.unit_ids[0]].building,
            head.lone_person,
            head.key.startswith("organization:"),
            tuple(
                LineUnit(
                    each,
                    f"{units[each].building} {units[each].name}",
                    units[each].area_centiares,
                )
                for each in head.unit_ids
            ),
        )
        for head in heads
    ]


def _owner_names(session: Session, community_id: int, heads: Sequence[Head]) -> dict[str, str]:
    keys = {each for head in heads for each in head.owners}
    ids = [int(each.partition(":")[2]) for each in keys if each.startswith("person:")]
    names = {f"person:{card.id}": card.name for card in _cards(session, community_id, ids)}
    firms = identity.organizations(session, community_id)
    return names | {f"organization:{each.id}": each.name for each in firms}


def _cards(
    session: Session, community_id: int, person_ids: Collection[int]
) -> list[identity.PersonCard]:
    ids = sorted(person_ids)
    found: list[identity.PersonCard] = []
    for start in range(0, len(ids), IDS_AT_ONCE):
        cards = identity.people(session, community_id, ids[start : start + IDS_AT_ONCE])
        found += (cards[each] for each in sorted(cards))
    return found
