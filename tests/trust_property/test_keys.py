"""Keys: who holds which, nobody both, deputies for dated absence, dead when taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed
from community.kernel.permissions import Role
from community.trust_property.errors.keys import (
    AbsenceUnclear,
    AlreadyAway,
    HoldsBothKeys,
    HoldsKeyAlready,
    KeyEnded,
    KeyHolderNotFound,
    NoKey,
    NotOfTheTrustee,
    RoleMissing,
)
from community.trust_property.models import KeyHolder
from community.trust_property.queries.keys import find_key, key_holders
from community.trust_property.rules.keys import KeySide
from community.trust_property.service.keys import appoint_deputy, end_key, register_key_holder
from community.trust_property.service.policies import propose_rules
from tests import builders
from tests.conftest import NOON
from tests.trust_property.acts import TERMS, agree, hold_keys, published, working_scene
from tests.trust_property.scene import Scene, firm_person, make_scene, person


def give(scene: Scene, side: KeySide, actor: Actor) -> int:
    made: int = db.write(
        register_key_holder, scene.staff, scene.fund_id, side, actor.person_id or 0, "任命书"
    )
    return made


def side_of(scene: Scene, actor: Actor) -> KeySide | None:
    with db.read() as session:
        return find_key(session, actor, scene.fund_id)


def test_the_office_gives_keys_by_paper_and_publishes_them(database: Database) -> None:
    scene = make_scene()
    hold_keys(scene)
    assert side_of(scene, scene.firm) is KeySide.TRUSTEE
    assert side_of(scene, scene.committee) is KeySide.COMMITTEE
    assert side_of(scene, scene.owner) is None
    records = published(scene, "trust.key_holder")
    assert len(records) == 4
    assert all("陈立" not in str(each) for each in records)


def test_nobody_gives_keys_to_themselves(database: Database) -> None:
    scene = make_scene()
    for actor in (scene.firm, scene.committee, scene.owner, scene.auditor):
        with pytest.raises(NotAllowed):
            db.write(
                register_key_holder,
                actor,
                scene.fund_id,
                KeySide.COMMITTEE,
                actor.person_id or 0,
                "x",
            )


def test_a_key_goes_to_the_right_role_and_firm(database: Database) -> None:
    scene = make_scene()
    with pytest.raises(RoleMissing):
        give(scene, KeySide.COMMITTEE, scene.owner)
    other_firm = builders.make_organization(scene.community_id, "外来物业")
    stranger = firm_person(scene.community_id, other_firm, "外人")
    with pytest.raises(NotOfTheTrustee):
        give(scene, KeySide.TRUSTEE, stranger)
    give(scene, KeySide.COMMITTEE, scene.committee)
    with pytest.raises(HoldsKeyAlready):
        give(scene, KeySide.COMMITTEE, scene.committee)


def test_nobody_holds_both_keys(database: Database) -> None:
    scene = make_scene()
    hold_keys(scene)
    assert scene.firm.person_id is not None
    builders.grant(scene.community_id, scene.firm.person_id, Role.COMMITTEE)
    with pytest.raises(HoldsBothKeys):
        give(scene, KeySide.COMMITTEE, scene.firm)


def test_the_database_itself_refuses_both_keys(database: Database) -> None:
    scene = make_scene()
    hold_keys(scene)

    def force(session: Session, actor: Actor) -> None:
        now = clock.now()
        session.add(
            KeyHolder(
                community_id=scene.community_id,
                fund_id=scene.fund_id,
                side=KeySide.COMMITTEE,
                person_id=scene.firm.person_id,
                from_at=now,
                reference="x",
                appointed_at=now,
            )
        )
        session.flush()

    with pytest.raises(IntegrityError, match="nobody holds both keys"):
        db.write(force, scene.staff)


def test_an_ended_key_is_dead_at_once_and_may_not_come_back(database: Database) -> None:
    scene = make_scene()
    keys = hold_keys(scene)
    db.write(end_key, scene.staff, scene.fund_id, keys["firm"])
    assert side_of(scene, scene.firm) is None
    with pytest.raises(NoKey):
        db.write(propose_rules, scene.firm, scene.fund_id, TERMS, clock.today(), "决议")
    with pytest.raises(KeyEnded):
        db.write(end_key, scene.staff, scene.fund_id, keys["firm"])
    lengthen = "UPDATE trust_key_holder SET until_at = NULL WHERE until_at IS NOT NULL"
    with pytest.raises(Exception, match="not lengthened"):
        db.write(lambda session, actor: db.statements(session).run(lengthen), scene.staff)


def test_a_deputy_stands_in_and_the_absent_key_rests(database: Database) -> None:
    scene = make_scene()
    keys = hold_keys(scene)
    deputy = person(scene.community_id, "何平", Role.COMMITTEE)
    today = clock.today()
    begin, end = today + timedelta(days=2), today + timedelta(days=4)
    db.write(
        appoint_deputy,
        scene.staff,
        scene.fund_id,
        keys["committee"],
        deputy.person_id or 0,
        begin,
        end,
        "请假条",
    )
    assert side_of(scene, deputy) is None
    for days, holder, stand_in in ((0, True, False), (2, False, True), (4, False, True)):
        with clock.fixed(NOON + timedelta(days=days)):
            assert (side_of(scene, scene.committee) is not None) is holder
            assert (side_of(scene, deputy) is not None) is stand_in
    with clock.fixed(NOON + timedelta(days=5)):
        assert side_of(scene, scene.committee) is KeySide.COMMITTEE
        assert side_of(scene, deputy) is None


def test_a_deputy_falls_silent_with_the_key_it_stands_for(database: Database) -> None:
    scene = make_scene()
    keys = hold_keys(scene)
    deputy = person(scene.community_id, "何平", Role.COMMITTEE)
    today = clock.today()
    asked = (scene.fund_id, keys["committee"], deputy.person_id or 0, today, today, "请假条")
    db.write(appoint_deputy, scene.staff, *asked)
    assert side_of(scene, deputy) is KeySide.COMMITTEE
    db.write(end_key, scene.staff, scene.fund_id, keys["committee"])
    assert side_of(scene, deputy) is None


def test_an_absence_has_days_and_one_deputy(database: Database) -> None:
    scene = make_scene()
    keys = hold_keys(scene)
    deputy = person(scene.community_id, "何平", Role.COMMITTEE)
    other = person(scene.community_id, "何安", Role.COMMITTEE)
    today = clock.today()

    def appoint(stand_in: Actor, first: int, last: int) -> None:
        db.write(
            appoint_deputy,
            scene.staff,
            scene.fund_id,
            keys["committee"],
            stand_in.person_id or 0,
            today + timedelta(days=first),
            today + timedelta(days=last),
            "请假条",
        )

    for first, last in ((-1, 1), (3, 2), (0, 400)):
        with pytest.raises(AbsenceUnclear):
            appoint(deputy, first, last)
    appoint(deputy, 0, 3)
    builders.grant(scene.community_id, scene.firm.person_id or 0, Role.COMMITTEE)
    with pytest.raises(AlreadyAway):
        appoint(other, 3, 5)
    with pytest.raises(HoldsBothKeys):
        appoint(scene.firm, 4, 5)
    appoint(other, 4, 5)


def test_another_funds_key_is_not_found(database: Database) -> None:
    scene, other = make_scene(), make_scene("yulan")
    keys = hold_keys(other)
    with pytest.raises(KeyHolderNotFound):
        db.write(end_key, scene.staff, scene.fund_id, keys["firm"])


def test_holders_are_listed_with_who_works_now(database: Database) -> None:
    scene = working_scene()
    with db.read() as session:
        shown = key_holders(session, scene.staff, scene.fund_id)
    assert [(each.name, each.works) for each in shown] == [
        ("赵国华", True),
        ("钱慧", True),
        ("陈立", True),
        ("孙倩", True),
    ]


def test_a_key_without_its_role_does_not_turn(database: Database) -> None:
    scene = make_scene()
    hold_keys(scene)
    made = db.write(propose_rules, scene.firm, scene.fund_id, TERMS, clock.today(), "决议")
    without = Actor(
        scene.community_id,
        scene.committee.person_id,
        grants=scene.committee.grants,
        roles=frozenset({"resident"}),
    )
    with pytest.raises(NoKey):
        agree(scene, made, without)
    assert agree(scene, made).keys_given == 1
