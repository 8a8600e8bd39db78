"""Service records: who may have one, who seals it, and what a stranger sees."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader

from community.kernel import clock, db
from community.kernel.db import Database
from community.kernel.errors import NotAllowed, NotFound
from community.kernel.permissions import Role
from community.volunteering.errors.records import (
    AlreadySealed,
    ConsentMissing,
    NoHoursInSpan,
    NotTheUnit,
    RecordRevoked,
)
from community.volunteering.queries import records as queries
from community.volunteering.rules.kinds import HoursClass, ServiceKind
from community.volunteering.service import records
from tests import builders
from tests.volunteering.neighbours import Neighbours, confirm_hours, make_neighbours
from tests.volunteering.test_time_pages import browser, post

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def street(database: Database) -> Neighbours:
    made = make_neighbours()
    actor = made.actor(made.chief)
    db.write(confirm_hours, actor, made.granny, 120)
    db.write(
        confirm_hours, actor, made.granny, 60, ServiceKind.MEAL, HoursClass.BACK_FILLED,
        clock.today(),
    )  # fmt: skip
    return made


def make(street: Neighbours) -> int:
    found: int = db.write(
        records.make_record, street.actor(street.granny), street.granny, *YEAR, "", ""
    )
    return found


def view(street: Neighbours, record_id: int) -> queries.RecordView:
    with db.read() as session:
        return queries.get_record(session, street.actor(street.granny), record_id)


def test_a_record_shows_what_the_law_asks(street: Neighbours) -> None:
    found = view(street, make(street))
    assert found.minutes == 180
    assert found.unit_name == "桂花里社区"
    line = found.lines[0]
    assert (line.title, line.place, line.unit, line.minutes) == (
        "夜间巡逻", "小区南门", "桂花里社区", 120,
    )  # fmt: skip
    # Filled in later stays marked for ever.
    assert {each.hours_class for each in found.lines} == {"verified", "back_filled"}


def test_nobody_gets_anothers_record_without_consent(street: Neighbours) -> None:
    with pytest.raises(NotAllowed):
        db.write(
            records.make_record, street.actor(street.volunteer), street.granny, *YEAR, "", "同意"
        )
    clerk = street.actor(street.clerk)
    with pytest.raises(ConsentMissing):
        db.write(records.make_record, clerk, street.granny, *YEAR, "", "")
    made = db.write(records.make_record, clerk, street.granny, *YEAR, "", "本人到场签字")
    with db.read() as session, pytest.raises(NotAllowed):
        queries.get_record(session, street.actor(street.volunteer), made)


def test_a_span_without_hours_makes_no_record(street: Neighbours) -> None:
    granny = street.actor(street.granny)
    empty = (date(2020, 1, 1), date(2020, 12, 31))
    with pytest.raises(NoHoursInSpan):
        db.write(records.make_record, granny, street.granny, *empty, "", "")


def test_only_the_recording_organisation_seals_and_once(street: Neighbours) -> None:
    record = make(street)
    firm = builders.make_organization(street.community_id, "别家公益中心")
    outsider = builders.make_person(street.community_id, "钱多")
    builders.grant(street.community_id, outsider, Role.ORGANIZATION, firm)
    with pytest.raises(NotTheUnit):
        db.write(records.seal_record, street.actor(outsider), record, "钱多")
    with db.read() as session:
        assert queries.records_to_seal(session, street.actor(outsider)) == ()
        with pytest.raises(NotAllowed):
            queries.get_record(session, street.actor(outsider), record)
    with pytest.raises(NotAllowed):
        db.write(records.seal_record, street.actor(street.granny), record, "自己")
    db.write(records.seal_record, street.actor(street.clerk), record, "李桂芳")
    with pytest.raises(AlreadySealed):
        db.write(records.seal_record, street.actor(street.chief), record, "赵建国")
    assert view(street, record).seal_unit == "桂花里社区"


def test_a_stranger_sees_a_masked_summary_and_all_with_the_code(street: Neighbours) -> None:
    record = view(street, make(street))
    with db.read() as session:
        plain = queries.verify_record(session, record.number)
        assert (plain.lines, plain.code, plain.is_full) == ((), "", False)
        assert queries.verify_record(session, record.number, "WRONG123").lines == ()
        whole = queries.verify_record(session, record.number.lower(), record.code.lower())
        assert len(whole.lines) == 2
        with pytest.raises(NotFound):
            queries.verify_record(session, "2026ZZZZZZZZ")


def test_a_revoked_record_shows_nothing(street: Neighbours) -> None:
    record = view(street, make(street))
    with pytest.raises(NotAllowed):
        db.write(records.revoke_record, street.actor(street.volunteer), record.id, "无关")
    db.write(records.revoke_record, street.actor(street.granny), record.id, "不用了")
    with db.read() as session:
        assert queries.verify_record(session, record.number, record.code).lines == ()
    with pytest.raises(RecordRevoked):
        db.write(records.seal_record, street.actor(street.clerk), record.id, "李桂芳")


def test_pages_and_paper(app: Flask, street: Neighbours) -> None:
    granny = browser(app, street.granny)
    made = post(
        granny, "/my/records", "/my/records", person_id=street.granny, from_day="2026-01-01",
        until_day="2026-12-31",
    )  # fmt: skip
    assert made.status_code == 303, made.text[-400:]
    answer = granny.get(made.location)
    assert answer.status_code == 200, (answer.status_code, answer.location)
    shown = answer.text
    assert "志愿服务记录" in shown
    paper = granny.get(f"{made.location}/paper")
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(paper.data)).pages)
    assert "孙玉兰" in text
    assert "不是志愿服务证明" in text
    number = re.search(r"2026[0-9A-Z]{8}", shown)
    assert number
    stranger = app.test_client()
    public = stranger.get(f"/records/{number[0]}").text
    assert "孙**" in public
    assert "孙玉兰" not in public
    assert "夜间巡逻" not in public
    code = view(street, 1).code
    token = re.search(r'name="csrf_token" value="([^"]+)"', public)
    assert token
    whole = stranger.post(f"/records/{number[0]}", data={"csrf_token": token[1], "code": code}).text
    assert "夜间巡逻" in whole
    assert stranger.get("/records/2026NOTTHERE").status_code == 404
    assert stranger.get("/records").status_code == 200
    desk = browser(app, street.clerk)
    assert number[0] in desk.get("/c/guihua/desk/records").text
    sealed = post(desk, "/desk/records/1", "/desk/records/1/seal", person_in_charge="李桂芳")
    assert sealed.status_code == 303
    assert "志愿服务证明" in desk.get("/c/guihua/desk/records/1").text
