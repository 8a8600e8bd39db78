"""A fund has books of its own; what moves money out asks for the committee's key."""

from __future__ import annotations

import pytest

from community import ledger
from community.kernel import db
from community.kernel.db import Database
from community.kernel.errors import NotAllowed, NotFound
from community.trust_property.errors.fund import (
    BankAccountKnown,
    BuildingTaken,
    FundNameTaken,
    FundNotFound,
    NoBuildings,
)
from community.trust_property.queries import fund as queries
from community.trust_property.rules.fund import BankUse
from community.trust_property.service.fund import add_bank_account, prepare_fund
from tests.trust_property.scene import make_scene


def test_a_prepared_fund_has_two_books_and_its_base_accounts(database: Database) -> None:
    scene = make_scene()
    with db.read() as session:
        fund = queries.get_fund(session, scene.staff, scene.fund_id)
        assert fund.book_id != fund.reserve_book_id
        for path in ("opening", "interest", "other", "unidentified", "unexplained"):
            assert queries.find_path(session, scene.staff, fund, path) is not None
        account = queries.get_bank_account(
            session, scene.staff, scene.fund_id, scene.bank_account_id
        )
        found = ledger.get_account(session, scene.community_id, account.account_id)
    assert (found.path, found.book_id) == (account.path, fund.book_id)


def test_only_the_office_prepares_a_fund(database: Database) -> None:
    scene = make_scene()
    for actor in (scene.firm, scene.committee, scene.owner):
        with pytest.raises(NotAllowed):
            db.write(prepare_fund, actor, "二期", scene.firm_id, (1,))


def test_a_building_pays_into_one_fund(database: Database) -> None:
    scene = make_scene()
    with db.read() as session:
        houses = queries.fund_buildings(session, scene.staff, scene.fund_id)
    with pytest.raises(FundNameTaken):
        db.write(prepare_fund, scene.staff, "桂花里小区", scene.firm_id, (houses[0].id,))
    with pytest.raises(BuildingTaken):
        db.write(prepare_fund, scene.staff, "二期", scene.firm_id, (houses[0].id,))
    with pytest.raises(NoBuildings):
        db.write(prepare_fund, scene.staff, "二期", scene.firm_id, ())


def test_the_same_bank_account_is_registered_once(database: Database) -> None:
    scene = make_scene()
    with pytest.raises(BankAccountKnown):
        db.write(
            add_bank_account,
            scene.staff,
            scene.fund_id,
            "建设银行桂花支行",
            "6688",
            BankUse.OPERATING,
        )


def test_another_communitys_fund_is_not_found(database: Database) -> None:
    scene, other = make_scene(), make_scene("yulan")
    with db.read() as session, pytest.raises(FundNotFound):
        queries.get_fund(session, scene.staff, other.fund_id)
    with pytest.raises(FundNotFound):
        db.write(add_bank_account, scene.staff, other.fund_id, "农行", "1234", BankUse.OPERATING)
    with pytest.raises(NotFound):
        db.write(prepare_fund, scene.staff, "二期", scene.firm_id, (10**9,))


def test_spending_without_a_key_is_refused_by_the_books(database: Database) -> None:
    scene = make_scene()
    with db.read() as session:
        fund = queries.get_fund(session, scene.staff, scene.fund_id)
        account = queries.get_bank_account(
            session, scene.staff, scene.fund_id, scene.bank_account_id
        )
        other = queries.find_path(session, scene.staff, fund, "unexplained")
    assert other is not None
    lines = (ledger.debit(other, 100), ledger.credit(account.account_id, 100))
    for purpose in ("trust.spend", "trust.anything"):
        posting = ledger.Posting(fund.book_id, lines, purpose, "", f"test:{purpose}")
        with pytest.raises(ledger.ApprovalNeeded):
            db.write(ledger.post, scene.firm, posting)
