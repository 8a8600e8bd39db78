"""The desk's page of rules: who sees and sets them, from when they hold, and what they touch."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from community.kernel import clock, db
from community.micro_projects.queries.award_terms import award_terms
from community.micro_projects.queries.tender_terms import tender_terms
from community.micro_projects.rules.award_terms import PRESET, AwardTerms
from community.micro_projects.rules.projects import ProjectKind
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.rules.tenders import TenderMethod
from community.web import filters
from tests.micro_projects.awarding import EVEN, after, make_scored
from tests.micro_projects.scene import Scene, make_project, make_scene
from tests.micro_projects.test_award_pages import client_of, post, read

PAGE = "/desk/tenders/rules"
BASIS = "区民生微实事办法第十二条"


@pytest.fixture(autouse=True)
def _no_tokens(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_METHODS", set())


def typed(**changed: Any) -> dict[str, Any]:
    """Give the form as the street fills it in."""
    days = ("explain_days", "standstill_days", "objection_days", "complaint_days", "ruling_days")
    return {
        **{name: getattr(PRESET, name) for name in (*days, "appeal_days", "panel_seats")},
        "expert_parts": 2,
        "expert_whole": 3,
        "low_mean_percent": 40,
        "low_next_percent": 30,
        "basis": BASIS,
        "valid_from": (clock.today() + timedelta(days=1)).isoformat(),
        **changed,
    }


def terms_on(scene: Scene, later: int) -> AwardTerms:
    with db.read() as session:
        return award_terms(session, scene.community_id, clock.today() + timedelta(days=later))


def test_the_street_sets_rules_that_begin_tomorrow(app: Flask) -> None:
    scene = make_scene()
    street, officer = client_of(app, scene.street), client_of(app, scene.officer)
    assert "本系统预置" in read(street, PAGE)
    assert "设定新的评审和公示规则" not in read(officer, PAGE)
    assert BASIS not in read(client_of(app, scene.auditor), PAGE)
    read(client_of(app, scene.neighbour), PAGE, 403)
    post(officer, f"{PAGE}/awards", 403, **typed())
    today = clock.today().isoformat()
    for wrong, said in (
        ({"valid_from": today}, "最早从明天开始"),
        ({"panel_seats": 4}, "要是单数"),
        ({"expert_parts": 4}, "不能比总份数多"),
        ({"valid_until": typed()["valid_from"]}, "失效日期"),
        ({"standstill_days": 0}, ""),
    ):
        assert said in post(street, f"{PAGE}/awards", 422, **typed(**wrong))
    post(street, f"{PAGE}/awards", **typed(standstill_days=8))
    assert terms_on(scene, 0) == PRESET
    assert (terms_on(scene, 1).standstill_days, terms_on(scene, 1).basis) == (8, BASIS)
    # Written later for the same day: it mends the one before.
    post(street, f"{PAGE}/awards", **typed(standstill_days=6))
    assert terms_on(scene, 1).standstill_days == 6
    assert BASIS in read(client_of(app, scene.auditor), PAGE)


def test_the_street_sets_a_methods_limit(app: Flask) -> None:
    scene = make_scene()
    street = client_of(app, scene.street)
    assert "100000" in read(street, f"{PAGE}?method=quotation&kind=works").replace(",", "")
    read(street, f"{PAGE}?method=none&kind=none")
    given: dict[str, Any] = {
        "method": "quotation",
        "kind": "works",
        "most_fen": "60000",
        "minimum_bids": 3,
        "bidding_days": 5,
        "amendment_days": 2,
        "question_days": 1,
        "unconfirmed": "void",
        "basis": BASIS,
        "valid_from": clock.today().isoformat(),
    }
    past = (clock.today() - timedelta(days=1)).isoformat()
    assert "不能改过去的" in post(street, PAGE, 422, **(given | {"valid_from": past}))
    post(client_of(app, scene.officer), PAGE, 403, **given)
    post(street, PAGE, **given)
    with db.read() as session:
        held = tender_terms(session, scene.community_id, "works", clock.today())
    assert held[TenderMethod.QUOTATION].most_fen == 6_000_000
    assert filters.yuan(6_000_000) in read(street, PAGE)


def test_a_panel_is_judged_by_the_rules_it_was_drawn_under(app: Flask) -> None:
    found = make_scored(EVEN)
    street = client_of(app, found.scene.street)
    with clock.fixed(after(found, days=1)):
        post(street, f"{PAGE}/awards", **typed(expert_parts=1, expert_whole=1))
    with clock.fixed(after(found, days=3)):
        assert terms_on(found.scene, 0).expert_share == (1, 1)
        assert found.ranking().is_quorate


def test_the_desk_picks_the_project_to_merge_with(app: Flask) -> None:
    scene = make_scene()
    one = make_project(scene, ProjectState.ENDORSING, title="凉亭换座椅", kind=ProjectKind.GOODS)
    same = make_project(scene, ProjectState.ENDORSING, title="中心花园凉亭换座椅")
    late = make_project(scene, ProjectState.COSTING, title="凉亭换新座椅")
    officer = client_of(app, scene.officer)
    shown = read(officer, f"/desk/projects/{one}")
    assert f'name="into_id" value="{same}"' in shown
    assert f'name="into_id" value="{late}"' not in shown
    assert f'name="into_id" value="{one}"' not in shown
    nothing = read(officer, f"/desk/projects/{one}?alike=游泳池水质检测")
    assert 'name="into_id"' not in nothing
    post(officer, f"/desk/projects/{one}/merge", 422, reason="同一件事")
    post(officer, f"/desk/projects/{one}/merge", into_id=same, reason="同一件事")
