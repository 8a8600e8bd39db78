"""Bills, receipts, prepayments and voids: twice, at once, half-failed, by the wrong person."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date

import pytest

from community import identity, ledger
from community.kernel import clock, db
from community.kernel.db import Database
from community.kernel.errors import NotAllowed
from community.trust_property.errors.bills import (
    BankAccountNeeded,
    DueTooEarly,
    MonthBilled,
    MonthTooEarly,
    NothingToBill,
    NoUnits,
    OwnReceipt,
    PrepaymentUsed,
    ReceiptVoided,
    ReceivedInFuture,
    RunNotFound,
    RunStepWrong,
    UnitNotInFund,
)
from community.trust_property.queries import bills as queries
from community.trust_property.queries.units import charged_units
from community.trust_property.rules.bills import Age, Channel, RunState, first_day, last_day
from community.trust_property.rules.estate import UnitUse
from community.trust_property.service import billing, receipts
from community.trust_property.service.estate import propose_rate, set_unit, take_units
from community.trust_property.service.receipts import Payment
from tests import builders
from tests.ledger.books import around
from tests.ledger.test_constraints import REFUSED
from tests.trust_property.acts import agree, working_scene
from tests.trust_property.scene import Scene

NOVEMBER = 202611
DUE = date(2026, 11, 30)
# 89.00 m² at 2.85 yuan; 120.50 m² at 2.85 yuan is 343.425, rounded by the largest remainder.
HOME_FEN, NEXT_FEN = 25_365, 34_343


@dataclass(frozen=True, slots=True)
class Estate:
    """A fund whose owners pay 2.85 yuan a square metre."""

    scene: Scene
    home: int
    next_home: int


def make_estate(slug: str = "guihua") -> Estate:
    scene = working_scene(slug)
    db.write(take_units, scene.staff, scene.fund_id)
    set_rate(scene, UnitUse.HOME, 285)
    with db.read() as session:
        home, next_home = identity.units(session, scene.community_id)
    return Estate(scene, home.id, next_home.id)


def set_rate(scene: Scene, use: UnitUse, rate_fen: int, on: date | None = None) -> None:
    """Let both keys put a rate in force."""
    day = on or clock.today()
    asked = (scene.fund_id, use, rate_fen, day, "物业合同 2026-1")
    agree(scene, db.write(propose_rate, scene.firm, *asked))


def bill(estate: Estate, month: int = NOVEMBER) -> int:
    """Count a month in its own time and enter its bills in the books."""
    scene = estate.scene
    with in_month(month):
        due_on = last_day(month)
        run: int = db.write(billing.prepare_bills, scene.firm, scene.fund_id, month, due_on)
        db.write(billing.post_bills, scene.firm, scene.fund_id, run)
        builders.run_jobs()
    return run


def in_month(month: int) -> AbstractContextManager[None]:
    """Let it be the 22nd of a month."""
    return clock.fixed(clock.at(first_day(month).replace(day=22), 10))


def payment(estate: Estate, amount_fen: int, *units: int) -> Payment:
    return Payment(
        units or (estate.home,),
        amount_fen,
        Channel.TRANSFER,
        clock.today(),
        estate.scene.bank_account_id,
        "王秀英",
        "20261122-1",
    )


def pay(estate: Estate, amount_fen: int, *units: int) -> int:
    made: int = db.write(
        receipts.take_payment,
        estate.scene.firm,
        estate.scene.fund_id,
        payment(estate, amount_fen, *units),
    )
    return made


def owed(estate: Estate, unit_id: int) -> int:
    with db.read() as session:
        found = queries.unit_account(session, estate.scene.firm, estate.scene.fund_id, unit_id)
    return found.owed_fen


def balance(estate: Estate, path: str) -> int:
    scene = estate.scene
    with db.read() as session:
        account = ledger.find_account(
            session, scene.community_id, ledger.BookKind.TRUST, path, f"fund/{scene.fund_id}"
        )
        assert account is not None
        return ledger.get_account(session, scene.community_id, account).balance.total


def test_a_month_is_counted_looked_at_and_then_owed(database: Database) -> None:
    estate = make_estate()
    scene = estate.scene
    run = db.write(billing.prepare_bills, scene.firm, scene.fund_id, NOVEMBER, DUE)
    assert owed(estate, estate.home) == 0
    db.write(billing.post_bills, scene.firm, scene.fund_id, run)
    builders.run_jobs()
    assert (owed(estate, estate.home), owed(estate, estate.next_home)) == (HOME_FEN, NEXT_FEN)
    assert balance(estate, "fee/home") == HOME_FEN + NEXT_FEN
    with db.read() as session:
        view = queries.get_bill_run(session, scene.firm, scene.fund_id, run)
    assert (view.state, view.bill_count, view.total_fen) == (
        RunState.POSTED,
        2,
        HOME_FEN + NEXT_FEN,
    )


def test_a_month_is_billed_once_and_can_be_given_up_before(database: Database) -> None:
    estate = make_estate()
    scene = estate.scene
    first = db.write(billing.prepare_bills, scene.firm, scene.fund_id, NOVEMBER, DUE)
    with pytest.raises(MonthBilled):
        db.write(billing.prepare_bills, scene.firm, scene.fund_id, NOVEMBER, DUE)
    db.write(billing.drop_bills, scene.firm, scene.fund_id, first)
    run = bill(estate)
    with pytest.raises(RunStepWrong):
        db.write(billing.drop_bills, scene.firm, scene.fund_id, run)
    with pytest.raises(RunStepWrong):
        db.write(billing.post_bills, scene.firm, scene.fund_id, run)


def test_bills_are_refused_without_rates_areas_or_a_right_day(database: Database) -> None:
    scene = working_scene()
    with pytest.raises(NothingToBill):
        db.write(billing.prepare_bills, scene.firm, scene.fund_id, NOVEMBER, DUE)
    with pytest.raises(DueTooEarly):
        db.write(billing.prepare_bills, scene.firm, scene.fund_id, NOVEMBER, date(2026, 10, 31))
    with pytest.raises(MonthTooEarly):
        db.write(billing.prepare_bills, scene.firm, scene.fund_id, 202612, date(2026, 12, 31))


@pytest.mark.parametrize("who", ["staff", "committee", "owner", "auditor"])
def test_only_the_property_firm_bills_and_takes_money(database: Database, who: str) -> None:
    estate = make_estate()
    actor = getattr(estate.scene, who)
    with pytest.raises(NotAllowed):
        db.write(billing.prepare_bills, actor, estate.scene.fund_id, NOVEMBER, DUE)
    with pytest.raises(NotAllowed):
        db.write(receipts.take_payment, actor, estate.scene.fund_id, payment(estate, 1))


def test_a_shop_pays_its_own_rate(database: Database) -> None:
    estate = make_estate()
    scene = estate.scene
    db.write(set_unit, scene.staff, scene.fund_id, estate.next_home, UnitUse.SHOP, 12_050)
    set_rate(scene, UnitUse.SHOP, 400)
    bill(estate)
    assert (balance(estate, "fee/home"), balance(estate, "fee/shop")) == (HOME_FEN, 48_200)


def test_the_newest_rate_in_force_counts(database: Database) -> None:
    estate = make_estate()
    scene = estate.scene
    set_rate(scene, UnitUse.HOME, 300, date(2026, 12, 1))
    with db.read() as session:
        for month, rate in ((NOVEMBER, 285), (202612, 300)):
            found = charged_units(session, scene.staff, scene.fund_id, month)
            assert {unit.rate_fen for unit in found} == {rate}
        # The fund began on the 22nd: October has no rate.
        assert charged_units(session, scene.staff, scene.fund_id, 202610) == ()


def test_the_oldest_bill_is_paid_first_and_the_rest_is_prepaid(database: Database) -> None:
    estate = make_estate()
    bill(estate)
    bill(estate, 202612)
    pay(estate, HOME_FEN + 100)
    assert owed(estate, estate.home) == HOME_FEN - 100
    pay(estate, HOME_FEN)
    assert owed(estate, estate.home) == 0
    assert balance(estate, f"prepaid/unit/{estate.home}") == 100
    # The next month comes out and the hundred fen are used at once.
    bill(estate, 202701)
    assert owed(estate, estate.home) == HOME_FEN - 100
    assert balance(estate, f"prepaid/unit/{estate.home}") == 0


def test_one_payment_for_two_units_and_several_months(database: Database) -> None:
    estate = make_estate()
    bill(estate)
    bill(estate, 202612)
    receipt = pay(estate, 2 * (HOME_FEN + NEXT_FEN), estate.home, estate.next_home)
    assert (owed(estate, estate.home), owed(estate, estate.next_home)) == (0, 0)
    with db.read() as session:
        view = queries.get_receipt(session, estate.scene.firm, estate.scene.fund_id, receipt)
    assert [(part.month, part.unit_id) for part in view.parts] == [
        (202611, estate.home),
        (202611, estate.next_home),
        (202612, estate.home),
        (202612, estate.next_home),
    ]


def test_receipts_are_numbered_without_gaps_also_after_a_refusal(database: Database) -> None:
    estate = make_estate()
    scene = estate.scene
    pay(estate, 100)
    late = replace(payment(estate, 100), received_on=date(2027, 1, 1))
    with pytest.raises(ReceivedInFuture):
        db.write(receipts.take_payment, scene.firm, scene.fund_id, late)
    pay(estate, 200)
    with db.read() as session:
        found = queries.receipts(session, scene.firm, scene.fund_id)
    assert [each.number for each in found] == [2, 1]


def test_the_same_key_takes_a_payment_once(database: Database) -> None:
    estate = make_estate()
    scene = estate.scene
    first, again = (
        db.write(
            receipts.take_payment,
            scene.firm,
            scene.fund_id,
            payment(estate, 500),
            request_key="counter-000001",
        )
        for _ in range(2)
    )
    assert first == again
    assert balance(estate, f"prepaid/unit/{estate.home}") == 500


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"unit_ids": ()}, NoUnits),
        ({"unit_ids": (999_999,)}, UnitNotInFund),
        ({"channel": Channel.CASH}, BankAccountNeeded),
        ({"bank_account_id": None}, BankAccountNeeded),
    ],
)
def test_a_wrong_payment_writes_nothing(
    database: Database, change: dict[str, object], refusal: type[Exception]
) -> None:
    estate = make_estate()
    wrong = replace(payment(estate, 100), **change)  # type: ignore[arg-type]
    with pytest.raises(refusal):
        db.write(receipts.take_payment, estate.scene.firm, estate.scene.fund_id, wrong)
    with db.read() as session:
        assert queries.receipts(session, estate.scene.firm, estate.scene.fund_id) == ()


def test_another_communitys_bills_and_receipts_are_not_found(database: Database) -> None:
    estate, other = make_estate(), make_estate("yulan")
    run = bill(estate)
    with db.read() as session, pytest.raises(RunNotFound):
        queries.get_bill_run(session, other.scene.firm, other.scene.fund_id, run)
    with pytest.raises(UnitNotInFund):
        db.write(
            receipts.take_payment,
            other.scene.firm,
            other.scene.fund_id,
            replace(payment(other, 100), unit_ids=(estate.home,)),
        )


def test_a_voided_receipt_keeps_its_number_and_its_bills_are_owed_again(
    database: Database,
) -> None:
    estate = make_estate()
    scene = estate.scene
    bill(estate)
    receipt = pay(estate, HOME_FEN + 100)
    with pytest.raises(OwnReceipt):
        db.write(receipts.void_receipt, scene.firm, scene.fund_id, receipt, "金额打错")
    db.write(receipts.void_receipt, scene.second_firm, scene.fund_id, receipt, "金额打错")
    assert owed(estate, estate.home) == HOME_FEN
    assert balance(estate, f"prepaid/unit/{estate.home}") == 0
    with pytest.raises(ReceiptVoided):
        db.write(receipts.void_receipt, scene.second_firm, scene.fund_id, receipt, "再来一次")
    pay(estate, 100)
    with db.read() as session:
        found = queries.receipts(session, scene.firm, scene.fund_id)
    assert [(each.number, each.is_void) for each in found] == [(2, False), (1, True)]


def test_a_receipt_whose_prepayment_was_used_is_not_voided(database: Database) -> None:
    estate = make_estate()
    scene = estate.scene
    receipt = pay(estate, 1_000)
    bill(estate)
    with pytest.raises(PrepaymentUsed):
        db.write(receipts.void_receipt, scene.second_firm, scene.fund_id, receipt, "金额打错")
    assert owed(estate, estate.home) == HOME_FEN - 1_000


def test_two_payments_at_once_pay_a_bill_once(database: Database) -> None:
    estate = make_estate()
    bill(estate)
    with ThreadPoolExecutor(2) as pool:
        tuple(pool.map(lambda amount: pay(estate, amount), (HOME_FEN, HOME_FEN)))
    assert owed(estate, estate.home) == 0
    assert balance(estate, f"prepaid/unit/{estate.home}") == HOME_FEN


def test_arrears_name_no_building_where_few_owe(database: Database) -> None:
    estate = make_estate()
    scene = estate.scene
    bill(estate)
    pay(estate, 5_365)
    with in_month(202701), db.read() as session:
        (row,) = queries.arrears(session, scene.owner, scene.fund_id)
        (month,) = queries.collection(session, scene.owner, scene.fund_id)
    assert (row.building, row.unit_count) == (None, 2)
    assert dict(row.amounts_fen)[Age.DAYS_90] == 20_000 + NEXT_FEN
    assert (month.paid_fen, month.rate) == (5_365, 898)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trust_bill SET amount_fen = 1",
        "DELETE FROM trust_bill",
        "UPDATE trust_bill SET paid_fen = amount_fen + 1",
        "UPDATE trust_receipt SET number = 9",
        "DELETE FROM trust_receipt",
        "UPDATE trust_receipt_part SET amount_fen = 1",
        (
            "INSERT INTO trust_receipt (community_id, fund_id, number, amount_fen, channel,"
            " received_on, payer, reference, transaction_id, record_id, made_at)"
            " SELECT community_id, fund_id, 5, 1, 'cash', received_on, '', '', transaction_id,"
            " record_id, made_at FROM trust_receipt"
        ),
    ],
)
def test_the_database_itself_refuses(database: Database, statement: str) -> None:
    estate = make_estate()
    bill(estate)
    pay(estate, HOME_FEN)
    with around(database) as (at, _), pytest.raises(REFUSED):
        at.run(statement)
    assert owed(estate, estate.home) == 0
