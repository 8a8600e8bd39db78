"""Cell by cell: phones, rooms, cards, areas and shares as people really type them."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from fractions import Fraction

import pytest

from community.identity.importing.people import OwnedShare
from community.identity.importing.reading import UnitKey
from community.identity.importing.sheets import Understanding, clean_upload, understand
from tests.identity.sheets import (
    HEADER,
    TODAY,
    id_card,
    make_book,
    make_xlsx,
    people,
    read,
    save,
    sentences,
)

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        (13800138000, "13800138000"),
        (1.3800138e10, "13800138000"),
        ("1.3800138000E+10", "13800138000"),
        ("１３８００１３８０００ ", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("13800138000、13900139000", "13800138000"),
        ("021-55667788", ""),
        ("无", ""),
    ],
)
def test_phones_as_people_type_them(typed: object, phone: str) -> None:
    row = ["3", "1", "101", "林秋月", typed, 80]
    assert people(make_xlsx(HEADER, row))["林秋月"].phone == phone


@pytest.mark.parametrize("typed", ["1.38E+10", "1.38001E+10", "138E+8", "1380013800", "电话停机"])
def test_a_phone_whose_digits_are_lost_is_marked(typed: str) -> None:
    found = read(make_xlsx(HEADER, ["3", "1", "101", "林秋月", typed, 80]))
    assert [(each.row, each.column) for each in found.problems] == [(1, 4)]
    assert found.census.people == ()


@pytest.mark.parametrize(
    ("typed", "room"),
    [("101.0", "101"), (101.0, "101"), ("０１０１室", "101"), ("301 ", "301"), ("B02", "B02")],
)
def test_room_numbers_as_people_type_them(typed: object, room: str) -> None:
    row = ["3", "1", typed, "林秋月", None, 80]
    assert people(make_xlsx(HEADER, row))["林秋月"].home == UnitKey("3", "1", room)


def test_a_room_that_excel_made_a_day_of_is_restored() -> None:
    book = make_book({"住户": [["楼栋", "房号", "姓名"], ["3号楼", date(2026, 1, 2), "林秋月"]]})
    book["住户"]["B2"].number_format = 'm"月"d"日"'
    assert people(save(book))["林秋月"].home == UnitKey("3", "1", "2")
    typed = make_xlsx(["楼栋", "房号", "姓名"], ["3号楼", "1月2日", "林秋月"])
    assert people(typed)["林秋月"].home == UnitKey("3", "1", "2")


def test_an_address_without_a_room_is_marked() -> None:
    found = read(make_xlsx(["姓名", "住址"], ["林秋月", "幸福路"], ["何志强", "3-1-101"]))
    assert [draft.name for draft in found.census.people] == ["何志强"]
    assert "看不出楼栋和房号" in sentences(found)[0]


def test_the_birth_date_is_read_from_the_card_and_the_number_is_nowhere() -> None:
    number = id_card("19600307")
    header = ["楼栋", "房号", "姓名", "身份证号", "备注"]
    kept = clean_upload(
        make_xlsx(header, ["3", "101", "林秋月", number, f"代办人 {number}"]), TODAY
    )
    with zipfile.ZipFile(io.BytesIO(kept)) as packed:
        texts = b"".join(packed.read(name) for name in packed.namelist())
    draft = understand(kept, TODAY).census.people[0]
    assert (draft.birth_year, draft.birthday) == (1960, date(1960, 3, 7))
    assert number[:17].encode() not in texts


def test_a_card_that_excel_cut_still_tells_the_birth_date() -> None:
    cut = int(id_card("19600307")[:15] + "000")
    row = ["3", "101", "林秋月", cut]
    assert people(make_xlsx(["楼栋", "房号", "姓名", "证件号码"], row))["林秋月"].birth_year == 1960


@pytest.mark.parametrize(
    "typed", ["990101196003070019", "1.1E+17", "99010119601307", "990101196013070012"]
)
def test_a_wrong_card_is_marked_without_its_digits(typed: str) -> None:
    found = read(make_xlsx(["楼栋", "房号", "姓名", "身份证"], ["3", "101", "林秋月", typed]))
    assert len(found.problems) == 1
    assert typed not in sentences(found)[0]
    assert found.problems[0].column == 3


@pytest.mark.parametrize("typed", ["八十平", "-80", "0", 9_999_999, "80.5.1"])
def test_a_wrong_area_is_marked(typed: object) -> None:
    found = read(make_xlsx(HEADER, ["3", "1", "101", "林秋月", None, typed]))
    assert [problem.column for problem in found.problems] == [5]


@pytest.mark.parametrize(
    ("typed", "area"),
    [("89.56㎡", 8956), (89.56, 8956), ("89.565", 8957), ("１００平方米", 10_000)],
)
def test_areas_become_hundredths(typed: object, area: int) -> None:
    found = read(make_xlsx(HEADER, ["3", "1", "101", "林秋月", None, typed]))
    assert found.census.units[0].area_centiares == area


def test_two_areas_of_one_unit_are_marked() -> None:
    rows = [HEADER, ["3", "1", "101", "林秋月", None, 80], ["3", "1", "101", "何志强", None, 81]]
    assert sentences(read(make_xlsx(*rows))) == ["3-1-101 的面积与第 2 行不一致"]


def shares(*typed: object) -> Understanding:
    names = ["林秋月", "何志强", "孙立"]
    rows = [["3", "101", name, share] for name, share in zip(names, typed, strict=False)]
    return read(make_xlsx(["楼栋", "房号", "业主", "产权份额"], *rows))


@pytest.mark.parametrize(
    "typed",
    [("50%", "50%"), (0.5, 0.5), ("1/2", "1/2"), (50, 50), ("二分之一", "二分之一"), (None, None)],
)
def test_shares_as_people_type_them(typed: tuple[object, object]) -> None:
    found = shares(*typed)
    assert not found.problems
    assert [Fraction(d.owns[0].numerator, d.owns[0].denominator) for d in found.census.people] == [
        Fraction(1, 2)
    ] * 2


def test_a_share_that_excel_made_a_day_of_is_restored() -> None:
    found = shares(date(2026, 1, 2), date(2026, 1, 2))
    assert [draft.owns[0].denominator for draft in found.census.people] == [2, 2]


def test_thirds_rounded_to_hundredths_are_the_whole() -> None:
    found = shares("33.33%", "33.33%", "33.33%")
    assert [draft.owns[0] for draft in found.census.people] == [
        OwnedShare(UnitKey("3", "", "101"), 1, 3)
    ] * 3


def test_shares_that_do_not_add_to_one_are_marked() -> None:
    found = shares("50%", "40%")
    assert sentences(found) == ["3-101 的产权份额合计 90%，应为 100%"] * 2
    assert found.census.people == ()


def test_a_share_left_out_beside_another_is_marked() -> None:
    assert sentences(shares("50%", None)) == ["3-101 有的业主没有填份额，请都填或都不填"]


def test_co_owners_in_one_cell() -> None:
    header = ["楼栋", "房号", "产权人", "产权份额"]
    found = people(make_xlsx(header, ["3", "101", "林秋月、何志强", "林秋月60%，何志强40%"]))
    assert found["林秋月"].owns[0] == OwnedShare(UnitKey("3", "", "101"), 3, 5)
    assert found["何志强"].owns[0] == OwnedShare(UnitKey("3", "", "101"), 2, 5)
