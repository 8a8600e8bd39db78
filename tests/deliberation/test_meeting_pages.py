"""Every page of meetings opens for those it is for, and posts do what they say."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from community.deliberation.queries.meetings import get_door_code, get_meeting
from community.deliberation.rules.bylaws import BylawKind
from community.deliberation.rules.processes import Thresholds
from community.deliberation.service import bylaws, counting, meetings, minutes, processes
from community.kernel import clock, db, ids
from community.kernel.actor import Actor
from community.kernel.db import Database
from tests import builders
from tests.conftest import NOON
from tests.deliberation.bodies import make_council
from tests.deliberation.sittings import DAY, WORDS, call, move, plan, sitting
from tests.deliberation.test_decisions import carry, decide, finalize

AT = "/c/guihua"


def visit(client: FlaskClient, actor: Actor) -> FlaskClient:
    builders.sign_in(client, actor.person_id or 0)
    return client


def send(client: FlaskClient, path: str, **typed: object) -> TestResponse:
    """Post a form with the token of a page that has one."""
    shown = client.get(f"{AT}/inbox").text
    token = re.findall('name="csrf_token" value="([^"]+)"', shown)[0]
    hidden = {"csrf_token": token, "request_key": ids.random_code(26)}
    return client.post(AT + path, data={**hidden, **typed}, content_type="multipart/form-data")


def opens(client: FlaskClient, *paths: str) -> str:
    page = ""
    for path in paths:
        answer = client.get(AT + path)
        assert answer.status_code == 200, (path, answer.status_code)
        page = answer.text if answer.mimetype == "text/html" else ""
    return page


def test_visitors_read_masked_pages(database: Database, client: FlaskClient) -> None:
    with sitting() as held:
        motion = move(held)
        db.write(counting.count_motion, held.chair, motion, 7, 0, 0)
        decision = decide(held)
        db.write(meetings.close_meeting, held.chair, held.meeting_id)
        db.write(minutes.keep_minutes, held.chair, held.meeting_id)
        page = opens(
            client, "/meetings", "/meetings/calendar", f"/meetings/{held.meeting_id}",
            f"/motions/{motion}", f"/motions/{motion}/live", f"/meetings/{held.meeting_id}/minutes",
            "/decisions", f"/decisions/{decision}", "/bodies", "/processes", "/bylaws",
            f"/bodies/{held.council.body_id}",
        )  # fmt: skip
        assert "王**" in page
        for name in ("王秀英", "张桂兰", "刘德明"):
            for path in (
                f"/meetings/{held.meeting_id}", f"/motions/{motion}",
                f"/meetings/{held.meeting_id}/minutes", "/decisions", f"/decisions/{decision}",
            ):  # fmt: skip
                assert name not in client.get(AT + path).text, path
        assert client.get(f"{AT}/desk/meetings").status_code in {302, 303, 401, 403}
        assert client.get(f"{AT}/meetings/{held.meeting_id}/run").status_code in {302, 303}
        paper = client.get(f"{AT}/meetings/{held.meeting_id}/minutes.pdf")
        assert paper.data.startswith(b"%PDF")
        sheet = client.get(f"{AT}/decisions/rates.xlsx")
        assert sheet.data.startswith(b"PK")
        lines = client.get(f"{AT}/decisions/rates.csv").data.decode("utf-8-sig")
        assert "7,9" in lines


def test_staff_plan_and_call_at_the_desk(database: Database, client: FlaskClient) -> None:
    council = make_council()
    visit(client, council.staff)
    opens(client, "/desk/bodies", f"/desk/bodies/{council.body_id}", "/desk/meetings")
    opens(client, f"/desk/bodies/{council.body_id}?q=周")
    when = (DAY + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M")
    answer = send(client, f"/desk/bodies/{council.body_id}/meetings", title="会", place="室",
                  starts_at=when)  # fmt: skip
    assert answer.status_code == 303
    place = answer.headers["Location"].removeprefix(AT)
    assert send(client, f"{place}/agenda", title="修路灯").status_code == 303
    opens(client, place)
    assert send(client, f"{place}/call").status_code == 303
    refused = send(client, f"{place}/agenda", title="临时加")
    assert refused.status_code == 409
    assert "没有公布的事不能表决" in refused.text


def test_a_late_notice_is_refused_on_the_page(database: Database, client: FlaskClient) -> None:
    council = make_council()
    meeting, _ = plan(council, NOON + timedelta(days=1))
    visit(client, council.staff)
    refused = send(client, f"/desk/meetings/{meeting}/call")
    assert refused.status_code == 409
    assert "通知太晚" in refused.text
    assert send(client, f"/desk/meetings/{meeting}/cancel", reason="改期").status_code == 303


def test_a_member_checks_in_moves_and_speaks(database: Database, client: FlaskClient) -> None:
    with sitting(present=6) as held:
        member, at = held.members[6], f"/meetings/{held.meeting_id}"
        visit(client, member)
        with db.read() as session:
            code = get_door_code(session, held.chair, held.meeting_id).code
        assert code in opens(client, f"{at}/here?code={code}")
        assert send(client, f"{at}/here", code="WRONG1").status_code == 409
        assert send(client, f"{at}/here", code=code).status_code == 303
        moved = send(
            client, f"{at}/motions", agenda_item_id=held.item_id, title="路灯", words=WORDS
        )
        assert moved.status_code == 303
        named = send(client, f"{at}/motions", agenda_item_id=held.item_id, title="路灯",
                     words="请王秀英阿姨负责 13800000000")  # fmt: skip
        assert named.status_code == 409
        motion = move(held)
        opens(client, at, f"/motions/{motion}")
        assert send(client, f"/motions/{motion}/speak", side="for").status_code == 303
        amended = send(client, f"/motions/{motion}/amendments", from_words="两盏", to_words="三盏")
        assert amended.status_code == 303
        assert send(client, f"/motions/{motion}/count", yes=7, no=0).status_code == 403
        assert client.get(f"{AT}{at}/run").status_code == 404


def test_the_chair_runs_it_from_a_phone(database: Database, client: FlaskClient) -> None:
    council = make_council()
    meeting, item = call(council)
    visit(client, council.chair)
    at = f"/meetings/{meeting}"
    opens(client, f"{at}/run")
    with clock.fixed(DAY):
        assert send(client, f"{at}/open").status_code == 303
        for member in council.members[:6]:
            assert send(client, f"{at}/people/{member.person_id}/in").status_code == 303
        opens(client, f"{at}/run", f"{at}/door", f"{at}/door/code")
        with db.read() as session:
            assert get_meeting(session, council.chair, meeting).has_quorum
        assert send(client, f"{at}/people/{council.members[5].person_id}/out").status_code == 303
        assert send(client, f"{at}/scan", code="ZZZZ").status_code == 403
        assert send(client, f"{at}/agenda/{item}/notes", notes="说了").status_code == 303
        assert send(client, f"{at}/close").status_code == 303
        assert send(client, f"{at}/minutes").status_code == 303
        opens(client, f"{at}/run")
        assert send(client, f"{at}/minutes/sign", signers="王秀英").status_code == 422
        signed = send(client, f"{at}/minutes/sign", signers="王秀英、李建国", photo=picture())
        assert signed.status_code == 303
        assert client.get(f"{AT}{at}/minutes/signed").status_code == 403


def test_the_chair_counts_and_the_desk_follows_up(database: Database, client: FlaskClient) -> None:
    with sitting() as held:
        motion = move(held)
        visit(client, held.council.staff)
        opens(client, f"/motions/{motion}")
        with db.read() as session:
            assert get_meeting(session, held.chair, held.meeting_id).has_quorum
        late = send(client, f"/motions/{motion}/count", yes=8, no=0, abstain=0)
        assert "多于到会的 7 人" in late.text
        assert send(client, f"/motions/{motion}/count", yes=6, no=1, abstain=0).status_code == 303
        opens(client, f"/motions/{motion}/decision")
        made = send(client, f"/motions/{motion}/decision", owner_id=held.members[4].person_id,
                    due_on="2026-12-20", review_on="2027-01-20")  # fmt: skip
        assert made.status_code == 303
        page = opens(client, "/decisions", "/decisions/1")
        assert "公示这个决定" in page
        assert send(client, "/decisions/1/post").status_code == 303
        assert send(client, "/decisions/1/settle").status_code == 409
    with clock.fixed(DAY + timedelta(days=6)):
        assert send(client, "/decisions/1/settle", again=1).status_code == 303
        done = send(client, "/decisions/1/progress", percent=30, words="买灯", photo=picture())
        assert done.status_code == 303
        page = opens(client, "/decisions/1")
        assert "/decisions/1/photos/" in page
        assert send(client, "/decisions/1/done", words="亮了").status_code == 303


def test_six_steps_and_bylaws_have_pages(database: Database, client: FlaskClient) -> None:
    council = make_council()
    process: int = db.write(
        processes.begin_process, council.staff, "修路", "翻修主路", Thresholds()
    )
    text = "第一条 安静\n夜里安静。"
    covenant = (BylawKind.COVENANT, "管理规约", text, "首次")
    bylaw: int = db.write(bylaws.begin_bylaw, council.staff, *covenant)
    visit(client, council.staff)
    step = {"step": "propose", "held_on": "2026-11-20", "words": "提议修路", "expected": 5,
            "present": 4, "yes": 4, "signers": "何志强，罗文斌"}  # fmt: skip
    assert send(client, f"/processes/{process}/steps", **step).status_code == 422
    kept = send(client, f"/processes/{process}/steps", **step, photo=picture())
    assert kept.status_code == 303
    opens(client, f"/processes/{process}", f"/processes/{process}/steps/1/paper")
    again = send(client, f"/processes/{process}/steps", **step, photo=picture(), place="室")
    assert again.status_code == 409
    opens(client, f"/bylaws/{bylaw}", f"/bylaws/{bylaw}/versions/1")
    adopted = send(client, f"/bylaws/{bylaw}/adopt", adopted_by_words="第 1 次大会")
    assert adopted.status_code == 303
    assert "现行第 1 版" in opens(client, f"/bylaws/{bylaw}")


def test_other_communities_find_nothing(database: Database, client: FlaskClient) -> None:
    with sitting() as held:
        motion = carry(held)
        decision = decide(held)
        finalize(held, decision)
        visit(client, held.council.outsider)
        for path in (f"/meetings/{held.meeting_id}", f"/motions/{motion}", f"/decisions/{decision}",
                     f"/bodies/{held.council.body_id}"):  # fmt: skip
            assert client.get(f"/c/xinghe{path}").status_code == 404


def picture() -> tuple[BytesIO, str]:
    drawn = BytesIO()
    Image.new("RGB", (60, 40), "white").save(drawn, "PNG")
    drawn.seek(0)
    return drawn, "签字.png"
