"""Merging two rows of one human being, and erasing a person while the books stay."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from community import identity
from community.identity import models, service
from community.identity.errors import DifferentPeople, LastStaff, MustBeAlive
from community.kernel import clock, db, events
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed, NotFound
from community.kernel.permissions import Role
from tests import builders

NUMBER = "13800000001"


@pytest.fixture
def here(database: Database) -> int:
    return builders.make_community()


@pytest.fixture
def clerk(here: int) -> Actor:
    return builders.actor(here, builders.make_person(here, "周宁", roles=(Role.STAFF,)))


def test_merging_keeps_the_history_of_both(here: int, clerk: Actor) -> None:
    home, old_home = builders.make_household(here), builders.make_household(here, "5 号楼", "101")
    kept = builders.make_person(here, "王秀英", phone=NUMBER, household_id=home)
    merged = builders.make_person(
        here, "王秀英", birth_year=None, phone="13800000002", household_id=old_home,
        roles=(Role.LEADER,),
    )  # fmt: skip
    told: list[identity.PeopleMerged] = []
    events.subscribe(identity.PeopleMerged, lambda session, event: told.append(event))
    db.write(service.merge_people, clerk, kept, merged, "身份证一致")
    assert identity.PeopleMerged(here, kept, merged) in told
    with db.read() as session:
        assert identity.actor_for(session, merged, here) is None
        assert identity.household_of(session, here, kept) == home
        assert identity.members_of(session, here, old_home) == ()
        addresses = identity.addresses_of(session, here, kept)
        assert [each.value for each in addresses] == [NUMBER, "13800000002"]
        assert [each.id for each in identity.search_people(session, here, "王秀英")] == [kept]
    assert "leader" in builders.actor(here, kept).roles


def test_merging_twice_never_makes_a_chain(here: int, clerk: Actor) -> None:
    first, second, third = (builders.make_person(here) for _ in range(3))
    db.write(service.merge_people, clerk, second, first, "同一人")
    db.write(service.merge_people, clerk, third, second, "同一人")
    with db.read() as session:
        merged = session.get(models.Person, first)
        assert merged is not None
        assert merged.merged_into == third
    with pytest.raises(MustBeAlive):
        db.write(service.merge_people, clerk, third, first, "又一次")


def test_different_people_are_not_merged(here: int, clerk: Actor) -> None:
    older = builders.make_person(here, "李伟", birth_year=1950)
    younger = builders.make_person(here, "李伟", birth_year=1988)
    with pytest.raises(DifferentPeople, match="出生年份"):
        db.write(service.merge_people, clerk, older, younger, "同名")
    with pytest.raises(DifferentPeople):
        db.write(service.merge_people, clerk, older, older, "同名")
    assert clerk.person_id is not None
    with pytest.raises(DifferentPeople):
        db.write(service.merge_people, clerk, older, clerk.person_id, "是我")
    there = builders.make_community("other", "别处")
    stranger = builders.make_person(there, "李伟", birth_year=1950)
    with pytest.raises(NotFound):
        db.write(service.merge_people, clerk, older, stranger, "同名")
    resident = builders.actor(here, older)
    with pytest.raises(NotAllowed):
        db.write(service.merge_people, resident, older, younger, "同名")


def test_erasing_takes_the_person_and_leaves_the_row(here: int, clerk: Actor) -> None:
    home = builders.make_household(here)
    person = builders.make_person(here, "王秀英", phone=NUMBER, household_id=home)
    told: list[identity.PersonErased] = []
    events.subscribe(identity.PersonErased, lambda session, event: told.append(event))
    db.write(service.erase_own, builders.actor(here, person))
    assert identity.PersonErased(here, person) in told
    with db.read() as session:
        held = json.dumps(identity.export_person(session, here, person), ensure_ascii=False)
        assert "王秀英" not in held
        assert NUMBER not in held
        assert identity.get_person(session, here, person).name == "已注销"
        assert identity.actor_for(session, person, here) is None
        assert identity.members_of(session, here, home) == ()


def test_the_last_clerk_is_not_erased(here: int, clerk: Actor) -> None:
    with pytest.raises(LastStaff):
        db.write(service.erase_own, clerk)


def test_the_export_holds_everything_but_secrets(client: FlaskClient, here: int) -> None:
    home = builders.make_household(here)
    person = builders.make_person(here, "王秀英", phone=NUMBER, household_id=home)
    builders.make_person(here, "李明", phone="13800000002")
    db.write(service.set_password, Actor(0, person), service.hash_password("correct horse"))
    builders.sign_in(client, person)
    held = client.get("/c/guihua/my-data/everything.json")
    assert held.status_code == 200
    assert "王秀英" in held.text
    assert NUMBER in held.text
    assert "李明" not in held.text
    assert "argon2" not in held.text
    assert "token_hash" not in held.text
    assert client.get("/c/guihua/my-data/everything").status_code == 200


def test_a_printed_card_names_its_owner_until_revoked(here: int, clerk: Actor) -> None:
    person = builders.make_person(here)
    db.write(service.print_card, clerk, person)
    with db.read() as session:
        first = builders.card_code(session, here, person)
        spaced = f" {first[:4].lower()}-{first[4:]} "
        assert identity.card_owner(session, here, spaced) == identity.CardOwner(person_id=person)
    db.write(service.print_card, clerk, person)
    there = builders.make_community("other", "别处")
    with db.read() as session:
        second = builders.card_code(session, here, person)
        assert identity.card_owner(session, here, first) is None
        assert identity.card_owner(session, there, second) is None


def test_a_household_card_is_renewed(here: int, clerk: Actor) -> None:
    home = builders.make_household(here)
    with db.read() as session:
        before = identity.get_household(session, here, home).card_code
    db.write(service.renew_household_card, clerk, home)
    with db.read() as session:
        after = identity.get_household(session, here, home).card_code
        assert identity.card_owner(session, here, before) is None
        assert identity.card_owner(session, here, after) == identity.CardOwner(household_id=home)


def test_the_dead_get_no_messages(here: int, database: Database) -> None:
    person = builders.make_person(here, phone=NUMBER)

    def bury(session: Session, actor: Actor) -> None:
        row = session.get(models.Person, person)
        assert row is not None
        row.died_on = clock.today()

    db.write(bury, Actor.system(here))
    with database.read() as session:
        assert identity.addresses_of(session, here, person) == ()
        assert identity.actor_for(session, person, here) is None
