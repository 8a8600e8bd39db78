"""A budget over HTTP: the ballot's limits, a result told project by project, files in and out."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from community.deliberation import PollKind
from community.deliberation.tallies.pabulib import read_pb
from community.deliberation.tallies.pb_counting import count_pb
from community.kernel import clock, ids
from tests import builders
from tests.deliberation.hall import PROJECTS, make_hall, vote_all
from tests.deliberation.pb_files import APPROVAL, make
from tests.deliberation.voting import Street, decide, draft, during, make_street, options, poll_of

ROOT = "/c/guihua"


@pytest.fixture(autouse=True)
def _no_tokens(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let posts come without a form's token: these tests ask about budgets."""
    monkeypatch.setitem(app.config, "WTF_CSRF_METHODS", set())


def client_of(app: Flask, person_id: int | None) -> FlaskClient:
    client = app.test_client()
    builders.sign_in(client, person_id or 0)
    return client


def text_of(answer: TestResponse) -> str:
    return re.sub(r"<[^>]*>|\s+", " ", answer.get_data(as_text=True))


def send(client: FlaskClient, content: bytes, **data: str) -> TestResponse:
    fields = {"request_key": ids.random_code(20), "file": (BytesIO(content), "town.pb"), **data}
    return client.post(
        f"{ROOT}/desk/polls/budget-file", data=fields, content_type="multipart/form-data"
    )


def decided(street: Street, **settings: int | str | bool) -> int:
    poll_id = make_hall(street, **settings)
    vote_all(street, poll_id)
    decide(street, poll_id)
    return poll_id


def test_the_ballot_says_its_limits_and_holds_them(app: Flask) -> None:
    street = make_street(2)
    poll_id = make_hall(street, most_cost=50_000_00, most_projects=3)
    with during(street, poll_id):
        client = client_of(app, street.people[0])
        page = text_of(client.get(f"{ROOT}/polls/{poll_id}/vote"))
        assert "最多选 3 个" in page
        assert "加起来不超过 50,000.00 元" in page
        address = f"{ROOT}/polls/{poll_id}/vote"
        dear = client.post(address, data={"choice": ["1", "5"]})
        assert (dear.status_code, "超过了预算" in text_of(dear)) == (422, True)
        many = client.post(address, data={"choice": ["15", "17", "18", "7"]})
        assert (many.status_code, "选得太多" in text_of(many)) == (422, True)
        good = client.post(address, data={"choice": ["15", "17", "18"]})
        assert "3 个项目，合计 14,800.00 元" in text_of(good)


@pytest.mark.parametrize("rule", ["greedy", "greedy_no_skip", "knapsack", "equal_shares"])
def test_every_project_has_its_reason(app: Flask, rule: str) -> None:
    street = make_street(25)
    poll_id = decided(street, rule=rule)
    page = app.test_client().get(f"{ROOT}/polls/{poll_id}/result").get_data(as_text=True)
    lines = re.findall(r'<p class="small">([^<]+)</p>\s*</li>', page)
    assert len(lines) == len(PROJECTS)
    assert all(line.strip() for line in lines)
    assert "没有人选。" in lines
    # Purses, never names.
    assert "居民" not in re.sub(r"居民委员会", "", page.split('class="projects"')[1])


@pytest.mark.parametrize(
    ("form", "pairs_of"),
    [
        ("approval", lambda place: f"{1 + place % 3}:1"),
        ("ranked", lambda place: f"{1 + place % 3}:1,{2 + place % 3}:2"),
        ("points", lambda place: f"{1 + place % 3}:7,5:3"),
    ],
)
def test_an_exported_file_counts_to_the_same(app: Flask, form: str, pairs_of: object) -> None:
    assert callable(pairs_of)
    street = make_street(9)
    utility = "cost" if form == "approval" else "points"
    poll_id = make_hall(street, form=form, utility=utility, points=10, rule="greedy")
    with during(street, poll_id):
        for place, person in enumerate(street.people):
            cast = client_of(app, person).post(
                f"{ROOT}/polls/{poll_id}/cast", data={"pairs": pairs_of(place), "roll_entry_id": ""}
                | {"roll_entry_id": str(_entry(app, person, poll_id))}
            )  # fmt: skip
            assert cast.status_code == 303, cast.get_data(as_text=True)
    decide(street, poll_id)
    answer = app.test_client().get(f"{ROOT}/polls/{poll_id}/budget.pb")
    file = read_pb(answer.get_data())
    counted = count_pb(file, {"rule": "greedy"})
    assert file.form == form
    assert len(file.ballots) == 9
    assert set(counted.winners) == set(counted.published or ())
    assert not file.warnings


def _entry(app: Flask, person: int, poll_id: int) -> int:
    page = client_of(app, person).get(f"{ROOT}/polls/{poll_id}/vote").get_data(as_text=True)
    found = re.search(r'name="roll_entry_id" value="(\d+)"', page)
    assert found is not None
    return int(found[1])


def test_a_file_comes_only_from_a_decided_budget(app: Flask) -> None:
    street = make_street(2)
    poll_id = make_hall(street)
    client = app.test_client()
    assert client.get(f"{ROOT}/polls/{poll_id}/budget.pb").status_code in {403, 409, 422}
    assert client.get(f"{ROOT}/polls/999/budget.pb").status_code == 404
    builders.make_community("yulan")
    assert client.get(f"/c/yulan/polls/{poll_id}/budget.pb").status_code == 404


def test_the_desk_counts_an_uploaded_file(app: Flask) -> None:
    street = make_street(1)
    desk = client_of(app, street.convener.person_id)
    assert desk.get(f"{ROOT}/desk/polls/budget-file").status_code == 200
    page = text_of(send(desk, APPROVAL.encode(), rule="greedy", completion="none", act="count"))
    assert "2 个项目，共 2400" in page
    assert "与文件里公布的结果一致" in page
    tied = make({"a": 20, "b": 20}, ["a", "b"], 30).encode()
    assert "不分先后" in text_of(send(desk, tied, rule="greedy", completion="none", act="count"))


def test_the_desk_drafts_a_vote_from_a_file_once(app: Flask) -> None:
    street = make_street(1)
    desk = client_of(app, street.convener.person_id)
    key = ids.random_code(20)
    made = send(desk, APPROVAL.encode(), act="draft", request_key=key)
    again = send(desk, APPROVAL.encode(), act="draft", request_key=key)
    assert made.status_code == 303
    assert made.headers["Location"] == again.headers["Location"]
    poll = poll_of(street, int(made.headers["Location"].rsplit("/", 1)[1]))
    assert (poll.kind, poll.title) == (PollKind.BUDGET, "A small one")
    assert [each.cost_fen for each in poll.options] == [600_00, 1800_00, 1200_00]
    assert (poll.settings["budget"], poll.settings["rule"]) == (2500_00, "greedy")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "请先选一个 .pb 文件"),
        (b"\xff\xfe\xff", "不是文字文件"),
        (APPROVAL.replace("2;51;1\n", "2;51;9\n").encode(), "不在项目表里"),
        (b"x" * (4 << 20) + b"x", "文件太大"),
    ],
)
def test_a_bad_upload_is_refused_in_words(app: Flask, content: bytes, said: str) -> None:
    street = make_street(1)
    refused = send(client_of(app, street.convener.person_id), content, act="count")
    assert (refused.status_code, said in text_of(refused)) == (422, True)


def test_money_finer_than_a_fen_makes_no_draft(app: Flask) -> None:
    street = make_street(1)
    desk = client_of(app, street.convener.person_id)
    fine = make({"a": "1.005", "b": "2"}, ["a"], 30).encode()
    refused = send(desk, fine, act="draft")
    assert (refused.status_code, "不到一分钱" in text_of(refused)) == (422, True)


def test_only_who_convenes_reads_files(app: Flask) -> None:
    street = make_street(1)
    assert send(client_of(app, street.people[0]), b"x").status_code == 403
    assert client_of(app, street.people[0]).get(f"{ROOT}/desk/polls/budget-file").status_code == 403
    assert app.test_client().get(f"{ROOT}/desk/polls/budget-file").status_code in {302, 401, 403}


def test_a_budget_without_money_is_no_draft(app: Flask) -> None:
    street = make_street(1)
    desk = client_of(app, street.convener.person_id)
    opens = clock.now() + timedelta(days=1)
    asked = draft(street, kind=PollKind.BUDGET, options=options("甲", "乙"))
    fields = {
        "request_key": ids.random_code(20),
        "kind": "budget",
        "title": asked.title,
        "options": "甲 | 5\n乙 | 7.50",
        "roll_kind": "adults",
        "opens_at": opens.astimezone(clock.SHANGHAI).isoformat()[:16],
        "closes_at": (opens + timedelta(days=2)).astimezone(clock.SHANGHAI).isoformat()[:16],
    }
    address = f"{ROOT}/desk/polls/new/budget"
    assert "没有写总预算" in text_of(desk.post(address, data=fields))
    fine = "\n".join(f"第{number}项 | {number}000.0{number % 10}" for number in range(1, 25))
    best = {"setting_rule": "knapsack", "setting_budget": "99999.99", "options": fine}
    assert "取整" in text_of(desk.post(address, data={**fields, **best}))
    wrong = desk.post(address, data={**fields, "setting_budget": "ten"})
    assert wrong.status_code == 422
    made = desk.post(address, data={**fields, "setting_budget": "10.50", "setting_step": "0.01"})
    assert made.status_code == 303
    poll = poll_of(street, int(made.headers["Location"].rsplit("/", 1)[1]))
    assert (poll.settings["budget"], poll.settings["step"]) == (1050, 1)
