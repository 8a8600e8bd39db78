"""Venture projects from the street's review to their results, and what others gave beside."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from community.kernel import clock, db
from community.kernel.errors import NotAllowed
from community.kernel.permissions import Role
from community.micro_projects.errors import venture as refusals
from community.micro_projects.errors.awards import AwardStands
from community.micro_projects.errors.money import ProjectMoneyShort
from community.micro_projects.errors.projects import NotChangeable
from community.micro_projects.models import Award, Project, ProjectQuota
from community.micro_projects.open_contracting.canonical import read_json
from community.micro_projects.open_contracting.merging import compile_release
from community.micro_projects.queries.deciding import reviews_of
from community.micro_projects.queries.funding import returned_fen
from community.micro_projects.queries.money import free_money
from community.micro_projects.queries.open_data import every_release
from community.micro_projects.queries.venture_matches import call_sums
from community.micro_projects.queries.venture_results import call_results
from community.micro_projects.rules.awards import DirectGround
from community.micro_projects.rules.deciding import ReviewOutcome
from community.micro_projects.rules.projects import ProjectCategory, ProjectKind
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.rules.venture_applications import ApplicationState, MatchState
from community.micro_projects.service import (
    costing,
    direct_awards,
    ideas,
    quotas,
    reviewing,
    venture_awards,
    venture_calls,
    venture_matches,
    voting,
)
from community.micro_projects.service.granting import grant_slip
from tests import builders
from tests.micro_projects import contracting
from tests.micro_projects.calling import Judged, after_notice, make_projects
from tests.micro_projects.contracting import picture
from tests.micro_projects.scene import make_project, state_of
from tests.micro_projects.test_process_releases import judge
from tests.micro_projects.test_venture_calls import touch

pytestmark = pytest.mark.usefixtures("database")


def answer(made: Judged, project_id: int, outcome: ReviewOutcome) -> None:
    scene = made.calling.scene
    with db.read() as session:
        review = reviews_of(session, scene.community_id, project_id)[0].id
    db.write(reviewing.answer_review, scene.street, review, outcome, "费用合理。")


def fund(made: Judged, project_id: int, amount_fen: int = 30_000_00) -> None:
    number = f"拨 {project_id}"
    given = (project_id, number, amount_fen, clock.today(), picture())
    db.write(grant_slip, made.calling.scene.street, *given)


def approved() -> tuple[Judged, int, int]:
    """Approve and fund the first project; gives both."""
    made, (first, second) = make_projects()
    with clock.fixed(after_notice(made.calling)):
        answer(made, first, ReviewOutcome.APPROVED)
        fund(made, first)
    return made, first, second


def finish_job(made: Judged, project_id: int, award_id: int, place: int = 0) -> None:
    """Take a project awarded to the organisation of a place the ordinary way to its closing."""
    found, scene = made.calling, made.calling.scene
    checker = builders.make_person(scene.community_id, "周复核", roles=(Role.STAFF,))
    other = builders.actor(scene.community_id, checker)
    job = contracting.Job(
        scene, project_id, award_id, found.firms[place], found.staff[place], found.officer, other
    )
    contract = contracting.running(job, 50_00, 50_00)
    contracting.finish(job, contract)
    contracting.open_survey(job, clock.today() + timedelta(days=3))
    contracting.answer(job, scene.neighbour)
    contracting.add_result(job)
    with clock.fixed(clock.now() + timedelta(days=4)):
        contracting.close(job)


def test_a_venture_project_takes_its_calls_purse_and_not_the_quota() -> None:
    made, (first, _) = make_projects()
    scene = made.calling.scene
    with clock.fixed(after_notice(made.calling)):
        db.write(quotas.set_quota, scene.street, clock.today().year, 1)
        answer(made, first, ReviewOutcome.APPROVED)
    assert state_of(scene, first) is ProjectState.APPROVED
    with db.read() as session:
        assert session.query(ProjectQuota).one().reserved_fen == 0


def test_a_rejected_project_frees_its_part_of_the_purse() -> None:
    made, (first, _) = make_projects()
    assert made.calling.row().reserved_fen == 60_000_00
    with clock.fixed(after_notice(made.calling)):
        answer(made, first, ReviewOutcome.REJECTED)
    assert made.calling.row().reserved_fen == 30_000_00
    assert made.calling.application(made.first).state is ApplicationState.DROPPED


def test_a_returned_project_is_costed_within_its_grant_without_a_vote() -> None:
    made, (first, _) = make_projects()
    scene = made.calling.scene
    with clock.fixed(after_notice(made.calling)):
        answer(made, first, ReviewOutcome.RETURNED)
        idea = ideas.IdeaDraft("换一个题目", "改了", ProjectKind.WORKS, ProjectCategory.REPAIR)
        given = (first, idea, frozenset[int](), (), True)
        with pytest.raises(NotChangeable):
            db.write(ideas.change_project, made.calling.staff[0], *given)
        with pytest.raises(refusals.BeyondTheGrant):
            db.write(costing.cost_project, scene.officer, first, (("太多", 30_000_01),))
        db.write(costing.cost_project, scene.officer, first, (("课时费", 28_000_00),))
        with pytest.raises(refusals.JuryDecided):
            db.write(voting.ask_vote, scene.officer, first)
        db.write(reviewing.ask_review, scene.officer, first)
    assert state_of(scene, first) is ProjectState.REVIEW


def test_only_the_applicant_is_awarded_and_only_with_money() -> None:
    made, (first, second) = make_projects()
    scene = made.calling.scene
    plain = make_project(scene)
    with clock.fixed(after_notice(made.calling)):
        answer(made, first, ReviewOutcome.APPROVED)
        with pytest.raises(ProjectMoneyShort):
            db.write(venture_awards.award_venture, scene.officer, first)
        assert state_of(scene, first) is ProjectState.APPROVED
        fund(made, first)
        small = (first, made.calling.firms[1], 1_000_00, DirectGround.SMALL, "熟悉")
        with pytest.raises(refusals.VentureHasWinner):
            db.write(direct_awards.award_directly, scene.officer, *small)
        for other in (scene.neighbour, made.calling.staff[0], scene.street):
            with pytest.raises(NotAllowed):
                db.write(venture_awards.award_venture, other, first)
        with pytest.raises(refusals.NotAVenture):
            db.write(venture_awards.award_venture, scene.officer, plain)
        award = db.write(venture_awards.award_venture, scene.officer, first)
        with pytest.raises(AwardStands):
            db.write(venture_awards.award_venture, scene.officer, first)
    with db.read() as session:
        row = session.get_one(Award, award)
        assert (row.organization_id, row.amount_fen) == (made.calling.firms[0], 30_000_00)
    for project in (second, plain):
        ground = "small" if project == second else "call"
        with pytest.raises(IntegrityError):
            touch(
                "INSERT INTO award (community_id, project_id, organization_id, method, amount_fen,"
                " state, place, ground, reason, near_jobs, split_words, noticed_at, ended_words)"
                f" VALUES ({scene.community_id}, {project}, {made.calling.firms[0]}, 'direct',"
                f" 1, 'pending', 1, '{ground}', 'x', '[]', '', 1, '')"
            )


def test_the_streets_money_of_a_venture_project_that_is_given_up_goes_back() -> None:
    made, (first, _) = make_projects()
    scene = made.calling.scene
    with clock.fixed(after_notice(made.calling)):
        answer(made, first, ReviewOutcome.APPROVED)
        fund(made, first)
        db.write(ideas.withdraw_project, scene.officer, first, "老师搬走了，办不成")
    with db.read() as session:
        assert returned_fen(session, scene.community_id, first) == 30_000_00
        assert free_money(session, scene.community_id, first) == 0
    with pytest.raises(IntegrityError):
        touch(f"UPDATE project SET returned_fen = 0 WHERE id = {first}")


def test_every_release_of_a_venture_project_is_good_open_data() -> None:
    made, first, _ = approved()
    scene = made.calling.scene
    with clock.fixed(after_notice(made.calling) + timedelta(hours=1)):
        award = db.write(venture_awards.award_venture, scene.officer, first)
        finish_job(made, first, award)
        with db.read() as session:
            told = [read_json(each.content) for each in every_release(session, scene.community_id)]
            shown = call_results(session, scene.neighbour, made.calling.call_id).shown[0]
    assert shown.paid_fen == 30_000_00
    assert shown.gallery
    assert shown.report is not None
    judge(told)
    state = compile_release(told)
    assert "公益创投评审入选" in state["tender"]["procurementMethodRationale"]
    assert state_of(scene, first) is ProjectState.CLOSED


def test_matched_money_counts_once_another_confirmed_it() -> None:
    made, _, _ = approved()
    found, scene = made.calling, made.calling.scene
    with clock.fixed(after_notice(found)):
        given = (made.first, "晨光基金会", 12_000_00, clock.today(), picture())
        for other in (scene.neighbour, found.staff[1]):
            with pytest.raises(refusals.ApplicationNotFound):
                db.write(venture_matches.report_match, other, *given)
        match = db.write(venture_matches.report_match, found.staff[0], *given)
        with pytest.raises(NotAllowed):
            db.write(venture_matches.decide_match, found.staff[0], match, True)
        with db.read() as session:
            assert call_sums(session, scene.community_id, found.call_id).matched_fen == 0
        db.write(venture_matches.decide_match, scene.officer, match, True)
        with pytest.raises(refusals.ApplicationStateWrong):
            db.write(venture_matches.decide_match, scene.officer, match, False, "改主意")
    with db.read() as session:
        sums = call_sums(session, scene.community_id, found.call_id)
        assert (sums.granted_fen, sums.matched_fen) == (60_000_00, 12_000_00)
        assert sums.leverage_bp == 2_000
        shown = call_results(session, scene.neighbour, found.call_id).shown
        assert [each.application.matched_fen for each in shown] == [12_000_00, 0]
        assert shown[0].application.leverage_bp == 4_000
        assert shown[0].application.matches[0].state is MatchState.CONFIRMED
    for statement in (
        f"UPDATE venture_match SET amount_fen = 1 WHERE id = {match}",
        f"UPDATE venture_match SET decided_by = reported_by WHERE id = {match}",
        f"DELETE FROM venture_match WHERE id = {match}",
    ):
        with pytest.raises(IntegrityError):
            touch(statement)


def test_an_officer_who_works_for_the_applicant_confirms_no_money_of_its_own() -> None:
    made, _, _ = approved()
    found, scene = made.calling, made.calling.scene
    builders.grant(scene.community_id, found.staff[0].person_id or 0, Role.STAFF)
    both = builders.actor(scene.community_id, found.staff[0].person_id or 0)
    with clock.fixed(after_notice(found)):
        given = (made.first, "晨光基金会", 1_00, clock.today(), picture())
        match = db.write(venture_matches.report_match, both, *given)
        with pytest.raises(refusals.OwnMatch):
            db.write(venture_matches.decide_match, both, match, True)


def test_nothing_is_reported_before_a_project_stands_and_a_call_ends_with_its_last() -> None:
    made, (first, second) = make_projects()
    found, scene = made.calling, made.calling.scene
    with clock.fixed(after_notice(found)):
        with pytest.raises(refusals.ProjectsGoing):
            db.write(venture_calls.close_call, scene.officer, found.call_id, "")
        for project in (first, second):
            answer(made, project, ReviewOutcome.REJECTED)
        db.write(venture_calls.close_call, scene.officer, found.call_id, "没有办成")
    with db.read() as session:
        assert session.get_one(Project, first).state is ProjectState.REJECTED
