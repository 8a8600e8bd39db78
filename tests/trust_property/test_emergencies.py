"""Emergencies: at once and capped, ratified by a date, or paid back by the trustee."""

from __future__ import annotations

from datetime import timedelta

import pytest

from community import ledger
from community.kernel import clock, db
from community.kernel.db import Database
from community.kernel.errors import NotAllowed
from community.trust_property.errors.spending import EmergencyCapReached, EmergencyOverdue
from community.trust_property.queries.fund import find_path, get_fund
from community.trust_property.queries.spending import overdue_emergencies
from community.trust_property.rules.spending import Ratification, RequestState
from community.trust_property.service.emergencies import spend_emergency
from community.trust_property.service.matters import reject_matter
from community.trust_property.service.spending import RequestDraft
from tests.conftest import NOON
from tests.trust_property.acts import agree, published, request, spending_scene
from tests.trust_property.scene import Scene


def burst(scene: Scene, payee_id: int, fen: int = 6_000_00) -> int:
    draft = RequestDraft("", payee_id, fen, "夜间水管爆裂抢修")
    made: int = db.write(spend_emergency, scene.firm, scene.fund_id, draft)
    return made


def ratify_matter(scene: Scene, request_id: int) -> int:
    found = request(scene, request_id).matter_id
    assert found is not None
    return found


def test_an_emergency_is_spent_at_once_and_ratified_later(database: Database) -> None:
    scene, payee = spending_scene()
    made = burst(scene, payee)
    now = request(scene, made)
    assert (now.state, now.ratification) == (RequestState.APPROVED, Ratification.WAITING)
    assert now.ratify_by == clock.today() + timedelta(days=7)
    agree(scene, ratify_matter(scene, made))
    assert request(scene, made).ratification is Ratification.RATIFIED
    shown = [each["ratification"] for each in published(scene, "trust.emergency")]
    assert shown == ["waiting", "ratified"]


def test_emergencies_stop_at_the_cap(database: Database) -> None:
    scene, payee = spending_scene()
    burst(scene, payee, 20_000_00)
    with pytest.raises(EmergencyCapReached):
        burst(scene, payee, 1)


def test_an_overdue_emergency_is_shown_and_stops_new_ones(database: Database) -> None:
    scene, payee = spending_scene()
    made = burst(scene, payee)
    with clock.fixed(NOON + timedelta(days=7)):
        burst(scene, payee, 1)
    with clock.fixed(NOON + timedelta(days=8)):
        with db.read() as session:
            late = overdue_emergencies(session, scene.owner, scene.fund_id)
        assert [each.id for each in late] == [made]
        with pytest.raises(EmergencyOverdue):
            burst(scene, payee, 1)
        agree(scene, ratify_matter(scene, made))
        burst(scene, payee, 1)


def test_what_is_not_ratified_the_trustee_owes(database: Database) -> None:
    scene, payee = spending_scene()
    made = burst(scene, payee)
    db.write(
        reject_matter, scene.committee, scene.fund_id, ratify_matter(scene, made), "不是紧急情况"
    )
    assert request(scene, made).ratification is Ratification.REFUSED
    with db.read() as session:
        fund = get_fund(session, scene.firm, scene.fund_id)
        owes = find_path(session, scene.firm, fund, "receivable/trustee")
        assert owes is not None
        found = ledger.get_account(session, scene.community_id, owes)
    assert found.balance.total == 6_000_00


def test_only_the_trustees_key_spends_in_an_emergency(database: Database) -> None:
    scene, payee = spending_scene()
    draft = RequestDraft("", payee, 100, "x")
    for actor in (scene.committee, scene.owner, scene.staff):
        with pytest.raises(NotAllowed):
            db.write(spend_emergency, actor, scene.fund_id, draft)
