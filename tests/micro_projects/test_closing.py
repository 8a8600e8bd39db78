"""Surveys, closing, breaking off with a successor, and the year's end."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed
from community.micro_projects.errors import contracts as errors
from community.micro_projects.errors.surveys import (
    AlreadyAnswered,
    NotAResident,
    SurveyExists,
    SurveyNotFound,
    SurveyOver,
    SurveyRunning,
    SurveyTooEarly,
    SurveyTooShort,
)
from community.micro_projects.queries import closing as queries
from community.micro_projects.queries.contracts import contracts_of
from community.micro_projects.queries.money import holds_of
from community.micro_projects.queries.personal import export_person
from community.micro_projects.rules.closing import PRESET, ClosingTerms, Outcome, YearEndWay
from community.micro_projects.rules.contracts import ContractState
from community.micro_projects.rules.milestones import MilestoneState, Verdict
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.rules.surveys import Satisfaction, SurveyResult
from community.micro_projects.service import endings, year_end
from community.micro_projects.service.personal import erase_person, merge_person
from tests import builders
from tests.conftest import NOON
from tests.micro_projects import contracting as acts
from tests.micro_projects.contracting import Job, make_job
from tests.micro_projects.scene import free_money, make_scene, state_of

LAST = date(2026, 11, 30)
AFTER = clock.at(LAST + timedelta(days=1))


@pytest.fixture
def job(database: object) -> Job:
    return make_job()


@pytest.fixture
def done(job: Job) -> Job:
    acts.finish(job, acts.running(job))
    return job


def residents(job: Job, count: int) -> list[Actor]:
    people = [builders.make_person(job.community_id, f"居民{n}") for n in range(count)]
    return [builders.actor(job.community_id, person) for person in people]


def survey(job: Job, levels: list[Satisfaction]) -> None:
    """Open the survey and let as many residents answer."""
    acts.open_survey(job, LAST)
    for who, level in zip(residents(job, len(levels)), levels, strict=True):
        acts.answer(job, who, level)


GOOD, BAD = Satisfaction.GOOD, Satisfaction.BAD


def test_a_judged_project_is_closed_and_the_rest_is_free(job: Job) -> None:
    contract_id = acts.running(job, 5_000, 5_000, amount_fen=7_500_00)
    acts.finish(job, contract_id)
    survey(job, [GOOD] * 4 + [BAD])
    acts.add_result(job)
    with clock.fixed(AFTER):
        acts.close(job)
    assert state_of(job.scene, job.project_id) is ProjectState.CLOSED
    assert acts.contract(job, contract_id).state is ContractState.COMPLETE
    assert free_money(job.scene, job.project_id) == 2_500_00
    with db.read() as session:
        report = queries.find_report(session, job.community_id, job.project_id)
        [record] = queries.performance_of(session, job.community_id, job.firm_id)
    assert report is not None
    assert (report.paid_fen, report.freed_fen) == (7_500_00, 500_00)
    assert (record.outcome, record.content_bp, record.late) == (Outcome.COMPLETE, 8_000, 0)


def test_what_is_missing_is_named_before_closing(done: Job) -> None:
    with pytest.raises(errors.PictureMissing):
        acts.close(done)
    acts.add_result(done)
    with pytest.raises(SurveyNotFound):
        acts.close(done)
    acts.open_survey(done, LAST)
    with pytest.raises(SurveyRunning):
        acts.close(done)
    with clock.fixed(AFTER):
        acts.close(done)


def test_accepted_work_is_paid_before_closing(job: Job) -> None:
    for milestone_id in acts.milestone_ids(job, acts.running(job)):
        acts.accept(job, milestone_id)
    acts.open_survey(job, LAST)
    acts.add_result(job)
    with clock.fixed(AFTER), pytest.raises(errors.UnpaidLeft):
        acts.close(job)


def test_a_survey_waits_for_acceptance_and_runs_long_enough(job: Job) -> None:
    contract_id = acts.running(job)
    with pytest.raises(SurveyTooEarly):
        acts.open_survey(job, LAST)
    acts.finish(job, contract_id)
    with pytest.raises(SurveyTooShort):
        acts.open_survey(job, clock.today() + timedelta(days=2))
    acts.open_survey(job, clock.today() + timedelta(days=3))
    with pytest.raises(SurveyExists):
        acts.open_survey(job, LAST)


def test_residents_answer_once_and_nobody_of_the_contractor(done: Job) -> None:
    acts.open_survey(done, LAST)
    acts.answer(done, done.scene.neighbour)
    with pytest.raises(AlreadyAnswered):
        acts.answer(done, done.scene.neighbour, BAD)
    with pytest.raises(NotAResident):
        acts.answer(done, done.worker)
    with pytest.raises(NotAllowed):
        acts.answer(done, Actor.visitor(done.community_id))
    other = make_job(scene=make_scene("meihua", "梅花里社区"))
    with pytest.raises(SurveyNotFound):
        acts.answer(done, other.scene.neighbour)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [(AFTER - timedelta(microseconds=1), True), (AFTER, False), (NOON, True)],
)
def test_a_survey_ends_with_its_last_day(done: Job, at: datetime, *, is_open: bool) -> None:
    acts.open_survey(done, LAST)
    with clock.fixed(at):
        if is_open:
            acts.answer(done, done.scene.neighbour)
            return
        with pytest.raises(SurveyOver):
            acts.answer(done, done.scene.neighbour)


def read_result(job: Job) -> tuple[SurveyResult, tuple[str, ...]]:
    with db.read() as session:
        found = queries.get_survey(session, job.community_id, job.project_id)
        return (
            queries.survey_result(session, job.community_id, found),
            queries.survey_words(session, job.community_id, found),
        )


def test_few_answers_and_running_surveys_show_no_share_and_no_words(done: Job) -> None:
    acts.open_survey(done, LAST)
    people = residents(done, 5)
    for who in people[:4]:
        acts.answer(done, who, GOOD, "很稳")
    with clock.fixed(AFTER):
        assert read_result(done) == (SurveyResult(4, 5), ())
    acts.answer(done, people[4], BAD, "颜色不好看")
    assert read_result(done) == (SurveyResult(5, 5), ())
    with clock.fixed(AFTER):
        result, words = read_result(done)
    assert (result.content_bp, sorted(words)) == (8_000, sorted(["很稳"] * 4 + ["颜色不好看"]))


def test_a_works_project_that_fails_half_way_is_finished_by_a_successor(job: Job) -> None:
    first = acts.running(job, 3_000, 3_000, 4_000)
    one, two, _ = acts.milestone_ids(job, first)
    acts.accept(job, one)
    delivery = acts.deliver(job, two)
    ending = endings.Ending("承接单位停工 20 天，催告无果", 800_00, is_continued=True)
    with pytest.raises(errors.DeliveryWaiting):
        db.write(endings.break_off, job.officer, first, ending)
    acts.judge(job, delivery, Verdict.RETURNED)
    too_much = endings.Ending("停工", 5_600_01, is_continued=True)
    with pytest.raises(errors.NothingToEnd):
        db.write(endings.break_off, job.officer, first, too_much)
    db.write(endings.break_off, job.officer, first, ending)
    # 2,400 accepted and unpaid and 800 of settlement stay set aside; the rest is free at once.
    assert free_money(job.scene, job.project_id) == 2_000_00 + 8_000_00 - 3_200_00
    states = [each.state for each in acts.plan_of(job, first)]
    assert states == [
        MilestoneState.ACCEPTED,
        MilestoneState.DROPPED,
        MilestoneState.DROPPED,
        MilestoneState.PLANNED,
    ]
    assert state_of(job.scene, job.project_id) is ProjectState.PROCURING
    pay_off(job, first)
    with db.read() as session:
        [held] = holds_of(session, job.community_id, job.project_id)
    assert (held.paid_fen, held.left_fen) == (3_200_00, 0)
    follow(job, first)


def pay_off(job: Job, contract_id: int) -> None:
    """Settle what was accepted and agreed of a contract that broke off."""
    settlement = acts.milestone_ids(job, contract_id)[-1]
    acts.pay(job, acts.milestone_ids(job, contract_id)[0])
    acts.accept(job, settlement)
    acts.pay(job, settlement)


def follow(job: Job, first: int) -> None:
    """Let a successor finish the job, and close it."""
    firm_id, worker = acts.make_firm(job.scene, "安泰装修队", "何师傅")

    award_id = acts.give_award(job.scene, job.project_id, firm_id, 5_500_00)
    heir = Job(job.scene, job.project_id, award_id, firm_id, worker, job.officer, job.checker)
    second = acts.running(heir, 10_000)
    acts.finish(heir, second)
    survey(heir, [GOOD] * 5)
    acts.add_result(heir)
    with clock.fixed(AFTER):
        acts.close(heir)
    with db.read() as session:
        broken, whole = contracts_of(session, job.community_id, job.project_id)
        [record] = queries.performance_of(session, job.community_id, job.firm_id)
        report = queries.find_report(session, job.community_id, job.project_id)
    assert (broken.state, whole.state) == (ContractState.TERMINATED, ContractState.COMPLETE)
    assert (whole.predecessor_id, broken.paid_fen, whole.paid_fen) == (first, 3_200_00, 5_500_00)
    assert (record.outcome, record.returned) == (Outcome.TERMINATED, 1)
    assert report is not None
    assert report.paid_fen == 8_700_00
    assert free_money(job.scene, job.project_id) == 10_000_00 - 8_700_00


def test_a_contract_all_accepted_does_not_break_off(job: Job) -> None:
    contract_id = acts.running(job)
    acts.finish(job, contract_id)
    with pytest.raises(errors.NothingLeft):
        db.write(
            endings.break_off, job.officer, contract_id, endings.Ending("x", 0, is_continued=True)
        )


def test_what_is_given_up_is_judged_as_it_stands(job: Job) -> None:
    contract_id = acts.running(job)
    acts.accept(job, acts.milestone_ids(job, contract_id)[0])
    acts.pay(job, acts.milestone_ids(job, contract_id)[0])
    ending = endings.Ending("剩余部分不再需要", 0, is_continued=False)
    db.write(endings.break_off, job.officer, contract_id, ending)
    assert free_money(job.scene, job.project_id) == 6_000_00
    survey(job, [GOOD] * 5)
    acts.add_result(job)
    with clock.fixed(AFTER):
        acts.close(job)


def test_the_years_end_carries_over_or_lapses_by_the_rule_set(job: Job) -> None:
    contract_id = acts.running(job)
    with pytest.raises(errors.YearNotOver):
        db.write(year_end.close_year, job.officer, 2026)
    with clock.fixed(clock.at(date(2026, 12, 31), 9)):
        first = db.write(year_end.close_year, job.officer, 2026)
        again = db.write(year_end.close_year, job.officer, 2026)
    assert (first.carried, first.lapsed, again.carried) == (1, 0, 0)
    with db.read() as session:
        [found] = queries.year_ends_of(session, job.community_id, contract_id)
    assert (found.way, found.unpaid_fen, found.until_on) == (
        YearEndWay.CARRIED,
        8_000_00,
        date(2027, 6, 30),
    )


def test_a_rule_set_that_carries_nothing_lets_the_rest_lapse(job: Job) -> None:
    terms = ClosingTerms(3, 5, 0, 1, "桂花区", "区民生微实事资金办法第 12 条", date(2026, 1, 1))
    with pytest.raises(NotAllowed):
        db.write(year_end.set_closing_rules, job.officer, terms)
    db.write(year_end.set_closing_rules, job.scene.street, terms)
    contract_id = acts.running(job)
    one, two = acts.milestone_ids(job, contract_id)
    acts.accept(job, one)
    delivery = acts.deliver(job, two)
    with clock.fixed(clock.at(date(2026, 12, 31), 9)):
        waits = db.write(year_end.close_year, job.officer, 2026)
        acts.judge(job, delivery, Verdict.RETURNED)
        lapses = db.write(year_end.close_year, job.officer, 2026)
    assert (waits.waiting, lapses.lapsed) == (1, 1)
    # What was accepted stays payable; the rest is free again.
    assert free_money(job.scene, job.project_id) == 6_000_00
    acts.pay(job, one)
    assert state_of(job.scene, job.project_id) is ProjectState.EVALUATED


def test_the_shipped_rules_hold_until_the_street_sets_its_own(job: Job) -> None:
    with db.read() as session:
        assert queries.closing_terms(session, job.community_id, LAST) == PRESET


def test_the_same_paper_is_kept_once_and_the_gallery_takes_pictures(job: Job) -> None:
    acts.add_result(job)
    with pytest.raises(errors.PaperKnown):
        acts.add_result(job)


def test_erasing_takes_words_and_merging_keeps_one_answer(done: Job) -> None:
    acts.open_survey(done, LAST)
    mine, twin, alone = residents(done, 3)
    acts.answer(done, mine, GOOD, "我的话")
    acts.answer(done, twin, BAD, "重复的我")
    acts.answer(done, alone, GOOD, "一个人")
    system = done.scene.system
    db.write(merge_person, system, mine.person_id, twin.person_id)
    db.write(merge_person, system, twin.person_id, alone.person_id)
    db.write(erase_person, system, mine.person_id)
    with db.read() as session:
        kept = export_person(session, done.community_id, mine.person_id or 0)["survey_answers"]
    assert [(each["level"], each["words"]) for each in kept] == [(int(GOOD), "")]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE survey_answer SET level = 1",
        "DELETE FROM survey_answer",
        "UPDATE survey SET threshold = 1",
        (
            "INSERT INTO survey_answer (community_id, survey_id, person_id, level, words,"
            " answered_at)"
            " SELECT community_id, survey_id, person_id, 5, '', answered_at FROM survey_answer"
        ),
        (
            "INSERT INTO survey_answer (community_id, survey_id, person_id, level, words,"
            " answered_at)"
            " SELECT a.community_id, a.survey_id, (SELECT MAX(id) FROM person), 5, '', s.closes_at"
            " FROM survey_answer a JOIN survey s ON s.id = a.survey_id"
        ),
        "DELETE FROM project_paper",
    ],
)
def test_the_database_refuses_around_the_application(done: Job, statement: str) -> None:
    acts.open_survey(done, LAST)
    acts.answer(done, done.scene.neighbour)
    acts.add_result(done)
    with pytest.raises(IntegrityError):
        db.write(_run, done.scene.system, statement)


def _run(session: Session, actor: Actor, statement: str) -> None:
    session.execute(text(statement))
    session.flush()
