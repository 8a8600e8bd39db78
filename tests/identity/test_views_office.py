"""The office's pages: import, letters, residents' changes, walked through HTTP."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from community import identity
from community.identity.queries.card_sheets import person_cards
from community.identity.queries.letters import letters_to_print
from community.kernel import db
from community.kernel.permissions import Role
from tests import builders
from tests.identity.sheets import HEADER, make_xlsx

BASE = "/c/guihua/desk"
ROWS = [
    ["3", "1", "101", "林秋月", 13800000001, 89.5],
    ["3", "1", "102", "何志强", "1.38E+10", 75],
]


class Desk:
    """A clerk's browser."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.here = builders.make_community()
        self.clerk = builders.make_person(self.here, "社工甲", roles=(Role.STAFF,))
        builders.sign_in(client, self.clerk)

    def get(self, path: str) -> str:
        answer = self.client.get(BASE + path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.get_data(as_text=True)

    def post(self, path: str, page: str, **fields: object) -> int:
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        key = re.search(r'name="request_key" value="([^"]+)"', page)
        assert token
        assert key
        sent = {"csrf_token": token.group(1), "request_key": key.group(1), **fields}
        answer = self.client.post(BASE + path, data=sent)
        self.location = answer.headers.get("Location", "").removeprefix(BASE)
        self.text = answer.get_data(as_text=True)
        return answer.status_code

    def upload(self, content: bytes, name: str = "住户.xlsx") -> int:
        page = self.get("/imports")
        return self.post("/imports", page, sheet=(io.BytesIO(content), name))


@pytest.fixture
def desk(client: FlaskClient) -> Desk:
    return Desk(client)


def test_a_messy_sheet_from_upload_to_letters(desk: Desk, app: Flask) -> None:
    assert desk.upload(make_xlsx(["桂花里住户表"], HEADER, *ROWS)) == 303
    address = desk.location
    page = desk.get(address)
    assert "身份证号只读了出生日期" in page
    assert "1.38E+10" in page
    marked = desk.client.get(f"{BASE}{address}/marked.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(marked.data)).worksheets[0]
    assert sheet["E4"].comment is not None
    assert desk.post(f"{address}/start", page) == 303
    assert "看现在的进度" in desk.get(address)
    builders.run_jobs()
    assert "导入完成" in desk.get(address)
    letters = desk.get("/letters")
    assert "3 号楼" in letters
    assert desk.post("/letters", letters) == 303
    with app.app_context():
        builders.run_jobs()
    found = re.search(r'href="/c/guihua/desk(/letters/sheets/\d+\.pdf)"', desk.get("/letters"))
    assert found
    paper = desk.client.get(BASE + found.group(1))
    assert paper.data.startswith(b"%PDF")


def test_the_letter_s_code_lets_the_household_in(desk: Desk, app: Flask) -> None:
    home = builders.make_household(desk.here)
    builders.make_person(desk.here, "林秋月", household_id=home)
    assert desk.post(f"/letters/households/{home}/renew", desk.get("/letters/1")) == 303
    with db.read() as session:
        (letter,) = letters_to_print(session, desk.here)
    assert letter.names == ("林秋月",)
    visitor = app.test_client()
    page = visitor.get("/l/" + letter.code)
    assert page.status_code == 200
    assert letter.code in page.get_data(as_text=True)
    second = desk.post(f"/letters/households/{home}/renew", desk.get("/letters/1"))
    assert second == 303
    with db.read() as session:
        (renewed,) = letters_to_print(session, desk.here)
    assert renewed.code != letter.code


def test_a_column_is_corrected_on_the_page(desk: Desk) -> None:
    header = ["楼栋", "房号", "姓名", "备用号"]
    assert desk.upload(make_xlsx(header, ["3", "101", "林秋月", "13800000001"])) == 303
    address = desk.location
    page = desk.get(address)
    assert "138****0001" not in page
    columns = ["building", "room", "name", "phone"]
    assert desk.post(f"{address}/columns", page, sheet="0", columns=columns) == 303
    assert "138****0001" in desk.get(address)
    assert desk.post(f"{address}/columns", page, sheet="0", columns=["nonsense"]) == 422


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"\x89PNG\r\n\x1a\n\x00", "不是表格"), (make_xlsx(["a", "b"]), "没有找到表头")],
)
def test_what_is_no_sheet_is_refused_with_a_sentence(
    desk: Desk, content: bytes, sentence: str
) -> None:
    assert desk.upload(content) == 422
    assert sentence in desk.text


def test_a_move_and_its_undo(desk: Desk, app: Flask) -> None:
    home = builders.make_household(desk.here)
    person = builders.make_person(desk.here, "林秋月", household_id=home)
    assert "林秋月" in desk.get("/changes?text=林秋月")
    assert "搬走了" in desk.get(f"/changes/people/{person}")
    page = desk.get(f"/changes/people/{person}/moved")
    assert desk.post(f"/changes/people/{person}/moved", page, on="2026-11-21") == 303
    listed = desk.get("/changes")
    assert "登记搬走" in listed
    undo = re.search(r"/changes/(\d+)/undo", listed)
    assert undo
    assert desk.post(f"/changes/{undo.group(1)}/undo", listed) == 403
    builders.sign_in(desk.client, builders.make_person(desk.here, "社工乙", roles=(Role.STAFF,)))
    assert desk.post(f"/changes/{undo.group(1)}/undo", desk.get("/changes")) == 303
    with db.read() as session:
        assert identity.household_of(session, desk.here, person) == home


@pytest.mark.parametrize("act", ["died", "moved", "sold", "tenancy-ended"])
def test_each_act_previews_and_refuses_a_wrong_day(desk: Desk, act: str) -> None:
    home = builders.make_household(desk.here)
    person = builders.make_person(desk.here, "林秋月", household_id=home)
    page = desk.get(f"/changes/people/{person}/{act}")
    assert "登记后会发生什么" in page
    fields = {"unit_id": "1", "buyers": "何志强 1980"} if act == "sold" else {}
    assert desk.post(f"/changes/people/{person}/{act}", page, on="2026-13-01", **fields) == 422
    assert "没有这一天" in desk.text
    assert desk.client.get(f"{BASE}/changes/people/{person}/burnt").status_code == 404


def test_a_resident_sees_none_of_it(desk: Desk, app: Flask) -> None:
    visitor = app.test_client()
    builders.sign_in(visitor, builders.make_person(desk.here, "林秋月"))
    for path in ("/imports", "/letters", "/changes"):
        assert visitor.get(BASE + path).status_code == 403


def test_cards_are_printed_ten_a_page_and_kept(desk: Desk) -> None:
    home = builders.make_household(desk.here)
    for number in range(11):
        builders.make_person(desk.here, f"林秋{number}月", household_id=home)
    with db.read() as session:
        building = identity.get_household(session, desk.here, home).building_id
    for _ in range(2):
        assert desk.post(f"/cards/{building}", desk.get("/cards")) == 303
    with db.read() as session:
        cards = person_cards(session, desk.here, building)
    assert len(cards) == 11
    for kind, pages in (("people", 2), ("households", 1)):
        paper = desk.client.get(f"{BASE}/cards/{building}/{kind}.pdf")
        assert len(PdfReader(io.BytesIO(paper.data)).pages) == pages
    assert desk.client.get(f"{BASE}/cards/999/people.pdf").status_code == 404
