"""An estate in which a month is billed and paid, and a lift repair asked for, approved and paid."""

from __future__ import annotations

from dataclasses import dataclass

from community.kernel import clock, db
from community.trust_property.service.payments import PaymentDraft, pay_request
from tests.trust_property.acts import add_payee, adopt, agree, ask, request
from tests.trust_property.scene import Scene
from tests.trust_property.test_bills import HOME_FEN, NEXT_FEN, Estate, bill, pay

REPAIR_FEN = 8_600_00
IN_FEN = HOME_FEN + NEXT_FEN


@dataclass(frozen=True, slots=True)
class Spent:
    """What was done: the request, its approved expense and its payment in the books."""

    scene: Scene
    estate: Estate
    payee_id: int
    request_id: int
    expense: int
    paid: int


def spend(estate: Estate) -> Spent:
    """Let both units pay a month and the lift be repaired for 8,600 yuan, all on one day."""
    scene = estate.scene
    bill(estate)
    pay(estate, HOME_FEN, estate.home)
    pay(estate, NEXT_FEN, estate.next_home)
    adopt(scene)
    payee = add_payee(scene)
    asked = ask(scene, payee, REPAIR_FEN)
    found = request(scene, asked)
    assert found.matter_id is not None
    agree(scene, found.matter_id)
    draft = PaymentDraft(scene.bank_account_id, REPAIR_FEN, clock.today(), "B1")
    db.write(pay_request, scene.firm, scene.fund_id, asked, draft)
    expense = request(scene, asked).transaction_id
    assert expense is not None
    return Spent(scene, estate, payee, asked, expense, _newest(scene))


def _newest(scene: Scene) -> int:
    sql = "SELECT MAX(id) FROM ledger_transaction WHERE community_id = ?"
    with db.read() as session:
        row = db.statements(session).one(sql, (scene.community_id,))
    assert row is not None
    return int(row[0])
