"""Acting for somebody (代办): agreed, limited, named on every act, ended at once."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from community import identity
from community.identity import models, service
from community.identity.errors import (
    AccessAsked,
    EndInPast,
    NotAChild,
    NothingToDecide,
    NotOfAge,
    NotProved,
    NotWhileActing,
    OutOfScope,
    ScopeEmpty,
    TooLong,
    WithOneself,
)
from community.identity.models import Relation
from community.identity.rules.roles import with_reading
from community.kernel import clock, db, ids
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed, NotFound, RuleBroken
from community.kernel.permissions import PermissionTable, Role, permission
from tests import builders
from tests.conftest import NOON

BUY = permission("tests.buy", "买东西", Role.RESIDENT)
SELL = permission("tests.sell", "卖东西", Role.RESIDENT)
RUN = permission("tests.run", "管理", Role.STAFF)
SCOPE = frozenset({BUY.code})
UNTIL = date(2027, 5, 31)
NUMBER = "13800000001"


@pytest.fixture(autouse=True)
def _table(database: Database) -> Any:
    before = identity.permission_table()
    identity.use_permission_table(PermissionTable((*before.permissions, BUY, SELL, RUN)))
    yield
    identity.use_permission_table(before)


@pytest.fixture
def here(database: Database) -> int:
    return builders.make_community()


@pytest.fixture
def mother(here: int) -> int:
    return builders.make_person(here, "王秀英", birth_year=1946, phone=NUMBER)


@pytest.fixture
def daughter(here: int) -> int:
    return builders.make_person(here, "李敏", birth_year=1975)


def buy(session: Session, actor: Actor, what: str) -> int | None:
    actor.check(BUY.code)
    return actor.subject_id


def buy_nothing(session: Session, actor: Actor) -> None:
    raise RuleBroken


def ask(here: int, daughter: int, until: date = UNTIL, scope: frozenset[str] = SCOPE) -> int:
    actor = builders.actor(here, daughter)
    made: int = db.write(service.ask_access, actor, "王秀英", NUMBER, scope, until, "送餐")
    return made


def lend(here: int, daughter: int, mother: int) -> int:
    access = ask(here, daughter)
    db.write(service.agree_access, builders.actor(here, mother), access)
    return access


def acts(here: int) -> list[tuple[int, int, str]]:
    with db.read() as session:
        rows = session.scalars(select(models.AssistedAct).order_by(models.AssistedAct.id))
        return [(row.helper_id, row.subject_id, row.act) for row in rows]


def test_a_daughter_acts_once_her_mother_agreed(here: int, mother: int, daughter: int) -> None:
    access = ask(here, daughter)
    with db.read() as session:
        assert identity.actor_for(session, daughter, here, mother) is None, "asking is no right"
    db.write(service.agree_access, builders.actor(here, mother), access)
    helper = builders.actor(here, daughter, on_behalf_of=mother)
    assert helper.grants == SCOPE | {"dashboards.home", "dashboards.see_figures"}
    assert db.write(buy, helper, "饭") == mother
    assert acts(here) == [(daughter, mother, "identity.buy")]


def test_pages_come_along_with_the_acts_of_their_room() -> None:
    lent = frozenset({"a.act", "a.browse", "a.see_own", "b.act", "b.browse", "dashboards.home"})
    pages = {"a.browse", "a.see_own", "dashboards.home"}
    assert with_reading(frozenset({"a.act"}), lent) == {"a.act"} | pages
    assert with_reading(frozenset(), lent) == frozenset()


def test_nobody_but_the_resident_agrees(here: int, mother: int, daughter: int) -> None:
    access = ask(here, daughter)
    with pytest.raises(NotFound):
        db.write(service.agree_access, builders.actor(here, daughter), access)
    neighbour = builders.make_person(here, "赵敏")
    with pytest.raises(NotFound):
        db.write(service.agree_access, builders.actor(here, neighbour), access)
    there = builders.make_community("other", "别处")
    builders.join(there, mother)
    with pytest.raises(NotFound):
        db.write(service.agree_access, builders.actor(there, mother), access)
    db.write(service.agree_access, builders.actor(here, mother), access)
    with pytest.raises(NothingToDecide):
        db.write(service.agree_access, builders.actor(here, mother), access)


def test_revoking_stops_a_page_that_is_already_open(here: int, mother: int, daughter: int) -> None:
    access = lend(here, daughter, mother)
    helper = builders.actor(here, daughter, on_behalf_of=mother)
    db.write(service.revoke_access, builders.actor(here, mother), access)
    with pytest.raises(OutOfScope):
        db.write(buy, helper, "饭")
    assert acts(here) == []


def test_the_right_ends_by_the_clock(here: int, mother: int, daughter: int) -> None:
    lend(here, daughter, mother)
    helper = builders.actor(here, daughter, on_behalf_of=mother)
    with clock.fixed(clock.at(UNTIL + timedelta(days=1)) - timedelta(seconds=1)):
        db.write(buy, helper, "饭")
    with clock.fixed(clock.at(UNTIL + timedelta(days=1))), pytest.raises(OutOfScope):
        db.write(buy, helper, "饭")


def test_a_forged_actor_gains_nothing(here: int, mother: int, daughter: int) -> None:
    lend(here, daughter, mother)
    wide = Actor(here, daughter, mother, frozenset({BUY.code, SELL.code}))
    with pytest.raises(OutOfScope):
        db.write(buy, wide, "饭")
    stranger = builders.make_person(here, "赵敏")
    with pytest.raises(OutOfScope):
        db.write(buy, Actor(here, stranger, mother, SCOPE), "饭")


def test_what_is_refused_is_not_listed_as_done(here: int, mother: int, daughter: int) -> None:
    lend(here, daughter, mother)
    helper = builders.actor(here, daughter, on_behalf_of=mother)
    with pytest.raises(RuleBroken):
        db.write(buy_nothing, helper)
    assert acts(here) == []


def test_a_repeated_key_is_listed_once(here: int, mother: int, daughter: int) -> None:
    lend(here, daughter, mother)
    helper = builders.actor(here, daughter, on_behalf_of=mother)
    for _ in range(2):
        db.write(buy, helper, "饭", request_key="same-key-0001")
    assert len(acts(here)) == 1


def test_the_list_cannot_be_rewritten(
    here: int, mother: int, daughter: int, database: Database
) -> None:
    lend(here, daughter, mother)
    db.write(buy, builders.actor(here, daughter, on_behalf_of=mother), "饭")

    def forget(session: Session, actor: Actor) -> None:
        session.execute(text("DELETE FROM assisted_act"))

    with pytest.raises(DBAPIError, match="append-only"):
        db.write(forget, Actor.system(here))


def test_an_access_is_narrow_and_short(here: int, mother: int, daughter: int) -> None:
    with pytest.raises(ScopeEmpty):
        ask(here, daughter, scope=frozenset({RUN.code, "identity.ask_access"}))
    with pytest.raises(EndInPast):
        ask(here, daughter, until=date(2026, 11, 21))
    with pytest.raises(TooLong):
        ask(here, daughter, until=date(2027, 11, 24))
    ask(here, daughter, until=date(2026, 11, 22))
    with pytest.raises(AccessAsked):
        ask(here, daughter)


def test_a_wrong_name_tells_nothing(here: int, mother: int, daughter: int) -> None:
    actor = builders.actor(here, daughter)
    for name, number in (("王秀英", "13800000002"), ("王秀", NUMBER)):
        with pytest.raises(NotProved):
            db.write(service.ask_access, actor, name, number, SCOPE, UNTIL, "")
    own = builders.actor(here, mother)
    with pytest.raises(WithOneself):
        db.write(service.ask_access, own, "王秀英", NUMBER, SCOPE, UNTIL, "")


def test_the_desk_needs_the_signed_form(here: int, mother: int, daughter: int) -> None:
    clerk = builders.make_person(here, "周宁", roles=(Role.STAFF,))
    with pytest.raises(NotAllowed):
        db.write(
            service.record_access,
            builders.actor(here, daughter),
            daughter,
            mother,
            SCOPE,
            UNTIL,
            "表-1",
        )
    actor = builders.actor(here, clerk)
    db.write(service.record_access, actor, clerk, mother, SCOPE, UNTIL, "表-2026-17")
    assert builders.actor(here, clerk, on_behalf_of=mother).grants >= SCOPE


def test_a_helper_leaves_the_account_alone(here: int, mother: int, daughter: int) -> None:
    lend(here, daughter, mother)
    helper = builders.actor(here, daughter, on_behalf_of=mother)
    with pytest.raises(NotWhileActing):
        db.write(service.set_password, helper, "x")
    with pytest.raises(NotWhileActing):
        db.write(service.erase_own, helper)


def test_a_guardian_acts_until_the_fourteenth_birthday(here: int, mother: int) -> None:
    clerk = builders.actor(here, builders.make_person(here, "周宁", roles=(Role.STAFF,)))
    child = builders.make_person(here, "李小乐", birth_year=2013)
    db.write(service.correct_person, clerk, child, "李小乐", None, date(2013, 1, 10))
    db.write(service.record_guardian, clerk, child, mother, "户口簿")
    assert BUY.code in builders.actor(here, mother, on_behalf_of=child).grants
    with db.read() as session:
        assert identity.guardian_of(session, here, child) == mother
        assert identity.wards_of(session, here, mother) == {child}
        with clock.fixed(clock.at(date(2027, 1, 10))):
            assert identity.actor_for(session, mother, here, child) is None
        with clock.fixed(clock.at(date(2027, 1, 10)) - timedelta(seconds=1)):
            assert identity.actor_for(session, mother, here, child) is not None
    with pytest.raises(NotAChild):
        db.write(service.record_guardian, clerk, mother, clerk.person_id, "户口簿")
    other = builders.make_person(here, "李小米", birth_year=2016)
    with pytest.raises(NotOfAge):
        db.write(service.record_guardian, clerk, other, child, "户口簿")


def test_a_bond_counts_once_the_other_confirms(here: int, mother: int, daughter: int) -> None:
    asked = db.write(
        service.ask_bond, builders.actor(here, daughter), "王秀英", NUMBER, Relation.PARENT
    )
    with db.read() as session:
        assert identity.relatives_of(session, here, mother) == frozenset()
    with pytest.raises(NotFound):
        db.write(service.confirm_bond, builders.actor(here, daughter), asked)
    db.write(service.confirm_bond, builders.actor(here, mother), asked)
    with db.read() as session:
        assert identity.relatives_of(session, here, mother) == {daughter}
        assert identity.relatives_of(session, here, daughter) == {mother}
    db.write(service.end_bond, builders.actor(here, mother), asked)
    with db.read() as session:
        assert identity.relatives_of(session, here, daughter) == frozenset()


def press(client: FlaskClient, page: str, path: str) -> int:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert found
    form = {"csrf_token": found.group(1), "request_key": ids.random_code(20)}
    return client.post(path, data=form).status_code


def test_every_page_says_for_whom_one_acts(
    client: FlaskClient, here: int, mother: int, daughter: int
) -> None:
    access = lend(here, daughter, mother)
    builders.sign_in(client, daughter)
    page = "/c/guihua/assisted"
    assert "王秀英" in client.get(page).text
    assert press(client, page, f"/c/guihua/acting/{mother}") == 303
    for path in ("/c/guihua/account", "/c/guihua/family", page):
        assert "您正在代" in client.get(path).text
    assert press(client, page, f"/c/guihua/assisted/{access}/revoke") == 403, "own acts wait"
    assert press(client, page, "/c/guihua/acting/stop") == 303
    assert "您正在代" not in client.get(page).text
    stranger = builders.make_person(here, "赵敏")
    assert press(client, page, f"/c/guihua/acting/{stranger}") == 403


def test_the_resident_sees_what_was_done(
    client: FlaskClient, here: int, mother: int, daughter: int
) -> None:
    lend(here, daughter, mother)
    db.write(buy, builders.actor(here, daughter, on_behalf_of=mother), "饭")
    builders.sign_in(client, mother)
    shown = client.get("/c/guihua/assisted").text
    assert "别人替我办了什么" in shown
    assert "李敏" in shown
    assert NOON.year == 2026
