"""Remuneration: the voted share of what came in, once a month, never beyond the cap."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed
from community.trust_property.errors.spending import (
    MonthNotOver,
    MonthReckoned,
    NothingReceived,
    PaidTooMuch,
    RemunerationCapReached,
    RemunerationNotFound,
)
from community.trust_property.models import Remuneration
from community.trust_property.queries.remunerations import RemunerationView, remunerations
from community.trust_property.rules.matters import MatterState
from community.trust_property.rules.policies import Basis
from community.trust_property.service.matters import reject_matter
from community.trust_property.service.payments import PaymentDraft, pay_remuneration
from community.trust_property.service.remunerations import reckon_remuneration
from tests.trust_property.acts import (
    TERMS,
    agree,
    hold_keys,
    published,
    receive,
    set_rules,
    working_scene,
)
from tests.trust_property.scene import Scene, make_scene

OCTOBER = date(2026, 10, 1)


def shown(scene: Scene) -> RemunerationView:
    with db.read() as session:
        return remunerations(session, scene.firm, scene.fund_id)[0]


def reckon(scene: Scene, month: date = OCTOBER) -> int:
    made: int = db.write(reckon_remuneration, scene.firm, scene.fund_id, month)
    return made


def approve_shown(scene: Scene) -> None:
    matter_id = shown(scene).matter_id
    assert matter_id is not None
    agree(scene, matter_id)


def test_a_months_share_is_rounded_down_and_owed_by_two_keys(database: Database) -> None:
    scene = working_scene()
    receive(scene, 123_45, date(2026, 10, 5), "r1")
    receive(scene, 100_00, date(2026, 10, 31), "r2")
    receive(scene, 999_00, date(2026, 11, 1), "r3")
    reckon(scene)
    assert (shown(scene).basis_fen, shown(scene).amount_fen) == (223_45, 22_34)
    assert shown(scene).state is MatterState.OPEN
    approve_shown(scene)
    assert shown(scene).state is MatterState.MADE
    assert published(scene, "trust.remuneration")[0]["amount_fen"] == 22_34


def test_a_month_is_reckoned_once_and_only_when_over(database: Database) -> None:
    scene = working_scene()
    receive(scene, 100_00, date(2026, 10, 5), "r1")
    with pytest.raises(MonthNotOver):
        reckon(scene, date(2026, 11, 1))
    reckon(scene)
    with pytest.raises(MonthReckoned):
        reckon(scene, date(2026, 10, 20))
    approve_shown(scene)
    with pytest.raises(MonthReckoned):
        reckon(scene)
    with pytest.raises(NothingReceived):
        reckon(scene, date(2026, 9, 1))


def test_what_was_sent_back_may_be_reckoned_again(database: Database) -> None:
    scene = working_scene()
    receive(scene, 100_00, date(2026, 10, 5), "r1")
    reckon(scene)
    matter_id = shown(scene).matter_id or 0
    db.write(reject_matter, scene.committee, scene.fund_id, matter_id, "先对账")
    assert shown(scene).state is MatterState.REJECTED
    reckon(scene)


def test_the_cap_stands_in_the_books(database: Database) -> None:
    scene = make_scene()
    hold_keys(scene)
    set_rules(scene, replace(TERMS, remuneration_cap_fen=1_000, remuneration_bp=10_000))
    receive(scene, 1_001, date(2026, 10, 5), "r1")
    with pytest.raises(RemunerationCapReached):
        reckon(scene)
    receive(scene, 1_000, date(2026, 9, 5), "r2")
    reckon(scene, date(2026, 9, 1))
    approve_shown(scene)
    with pytest.raises(RemunerationCapReached):
        reckon(scene)


def test_the_database_refuses_more_than_the_rate(database: Database) -> None:
    scene = working_scene()

    def force(session: Session, actor: Actor) -> None:
        session.add(
            Remuneration(
                community_id=scene.community_id,
                fund_id=scene.fund_id,
                month=202610,
                basis=Basis.FEES_RECEIVED,
                basis_fen=1_000,
                rate_bp=1_000,
                amount_fen=101,
                state=MatterState.OPEN,
                asked_at=clock.now(),
            )
        )
        session.flush()

    with pytest.raises(Exception, match="within_the_rate"):
        db.write(force, scene.firm)


def test_it_is_paid_once_approved_and_no_more(database: Database) -> None:
    scene = working_scene()
    receive(scene, 100_00, date(2026, 10, 5), "r1")
    made = reckon(scene)
    draft = PaymentDraft(scene.bank_account_id, 10_00, clock.today(), "B1")
    with pytest.raises(RemunerationNotFound):
        db.write(pay_remuneration, scene.firm, scene.fund_id, made, draft)
    approve_shown(scene)
    db.write(pay_remuneration, scene.firm, scene.fund_id, made, draft)
    more = replace(draft, amount_fen=1, bank_number="B2")
    with pytest.raises(PaidTooMuch):
        db.write(pay_remuneration, scene.firm, scene.fund_id, made, more)


def test_neither_committee_nor_owner_reckons_it(database: Database) -> None:
    scene = working_scene()
    for actor in (scene.committee, scene.owner, scene.staff, scene.auditor):
        with pytest.raises(NotAllowed):
            db.write(reckon_remuneration, actor, scene.fund_id, OCTOBER)
