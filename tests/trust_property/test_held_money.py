"""Deposits, collections for others and the cash box: never more goes out than came in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from flask.testing import FlaskClient

from community import ledger
from community.kernel import clock, db
from community.kernel.db import Database
from community.kernel.errors import NotAllowed, Refusal
from community.trust_property.errors.bills import BankAccountNeeded, UnitNotInFund
from community.trust_property.errors.held_money import (
    AgencyKnown,
    AgencyNotFound,
    AgencyShort,
    CashShort,
    CountReasonMissing,
    DepositEnded,
    DepositNotFound,
    DepositWaiting,
    MovedInFuture,
)
from community.trust_property.errors.keys import NoKey
from community.trust_property.errors.matters import ReasonMissing
from community.trust_property.queries import held_money as held_queries
from community.trust_property.rules.bills import Channel
from community.trust_property.service.agencies import add_agency, collect_for_others, pass_on
from community.trust_property.service.cash_box import bank_cash, count_cash
from community.trust_property.service.deposits import (
    propose_forfeit,
    return_deposit,
    take_deposit,
)
from community.trust_property.service.matters import reject_matter
from community.trust_property.service.money_ways import Way
from tests import builders
from tests.ledger.books import around
from tests.ledger.test_constraints import REFUSED
from tests.trust_property.acts import agree, published
from tests.trust_property.opening_day import fill, homes, open_fund, opening_scene
from tests.trust_property.scene import Scene
from tests.trust_property.test_opening import balance

FEN = 200_000


def opened(slug: str = "guihua") -> Scene:
    scene = opening_scene(slug)
    fill(scene)
    open_fund(scene)
    return scene


def by_bank(scene: Scene) -> Way:
    return Way(Channel.TRANSFER, clock.today(), scene.bank_account_id)


def in_cash() -> Way:
    return Way(Channel.CASH, clock.today())


def take(scene: Scene, way: Way, fen: int = FEN) -> int:
    _, unit = homes(scene)
    asked = (scene.fund_id, unit, "装修押金", fen, "王装修", way)
    made: int = db.write(take_deposit, scene.firm, *asked)
    return made


def test_a_deposit_is_taken_and_given_back_once(database: Database) -> None:
    scene = opened()
    _, unit = homes(scene)
    deposit = take(scene, by_bank(scene))
    assert balance(scene, f"deposit/unit/{unit}") == FEN
    assert balance(scene, f"bank/{scene.bank_account_id}") == 12_500_000 + FEN
    db.write(return_deposit, scene.firm, scene.fund_id, deposit, by_bank(scene))
    assert balance(scene, f"deposit/unit/{unit}") == 0
    with pytest.raises(DepositEnded):
        db.write(return_deposit, scene.firm, scene.fund_id, deposit, by_bank(scene))
    with around(database) as (at, _), pytest.raises(REFUSED):
        at.run("UPDATE trust_deposit SET state = 'held' WHERE state = 'returned'")


def test_two_at_once_give_a_deposit_back_once(database: Database) -> None:
    scene = opened()
    deposit = take(scene, by_bank(scene))

    def give_back(_: int) -> str:
        try:
            db.write(return_deposit, scene.firm, scene.fund_id, deposit, by_bank(scene))
        except Refusal as refusal:
            return type(refusal).__name__
        return "back"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(give_back, range(2))) == ["DepositEnded", "back"]
    assert balance(scene, f"bank/{scene.bank_account_id}") == 12_500_000


def test_a_deposit_of_opening_day_is_given_back_from_the_box_only_if_it_has_enough(
    database: Database,
) -> None:
    scene = opened()
    with db.read() as session:
        (first,) = (row[0] for row in db.statements(session).all("SELECT id FROM trust_deposit"))
    with pytest.raises(CashShort):
        db.write(return_deposit, scene.firm, scene.fund_id, first, in_cash())
    take(scene, in_cash())
    db.write(return_deposit, scene.firm, scene.fund_id, first, in_cash())
    assert balance(scene, f"cash/{scene.fund_id}") == 5_000


def test_only_the_committee_lets_a_deposit_be_kept(database: Database) -> None:
    scene = opened()
    deposit = take(scene, by_bank(scene))
    with pytest.raises(ReasonMissing):
        db.write(propose_forfeit, scene.firm, scene.fund_id, deposit, " ")
    asked = db.write(propose_forfeit, scene.firm, scene.fund_id, deposit, "损坏电梯轿厢")
    with pytest.raises(DepositWaiting):
        db.write(return_deposit, scene.firm, scene.fund_id, deposit, by_bank(scene))
    db.write(reject_matter, scene.committee, scene.fund_id, asked, "请先修复再说")
    again = db.write(propose_forfeit, scene.firm, scene.fund_id, deposit, "损坏电梯轿厢")
    agree(scene, again)
    assert balance(scene, "other") == FEN
    with pytest.raises(DepositEnded):
        db.write(return_deposit, scene.firm, scene.fund_id, deposit, by_bank(scene))


def test_deposits_are_refused_to_the_wrong_hands_units_and_days(database: Database) -> None:
    scene, other = opened(), opened("yulan")
    unit, _ = homes(scene)
    asked = (scene.fund_id, unit, "门禁卡押金", 100, "")
    with pytest.raises(NotAllowed):
        db.write(take_deposit, scene.owner, *asked, in_cash())
    with pytest.raises(NotAllowed):
        db.write(take_deposit, scene.committee, *asked, in_cash())
    with pytest.raises(UnitNotInFund):
        db.write(take_deposit, other.firm, other.fund_id, unit, "押金", 100, "", in_cash())
    with pytest.raises(BankAccountNeeded):
        db.write(take_deposit, scene.firm, *asked, Way(Channel.TRANSFER, clock.today()))
    with pytest.raises(MovedInFuture):
        db.write(take_deposit, scene.firm, *asked, Way(Channel.CASH, date(2026, 11, 23)))
    deposit = take(scene, in_cash())
    with pytest.raises((DepositNotFound, NoKey)):
        db.write(return_deposit, other.firm, other.fund_id, deposit, in_cash())


def test_never_more_is_passed_on_than_was_collected(database: Database) -> None:
    scene = opened()
    water: int = db.write(add_agency, scene.firm, scene.fund_id, "代收电费")
    with pytest.raises(AgencyKnown):
        db.write(add_agency, scene.firm, scene.fund_id, "代收水费")
    where = (scene.fund_id, water)
    db.write(collect_for_others, scene.firm, *where, 8_000, by_bank(scene))
    with pytest.raises(AgencyShort) as refused:
        db.write(pass_on, scene.firm, *where, 8_001, by_bank(scene), "供电局")
    assert refused.value.facts["left"] == "80.00"
    db.write(pass_on, scene.firm, *where, 8_000, by_bank(scene), "供电局")
    assert balance(scene, f"agency/{water}") == 0
    assert balance(scene, f"bank/{scene.bank_account_id}") == 12_500_000
    with pytest.raises(AgencyNotFound):
        db.write(pass_on, scene.firm, scene.fund_id, 999_999, 1, by_bank(scene))


def test_two_at_once_never_pass_on_more_than_there_is(database: Database) -> None:
    scene = opened()
    water: int = db.write(add_agency, scene.firm, scene.fund_id, "代收电费")
    db.write(collect_for_others, scene.firm, scene.fund_id, water, 8_000, by_bank(scene))

    def once(_: int) -> str:
        try:
            db.write(pass_on, scene.firm, scene.fund_id, water, 6_000, by_bank(scene))
        except Refusal as refusal:
            return type(refusal).__name__
        return "passed"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(once, range(2))) == ["AgencyShort", "passed"]
    assert balance(scene, f"agency/{water}") == 2_000


def test_a_difference_in_the_box_is_entered_with_its_reason(database: Database) -> None:
    scene = opened()
    box = f"cash/{scene.fund_id}"
    db.write(count_cash, scene.firm, scene.fund_id, 5_000)
    with pytest.raises(CountReasonMissing):
        db.write(count_cash, scene.firm, scene.fund_id, 4_000)
    db.write(count_cash, scene.firm, scene.fund_id, 4_000, "找零错误")
    assert (balance(scene, box), balance(scene, "receivable/trustee")) == (4_000, 1_000)
    db.write(count_cash, scene.firm, scene.fund_id, 4_600, "多收一笔，待查")
    assert (balance(scene, box), balance(scene, "unidentified")) == (4_600, 600)


def test_cash_is_paid_into_the_bank_and_no_more_than_there_is(database: Database) -> None:
    scene = opened()
    where = (scene.fund_id, scene.bank_account_id)
    with pytest.raises(CashShort):
        db.write(bank_cash, scene.firm, *where, 5_001, clock.today())
    db.write(bank_cash, scene.firm, *where, 5_000, clock.today())
    assert balance(scene, f"cash/{scene.fund_id}") == 0
    assert balance(scene, f"bank/{scene.bank_account_id}") == 12_505_000
    with pytest.raises(NotAllowed):
        db.write(count_cash, scene.auditor, scene.fund_id, 0, "盘点")


def test_the_accounts_of_held_money_are_no_income(database: Database) -> None:
    scene = opened()
    with db.read() as session:
        kinds = {
            row[0]
            for row in db.statements(session).all(
                "SELECT type FROM ledger_account WHERE path LIKE 'deposit/%'"
                " OR path LIKE 'agency/%'"
            )
        }
    assert kinds == {ledger.AccountType.LIABILITY.value}
    assert scene.fund_id


def test_deposits_have_receipts_of_their_own_series_without_gaps(
    database: Database, client: FlaskClient
) -> None:
    scene = opened()
    first, second = take(scene, by_bank(scene)), take(scene, in_cash(), FEN + 1)
    told = [each for each in published(scene, "trust.receipt") if str(each["number"])[0] == "D"]
    assert [(each["number"], each["amount"]) for each in told] == [
        ("D000001", FEN),
        ("D000002", FEN + 1),
    ]
    # The same unit twice: nobody may see by the log that it was the same.
    assert told[0]["payer"] != told[1]["payer"]
    with around(database) as (at, _), pytest.raises(REFUSED):
        at.run(
            "INSERT INTO trust_deposit (community_id, fund_id, unit_id, label, payer, amount_fen,"
            " channel, bank_account_id, taken_on, transaction_id, state, receipt_number, record_id)"
            " SELECT community_id, fund_id, unit_id, label, payer, amount_fen, channel,"
            " bank_account_id, taken_on, transaction_id, state, 4, record_id"
            " FROM trust_deposit WHERE receipt_number = 1"
        )
    with around(database) as (at, _), pytest.raises(REFUSED):
        at.run("UPDATE trust_deposit SET receipt_number = 9 WHERE receipt_number = 2")
    desk = f"/c/guihua/desk/fund/{scene.fund_id}"
    assert client.get(f"{desk}/deposits/{first}/receipt").status_code in {302, 303, 401, 403}
    assert scene.firm.person_id is not None
    builders.sign_in(client, scene.firm.person_id)
    assert f"{desk}/deposits/{second}/receipt" in client.get(f"{desk}/held").text
    page = client.get(f"{desk}/deposits/{second}/receipt").text
    assert "D000002" in page
    assert 'class="qr-code"' in page
    opening = min(first, second) - 1
    assert client.get(f"{desk}/deposits/{opening}/receipt").status_code == 404
    outside = opened("lanhua")
    assert client.get(f"/c/lanhua/desk/fund/{outside.fund_id}/held").status_code in {403, 404}


def test_two_at_once_take_two_numbers(database: Database) -> None:
    scene = opened()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: take(scene, by_bank(scene)), range(2)))
    with db.read() as session:
        found = held_queries.deposits(session, scene.firm, scene.fund_id)
    assert sorted(each.receipt for each in found if each.receipt) == ["D000001", "D000002"]
