"""The pages: what visitors see, what staff do, and what neither a neighbour nor an outsider may."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from community import notices
from community.kernel import clock, db, ids, jobs
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.permissions import Role
from community.kernel.sentences import say
from community.notices import service
from community.web.filters import for_input
from tests import builders
from tests.conftest import NOON
from tests.notices.conftest import Scene, draft, publish

HOME = "/c/guihua"


@pytest.fixture
def staff(app: Flask, scene: Scene) -> FlaskClient:
    return signed_in(app, scene.staff)


def signed_in(app: Flask, person_id: int) -> FlaskClient:
    client = app.test_client()
    builders.sign_in(client, person_id)
    return client


def key() -> dict[str, Any]:
    return {"request_key": ids.random_code(26)}


@pytest.fixture(autouse=True)
def _without_csrf(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_METHODS", frozenset())


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(f"{HOME}{address}")
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def test_visitors_read_notices_with_masked_names(client: FlaskClient, scene: Scene) -> None:
    notice_id = publish(scene)
    db.write(
        service.raise_objection,
        builders.actor(scene.community, scene.resident),
        notice_id,
        "不同意，打我电话 13800000001",
    )
    assert "十月收支公示" in page(client, "/notices")
    shown = page(client, f"/notices/{notice_id}")
    assert "王**" in shown
    assert "王秀英" not in shown
    assert "13800000001" not in shown


def test_an_over_notice_is_in_the_archive_only(client: FlaskClient, scene: Scene) -> None:
    publish(scene, draft("短公示", days=1))
    with clock.fixed(NOON + timedelta(days=1)):
        assert "短公示" not in page(client, "/notices")
        assert "短公示" in page(client, "/notices?show=archive")


def test_a_notice_of_another_community_is_404(client: FlaskClient, scene: Scene) -> None:
    notice_id = publish(scene)
    assert client.get(f"/c/lanting/notices/{notice_id}").status_code == 404
    page(client, "/notices/999999", 404)


def test_staff_publish_with_a_form(staff: FlaskClient, scene: Scene) -> None:
    sent = key() | {
        "title": "最美家庭名单",
        "body": "最美家庭：3 户。\n欢迎提出意见。",
        "kind": "honour",
        "opens_at": for_input(NOON),
        "closes_at": for_input(NOON + timedelta(days=5)),
    }
    first = staff.post(f"{HOME}/desk/notices/new", data=sent)
    assert first.status_code == 303
    again = staff.post(f"{HOME}/desk/notices/new", data=sent)
    assert again.location == first.location
    assert page(staff, "/desk/notices").count("最美家庭名单") == 1


def test_a_wrong_form_keeps_what_was_typed(staff: FlaskClient) -> None:
    sent = key() | {
        "title": "写好的标题",
        "body": "正文",
        "kind": "honour",
        "opens_at": for_input(NOON),
        "closes_at": for_input(NOON - timedelta(days=1)),
    }
    answer = staff.post(f"{HOME}/desk/notices/new", data=sent)
    assert answer.status_code == 422
    shown = answer.get_data(as_text=True)
    assert "写好的标题" in shown
    assert "公示结束时间要晚于开始时间" in shown


def test_residents_and_outsiders_stay_out_of_the_desk(app: Flask, scene: Scene) -> None:
    for person in (scene.resident, scene.outsider):
        client = signed_in(app, person)
        for address in ("/desk/notices", "/desk/notices/new", "/desk/jobs"):
            assert client.get(f"{HOME}{address}").status_code in {403, 404}


def test_a_posted_photo_is_shown_without_its_place(staff: FlaskClient, scene: Scene) -> None:
    notice_id = publish(scene)
    drawn = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    Image.new("RGB", (60, 40), "red").save(drawn, "JPEG", exif=exif)
    sent = key() | {
        "place": "3 号楼 1 单元",
        "posted_at": for_input(NOON),
        "photo": (io.BytesIO(drawn.getvalue()), "IMG_1.jpg"),
    }
    answer = staff.post(f"{HOME}/desk/notices/{notice_id}/posting", data=sent)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    with db.read() as session:
        (posting,) = notices.postings_of(session, scene.community, notice_id)
    photo = staff.get(f"{HOME}/notices/{notice_id}/postings/{posting.id}/photo")
    assert photo.mimetype == "image/jpeg"
    assert b"SecretPhone" not in photo.data
    assert photo.headers["X-Content-Type-Options"] == "nosniff"
    assert (
        staff.get(f"/c/lanting/notices/{notice_id}/postings/{posting.id}/photo").status_code == 404
    )


def test_a_wrong_photo_is_refused_with_a_sentence(staff: FlaskClient, scene: Scene) -> None:
    notice_id = publish(scene)
    sent = key() | {
        "place": "3 号楼",
        "posted_at": for_input(NOON),
        "photo": (io.BytesIO(b"%PDF-1.4 no photo"), "x.jpg"),
    }
    answer = staff.post(f"{HOME}/desk/notices/{notice_id}/posting", data=sent)
    assert answer.status_code == 415
    assert "不支持这种文件" in answer.get_data(as_text=True)


def test_an_objection_travels_from_form_to_answer(app: Flask, scene: Scene) -> None:
    notice_id = publish(scene)
    resident, staff = signed_in(app, scene.resident), signed_in(app, scene.staff)
    page(resident, f"/notices/{notice_id}/objection")
    sent = key() | {"reason": "支出少写了一笔"}
    assert resident.post(f"{HOME}/notices/{notice_id}/objection", data=sent).status_code == 303
    with db.read() as session:
        (waiting,) = notices.objections_of(session, scene.community, notice_id)
    assert "王秀英" in page(staff, f"/desk/objections/{waiting.id}")
    answered = key() | {"outcome": "upheld", "answer": "属实，已更正。"}
    address = f"{HOME}/desk/objections/{waiting.id}"
    assert staff.post(address, data=answered).status_code == 303
    assert staff.get(address).status_code == 404
    inbox = page(resident, "/messages")
    assert "属实，已更正。" in inbox
    assert "1 条未读" in inbox


def test_a_message_leads_where_it_says(app: Flask, scene: Scene) -> None:
    resident = signed_in(app, scene.resident)
    system = Actor.system(scene.community)
    db.write(notices.send, system, scene.resident, "有变动", "请看。", "notices")
    with db.read() as session:
        message = notices.inbox(session, scene.community, scene.resident).messages[0]
    answer = resident.post(f"{HOME}/messages/{message.id}/read", data=key())
    assert answer.location == f"{HOME}/notices"
    neighbour = signed_in(app, scene.neighbour)
    assert neighbour.post(f"{HOME}/messages/{message.id}/read", data=key()).status_code == 404


def test_preferences_are_kept(app: Flask, scene: Scene) -> None:
    resident = signed_in(app, scene.resident)
    page(resident, "/messages/preference")
    sent = key() | {"quiet_from_hour": "21", "quiet_until_hour": "8"}
    assert resident.post(f"{HOME}/messages/preference", data=sent).status_code == 303
    wrong = key() | {"quiet_from_hour": "25", "quiet_until_hour": "8"}
    assert resident.post(f"{HOME}/messages/preference", data=wrong).status_code == 422


def test_the_sheet_is_printed_in_both_sizes(client: FlaskClient, scene: Scene) -> None:
    notice_id = publish(scene)
    assert "扫码看原文" in page(client, f"/notices/{notice_id}/print/a4")
    for size in ("a4", "a3"):
        made = client.get(f"{HOME}/notices/{notice_id}/paper/{size}.pdf")
        assert made.data.startswith(b"%PDF-"), made.get_data(as_text=True)[:500]
    page(client, f"/notices/{notice_id}/paper/a0.pdf", 404)


def test_staff_move_a_working_day(app: Flask, scene: Scene, database: Database) -> None:
    staff, resident = signed_in(app, scene.staff), signed_in(app, scene.resident)
    sent = key() | {"day": "2026-11-28", "is_working": "1", "name": "补一天班", "is_shared": "0"}
    assert staff.post(f"{HOME}/desk/calendar", data=sent).status_code == 303
    assert "补一天班" in page(staff, "/desk/calendar?year=2026")
    assert resident.post(f"{HOME}/desk/calendar", data=key() | sent).status_code in {403, 409}
    shared = sent | key() | {"is_shared": "1"}
    assert staff.post(f"{HOME}/desk/calendar", data=shared).status_code == 403
    assert "还没有录入" in page(staff, "/desk/calendar?year=2027")
    cleared = key() | {"day": "2026-11-28", "is_shared": "0"}
    assert staff.post(f"{HOME}/desk/calendar/clear", data=cleared).status_code == 303
    assert "补一天班" not in page(staff, "/desk/calendar?year=2026")


def test_a_job_reports_to_its_starter_only(app: Flask, scene: Scene) -> None:
    jobs.register(
        jobs.JobKind(
            "tests.nothing",
            "数一数",
            plan=lambda session, actor, args: 3,
            chunk=lambda session, actor, args, step: step.position + 1,
        )
    )
    actor = builders.actor(scene.community, scene.staff)
    job_id = db.write(jobs.start_job, actor, "tests.nothing", {}, "desk/notices")
    staff, neighbour = signed_in(app, scene.staff), signed_in(app, scene.neighbour)
    assert "排队中" in page(staff, f"/jobs/{job_id}")
    page(neighbour, f"/jobs/{job_id}", 404)
    builders.run_jobs()
    assert "已完成" in page(staff, f"/jobs/{job_id}")
    assert "数一数：已完成" in page(staff, "/messages")
    assert "数一数" in page(staff, "/desk/jobs")


def test_the_auditor_reads_and_changes_nothing(app: Flask, scene: Scene) -> None:
    notice_id = publish(scene)
    auditor = builders.make_person(scene.community, "审计员", roles=(Role.AUDITOR,))
    client = signed_in(app, auditor)
    page(client, "/desk/notices")
    page(client, f"/desk/notices/{notice_id}")
    refused = client.post(
        f"{HOME}/desk/notices/{notice_id}/withdraw", data=key() | {"reason": "试试"}
    )
    assert refused.status_code == 403


def test_the_api_reaches_the_same_commands(app: Flask, scene: Scene) -> None:
    staff = signed_in(app, scene.staff)
    body = {
        "title": "接口公示",
        "body": "正文",
        "kind": "general",
        "opens_at": "2026-11-22T10:00",
        "closes_at": "2026-11-29T10:00",
    }
    headers = {"Idempotency-Key": ids.random_code(26)}
    address = f"/api/v1{HOME}/notices/notices"
    made = staff.post(address, json=body, headers=headers)
    assert made.status_code == 200, made.get_data(as_text=True)
    again = staff.post(address, json=body, headers=headers)
    assert again.json == made.json
    other = staff.post(address, json=body | {"title": "别的"}, headers=headers)
    assert other.status_code == 409
    listed = app.test_client().get(address)
    assert listed.json is not None
    assert [each["title"] for each in listed.json["result"]] == ["接口公示"]
    wrong = staff.post(address, json=body | {"extra": 1}, headers=headers)
    assert wrong.status_code == 422


def test_a_message_is_read_in_the_readers_language(app: Flask, scene: Scene) -> None:
    def tell(session: Session, actor: Actor) -> None:
        body = say("别忘了：{title}", title="周六清洁 {不是事实}")
        notices.send(session, actor, scene.resident, say("兑换已取消"), body)
        notices.send(session, actor, scene.resident, "原话", "照原样 {这样}")

    db.write(tell, Actor.system(scene.community))
    client = signed_in(app, scene.resident)
    assert "别忘了：周六清洁 {不是事实}" in page(client, "/messages")
    client.set_cookie("language", "en")
    shown = page(client, "/messages")
    assert "Your redemption was cancelled" in shown
    assert "Do not forget: 周六清洁 {不是事实}" in shown
    assert "照原样 {这样}" in shown
