"""A file beside what is known: who is new, changed, unchanged, or no longer listed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from community.identity.importing.mistakes import mistake
from community.identity.importing.people import Census, Draft, OwnedShare, UnitDraft
from community.identity.importing.reading import Problem, UnitKey
from community.kernel.errors import N_


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person of the community as the database holds them."""

    person_id: int
    name: str
    birth_year: int | None = None
    birthday: date | None = None
    phones: frozenset[str] = frozenset()
    home: UnitKey | None = None
    owns: tuple[OwnedShare, ...] = ()
    rents: tuple[UnitKey, ...] = ()
    has_died: bool = False
    has_left: bool = False

    @property
    def is_present(self) -> bool:
        """Tell whether the person belongs to the community now."""
        return not (self.has_died or self.has_left)

    @property
    def units(self) -> frozenset[UnitKey]:
        """Tell every unit the person has to do with."""
        home = () if self.home is None else (self.home,)
        return frozenset((*home, *(share.unit for share in self.owns), *self.rents))


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that a file tells differently: its title, before and after in words."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Matched:
    """A person of the file who is known, with what changes; nothing when all is the same."""

    draft: Draft
    person: KnownPerson
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What an import would do, for the office to look at first."""

    new: tuple[Draft, ...]
    changed: tuple[Matched, ...]
    same: tuple[Matched, ...]
    gone: tuple[KnownPerson, ...]
    new_units: tuple[UnitDraft, ...]
    changed_units: tuple[tuple[UnitDraft, int], ...]
    sold: tuple[UnitKey, ...]
    problems: tuple[Problem, ...]

    @property
    def likely_moves(self) -> tuple[tuple[Draft, KnownPerson], ...]:
        """Pair who is new with who is gone under one name: perhaps one person who moved."""
        return tuple(
            (draft, person)
            for draft in self.new
            for person in self.gone
            if draft.name == person.name and _born_alike(draft, person)
        )

    @property
    def is_nothing(self) -> bool:
        """Tell whether importing would change nothing at all."""
        return not (self.new or self.changed or self.new_units or self.changed_units)


def compare(
    census: Census,
    known: Iterable[KnownPerson],
    areas: dict[UnitKey, int],
    *,
    lists_residents: bool,
) -> Comparison:
    """Compare a file with the community.

    Somebody is gone when a building the file covers knew them and the file does not list them;
    a file that `lists_residents` not, only speaks of owners and tenants.
    """
    people = tuple(known)
    matches, doubtful = match_all(census.people, people)
    found = {person.person_id for person in matches.values()}
    sold = sold_units(census.people, matches, people)
    dead = {index for index, person in matches.items() if person.has_died}
    known_matches = [
        Matched(draft, matches[index], changes_of(draft, matches[index], sold))
        for index, draft in enumerate(census.people)
        if index in matches and index not in dead
    ]
    asked = {index for index, _ in doubtful}
    return Comparison(
        new=tuple(
            draft
            for index, draft in enumerate(census.people)
            if index not in matches and index not in asked and not _buys(draft, sold)
        ),
        changed=tuple(each for each in known_matches if each.changes),
        same=tuple(each for each in known_matches if not each.changes),
        gone=_gone(census, people, found, doubtful, lists_residents=lists_residents),
        new_units=tuple(unit for unit in census.units if unit.unit not in areas),
        changed_units=tuple(
            (unit, areas[unit.unit])
            for unit in census.units
            if unit.unit in areas and unit.area_centiares not in {None, areas[unit.unit]}
        ),
        sold=tuple(sorted(sold)),
        problems=(
            *(_doubt(census.people[index], people) for index, people in doubtful),
            *(_listed_dead(census.people[index]) for index in sorted(dead)),
        ),
    )


Doubtful = list[tuple[int, tuple[KnownPerson, ...]]]


def match_all(
    drafts: tuple[Draft, ...], known: tuple[KnownPerson, ...]
) -> tuple[dict[int, KnownPerson], Doubtful]:
    """Find for each draft the person it means, each person once, and the drafts in doubt."""
    by_name: dict[str, list[KnownPerson]] = defaultdict(list)
    for person in known:
        by_name[person.name].append(person)
    matches: dict[int, KnownPerson] = {}
    doubtful: Doubtful = []
    taken: set[int] = set()
    # Whoever is told exactly chooses first, so that a namesake cannot be taken away.
    order = sorted(range(len(drafts)), key=lambda index: drafts[index].birth_year is None)
    for index in order:
        free = [each for each in by_name[drafts[index].name] if each.person_id not in taken]
        candidates = find_candidates(drafts[index], free)
        if len(candidates) == 1:
            matches[index] = candidates[0]
            taken.add(candidates[0].person_id)
        elif candidates:
            doubtful.append((index, tuple(candidates)))
    return matches, doubtful


def find_candidates(draft: Draft, namesakes: list[KnownPerson]) -> list[KnownPerson]:
    """Tell who of one name may be meant: by unit and birth year, else by day or phone."""
    possible = [each for each in namesakes if _born_alike(draft, each)]
    near = [each for each in possible if each.units & draft.units]
    exact = [each for each in near if each.birth_year and each.birth_year == draft.birth_year]
    present = [each for each in exact or near if each.is_present]
    if exact or near:
        return present or exact or near
    return [
        each
        for each in possible
        if (draft.birthday is not None and draft.birthday == each.birthday)
        or (draft.phone in each.phones and draft.birth_year is not None)
    ]


def _born_alike(draft: Draft, person: KnownPerson) -> bool:
    if draft.birthday and person.birthday:
        return draft.birthday == person.birthday
    return None in {draft.birth_year, person.birth_year} or draft.birth_year == person.birth_year


def sold_units(
    drafts: tuple[Draft, ...], matches: dict[int, KnownPerson], known: tuple[KnownPerson, ...]
) -> frozenset[UnitKey]:
    """Find units whose recorded owner the file replaces: that is a sale, which the desk records."""
    told: dict[UnitKey, set[int]] = defaultdict(set)
    for index, draft in enumerate(drafts):
        for share in draft.owns:
            told[share.unit].add(matches[index].person_id if index in matches else 0)
    return frozenset(
        share.unit
        for person in known
        for share in person.owns
        if share.unit in told and person.person_id not in told[share.unit]
    )


def _buys(draft: Draft, sold: frozenset[UnitKey]) -> bool:
    """Tell whether a person comes in only by a sale that the desk has yet to record."""
    return draft.only_owns and all(share.unit in sold for share in draft.owns)


def changes_of(
    draft: Draft, person: KnownPerson, sold: frozenset[UnitKey] = frozenset()
) -> tuple[Change, ...]:
    """List what the file tells differently; what it leaves out does not change."""
    changes = []
    if person.has_left:
        changes.append(Change(N_("身份"), N_("已搬走"), N_("重新登记")))
    if draft.phone and draft.phone not in person.phones:
        before = "、".join(sorted(person.phones))
        changes.append(Change(N_("手机号"), before, draft.phone))
    if draft.birth_year and person.birth_year is None:
        changes.append(Change(N_("出生年份"), "", str(draft.birth_year)))
    elif draft.birthday and person.birthday is None:
        changes.append(Change(N_("出生日期"), "", draft.birthday.isoformat()))
    if draft.home and draft.home != person.home:
        changes.append(Change(N_("住处"), str(person.home or ""), str(draft.home)))
    changes += _changed_shares(draft, person, sold)
    changes += [
        Change(N_("租住"), "", str(unit)) for unit in draft.rents if unit not in person.rents
    ]
    return tuple(changes)


def _changed_shares(draft: Draft, person: KnownPerson, sold: frozenset[UnitKey]) -> list[Change]:
    before = {share.unit: Fraction(share.numerator, share.denominator) for share in person.owns}
    return [
        Change(
            N_("产权份额"),
            f"{share.unit} {before[share.unit]}" if share.unit in before else "",
            f"{share.unit} {Fraction(share.numerator, share.denominator)}",
        )
        for share in draft.owns
        if share.unit not in sold
        and before.get(share.unit) != Fraction(share.numerator, share.denominator)
    ]


def _gone(
    census: Census,
    known: tuple[KnownPerson, ...],
    found: set[int],
    doubtful: Doubtful,
    *,
    lists_residents: bool,
) -> tuple[KnownPerson, ...]:
    covered = {unit.unit.building for unit in census.units}
    asked = {person.person_id for _, people in doubtful for person in people}

    def concerned(person: KnownPerson) -> frozenset[UnitKey]:
        if lists_residents:
            return person.units
        return frozenset((*(share.unit for share in person.owns), *person.rents))

    return tuple(
        person
        for person in known
        if person.is_present
        and person.person_id not in found | asked
        and person.name not in census.unread_names
        and any(unit.building in covered for unit in concerned(person))
    )


def _listed_dead(draft: Draft) -> Problem:
    sheet, row = draft.rows[0]
    message = N_("“{name}”在系统里已登记去世，请核对；如登记有误，请到“居民变动”更正")
    return Problem(sheet, row, -1, mistake(message, name=draft.name))


def _doubt(draft: Draft, people: tuple[KnownPerson, ...]) -> Problem:
    sheet, row = draft.rows[0]
    message = N_("系统里有 {count} 位同名的“{name}”，请补出生日期以便区分")
    return Problem(sheet, row, -1, mistake(message, count=len(people), name=draft.name))
