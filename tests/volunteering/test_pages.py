"""The pages: a volunteer's day and a leader's gate through HTTP, by owner, neighbour, outsider."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from community.kernel.db import Database
from community.kernel.permissions import Role
from community.volunteering.models import BackFill, HoursRecord, PaperSheet, SignUp
from community.volunteering.rules.states import (
    BackFillState,
    HoursState,
    PaperState,
    SignUpState,
)
from community.volunteering.service import scanning
from community.web import qr
from tests import builders
from tests.volunteering.scene import STARTS, Scene, at, make_scene, rows

HOME = "/c/guihua"


@pytest.fixture
def scene(database: Database) -> Scene:
    return make_scene()


def browser(app: Flask, person_id: int) -> FlaskClient:
    client = app.test_client()
    builders.sign_in(client, person_id)
    return client


def post(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    shown = client.get(f"{HOME}/activities").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown)
    assert token is not None
    values = {"csrf_token": token.group(1), "request_key": f"key-{id(fields)}-{path}"[:80]}
    return client.post(HOME + path, data={**values, **fields})


def test_a_volunteer_finds_signs_up_and_cancels(app: Flask, scene: Scene) -> None:
    wang = browser(app, scene.wang)
    page = wang.get(f"{HOME}/activities").get_data(as_text=True)
    assert "周六社区清洁" in page
    assert "还剩 10 个名额" in page
    done = post(wang, f"/shifts/{scene.shift}/sign-up")
    assert done.status_code == 303
    assert "已报名" in wang.get(done.location).get_data(as_text=True)
    again = post(wang, f"/shifts/{scene.shift}/sign-up")
    assert again.status_code == 409
    assert "已经报过名了" in again.get_data(as_text=True)
    assert "周六社区清洁" in wang.get(f"{HOME}/my/shifts").get_data(as_text=True)
    assert post(wang, f"/shifts/{scene.shift}/cancel-sign-up").status_code == 303
    assert rows(SignUp)[0].state is SignUpState.CANCELLED


def test_every_page_opens_for_who_may_see_it(app: Flask, scene: Scene) -> None:
    scene.sign_up(scene.wang)
    with at():
        scene.come(scene.wang)
    with at(hours=2):
        scene.go(scene.wang)
        record = rows(HoursRecord)[0].id
        pages = {
            scene.wang: [
                "/activities", f"/activities/{scene.activity}", f"/shifts/{scene.shift}",
                "/my/shifts", "/my-code", f"/my/hours/{record}", "/my/back-fills", "/back-fills",
                f"/shifts/{scene.shift}/here",
            ],
            scene.leader: [
                "/lead", "/activities/new", f"/activities/{scene.activity}/edit",
                f"/activities/{scene.activity}/shifts/new", f"/shifts/{scene.shift}/roster",
                f"/shifts/{scene.shift}/change", f"/shifts/{scene.shift}/scanner",
                f"/shifts/{scene.shift}/screen", f"/shifts/{scene.shift}/sheet",
                f"/shifts/{scene.shift}/people/{scene.wang}/times",
            ],
            scene.staff: ["/desk/hours", f"/desk/hours/{record}", "/desk/hours?who=王"],
        }  # fmt: skip
        for person, paths in pages.items():
            client = browser(app, person)
            for path in paths:
                answer = client.get(HOME + path)
                assert answer.status_code == 200, (path, answer.get_data(as_text=True)[-400:])


def test_neighbours_and_outsiders_are_kept_out(app: Flask, scene: Scene) -> None:
    scene.sign_up(scene.wang)
    with at():
        scene.come(scene.wang)
    with at(hours=2):
        scene.go(scene.wang)
    record = rows(HoursRecord)[0].id
    neighbour = browser(app, scene.li)
    assert neighbour.get(f"{HOME}/my/hours/{record}").status_code == 404
    for path in ("/lead", f"/shifts/{scene.shift}/roster", "/desk/hours", "/activities/new"):
        assert neighbour.get(HOME + path).status_code == 403, path
    there = builders.make_community("other", "别处")
    stranger = browser(app, builders.make_person(there, "外人"))
    assert stranger.get(f"/c/other/shifts/{scene.shift}").status_code == 404
    assert stranger.get(f"{HOME}/shifts/{scene.shift}").status_code in {302, 403}
    visitor = app.test_client()
    assert visitor.get(f"{HOME}/activities").status_code == 302
    assert visitor.get(f"{HOME}/back-fills").status_code == 200


def test_a_leader_of_another_activity_sees_no_roster(app: Flask, scene: Scene) -> None:
    third = builders.make_person(scene.community, "吴迪", roles=(Role.LEADER,), birth_year=1970)
    client = browser(app, third)
    for path in ("roster", "scanner", "screen", "screen/code", "sheet", "change"):
        assert client.get(f"{HOME}/shifts/{scene.shift}/{path}").status_code == 403, path


def scan(
    client: FlaskClient, scene: Scene, body: dict[str, object], path: str = "scans"
) -> TestResponse:
    shown = client.get(f"{HOME}/shifts/{scene.shift}/scanner").get_data(as_text=True)
    token = re.search(r'data-csrf="([^"]+)"', shown)
    assert token is not None
    return client.post(
        f"{HOME}/shifts/{scene.shift}/{path}", json=body, headers={"X-CSRFToken": token.group(1)}
    )


def test_the_scanners_contract(app: Flask, scene: Scene) -> None:
    scene.sign_up(scene.wang)
    leader = browser(app, scene.leader)
    code = scene.personal_code(scene.wang)
    sent: dict[str, object] = {"code": code, "direction": "in", "nonce": "n-1"}
    with at(minutes=2):
        first = scan(leader, scene, {**sent, "device_time": "2026-11-23T01:02:00.123Z"})
        assert first.status_code == 200
        body = first.get_json()
        assert (body["reason"], body["colour"], body["sentence"]) == ("ok", "green", "签到成功")
        assert (body["name_masked"], body["when"], body["where"]) == ("王**", "09:02", "第 1 人")
        again = scan(leader, scene, {**sent, "nonce": "n-2", "device_time": None})
        assert again.status_code == 409
        assert again.get_json()["reason"] == "already_in"
        assert again.get_json()["when"] == "09:02"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"code": 5},
        {"code": "x", "direction": "sideways"},
        {"code": "x" * 401},
        {"code": "x", "nonce": "n" * 41},
        {"code": "x", "device_time": "yesterday"},
        {"code": "x", "device_time": "2026-11-23T09:00:00"},
        {"code": "x", "device_time": "9999-12-31T23:59:59-23:59"},
        {"code": "x\u0000y"},
    ],
)
def test_malformed_scans_are_refused_in_words(
    app: Flask, scene: Scene, body: dict[str, object]
) -> None:
    answer = scan(browser(app, scene.leader), scene, body)
    assert answer.status_code == 422
    assert answer.get_json()["sentence"]


def test_a_queue_is_ordered_by_the_devices_clock(app: Flask, scene: Scene) -> None:
    scene.sign_up(scene.wang)
    leader = browser(app, scene.leader)
    code = scene.personal_code(scene.wang)
    out = {"code": code, "direction": "out", "nonce": "q2", "device_time": "2026-11-23T02:30:00Z"}
    came = {"code": code, "direction": "in", "nonce": "q1", "device_time": "2026-11-23T01:05:00Z"}
    with at(hours=6):
        for _ in range(2):
            answer = scan(leader, scene, {"scans": [out, came]}, "scans/batch")
            assert answer.status_code == 200
            reasons = [each["reason"] for each in answer.get_json()["results"]]
            assert reasons == ["needs_confirmation", "needs_confirmation"]
        assert scan(leader, scene, {"scans": []}, "scans/batch").status_code == 422
    (record,) = rows(HoursRecord)
    assert (record.minutes, record.state) == (85, HoursState.PENDING)


def test_a_photo_of_a_code_is_read_where_no_camera_works(app: Flask, scene: Scene) -> None:
    scene.sign_up(scene.wang)
    leader = browser(app, scene.leader)
    picture = qr.qr_png(scene.personal_code(scene.wang))
    path = f"/shifts/{scene.shift}/scans/typed"
    with at():
        answer = post(leader, path, direction="in", photo=(BytesIO(picture), "a.png"))
        assert answer.status_code == 200
        assert "签到成功" in answer.get_data(as_text=True)
        blank = post(leader, path, direction="in", photo=(BytesIO(b"not a picture"), "a.png"))
        assert blank.status_code == 422
        assert post(leader, path, direction="in", code="XXXXXX").status_code == 409


def test_the_screens_code_checks_in_but_a_get_writes_nothing(app: Flask, scene: Scene) -> None:
    scene.sign_up(scene.wang)
    leader, wang = browser(app, scene.leader), browser(app, scene.wang)
    with at(seconds=4):
        answer = leader.get(f"{HOME}/shifts/{scene.shift}/screen/code").get_json()
        assert (answer["seconds_left"], answer["slot_seconds"]) == (26, 30)
        code = scene.rotating_code(STARTS).rsplit("/", 1)[-1]
        opened = wang.get(f"/Q/R/{code}")
        assert opened.status_code == 302
        page = wang.get(opened.location).get_data(as_text=True)
        assert code in page
        assert not rows(HoursRecord)
        done = post(wang, f"/shifts/{scene.shift}/here", code=code, direction="in")
        assert done.status_code == 200
        assert "等负责人确认" in done.get_data(as_text=True)
    assert wang.get("/Q/R/NONSENSE").status_code == 404


def test_the_rotating_picture_is_version_3(scene: Scene) -> None:
    code = scene.rotating_code(STARTS)
    for host in ("HTTPS://A.EXAMPLE", "HTTPS://GUIHUALI.SHEQU.EXAMPLE.CN"):
        text = code.replace("HTTPS://A.EXAMPLE", host)
        side = len(qr.modules(text, is_screen=True)) - 2 * qr.QUIET_MODULES
        assert side == 29, "version 3 has 29 modules"


def test_paper_goes_up_and_a_second_person_confirms(app: Flask, scene: Scene) -> None:
    scene.sign_up(scene.wang, scene.li)
    leader, staff = browser(app, scene.leader), browser(app, scene.staff)
    picture = qr.qr_png("https://a.example")
    with at(hours=3):
        fields = {f"on-{scene.wang}": "1", f"in-{scene.wang}": "09:00"}
        path = f"/shifts/{scene.shift}/sheet"
        wrong = post(leader, path, photo=(BytesIO(picture), "a.png"), **fields)
        assert wrong.status_code == 422
        fields[f"out-{scene.wang}"] = "10:30"
        sent = post(leader, path, photo=(BytesIO(picture), "a.png"), **fields)
        assert sent.status_code == 303, sent.get_data(as_text=True)
        (sheet,) = rows(PaperSheet)
        assert staff.get(f"{HOME}/desk/sheets/{sheet.id}/photo").status_code == 200
        assert staff.get(f"{HOME}/desk/sheets/{sheet.id}").status_code == 200
        assert post(staff, f"/desk/sheets/{sheet.id}/confirm").status_code == 303
    assert rows(PaperSheet)[0].state is PaperState.CONFIRMED
    (record,) = rows(HoursRecord)
    assert (record.minutes, record.hours_class.value) == (90, "paper")


def test_back_filling_is_asked_decided_and_listed(app: Flask, scene: Scene) -> None:
    wang, staff = browser(app, scene.wang), browser(app, scene.staff)
    picture = qr.qr_png("https://a.example")
    fields: dict[str, object] = {
        "person_id": scene.wang, "title": "照看独居老人", "kind": "elder_care", "place": "2 号楼",
        "served_on": "2026-11-20", "minutes": "90", "reason": "老人手机坏了，没法扫码",
    }  # fmt: skip
    assert post(wang, "/my/back-fills", **fields).status_code == 422
    evidence = (BytesIO(picture), "a.png")
    assert post(wang, "/my/back-fills", evidence=evidence, **fields).status_code == 303
    (asked,) = rows(BackFill)
    assert "照看独居老人" in staff.get(f"{HOME}/desk/hours").get_data(as_text=True)
    path = f"/desk/back-fills/{asked.id}/decide"
    assert staff.get(f"{HOME}/desk/back-fills/{asked.id}/evidence").status_code == 200
    assert post(staff, path, is_approved="1", note="属实").status_code == 303
    assert rows(BackFill)[0].state is BackFillState.APPROVED
    public = app.test_client().get(f"{HOME}/back-fills").get_data(as_text=True)
    assert "王**" in public
    assert "王秀英" not in public


def test_planning_through_the_pages(app: Flask, scene: Scene) -> None:
    leader = browser(app, scene.leader)
    made = post(
        leader, "/activities/new", title="夜间巡逻", kind="patrol", place="南门",
        organising_unit="桂花里社区", leader_ids=str(scene.leader), skills="急救，骑车",
    )  # fmt: skip
    assert made.status_code == 303, made.get_data(as_text=True)
    activity = int(made.location.rsplit("/", 1)[-1])
    wrong = post(
        leader, f"/activities/{activity}/shifts/new", starts_at="2026-12-01T20:00",
        ends_at="2026-12-01T19:00", capacity="5",
    )  # fmt: skip
    assert wrong.status_code == 422
    assert "结束时间要晚于开始时间" in wrong.get_data(as_text=True)
    series = post(
        leader, f"/activities/{activity}/series", starts_at="2026-12-01T20:00",
        ends_at="2026-12-01T22:00", capacity="5", rhythm="weekly", until="2026-12-31",
    )  # fmt: skip
    assert series.status_code == 303
    page = leader.get(f"{HOME}/activities/{activity}").get_data(as_text=True)
    assert page.count("20:00–22:00") == 5
    assert "急救、骑车" in page


def test_rain_in_one_tap_tells_everybody(app: Flask, scene: Scene) -> None:
    scene.sign_up(scene.wang, scene.li)
    leader = browser(app, scene.leader)
    done = post(leader, f"/shifts/{scene.shift}/cancel", note="暴雨")
    assert "已通知 2 人" in leader.get(done.location).get_data(as_text=True)
    shown = browser(app, scene.wang).get(f"{HOME}/shifts/{scene.shift}").get_data(as_text=True)
    assert "暴雨" in shown


def test_my_code_is_kept_for_use_without_network(app: Flask, scene: Scene) -> None:
    wang = browser(app, scene.wang)
    answer = wang.get(f"{HOME}/my-code")
    assert answer.headers["X-Keep-Offline"] == "own"
    assert "qr-code" in answer.get_data(as_text=True)


def test_confirming_all_from_the_roster(app: Flask, scene: Scene) -> None:
    scene.sign_up(scene.wang)
    with at(seconds=1):
        scene.scan(scanning.check_in_here, scene.wang, scene.rotating_code(STARTS))
    leader = browser(app, scene.leader)
    with at(hours=2, minutes=1):
        done = post(leader, f"/shifts/{scene.shift}/confirm")
        assert done.status_code == 303
        assert "1 人已入账" in leader.get(done.location).get_data(as_text=True)
    assert rows(HoursRecord)[0].minutes == 119
