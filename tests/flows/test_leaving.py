"""A death or a move: shifts, visits and redemptions are given up, coins pass on, points return."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import identity
from community.identity.queries.consequences import consequences
from community.kernel import db, events
from community.kernel.actor import Actor
from community.notices.models import Message
from community.rewards.rules.redemptions import Purse, RedemptionState
from community.rewards.service.redemptions import redeem
from community.volunteering.models import SignUp
from community.volunteering.rules.points import POOL, Book
from community.volunteering.rules.states import SignUpState
from community.volunteering.service import needs, time_bank
from community.volunteering.service.signing_up import join_waiting_list
from tests.flows.wishes import need_draft
from tests.rewards import scene as rewards_scene
from tests.volunteering import scene as volunteering_scene
from tests.volunteering.neighbours import confirm_hours, make_neighbours


def tell(community_id: int, event: object) -> None:
    """Tell an event inside a command, as identity does."""

    def happen(session: Session, actor: Actor) -> None:
        events.tell(session, event)

    db.write(happen, Actor.system(community_id))


def state_of(person_id: int, shift_id: int) -> SignUpState | None:
    with db.read() as session:
        return session.scalar(
            select(SignUp.state).where(SignUp.person_id == person_id, SignUp.shift_id == shift_id)
        )


@pytest.mark.usefixtures("database")
def test_a_death_frees_the_place_for_who_waits() -> None:
    scene = volunteering_scene.make_scene(capacity=1)
    scene.sign_up(scene.wang)
    scene.do(scene.li, join_waiting_list, scene.shift)
    with db.read() as session:
        said = consequences(session, scene.community, scene.wang, "died")
    assert any("1 个已报名的班次" in sentence for sentence in said)
    tell(scene.community, identity.PersonDied(scene.community, scene.wang, None, pool=True))
    assert state_of(scene.wang, scene.shift) is SignUpState.CANCELLED
    assert state_of(scene.li, scene.shift) is SignUpState.OFFERED
    with db.read() as session:
        assert consequences(session, scene.community, scene.wang, "died") == ()


@pytest.mark.usefixtures("database")
def test_coins_on_hold_for_a_visit_are_free_before_they_pass_on() -> None:
    street = make_neighbours("beijing")
    db.write(confirm_hours, street.actor(street.clerk), street.granny, 300)
    need = db.write(needs.open_need, street.actor(street.granny), need_draft(street))
    volunteer = street.actor(street.volunteer)
    db.write(time_bank.accept_need, volunteer, need, street.volunteer)
    assert street.coins(street.granny) < 300
    died = identity.PersonDied(street.community_id, street.granny, street.daughter, pool=False)
    tell(street.community_id, died)
    assert street.coins(street.granny) == 0
    assert street.coins(street.daughter) == 300
    assert street.balance(Book.TIME, POOL) == 0


@pytest.mark.usefixtures("database")
def test_moving_away_cancels_what_was_to_be_fetched_and_moving_house_does_not() -> None:
    scene = rewards_scene.make_scene()
    person = scene.resident.person_id or 0
    made = db.write(redeem, scene.resident, scene.item_id, Purse.OWN)
    day = date(2026, 11, 22)
    tell(scene.community_id, identity.PersonMoved(scene.community_id, person, scene.home_id, day))
    assert rewards_scene.redemption(made.redemption_id).state is RedemptionState.OPEN
    with db.read() as session:
        said = consequences(session, scene.community_id, person, "moved")
        assert any("1 件待领取的兑换" in sentence for sentence in said)
        assert consequences(session, scene.community_id, person, "merged") == ()
    tell(scene.community_id, identity.PersonMoved(scene.community_id, person, None, day))
    assert rewards_scene.redemption(made.redemption_id).state is RedemptionState.CANCELLED
    assert rewards_scene.points_of(scene).available == 100
    assert rewards_scene.stock_of(scene.item_id) == 5


@pytest.mark.usefixtures("database")
def test_a_tenant_with_another_home_here_keeps_what_they_redeemed() -> None:
    scene = rewards_scene.make_scene()
    rewards_scene.give_points(scene.community_id, scene.neighbour.person_id or 0, 30)
    for who, state in (
        (scene.resident, RedemptionState.OPEN),
        (scene.neighbour, RedemptionState.CANCELLED),
    ):
        made = db.write(redeem, who, scene.item_id, Purse.OWN)
        person, day = who.person_id or 0, date(2026, 11, 22)
        tell(scene.community_id, identity.TenancyEnded(scene.community_id, 1, person, day))
        assert rewards_scene.redemption(made.redemption_id).state is state


@pytest.mark.usefixtures("database")
def test_a_failing_room_undoes_the_whole_act(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = volunteering_scene.make_scene()
    scene.sign_up(scene.wang)

    class Broken(Exception):
        pass

    def break_down(*_: object) -> None:
        raise Broken

    monkeypatch.setattr("community.rewards.cancel_open_redemptions", break_down)
    died = identity.PersonDied(scene.community, scene.wang, None, pool=True)
    with pytest.raises(Broken):
        tell(scene.community, died)
    assert state_of(scene.wang, scene.shift) is SignUpState.SIGNED_UP


@pytest.mark.usefixtures("database")
def test_no_message_tells_the_dead_of_it() -> None:
    scene = rewards_scene.make_scene()
    db.write(redeem, scene.resident, scene.item_id, Purse.OWN)
    person = scene.resident.person_id or 0
    tell(scene.community_id, identity.PersonDied(scene.community_id, person, None, pool=True))
    with db.read() as session:
        told = session.scalar(
            select(func.count()).select_from(Message).where(Message.person_id == person)
        )
    assert told == 0
