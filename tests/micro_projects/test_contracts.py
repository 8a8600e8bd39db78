"""Contracts: within the award, signed by both, changed by two, delivered, accepted by others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from community import transparency
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed
from community.micro_projects.errors import contracts as errors
from community.micro_projects.errors.surveys import (
    NoteAnswered,
    NotTheSupervisor,
    SupervisorIsContractor,
)
from community.micro_projects.models import Award
from community.micro_projects.queries.contracts import changes_of, find_contract
from community.micro_projects.queries.deliveries import due_milestones, notes_of
from community.micro_projects.rules.awards import AwardState
from community.micro_projects.rules.contracts import ChangeState, ContractState, Side
from community.micro_projects.rules.milestones import Finding, MilestoneState, NoteKind, Verdict
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.service import changes, contracts, endings, milestones, site_notes
from tests import builders
from tests.micro_projects import contracting as acts
from tests.micro_projects.contracting import FIRST, SECOND, UNTIL, Job, make_job
from tests.micro_projects.scene import make_scene, state_of


@pytest.fixture
def job(database: object) -> Job:
    return make_job()


def public_record(job: Job, kind: str, ref: int) -> str:
    with db.read() as session:
        found = transparency.find_record(session, job.community_id, kind, ref)
    assert found is not None
    return found.content.decode()


def set_award(job: Job, **values: object) -> None:
    def change(session: Session, actor: Actor) -> None:
        row = session.get_one(Award, job.award_id)
        for name, value in values.items():
            setattr(row, name, value)

    db.write(change, job.scene.system)


def test_a_contract_runs_once_both_have_signed(job: Job) -> None:
    contract_id = acts.draft(job, 3_333, 3_333, 3_334)
    assert [each.amount_fen for each in acts.plan_of(job, contract_id)] == [
        2_666_40,
        2_666_40,
        2_667_20,
    ]
    acts.sign(job, contract_id, Side.COMMUNITY)
    assert acts.contract(job, contract_id).state is ContractState.PENDING
    assert state_of(job.scene, job.project_id) is ProjectState.PROCURING
    acts.sign(job, contract_id, Side.ORGANIZATION, actor=job.worker)
    assert acts.contract(job, contract_id).state is ContractState.ACTIVE
    assert state_of(job.scene, job.project_id) is ProjectState.DELIVERING
    told = public_record(job, "contract.signed", contract_id)
    assert acts.contract(job, contract_id).content_sha256 in told


def test_one_paper_may_carry_both_signatures_and_each_side_signs_once(job: Job) -> None:
    contract_id = acts.draft(job)
    acts.sign(job, contract_id, Side.COMMUNITY)
    with pytest.raises(errors.SideSigned):
        acts.sign(job, contract_id)
    acts.sign(job, contract_id, Side.ORGANIZATION)
    with pytest.raises(errors.ContractStepRefused):
        acts.sign(job, contract_id)


def test_nobody_signs_for_somebody_else(job: Job) -> None:
    contract_id = acts.draft(job)
    _, stranger = acts.make_firm(job.scene, "别家工程队", "外人")
    for actor, side in (
        (job.worker, Side.COMMUNITY),
        (stranger, Side.ORGANIZATION),
        (job.scene.neighbour, Side.ORGANIZATION),
    ):
        with pytest.raises(NotAllowed):
            acts.sign(job, contract_id, side, actor=actor)


def test_no_contract_above_its_award(job: Job) -> None:
    with pytest.raises(errors.ContractAboveAward):
        acts.draft(job, amount_fen=8_000_01)
    acts.draft(job, amount_fen=7_999_99)


def test_an_award_has_one_contract_until_it_is_given_up(job: Job) -> None:
    first = acts.draft(job)
    with pytest.raises(errors.ContractExists):
        acts.draft(job)
    db.write(contracts.cancel_contract, job.officer, first, "中选单位放弃")
    acts.draft(job)


def test_the_standstill_passes_first(job: Job) -> None:
    until = clock.now() + timedelta(days=3)
    set_award(job, standstill_until=until, final_at=until)
    with pytest.raises(errors.StandstillRunning):
        acts.draft(job)
    with clock.fixed(until):
        contract_id = acts.draft(job)
        acts.sign(job, contract_id)


def test_an_award_that_fell_meanwhile_is_not_signed(job: Job) -> None:
    contract_id = acts.draft(job)
    set_award(job, state=AwardState.CANCELLED, ended_at=clock.now())
    with pytest.raises(errors.AwardNotReady):
        acts.sign(job, contract_id)
    db.write(contracts.cancel_contract, job.officer, contract_id, "结果撤销")


def test_a_contractor_never_supervises_itself(job: Job) -> None:
    with pytest.raises(SupervisorIsContractor):
        acts.draft(job, supervisor_id=job.firm_id)


def test_a_contract_of_another_community_is_not_found(job: Job) -> None:
    contract_id = acts.running(job)
    other = make_scene("meihua", "梅花里社区")
    with db.read() as session, pytest.raises(errors.ContractNotFound):
        find_contract(session, other.community_id, contract_id)
    with pytest.raises(errors.ContractNotFound):
        db.write(contracts.cancel_contract, other.officer, contract_id, "别家的")


def change(amount: int, *plan: tuple[int, int, object]) -> changes.ChangeDraft:
    return changes.ChangeDraft("扶手加长 2 米", amount, UNTIL, "安装 26 米。", plan)  # type: ignore[arg-type]


def test_a_change_holds_once_another_person_approves(job: Job) -> None:
    contract_id = acts.running(job, 5_000, 5_000, amount_fen=7_000_00)
    acts.accept(job, acts.milestone_ids(job, contract_id)[0])
    draft = change(7_500_00, (2, 4_000_00, UNTIL))
    made = db.write(changes.propose_change, job.officer, contract_id, draft)
    assert acts.contract(job, contract_id).amount_fen == 7_000_00
    with pytest.raises(errors.ChangeOpen):
        db.write(changes.propose_change, job.officer, contract_id, draft)
    with pytest.raises(errors.SamePerson):
        db.write(changes.decide_change, job.officer, made, True, "")
    db.write(changes.decide_change, job.checker, made, True, "同意")
    row = acts.contract(job, contract_id)
    assert (row.amount_fen, row.version, row.scope) == (7_500_00, 2, "安装 26 米。")
    found = acts.plan_of(job, contract_id)
    assert [each.amount_fen for each in found] == [3_500_00, 4_000_00]
    assert sum(each.share_bp for each in found) == 10_000
    with pytest.raises(errors.ChangeDecided):
        db.write(changes.decide_change, job.checker, made, True, "")


def test_a_refused_change_alters_nothing(job: Job) -> None:
    contract_id = acts.running(job)
    draft = change(8_000_00, (1, 4_000_00, FIRST), (2, 4_000_00, UNTIL))
    made = db.write(changes.propose_change, job.officer, contract_id, draft)
    db.write(changes.decide_change, job.scene.street, made, False, "没有必要")
    assert acts.contract(job, contract_id).version == 1
    with db.read() as session:
        [view] = changes_of(session, job.community_id, contract_id)
    assert view.words == "没有必要"


def test_a_change_that_waits_ends_with_its_contract_whoever_proposed_it(job: Job) -> None:
    contract_id = acts.running(job)
    draft = change(8_000_00, (1, 4_000_00, FIRST), (2, 4_000_00, UNTIL))
    made = db.write(changes.propose_change, job.officer, contract_id, draft)
    ending = endings.Ending("承接机构停业", 0, is_continued=True)
    db.write(endings.break_off, job.officer, contract_id, ending)
    with db.read() as session:
        [view] = changes_of(session, job.community_id, contract_id)
    assert (view.id, view.state) == (made, ChangeState.LAPSED)
    with pytest.raises(errors.ContractStepRefused):
        db.write(changes.decide_change, job.checker, made, True, "")


def test_a_change_stays_within_the_award_and_leaves_what_is_done(job: Job) -> None:
    contract_id = acts.running(job)
    acts.deliver(job, acts.milestone_ids(job, contract_id)[0])
    for wrong, refusal in (
        (change(8_000_01, (2, 4_000_01, UNTIL)), errors.ContractAboveAward),
        (change(8_000_00, (1, 4_000_00, FIRST), (2, 4_000_00, UNTIL)), errors.MilestoneAmountFixed),
        (change(8_000_00), errors.MilestoneAmountFixed),
        (change(8_000_00, (2, 3_999_99, UNTIL)), errors.AmountsUneven),
        (change(8_000_00, (2, 4_000_00, UNTIL + timedelta(days=1))), errors.PlanOutOfOrder),
    ):
        with pytest.raises(refusal):
            db.write(changes.propose_change, job.officer, contract_id, wrong)


def test_a_milestone_is_accepted_by_somebody_else(job: Job) -> None:
    contract_id = acts.running(job)
    first = acts.milestone_ids(job, contract_id)[0]
    delivery = acts.deliver(job, first)
    # An officer who also works for the contractor judges nothing of it.
    acts.employ(job.scene, job.firm_id, job.checker.person_id or 0)
    with pytest.raises(errors.ContractorsOwn):
        acts.judge(job, delivery, actor=job.checker)
    with pytest.raises(NotAllowed):
        acts.judge(job, delivery, actor=job.worker)
    acts.judge(job, delivery)
    [done, _] = acts.plan_of(job, contract_id)
    assert (done.state, done.late_days) == (MilestoneState.ACCEPTED, 0)
    with pytest.raises(errors.MilestoneStepRefused):
        acts.judge(job, delivery)
    with pytest.raises(errors.MilestoneStepRefused):
        acts.deliver(job, first)


def test_an_officer_hands_in_for_a_contractor_and_another_accepts(job: Job) -> None:
    contract_id = acts.running(job)
    delivery = acts.deliver(job, acts.milestone_ids(job, contract_id)[0], job.officer)
    with pytest.raises(errors.OwnWork):
        acts.judge(job, delivery)
    acts.judge(job, delivery, actor=job.checker)


def test_a_returned_milestone_is_handed_in_again_and_its_lateness_stays_true(job: Job) -> None:
    contract_id = acts.running(job)
    first = acts.milestone_ids(job, contract_id)[0]
    acts.judge(job, acts.deliver(job, first), Verdict.RETURNED)
    with clock.fixed(clock.at(FIRST + timedelta(days=2), 9)):
        assert acts.plan_of(job, contract_id)[0].is_overdue
        with db.read() as session:
            due = due_milestones(session, job.community_id, job.firm_id)
        assert [(each.is_overdue, each.late_days) for each in due] == [(True, 2), (False, 0)]
        acts.judge(job, acts.deliver(job, first))
    with clock.fixed(clock.at(SECOND, 9)):
        assert (
            acts.plan_of(job, contract_id)[0].late_days,
            acts.plan_of(job, contract_id)[0].is_overdue,
        ) == (2, False)


def test_a_delivery_carries_evidence_whose_hash_is_public(job: Job) -> None:
    contract_id = acts.running(job)
    first = acts.milestone_ids(job, contract_id)[0]
    bare = milestones.DeliveryDraft("做好了", ())
    with pytest.raises(errors.EvidenceMissing):
        db.write(milestones.submit_milestone, job.worker, first, bare)
    acts.deliver(job, first)
    told = public_record(job, "milestone.submitted", first)
    assert acts.picture("现场").sha256 in told
    assert "孙工" not in told


def test_a_stranger_hands_in_nothing(job: Job) -> None:
    first = acts.milestone_ids(job, acts.running(job))[0]
    _, stranger = acts.make_firm(job.scene, "别家工程队", "外人")
    for actor in (stranger, job.scene.neighbour, job.scene.street):
        with pytest.raises(NotAllowed):
            acts.deliver(job, first, actor)


def test_all_accepted_takes_the_project_to_acceptance(job: Job) -> None:
    contract_id = acts.running(job)
    one, two = acts.milestone_ids(job, contract_id)
    acts.accept(job, one)
    assert state_of(job.scene, job.project_id) is ProjectState.DELIVERING
    acts.accept(job, two)
    assert state_of(job.scene, job.project_id) is ProjectState.ACCEPTING


def test_a_residents_problem_is_answered_before_acceptance(job: Job) -> None:
    contract_id = acts.running(job)
    delivery = acts.deliver(job, acts.milestone_ids(job, contract_id)[0])
    seen = site_notes.NoteDraft(Finding.PROBLEM, "第二个转角的扶手松动", (acts.picture("松动"),))
    note = db.write(site_notes.note_spot_check, job.scene.neighbour, contract_id, seen)
    with pytest.raises(errors.NotesOpen):
        acts.judge(job, delivery)
    acts_words = "已加固，请再看看。"
    db.write(site_notes.answer_note, job.officer, note, acts_words)
    with pytest.raises(NoteAnswered):
        db.write(site_notes.answer_note, job.officer, note, "再答一次")
    acts.judge(job, delivery)
    with db.read() as session:
        [found] = notes_of(session, job.community_id, contract_id)
    assert (found.kind, found.answer, len(found.pictures)) == (NoteKind.SPOT_CHECK, acts_words, 1)


def test_the_contractors_people_do_not_check_themselves(job: Job) -> None:
    contract_id = acts.running(job)
    with pytest.raises(errors.ContractorsOwn):
        db.write(
            site_notes.note_spot_check,
            job.worker,
            contract_id,
            site_notes.NoteDraft(Finding.GOOD, "好"),
        )


def test_only_the_appointed_supervisor_writes_supervision_notes(job: Job) -> None:
    eye, eyes = acts.make_firm(job.scene, "公正监理公司", "监理员")
    contract_id = acts.draft(job, supervisor_id=eye)
    acts.sign(job, contract_id)
    seen = site_notes.NoteDraft(Finding.GOOD, "焊缝合格")
    db.write(site_notes.note_supervision, eyes, contract_id, seen)
    with pytest.raises(NotTheSupervisor):
        db.write(site_notes.note_supervision, job.worker, contract_id, seen)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE contract SET amount_fen = amount_fen - 1",
        "UPDATE contract SET amount_fen = awarded_fen + 1",
        "UPDATE contract SET scope = '别的'",
        "UPDATE contract SET state = 'complete', signed_at = NULL",
        "UPDATE contract SET state = 'pending', signed_at = NULL",
        "DELETE FROM contract",
        "UPDATE contract_signature SET sha256 = sha256",
        "UPDATE milestone SET amount_fen = 1 WHERE state = 'accepted'",
        "UPDATE milestone SET state = 'accepted', accepted_on = 20261122 WHERE state = 'planned'",
        "UPDATE milestone SET state = 'accepted', accepted_on = 20261122 WHERE state = 'submitted'",
        "UPDATE milestone SET state = 'returned' WHERE state = 'accepted'",
        "DELETE FROM milestone",
        "UPDATE delivery SET words = ''",
        "DELETE FROM milestone_evidence",
        "UPDATE delivery_acceptance SET verdict = 'returned'",
    ],
)
def test_the_database_refuses_around_the_application(job: Job, statement: str) -> None:
    contract_id = acts.running(job, 3_000, 3_000, 4_000, amount_fen=7_000_00)
    one, two, _ = acts.milestone_ids(job, contract_id)
    acts.accept(job, one)
    acts.deliver(job, two)
    with pytest.raises(IntegrityError):
        db.write(_run, job.scene.system, statement)


def test_the_database_refuses_an_acceptance_by_the_contractor(job: Job) -> None:
    delivery = acts.deliver(job, acts.milestone_ids(job, acts.running(job))[0])
    second = builders.make_person(job.community_id, "同事")
    acts.employ(job.scene, job.firm_id, second)
    insert = (
        "INSERT INTO delivery_acceptance (community_id, delivery_id, verdict, words, submitted_by,"
        " accepted_by, accepted_at, accepted_on)"
        f" VALUES ({job.community_id}, {delivery}, 'accepted', '', {{0}}, {{1}}, 1, 20261122)"
    )
    worker = job.worker.person_id
    for submitter, judge in ((worker, worker), (worker, second), (second, job.officer.person_id)):
        with pytest.raises(IntegrityError):
            db.write(_run, job.scene.system, insert.format(submitter, judge))


def _run(session: Session, actor: Actor, statement: str) -> None:
    session.execute(text(statement))
    session.flush()
