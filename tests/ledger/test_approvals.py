"""Two keys: distinct people, none the author, on the hash of the whole content."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import KeyReused
from community.ledger import (
    Agreement,
    Bound,
    BoundVoucher,
    PolicyChange,
    Posting,
    ProposalState,
    Reversal,
    Settlement,
    Tier,
    credit,
    debit,
)
from community.ledger.models.approvals import Voucher
from community.ledger.rules import POLICY_CHANGE, Proposed
from tests.conftest import NOON
from tests.ledger.books import Books, make_books

TODAY = date(2026, 11, 22)


def person(books: Books, number: int, *roles: str) -> Actor:
    return Actor(books.actor.community_id, number, roles=frozenset(roles))


@pytest.fixture
def guarded(books: Books) -> Books:
    """Above 100, two of the committee must agree; 1,000 are on the account."""
    books.give(books.wang, 1_000, "k0")
    first = PolicyChange(books.book_id, "", 100, 2, "committee", TODAY)
    db.write(ledger.set_first_policy, books.actor, first)
    return books


def payment(books: Books, amount: int, key: str = "pay") -> Posting:
    lines = (debit(books.wang, amount), credit(books.li, amount))
    return Posting(books.book_id, lines, "repair", "s", key)


def propose(books: Books, content: Proposed, key: str = "prop", author: int = 50) -> int:
    made: int = db.write(ledger.propose, person(books, author), books.book_id, content, key)
    return made


def content_hash(books: Books, proposal_id: int) -> bytes:
    with db.read() as session:
        return ledger.get_proposal(session, books.actor.community_id, proposal_id).content_hash


def turn_key(books: Books, proposal_id: int, number: int, *roles: str) -> ledger.Approved:
    hashed = content_hash(books, proposal_id)
    actor = person(books, number, *(roles or ("committee",)))
    made: ledger.Approved = db.write(ledger.approve, actor, proposal_id, hashed)
    return made


def test_above_the_limit_a_post_needs_keys(guarded: Books) -> None:
    guarded.move(guarded.wang, guarded.li, 100, "small")
    with pytest.raises(ledger.ApprovalNeeded, match="2"):
        guarded.move(guarded.wang, guarded.li, 101, "large")


def test_the_second_key_carries_the_payment_out(guarded: Books) -> None:
    proposal_id = propose(guarded, payment(guarded, 600))
    assert turn_key(guarded, proposal_id, 51).state is ProposalState.OPEN
    assert guarded.balance(guarded.li).total == 0
    done = turn_key(guarded, proposal_id, 52)
    assert (done.state, done.keys_given) == (ProposalState.POSTED, 2)
    assert guarded.balance(guarded.li).total == 600
    with pytest.raises(ledger.ProposalClosed):
        turn_key(guarded, proposal_id, 53)
    with db.read() as session:
        assert ledger.open_proposals(session, guarded.actor.community_id, guarded.book_id) == ()


def test_nobody_holds_two_keys(guarded: Books) -> None:
    proposal_id = propose(guarded, payment(guarded, 600))
    turn_key(guarded, proposal_id, 51)
    for number in (50, 51):
        with pytest.raises(ledger.NotYourKey):
            turn_key(guarded, proposal_id, number)
    with pytest.raises(ledger.NotYourKey):
        db.write(ledger.approve, guarded.actor, proposal_id, content_hash(guarded, proposal_id))


def test_only_the_policys_role_has_keys(guarded: Books) -> None:
    proposal_id = propose(guarded, payment(guarded, 600))
    with pytest.raises(ledger.WrongRole):
        turn_key(guarded, proposal_id, 51, "resident")


def test_a_key_binds_to_what_was_seen(guarded: Books) -> None:
    proposal_id = propose(guarded, payment(guarded, 600))
    other = propose(guarded, payment(guarded, 999, "p2"), "prop2")
    seen = content_hash(guarded, other)
    with pytest.raises(ledger.ProposalChanged):
        db.write(ledger.approve, person(guarded, 51, "committee"), proposal_id, seen)


def test_a_withdrawn_proposal_takes_no_key(guarded: Books) -> None:
    proposal_id = propose(guarded, payment(guarded, 600))
    with pytest.raises(ledger.WrongRole):
        db.write(ledger.withdraw, person(guarded, 51), proposal_id)
    db.write(ledger.withdraw, person(guarded, 50), proposal_id)
    with pytest.raises(ledger.ProposalClosed):
        turn_key(guarded, proposal_id, 51)


def test_a_proposal_that_can_no_longer_be_paid_is_refused_whole(guarded: Books) -> None:
    proposal_id = propose(guarded, payment(guarded, 1_001))
    turn_key(guarded, proposal_id, 51)
    with pytest.raises(ledger.InsufficientBalance):
        turn_key(guarded, proposal_id, 52)
    with db.read() as session:
        found = ledger.get_proposal(session, guarded.actor.community_id, proposal_id)
    assert (found.state, found.approved_by) == (ProposalState.OPEN, (51,))


def test_settling_and_reversing_need_keys_too(guarded: Books) -> None:
    ends = NOON + timedelta(hours=1)
    held = db.write(ledger.hold, guarded.actor, payment(guarded, 600, "h"), ends)
    with pytest.raises(ledger.ApprovalNeeded):
        db.write(ledger.settle, guarded.actor, held.transaction_id, "s1")
    settle_id = propose(guarded, Settlement(held.transaction_id))
    turn_key(guarded, settle_id, 51)
    paid = turn_key(guarded, settle_id, 52).transaction_id
    assert paid is not None
    with pytest.raises(ledger.ApprovalNeeded):
        db.write(ledger.reverse, guarded.actor, paid, "错", "r1")
    reverse_id = propose(guarded, Reversal(paid, "错"), "prop2")
    turn_key(guarded, reverse_id, 51)
    turn_key(guarded, reverse_id, 52)
    assert guarded.balance(guarded.wang).available == 1_000


def test_a_policy_changes_only_by_keys_and_from_its_day(guarded: Books) -> None:
    change = PolicyChange(guarded.book_id, "", 0, 3, "committee", TODAY + timedelta(days=2))
    with pytest.raises(ledger.ApprovalNeeded):
        db.write(ledger.set_first_policy, guarded.actor, change)
    proposal_id = propose(guarded, change)
    turn_key(guarded, proposal_id, 51)
    turn_key(guarded, proposal_id, 52)
    guarded.move(guarded.wang, guarded.li, 100, "today")
    with clock.fixed(NOON + timedelta(days=2)), pytest.raises(ledger.ApprovalNeeded, match="3"):
        guarded.move(guarded.wang, guarded.li, 1, "later")


def test_a_purpose_may_have_its_own_policy(guarded: Books) -> None:
    change = PolicyChange(guarded.book_id, "wages", 500, 1, "committee", TODAY)
    proposal_id = propose(guarded, change)
    turn_key(guarded, proposal_id, 51)
    turn_key(guarded, proposal_id, 52)
    lines = (debit(guarded.wang, 400), credit(guarded.li, 400))
    guarded.post(lines, "w1", purpose="wages")
    with pytest.raises(ledger.ApprovalNeeded):
        guarded.post(lines, "w2", purpose="repair")


def test_a_policy_for_one_purpose_still_guards_its_own_change(books: Books) -> None:
    first = PolicyChange(books.book_id, "wages", 0, 2, "committee", TODAY)
    db.write(ledger.set_first_policy, books.actor, first)
    change = PolicyChange(books.book_id, POLICY_CHANGE, 0, 1, "resident", TODAY)
    proposal_id = propose(books, change)
    with pytest.raises(ledger.WrongRole):
        turn_key(books, proposal_id, 51, "resident")
    assert turn_key(books, proposal_id, 51).state is ProposalState.OPEN


def test_bad_policies_and_strange_books_are_refused(books: Books, database: Database) -> None:
    for change in (
        PolicyChange(books.book_id, "", -1, 1, "committee", TODAY),
        PolicyChange(books.book_id, "", 0, 0, "committee", TODAY),
        PolicyChange(books.book_id, "", 0, 1, "", TODAY),
        PolicyChange(books.book_id, "", 0, 1, "committee", TODAY - timedelta(days=1)),
    ):
        with pytest.raises(ledger.BadPosting):
            propose(books, change)
    other = make_books(slug="other")
    with pytest.raises(ledger.UnknownBook):
        db.write(ledger.propose, person(other, 1), books.book_id, payment(books, 5), "x")
    with pytest.raises(ledger.UnknownProposal):
        db.write(ledger.withdraw, person(other, 1), 999)


def test_a_repeated_proposal_is_one(guarded: Books) -> None:
    assert propose(guarded, payment(guarded, 600)) == propose(guarded, payment(guarded, 600))


def bound(content: Posting | Settlement | Agreement, payee: str = "电梯公司") -> Bound:
    return Bound(content, (("payee", payee),), (BoundVoucher("报价单", "0" * 64),))


def test_a_key_binds_to_payee_and_vouchers_too(guarded: Books) -> None:
    asked = bound(payment(guarded, 600))
    proposal_id = propose(guarded, asked)
    turn_key(guarded, proposal_id, 51)
    seen = content_hash(guarded, proposal_id)
    changed = bound(payment(guarded, 600), payee="另一家公司")
    with pytest.raises(KeyReused):
        propose(guarded, changed)
    other_id = propose(guarded, changed, "prop2")
    assert content_hash(guarded, other_id) != seen
    with pytest.raises(ledger.ProposalChanged):
        db.write(ledger.approve, person(guarded, 52, "committee"), other_id, seen)
    done = turn_key(guarded, proposal_id, 52)
    assert done.transaction_id is not None
    with db.read() as session:
        found = ledger.vouchers_of(session, guarded.actor.community_id, done.transaction_id)
    assert [(each.title, each.sha256) for each in found] == [("报价单", "0" * 64)]
    redact(found[0].voucher_id, guarded)
    with db.read() as session:
        others = open_vouchers(session, other_id)
    redact(others, guarded)


def redact(voucher_id: int, books: Books) -> None:
    db.write(ledger.redact_voucher, books.actor, voucher_id, "测试里没有文件")


def open_vouchers(session: Session, proposal_id: int) -> int:
    found = session.scalar(select(Voucher.id).where(Voucher.proposal_id == proposal_id))
    assert found is not None
    return found


def test_a_voucher_without_a_whole_hash_is_refused(guarded: Books) -> None:
    short = Bound(payment(guarded, 600), (), (BoundVoucher("报价单", "0" * 63),))
    with pytest.raises(ledger.BadPosting):
        propose(guarded, short)


def test_an_agreement_moves_nothing_and_needs_keys_whatever_its_amount(guarded: Books) -> None:
    proposal_id = propose(guarded, Bound(Agreement(guarded.book_id, "payee", "payee:1")))
    assert turn_key(guarded, proposal_id, 51).state is ProposalState.OPEN
    done = turn_key(guarded, proposal_id, 52)
    assert (done.state, done.transaction_id) == (ProposalState.POSTED, None)
    assert guarded.balance(guarded.wang).total == 1_000


def test_larger_amounts_need_more_keys(books: Books) -> None:
    books.give(books.wang, 1_000, "k0")
    tiers = (Tier(100, 2), Tier(500, 3))
    first = PolicyChange(books.book_id, "", 10, 1, "committee", TODAY, tiers)
    db.write(ledger.set_first_policy, books.actor, first)
    community_id = books.actor.community_id
    with db.read() as session:
        found = [
            ledger.keys_needed(session, community_id, books.book_id, "repair", amount)
            for amount in (10, 11, 100, 101, 500, 501, None)
        ]
    assert found == [0, 1, 1, 2, 2, 3, 1]
    proposal_id = propose(books, payment(books, 501))
    states = [turn_key(books, proposal_id, number).state for number in (51, 52, 53)]
    assert states == [ProposalState.OPEN, ProposalState.OPEN, ProposalState.POSTED]


def test_tiers_that_do_not_rise_are_refused(books: Books) -> None:
    for tiers in ((Tier(10, 2),), (Tier(100, 2), Tier(50, 3)), (Tier(100, 0),)):
        first = PolicyChange(books.book_id, "", 10, 1, "committee", TODAY, tiers)
        with pytest.raises(ledger.BadPosting):
            db.write(ledger.set_first_policy, books.actor, first)


def test_first_policies_are_set_together_and_once(books: Books) -> None:
    first = PolicyChange(books.book_id, "", 0, 1, "committee", TODAY)
    free = PolicyChange(books.book_id, "fact", 10**15, 1, "committee", TODAY)
    db.write(ledger.set_first_policies, books.actor, (first, free))
    with pytest.raises(ledger.ApprovalNeeded):
        db.write(ledger.set_first_policies, books.actor, (free,))


def test_a_rejected_proposal_takes_no_key(guarded: Books) -> None:
    proposal_id = propose(guarded, payment(guarded, 600))
    with pytest.raises(ledger.NotYourKey):
        db.write(ledger.reject, person(guarded, 50, "committee"), proposal_id)
    with pytest.raises(ledger.WrongRole):
        db.write(ledger.reject, person(guarded, 51, "property"), proposal_id)
    db.write(ledger.reject, person(guarded, 51, "committee"), proposal_id)
    with pytest.raises(ledger.ProposalClosed):
        turn_key(guarded, proposal_id, 52)


def test_what_a_purpose_moved_between_two_days_is_summed(books: Books) -> None:
    books.give(books.wang, 300, "k1", TODAY)
    books.give(books.wang, 40, "k2", TODAY - timedelta(days=1))
    books.post((debit(books.issued, 5), credit(books.wang, 5)), "k3", TODAY, "other")
    with db.read() as session:
        found = ledger.moved_between(
            session, books.actor.community_id, books.book_id, TODAY, TODAY, ("p",), "issued"
        )
    assert found == 300


def test_first_policies_are_set_at_one_instant(database: Database, books: Books) -> None:
    ticks = iter(range(1, 100))
    changes = tuple(
        PolicyChange(books.book_id, purpose, 0, 1, "committee", TODAY)
        for purpose in ("", "fees", "gifts")
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: NOON + timedelta(microseconds=next(ticks)))
        db.write(ledger.set_first_policies, books.actor, changes)
