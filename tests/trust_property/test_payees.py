"""Payees: entered and changed only with the committee's key, old beside new."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.trust_property.errors.matters import MatterOpen, NothingChanged
from community.trust_property.errors.payees import (
    AccountNumberWrong,
    PayeeChanging,
    PayeeCooling,
    PayeeKnown,
    PayeeNotFound,
)
from community.trust_property.models import PayeeAccount
from community.trust_property.queries.payees import PayeeView, get_payable, get_payee
from community.trust_property.service.matters import reject_matter
from community.trust_property.service.payees import propose_payee, propose_payee_change
from tests.conftest import NOON
from tests.trust_property.acts import LIFT, add_payee, agree, matter, published, working_scene
from tests.trust_property.scene import Scene

OTHER = replace(LIFT, account_number="6217 0000 9999 8888", bank_name="农业银行城东支行")


def payable(scene: Scene, payee_id: int) -> PayeeView:
    with db.read() as session:
        return get_payable(session, scene.firm, scene.fund_id, payee_id)


def change(scene: Scene, payee_id: int) -> int:
    made: int = db.write(
        propose_payee_change, scene.firm, scene.fund_id, payee_id, OTHER, "对方来函"
    )
    return made


def test_a_payee_is_entered_by_two_keys_and_its_account_stays_hidden(database: Database) -> None:
    scene = working_scene()
    payee_id = add_payee(scene)
    assert payable(scene, payee_id).account_number == "6222021001012345"
    record = published(scene, "trust.payee")[0]
    assert record["name"] == LIFT.name
    assert "6222021001012345" not in str(record)
    with pytest.raises(PayeeKnown):
        db.write(propose_payee, scene.firm, scene.fund_id, LIFT, "x")


def test_changed_details_are_shown_beside_the_old_ones(database: Database) -> None:
    scene = working_scene()
    made = change(scene, add_payee(scene))
    facts = {each.name: (each.before, each.value) for each in matter(scene, made).facts}
    assert facts["账号"] == ("6222021001012345", "6217000099998888")
    assert facts["开户银行"] == ("工商银行桂花支行", "农业银行城东支行")


def test_nothing_is_paid_while_a_change_waits_and_while_it_cools(database: Database) -> None:
    scene = working_scene()
    payee_id = add_payee(scene)
    made = change(scene, payee_id)
    with pytest.raises(PayeeChanging):
        payable(scene, payee_id)
    with pytest.raises(MatterOpen):
        change(scene, payee_id)
    agree(scene, made)
    with pytest.raises(PayeeCooling):
        payable(scene, payee_id)
    with clock.fixed(NOON + timedelta(days=3)):
        assert payable(scene, payee_id).account_number == "6217000099998888"
        assert payable(scene, payee_id).versions == 2


def test_a_refused_change_leaves_the_old_account(database: Database) -> None:
    scene = working_scene()
    payee_id = add_payee(scene)
    db.write(reject_matter, scene.committee, scene.fund_id, change(scene, payee_id), "电话核实不符")
    assert payable(scene, payee_id).account_number == "6222021001012345"


def test_details_without_digits_or_change_are_refused(database: Database) -> None:
    scene = working_scene()
    wrong = replace(LIFT, name="甲", account_number="12ab")
    with pytest.raises(AccountNumberWrong):
        db.write(propose_payee, scene.firm, scene.fund_id, wrong, "x")
    payee_id = add_payee(scene)
    with pytest.raises(NothingChanged):
        db.write(propose_payee_change, scene.firm, scene.fund_id, payee_id, LIFT, "x")


def test_another_communitys_payee_is_not_found(database: Database) -> None:
    scene, other = working_scene(), working_scene("yulan")
    payee_id = add_payee(other)
    with db.read() as session, pytest.raises(PayeeNotFound):
        get_payee(session, scene.firm, scene.fund_id, payee_id)


def test_the_database_refuses_an_account_no_key_approved(database: Database) -> None:
    scene = working_scene()
    payee_id = add_payee(scene)
    made = change(scene, payee_id)

    def force(session: Session, actor: Actor) -> None:
        session.add(
            PayeeAccount(
                community_id=scene.community_id,
                payee_id=payee_id,
                account_name="x",
                bank_name="x",
                account_number="1",
                usable_from=clock.today(),
                matter_id=made,
                made_at=clock.now(),
            )
        )
        session.flush()

    with pytest.raises(Exception, match="only from an approved matter"):
        db.write(force, scene.firm)
