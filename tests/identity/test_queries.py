"""Who is who, where they live and who is near: only inside the own community."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from community import identity
from community.identity.models import SignInWay
from community.identity.queries.sessions import find_entry, find_entry_by_name
from community.identity.service.sessions import begin_session
from community.kernel import db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotFound
from community.kernel.permissions import Role
from tests import builders


def test_a_card_tells_two_of_one_name_apart(database: Database) -> None:
    here = builders.make_community()
    first = builders.make_household(here, "3 号楼", "2 单元 301")
    second = builders.make_household(here, "5 号楼", "1 单元 102")
    builders.make_person(here, "李伟", birth_year=1950, household_id=first, phone="13800000001")
    builders.make_person(here, "李伟", birth_year=1988, household_id=second)
    with database.read() as session:
        older, younger = identity.search_people(session, here, "李伟")
        assert (older.building, older.birth_year) == ("3 号楼", 1950)
        assert (older.phone_masked, younger.phone_masked) == ("138****0001", "")
        assert younger.building == "5 号楼"
        assert identity.search_people(session, here, "李伟 5 号楼 102") == (younger,)
        assert identity.search_people(session, here, "0001") == (older,)


def test_a_neighbour_community_sees_nobody(database: Database) -> None:
    here, there = builders.make_community(), builders.make_community("other", "别处社区")
    home = builders.make_household(here)
    person = builders.make_person(here, household_id=home, phone="13800000001")
    with database.read() as session:
        with pytest.raises(NotFound):
            identity.get_person(session, there, person)
        with pytest.raises(NotFound):
            identity.get_household(session, there, home)
        assert identity.search_people(session, there, "王") == ()
        assert identity.addresses_of(session, there, person) == ()
        assert identity.actor_for(session, person, there) is None
        assert identity.household_of(session, there, person) is None


def test_roles_become_grants(database: Database) -> None:
    here = builders.make_community()
    staff = builders.make_person(here, "周宁", roles=(Role.STAFF,))
    resident = builders.make_person(here)
    assert "identity.see_people" in builders.actor(here, staff).grants
    assert "identity.see_people" not in builders.actor(here, resident).grants
    assert builders.actor(here, resident).roles == {"resident"}
    with database.read() as session:
        assert identity.people_with_role(session, here, Role.STAFF) == (staff,)
        assert identity.people_with_role(session, here, Role.RESIDENT) == (staff, resident)


def test_nearest_building_is_by_metres_when_known(database: Database) -> None:
    near = identity.Building(1, "1", position=9, x=0, y=0)
    far = identity.Building(2, "2", position=1, x=300, y=400)
    unmeasured = identity.Building(3, "3", position=2, x=None, y=None)
    assert near.distance_to(far) == 250_000
    assert far.distance_to(unmeasured) < near.distance_to(unmeasured)


def test_an_entry_by_name_is_the_entry_by_number(database: Database) -> None:
    here, there = builders.make_community(), builders.make_community("other", "别处社区")
    person = builders.make_person(here, roles=(Role.LEADER,))

    def begin(session: Session, actor: Actor) -> str:
        return begin_session(session, person, SignInWay.TESTS, "").token

    token = db.write(begin, builders.INSTALLATION)
    with db.glance() as at:
        own, foreign, nowhere = (
            find_entry_by_name(at, token, slug) for slug in ("guihua", "other", "nowhere")
        )
        assert own == find_entry(at, token, here)
        assert foreign == nowhere == find_entry(at, token, there)
        assert find_entry_by_name(at, "no token", "guihua") is None
    assert own is not None
    assert foreign is not None
    assert own[1] is not None
    assert (own[1].community_id, own[1].person_id) == (here, person)
    assert foreign[1] is None
