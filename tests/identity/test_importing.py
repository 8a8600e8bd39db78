"""Whole files as offices really have them: layouts, doubles, codings, and what is refused."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from community.identity.importing.files import NoTableFound
from community.identity.importing.headers import Column
from community.identity.importing.people import OwnedShare
from community.identity.importing.reading import UnitKey
from community.identity.importing.sheets import clean_upload, understand
from community.kernel.sheets import FileBroken, FileLocked, FileNotSheet, FileTooLarge
from tests.identity.sheets import (
    HEADER,
    TODAY,
    id_card,
    make_book,
    make_xls,
    make_xlsx,
    people,
    read,
    save,
    sentences,
)

pytestmark = pytest.mark.once


def test_title_rows_stand_above_the_header() -> None:
    found = people(
        make_xlsx(
            ["桂花里小区住户花名册"],
            ["制表单位：居委会", None, None, "制表日期 2026.11"],
            [],
            HEADER,
            ["3号楼", "2单元", "501室", "林秋月", 13800000001, 89.5],
        )
    )
    assert found["林秋月"].home == UnitKey("3", "2", "501")
    assert found["林秋月"].phone == "13800000001"


def test_merged_building_and_unit_fill_down() -> None:
    rows = [
        HEADER,
        ["3号楼", "1单元", "101", "林秋月", None, 89.5],
        [None, None, None, "何志强", None, None],
        [None, None, "102", "孙立", None, 90],
        [None, "2单元", "101", "周宁", None, 91],
    ]
    found = people(make_xlsx(*rows, merged=["A2:A5", "B2:B4", "C2:C3", "F2:F3"]))
    assert found["何志强"].home == UnitKey("3", "1", "101")
    assert found["孙立"].home == UnitKey("3", "1", "102")
    assert found["周宁"].home == UnitKey("3", "2", "101")


def test_blank_cells_below_mean_the_row_above() -> None:
    found = people(
        make_xlsx(
            HEADER,
            ["3幢", "1", "101", "林秋月", None, 89.5],
            [None, None, None, "何志强"],
            ["同上", "同上", "102", "孙立"],
        )
    )
    assert found["何志强"].home == UnitKey("3", "1", "101")
    assert found["孙立"].home == UnitKey("3", "1", "102")


def test_header_over_two_rows() -> None:
    rows = [
        ["房屋信息", None, None, "业主信息", None, "租户信息", None],
        ["楼号", "房号", "建筑面积(㎡)", "姓名", "电话", "姓名", "联系方式"],
        ["5", "302", 75.2, "林秋月", "13800000001", "何志强", "13800000002"],
    ]
    content = make_xlsx(*rows, merged=["A1:C1", "D1:E1", "F1:G1"])
    found = people(content)
    assert read(content).layouts[0] is not None
    owner, tenant = found["林秋月"], found["何志强"]
    assert owner.owns == (OwnedShare(UnitKey("5", "", "302"), 1, 1),)
    assert (owner.home, owner.phone) == (None, "13800000001")
    assert (tenant.home, tenant.rents) == (UnitKey("5", "", "302"), (UnitKey("5", "", "302"),))
    assert tenant.phone == "13800000002"


def test_two_sheets_one_for_each_building() -> None:
    header = ["房号", "住户姓名", "手机"]
    book = make_book(
        {
            "3号楼": [header, ["101", "林秋月", "13800000001"]],
            "5号楼": [["五号楼住户表"], header, ["101", "何志强", "13800000002"]],
            "填表说明": [["请按要求填写"]],
        }
    )
    found = people(save(book))
    assert found["林秋月"].home == UnitKey("3", "", "101")
    assert found["何志强"].home == UnitKey("5", "", "101")


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        ("3-2-501", UnitKey("3", "2", "501")),
        ("3栋2单元501室", UnitKey("3", "2", "501")),
        ("桂花里小区12号楼3单元1102室", UnitKey("12", "3", "1102")),
        ("A座1203", UnitKey("A", "", "1203")),
        ("7幢601", UnitKey("7", "", "601")),
        ("2－501", UnitKey("2", "", "501")),
    ],
)
def test_whole_addresses_in_one_column(typed: str, unit: UnitKey) -> None:
    assert people(make_xlsx(["姓名", "房屋地址"], ["林秋月", typed]))["林秋月"].home == unit


def test_a_broken_place_does_not_lend_the_one_above() -> None:
    rows = [
        HEADER,
        ["3", "1", "101", "林秋月"],
        ["3", "1", "??!", "何志强"],
        [None, None, None, "孙立"],
    ]
    found = read(make_xlsx(*rows))
    assert [draft.name for draft in found.census.people] == ["林秋月"]
    assert [problem.row for problem in found.problems] == [2, 3]


def test_totals_blank_rows_and_repeated_headers_are_left_aside() -> None:
    found = read(
        make_xlsx(
            HEADER,
            ["3", "1", "101", "林秋月", None, 80],
            ["小计", None, None, "1 人", None, 80],
            [],
            HEADER,
            ["3", "1", "102", "何志强", None, 80],
            ["合计", None, None, "2 人", None, 160],
            ["填表人：孙立", None, None, None, "审核："],
        )
    )
    assert not found.problems
    assert [draft.name for draft in found.census.people] == ["林秋月", "何志强"]
    assert found.skipped_rows == 4


def test_a_person_listed_twice_is_marked() -> None:
    row = ["3", "1", "101", "林秋月", None, 80]
    found = read(make_xlsx(HEADER, row, row))
    assert sentences(found) == ["与第 2 行重复，请删去一行"]
    assert len(found.census.people) == 1


def test_namesakes_in_one_household_need_a_birth_year() -> None:
    header = ["楼栋", "房号", "姓名", "出生日期"]
    told = make_xlsx(header, ["3", "101", "林秋月", "1950"], ["3", "101", "林秋月", "1980-02-03"])
    assert len(read(told).census.people) == 2
    doubtful = make_xlsx(header, ["3", "101", "林秋月", "1950"], ["3", "101", "林秋月", None])
    assert "同名同户" in sentences(read(doubtful))[0]


def test_an_owner_of_two_flats_is_one_person() -> None:
    header = ["楼栋", "房号", "业主", "手机", "身份证号"]
    card = id_card("19600307")
    rows = [["3", "101", "林秋月", 13800000001, card], ["5", "202", "林秋月", 13800000001, card]]
    draft = people(make_xlsx(header, *rows))["林秋月"]
    assert [share.unit for share in draft.owns] == [
        UnitKey("3", "", "101"),
        UnitKey("5", "", "202"),
    ]
    assert draft.home == UnitKey("3", "", "101")


def test_empty_flats_are_units_without_people() -> None:
    found = read(make_xlsx(HEADER, ["3", "1", "101", "空置", None, 80]))
    assert found.census.people == ()
    assert [unit.unit for unit in found.census.units] == [UnitKey("3", "1", "101")]


def test_formulas_are_read_as_their_values_and_never_come_back() -> None:
    book = make_book({"住户": [HEADER, ["3", "1", "101", "林秋月", None, "=40+40"]]})
    found = read(save(book))
    assert "公式" in sentences(found)[0]
    text = make_xlsx(HEADER, ["3", "1", "101", "林秋月", "'=1+1", 80])
    kept = openpyxl.load_workbook(io.BytesIO(clean_upload(text, TODAY)))
    assert all(cell.data_type != "f" for row in kept.worksheets[0] for cell in row)


def test_the_file_comes_back_with_its_mistakes_marked() -> None:
    rows = [HEADER, ["3", "1", "101", "林秋月", "138", 80], ["3", "1", None, "何志强", None, 80]]
    content = make_xlsx(*rows, merged=["C2:C3"])
    found = read(content)
    sheet = openpyxl.load_workbook(io.BytesIO(found.marked())).worksheets[0]
    wrong = sheet["E2"]
    assert wrong.fill.start_color.rgb == "FFFFC7CE"
    assert wrong.comment is not None
    assert "11 位手机号" in wrong.comment.text
    assert (sheet["D2"].value, sheet["F2"].value) == ("林秋月", 80)
    assert [str(area) for area in sheet.merged_cells.ranges] == ["C2:C3"]
    assert sheet["D2"].fill.fill_type is None


def test_the_marked_file_is_understood_alike() -> None:
    header = ["楼栋", "房号", "姓名", "身份证号", "业主", "产权份额"]
    first = read(
        make_xlsx(
            header,
            ["3", "101", "林秋月", id_card("19600307"), "林秋月", "100%"],
            ["3", "102", "何志强", "990101196003070019", None, None],
        )
    )
    second = read(first.marked())
    assert second.census.people == first.census.people
    assert sentences(second) == sentences(first)


def csv_text(delimiter: str) -> str:
    lines = [
        ["楼栋", "房号", "姓名", "手机"],
        ["3号楼", '="0101"', "林秋月", "13800000001"],
        ["5号楼", "2-Jan", "何志强", "1.38E+10"],
    ]
    return "\r\n".join(delimiter.join(line) for line in lines)


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_of_every_coding_and_delimiter(coding: str, delimiter: str) -> None:
    found = read(csv_text(delimiter).encode(coding))
    assert [draft.name for draft in found.census.people] == ["林秋月"]
    assert found.census.people[0].home == UnitKey("3", "", "101")
    assert "缩成了“1.38E+10”" in sentences(found)[0]


def test_the_office_may_correct_the_columns() -> None:
    kept = clean_upload(
        make_xlsx(["楼栋", "房号", "姓名", "备用号"], ["3", "101", "林秋月", "13800000001"]), TODAY
    )
    guessed = understand(kept, TODAY)
    assert guessed.census.people[0].phone == ""
    choice = (Column.BUILDING, Column.ROOM, Column.NAME, Column.PHONE)
    corrected = understand(kept, TODAY, {0: choice})
    assert corrected.census.people[0].phone == "13800000001"


def test_hidden_sheets_are_left_aside() -> None:
    row = ["3", "1", "101", "林秋月", None, 80]
    book = make_book({"住户": [HEADER, row], "旧表": [HEADER, ["3", "1", "102", "何志强"]]})
    book["旧表"].sheet_state = "hidden"
    assert list(people(save(book))) == ["林秋月"]


def bomb() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"<workbook/>")
        packed.writestr("xl/worksheets/sheet1.xml", b" " * (70 << 20))
    return kept.getvalue()


def entity() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as packed:
        packed.writestr("xl/workbook.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><workbook/>')
    return kept.getvalue()


def plain_zip() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as packed:
        packed.writestr("a.txt", b"a")
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (bomb(), FileTooLarge),
        (b"a," * (6 << 20), FileTooLarge),
        (entity(), FileBroken),
        (plain_zip(), FileNotSheet),
        (b"PK\x03\x04 not really", FileBroken),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 not really", FileBroken),
        (b"\x89PNG\r\n\x1a\n\x00\x00", FileNotSheet),
        (b"<html><table></table></html>", FileNotSheet),
        (b"", NoTableFound),
        (make_xlsx(["a", "b"], [1, 2]), NoTableFound),
    ],
)
def test_what_is_no_sheet_is_refused(content: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        clean_upload(content, TODAY)


def test_a_sheet_of_too_many_rows_is_refused() -> None:
    line = b"3,101,a\n"
    with pytest.raises(FileTooLarge):
        clean_upload(b"a,b,c\n" + line * 20_001, TODAY)


def test_an_old_xls_is_read_alike() -> None:
    content = make_xls(
        ["3号楼住户表"],
        ["单元", "房号", "姓名", "手机", "面积"],
        ["1单元", 101, "林秋月", 13800138000, 89.5],
        [None, date(2026, 1, 2), "何志强", "1.38E+10", 80],
        ["2单元", "201.0", "孙立", None, 80],
        merged=[(2, 3, 0, 0)],
    )
    found = read(content)
    assert [str(draft.home) for draft in found.census.people] == ["3-1-101", "3-2-201"]
    assert found.census.people[0].phone == "13800138000"
    assert "1.38E+10" in sentences(found)[0]


def test_a_workbook_with_a_password_is_refused() -> None:
    # A workbook with a password is an OLE container without the stream that holds the sheets.
    whole = make_xls(["姓名", "房号"], ["林秋月", "3-101"])
    with pytest.raises(FileLocked):
        clean_upload(
            whole.replace("Workbook".encode("utf-16-le"), "Encrypte".encode("utf-16-le")), TODAY
        )


def test_an_owner_named_beside_each_of_the_family_is_one_line() -> None:
    header = ["楼栋", "房号", "姓名", "出生日期", "业主", "租户"]
    found = people(
        make_xlsx(
            header,
            ["3", "101", "何志强", "1988", "林秋月", None],
            ["3", "101", "林秋月", "1960-03-07", "林秋月", None],
            ["3", "101", "孙立", "1990", "林秋月", None],
        )
    )
    assert found["林秋月"].birthday == date(1960, 3, 7)
    assert found["林秋月"].owns == (OwnedShare(UnitKey("3", "", "101"), 1, 1),)
    assert found["林秋月"].home == UnitKey("3", "", "101")
    assert set(found) == {"林秋月", "何志强", "孙立"}
