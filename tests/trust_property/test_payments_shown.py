"""Bank lines show payments: several at once, one by several lines, never without a match."""

from __future__ import annotations

from community.kernel import clock, db
from community.kernel.db import Database
from community.trust_property import checks
from community.trust_property.queries.payments import unmatched_payments
from community.trust_property.rules.spending import RequestState
from community.trust_property.service.matching import undo_match
from tests.ledger.books import around
from tests.trust_property.acts import agree, ask, request, spending_scene
from tests.trust_property.banking import add, show_at_bank, statement_file
from tests.trust_property.test_spending import matter_of, pay


def test_one_line_shows_several_payments_that_were_made_together(database: Database) -> None:
    scene, payee = spending_scene()
    first, second = ask(scene, payee, 4_000_00), ask(scene, payee, 4_600_00)
    for made in (first, second):
        agree(scene, matter_of(scene, made))
    paid = pay(scene, first, 4_000_00, "B1"), pay(scene, second, 4_600_00, "B2")
    made = show_at_bank(scene, paid, -8_600_00)
    assert [request(scene, each).state for each in (first, second)] == [RequestState.DONE] * 2
    with db.read() as session:
        assert unmatched_payments(session, scene.community_id, scene.fund_id) == ()
    db.write(undo_match, scene.firm, scene.fund_id, made)
    assert [request(scene, each).state for each in (first, second)] == [RequestState.PAID] * 2


def test_a_request_is_done_when_the_bank_shows_every_payment_of_it(database: Database) -> None:
    scene, payee = spending_scene()
    made = ask(scene, payee)
    agree(scene, matter_of(scene, made))
    first, second = pay(scene, made, 4_000_00, "B1"), pay(scene, made, 4_600_00, "B2")
    show_at_bank(scene, (first,), -4_000_00)
    assert request(scene, made).state is RequestState.PAID
    match = show_at_bank(scene, (second,), -4_000_00, -600_00)
    assert request(scene, made).state is RequestState.DONE
    db.write(undo_match, scene.firm, scene.fund_id, match)
    assert request(scene, made).state is RequestState.PAID


def test_a_payment_is_never_marked_without_its_match(database: Database) -> None:
    scene, payee = spending_scene()
    made = ask(scene, payee)
    agree(scene, matter_of(scene, made))
    pay(scene, made, 8_600_00)
    add(scene, statement_file([(clock.today().isoformat(), "别家", "", -1_00)], 10**9))
    with around(database) as (at, session):
        at.run("UPDATE trust_payment SET bank_line_id = (SELECT MIN(id) FROM trust_bank_line)")
        assert any("no match says so" in each for each in checks.problems(session))
        session.rollback()
