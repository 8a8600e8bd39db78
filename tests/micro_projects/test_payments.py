"""Maker and checker: one payment whatever is clicked, retried or raced; never too early."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest
from sqlalchemy import NullPool, Table, create_engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from community.kernel import db, triggers
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed, Refusal
from community.kernel.permissions import Role
from community.micro_projects.errors import payments as errors
from community.micro_projects.errors.contracts import (
    ClawBackAbovePaid,
    ClawBackSettled,
    SamePerson,
)
from community.micro_projects.models import Payout, ProjectPayment
from community.micro_projects.queries.money import holds_of
from community.micro_projects.queries.payments import claw_backs_of, find_payment
from community.micro_projects.rules.contracts import ContractState
from community.micro_projects.rules.payments import ClawBackState, PaymentState
from community.micro_projects.service import endings, payments
from community.micro_projects.service import money as money_service
from tests import builders
from tests.conftest import World
from tests.micro_projects import contracting as acts
from tests.micro_projects.contracting import UNTIL, Job, make_job
from tests.micro_projects.scene import free_money, make_scene

CHECKERS = 6


@pytest.fixture
def job(database: object) -> Job:
    return make_job()


def prepared(job: Job, *shares: int) -> tuple[int, int, int]:
    """Give a running contract, its first milestone, accepted, and the payment that waits."""
    contract_id = acts.running(job, *shares)
    first = acts.milestone_ids(job, contract_id)[0]
    acts.accept(job, first)
    return contract_id, first, acts.prepare(job, first)


def books(job: Job) -> tuple[int, int]:
    """Tell how many transactions paid something out, and how much."""
    with db.read() as session:
        rows = session.query(Payout).all()
        held = holds_of(session, job.community_id, job.project_id)
    return len(rows), sum(each.paid_fen for each in held)


def test_two_instalments_leave_the_books_exact(job: Job) -> None:
    contract_id = acts.running(job, 3_333, 3_333, 3_334)
    acts.finish(job, contract_id)
    assert [each.amount_fen for each in acts.paid(job, contract_id)] == [
        2_666_40,
        2_666_40,
        2_667_20,
    ]
    assert books(job) == (3, 8_000_00)
    assert free_money(job.scene, job.project_id) == 2_000_00


def test_not_before_acceptance(job: Job) -> None:
    first = acts.milestone_ids(job, acts.running(job))[0]
    with pytest.raises(errors.NotAccepted):
        acts.prepare(job, first)
    acts.deliver(job, first)
    with pytest.raises(errors.NotAccepted):
        acts.prepare(job, first)


def test_maker_and_checker_are_two_people(job: Job) -> None:
    _, _, payment = prepared(job)
    with pytest.raises(errors.MakerChecks):
        acts.check(job, payment, job.officer)
    with pytest.raises(errors.MakerChecks):
        acts.check(job, payment, job.officer, is_approved=False)
    for actor in (job.worker, job.scene.neighbour, job.scene.auditor):
        with pytest.raises(NotAllowed):
            acts.check(job, payment, actor)
    acts.check(job, payment, job.scene.street)
    assert books(job) == (1, 4_000_00)


def test_a_double_click_prepares_and_pays_once(job: Job) -> None:
    _, first, payment = prepared(job)
    with pytest.raises(errors.PaymentExists):
        acts.prepare(job, first)
    acts.check(job, payment)
    with pytest.raises(errors.PaymentDecided):
        acts.check(job, payment, job.scene.street)
    with pytest.raises(errors.PaymentExists):
        acts.prepare(job, first)
    assert books(job) == (1, 4_000_00)


def test_a_retry_with_the_same_key_answers_the_first_payment(job: Job) -> None:
    _, _, payment = prepared(job)
    asked = (payments.check_payment, job.checker, payment, True, "已核对")
    first = db.write(*asked, request_key="k" * 12)
    assert db.write(*asked, request_key="k" * 12) == first == PaymentState.PAID
    assert books(job) == (1, 4_000_00)


def race(job: Job, payment: int) -> list[object]:
    """Let several checkers approve one payment at once."""
    people = [
        builders.make_person(job.community_id, f"复核 {number}", roles=(Role.STAFF,))
        for number in range(CHECKERS)
    ]
    checkers = [builders.actor(job.community_id, person) for person in people]

    def approve(actor: Actor) -> object:
        try:
            return db.write(payments.check_payment, actor, payment, True, "同意")
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(CHECKERS) as pool:
        return list(pool.map(approve, checkers))


def test_checkers_at_once_make_one_payment(job: Job) -> None:
    _, _, payment = prepared(job)
    answers = race(job, payment)
    assert sum(each is PaymentState.PAID for each in answers) == 1
    assert books(job) == (1, 4_000_00)


def test_the_checker_returns_it_and_the_maker_prepares_anew(job: Job) -> None:
    contract_id, first, payment = prepared(job)
    acts.check(job, payment, is_approved=False)
    assert books(job) == (0, 0)
    again = acts.prepare(job, first)
    acts.check(job, again)
    states = [each.state for each in acts.paid(job, contract_id)]
    assert states == [PaymentState.RETURNED, PaymentState.PAID]


def test_money_short_writes_nothing(job: Job) -> None:
    contract_id, _, payment = prepared(job)
    # Somebody freed what the award had set aside.
    with db.read() as session:
        [hold] = holds_of(session, job.community_id, job.project_id)
    db.write(money_service.free_hold, job.scene.system, hold.id)
    with pytest.raises(errors.MoneyShort):
        acts.check(job, payment)
    with db.read() as session:
        found = find_payment(session, job.community_id, payment)
    assert (found.state, found.checked_by, found.transaction_id) == (
        PaymentState.PREPARED,
        None,
        None,
    )
    assert books(job) == (0, 0)
    assert acts.contract(job, contract_id).state is ContractState.ACTIVE


def test_a_payment_of_another_community_is_not_found(job: Job) -> None:
    _, _, payment = prepared(job)
    other = make_job(scene=make_scene("meihua", "梅花里社区"))
    with pytest.raises(errors.PaymentNotFound):
        acts.check(other, payment)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE project_payment SET amount_fen = 1",
        (
            "UPDATE project_payment SET state = 'prepared', checked_by = NULL, checked_at = NULL,"
            " transaction_id = NULL WHERE state = 'paid'"
        ),
        (
            "UPDATE project_payment SET checked_by = made_by, checked_at = 1, state = 'returned'"
            " WHERE state = 'prepared'"
        ),
        "UPDATE project_payment SET state = 'paid' WHERE state = 'prepared'",
        "DELETE FROM project_payment",
        (
            "INSERT INTO project_payment (community_id, contract_id, milestone_id, amount_fen,"
            " state,"
            " file_id, sha256, invoice_number, made_by, made_at, words)"
            " SELECT community_id, contract_id, milestone_id, amount_fen, 'prepared', file_id,"
            " sha256,"
            " '2', made_by, made_at, '' FROM project_payment WHERE state = 'paid'"
        ),
        (
            "INSERT INTO project_payment (community_id, contract_id, milestone_id, amount_fen,"
            " state,"
            " file_id, sha256, invoice_number, made_by, made_at, words)"
            " SELECT p.community_id, p.contract_id, m.id, m.amount_fen, 'prepared', p.file_id,"
            " p.sha256, '3', p.made_by, p.made_at, '' FROM project_payment p JOIN milestone m"
            " ON m.contract_id = p.contract_id AND m.state = 'planned' WHERE p.state = 'paid'"
        ),
    ],
)
def test_the_database_refuses_around_the_application(job: Job, statement: str) -> None:
    contract_id, _, payment = prepared(job, 3_000, 3_000, 4_000)
    acts.check(job, payment)
    second = acts.milestone_ids(job, contract_id)[1]
    acts.accept(job, second)
    acts.prepare(job, second)
    with pytest.raises(IntegrityError):
        db.write(_run, job.scene.system, statement)


def _run(session: Session, actor: Actor, statement: str) -> None:
    session.execute(text(statement))
    session.flush()


@pytest.fixture
def without_guards(
    database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Take away, one by one, all that makes a payment one payment."""

    def claim(session: Session, actor: Actor, row: ProjectPayment, *rest: Any) -> None:
        """Decide without looking whether somebody else has."""

    original = money_service.pay_instalment
    counter = iter(range(1_000))

    def pay(session: Session, actor: Actor, hold: int, fen: int, payee: str, key: str) -> int:
        return original(session, actor, hold, fen, payee, f"{key}:{next(counter)}")

    monkeypatch.setattr(payments, "_claim", claim)
    monkeypatch.setattr(payments, "pay_instalment", pay)
    yield
    world.renew()


@pytest.mark.usefixtures("without_guards")
def test_without_guard_two_approvers_pay_twice(job: Job) -> None:
    """The race above really needs its claim and its key: without both, money leaves twice."""
    _, _, payment = prepared(job, 5_000, 5_000)
    for actor in (job.checker, job.scene.street):
        acts.check(job, payment, actor)
    assert books(job) == (2, 8_000_00)


def test_without_guard_of_the_claim_the_books_still_pay_once(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, payment = prepared(job)
    original = cast("Callable[..., None]", payments._claim)
    monkeypatch.setattr(payments, "_claim", lambda *given: None)
    acts.check(job, payment)
    acts.check(job, payment, job.scene.street)
    assert books(job) == (1, 4_000_00)
    monkeypatch.setattr(payments, "_claim", original)
    acts.check(job, payment)
    assert books(job) == (1, 4_000_00)


@pytest.fixture
def no_standing_index(database: Database, world: World) -> Iterator[None]:
    """Take away the index that lets one payment stand a milestone, and the contract's ceiling."""
    table = cast("Table", ProjectPayment.__table__)
    index = next(each for each in table.indexes if each.name == "uq_project_payment_standing")
    engine = create_engine(database.writer_engine.url, poolclass=NullPool)
    index.drop(engine)
    yield
    world.renew()
    if not database.is_sqlite:
        index.create(engine)
        with engine.begin() as connection:
            triggers.install(connection, "project_payment")
    engine.dispose()


@pytest.mark.usefixtures("no_standing_index")
def test_without_guard_of_the_index_a_second_row_stands(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rule asks first and the index holds; with both off, one milestone has two payments."""
    _, first, payment = prepared(job, 5_000, 5_000)
    insert = (
        "INSERT INTO project_payment (community_id, contract_id, milestone_id, amount_fen,"
        " state,"
        " file_id, sha256, invoice_number, made_by, made_at, words)"
        " SELECT community_id, contract_id, milestone_id, amount_fen, 'prepared', file_id,"
        " sha256,"
        f" '2', made_by, made_at, '' FROM project_payment WHERE id = {payment}"
    )
    db.write(_run, job.scene.system, insert)
    with db.read() as session:
        rows = session.query(ProjectPayment).filter_by(milestone_id=first).all()
        for each in rows:
            assert each.state is PaymentState.PREPARED
        ids = [each.id for each in rows]
    for payment_id in ids:
        acts.check(job, payment_id)
    assert books(job) == (2, 8_000_00)


def test_money_asked_back_returns_to_its_sources(job: Job) -> None:
    contract_id, _, payment = prepared(job)
    acts.check(job, payment)
    free = free_money(job.scene, job.project_id)
    with pytest.raises(ClawBackAbovePaid):
        db.write(endings.ask_back, job.officer, contract_id, 4_000_01, "返工", UNTIL)
    made = db.write(endings.ask_back, job.officer, contract_id, 1_000_00, "返工费", UNTIL)
    with pytest.raises(ClawBackAbovePaid):
        db.write(endings.ask_back, job.officer, contract_id, 3_000_01, "返工", UNTIL)
    with pytest.raises(SamePerson):
        db.write(endings.settle_claw_back, job.officer, made, True, "已到账")
    slip = acts.picture("银行回单")
    db.write(endings.settle_claw_back, job.checker, made, True, "已到账", slip)
    with pytest.raises(ClawBackSettled):
        db.write(endings.settle_claw_back, job.scene.street, made, True, "再来一次")
    assert free_money(job.scene, job.project_id) == free + 1_000_00
    with db.read() as session:
        [found] = claw_backs_of(session, job.community_id, contract_id)
    assert found.state is ClawBackState.RECEIVED


def test_a_waived_claw_back_moves_nothing(job: Job) -> None:
    contract_id, _, payment = prepared(job)
    acts.check(job, payment)
    free = free_money(job.scene, job.project_id)
    made = db.write(endings.ask_back, job.officer, contract_id, 1_000_00, "返工费", UNTIL)
    db.write(endings.settle_claw_back, job.checker, made, False, "已免费返工")
    assert free_money(job.scene, job.project_id) == free
