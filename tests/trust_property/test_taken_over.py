"""Debts taken over on opening day: paid the way of all spending, never beyond what was signed."""

from __future__ import annotations

from typing import Any

import pytest

from community.kernel import db
from community.kernel.db import Database
from community.kernel.errors import NotAllowed
from community.trust_property import checks
from community.trust_property.errors.spending import (
    DebtExceeded,
    NothingTakenOver,
    VoucherMissing,
)
from community.trust_property.queries.spending import DebtView, taken_over_debts
from community.trust_property.rules.budget import TAKEN_OVER
from community.trust_property.rules.opening import OpeningKind
from community.trust_property.rules.spending import RequestState
from community.trust_property.service.matching import undo_match
from community.trust_property.service.matters import reject_matter
from community.trust_property.service.payees import PayeeDraft
from community.trust_property.service.spending import (
    RequestDraft,
    ask_spending,
    edit_spending,
    withdraw_spending,
)
from tests.ledger.books import around
from tests.trust_property.acts import add_payee, adopt, ask, paper, request, set_rules
from tests.trust_property.acts import agree as agree_matter
from tests.trust_property.banking import balance, show_at_bank
from tests.trust_property.opening_day import add, fill, open_fund, opening_scene
from tests.trust_property.scene import Scene
from tests.trust_property.test_spending import matter_of, pay

DEBT = 12_000_00
GREEN = PayeeDraft("青禾园林", "91310000607226111X", "青禾园林", "农业银行", "6228 4800 0000 1111")


def indebted_scene() -> tuple[Scene, int]:
    """Set a scene whose fund was opened owing the lift firm 12,000 yuan; tells the payee."""
    scene = opening_scene()
    set_rules(scene)
    payee = add_payee(scene)
    fill(scene)
    add(scene, OpeningKind.PAYABLE, 10_000_00, payee_id=payee)
    add(scene, OpeningKind.PAYABLE, 2_000_00, payee_id=payee)
    open_fund(scene)
    return scene, payee


def ask_debt(scene: Scene, payee: int, fen: int, **given: Any) -> int:
    facts: dict[str, Any] = {"words": "电梯维保 2025 年尾款", "vouchers": (paper("对账函"),)}
    draft = RequestDraft(TAKEN_OVER, payee, fen, **(facts | given))
    made: int = db.write(ask_spending, scene.firm, scene.fund_id, draft)
    return made


def agree(scene: Scene, made: int) -> None:
    agree_matter(scene, matter_of(scene, made))


def debts(scene: Scene) -> tuple[DebtView, ...]:
    with db.read() as session:
        return taken_over_debts(session, scene.firm, scene.fund_id)


def test_a_debt_taken_over_is_paid_and_matched_like_any_spending(database: Database) -> None:
    scene, payee = indebted_scene()
    assert [(each.payee_id, each.left_fen) for each in debts(scene)] == [(payee, DEBT)]
    made = ask_debt(scene, payee, 8_000_00)
    assert debts(scene)[0].left_fen == 4_000_00
    assert request(scene, made).state is RequestState.ASKED
    agree(scene, made)
    assert balance(scene, f"payable/opening/{payee}") == 4_000_00
    assert balance(scene, f"payable/{payee}") == 8_000_00
    paid = pay(scene, made, 8_000_00)
    match = show_at_bank(scene, (paid,), -8_000_00)
    assert request(scene, made).state is RequestState.DONE
    assert balance(scene, f"payable/{payee}") == 0
    db.write(undo_match, scene.firm, scene.fund_id, match)
    assert request(scene, made).state is RequestState.PAID


def test_it_is_no_expense_of_the_year_and_needs_no_budget(database: Database) -> None:
    scene, payee = indebted_scene()
    made = ask_debt(scene, payee, DEBT)
    agree_matter(scene, matter_of(scene, made))
    # Above ten thousand two of the committee turn their keys, as for spending.
    assert request(scene, made).state is RequestState.ASKED
    agree_matter(scene, matter_of(scene, made), scene.second_committee)
    assert request(scene, made).state is RequestState.APPROVED
    with db.read() as session:
        at = db.statements(session)
        sql = "SELECT COUNT(*) FROM ledger_account WHERE community_id = ? AND path LIKE 'expense/%'"
        row = at.one(sql, (scene.community_id,))
    assert row is not None
    assert row[0] == 0


def test_no_more_is_asked_than_was_signed(database: Database) -> None:
    scene, payee = indebted_scene()
    with pytest.raises(DebtExceeded) as refused:
        ask_debt(scene, payee, DEBT + 1)
    assert refused.value.facts["left"] == "12000.00"
    ask_debt(scene, payee, 8_000_00)
    with pytest.raises(DebtExceeded):
        ask_debt(scene, payee, 4_000_01)
    ask_debt(scene, payee, 4_000_00)
    assert debts(scene)[0].left_fen == 0


def test_a_debt_is_shown_by_its_paper_and_owed_to_that_payee(database: Database) -> None:
    scene, payee = indebted_scene()
    with pytest.raises(VoucherMissing):
        ask_debt(scene, payee, 1_000_00, vouchers=())
    other = add_payee(scene, GREEN)
    with pytest.raises(NothingTakenOver):
        ask_debt(scene, other, 1_000_00)
    draft = RequestDraft(TAKEN_OVER, payee, 1_000_00, "x", vouchers=(paper("函"),))
    for actor in (scene.owner, scene.committee, scene.auditor):
        with pytest.raises(NotAllowed):
            db.write(ask_spending, actor, scene.fund_id, draft)


def test_rejected_withdrawn_and_edited_debts_are_owed_again(database: Database) -> None:
    scene, payee = indebted_scene()
    first = ask_debt(scene, payee, DEBT)
    waits = matter_of(scene, first)
    db.write(reject_matter, scene.committee, scene.fund_id, waits, "请附对账函")
    assert debts(scene)[0].left_fen == DEBT
    second = ask_debt(scene, payee, 8_000_00)
    agree(scene, second)
    draft = RequestDraft(TAKEN_OVER, payee, 6_000_00, "减去扣款")
    db.write(edit_spending, scene.firm, scene.fund_id, second, draft)
    assert request(scene, second).state is RequestState.ASKED
    assert (debts(scene)[0].left_fen, balance(scene, f"payable/{payee}")) == (6_000_00, 0)
    db.write(withdraw_spending, scene.firm, scene.fund_id, second, "不付了")
    assert debts(scene)[0].left_fen == DEBT


def test_this_years_spending_and_the_debt_are_kept_apart(database: Database) -> None:
    scene, payee = indebted_scene()
    adopt(scene)
    made = ask(scene, payee, 8_600_00)
    agree(scene, made)
    assert debts(scene)[0].left_fen == DEBT
    assert balance(scene, f"payable/{payee}") == 8_600_00


def test_a_debt_the_books_do_not_know_is_found(database: Database) -> None:
    _, payee = indebted_scene()
    with around(database) as (at, session):
        assert not checks.problems(session)
        on = " ON trust_opening_item" if at.is_postgres else ""
        at.run(f"DROP TRIGGER trust_opening_item_update{on}")
        sql = "UPDATE trust_opening_item SET amount_fen = amount_fen + 1 WHERE payee_id = ?"
        at.run(sql, (payee,))
        told = checks.problems(session)
        assert any("was owed" in each for each in told)
        session.rollback()
