"""Each invariant of spending is found when its rows are broken, triggers or not."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from community.kernel import clock, db, triggers
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.trust_property.checks.spending import problems
from community.trust_property.service.payments import PaymentDraft, pay_request
from tests.trust_property.acts import agree, ask, request, spending_scene
from tests.trust_property.scene import Scene

BROKEN = [
    ("shows something else", "UPDATE trust_matter SET title = 'x' WHERE kind = 'spend'"),
    ("shows something else", "UPDATE trust_matter SET content = '{}' WHERE kind = 'payee'"),
    ("its proposal is", "UPDATE trust_matter SET state = 'rejected' WHERE kind = 'rules'"),
    ("came without an approved matter", "UPDATE trust_matter SET kind = 'rate'"),
    ("held no committee key", "UPDATE trust_key_holder SET side = 'trustee'"),
    ("its versions say otherwise", "UPDATE trust_request_version SET amount_fen = 1"),
    ("was paid", "UPDATE trust_payment SET amount_fen = 1"),
    ("is not in the books as it says", "UPDATE trust_payment SET amount_fen = 8600001"),
]


class Undo(Exception):
    """Ends a command so that nothing it broke stays."""


@pytest.fixture
def paid(database: Database) -> Scene:
    scene, payee = spending_scene()
    made = ask(scene, payee)
    agree(scene, request(scene, made).matter_id or 0)
    draft = PaymentDraft(scene.bank_account_id, 8_600_00, clock.today(), "B1")
    db.write(pay_request, scene.firm, scene.fund_id, made, draft)
    return scene


@pytest.mark.parametrize(("words", "sql"), BROKEN, ids=[each[1][7:60] for each in BROKEN])
def test_a_broken_invariant_is_found(paid: Scene, words: str, sql: str) -> None:
    found: list[str] = []
    table = sql.split()[1]

    def tamper(session: Session, actor: Actor) -> None:
        at = db.statements(session)
        for each in triggers.registered():
            if each.table == table:
                on = f" ON {table}" if at.is_postgres else ""
                at.run(f"DROP TRIGGER {each.name}{on}", ())
        at.run(sql, ())
        found.extend(problems(session))
        raise Undo

    with pytest.raises(Undo):
        db.write(tamper, paid.staff)
    assert any(words in each for each in found), found
