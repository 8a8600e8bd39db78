"""Bank lines matched: one to one, settlements less a fee, several, unexplained, taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from community import ledger
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed
from community.trust_property.errors.bank import (
    BankLineNotFound,
    FeeTooHigh,
    KindUnfit,
    LineTaken,
    MatchClosed,
    NothingPicked,
    ReferenceMissing,
    SumsDiffer,
)
from community.trust_property.queries import matching as queries
from community.trust_property.queries.payments import unmatched_payments
from community.trust_property.rules import match_sources
from community.trust_property.rules.bank import (
    Candidate,
    Guess,
    MatchKind,
    Wanted,
    guess,
    may_be_fee,
    shares_name,
)
from community.trust_property.rules.fund import BankUse
from community.trust_property.rules.match_sources import (
    MatchSource,
    Offer,
    Settling,
    add_match_source,
)
from community.trust_property.rules.spending import RequestState
from community.trust_property.service import matching
from community.trust_property.service.fund import add_bank_account
from community.trust_property.service.policies import propose_rules
from tests.trust_property.acts import (
    TERMS,
    agree,
    ask,
    hold_keys,
    published,
    request,
    set_rules,
    spending_scene,
    working_scene,
)
from tests.trust_property.banking import add, balance, enter, lines, statement_file
from tests.trust_property.scene import Scene, make_scene
from tests.trust_property.test_spending import matter_of, pay

DAY = date(2026, 10, 5)
FEE_BP = 200


def candidate(number: int, fen: int, day: int = 5, words: str = "") -> Candidate:
    return Candidate("book", number, date(2026, 10, day), fen, words)


def test_the_nearest_entry_of_the_amount_comes_first_and_a_shared_name_wins() -> None:
    wanted = Wanted(DAY, -8_600_00, "迅达电梯维修部 电梯维修")
    near, named = candidate(1, -8_600_00), candidate(2, -8_600_00, 2, "迅达电梯维修部")
    found = guess(wanted, [candidate(3, 8_600_00), candidate(4, -8_600_01), near, named], FEE_BP)
    assert [each.picks[0].id for each in found] == [2, 1]


def test_a_settlement_is_a_days_receipts_less_a_fee() -> None:
    receipts = [candidate(number, 100_00, 4) for number in range(10)]
    found = guess(Wanted(DAY, 994_00, "财付通"), [*receipts, candidate(99, 5_00, 1)], FEE_BP)
    assert (len(found[0].picks), found[0].fee_fen) == (10, 6_00)


def test_a_line_may_be_two_or_three_entries() -> None:
    found = guess(Wanted(DAY, -90_00, ""), [candidate(1, -40_00), candidate(2, -50_00)], FEE_BP)
    assert {each.id for each in found[0].picks} == {1, 2}


def test_nothing_is_guessed_far_away_or_the_other_way() -> None:
    far = Candidate("book", 1, date(2026, 9, 1), -5_00, "")
    assert guess(Wanted(DAY, -5_00, ""), [far, candidate(2, 5_00)], FEE_BP) == ()


def test_a_fee_is_at_most_its_share() -> None:
    assert may_be_fee(2_00, 100_00, 200)
    assert not may_be_fee(2_01, 100_00, 200)
    assert not may_be_fee(-1, 100_00, 200)
    assert may_be_fee(0, 100_00, 0)
    assert not may_be_fee(1, 100_00, 0)


def test_common_words_are_no_shared_name() -> None:
    assert shares_name("市自来水公司", "付市自来水公司水费")
    assert not shares_name("转账 有限公司", "有限公司 转账")


def one_line(scene: Scene, fen: int, party: str = "迅达电梯维修部") -> int:
    add(scene, statement_file([("2026-10-05", party, "费用", fen)], 20_000_00))
    return lines(scene)[0].id


def pick(scene: Scene, line_id: int) -> tuple[str, ...]:
    with db.read() as session:
        found = queries.line_choices(session, scene.firm, scene.fund_id, line_id)
    return tuple(f"{each.source}:{each.id}" for each in found.guesses[0].picks)


def match(scene: Scene, line_ids: tuple[int, ...], picks: tuple[str, ...]) -> int:
    made: int = db.write(matching.match_lines, scene.firm, scene.fund_id, line_ids, picks)
    return made


def test_a_payment_is_matched_with_its_line_and_nothing_is_posted(database: Database) -> None:
    scene = make_scene()
    paid = enter(scene, -8_600_00, date(2026, 10, 4), "payment:1")
    line = one_line(scene, -8_600_00)
    assert pick(scene, line) == (f"book:{paid}",)
    match(scene, (line,), (f"book:{paid}",))
    assert lines(scene)[0].kind is MatchKind.BOOKED
    with pytest.raises(LineTaken):
        match(scene, (line,), (f"book:{paid}",))
    add(scene, statement_file([("2026-10-06", "别家", "费用", -8_600_00)], 11_400_00))
    other = lines(scene, only_open=True)[0].id
    with pytest.raises(NothingPicked):
        match(scene, (other,), (f"book:{paid}",))


def test_a_settlement_pays_many_receipts_less_its_fee(database: Database) -> None:
    scene = working_scene()
    for number in range(10):
        enter(scene, 100_00, date(2026, 10, 4), f"receipt:{number}")
    line = one_line(scene, 994_00, "财付通支付科技")
    picks = pick(scene, line)
    assert len(picks) == 10
    match(scene, (line,), picks)
    assert balance(scene, "bank-charges") == 6_00
    assert balance(scene, f"bank/{scene.bank_account_id}") == 994_00


def test_how_much_a_service_may_keep_is_the_funds_dated_rule(database: Database) -> None:
    scene = make_scene()
    hold_keys(scene)
    entered = enter(scene, 1_000_00, date(2026, 10, 4), "receipt:1")
    line = one_line(scene, 994_00, "财付通支付科技")
    # Without rules nothing may be kept back.
    with pytest.raises(FeeTooHigh):
        match(scene, (line,), (f"book:{entered}",))
    set_rules(scene, replace(TERMS, settlement_fee_bp=59))
    with pytest.raises(FeeTooHigh) as refused:
        match(scene, (line,), (f"book:{entered}",))
    assert refused.value.facts["most"] == "0.59%"
    wanted = replace(TERMS, settlement_fee_bp=60)
    asked = (scene.fund_id, wanted, clock.today(), "业主大会决议 2026-2")
    made = db.write(propose_rules, scene.firm, *asked)
    with pytest.raises(FeeTooHigh):
        match(scene, (line,), (f"book:{entered}",))
    agree(scene, made)
    # Rules are never dated back: October stands under the first ones.
    add(scene, statement_file([("2026-11-22", "财付通", "结算", 994_00)], 30_000_00))
    with pytest.raises(FeeTooHigh):
        match(scene, (line,), (f"book:{entered}",))
    today = next(each.id for each in lines(scene) if each.day == date(2026, 11, 22))
    match(scene, (today,), (f"book:{entered}",))
    assert balance(scene, "bank-charges") == 6_00
    assert published(scene, "trust.rule")[-1]["settlement_fee_bp"] == 60


def test_several_lines_may_be_one_entry(database: Database) -> None:
    scene = make_scene()
    paid = enter(scene, -100_00, DAY, "payment:1")
    add(
        scene,
        statement_file(
            [("2026-10-05", "甲", "一", -60_00), ("2026-10-06", "甲", "二", -40_00)], 500_00
        ),
    )
    first, second = (line.id for line in lines(scene))
    with pytest.raises(SumsDiffer):
        match(scene, (first,), (f"book:{paid}",))
    match(scene, (first, second), (f"book:{paid}",))
    assert not lines(scene, only_open=True)


def test_a_match_taken_back_reverses_what_it_entered(database: Database) -> None:
    scene = make_scene()
    line = one_line(scene, -8_600_00)
    made = db.write(matching.book_line, scene.firm, scene.fund_id, line, MatchKind.UNEXPLAINED)
    assert balance(scene, "unexplained") == 8_600_00
    db.write(matching.undo_match, scene.firm, scene.fund_id, made)
    assert balance(scene, "unexplained") == 0
    assert lines(scene)[0].match_id is None
    with db.read() as session:
        # What was entered and taken back answers itself: neither waits for a line.
        found = queries.line_choices(session, scene.firm, scene.fund_id, line)
    assert found.candidates == ()
    with pytest.raises(MatchClosed):
        db.write(matching.undo_match, scene.firm, scene.fund_id, made)


def test_unexplained_money_waits_in_public_until_it_is_explained(database: Database) -> None:
    scene = make_scene()
    line = one_line(scene, -20_00)
    made = db.write(matching.book_line, scene.firm, scene.fund_id, line, MatchKind.UNEXPLAINED)
    explain = (matching.explain_match, scene.firm, scene.fund_id, made, MatchKind.CHARGE, ())
    with pytest.raises(ReferenceMissing):
        db.write(*explain, "  ")
    db.write(*explain, "银行回单 17 号")
    assert (balance(scene, "unexplained"), balance(scene, "bank-charges")) == (0, 20_00)
    with db.read() as session:
        assert queries.waiting_matches(session, scene.auditor, scene.fund_id) == ()
    with pytest.raises(MatchClosed):
        db.write(*explain, "再来一次")
    with pytest.raises(MatchClosed):
        db.write(matching.undo_match, scene.firm, scene.fund_id, made)


def test_money_of_nobody_known_is_a_debt_and_goes_back_with_a_reference(
    database: Database,
) -> None:
    scene = make_scene()
    add(
        scene,
        statement_file(
            [("2026-10-05", "陌生人", "转账", 50_00), ("2026-10-07", "陌生人", "退回", -50_00)]
        ),
    )
    came, went = (line.id for line in lines(scene))
    book = (matching.book_line, scene.firm, scene.fund_id)
    with pytest.raises(ReferenceMissing):
        db.write(*book, went, MatchKind.UNIDENTIFIED)
    with pytest.raises(ledger.InsufficientBalance):
        db.write(*book, went, MatchKind.UNIDENTIFIED, None, "退款单 1 号")
    db.write(*book, came, MatchKind.UNIDENTIFIED)
    assert balance(scene, "unidentified") == 50_00
    db.write(*book, went, MatchKind.UNIDENTIFIED, None, "退款单 1 号")
    assert balance(scene, "unidentified") == 0


def test_interest_is_income_and_kinds_have_their_direction(database: Database) -> None:
    scene = make_scene()
    line = one_line(scene, 12_34, "结息")
    book = (matching.book_line, scene.firm, scene.fund_id, line)
    for kind in (MatchKind.CHARGE, MatchKind.BOOKED, MatchKind.SETTLED, MatchKind.TRANSFER):
        with pytest.raises(KindUnfit):
            db.write(*book, kind)
    db.write(*book, MatchKind.INTEREST)
    assert balance(scene, "interest") == 12_34


def test_a_transfer_is_entered_once_and_answers_both_accounts(database: Database) -> None:
    scene = make_scene()
    use = BankUse.OPERATING
    wechat = db.write(add_bank_account, scene.staff, scene.fund_id, "微信支付", "0001", use)
    reserve = db.write(
        add_bank_account, scene.staff, scene.fund_id, "储备银行", "0002", BankUse.RESERVE
    )
    add(scene, statement_file([("2026-10-05", "提现", "提现", 90_00)]))
    entries = [("2026-10-05", "提现", "提现", -90_00)]
    add(scene, statement_file(entries, 100_00, numbers="W"), "微信.csv", wechat)
    line = lines(scene)[0].id
    book = (matching.book_line, scene.firm, scene.fund_id, line, MatchKind.TRANSFER)
    with pytest.raises(KindUnfit):
        db.write(*book, reserve)
    db.write(*book, wechat)
    other = lines(scene, account=wechat)[0].id
    match(scene, (other,), pick(scene, other))
    assert balance(scene, f"bank/{wechat}") == -90_00
    assert not lines(scene, only_open=True, account=wechat)


def test_two_at_once_match_a_line_once(database: Database) -> None:
    scene = make_scene()
    paid = enter(scene, -8_600_00, DAY, "payment:1")
    line = one_line(scene, -8_600_00)

    def once(_: int) -> str:
        try:
            match(scene, (line,), (f"book:{paid}",))
        except (LineTaken, NothingPicked):
            return "refused"
        return "matched"

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(once, range(4)))
    assert answers == ["matched", "refused", "refused", "refused"]


def test_only_the_firm_matches_and_only_in_its_own_fund(database: Database) -> None:
    scene, other = make_scene(), make_scene("yulan")
    line = one_line(scene, -8_600_00)
    book = (line, MatchKind.UNEXPLAINED)
    for actor in (scene.committee, scene.auditor, scene.owner, scene.neighbour):
        with pytest.raises(NotAllowed):
            db.write(matching.book_line, actor, scene.fund_id, *book)
    with pytest.raises(BankLineNotFound):
        db.write(matching.book_line, other.firm, other.fund_id, *book)


@pytest.fixture
def source() -> Iterator[list[Settling]]:
    """Offer an open invoice for matching, as another file of the room would."""
    asked: list[Settling] = []
    invoice = Candidate("invoice", 7, date(2026, 10, 1), 253_65, "王秀英 3 号楼")

    def offers(session: Any, actor: Actor, fund_id: int, wanted: tuple[Wanted, ...]) -> Any:
        return tuple(Offer((Guess((invoice,), 0, 80),), (invoice,)) for _ in wanted)

    def find(session: Any, actor: Actor, fund_id: int, ids: tuple[int, ...], fen: int) -> Any:
        return tuple(invoice for each in ids if each == 7)

    def post(session: Any, actor: Actor, settling: Settling) -> int:
        asked.append(settling)
        other = ledger.ensure_account(
            session,
            actor,
            settling.book_id,
            "CNY",
            "other",
            ledger.AccountType.INCOME,
            "",
            None,
            None,
        )
        sides = (
            ledger.debit(settling.account_id, settling.amount_fen),
            ledger.credit(other, settling.amount_fen),
        )
        posting = ledger.Posting(
            settling.book_id,
            sides,
            "trust.receipt",
            "invoice:7",
            settling.key,
            effective_on=settling.day,
        )
        return ledger.post(session, actor, posting).transaction_id

    def undo(session: Any, actor: Actor, transaction_id: int, mirror: Callable[[], int]) -> None:
        mirror()

    add_match_source(MatchSource("invoice", "发票", offers, find, post, undo))
    yield asked
    match_sources._sources.pop("invoice")


def test_a_source_posts_what_a_line_pays(database: Database, source: list[Settling]) -> None:
    scene = make_scene()
    line = one_line(scene, 253_65, "王秀英")
    assert pick(scene, line) == ("invoice:7",)
    match(scene, (line,), ("invoice:7",))
    assert (source[0].picks, source[0].day) == (((7, 253_65),), DAY)
    assert balance(scene, f"bank/{scene.bank_account_id}") == 253_65
    made = lines(scene)[0].match_id
    db.write(matching.undo_match, scene.firm, scene.fund_id, made)
    assert balance(scene, f"bank/{scene.bank_account_id}") == 0
    assert pick(scene, line) == ("invoice:7",)


def test_a_source_explains_money_that_waited(database: Database, source: list[Settling]) -> None:
    scene = make_scene()
    line = one_line(scene, 253_65, "陌生人")
    made = db.write(matching.book_line, scene.firm, scene.fund_id, line, MatchKind.UNIDENTIFIED)
    explain = (matching.explain_match, scene.firm, scene.fund_id, made, MatchKind.SETTLED)
    db.write(*explain, ("invoice:7",), "王秀英来电确认")
    assert balance(scene, "unidentified") == 0
    assert balance(scene, f"bank/{scene.bank_account_id}") == 253_65


def test_a_payment_knows_its_line_until_the_match_is_taken_back(database: Database) -> None:
    scene, payee = spending_scene()
    asked = ask(scene, payee)
    agree(scene, matter_of(scene, asked))
    pay(scene, asked, 8_600_00)
    with db.read() as session:
        waiting = unmatched_payments(session, scene.community_id, scene.fund_id)[0]
    day = waiting.paid_on.isoformat()
    add(scene, statement_file([(day, waiting.payee, "电梯维修", -8_600_00)], 9_000_00))
    line = lines(scene)[0].id
    with db.read() as session:
        guessed = queries.line_choices(session, scene.firm, scene.fund_id, line).guesses[0]
    assert (guessed.score, waiting.payee in guessed.picks[0].words) == (99, True)
    made = match(scene, (line,), pick(scene, line))
    assert request(scene, asked).state is RequestState.DONE
    db.write(matching.undo_match, scene.firm, scene.fund_id, made)
    assert request(scene, asked).state is RequestState.PAID
