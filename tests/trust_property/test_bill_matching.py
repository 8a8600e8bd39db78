"""Bank lines that pay bills: guessed by place, name and sum; receipts written, and voided again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from community import identity, ledger
from community.kernel import clock, db
from community.kernel.db import Database
from community.kernel.errors import NotAllowed
from community.trust_property.errors.bank import (
    KindUnfit,
    LineTaken,
    MatchClosed,
    NothingPicked,
    SumsDiffer,
)
from community.trust_property.errors.bills import BankAccountNeeded, PrepaymentUsed
from community.trust_property.queries import bills as bill_queries
from community.trust_property.queries import matching as queries
from community.trust_property.queries.bank import balance_at_bank
from community.trust_property.queries.bills import ReceiptView
from community.trust_property.queries.fund import get_bank_account
from community.trust_property.rules.bank import MatchKind
from community.trust_property.rules.fund import BankUse
from community.trust_property.service import matching
from community.trust_property.service.fund import add_bank_account
from community.trust_property.service.receipts import take_payment, void_receipt
from tests import builders
from tests.trust_property.acts import published
from tests.trust_property.banking import add, balance, enter, lines, statement_file
from tests.trust_property.test_bills import (
    HOME_FEN,
    NEXT_FEN,
    Estate,
    bill,
    make_estate,
    owed,
    pay,
    payment,
)

DAY = "2026-11-20"


def line_of(estate: Estate, fen: int, party: str = "", summary: str = "物业费") -> int:
    """Let the bank show one line; gives its id."""
    opening = 20_000_00 + 100 * len(lines(estate.scene))
    add(estate.scene, statement_file([(DAY, party, summary, fen)], opening))
    return lines(estate.scene, only_open=True)[-1].id


def guessed(estate: Estate, line_id: int, seek: str = "") -> tuple[str, ...]:
    scene = estate.scene
    with db.read() as session:
        found = queries.line_choices(session, scene.firm, scene.fund_id, line_id, seek)
    return tuple(f"{each.source}:{each.id}" for each in found.guesses[0].picks)


def match(estate: Estate, line_ids: tuple[int, ...], picks: tuple[str, ...]) -> int:
    scene = estate.scene
    made: int = db.write(matching.match_lines, scene.firm, scene.fund_id, line_ids, picks)
    return made


def undo(estate: Estate, match_id: int) -> None:
    db.write(matching.undo_match, estate.scene.firm, estate.scene.fund_id, match_id)


def receipts(estate: Estate) -> tuple[ReceiptView, ...]:
    scene = estate.scene
    with db.read() as session:
        return bill_queries.receipts(session, scene.firm, scene.fund_id)


def own(estate: Estate, home: int) -> None:
    """Let 王秀英 own a unit."""
    person = estate.scene.owner.person_id
    assert person is not None
    builders.own(estate.scene.community_id, person, home)


@pytest.mark.parametrize(
    ("party", "summary"),
    [("张三", "3号楼2单元301室物业费"), ("王秀英", "转账"), ("张三", "王秀英3-2-301")],
)
def test_a_line_that_names_a_unit_pays_its_bill(
    database: Database, party: str, summary: str
) -> None:
    estate = make_estate()
    own(estate, estate.home)
    bill(estate)
    line = line_of(estate, HOME_FEN, party, summary)
    picks = guessed(estate, line)
    assert picks[0].startswith("bill:")
    match(estate, (line,), picks)
    assert owed(estate, estate.home) == 0
    (receipt,) = receipts(estate)
    assert (receipt.number, receipt.amount_fen, receipt.payer) == (1, HOME_FEN, party)
    assert receipt.received_on == date(2026, 11, 20)
    assert balance(estate.scene, f"receivable/unit/{estate.home}") == 0
    assert [each["number"] for each in published(estate.scene, "trust.receipt")] == [1]


def test_one_line_pays_several_months_of_several_units_in_one_receipt(database: Database) -> None:
    estate = make_estate()
    bill(estate)
    bill(estate, 202612)
    with clock.fixed(clock.at(date(2026, 12, 22), 10)):
        line = line_of(estate, 2 * (HOME_FEN + NEXT_FEN), "李国强", "3-2-301和5-1-102两个月")
        picks = guessed(estate, line)
        assert len(picks) == 4
        match(estate, (line,), picks)
    assert (owed(estate, estate.home), owed(estate, estate.next_home)) == (0, 0)
    (receipt,) = receipts(estate)
    assert {each.month for each in receipt.parts} == {202611, 202612}


def test_a_sum_that_is_no_bill_is_taken_for_the_unit_and_the_rest_prepaid(
    database: Database,
) -> None:
    estate = make_estate()
    bill(estate)
    line = line_of(estate, 300_00, "张三", "3-2-301")
    picks = guessed(estate, line)
    assert picks == (f"unit:{estate.home}",)
    match(estate, (line,), picks)
    assert owed(estate, estate.home) == 0
    assert balance(estate.scene, f"prepaid/unit/{estate.home}") == 300_00 - HOME_FEN


def test_who_paid_before_is_known_again(database: Database) -> None:
    estate = make_estate()
    bill(estate)
    daughter = replace(payment(estate, 100, estate.home), payer="赵小燕")
    db.write(take_payment, estate.scene.firm, estate.scene.fund_id, daughter)
    line = line_of(estate, HOME_FEN - 100, "赵小燕", "转账")
    assert guessed(estate, line)[0].startswith("bill:")


def test_a_unit_is_looked_for_when_the_line_names_none(database: Database) -> None:
    estate = make_estate()
    bill(estate)
    line = line_of(estate, 100_00, "某人", "转账")
    scene = estate.scene
    with db.read() as session:
        none = queries.line_choices(session, scene.firm, scene.fund_id, line)
    assert (none.guesses, none.offered) == ((), ())
    assert guessed(estate, line, "3-2-301") == (f"unit:{estate.home}",)


def test_undoing_on_the_same_day_voids_the_receipt_and_the_number_stays(
    database: Database,
) -> None:
    estate = make_estate()
    scene = estate.scene
    bill(estate)
    line = line_of(estate, HOME_FEN, "王秀英", "3-2-301")
    made = match(estate, (line,), guessed(estate, line))
    with clock.fixed(clock.at(date(2026, 11, 25), 10)):
        undo(estate, made)
    assert owed(estate, estate.home) == HOME_FEN
    (receipt,) = receipts(estate)
    assert (receipt.number, receipt.is_void) == (1, True)
    with db.read() as session:
        account = get_bank_account(session, scene.firm, scene.fund_id, scene.bank_account_id)
        # The mirror counts on the receipt's own day, not on the day of undoing.
        moves = ledger.moves_of(
            session, scene.community_id, account.account_id, date(2026, 11, 20), date(2026, 11, 20)
        )
    assert [each.amount for each in moves] == [HOME_FEN, -HOME_FEN]
    assert [each["number"] for each in published(scene, "trust.receipt_void")] == [1]
    with pytest.raises(MatchClosed):
        undo(estate, made)
    match(estate, (line,), guessed(estate, line))
    assert [(each.number, each.is_void) for each in receipts(estate)] == [(2, False), (1, True)]
    assert owed(estate, estate.home) == 0


def test_a_receipt_voided_at_the_desk_is_not_taken_back_twice(database: Database) -> None:
    estate = make_estate()
    scene = estate.scene
    bill(estate)
    line = line_of(estate, HOME_FEN, "王秀英", "3-2-301")
    made = match(estate, (line,), guessed(estate, line))
    (receipt,) = receipts(estate)
    db.write(void_receipt, scene.second_firm, scene.fund_id, receipt.id, "付错了户")
    undo(estate, made)
    assert balance(scene, f"bank/{scene.bank_account_id}") == 0
    assert owed(estate, estate.home) == HOME_FEN
    match(estate, (line,), guessed(estate, line))
    assert balance(scene, f"bank/{scene.bank_account_id}") == HOME_FEN


def test_what_was_prepaid_and_used_cannot_be_taken_back(database: Database) -> None:
    estate = make_estate()
    bill(estate)
    line = line_of(estate, 300_00, "王秀英", "3-2-301")
    made = match(estate, (line,), (f"unit:{estate.home}",))
    bill(estate, 202612)
    with pytest.raises(PrepaymentUsed):
        undo(estate, made)
    assert not receipts(estate)[0].is_void


def test_a_bill_is_paid_once(database: Database) -> None:
    estate = make_estate()
    bill(estate)
    line = line_of(estate, HOME_FEN, "王秀英", "3-2-301")
    picks = guessed(estate, line)
    pay(estate, HOME_FEN, estate.home)
    with pytest.raises(NothingPicked):
        match(estate, (line,), picks)
    # The receipt of the desk is an entry now, and the line is that.
    assert guessed(estate, line)[0].startswith("book:")


def test_two_at_once_pay_a_bill_once(database: Database) -> None:
    estate = make_estate()
    bill(estate)
    line = line_of(estate, HOME_FEN, "王秀英", "3-2-301")
    picks = guessed(estate, line)

    def attempt(_: int) -> bool:
        try:
            match(estate, (line,), picks)
        except (LineTaken, NothingPicked):
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(4))) == 1
    assert len(receipts(estate)) == 1


def test_what_an_owner_leaves_unpaid_is_no_fee(database: Database) -> None:
    estate = make_estate()
    bill(estate)
    line = line_of(estate, HOME_FEN - 1_00, "王秀英", "3-2-301")
    with db.read() as session:
        (due,) = bill_queries.open_bills(
            session, estate.scene.firm, estate.scene.fund_id, (estate.home,)
        )
    with pytest.raises(SumsDiffer):
        match(estate, (line,), (f"bill:{due.id}",))
    with pytest.raises(NothingPicked):
        match(estate, (line,), ("bill:999999",))
    with pytest.raises(SumsDiffer):
        match(estate, (line,), (f"bill:{due.id}", f"unit:{estate.home}"))
    assert receipts(estate) == ()


def test_bills_and_a_unit_are_not_mixed(database: Database) -> None:
    estate = make_estate()
    bill(estate)
    entered = enter(estate.scene, -HOME_FEN, date(2026, 11, 20), "payment:1")
    line = line_of(estate, HOME_FEN, "王秀英", "3-2-301")
    with db.read() as session:
        (due,) = bill_queries.open_bills(
            session, estate.scene.firm, estate.scene.fund_id, (estate.home,)
        )
    mixed = (f"bill:{due.id}", f"unit:{estate.home}", f"book:{entered}")
    with pytest.raises(KindUnfit):
        match(estate, (line,), mixed)


def test_money_that_waited_pays_a_bill_once_it_is_explained(database: Database) -> None:
    estate = make_estate()
    scene = estate.scene
    bill(estate)
    line = line_of(estate, HOME_FEN, "某人", "转账")
    waits = db.write(matching.book_line, scene.firm, scene.fund_id, line, MatchKind.UNIDENTIFIED)
    with db.read() as session:
        offer = queries.offers_to_explain(session, scene.firm, scene.fund_id, waits, "3-2-301")
    pick = offer.guesses[0].picks[0]
    explain = (matching.explain_match, scene.firm, scene.fund_id, waits, MatchKind.SETTLED)
    made = db.write(*explain, (f"{pick.source}:{pick.id}",), "王秀英来电确认")
    assert (balance(scene, "unidentified"), owed(estate, estate.home)) == (0, 0)
    assert balance(scene, f"bank/{scene.bank_account_id}") == HOME_FEN
    undo(estate, made)
    assert (balance(scene, "unidentified"), owed(estate, estate.home)) == (HOME_FEN, HOME_FEN)
    assert receipts(estate)[0].is_void


def test_only_the_office_matches_bills_and_only_its_own_funds(database: Database) -> None:
    estate, other = make_estate(), make_estate("yulan")
    bill(estate)
    bill(other)
    line = line_of(estate, HOME_FEN, "王秀英", "3-2-301")
    picks = guessed(estate, line)
    for actor in (estate.scene.owner, estate.scene.neighbour, estate.scene.committee):
        with pytest.raises(NotAllowed):
            db.write(matching.match_lines, actor, estate.scene.fund_id, (line,), picks)
    foreign = guessed(other, line_of(other, HOME_FEN, "王秀英", "3-2-301"))
    with pytest.raises(NothingPicked):
        match(estate, (line,), foreign)


def test_fees_do_not_come_into_the_reserve(database: Database) -> None:
    estate = make_estate()
    scene = estate.scene
    bill(estate)
    reserve = db.write(
        add_bank_account, scene.staff, scene.fund_id, "工商银行", "1234", BankUse.RESERVE
    )
    add(scene, statement_file([(DAY, "王秀英", "3-2-301", HOME_FEN)]), account=reserve)
    (line,) = lines(scene, account=reserve)
    with db.read() as session:
        found = queries.line_choices(session, scene.firm, scene.fund_id, line.id)
    assert found.offered == ()
    with pytest.raises(KindUnfit):
        match(estate, (line.id,), (f"unit:{estate.home}",))
    wrong = replace(payment(estate, HOME_FEN), bank_account_id=reserve)
    with pytest.raises(BankAccountNeeded):
        db.write(take_payment, scene.firm, scene.fund_id, wrong)


def test_bank_and_book_agree_after_matching_and_after_undoing(database: Database) -> None:
    estate = make_estate()
    scene = estate.scene
    bill(estate)
    add(scene, statement_file([(DAY, "王秀英", "3-2-301", HOME_FEN)], 0))
    line = lines(scene)[0].id
    made = match(estate, (line,), guessed(estate, line))
    with db.read() as session:
        account = get_bank_account(session, scene.firm, scene.fund_id, scene.bank_account_id)
        assert balance_at_bank(session, scene.firm, account, date(2026, 11, 20)) == HOME_FEN
    assert balance(scene, f"bank/{scene.bank_account_id}") == HOME_FEN
    undo(estate, made)
    with db.read() as session:
        # Entry and mirror answer each other: neither waits for a line of the bank.
        assert queries.unmatched_entries(session, scene.firm, account, clock.today()) == ()


def test_units_are_told_apart_by_their_owner(database: Database) -> None:
    estate = make_estate()
    own(estate, estate.home)
    own(estate, estate.next_home)
    bill(estate)
    line = line_of(estate, NEXT_FEN, "王秀英", "转账")
    (pick,) = guessed(estate, line)
    with db.read() as session:
        (due,) = bill_queries.open_bills(
            session, estate.scene.firm, estate.scene.fund_id, (estate.next_home,)
        )
        names = identity.unit_names(session, estate.scene.community_id, (estate.next_home,))
    assert pick == f"bill:{due.id}"
    assert names[estate.next_home] == due.unit
