"""Who and what is known already, as an import compares it, and the imports themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from community.identity.importing.comparing import Comparison, KnownPerson, compare
from community.identity.importing.headers import Column
from community.identity.importing.naming import key_of
from community.identity.importing.people import OwnedShare
from community.identity.importing.pieces import Piece, pieces_of
from community.identity.importing.reading import UnitKey
from community.identity.importing.sheets import Choice, Understanding, understand
from community.identity.models import (
    Building,
    Household,
    HouseholdMember,
    ImportState,
    Membership,
    Ownership,
    Person,
    ResidentImport,
    Tenancy,
    Unit,
)
from community.identity.queries.people import numbers_of
from community.kernel import clock, files, jobs
from community.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class ImportView:
    """An import as its page shows it."""

    id: int
    file_name: str
    state: ImportState
    made_at: datetime
    ended_at: datetime | None
    job: jobs.JobView | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file tells and what importing it would do."""

    understanding: Understanding
    comparison: Comparison


def imports(session: Session, community_id: int) -> tuple[ImportView, ...]:
    """Give the latest imports of a community, newest first."""
    chosen = select(ResidentImport).where(ResidentImport.community_id == community_id)
    ordered = chosen.order_by(ResidentImport.id.desc()).limit(20)
    return tuple(_view(session, row) for row in session.scalars(ordered))


def get_import(session: Session, community_id: int, import_id: int) -> ImportView:
    """Give an import.

    Raises: NotFound in another community.
    """
    return _view(session, _row(session, community_id, import_id))


def _row(session: Session, community_id: int, import_id: int) -> ResidentImport:
    row = session.get(ResidentImport, import_id)
    if row is None or row.community_id != community_id:
        raise NotFound
    return row


def _view(session: Session, row: ResidentImport) -> ImportView:
    file = files.find_file(session, row.community_id, row.file_id)
    job = None if row.job_id is None else jobs.find_job(session, row.community_id, row.job_id)
    name = file.name if file is not None else ""
    return ImportView(row.id, name, row.state, row.made_at, row.ended_at, job)


def understanding_of(session: Session, community_id: int, import_id: int) -> Understanding:
    """Read the kept file of an import; takes some seconds for 3,000 people the first time.

    Raises: NotFound.
    """
    return _understand(*_source(session, community_id, import_id))


def pieces_of_import(session: Session, community_id: int, import_id: int) -> tuple[Piece, ...]:
    """Cut what an import's file tells into pieces to write.

    Raises: NotFound.
    """
    return _pieces(*_source(session, community_id, import_id))


def _source(
    session: Session, community_id: int, import_id: int
) -> tuple[files.FileView, tuple[tuple[int, tuple[Column | None, ...]], ...], date]:
    row = _row(session, community_id, import_id)
    file = files.get_file(session, community_id, row.file_id)
    columns = tuple(
        (int(sheet), tuple(Column(each) if each else None for each in chosen))
        for sheet, chosen in sorted(row.columns.items())
    )
    return file, columns, clock.today()


# A preview, its marked file and every chunk of its job read the same bytes again.
@lru_cache(maxsize=4)
def _understand(
    file: files.FileView, columns: tuple[tuple[int, tuple[Column | None, ...]], ...], today: date
) -> Understanding:
    with files.open_file(file) as opened:
        content = opened.read()
    choice: Choice = dict(columns)
    return understand(content, today, choice)


@lru_cache(maxsize=2)
def _pieces(
    file: files.FileView, columns: tuple[tuple[int, tuple[Column | None, ...]], ...], today: date
) -> tuple[Piece, ...]:
    return pieces_of(_understand(file, columns, today).census)


def preview_import(session: Session, community_id: int, import_id: int) -> Preview:
    """Compare an import's file with the community as it is now.

    Raises: NotFound.
    """
    found = understanding_of(session, community_id, import_id)
    comparison = compare(
        found.census,
        known_people(session, community_id),
        known_areas(session, community_id),
        lists_residents=found.lists_residents,
    )
    return Preview(found, comparison)


def known_areas(session: Session, community_id: int) -> dict[UnitKey, int]:
    """Give the area of every unit in hundredths of a square metre."""
    rows = session.execute(
        select(Building.name, Unit.name, Unit.area_centiares)
        .join(Unit, Unit.building_id == Building.id)
        .where(Unit.community_id == community_id)
    )
    return {key_of(building, unit): area for building, unit, area in rows}


def known_people(
    session: Session, community_id: int, names: Iterable[str] | None = None
) -> tuple[KnownPerson, ...]:
    """Give the people of a community, or those of some names, with homes, shares and tenancies.

    Those who died or left come too, with their last home: a sheet may still list them.
    """
    chosen = (
        select(Person, Membership.left_at)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.community_id == community_id,
            Person.merged_into.is_(None),
            Person.erased_at.is_(None),
        )
        .order_by(Person.id)
    )
    if names is not None:
        chosen = chosen.where(Person.name.in_(list(names)))
    rows = session.execute(chosen).all()
    ids = None if names is None else [person.id for person, _ in rows]
    homes = _homes(session, community_id, ids)
    owned, rented = _owned(session, community_id, ids), _rented(session, community_id, ids)
    numbers = numbers_of(session, [person.id for person, _ in rows])
    return tuple(
        KnownPerson(
            person_id=person.id,
            name=person.name,
            birth_year=person.birth_year,
            birthday=person.birthday,
            phones=frozenset(numbers.get(person.id, ())),
            home=homes.get(person.id),
            owns=tuple(owned[person.id]),
            rents=tuple(rented[person.id]),
            has_died=person.died_on is not None,
            has_left=left_at is not None,
        )
        for person, left_at in rows
    )


def _placed(
    chosen: Select[*tuple[Any, ...]], ids: list[int] | None, column: Any
) -> Select[*tuple[Any, ...]]:
    return chosen if ids is None else chosen.where(column.in_(ids))


def _homes(session: Session, community_id: int, ids: list[int] | None) -> dict[int, UnitKey]:
    member = HouseholdMember
    chosen = (
        select(member.person_id, Building.name, Unit.name, member.until_on)
        .join(Household, Household.id == member.household_id)
        .join(Unit, Unit.id == Household.unit_id)
        .join(Building, Building.id == Unit.building_id)
        .where(member.community_id == community_id)
        # The home of now comes last and stays.
        .order_by(member.until_on.is_(None), member.until_on, member.id)
    )
    rows = session.execute(_placed(chosen, ids, member.person_id))
    return {person_id: key_of(building, unit) for person_id, building, unit, _ in rows}


def _owned(
    session: Session, community_id: int, ids: list[int] | None
) -> defaultdict[int, list[OwnedShare]]:
    chosen = (
        select(
            Ownership.person_id,
            Building.name,
            Unit.name,
            Ownership.numerator,
            Ownership.denominator,
        )
        .join(Unit, Unit.id == Ownership.unit_id)
        .join(Building, Building.id == Unit.building_id)
        .where(
            Ownership.community_id == community_id,
            Ownership.until_on.is_(None),
            Ownership.person_id.is_not(None),
        )
    )
    found: defaultdict[int, list[OwnedShare]] = defaultdict(list)
    for person_id, building, unit, *share in session.execute(
        _placed(chosen, ids, Ownership.person_id)
    ):
        found[person_id].append(OwnedShare(key_of(building, unit), *share))
    return found


def _rented(
    session: Session, community_id: int, ids: list[int] | None
) -> defaultdict[int, list[UnitKey]]:
    chosen = (
        select(Tenancy.person_id, Building.name, Unit.name)
        .join(Unit, Unit.id == Tenancy.unit_id)
        .join(Building, Building.id == Unit.building_id)
        .where(Tenancy.community_id == community_id, Tenancy.until_on.is_(None))
    )
    found: defaultdict[int, list[UnitKey]] = defaultdict(list)
    for person_id, building, unit, *_ in session.execute(_placed(chosen, ids, Tenancy.person_id)):
        found[person_id].append(key_of(building, unit))
    return found
