"""Died, moved, sold, tenancy ended: what ends, what stays, and how a mistake is undone."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from community import identity
from community.identity import errors, models
from community.identity.queries import consequences as sources
from community.identity.queries.changes import foresee, recent_changes
from community.identity.service import changes
from community.identity.service.buying import Buyer
from community.kernel import clock, db, events
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed, NotFound
from community.kernel.permissions import Role
from tests import builders
from tests.identity.sheets import TODAY

YESTERDAY = TODAY - timedelta(days=1)


class World:
    """A community with two clerks, a family of two in an owned flat, and a tenant."""

    def __init__(self) -> None:
        self.here = builders.make_community()
        self.clerk = self._clerk("社工甲")
        self.second = self._clerk("社工乙")
        self.home = builders.make_household(self.here, "3 号楼", "2 单元 301")
        self.wang = builders.make_person(
            self.here,
            "王秀英",
            phone="13800000001",
            household_id=self.home,
            roles=(Role.LEADER,),
        )
        self.son = builders.make_person(self.here, "王强", birth_year=1988, household_id=self.home)
        with db.read() as session:
            self.unit = identity.get_household(session, self.here, self.home).unit_id
        self._own(self.wang)

    def _clerk(self, name: str) -> Actor:
        person = builders.make_person(self.here, name, roles=(Role.STAFF,))
        return builders.actor(self.here, person)

    def _own(self, person_id: int) -> None:
        builders.add(
            models.Ownership,
            community_id=self.here,
            unit_id=self.unit,
            person_id=person_id,
            from_on=builders.MOVED_IN,
        )

    def rent(self, person_id: int) -> None:
        builders.add(
            models.Tenancy,
            community_id=self.here,
            unit_id=self.unit,
            person_id=person_id,
            from_on=builders.MOVED_IN,
        )


@pytest.fixture
def world_of_people(database: Database) -> World:
    return World()


def test_after_a_death_nothing_reaches_or_acts(
    world_of_people: World, database: Database, told: list[object]
) -> None:
    w = world_of_people
    db.write(changes.record_death, w.clerk, w.wang, YESTERDAY, w.son, False, "死亡证明已看")
    with database.read() as session:
        assert identity.addresses_of(session, w.here, w.wang) == ()
        assert identity.actor_for(session, w.wang, w.here) is None
        assert identity.household_of(session, w.here, w.wang) is None
        assert identity.members_of(session, w.here, w.home) == (w.son,)
        assert identity.people_with_role(session, w.here, Role.LEADER) == ()
        # The flat is theirs until the heirs prove what became of it.
        assert identity.owners(session, w.here, TODAY)[0].person_id == w.wang
    assert told == [identity.PersonDied(w.here, w.wang, w.son, pool=False)]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    heard: list[object] = []
    for kind in (
        identity.PersonDied,
        identity.PersonMoved,
        identity.HouseholdSold,
        identity.TenancyEnded,
        identity.ChangeUndone,
    ):
        monkeypatch.setitem(events._handlers, kind, [lambda _session, event: heard.append(event)])
    return heard


@pytest.mark.parametrize("heir", ["self", "outsider", "dead"])
def test_an_unfit_heir_is_refused(world_of_people: World, told: list[object], heir: str) -> None:
    w = world_of_people
    there = builders.make_community("other", "别处社区")
    stranger = builders.make_person(there, "路人")
    if heir == "dead":
        db.write(changes.record_death, w.clerk, w.son, YESTERDAY, None, True)
    heir_id = {"self": w.wang, "outsider": stranger, "dead": w.son}[heir]
    with pytest.raises(errors.HeirUnfit):
        db.write(changes.record_death, w.clerk, w.wang, YESTERDAY, heir_id, False)


def test_a_death_is_recorded_once(world_of_people: World, told: list[object]) -> None:
    w = world_of_people
    db.write(changes.record_death, w.clerk, w.son, YESTERDAY, None, True)
    with pytest.raises(errors.MustBeAlive):
        db.write(changes.record_death, w.clerk, w.son, YESTERDAY, None, True)


@pytest.mark.parametrize("on", [TODAY + timedelta(days=1), date(1999, 1, 1)])
def test_a_day_ahead_or_long_ago_is_refused(world_of_people: World, on: date) -> None:
    w = world_of_people
    with pytest.raises(errors.DayAhead):
        db.write(changes.record_move, w.clerk, w.son, on, False)


def test_who_moves_away_alone_leaves_the_family(
    world_of_people: World, database: Database, told: list[object]
) -> None:
    w = world_of_people
    db.write(changes.record_move, w.clerk, w.son, YESTERDAY, False)
    with database.read() as session:
        assert not identity.is_member(session, w.here, w.son)
        assert identity.is_member(session, w.here, w.wang)
        assert identity.members_of(session, w.here, w.home) == (w.wang,)
    assert told == [identity.PersonMoved(w.here, w.son, None, YESTERDAY)]


def test_an_owner_who_moves_stays_a_member_and_the_empty_household_ends(
    world_of_people: World, database: Database, told: list[object]
) -> None:
    w = world_of_people
    db.write(changes.record_move, w.clerk, w.wang, YESTERDAY, True)
    with database.read() as session:
        assert identity.is_member(session, w.here, w.wang)
        assert not identity.is_member(session, w.here, w.son)
        assert identity.households(session, w.here) == ()
    assert len(told) == 2


def test_a_sale_brings_new_owners_with_whole_shares(
    world_of_people: World, database: Database, told: list[object]
) -> None:
    w = world_of_people
    buyers = (
        Buyer("林秋月", 1980, "13800000009", 1, 3),
        Buyer("王强", 1988, "", 2, 3),
    )
    db.write(changes.record_sale, w.clerk, w.wang, w.unit, YESTERDAY, buyers, False)
    with database.read() as session:
        owners = {
            each.person_id: Fraction(each.numerator, each.denominator)
            for each in identity.owners(session, w.here, TODAY)
        }
        assert owners[w.son] == Fraction(2, 3)
        assert len(owners) == 2
        assert w.wang not in owners
        assert identity.household_of(session, w.here, w.wang) == w.home
    assert told[-1] == identity.HouseholdSold(w.here, w.unit, YESTERDAY)


def test_a_sale_with_wrong_shares_or_by_a_stranger_is_refused(world_of_people: World) -> None:
    w = world_of_people
    half = (Buyer("林秋月", 1980, "", 1, 2),)
    with pytest.raises(errors.SharesNotWhole):
        db.write(changes.record_sale, w.clerk, w.wang, w.unit, YESTERDAY, half, False)
    whole = (Buyer("林秋月", 1980),)
    with pytest.raises(errors.NotOwner):
        db.write(changes.record_sale, w.clerk, w.son, w.unit, YESTERDAY, whole, False)


def test_a_tenancy_ends_with_its_household(
    world_of_people: World, database: Database, told: list[object]
) -> None:
    w = world_of_people
    w.rent(w.son)
    db.write(changes.end_tenancy, w.clerk, w.son, YESTERDAY, False)
    with database.read() as session:
        assert not identity.is_member(session, w.here, w.son)
    assert told[0] == identity.TenancyEnded(w.here, w.unit, w.son, YESTERDAY)
    with pytest.raises(errors.NotTenant):
        db.write(changes.end_tenancy, w.clerk, w.wang, YESTERDAY, False)


def test_a_second_clerk_undoes_within_a_day(
    world_of_people: World, database: Database, told: list[object]
) -> None:
    w = world_of_people
    made = db.write(changes.record_death, w.clerk, w.wang, YESTERDAY, w.son, False)
    with pytest.raises(errors.UndoBySame):
        db.write(changes.undo_change, w.clerk, made)
    db.write(changes.undo_change, w.second, made)
    with database.read() as session:
        assert identity.is_member(session, w.here, w.wang)
        assert identity.household_of(session, w.here, w.wang) == w.home
        assert identity.people_with_role(session, w.here, Role.LEADER) == (w.wang,)
        assert identity.addresses_of(session, w.here, w.wang) != ()
        assert recent_changes(session, w.here)[0].is_undone
    assert told[-1] == identity.ChangeUndone(w.here, w.wang, "died")
    with pytest.raises(errors.UndoOver):
        db.write(changes.undo_change, w.second, made)


def test_a_day_later_there_is_no_undo(world_of_people: World, told: list[object]) -> None:
    w = world_of_people
    made = db.write(changes.record_move, w.clerk, w.son, YESTERDAY, False)
    with clock.fixed(clock.now() + timedelta(hours=24)), pytest.raises(errors.UndoOver):
        db.write(changes.undo_change, w.second, made)


def test_a_sale_is_undone_with_its_new_owners(
    world_of_people: World, database: Database, told: list[object]
) -> None:
    w = world_of_people
    buyers = (Buyer("林秋月", 1980),)
    made = db.write(changes.record_sale, w.clerk, w.wang, w.unit, YESTERDAY, buyers, True)
    db.write(changes.undo_change, w.second, made)
    with database.read() as session:
        assert [each.person_id for each in identity.owners(session, w.here, TODAY)] == [w.wang]
        assert set(identity.members_of(session, w.here, w.home)) == {w.wang, w.son}


def test_what_changed_again_since_cannot_be_undone(
    world_of_people: World, told: list[object]
) -> None:
    w = world_of_people
    first = db.write(changes.record_move, w.clerk, w.wang, YESTERDAY, False)
    db.write(changes.record_death, w.clerk, w.wang, YESTERDAY, None, True)
    with pytest.raises(errors.UndoOver):
        db.write(changes.undo_change, w.second, first)


def test_nobody_records_their_own_and_outsiders_record_nothing(world_of_people: World) -> None:
    w = world_of_people
    with pytest.raises(errors.OwnChange):
        db.write(changes.record_move, w.clerk, w.clerk.person_id, YESTERDAY, False)
    neighbour = builders.actor(w.here, w.son)
    with pytest.raises(NotAllowed):
        db.write(changes.record_move, neighbour, w.wang, YESTERDAY, False)
    there = builders.make_community("other", "别处社区")
    stranger = builders.make_person(there, "社工丙", roles=(Role.STAFF,))
    with pytest.raises(NotFound):
        db.write(changes.record_move, builders.actor(there, stranger), w.wang, YESTERDAY, False)


def test_what_follows_is_told_beforehand(
    world_of_people: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    w = world_of_people
    # What this test adds is nothing for those after it.
    monkeypatch.setattr(sources, "_sources", sources._sources.copy())
    identity.add_consequence_source(_two_shifts)
    with db.read() as session:
        found = foresee(session, w.here, w.wang, models.ChangeAct.DIED)
    assert found.roles == (Role.LEADER,)
    assert [card.name for card in found.family] == ["王强"]
    assert [each.unit for each in found.owned] == ["2 单元 301"]
    assert "取消 2 个班次。" in found.elsewhere


def _two_shifts(_session: object, _community: int, _person: int, act: str) -> tuple[str, ...]:
    return ("取消 2 个班次。",) if act == "died" else ()
