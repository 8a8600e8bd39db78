"""Pages of topics over HTTP: two steps without scripts, photos, filters, masks, exports."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from community.deliberation.models import Topic
from community.deliberation.rules.discussion import ArgumentSide, FlagReason
from community.deliberation.rules.topics import TopicCategory, TopicState
from community.deliberation.service import arguing, moderating
from community.deliberation.service.topics import TopicDraft
from community.kernel import db, ids
from community.kernel.actor import Actor
from tests import builders
from tests.deliberation.topic_scene import LAMP, make_scene, put
from tests.kernel.paraphrases import PAIRS

HOME = "/c/guihua"
Send = Callable[..., TestResponse]


def photo() -> bytes:
    made = io.BytesIO()
    picture = Image.new("RGB", (40, 30), "green")
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    picture.save(made, "JPEG", exif=exif)
    return made.getvalue()


class Browser:
    """Somebody's browser without scripts."""

    def __init__(self, app: Flask, actor: Actor | None) -> None:
        self.client: FlaskClient = app.test_client()
        if actor is not None:
            assert actor.person_id is not None
            builders.sign_in(self.client, actor.person_id)

    def get(self, path: str) -> TestResponse:
        return self.client.get(HOME + path)

    def post(self, path: str, **values: Any) -> TestResponse:
        page = self.client.get(f"{HOME}/topics").get_data(as_text=True)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        given = {"request_key": ids.random_code(26), **values}
        if token:
            given["csrf_token"] = token[1]
        return self.client.post(HOME + path, data=given, content_type="multipart/form-data")


def form(**changes: Any) -> dict[str, Any]:
    return {
        "title": LAMP.title,
        "words": LAMP.words,
        "category": "repair",
        "place": "东侧台阶",
        **changes,
    }


def test_a_topic_is_raised_in_two_steps_with_a_photo(app: Flask) -> None:
    scene = make_scene()
    author = Browser(app, scene.author)
    kept = author.post("/topics/new", **form(photos=(io.BytesIO(photo()), "a.jpg")))
    assert kept.status_code == 303
    check = author.client.get(kept.location).get_data(as_text=True)
    assert LAMP.title in check
    topic_id = int(kept.location.rsplit("/", 1)[1])
    image = re.search(r"/topics/photos/\d+", check)
    assert image
    assert Browser(app, None).get(image[0]).status_code == 404, "a draft is nobody else's"
    raised = author.post(f"/topics/drafts/{topic_id}/raise")
    assert raised.location.endswith(f"/topics/{topic_id}")
    public = Browser(app, None)
    page = public.get(f"/topics/{topic_id}").get_data(as_text=True)
    assert "王**" in page
    assert "王秀英" not in page
    shown = public.get(image[0])
    assert shown.status_code == 200
    assert b"SecretCamera" not in shown.data, "written anew"
    db.write(moderating.hide, scene.staff, topic_id, FlagReason.OTHER, "先核实")
    assert public.get(image[0]).status_code == 404
    hidden = public.get(f"/topics/{topic_id}").get_data(as_text=True)
    assert LAMP.title not in hidden
    assert "先核实" in hidden


def test_what_is_alike_is_shown_on_the_check_step_and_while_typing(app: Flask) -> None:
    scene = make_scene()
    query, target = PAIRS[2]
    put(scene.neighbours[0], TopicDraft(target, "车棚里。", TopicCategory.SAFETY))
    author = Browser(app, scene.author)
    kept = author.post("/topics/new", **form(title=query, words="车棚里没有地方充电。"))
    assert target in author.client.get(kept.location).get_data(as_text=True)
    typed = author.client.get(f"{HOME}/topics/similar", query_string={"words": query})
    assert target in typed.get_data(as_text=True)
    assert "<html" not in typed.get_data(as_text=True)
    assert Browser(app, None).get("/topics/similar?words=x").status_code == 302


def test_what_was_typed_stays_when_something_is_wrong(app: Flask) -> None:
    scene = make_scene()
    author = Browser(app, scene.author)
    wrong = author.post("/topics/new", **form(category=""))
    assert wrong.status_code == 422
    assert LAMP.words in wrong.get_data(as_text=True)
    named = author.post("/topics/new", **form(words="李国强家的灯坏了，很久没人修。"))
    assert named.status_code == 409
    assert "居民姓名" in named.get_data(as_text=True)
    paper = author.post("/topics/new", **form(photos=(io.BytesIO(b"%PDF-1.4"), "a.pdf")))
    assert paper.status_code == 415


def test_a_resident_endorses_argues_and_withdraws(app: Flask) -> None:
    scene = make_scene()
    made = put(scene.author)
    neighbour = Browser(app, scene.neighbours[0])
    assert neighbour.post(f"/topics/{made}/endorse").status_code == 303
    assert neighbour.post(f"/topics/{made}/withdraw-endorsement").status_code == 303
    said = neighbour.post(f"/topics/{made}/arguments", side="for", words="老人看不清路。")
    assert said.status_code == 303
    assert "老人看不清路" in neighbour.get(f"/topics/{made}").get_data(as_text=True)
    nobody = Browser(app, None)
    assert nobody.client.post(f"{HOME}/topics/{made}/endorse").status_code in {400, 401}
    outsider = Browser(app, scene.outsider)
    assert outsider.client.post(f"{HOME}/topics/{made}/endorse").status_code in {400, 403}


def test_anybody_reads_and_filters_the_list_with_late_ones_first(app: Flask) -> None:
    scene = make_scene()
    put(scene.author)
    put(scene.author, TopicDraft("遛狗请牵绳", "草地上有狗粪。", TopicCategory.PETS))
    public = Browser(app, None)
    every = public.get("/topics").get_data(as_text=True)
    assert LAMP.title in every
    assert "遛狗请牵绳" in every
    chosen = public.get("/topics?category=pets&text=&building_id=abc").get_data(as_text=True)
    assert LAMP.title not in chosen
    assert "遛狗请牵绳" in chosen
    with db.read() as session:
        assert session.scalars(select(Topic.state)).all() == [TopicState.RAISED] * 2


def test_the_office_exports_answers_and_typed_words_stay_words(app: Flask) -> None:
    scene = make_scene()
    put(scene.author, TopicDraft('=1+1,"坏"的公式', "台阶下面。", TopicCategory.REPAIR))
    for reader in (scene.firm, scene.auditor, scene.committee):
        office = Browser(app, reader)
        sheet = office.get("/desk/topics/export.xlsx")
        book = openpyxl.load_workbook(io.BytesIO(sheet.data))
        title = book.worksheets[0].cell(row=2, column=2)
        assert (title.value, title.data_type) == ('=1+1,"坏"的公式', "s")
        lines = office.get("/desk/topics/export.csv").get_data(as_text=True).splitlines()
        assert '"\'=1+1,""坏""的公式"' in lines[1]
        assert "王秀英" not in "".join(lines)
    assert Browser(app, scene.author).get("/desk/topics/export.csv").status_code == 403


@pytest.mark.parametrize(
    ("path", "may"),
    [
        ("/desk/topics", {"staff", "committee", "firm", "auditor"}),
        ("/desk/topics/flags", {"staff"}),
        ("/desk/topics/appeals", {"staff", "committee"}),
        ("/desk/topics/new", {"staff"}),
        ("/desk/topics/rules", {"staff", "committee"}),
    ],
)
def test_who_opens_which_desk(app: Flask, path: str, may: set[str]) -> None:
    scene = make_scene()
    for name in ("author", "staff", "committee", "firm", "auditor", "outsider"):
        actor: Actor = getattr(scene, name)
        expected = 200 if name in may else 403
        assert Browser(app, actor).get(path).status_code == expected, name


def test_only_moderators_read_the_name_behind_the_mask(app: Flask) -> None:
    scene = make_scene()
    made = put(scene.author)
    named = {
        name: "王秀英" in Browser(app, getattr(scene, name)).get(f"/desk/topics/{made}").text
        for name in ("staff", "committee", "firm", "auditor")
    }
    assert named == {"staff": True, "committee": False, "firm": False, "auditor": False}


def test_the_desk_answers_hides_and_decides(app: Flask) -> None:
    scene = make_scene()
    made = put(scene.author)
    said = db.write(arguing.argue, scene.neighbours[0], made, ArgumentSide.FOR, "很有道理。")
    firm, staff = Browser(app, scene.firm), Browser(app, scene.staff)
    told = firm.post(f"/desk/topics/{made}/answer", outcome="explained", words="下周换灯。")
    assert told.status_code == 303
    assert "下周换灯" in Browser(app, None).get(f"/topics/{made}").get_data(as_text=True)
    gone = staff.post(
        f"/desk/topics/{made}/hide", reason="spam", words="重复", argument_id=str(said)
    )
    assert gone.status_code == 303
    assert "很有道理" not in Browser(app, None).get(f"/topics/{made}").get_data(as_text=True)
    author = Browser(app, scene.neighbours[0])
    page = author.get(f"/topics/{made}").get_data(as_text=True)
    appeal = re.search(rf"/topics/{made}/appeal/\d+", page)
    assert appeal
    assert author.post(appeal[0], words="我没有重复").status_code == 303
    number = re.search(
        r"/desk/topics/appeals/(\d+)",
        Browser(app, scene.committee).get("/desk/topics/appeals").get_data(as_text=True),
    )
    assert number
    decided = Browser(app, scene.committee).post(
        f"/desk/topics/appeals/{number[1]}", restores="1", words="可以保留"
    )
    assert decided.status_code == 303
    assert "很有道理" in Browser(app, None).get(f"/topics/{made}").get_data(as_text=True)


def test_the_api_reaches_the_same_commands(app: Flask) -> None:
    scene = make_scene()
    author = Browser(app, scene.author)
    api = f"/api/v1{HOME}/deliberation"
    token = re.search(
        r'name="csrf_token" value="([^"]+)"', author.get("/topics").get_data(as_text=True)
    )
    heads = {"X-CSRFToken": token[1] if token else ""}

    def act(path: str, **body: Any) -> Any:
        answer = author.client.post(
            api + path, json=body, headers={**heads, "Idempotency-Key": ids.random_code(26)}
        )
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()["result"]

    kept = act("/topic-drafts", title=LAMP.title, words=LAMP.words, category="repair")
    act(
        f"/topic-drafts/{kept}", title="路灯又灭了", words=LAMP.words, category="repair", dropped=[]
    )
    assert act(f"/topic-drafts/{kept}/raise") == kept
    shown = author.client.get(f"{api}/topics/{kept}").get_json()["result"]
    assert shown["topic"]["title"] == "路灯又灭了"
    assert shown["topic"]["author"] == "王**"
