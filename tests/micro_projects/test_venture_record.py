"""The desk enters what a residents' group without a phone wrote and signed on paper."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from community.kernel import db
from community.kernel.errors import NotAllowed, NotFound
from community.micro_projects.errors import venture as refusals
from community.micro_projects.models import VentureApplication
from community.micro_projects.queries.venture_personal import export_venture
from community.micro_projects.rules.venture_applications import ApplicationState
from community.micro_projects.service import venture_applications as service
from community.micro_projects.service.venture_personal import erase_applications
from tests import builders
from tests.micro_projects.calling import Calling, application_draft, apply, make_call
from tests.micro_projects.contracting import picture
from tests.micro_projects.test_award_pages import client_of, post, read
from tests.micro_projects.test_contract_pages import photo
from tests.micro_projects.test_venture_pages import APPLICATION, number_in

pytestmark = pytest.mark.usefixtures("database")


def record(found: Calling, **changes: Any) -> int:
    """Let the officer enter the group's paper while the call is open."""
    draft = application_draft(
        **({"group_name": "三号楼互助小组", "sponsor_id": found.firms[1]} | changes)
    )
    given = (found.call_id, found.lead.person_id, draft, picture())
    with found.taking():
        made: int = db.write(service.record_application, found.officer, *given)
    return made


def test_the_desk_enters_for_the_group_and_the_sponsor_hands_it_in() -> None:
    found = make_call()
    made = record(found)
    row = found.application(made)
    assert (row.state, row.lead_id) == (ApplicationState.SPONSORING, found.lead.person_id)
    assert (row.recorded_by, row.paper_id is not None) == (found.officer.person_id, True)
    with found.taking():
        with pytest.raises(refusals.AppliedAlready):
            record(found)
        db.write(service.answer_sponsoring, found.staff[1], made, False)
        db.write(service.submit_application, found.officer, made)
        db.write(service.answer_sponsoring, found.staff[1], made, True)
    assert found.application(made).state is ApplicationState.SUBMITTED


def test_only_the_desk_enters_and_only_for_a_sponsored_group_of_ours() -> None:
    found = make_call()
    draft = application_draft(group_name="三号楼互助小组", sponsor_id=found.firms[1])
    given = (found.call_id, found.lead.person_id, draft, picture())
    with found.taking():
        for other in (found.lead, found.staff[1], found.scene.street):
            with pytest.raises(NotAllowed):
                db.write(service.record_application, other, *given)
        stranger = (found.call_id, 99_999, draft, picture())
        with pytest.raises(NotFound):
            db.write(service.record_application, found.officer, *stranger)
    for wrong in ({"sponsor_id": None}, {"group_name": " "}):
        with pytest.raises((refusals.NoApplicant, refusals.GroupNameMissing)):
            record(found, **wrong)
    own = apply(found)
    made = record(found)
    with found.taking():
        with pytest.raises((refusals.NotTheApplicant, refusals.ApplicationNotFound)):
            db.write(service.take_back, found.officer, own)
        db.write(service.take_back, found.officer, made)
        lone = application_draft()
        with pytest.raises(refusals.NoApplicant):
            db.write(service.change_application, found.officer, made, lone)
        db.write(service.discard_application, found.officer, made)


def test_erasing_the_lead_takes_the_paper_away() -> None:
    found = make_call()
    made = record(found)
    lead = found.lead.person_id or 0
    db.write(erase_applications, found.scene.system, lead)
    with db.read() as session:
        row = session.get_one(VentureApplication, made)
        assert (row.title, row.paper_id) == ("", None)
        told = export_venture(session, found.scene.community_id, lead)
    assert told["venture_applications"][0]["by_desk"] is True


def test_the_desks_page_takes_the_signed_paper(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_METHODS", set())
    found = make_call()
    officer, lead = client_of(app, found.officer), client_of(app, found.lead)
    other = client_of(app, builders.actor(found.scene.community_id, found.pool[0]))
    desk = f"/desk/calls/{found.call_id}"
    with found.taking():
        assert "替居民小组录入申报" in read(officer, desk)
        assert "周阿姨" in read(officer, f"{desk}/applications/new?text=周阿姨")
        shown = read(officer, f"{desk}/applications/new?person={found.lead.person_id}")
        assert "负责人签字的申报表" in shown
        given: dict[str, Any] = APPLICATION | {
            "person_id": str(found.lead.person_id),
            "group_name": "三号楼互助小组",
            "sponsor_id": str(found.firms[1]),
        }
        post(lead, f"{desk}/applications/new", 403, **given)
        assert "签字" in post(officer, f"{desk}/applications/new", 422, **given)
        made = number_in(post(officer, f"{desk}/applications/new", **given, paper=photo()))
        assert "按签字的纸质申报表录入" in read(lead, f"/projects/applications/{made}")
        assert "四点半课堂" in read(officer, desk)
        paper = f"/desk/calls/applications/{made}/paper"
        read(lead, paper, 403)
        assert officer.get(f"/c/guihua{paper}").status_code == 200
        read(other, f"/projects/applications/{made}", 404)
