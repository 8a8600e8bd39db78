"""Spending: asked, held, approved on what was seen, paid, matched; an edit voids approvals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed
from community.trust_property.errors.keys import NoKey
from community.trust_property.errors.matters import MatterClosed, ReasonMissing
from community.trust_property.errors.payees import PayeeChanged, PayeeChanging
from community.trust_property.errors.spending import (
    BankNumberKnown,
    PaidInFuture,
    PaidTooMuch,
    PaymentReturned,
    QuotesMissing,
    RequestNotFound,
    StepRefused,
    VoteMissing,
)
from community.trust_property.queries.keys import key_holders
from community.trust_property.queries.matters import matters_of
from community.trust_property.queries.payments import unmatched_payments
from community.trust_property.queries.spending import request_versions
from community.trust_property.rules.matters import MatterKind, MatterState
from community.trust_property.rules.spending import STEPS, RequestState, may_step
from community.trust_property.service.keys import end_key
from community.trust_property.service.matters import approve_matter, reject_matter
from community.trust_property.service.payees import propose_payee_change
from community.trust_property.service.payments import (
    PaymentDraft,
    pay_request,
    return_payment,
)
from community.trust_property.service.spending import (
    RequestDraft,
    ask_spending,
    edit_spending,
    expire_requests,
    withdraw_spending,
)
from tests.conftest import NOON
from tests.trust_property.acts import (
    agree,
    ask,
    line,
    matter,
    paper,
    published,
    request,
    spending_scene,
)
from tests.trust_property.banking import show_at_bank
from tests.trust_property.scene import Scene
from tests.trust_property.test_payees import OTHER


def matter_of(scene: Scene, request_id: int) -> int:
    found = request(scene, request_id).matter_id
    assert found is not None
    return found


def edit(scene: Scene, request_id: int, payee_id: int, fen: int, **given: Any) -> None:
    facts: dict[str, Any] = {"line_code": "L01", "words": "3 号楼电梯主板维修"}
    draft = RequestDraft(payee_id=payee_id, amount_fen=fen, **(facts | given))
    db.write(edit_spending, scene.second_firm, scene.fund_id, request_id, draft)


def pay(scene: Scene, request_id: int, fen: int, number: str = "B1", days: int = 0) -> int:
    day = clock.today() + timedelta(days=days)
    draft = PaymentDraft(scene.bank_account_id, fen, day, number)
    made: int = db.write(pay_request, scene.firm, scene.fund_id, request_id, draft)
    return made


def test_a_lift_repair_goes_all_the_way(database: Database) -> None:
    scene, payee = spending_scene()
    made = ask(scene, payee)
    assert (line(scene).held_fen, line(scene).spent_fen) == (8_600_00, 0)
    assert agree(scene, matter_of(scene, made)).state is MatterState.MADE
    assert request(scene, made).state is RequestState.APPROVED
    assert (line(scene).held_fen, line(scene).spent_fen) == (0, 8_600_00)
    paid = pay(scene, made, 8_600_00)
    with db.read() as session:
        waiting = unmatched_payments(session, scene.community_id, scene.fund_id)
    assert [(each.id, each.payee, each.amount_fen) for each in waiting] == [
        (paid, "迅达电梯维修部", 8_600_00)
    ]
    show_at_bank(scene, (paid,), -8_600_00)
    assert request(scene, made).state is RequestState.DONE
    states = [each["state"] for each in published(scene, "trust.request")]
    assert states == ["asked", "approved", "paid", "done"]


def test_an_edited_amount_lets_the_approval_fall_away(database: Database) -> None:
    scene, payee = spending_scene()
    made = ask(scene, payee)
    first = matter_of(scene, made)
    agree(scene, first)
    seen = matter(scene, first).content_hash
    edit(scene, made, payee, 9_600_00)
    now = request(scene, made)
    assert (now.state, now.amount_fen, now.version) == (RequestState.ASKED, 9_600_00, 2)
    assert (line(scene).held_fen, line(scene).spent_fen) == (9_600_00, 0)
    with pytest.raises(StepRefused):
        pay(scene, made, 8_600_00)
    with pytest.raises(MatterClosed):
        db.write(approve_matter, scene.committee, scene.fund_id, first, seen)
    with pytest.raises(ledger.ProposalChanged):
        db.write(approve_matter, scene.committee, scene.fund_id, matter_of(scene, made), seen)
    with db.read() as session:
        versions = request_versions(session, scene.firm, scene.fund_id, made)
        asked = matters_of(session, scene.firm, scene.fund_id, MatterKind.SPEND, made)
    assert [each.amount_fen for each in versions] == [9_600_00, 8_600_00]
    assert [each.approved_by for each in asked] == [(), ("赵国华",)]


def test_an_edit_between_two_keys_voids_the_first(database: Database) -> None:
    scene, payee = spending_scene()
    made = ask(scene, payee, 20_000_00)
    first = matter_of(scene, made)
    assert agree(scene, first).keys_needed == 2
    edit(scene, made, payee, 20_000_00, quotes=(paper(words="换了一份报价"),))
    assert matter(scene, first).state is MatterState.WITHDRAWN
    again = matter_of(scene, made)
    agree(scene, again, scene.second_committee)
    assert request(scene, made).state is RequestState.ASKED
    agree(scene, again)
    assert request(scene, made).state is RequestState.APPROVED


def test_one_person_is_never_two_keys(database: Database) -> None:
    scene, payee = spending_scene()
    made = matter_of(scene, ask(scene, payee, 20_000_00))
    agree(scene, made)
    with pytest.raises(ledger.NotYourKey):
        agree(scene, made)


def test_small_amounts_need_neither_quotes_nor_the_committee(database: Database) -> None:
    scene, payee = spending_scene()
    small = ask(scene, payee, 500_00, quotes=())
    assert request(scene, small).state is RequestState.APPROVED
    with pytest.raises(QuotesMissing):
        ask(scene, payee, 500_01, quotes=())


def test_large_amounts_need_the_owners_vote(database: Database) -> None:
    scene, payee = spending_scene()
    with pytest.raises(VoteMissing):
        ask(scene, payee, 50_000_01)
    ask(scene, payee, 50_000_00)


def test_only_the_firm_asks_and_only_the_committee_approves(database: Database) -> None:
    scene, payee = spending_scene()
    draft = RequestDraft("L01", payee, 100_00, "换灯")
    for actor in (scene.committee, scene.staff, scene.owner, scene.auditor):
        with pytest.raises(NotAllowed):
            db.write(ask_spending, actor, scene.fund_id, draft)
    made = matter_of(scene, ask(scene, payee))
    for actor in (scene.firm, scene.second_firm, scene.staff, scene.owner):
        with pytest.raises(NotAllowed):
            agree(scene, made, actor)


def test_an_ended_key_neither_asks_nor_approves(database: Database) -> None:
    scene, payee = spending_scene()
    made = matter_of(scene, ask(scene, payee))
    with db.read() as session:
        held = key_holders(session, scene.staff, scene.fund_id)
    own = next(each.id for each in held if each.person_id == scene.committee.person_id)
    db.write(end_key, scene.staff, scene.fund_id, own)
    with pytest.raises(NoKey):
        agree(scene, made)


def test_a_refused_or_withdrawn_request_frees_its_line(database: Database) -> None:
    scene, payee = spending_scene()
    refused = ask(scene, payee)
    db.write(reject_matter, scene.committee, scene.fund_id, matter_of(scene, refused), "先修再报价")
    assert request(scene, refused).state is RequestState.REJECTED
    assert request(scene, refused).reason == "先修再报价"
    withdrawn = ask(scene, payee)
    with pytest.raises(ReasonMissing):
        db.write(withdraw_spending, scene.firm, scene.fund_id, withdrawn, "")
    db.write(withdraw_spending, scene.firm, scene.fund_id, withdrawn, "不修了")
    approved = ask(scene, payee)
    agree(scene, matter_of(scene, approved))
    db.write(withdraw_spending, scene.firm, scene.fund_id, approved, "不修了")
    assert (line(scene).held_fen, line(scene).spent_fen) == (0, 0)
    with pytest.raises(StepRefused):
        edit(scene, approved, payee, 100_00)


def test_an_expired_request_frees_its_line_by_the_clock(database: Database) -> None:
    scene, payee = spending_scene()
    made = ask(scene, payee)
    waiting = matter_of(scene, made)
    with clock.fixed(NOON + timedelta(days=60)):
        assert request(scene, made).state is RequestState.EXPIRED
        assert line(scene).free_fen == 100_000_00
        with pytest.raises(ledger.HoldExpired):
            agree(scene, waiting)
        assert db.write(expire_requests, Actor.system(scene.community_id)) == 1
        assert db.write(expire_requests, Actor.system(scene.community_id)) == 0
    with clock.fixed(NOON + timedelta(days=60)):
        assert matter(scene, waiting).state is MatterState.WITHDRAWN


def test_changed_bank_details_stop_a_request_and_a_payment(database: Database) -> None:
    scene, payee = spending_scene()
    made = ask(scene, payee)
    agree(scene, matter_of(scene, made))
    change = db.write(propose_payee_change, scene.firm, scene.fund_id, payee, OTHER, "来函")
    with pytest.raises(PayeeChanging):
        ask(scene, payee, 100_00)
    with pytest.raises(PayeeChanging):
        pay(scene, made, 8_600_00)
    agree(scene, change)
    with clock.fixed(NOON + timedelta(days=3)):
        with pytest.raises(PayeeChanged):
            pay(scene, made, 8_600_00)
        edit(scene, made, payee, 8_600_00)
        agree(scene, matter_of(scene, made))
        pay(scene, made, 8_600_00)


def test_a_payment_is_never_more_than_approved(database: Database) -> None:
    scene, payee = spending_scene()
    made = ask(scene, payee)
    agree(scene, matter_of(scene, made))
    pay(scene, made, 5_000_00)
    with pytest.raises(BankNumberKnown):
        pay(scene, made, 3_600_00)
    with pytest.raises(PaidTooMuch, match="3600"):
        pay(scene, made, 3_600_01, "B2")
    with pytest.raises(PaidInFuture):
        pay(scene, made, 3_600_00, "B2", days=1)
    assert request(scene, made).state is RequestState.APPROVED
    pay(scene, made, 3_600_00, "B2")
    with pytest.raises(StepRefused):
        pay(scene, made, 1, "B3")


def test_the_books_refuse_to_pay_what_nobody_approved(database: Database) -> None:
    scene, payee = spending_scene()
    made = ask(scene, payee)
    agree(scene, matter_of(scene, made))

    def force(session: Session, actor: Actor) -> None:
        fund = get(session, actor, scene)
        owed = ledger.find_account(
            session, actor.community_id, ledger.BookKind.TRUST, f"payable/{payee}", "fund/1"
        )
        assert owed is not None
        lines = (ledger.debit(owed, 8_600_01), ledger.credit(fund, 8_600_01))
        book = ledger.get_account(session, actor.community_id, owed).book_id
        ledger.post(session, actor, ledger.Posting(book, lines, "trust.payment", "", "force"))

    with pytest.raises(ledger.InsufficientBalance):
        db.write(force, scene.firm)


def get(session: Session, actor: Actor, scene: Scene) -> int:
    path = f"bank/{scene.bank_account_id}"
    found = ledger.find_account(
        session, actor.community_id, ledger.BookKind.TRUST, path, f"fund/{scene.fund_id}"
    )
    assert found is not None
    return found


def test_a_payment_the_bank_returns_is_owed_again(database: Database) -> None:
    scene, payee = spending_scene()
    made = ask(scene, payee)
    agree(scene, matter_of(scene, made))
    paid = pay(scene, made, 8_600_00)
    today = clock.today()
    db.write(return_payment, scene.firm, scene.fund_id, paid, today, "账号不存在")
    assert request(scene, made).state is RequestState.APPROVED
    with pytest.raises(PaymentReturned):
        db.write(return_payment, scene.firm, scene.fund_id, paid, today, "又退")
    pay(scene, made, 8_600_00, "B2")
    assert request(scene, made).state is RequestState.PAID


def test_a_neighbouring_communitys_request_is_not_found(database: Database) -> None:
    scene, _ = spending_scene()
    other, payee = spending_scene("yulan")
    made = ask(other, payee)
    with pytest.raises(RequestNotFound):
        db.write(withdraw_spending, scene.firm, scene.fund_id, made, "x")


def test_every_step_off_the_table_is_refused_by_the_database(database: Database) -> None:
    scene, payee = spending_scene()
    made = ask(scene, payee)
    sql = "UPDATE trust_request SET state = ? WHERE id = ?"
    for state in set(RequestState) - STEPS[RequestState.ASKED] - {RequestState.ASKED}:
        with pytest.raises(Exception, match="steps of its table"):
            db.write(
                lambda session, actor, to=state.value: db.statements(session).run(sql, (to, made)),
                scene.firm,
            )
    assert not any(
        may_step(end, state)
        for end in (RequestState.REJECTED, RequestState.WITHDRAWN, RequestState.EXPIRED)
        for state in RequestState
    )


def test_the_same_request_key_asks_once(database: Database) -> None:
    scene, payee = spending_scene()
    draft = RequestDraft("L01", payee, 8_600_00, "电梯", quotes=(paper(),))
    first = db.write(ask_spending, scene.firm, scene.fund_id, draft, request_key="once-1234")
    again = db.write(ask_spending, scene.firm, scene.fund_id, draft, request_key="once-1234")
    assert first == again
    assert line(scene).held_fen == 8_600_00
