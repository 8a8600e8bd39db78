"""Hours of other platforms, and the street's own form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from community.kernel import clock, db, files
from community.kernel.actor import Actor
from community.volunteering.errors.exchange import AlreadyImported, ImportStarted
from community.volunteering.queries import exchange as queries
from community.volunteering.queries import served, street_forms
from community.volunteering.rules.exchange import Every, Span, span_before, span_of
from community.volunteering.rules.sheets import Column, Mistake, read_row
from community.volunteering.rules.street_forms import split_cell
from community.volunteering.service import exchange
from community.volunteering.service import street_forms as forms_service
from tests import builders
from tests.volunteering.neighbours import Neighbours, confirm_hours, make_neighbours
from tests.volunteering.test_time_pages import browser, post

TODAY = date(2026, 11, 22)
# A spreadsheet knows no time zone.
CELL = datetime(2026, 10, 3, 9, 0)  # noqa: DTZ001
HEADS = ("姓名", "手机号码", "活动名称", "服务开始时间", "服务结束时间", "荣誉时数", "组织名称")


@pytest.fixture
def street(app: Flask) -> Neighbours:
    return make_neighbours()


def sheet(*rows: Sequence[object], heads: Sequence[str] = HEADS) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["志愿服务时数统计表"])
    page.append(list(heads))
    for row in rows:
        page.append(list(row))
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def keep(street: Neighbours, content: bytes, name: str = "时数.xlsx") -> int:
    ready = files.take_in(files.Upload(name, content), files.SHEETS)
    found: int = db.write(
        exchange.keep_hours_import, street.actor(street.clerk), "zhiyuanhui", ready
    )
    return found


SERVED = ("王秀英", "", "图书馆导读", "2026-10-03 09:00", "2026-10-03 11:30", "2.5", "市图书馆")


def test_a_row_is_read_as_offices_write_it() -> None:
    row = read_row(
        3,
        {
            Column.PERSON: " 王秀英 ", Column.PHONE: 13800000000.0, Column.TITLE: "导读",
            Column.STARTS_AT: CELL, Column.HOURS: "2.5小时",
        },
        TODAY,
    )  # fmt: skip
    assert (row.person, row.phone, row.served_on, row.minutes, row.mistake) == (
        "王秀英", "13800000000", date(2026, 10, 3), 150, None,
    )  # fmt: skip
    no_hours: dict[Column, object] = {
        Column.PERSON: "王", Column.TITLE: "x", Column.STARTS_AT: "2026年10月3日 9:00",
        Column.ENDS_AT: "2026-10-03 10:15",
    }  # fmt: skip
    assert read_row(4, no_hours, TODAY).minutes == 75


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        ({Column.PERSON: ""}, Mistake.NO_NAME),
        ({Column.TITLE: None}, Mistake.NO_TITLE),
        ({Column.SERVED_ON: "2026-02-30"}, Mistake.BAD_DAY),
        ({Column.SERVED_ON: "2026-12-01"}, Mistake.IN_FUTURE),
        ({Column.HOURS: "25"}, Mistake.BAD_HOURS),
        ({Column.HOURS: "-1"}, Mistake.BAD_HOURS),
        ({Column.HOURS: "很多"}, Mistake.BAD_HOURS),
        ({Column.HOURS: "1e9"}, Mistake.BAD_HOURS),
        ({Column.HOURS: "NaN"}, Mistake.BAD_HOURS),
    ],
)
def test_bad_rows_say_why(change: dict[Column, object], mistake: Mistake) -> None:
    good: dict[Column, object] = {
        Column.PERSON: "王", Column.TITLE: "x", Column.SERVED_ON: "2026-10-03", Column.HOURS: "2",
    }  # fmt: skip
    assert read_row(1, good, TODAY).mistake is None
    assert read_row(1, {**good, **change}, TODAY).mistake is mistake


def test_imported_hours_are_labelled_and_earn_nothing(street: Neighbours) -> None:
    unknown = ("没有的人", *SERVED[1:])
    own = ("李桂芳", *SERVED[1:])
    made = keep(street, sheet(SERVED, unknown, own))
    clerk = street.actor(street.clerk)
    db.write(exchange.start_hours_import, clerk, made)
    with pytest.raises(ImportStarted):
        db.write(exchange.start_hours_import, clerk, made)
    builders.run_jobs()
    with db.read() as session:
        totals = served.served_totals(session, street.community_id, street.volunteer)
        found = queries.get_import(session, street.community_id, made)
    assert (totals.imported, totals.verified) == (150, 0)
    assert (street.points(street.volunteer), street.coins(street.volunteer)) == (0, 0)
    assert (found.rows_taken, found.rows_overlapping) == (1, 0)
    assert found.ended_at is not None


def test_the_same_file_and_the_same_row_add_nothing(street: Neighbours) -> None:
    content = sheet(SERVED)
    db.write(exchange.start_hours_import, street.actor(street.clerk), keep(street, content))
    with pytest.raises(AlreadyImported):
        keep(street, content, "另一个名字.xlsx")
    again = keep(street, sheet(SERVED, ("王秀英", "", "另一场", "2026-10-04 09:00", "", "1", "")))
    db.write(exchange.start_hours_import, street.actor(street.clerk), again)
    builders.run_jobs()
    with db.read() as session:
        totals = served.served_totals(session, street.community_id, street.volunteer)
    assert totals.imported == 210


def test_overlapping_hours_wait_for_somebody_to_look(street: Neighbours) -> None:
    actor = street.actor(street.chief)
    db.write(confirm_hours, actor, street.volunteer, 60)
    today = clock.today().isoformat()
    row = ("王秀英", "", "同一天", f"{today} 09:00", f"{today} 10:00", "1", "")
    made = keep(street, sheet(row))
    db.write(exchange.start_hours_import, street.actor(street.clerk), made)
    builders.run_jobs()
    with db.read() as session:
        totals = served.served_totals(session, street.community_id, street.volunteer)
        page = served.served_statement(session, street.community_id, street.volunteer, TODAY, TODAY)
    assert totals.imported == 0
    assert [line.title for line in page.waiting] == ["同一天"]


def test_people_of_one_name_are_told_apart_by_phone(street: Neighbours) -> None:
    builders.make_person(street.community_id, "王秀英", phone="13900000001")
    phone = ("王秀英", "13900000001", *SERVED[2:])
    made = keep(street, sheet(SERVED, phone))
    with db.read() as session:
        found = queries.get_import(session, street.community_id, made)
        rows = queries.read_rows(session, street.community_id, found)
        matched = queries.match_rows(session, street.actor(street.clerk), rows)
    assert matched[0].row.mistake is Mistake.SEVERAL_PEOPLE
    assert matched[1].person_id not in {None, street.volunteer}


def test_another_heading_is_named_once(street: Neighbours) -> None:
    heads = ("志愿者", *HEADS[1:])
    made = keep(street, sheet(SERVED, heads=heads))
    with db.read() as session:
        found = queries.get_import(session, street.community_id, made)
        assert queries.read_rows(session, street.community_id, found) == ()
    columns = (("person", "志愿者"), ("title", "活动名称"), ("starts_at", "服务开始时间"),
               ("hours", "荣誉时数"))  # fmt: skip
    db.write(exchange.change_layout, street.actor(street.clerk), "zhiyuanhui", columns)
    with db.read() as session:
        rows = queries.read_rows(session, street.community_id, found)
    assert [row.minutes for row in rows] == [150]


def upload(client: FlaskClient, page: str, content: bytes, **fields: object) -> object:
    return post(client, page, page, sheet=(BytesIO(content), "表.xlsx"), **fields)


def test_import_and_export_over_the_web(app: Flask, street: Neighbours) -> None:
    db.write(confirm_hours, street.actor(street.chief), street.granny, 90)
    desk = browser(app, street.clerk)
    assert browser(app, street.granny).get("/c/guihua/desk/exchange").status_code == 403
    kept = post(
        desk, "/desk/exchange", "/desk/exchange", platform="zhiyuanhui",
        sheet=(BytesIO(sheet(SERVED)), "时数.xlsx"),
    )  # fmt: skip
    assert kept.status_code == 303, kept.text[-400:]
    assert "图书馆导读" in desk.get(kept.location).text
    page = kept.location.removeprefix("/c/guihua")
    assert post(desk, page, f"{page}/start").status_code == 303
    nothing = post(desk, "/desk/exchange", "/desk/exchange", platform="zhiyuanhui")
    assert nothing.status_code == 422
    assert desk.get("/c/guihua/desk/exchange/layouts/izhiyuan").status_code == 200
    answer = desk.get(
        "/c/guihua/desk/exchange/export?platform=zhiyuanhui&since=2026-01-01&until=2026-12-31"
    )
    rows = list(openpyxl.load_workbook(BytesIO(answer.data)).worksheets[0].values)
    assert rows[0][0] == "姓名"
    assert rows[1][0] == "孙玉兰"
    assert desk.get("/c/guihua/desk/exchange/export?platform=zhiyuanhui").status_code == 422


def test_spans() -> None:
    assert span_of(Every.MONTH, date(2028, 2, 10)) == Span(date(2028, 2, 1), date(2028, 2, 29))
    assert span_of(Every.QUARTER, TODAY) == Span(date(2026, 10, 1), date(2026, 12, 31))
    assert span_before(Every.QUARTER, date(2026, 2, 1)) == Span(
        date(2025, 10, 1), date(2025, 12, 31)
    )
    assert span_before(Every.YEAR, TODAY) == Span(date(2025, 1, 1), date(2025, 12, 31))
    assert split_cell("报表!c5") == ("报表", "C5")
    assert split_cell("报表！C5") == ("报表", "C5")
    assert [split_cell(each) for each in ("", "5C", "C0", "A:B!C5", "C5; DROP")] == [None] * 5


def street_sheet() -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "报表"
    page["A1"] = "街道志愿服务月报"
    page.merge_cells("B2:D2")
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def test_the_streets_form_is_filled_each_month(app: Flask, street: Neighbours) -> None:
    db.write(confirm_hours, street.actor(street.chief), street.granny, 90)
    desk = browser(app, street.clerk)
    kept = post(
        desk, "/desk/forms", "/desk/forms", name="月报", every="month", cell_community="C2",
        cell_minutes="报表!B3", cell_volunteers="B4", sheet=(BytesIO(street_sheet()), "月报.xlsx"),
    )  # fmt: skip
    assert kept.status_code == 303, kept.text[-600:]
    wrong = post(
        desk, "/desk/forms", "/desk/forms", name="坏表", every="month", cell_minutes="第三格",
        sheet=(BytesIO(street_sheet()), "月报.xlsx"),
    )  # fmt: skip
    assert wrong.status_code == 422
    assert "第三格" in wrong.text
    again = post(
        desk, "/desk/forms", "/desk/forms", name="月报", every="month", cell_minutes="B3",
        sheet=(BytesIO(street_sheet()), "月报.xlsx"),
    )  # fmt: skip
    assert again.status_code == 409
    with clock.fixed(clock.at(date(2026, 12, 1), 8)):
        system = Actor.system(street.community_id)
        db.write(forms_service.start_due_forms, system)
        builders.run_jobs()
        with db.read() as session:
            filled = street_forms.filled_forms(session, street.community_id)
            assert street_forms.due_forms(session, street.community_id, clock.today()) == ()
        assert [(each.first, each.last) for each in filled] == [
            (date(2026, 11, 1), date(2026, 11, 30))
        ]
        answer = desk.get(f"/c/guihua/desk/forms/filled/{filled[0].id}")
    page = openpyxl.load_workbook(BytesIO(answer.data)).worksheets[0]
    # C2 lies in a merged range, whose first cell takes the value.
    assert (page["B2"].value, page["B4"].value) == ("桂花里社区", 1)
    assert str(page["B3"].value) == "1.5"
    assert page["A1"].value == "街道志愿服务月报"
