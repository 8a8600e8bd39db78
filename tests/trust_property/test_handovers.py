"""Handover: old keys dead at one moment, open things listed, approvals of the old side void."""

from __future__ import annotations

import pytest

from community import identity
from community.kernel import db
from community.kernel.db import Database
from community.kernel.errors import NotAllowed
from community.kernel.permissions import Role
from community.trust_property.errors.handovers import HandoverConfirmed, NobodyTakesOver
from community.trust_property.errors.keys import NoKey
from community.trust_property.queries.handovers import get_handover
from community.trust_property.queries.keys import find_key
from community.trust_property.rules.keys import KeySide
from community.trust_property.rules.spending import Ratification, RequestState
from community.trust_property.service.emergencies import spend_emergency
from community.trust_property.service.handovers import (
    confirm_handover,
    hand_over,
    keep_signed_handover,
)
from community.trust_property.service.spending import RequestDraft, ask_spending, edit_spending
from tests import builders
from tests.trust_property.acts import agree, ask, line, paper, published, request, spending_scene
from tests.trust_property.scene import Scene, firm_person, person


def matter_of(scene: Scene, request_id: int) -> int:
    found = request(scene, request_id).matter_id
    assert found is not None
    return found


def test_old_committee_keys_are_dead_at_once_and_their_approvals_void(database: Database) -> None:
    scene, payee = spending_scene()
    made = ask(scene, payee, 20_000_00)
    first = matter_of(scene, made)
    agree(scene, first)
    new = person(scene.community_id, "何平", Role.COMMITTEE)
    done = db.write(
        hand_over,
        scene.staff,
        scene.fund_id,
        KeySide.COMMITTEE,
        (new.person_id or 0,),
        "换届选举公告",
    )
    assert request(scene, made).state is RequestState.RETURNED
    assert line(scene).held_fen == 20_000_00
    for old in (scene.committee, scene.second_committee):
        with db.read() as session:
            assert find_key(session, old, scene.fund_id) is None
    draft = RequestDraft("L01", payee, 8_000_00, "电梯", quotes=(paper(),))
    db.write(edit_spending, scene.firm, scene.fund_id, made, draft)
    with pytest.raises(NoKey):
        agree(scene, matter_of(scene, made))
    agree(scene, matter_of(scene, made), new)
    assert request(scene, made).state is RequestState.APPROVED
    with db.read() as session:
        shown = get_handover(session, scene.staff, scene.fund_id, done)
    assert (shown.ended, shown.begun) == (("赵国华", "钱慧"), ("何平",))
    kinds = [each.kind for each in shown.open_items]
    assert {"待批事项", "用款申请", "银行账户余额"} <= set(kinds)
    assert "何平" not in str(published(scene, "trust.handover"))


def test_another_firm_takes_the_fund_over(database: Database) -> None:
    scene, payee = spending_scene()
    firm = builders.make_organization(
        scene.community_id, "新绿物业", identity.OrganizationKind.PROPERTY
    )
    new = firm_person(scene.community_id, firm, "吴磊")
    asked = (scene.fund_id, KeySide.TRUSTEE, (new.person_id or 0,), "解聘与选聘决议", firm)
    db.write(hand_over, scene.staff, *asked)
    draft = RequestDraft("L01", payee, 100_00, "换灯")
    with pytest.raises(NoKey):
        db.write(ask_spending, scene.firm, scene.fund_id, draft)
    db.write(ask_spending, new, scene.fund_id, draft)


def test_an_emergency_still_waits_for_the_new_keys(database: Database) -> None:
    scene, payee = spending_scene()
    draft = RequestDraft("", payee, 100_00, "抢修")
    made = db.write(spend_emergency, scene.firm, scene.fund_id, draft)
    old = matter_of(scene, made)
    new = person(scene.community_id, "何平", Role.COMMITTEE)
    asked = (scene.fund_id, KeySide.COMMITTEE, (new.person_id or 0,), "公告")
    db.write(hand_over, scene.staff, *asked)
    assert matter_of(scene, made) != old
    assert request(scene, made).ratification is Ratification.WAITING
    agree(scene, matter_of(scene, made), new)
    assert request(scene, made).ratification is Ratification.RATIFIED


def test_the_new_ones_confirm_and_the_office_keeps_both_signatures(database: Database) -> None:
    scene, _ = spending_scene()
    new = person(scene.community_id, "何平", Role.COMMITTEE)
    asked = (scene.fund_id, KeySide.COMMITTEE, (new.person_id or 0,), "公告")
    done = db.write(hand_over, scene.staff, *asked)
    with pytest.raises(NoKey):
        db.write(confirm_handover, scene.committee, scene.fund_id, done)
    db.write(confirm_handover, new, scene.fund_id, done)
    with pytest.raises(HandoverConfirmed):
        db.write(confirm_handover, new, scene.fund_id, done)
    db.write(keep_signed_handover, scene.staff, scene.fund_id, done, paper("交接清单"))
    with pytest.raises(HandoverConfirmed):
        db.write(keep_signed_handover, scene.staff, scene.fund_id, done, paper("交接清单"))
    assert len(published(scene, "trust.handover")) == 3


def test_neither_side_hands_over_by_itself(database: Database) -> None:
    scene, _ = spending_scene()
    for actor in (scene.firm, scene.committee, scene.owner):
        with pytest.raises(NotAllowed):
            db.write(hand_over, actor, scene.fund_id, KeySide.COMMITTEE, (1,), "x")
    with pytest.raises(NobodyTakesOver):
        db.write(hand_over, scene.staff, scene.fund_id, KeySide.COMMITTEE, (), "x")
