"""A sheet becomes units, households, people and owners; a second one changes only what differs."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select

from community import identity
from community.identity import jobs as _identity_jobs  # noqa: F401  its kinds of jobs
from community.identity import models
from community.identity.errors import NothingToDecide
from community.identity.importing.sheets import clean_upload
from community.identity.queries.importing import Preview, get_import, preview_import
from community.identity.service import import_chunks, importing
from community.kernel import clock, db, files, jobs
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed, NotFound
from community.kernel.permissions import Role
from tests import builders
from tests.identity.sheets import TODAY, make_xlsx

HEADER = [
    "楼栋",
    "单元",
    "房号",
    "姓名",
    "出生日期",
    "手机",
    "与户主关系",
    "业主",
    "产权份额",
    "面积",
]
FIRST: list[list[Any]] = [
    ["3号楼", "2", "301", "林秋月", "1960-03-07", "13800000001", "户主", "林秋月", None, 89.5],
    ["3号楼", "2", "301", "何志强", "1988", None, "子女", None, None, 89.5],
    ["3号楼", "2", "302", "孙立", "1975", "13800000003", "户主", "周宁", None, 75],
    ["5号楼", "1", "101", "林秋月", "1990", None, "租户", "赵敏、钱芳", "30%,70%", 60],
]


def keep(actor: Actor, *rows: Any, header: list[str] = HEADER) -> int:
    content = clean_upload(make_xlsx(header, *rows), TODAY)
    ready = files.take_in(files.Upload("住户.xlsx", content))
    made: int = db.write(importing.keep_import, actor, ready)
    return made


def run(actor: Actor, *rows: Any) -> int:
    made = keep(actor, *rows)
    db.write(importing.start_import, actor, made)
    jobs.run_due()
    return made


def preview(actor: Actor, *rows: Any) -> Preview:
    made = keep(actor, *rows)
    with db.read() as session:
        return preview_import(session, actor.community_id, made)


@pytest.fixture
def staff(database: Database) -> Actor:
    here = builders.make_community()
    person = builders.make_person(here, "社工甲", roles=(Role.STAFF,))
    return builders.actor(here, person)


def test_a_first_import_makes_everything(staff: Actor, database: Database) -> None:
    made = run(staff, *FIRST)
    here = staff.community_id
    with database.read() as session:
        view = get_import(session, here, made)
        assert view.state is models.ImportState.DONE
        assert view.job is not None
        assert view.job.position == view.job.total > 0
        assert [(u.building, u.name, u.area_centiares) for u in identity.units(session, here)] == [
            ("3 号楼", "2 单元 301", 8950),
            ("3 号楼", "2 单元 302", 7500),
            ("5 号楼", "1 单元 101", 6000),
        ]
        older, younger = identity.search_people(session, here, "林秋月")
        assert (older.birth_year, older.building, older.phone_masked) == (
            1960, "3 号楼", "138****0001",
        )  # fmt: skip
        assert (younger.birth_year, younger.building) == (1990, "5 号楼")
        assert older.household_id is not None
        names = identity.people(
            session, here, identity.members_of(session, here, older.household_id)
        )
        assert [card.name for card in names.values()] == ["林秋月", "何志强"]
        shares = {
            (each.unit_id, Fraction(each.numerator, each.denominator))
            for each in identity.owners(session, here, TODAY)
        }
        assert sorted(share for _, share in shares) == [
            Fraction(3, 10), Fraction(7, 10), Fraction(1), Fraction(1),
        ]  # fmt: skip
        rented = session.scalars(select(models.Tenancy.person_id)).all()
        assert rented == [younger.id]


def test_the_same_file_again_changes_nothing(staff: Actor, database: Database) -> None:
    run(staff, *FIRST)
    counted = count_rows(database)
    again = preview(staff, *FIRST)
    assert again.comparison.is_nothing
    assert len(again.comparison.same) == 7
    assert not again.comparison.gone
    run(staff, *FIRST)
    assert count_rows(database) == counted


def count_rows(database: Database) -> list[int]:
    with database.read() as session:
        return [
            len(session.scalars(select(table.id)).all())
            for table in (
                models.Person, models.Membership, models.Unit, models.Household,
                models.HouseholdMember, models.Ownership, models.Tenancy, models.Phone,
            )
        ]  # fmt: skip


def test_a_second_file_shows_new_changed_and_gone(staff: Actor) -> None:
    run(staff, *FIRST)
    moved = ["3号楼", "2", "302", "林秋月", "1960-03-07", "13900000009", "户主", None, None, 75]
    new = ["3号楼", "2", "301", "吴婷", "1991", None, "儿媳", None, None, 89.5]
    found = preview(staff, moved, new, FIRST[3]).comparison
    assert [draft.name for draft in found.new] == ["吴婷"]
    assert [each.draft.name for each in found.changed] == ["林秋月"]
    assert [(c.before, c.after) for c in found.changed[0].changes] == [
        ("13800000001", "13900000009"), ("3-2-301", "3-2-302"),
    ]  # fmt: skip
    assert sorted(person.name for person in found.gone) == ["何志强", "周宁", "孙立"]


def test_the_same_name_in_another_flat_is_asked_not_guessed(staff: Actor) -> None:
    run(staff, *FIRST)
    elsewhere = ["3号楼", "2", "302", "何志强", "1988", None, "户主", None, None, 75]
    found = preview(staff, FIRST[0], elsewhere).comparison
    ((new, gone),) = found.likely_moves
    assert (new.name, str(new.home), str(gone.home)) == ("何志强", "3-2-302", "3-2-301")


def test_a_move_inside_the_community_ends_the_home_before(staff: Actor, database: Database) -> None:
    run(staff, *FIRST)
    run(staff, ["5号楼", "1", "102", "孙立", "1975", "13800000003", "户主", None, None, 66])
    with database.read() as session:
        (card,) = identity.search_people(session, staff.community_id, "孙立")
        assert (card.building, card.unit) == ("5 号楼", "1 单元 102")
        closed = session.scalars(
            select(models.Household.id).where(models.Household.until_on.is_not(None))
        ).all()
        assert len(closed) == 1


def test_one_building_s_sheet_says_nothing_of_the_others(staff: Actor) -> None:
    run(staff, *FIRST)
    found = preview(staff, FIRST[3]).comparison
    assert not found.gone


def test_a_replaced_owner_is_a_sale_for_the_desk(staff: Actor, database: Database) -> None:
    run(staff, *FIRST)
    row = ["3号楼", "2", "302", "孙立", "1975", "13800000003", "户主", "冯军", None, 75]
    found = preview(staff, row).comparison
    assert [str(unit) for unit in found.sold] == ["3-2-302"]
    run(staff, row)
    with database.read() as session:
        owners = [each.person_id for each in identity.owners(session, staff.community_id, TODAY)]
        (before,) = identity.search_people(session, staff.community_id, "周宁")
        assert before.id in owners
        assert len(owners) == 4


def test_changed_shares_replace_the_old_ones(staff: Actor, database: Database) -> None:
    run(staff, *FIRST)
    changed = [*FIRST[3][:8], "50%,50%", 60]
    run(staff, changed)
    with database.read() as session:
        shares = [
            Fraction(each.numerator, each.denominator)
            for each in identity.owners(session, staff.community_id, TODAY)
            if each.area_centiares == 6000
        ]
    assert shares == [Fraction(1, 2), Fraction(1, 2)]


def test_rows_with_mistakes_stay_out_and_nobody_in_them_is_gone(
    staff: Actor, database: Database
) -> None:
    run(staff, *FIRST)
    broken = [*FIRST[2][:5], "1380000", *FIRST[2][6:]]
    found = preview(staff, *FIRST[:2], broken)
    assert len(found.understanding.problems) == 1
    assert not found.comparison.gone
    counted = count_rows(database)
    run(staff, *FIRST[:2], broken)
    assert count_rows(database) == counted


def test_somebody_who_died_is_not_imported_again(staff: Actor, database: Database) -> None:
    run(staff, *FIRST)

    def die(session: Any, actor: Actor) -> None:
        row = session.scalars(select(models.Person).where(models.Person.name == "孙立")).one()
        row.died_on = TODAY

    db.write(die, staff)
    found = preview(staff, *FIRST).comparison
    assert "登记去世" in found.problems[0].mistake.sentence()
    counted = count_rows(database)
    run(staff, *FIRST)
    assert count_rows(database) == counted


def test_two_clicks_start_one_import(staff: Actor) -> None:
    made = keep(staff, *FIRST)
    db.write(importing.start_import, staff, made)
    with pytest.raises(NothingToDecide):
        db.write(importing.start_import, staff, made)


def test_a_withdrawn_import_gives_up_its_file(staff: Actor) -> None:
    made = keep(staff, *FIRST)
    db.write(importing.withdraw_import, staff, made)
    with db.read() as session, pytest.raises(NotFound):
        preview_import(session, staff.community_id, made)


def test_only_staff_of_the_same_community_may_import(staff: Actor) -> None:
    made = keep(staff, *FIRST)
    resident = builders.actor(staff.community_id, builders.make_person(staff.community_id))
    with pytest.raises(NotAllowed):
        db.write(importing.start_import, resident, made)
    there = builders.make_community("other", "别处社区")
    stranger = builders.actor(there, builders.make_person(there, "社工乙", roles=(Role.STAFF,)))
    for command in (importing.start_import, importing.withdraw_import):
        with pytest.raises(NotFound):
            db.write(command, stranger, made)


def test_a_job_cut_in_the_middle_goes_on_and_doubles_nothing(
    staff: Actor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = keep(staff, *FIRST)
    db.write(importing.start_import, staff, made)
    asked = 0

    def cut() -> bool:
        nonlocal asked
        asked += 1
        return asked > 3

    monkeypatch.setattr(import_chunks, "MOST_PIECES", 1)
    jobs.run_due(stops=cut)
    with database.read() as session:
        view = get_import(session, staff.community_id, made)
        assert view.job is not None
        assert 0 < view.job.position < view.job.total
    jobs.run_due()
    with database.read() as session:
        assert get_import(session, staff.community_id, made).state is models.ImportState.DONE
        assert len(identity.search_people(session, staff.community_id, "林秋月")) == 2


def test_sheets_are_forgotten_after_a_week(staff: Actor, database: Database) -> None:
    waiting, done = keep(staff, *FIRST), run(staff, *FIRST)
    assert db.write(importing.forget_sheets, staff) == 0
    with clock.fixed(clock.now() + timedelta(days=8)):
        assert db.write(importing.forget_sheets, staff) == 2
        assert db.write(importing.forget_sheets, staff) == 0
    with database.read() as session:
        states = [get_import(session, staff.community_id, each).state for each in (waiting, done)]
        assert states == [models.ImportState.WITHDRAWN, models.ImportState.DONE]
        with pytest.raises(NotFound):
            preview_import(session, staff.community_id, waiting)
