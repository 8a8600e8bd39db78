"""A year's surplus: voted, shared by area to the fen, by both keys, once, and only free money."""

from __future__ import annotations

from datetime import date

import pytest

from community import ledger
from community.kernel import clock, db
from community.kernel.db import Database
from community.kernel.errors import NotAllowed
from community.trust_property import checks
from community.trust_property.errors.keys import NoKey
from community.trust_property.errors.surplus import (
    FreeMoneyShort,
    NoAreas,
    VoteReferenceMissing,
    YearNotOver,
    YearShared,
)
from community.trust_property.queries import surplus as queries
from community.trust_property.queries.surplus import SurplusView
from community.trust_property.rules.matters import MatterState
from community.trust_property.rules.surplus import FreeMoney, free_money, share_surplus
from community.trust_property.service.matters import reject_matter
from community.trust_property.service.surplus import propose_surplus
from tests.ledger.books import around
from tests.ledger.test_constraints import REFUSED
from tests.trust_property.acts import add_payee, adopt, agree, ask, matter, published, working_scene
from tests.trust_property.banking import balance, enter
from tests.trust_property.scene import Scene
from tests.trust_property.test_bills import (
    HOME_FEN,
    Estate,
    bill,
    make_estate,
    owed,
    pay,
)
from tests.trust_property.test_spending import matter_of

YEAR = 2025
VOTE = "业主大会决议 2026-3"
RICH = 10_000_00


def rich_estate(fen: int = RICH) -> Estate:
    """Set an estate whose fund has money of its own."""
    estate = make_estate()
    enter(estate.scene, fen, date(2026, 11, 1), "income:1")
    return estate


def propose(scene: Scene, fen: int, year: int = YEAR, vote: str = VOTE) -> int:
    made: int = db.write(propose_surplus, scene.firm, scene.fund_id, year, fen, vote)
    return made


def view(scene: Scene) -> SurplusView:
    with db.read() as session:
        return queries.surpluses(session, scene.firm, scene.fund_id)[0]


def matter_id(scene: Scene) -> int:
    found = view(scene).matter_id
    assert found is not None
    return found


def free(scene: Scene) -> FreeMoney:
    with db.read() as session:
        return queries.free_money(session, scene.firm, scene.fund_id)


def test_nothing_is_lost_to_rounding() -> None:
    areas = [(number, 8_000 + 137 * number) for number in range(12)]
    shares = share_surplus(700_273, areas)
    assert sum(each.amount_fen for each in shares) == 700_273
    whole = sum(area for _, area in areas)
    for share in shares:
        exact = 700_273 * share.area_centiares
        assert abs(share.amount_fen * whole - exact) < whole


def test_units_without_area_get_nothing_and_nobody_gets_nothing_of_nothing() -> None:
    assert [each.unit_id for each in share_surplus(100, [(1, 100), (2, 0), (3, 100)])] == [1, 3]
    assert share_surplus(100, [(1, 0)]) == ()
    assert [each.amount_fen for each in share_surplus(1, [(1, 100), (2, 100)])] == [1, 0]


def test_what_belongs_to_others_and_what_is_approved_is_not_free() -> None:
    balances = [("bank/1", 1_000), ("cash/1", 50), ("prepaid/unit", 200), ("deposit/unit", 100)]
    balances += [("payable/3", 40), ("receivable/unit", 9_999), ("opening", 5_000)]
    assert free_money(balances, 60).free_fen == 1_050 - 340 - 60
    assert free_money([("bank/1", 10), ("payable/1", 20)], 0).free_fen == 0


def test_a_surplus_is_prepaid_by_area_once_both_keys_agree(database: Database) -> None:
    estate = rich_estate()
    scene = estate.scene
    propose(scene, 1_000_01)
    assert balance(scene, f"prepaid/unit/{estate.home}") == 0
    agree(scene, matter_id(scene))
    # 89.00 m² of 209.50 m² are 42,482.98 fen.
    first = 42_483
    assert balance(scene, f"prepaid/unit/{estate.home}") == first
    assert balance(scene, f"prepaid/unit/{estate.next_home}") == 1_000_01 - first
    assert balance(scene, f"surplus/{YEAR}") == -1_000_01
    assert free(scene).free_fen == RICH - 1_000_01
    found = view(scene)
    assert (found.state, found.unit_count, found.area_centiares) == (MatterState.MADE, 2, 20_950)
    with db.read() as session:
        (own,) = queries.shares_of_unit(session, scene.owner, scene.fund_id, estate.home)
    assert (own.year, own.amount_fen) == (YEAR, first)


def test_the_log_tells_the_sum_and_the_vote_and_no_unit(database: Database) -> None:
    estate = rich_estate()
    propose(estate.scene, 1_000_00)
    assert published(estate.scene, "trust.surplus") == []
    agree(estate.scene, matter_id(estate.scene))
    (told,) = published(estate.scene, "trust.surplus")
    assert (told["amount_fen"], told["units"], told["reference"]) == (1_000_00, 2, VOTE)
    assert "unit_id" not in told
    (posted,) = [
        each
        for each in published(estate.scene, "ledger.transaction")
        if each["purpose"] == "trust.surplus"
    ]
    # The public sees two lines: what was shared, and all prepayments together.
    assert sorted(amount for _, amount, _ in posted["lines"]) == [-1_000_00, 1_000_00]


def test_what_was_shared_pays_the_next_bill(database: Database) -> None:
    estate = rich_estate()
    propose(estate.scene, 2_000_00)
    agree(estate.scene, matter_id(estate.scene))
    bill(estate)
    assert owed(estate, estate.home) == 0
    share = 2_000_00 * 8_900 // 20_950
    assert balance(estate.scene, f"prepaid/unit/{estate.home}") == share - HOME_FEN


def test_without_the_owners_vote_nothing_is_shared(database: Database) -> None:
    estate = rich_estate()
    with pytest.raises(VoteReferenceMissing):
        propose(estate.scene, 100_00, vote="  ")
    with pytest.raises(YearNotOver):
        propose(estate.scene, 100_00, year=clock.today().year)


def test_a_year_is_shared_once(database: Database) -> None:
    estate = rich_estate()
    scene = estate.scene
    propose(scene, 100_00)
    with pytest.raises(YearShared):
        propose(scene, 100_00)
    db.write(reject_matter, scene.committee, scene.fund_id, matter_id(scene), "金额不对")
    assert (view(scene).state, view(scene).note) == (MatterState.REJECTED, "金额不对")
    propose(scene, 200_00)
    agree(scene, matter_id(scene))
    with pytest.raises(YearShared):
        propose(scene, 100_00)
    propose(scene, 100_00, year=2024)


def test_only_free_money_is_shared_to_the_fen(database: Database) -> None:
    estate = rich_estate()
    scene = estate.scene
    pay(estate, 300_00, estate.home)
    adopt(scene)
    ask(scene, add_payee(scene), 1_000_00)
    # The prepayment came with its money; what is asked for is set aside.
    assert free(scene).free_fen == RICH - 1_000_00
    with pytest.raises(FreeMoneyShort) as refused:
        propose(scene, RICH - 1_000_00 + 1)
    assert refused.value.facts["free"] == "9,000.00"
    propose(scene, RICH - 1_000_00)
    agree(scene, matter_id(scene))
    assert free(scene).free_fen == 0


def test_money_spent_meanwhile_is_no_longer_there_to_share(database: Database) -> None:
    estate = rich_estate()
    scene = estate.scene
    propose(scene, RICH)
    adopt(scene)
    asked = ask(scene, add_payee(scene), 1_000_00)
    agree(scene, matter_of(scene, asked))
    with pytest.raises(FreeMoneyShort) as refused:
        agree(scene, matter_id(scene))
    assert refused.value.facts["free"] == "9,000.00"
    assert view(scene).state is MatterState.OPEN
    assert balance(scene, f"prepaid/unit/{estate.home}") == 0


def test_a_corrected_area_asks_for_new_approval(database: Database) -> None:
    estate = rich_estate()
    scene = estate.scene
    propose(scene, 100_00)

    def widen(session: object, actor: object) -> None:
        at = db.statements(session)  # type: ignore[arg-type]
        at.run("UPDATE trust_unit SET area_centiares = 9000 WHERE unit_id = ?", (estate.home,))

    db.write(widen, scene.staff)
    with pytest.raises(ledger.ProposalChanged):
        agree(scene, matter_id(scene))
    assert view(scene).state is MatterState.OPEN


def test_both_keys_are_needed_and_of_different_people(database: Database) -> None:
    estate = rich_estate()
    scene = estate.scene
    for actor in (scene.owner, scene.neighbour, scene.committee, scene.auditor):
        with pytest.raises(NotAllowed):
            db.write(propose_surplus, actor, scene.fund_id, YEAR, 100_00, VOTE)
    propose(scene, 100_00)
    with pytest.raises((NotAllowed, NoKey, ledger.NotYourKey)):
        agree(scene, matter_id(scene), scene.firm)
    assert matter(scene, matter_id(scene)).keys_needed >= 1


def test_without_areas_nothing_can_be_shared(database: Database) -> None:
    scene = working_scene()
    enter(scene, RICH, date(2026, 11, 1), "income:1")
    with pytest.raises(NoAreas):
        propose(scene, 100_00)


def test_the_database_refuses_what_no_key_approved(database: Database) -> None:
    estate = rich_estate()
    propose(estate.scene, 100_00)
    for sql in (
        "UPDATE trust_surplus SET state = 'made', transaction_id = 1",
        "UPDATE trust_surplus SET amount_fen = amount_fen + 1",
        "UPDATE trust_surplus_share SET amount_fen = amount_fen + 1",
        "DELETE FROM trust_surplus_share",
        "DELETE FROM trust_surplus",
    ):
        with around(database) as (at, _), pytest.raises(REFUSED):
            at.run(sql)


def test_a_share_that_is_not_by_area_is_found(database: Database) -> None:
    estate = rich_estate()
    propose(estate.scene, 100_00)
    agree(estate.scene, matter_id(estate.scene))
    with around(database) as (at, session):
        assert not checks.problems(session)
        on = " ON trust_surplus_share" if at.is_postgres else ""
        at.run(f"DROP TRIGGER trust_surplus_share_no_update{on}")
        sql = "UPDATE trust_surplus_share SET amount_fen = amount_fen + ? WHERE unit_id = ?"
        at.run(sql, (1, estate.home))
        at.run(sql, (-1, estate.next_home))
        told = checks.problems(session)
        assert any("not shared by area" in each for each in told)
        assert any("another sum than the books" in each for each in told)
        session.rollback()


def test_the_shares_of_ten_thousand_homes_add_up() -> None:
    shares = share_surplus(12_345_678_91, [(unit, 5_000 + unit % 977) for unit in range(10_000)])
    assert sum(each.amount_fen for each in shares) == 12_345_678_91
