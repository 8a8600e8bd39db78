"""A closed period is corrected in the open one: by both keys, naming what it corrects."""

from __future__ import annotations

from datetime import date

import pytest

from community import ledger
from community.kernel import clock, db
from community.kernel.db import Database
from community.kernel.errors import NotAllowed
from community.trust_property import checks
from community.trust_property.errors.bank import BankLineNotFound, LateReferenceMissing
from community.trust_property.errors.corrections import (
    CorrectedAlready,
    EntryUnnamed,
    NotClosedYet,
    NothingToCorrect,
    SameAccount,
)
from community.trust_property.errors.matters import MatterOpen, ReasonMissing
from community.trust_property.queries.corrections import (
    Corrected,
    correction_accounts,
    get_corrected,
)
from community.trust_property.rules.bank import MatchKind
from community.trust_property.rules.corrections import corrected_by, may_correct, read_named
from community.trust_property.service import matching
from community.trust_property.service.closing import close_for_good, close_softly
from community.trust_property.service.corrections import propose_correction
from community.trust_property.service.matters import reject_matter
from tests.ledger.books import around
from tests.trust_property.acts import agree, published, working_scene
from tests.trust_property.banking import add, balance, enter, lines, statement_file
from tests.trust_property.scene import Scene
from tests.trust_property.test_closing import END, OCTOBER

BOOKED = 100_00


def closed_scene() -> tuple[Scene, int]:
    """Set a scene whose October is closed, a line wrongly booked as interest; tells the line."""
    scene = working_scene()
    entered = enter(scene, 253_65, date(2026, 10, 2), "receipt:1")
    entries = [("2026-10-02", "王秀英", "费", 253_65), ("2026-10-20", "广告公司", "租金", BOOKED)]
    add(scene, statement_file(entries, period=OCTOBER))
    first, second = (line.id for line in lines(scene))
    picks = (f"book:{entered}",)
    db.write(matching.match_lines, scene.firm, scene.fund_id, (first,), picks)
    db.write(matching.book_line, scene.firm, scene.fund_id, second, MatchKind.INTEREST)
    db.write(close_softly, scene.firm, scene.fund_id, END)
    db.write(close_for_good, scene.committee, scene.fund_id, END)
    return scene, second


def account(scene: Scene, path: str) -> int:
    with db.read() as session:
        found = correction_accounts(session, scene.firm, scene.fund_id)
    return next(each.account_id for each in found if each.path == path)


def corrected(scene: Scene, named: str) -> Corrected:
    with db.read() as session:
        return get_corrected(session, scene.firm, scene.fund_id, named)


def propose(scene: Scene, named: str, fen: int = BOOKED, path: str = "other") -> int:
    made: int = db.write(
        propose_correction,
        scene.firm,
        scene.fund_id,
        named,
        account(scene, path),
        fen,
        "是广告收入，不是利息",
    )
    return made


@pytest.mark.parametrize(
    ("named", "read"),
    [
        ("entry:17", ("entry", 17)),
        (" line:3 ", ("line", 3)),
        ("", None),
        ("17", ("entry", 17)),
        ("0", None),
        ("line:0", None),
        ("line:x", None),
    ],
)
def test_what_is_corrected_is_named(named: str, read: tuple[str, int] | None) -> None:
    assert read_named(named) == read


def test_money_and_what_units_owe_are_not_corrected_here() -> None:
    assert may_correct("interest")
    assert may_correct("expense/2026/L01")
    for path in ("bank/1", "cash/1", "receivable/unit/3", "unexplained", "expense/2026/emergency"):
        assert not may_correct(path)
    assert (corrected_by("corrects:7"), corrected_by("receipt:7")) == (7, None)


def test_a_closed_line_is_corrected_today_and_the_log_tells_which(database: Database) -> None:
    scene, line = closed_scene()
    found = corrected(scene, f"line:{line}")
    assert (found.account.path, found.amount_fen, found.is_closed) == ("interest", -BOOKED, True)
    other = balance(scene, "other")
    made = propose(scene, f"line:{line}")
    assert balance(scene, "interest") == BOOKED
    agree(scene, made)
    assert (balance(scene, "interest"), balance(scene, "other")) == (0, other + BOOKED)
    (told,) = published(scene, "trust.correction")
    assert (told["corrects"], told["line"], told["to"]) == (found.transaction_id, line, "other")
    posted = published(scene, "ledger.transaction")[-1]
    assert posted["source"] == f"corrects:{found.transaction_id}"
    assert posted["effective_on"] == clock.today().isoformat()
    # The bank agrees as before: a correction moves no money.
    assert balance(scene, f"bank/{scene.bank_account_id}") == 253_65 + BOOKED


def test_without_a_name_or_a_reason_nothing_is_corrected(database: Database) -> None:
    scene, line = closed_scene()
    for nothing in ("", "entry:999999", "利息那笔"):
        with pytest.raises(EntryUnnamed):
            propose(scene, nothing)
    with pytest.raises(BankLineNotFound):
        propose(scene, "line:999999")
    target = account(scene, "other")
    with pytest.raises(ReasonMissing):
        db.write(propose_correction, scene.firm, scene.fund_id, f"line:{line}", target, BOOKED, " ")
    with pytest.raises(SameAccount):
        propose(scene, f"line:{line}", path="interest")


def test_an_entry_is_corrected_once_and_in_parts(database: Database) -> None:
    scene, line = closed_scene()
    with pytest.raises(CorrectedAlready):
        propose(scene, f"line:{line}", BOOKED + 1)
    made = propose(scene, f"line:{line}", 40_00)
    with pytest.raises(MatterOpen):
        propose(scene, f"line:{line}", 60_00)
    agree(scene, made)
    with pytest.raises(CorrectedAlready) as refused:
        propose(scene, f"line:{line}", 60_01)
    assert refused.value.facts["left"] == "60.00"
    second = propose(scene, f"line:{line}", 60_00)
    db.write(reject_matter, scene.committee, scene.fund_id, second, "先查清")
    assert corrected(scene, f"line:{line}").left_fen == 60_00
    agree(scene, propose(scene, f"line:{line}", 60_00))
    assert balance(scene, "interest") == 0


def test_an_open_period_is_taken_back_and_not_corrected(database: Database) -> None:
    scene, _ = closed_scene()
    add(scene, statement_file([("2026-11-03", "银行", "结息", 5_00)], 353_65))
    line = lines(scene, only_open=True)[0].id
    db.write(matching.book_line, scene.firm, scene.fund_id, line, MatchKind.INTEREST)
    with pytest.raises(NotClosedYet):
        propose(scene, f"line:{line}", 5_00)


def test_what_moves_no_income_or_expense_is_not_corrected(database: Database) -> None:
    scene = working_scene()
    add(scene, statement_file([("2026-10-05", "陌生人", "转账", 50_00)], period=OCTOBER))
    line = lines(scene)[0].id
    db.write(matching.book_line, scene.firm, scene.fund_id, line, MatchKind.UNIDENTIFIED)
    with pytest.raises(NothingToCorrect):
        corrected(scene, f"line:{line}")


def test_only_the_office_asks_and_only_the_committee_agrees(database: Database) -> None:
    scene, line = closed_scene()
    target = account(scene, "other")
    asked = (scene.fund_id, f"line:{line}", target, BOOKED, "记错")
    for actor in (scene.owner, scene.committee, scene.auditor):
        with pytest.raises(NotAllowed):
            db.write(propose_correction, actor, *asked)
    made = propose(scene, f"line:{line}")
    with pytest.raises(NotAllowed):
        agree(scene, made, scene.firm)


def test_a_late_line_of_a_closed_period_needs_a_reference(database: Database) -> None:
    scene, _ = closed_scene()
    add(scene, statement_file([("2026-10-28", "银行", "回单费", -3_00)], 353_65, numbers="Z"))
    late = lines(scene, only_open=True)[0].id
    book = (matching.book_line, scene.firm, scene.fund_id, late, MatchKind.CHARGE)
    with pytest.raises(LateReferenceMissing):
        db.write(*book)
    db.write(*book, None, "银行 11 月补发的回单")
    assert balance(scene, "bank-charges") == 3_00


def test_a_correction_that_names_nothing_is_found(database: Database) -> None:
    scene, line = closed_scene()
    agree(scene, propose(scene, f"line:{line}"))
    with around(database) as (at, session):
        assert not checks.problems(session)
        on = " ON ledger_transaction" if at.is_postgres else ""
        for (name,) in at.all(_TRIGGERS[at.is_postgres]):
            at.run(f"DROP TRIGGER {name}{on}")
        at.run("UPDATE ledger_transaction SET source = 'x' WHERE purpose = 'trust.correction'")
        told = checks.problems(session)
        assert any("corrects nothing" in each for each in told)
        assert any("no matter brought" in each for each in told)
        session.rollback()


def test_the_ledger_refuses_a_correction_without_keys(database: Database) -> None:
    scene, _ = closed_scene()

    def sneak(session: object, actor: object) -> None:
        lines_ = (
            ledger.debit(account(scene, "interest"), 1),
            ledger.credit(account(scene, "other"), 1),
        )
        posting = ledger.Posting(1, lines_, "trust.correction", "corrects:1", "sneak")
        ledger.post(session, actor, posting)  # type: ignore[arg-type]

    with pytest.raises(ledger.ApprovalNeeded):
        db.write(sneak, scene.firm)


_TRIGGERS = {
    False: "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    " AND tbl_name = 'ledger_transaction'",
    True: "SELECT DISTINCT trigger_name FROM information_schema.triggers"
    " WHERE event_object_table = 'ledger_transaction'",
}
