"""Roles: given by another, within limits, for a time; the table decides what they may do."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from community import identity
from community.identity import service
from community.identity.errors import EndInPast, LastStaff, OwnRole, RoleBeyondOwn, RoleHeld
from community.kernel import clock, db
from community.kernel.db import Database
from community.kernel.errors import NotAllowed, NotFound
from community.kernel.permissions import Role
from tests import builders


@pytest.fixture
def here(database: Database) -> int:
    return builders.make_community()


@pytest.fixture
def clerk(here: int) -> int:
    return builders.make_person(here, "周宁", roles=(Role.STAFF,))


@pytest.fixture
def resident(here: int) -> int:
    return builders.make_person(here)


def test_a_role_holds_to_the_end_of_its_last_day(here: int, clerk: int, resident: int) -> None:
    staff = builders.actor(here, clerk)
    last = date(2026, 12, 31)
    db.write(service.grant_role, staff, resident, Role.LEADER, last)
    assert "leader" in builders.actor(here, resident).roles
    with clock.fixed(clock.at(last + timedelta(days=1)) - timedelta(seconds=1)):
        assert "leader" in builders.actor(here, resident).roles
    with clock.fixed(clock.at(last + timedelta(days=1))):
        assert "leader" not in builders.actor(here, resident).roles


def test_a_withdrawn_role_is_gone_at_once(here: int, clerk: int, resident: int) -> None:
    staff = builders.actor(here, clerk)
    granted = db.write(service.grant_role, staff, resident, Role.LEADER)
    with pytest.raises(RoleHeld):
        db.write(service.grant_role, staff, resident, Role.LEADER)
    db.write(service.withdraw_role, staff, granted)
    assert builders.actor(here, resident).roles == {"resident"}


def test_nobody_raises_themselves(here: int, clerk: int, resident: int) -> None:
    with pytest.raises(OwnRole):
        db.write(service.grant_role, builders.actor(here, clerk), clerk, Role.COMMITTEE)
    with pytest.raises(NotAllowed):
        db.write(service.grant_role, builders.actor(here, resident), clerk, Role.LEADER)


@pytest.mark.parametrize("role", [Role.STREET, Role.AUDITOR])
def test_staff_name_neither_street_nor_auditor(
    here: int, clerk: int, resident: int, role: Role
) -> None:
    with pytest.raises(RoleBeyondOwn):
        db.write(service.grant_role, builders.actor(here, clerk), resident, role)
    street = builders.make_person(here, "郑直", roles=(Role.STREET,))
    db.write(service.grant_role, builders.actor(here, street), resident, role)
    assert role.value in builders.actor(here, resident).roles


def test_the_last_clerk_stays(here: int, clerk: int) -> None:
    street = builders.actor(here, builders.make_person(here, "郑直", roles=(Role.STREET,)))
    other = builders.make_person(here, "吴敏")
    granted = db.write(service.grant_role, street, other, Role.STAFF)
    db.write(service.withdraw_role, street, granted)
    again = db.write(service.grant_role, street, other, Role.STAFF)
    with db.read() as session:
        assert identity.people_with_role(session, here, Role.STAFF) == (clerk, other)
    db.write(service.withdraw_role, street, again)
    last = builders.grant(here, other, Role.LEADER)
    db.write(service.withdraw_role, street, last)
    with pytest.raises(LastStaff):
        db.write(service.withdraw_role, street, 1)


def test_roles_stay_in_their_community(here: int, clerk: int, resident: int) -> None:
    there = builders.make_community("other", "别处")
    stranger = builders.make_person(there, "外人")
    staff = builders.actor(here, clerk)
    with pytest.raises(NotFound):
        db.write(service.grant_role, staff, stranger, Role.LEADER)
    foreign = builders.grant(there, stranger, Role.LEADER)
    with pytest.raises(NotFound):
        db.write(service.withdraw_role, staff, foreign)
    with pytest.raises(EndInPast):
        db.write(service.grant_role, staff, resident, Role.LEADER, date(2026, 11, 21))
    firm = builders.make_organization(there)
    with pytest.raises(NotFound):
        db.write(service.grant_role, staff, resident, Role.MERCHANT, None, firm)


def test_a_merchants_staff_act_for_their_shop(here: int, clerk: int, resident: int) -> None:
    firm = builders.make_organization(here)
    db.write(service.grant_role, builders.actor(here, clerk), resident, Role.MERCHANT, None, firm)
    assert builders.actor(here, resident).organization_id == firm


def test_the_permission_page_shows_the_table_itself(client: FlaskClient, here: int) -> None:
    builders.sign_in(client, builders.make_person(here, "李明"))
    page = client.get("/c/guihua/permissions").text
    for each in identity.permission_table().permissions:
        assert each.title in page


def test_a_last_day_is_shown_as_it_was_chosen(client: FlaskClient, here: int, clerk: int) -> None:
    person = builders.make_person(here, "李明")
    last = date(2026, 12, 31)
    db.write(service.grant_role, builders.actor(here, clerk), person, Role.LEADER, last)
    builders.sign_in(client, clerk)
    shown = client.get("/c/guihua/roles").text
    assert "12 月 31 日" in shown
    assert "2027" not in shown
