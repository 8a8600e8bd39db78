"""Opening day: refused until bank and books agree, signed by both sides, carried out once."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from community import ledger
from community.kernel import db, files
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed
from community.ledger import NotYourKey
from community.trust_property.errors.bills import UnitNotInFund
from community.trust_property.errors.keys import NoKey
from community.trust_property.errors.opening import (
    BankDisagrees,
    BankMissing,
    FundOpened,
    ItemThere,
    ItemUnclear,
    MonthNotBefore,
    OpeningAsked,
    OpeningInFuture,
    OpeningNotFound,
    OpeningStarted,
    ProofNeeded,
    ProofOfOther,
    ProofSilent,
)
from community.trust_property.importing.balances import BankFacts, balance_at_end_of
from community.trust_property.queries.bills import open_bills
from community.trust_property.queries.fund import get_bank_account, get_fund
from community.trust_property.rules.bills import BillKind
from community.trust_property.rules.fund import BankUse, FundState
from community.trust_property.rules.opening import OpeningKind, OpeningState
from community.trust_property.service.fund import add_bank_account
from community.trust_property.service.matters import reject_matter, withdraw_matter
from community.trust_property.service.opening import propose_opening
from community.trust_property.service.opening_drafts import (
    BankProof,
    drop_opening,
    remove_opening_item,
    start_opening,
    state_bank_balance,
)
from tests.ledger.books import around
from tests.ledger.test_constraints import REFUSED
from tests.trust_property.acts import agree, matter, published
from tests.trust_property.opening_day import (
    DAY,
    add,
    fill,
    homes,
    open_fund,
    opening,
    opening_scene,
    proof,
    statement_file,
)
from tests.trust_property.scene import Scene

BALANCE = 12_500_000
EQUITY = BALANCE + 5_000 + 2 * 25_365 - 100_000 - 200_000 - 30_000


def balance(scene: Scene, path: str, kind: ledger.BookKind = ledger.BookKind.TRUST) -> int:
    with db.read() as session:
        name = f"fund/{scene.fund_id}"
        account = ledger.find_account(session, scene.community_id, kind, path, name)
        assert account is not None
        return ledger.get_account(session, scene.community_id, account).balance.total


def state_bank(scene: Scene, fen: int, given: BankProof | None = None) -> None:
    account = scene.bank_account_id
    db.write(state_bank_balance, scene.firm, scene.fund_id, account, fen, given)


def test_opening_day_enters_everything_at_once_and_opens_the_fund(database: Database) -> None:
    scene = opening_scene()
    fill(scene)
    view = opening(scene)
    assert (view.equity_fen, view.owing_units, view.is_ready) == (EQUITY, 1, True)
    open_fund(scene)
    home, next_home = homes(scene)
    assert balance(scene, "opening") == EQUITY
    assert balance(scene, f"bank/{scene.bank_account_id}") == BALANCE
    assert balance(scene, f"receivable/unit/{home}") == 2 * 25_365
    assert balance(scene, f"prepaid/unit/{next_home}") == 100_000
    assert balance(scene, f"deposit/unit/{home}") == 200_000
    with db.read() as session:
        fund = get_fund(session, scene.firm, scene.fund_id)
        account = get_bank_account(session, scene.firm, scene.fund_id, scene.bank_account_id)
        owed = open_bills(session, scene.firm, scene.fund_id, (home,))
    assert (fund.state, fund.opened_on) == (FundState.OPEN, DAY)
    assert (account.opening_on, account.opening_fen) == (DAY, BALANCE)
    assert [(each.kind, each.month, each.open_fen) for each in owed] == [
        (BillKind.ARREARS, 202609, 25_365),
        (BillKind.ARREARS, 202610, 25_365),
    ]


def test_the_public_reads_totals_and_no_unit(database: Database) -> None:
    scene = opening_scene()
    fill(scene)
    open_fund(scene)
    (told,) = published(scene, "trust.opening")
    assert (told["arrears_fen"], told["prepaid_fen"], told["equity_fen"]) == (
        2 * 25_365,
        100_000,
        EQUITY,
    )
    assert [each[:2] for each in told["statements"]] == [[scene.bank_account_id, BALANCE]]
    assert not any(name.startswith("unit") for name in told)


def test_a_difference_with_the_bank_is_refused_with_both_figures(database: Database) -> None:
    scene = opening_scene()
    fill(scene)
    state_bank(scene, BALANCE + 12_345)
    with pytest.raises(BankDisagrees) as refused:
        db.write(propose_opening, scene.firm, scene.fund_id)
    assert refused.value.facts["book"] == "125,123.45"
    assert refused.value.facts["statement"] == "125,000.00"
    assert refused.value.facts["difference"] == "123.45"
    state_bank(scene, BALANCE)
    assert matter(scene, db.write(propose_opening, scene.firm, scene.fund_id)).papers


def test_every_bank_account_is_part_of_it(database: Database) -> None:
    scene = opening_scene()
    fill(scene)
    added = db.write(
        add_bank_account, scene.staff, scene.fund_id, "工商银行", "1234", BankUse.RESERVE
    )
    with pytest.raises(BankMissing):
        db.write(propose_opening, scene.firm, scene.fund_id)
    paper = proof(statement_file("88000.00", "1234"))
    db.write(state_bank_balance, scene.firm, scene.fund_id, added, 8_800_000, paper)
    open_fund(scene)
    assert balance(scene, f"bank/{added}", ledger.BookKind.RESERVE) == 8_800_000
    assert balance(scene, "opening", ledger.BookKind.RESERVE) == 8_800_000
    assert balance(scene, "opening") == EQUITY


def reserve_scene() -> tuple[Scene, int]:
    """Set a scene with a draft that brings a reserve account; tells the account."""
    scene = opening_scene()
    fill(scene)
    added: int = db.write(
        add_bank_account, scene.staff, scene.fund_id, "工商银行", "1234", BankUse.RESERVE
    )
    paper = proof(statement_file("88000.00", "1234"))
    db.write(state_bank_balance, scene.firm, scene.fund_id, added, 8_800_000, paper)
    return scene, added


def reserve_proposals(scene: Scene) -> list[str]:
    """Tell the states of what was proposed in the reserve's book, the oldest first."""
    sql = (
        "SELECT p.state FROM ledger_proposal p JOIN trust_fund f ON f.reserve_book_id = p.book_id"
        " WHERE p.community_id = ? ORDER BY p.id"
    )
    with db.read() as session:
        return [row[0] for row in db.statements(session).all(sql, (scene.community_id,))]


def test_the_reserve_opens_by_both_keys_too_and_never_alone(database: Database) -> None:
    scene, added = reserve_scene()
    asked = db.write(propose_opening, scene.firm, scene.fund_id)
    assert reserve_proposals(scene) == ["open"]
    db.write(reject_matter, scene.committee, scene.fund_id, asked, "请重看储备资金")
    again = db.write(propose_opening, scene.firm, scene.fund_id)
    db.write(withdraw_matter, scene.firm, scene.fund_id, again, "再核对")
    assert reserve_proposals(scene) == ["withdrawn", "withdrawn"]
    open_fund(scene)
    assert reserve_proposals(scene) == ["withdrawn", "withdrawn", "posted"]
    assert balance(scene, f"bank/{added}", ledger.BookKind.RESERVE) == 8_800_000
    approvals = published(scene, "ledger.approval")
    assert len(approvals) >= 2
    assert approvals[-1]["role"] == "committee"


def test_the_ledger_refuses_to_open_the_reserve_without_a_key(database: Database) -> None:
    scene, added = reserve_scene()

    def sneak(session: Session, actor: Actor) -> None:
        fund = get_fund(session, actor, scene.fund_id)
        account = get_bank_account(session, actor, scene.fund_id, added)
        name = f"fund/{scene.fund_id}"
        where = (session, scene.community_id, ledger.BookKind.RESERVE)
        equity = ledger.find_account(*where, "opening", name)
        assert equity is not None
        lines = (ledger.debit(account.account_id, 100), ledger.credit(equity, 100))
        posting = ledger.Posting(fund.reserve_book_id, lines, "trust.opening", "x", "x", DAY)
        ledger.post(session, actor, posting)

    with pytest.raises(ledger.ApprovalNeeded):
        db.write(sneak, scene.firm)


def test_a_letter_counts_when_the_bank_gives_no_file(database: Database) -> None:
    scene = opening_scene()
    letter = files.take_in(files.Upload("余额证明.pdf", b"%PDF-1.4\n% bank\n%%EOF\n"))
    with pytest.raises(ProofNeeded):
        state_bank(scene, 100)
    with pytest.raises(ProofNeeded):
        state_bank(scene, 100, BankProof(letter, None))
    state_bank(scene, 100, BankProof(letter, None, 100))
    (bank,) = opening(scene).banks
    assert (bank.agrees, bank.is_typed) == (True, True)
    asked = matter(scene, open_fund(scene))
    assert any("余额证明" in fact.value for fact in asked.facts)


def test_a_statement_of_another_account_or_month_proves_nothing(database: Database) -> None:
    scene = opening_scene()
    with pytest.raises(ProofOfOther):
        state_bank(scene, BALANCE, proof(statement_file(digits="1111")))
    early = BankFacts("", date(2026, 8, 1), date(2026, 9, 30), 0, 100, ())
    ready = proof().ready
    with pytest.raises(ProofSilent):
        state_bank(scene, 100, BankProof(ready, early))


@pytest.mark.parametrize(
    ("since", "until", "given", "expected"),
    [
        (date(2026, 10, 1), DAY, (100, None), 130),
        (date(2026, 10, 1), DAY, (None, 130), 130),
        (date(2026, 10, 1), date(2026, 11, 5), (None, 170), 130),
        (date(2026, 11, 1), date(2026, 11, 30), (130, None), 130),
        (date(2026, 11, 2), date(2026, 11, 30), (130, None), None),
        (date(2026, 9, 1), date(2026, 10, 30), (0, 130), None),
        (date(2026, 10, 1), DAY, (None, None), None),
    ],
)
def test_a_statement_tells_the_balance_at_the_end_of_a_day(
    since: date, until: date, given: tuple[int | None, int | None], expected: int | None
) -> None:
    moved = tuple(
        each
        for each in ((date(2026, 10, 5), 30), (date(2026, 11, 3), 40))
        if since <= each[0] <= until
    )
    facts = BankFacts("", since, until, *given, moved)
    assert balance_at_end_of(DAY, facts) == expected


def test_nobody_signs_for_both_sides(database: Database) -> None:
    scene = opening_scene()
    fill(scene)
    with pytest.raises(NotAllowed):
        db.write(propose_opening, scene.committee, scene.fund_id)
    with pytest.raises(NotAllowed):
        db.write(propose_opening, scene.owner, scene.fund_id)
    asked = db.write(propose_opening, scene.firm, scene.fund_id)
    with pytest.raises((NotAllowed, NotYourKey, NoKey)):
        agree(scene, asked, scene.firm)
    agree(scene, asked)


def test_what_was_asked_is_not_changed_and_a_refusal_gives_the_draft_back(
    database: Database,
) -> None:
    scene = opening_scene()
    fill(scene)
    asked = db.write(propose_opening, scene.firm, scene.fund_id)
    home, _ = homes(scene)
    with pytest.raises(OpeningAsked):
        add(scene, OpeningKind.ARREARS, 1, unit_id=home, month=202608)
    with around(database) as (at, _), pytest.raises(REFUSED):
        at.run("UPDATE trust_opening_item SET amount_fen = 1")
    db.write(reject_matter, scene.committee, scene.fund_id, asked, "押金少了一笔")
    assert opening(scene).state is OpeningState.DRAFT
    add(scene, OpeningKind.ARREARS, 1, unit_id=home, month=202608)
    again = db.write(propose_opening, scene.firm, scene.fund_id)
    db.write(withdraw_matter, scene.firm, scene.fund_id, again, "再核对一遍")
    open_fund(scene)
    assert balance(scene, f"receivable/unit/{home}") == 2 * 25_365 + 1


def test_a_fund_opens_once(database: Database) -> None:
    scene = opening_scene()
    fill(scene)
    open_fund(scene)
    for again in (propose_opening, drop_opening):
        with pytest.raises(FundOpened):
            db.write(again, scene.firm, scene.fund_id)
    with pytest.raises(FundOpened):
        db.write(start_opening, scene.firm, scene.fund_id, DAY)


def test_a_draft_is_given_up_and_begun_anew(database: Database) -> None:
    scene = opening_scene()
    fill(scene)
    with pytest.raises(OpeningStarted):
        db.write(start_opening, scene.firm, scene.fund_id, DAY)
    db.write(drop_opening, scene.firm, scene.fund_id)
    with pytest.raises(OpeningNotFound):
        opening(scene)
    with pytest.raises(OpeningInFuture):
        db.write(start_opening, scene.firm, scene.fund_id, date(2026, 11, 23))
    db.write(start_opening, scene.firm, scene.fund_id, date(2026, 11, 22))
    assert opening(scene).equity_fen == 0


def test_items_are_whole_and_stand_once(database: Database) -> None:
    scene = opening_scene()
    home, _ = homes(scene)
    with pytest.raises(ItemUnclear):
        add(scene, OpeningKind.ARREARS, 100, unit_id=home)
    with pytest.raises(ItemUnclear):
        add(scene, OpeningKind.DEPOSIT, 100, unit_id=home)
    with pytest.raises(ItemUnclear):
        add(scene, OpeningKind.BANK, 100)
    with pytest.raises(UnitNotInFund):
        add(scene, OpeningKind.PREPAID, 100, unit_id=999_999)
    with pytest.raises(MonthNotBefore):
        add(scene, OpeningKind.ARREARS, 100, unit_id=home, month=202611)
    made = add(scene, OpeningKind.PREPAID, 100, unit_id=home)
    with pytest.raises(ItemThere):
        add(scene, OpeningKind.PREPAID, 100, unit_id=home)
    db.write(remove_opening_item, scene.firm, scene.fund_id, made)
    add(scene, OpeningKind.PREPAID, 100, unit_id=home)


def test_an_empty_fund_opens_too(database: Database) -> None:
    scene = opening_scene()
    letter = files.take_in(files.Upload("余额证明.pdf", b"%PDF-1.4\n% none\n%%EOF\n"))
    state_bank(scene, 0, BankProof(letter, None, 0))
    open_fund(scene)
    assert opening(scene).state is OpeningState.OPENED
