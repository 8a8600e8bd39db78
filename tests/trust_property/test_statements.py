"""Statements in the books: twice, overlapping, with twins, with gaps, by the wrong person."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from community import transparency
from community.kernel import db
from community.kernel.db import Database
from community.kernel.errors import NotAllowed, NotFound
from community.trust_property.errors.bank import (
    BalancesContradict,
    BalancesMissing,
    SeveralAccounts,
    StatementKnown,
    StatementNotFound,
    StatementStarted,
)
from community.trust_property.importing.statement import Sign
from community.trust_property.queries import bank as queries
from community.trust_property.schemas.bank import take_in_statement
from community.trust_property.service import statements
from tests import builders
from tests.trust_property.banking import add, keep, lines, statement_file
from tests.trust_property.layouts import as_csv
from tests.trust_property.scene import make_scene

FEE, LIFT, WATER = 253_65, -8_600_00, -45_60
OCTOBER = [
    ("2026-10-02", "王秀英", "物业费", FEE),
    ("2026-10-05", "迅达电梯维修部", "电梯维修", LIFT),
    ("2026-10-09", "市自来水公司", "水费", WATER),
]


def test_a_statement_becomes_lines_and_a_public_record(database: Database) -> None:
    scene = make_scene()
    made = add(scene, statement_file(OCTOBER, 10_000_00))
    assert [line.amount_fen for line in lines(scene)] == [FEE, LIFT, WATER]
    with db.read() as session:
        view = queries.get_statement(session, scene.auditor, scene.fund_id, made)
        record = transparency.find_record(session, scene.community_id, "trust.statement", made)
    assert (view.opening_fen, view.closing_fen) == (10_000_00, 10_000_00 + FEE + LIFT + WATER)
    assert record is not None
    assert view.sha256 in str(record)
    assert '"closing":160805' in str(record)


def test_the_same_statement_twice_adds_nothing(database: Database) -> None:
    scene = make_scene()
    content = statement_file(OCTOBER)
    add(scene, content)
    with pytest.raises(StatementKnown):
        keep(scene, content)
    # The same entries in another file add nothing either.
    add(scene, statement_file(OCTOBER, period="2026-10-01 至 2026-10-31"), "又一份.csv")
    assert len(lines(scene)) == 3


def test_two_identical_lines_in_one_file_stay_two(database: Database) -> None:
    scene = make_scene()
    twin = ["2026-10-02", "王秀英", "停车费", "5.00", "", ""]
    head = ["交易日期", "对方户名", "摘要", "交易金额", "余额", "流水号"]
    other = ["2026-10-03", "王秀英", "退款", "-1.00", "", ""]
    content = as_csv([["期初余额：0.00", "期末余额：9.00"], head, twin, twin, other])
    add(scene, content)
    assert [line.amount_fen for line in lines(scene)] == [5_00, 5_00, -1_00]
    more = as_csv([["期初余额：0.00", "期末余额：14.00"], head, twin, twin, twin, other])
    add(scene, more)
    assert [line.amount_fen for line in lines(scene)] == [5_00, 5_00, 5_00, -1_00]


def test_an_overlapping_statement_adds_only_what_is_new(database: Database) -> None:
    scene = make_scene()
    add(scene, statement_file(OCTOBER[:2], 10_000_00))
    rows = as_csv(
        [
            ["交易日期", "对方户名", "摘要", "交易金额", "余额", "流水号"],
            ["2026-10-05", "迅达电梯维修部", "电梯维修", "-8600.00", "1653.65", "N1"],
            ["2026-10-09", "市自来水公司", "水费", "-45.60", "1608.05", "N2"],
        ]
    )
    add(scene, rows)
    assert [line.amount_fen for line in lines(scene)] == [FEE, LIFT, WATER]


def test_gaps_between_statements_are_named(database: Database) -> None:
    scene = make_scene()
    add(scene, statement_file(OCTOBER[:1], 0, period="2026-10-01 至 2026-10-04"))
    add(scene, statement_file(OCTOBER[2:], 500_00, period="2026-10-08 至 2026-10-31"))
    with db.read() as session:
        standing = queries.standings(session, scene.auditor, scene.fund_id)[0]
    gap = standing.gaps[0]
    assert (gap.missing_since, gap.missing_until) == (
        date(2026, 10, 5),
        date(2026, 10, 7),
    )
    assert gap.difference_fen == 500_00 - FEE


def test_balances_that_the_file_does_not_tell_are_asked_for(database: Database) -> None:
    scene = make_scene()
    content = as_csv(
        [["日期", "金额", "摘要"], ["2026-10-01", "5.00", "a"], ["2026-10-02", "-1.00", "b"]]
    )
    made = keep(scene, content)
    act = (statements.add_statement, scene.firm, scene.fund_id, made)
    with pytest.raises(BalancesMissing):
        db.write(*act, None, None)
    with pytest.raises(BalancesContradict):
        db.write(*act, 0, 9_00)
    db.write(*act, None, 9_00)
    builders.run_jobs()
    with db.read() as session:
        view = queries.get_statement(session, scene.firm, scene.fund_id, made)
    assert (view.opening_fen, view.closing_fen) == (5_00, 9_00)


def test_an_answer_is_remembered_for_the_next_statement_of_the_layout(database: Database) -> None:
    scene = make_scene()
    head = ["日期", "金额", "摘要"]
    first = keep(scene, as_csv([head, ["2026-10-01", "5.00", "水费"]]))
    columns = ("date", "amount", "summary")
    db.write(
        statements.correct_statement,
        scene.firm,
        scene.fund_id,
        first,
        columns,
        Sign.INVERTED.value,
        "",
    )
    db.write(statements.add_statement, scene.firm, scene.fund_id, first, 100_00, None)
    builders.run_jobs()
    assert [line.amount_fen for line in lines(scene)] == [-5_00]
    second = keep(scene, as_csv([head, ["2026-11-01", "6.00", "水费"]]))
    with db.read() as session:
        found = queries.understood(session, scene.firm, scene.fund_id, second)
    assert [line.amount_fen for line in found.lines] == [-6_00]
    assert found.is_certain


def test_a_withdrawn_or_added_statement_takes_no_more_acts(database: Database) -> None:
    scene = make_scene()
    made = keep(scene, statement_file(OCTOBER))
    db.write(statements.withdraw_statement, scene.firm, scene.fund_id, made)
    for act in (statements.withdraw_statement, statements.add_statement):
        extra = (None, None) if act is statements.add_statement else ()
        with pytest.raises(StatementStarted):
            db.write(act, scene.firm, scene.fund_id, made, *extra)
    # Given up, it may come again.
    add(scene, statement_file(OCTOBER))
    assert len(lines(scene)) == 3


def test_several_accounts_in_one_file_are_refused(database: Database) -> None:
    scene = make_scene()
    head = ["账号", "日期", "摘要", "收入", "支出", "余额"]
    content = as_csv(
        [head, ["1111", "2026-10-01", "a", "5", "", "5"], ["2222", "2026-10-01", "b", "5", "", "5"]]
    )
    made = keep(scene, content)
    with pytest.raises(SeveralAccounts):
        db.write(statements.add_statement, scene.firm, scene.fund_id, made, None, None)


def test_only_the_firm_takes_statements_in(database: Database) -> None:
    scene = make_scene()
    taken = take_in_statement("a.csv", statement_file(OCTOBER))
    for actor in (scene.committee, scene.auditor, scene.owner, scene.neighbour):
        with pytest.raises(NotAllowed):
            db.write(statements.keep_statement, actor, scene.fund_id, scene.bank_account_id, taken)


def test_another_communitys_statement_is_not_found(database: Database) -> None:
    scene, other = make_scene(), make_scene("yulan")
    made = keep(scene, statement_file(OCTOBER))
    with db.read() as session, pytest.raises(StatementNotFound):
        queries.get_statement(session, other.firm, other.fund_id, made)
    with pytest.raises(StatementNotFound):
        db.write(statements.withdraw_statement, other.firm, other.fund_id, made)
    with pytest.raises(NotFound):
        db.write(statements.withdraw_statement, other.firm, scene.fund_id, made)


def test_two_at_once_add_the_statement_once(database: Database) -> None:
    scene = make_scene()
    made = keep(scene, statement_file(OCTOBER))

    def once(_: int) -> str:
        try:
            db.write(statements.add_statement, scene.firm, scene.fund_id, made, None, None)
        except StatementStarted:
            return "refused"
        return "added"

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(once, range(4)))
    assert answers == ["added", "refused", "refused", "refused"]
    builders.run_jobs()
    assert len(lines(scene)) == 3


def test_added_lines_cannot_be_changed_going_around_the_application(database: Database) -> None:
    scene = make_scene()
    add(scene, statement_file(OCTOBER))
    for sql in (
        "UPDATE trust_bank_line SET amount_fen = 1",
        "DELETE FROM trust_bank_line",
        "UPDATE trust_statement SET closing_fen = 1",
    ):

        def around(session: object, actor: object, sql: str = sql) -> None:
            db.statements(session).run(sql)  # type: ignore[arg-type]

        with pytest.raises(Exception, match=r"never changed|is kept"):
            db.write(around, scene.firm)
