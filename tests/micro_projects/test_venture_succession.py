"""A venture project that breaks off: the next in the ranking is given what is left, or another."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from community.kernel import clock, db
from community.kernel.errors import NotAllowed
from community.kernel.permissions import Role
from community.micro_projects.errors import venture as refusals
from community.micro_projects.models import VentureApplication
from community.micro_projects.queries.awards import find_award
from community.micro_projects.queries.venture_matches import call_sums
from community.micro_projects.queries.venture_succession import rest_fen
from community.micro_projects.rules.deciding import ReviewOutcome
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.rules.venture_applications import ApplicationState
from community.micro_projects.rules.venture_choice import Choice
from community.micro_projects.service import (
    endings,
    venture_awards,
    venture_calls,
    venture_choice,
)
from community.micro_projects.service import venture_succession as service
from tests import builders
from tests.micro_projects import contracting
from tests.micro_projects.calling import Judged, after_notice, make_judged
from tests.micro_projects.scene import state_of
from tests.micro_projects.test_award_pages import client_of, post, read
from tests.micro_projects.test_venture_calls import touch
from tests.micro_projects.test_venture_projects import answer, fund
from tests.scenes import kept

pytestmark = pytest.mark.usefixtures("database")

REST = 15_000_00


@kept
def broken_off(*, is_continued: bool = True) -> tuple[Judged, int]:
    """Let the group's project, placed first, break off with half of its grant paid."""
    made = make_judged(3_000, 3_800)
    found, scene = made.calling, made.calling.scene
    with found.judging():
        found.choose(Choice(made.second, 30_000_00))
    person = builders.make_person(scene.community_id, "周复核", roles=(Role.STAFF,))
    checker = builders.actor(scene.community_id, person)
    with clock.fixed(after_notice(found)):
        (project,) = db.write(venture_choice.confirm_choice, found.officer, found.call_id)
        answer(made, project, ReviewOutcome.APPROVED)
        fund(made, project)
        award = db.write(venture_awards.award_venture, found.officer, project)
        job = contracting.Job(
            scene, project, award, found.firms[1], found.staff[1], found.officer, checker
        )
        contract = contracting.running(job, 50_00, 50_00)
        first = contracting.milestone_ids(job, contract)[0]
        contracting.accept(job, first)
        contracting.pay(job, first)
        ending = endings.Ending("小组散了，没人接着做", 0, is_continued)
        db.write(endings.break_off, found.officer, contract, ending)
    return made, project


def later(made: Judged, days: int = 0) -> datetime:
    return after_notice(made.calling) + timedelta(days=1 + days)


def name(made: Judged, granted_fen: int = REST, words: str = "只剩这些") -> int:
    given = (made.second, (Choice(made.first, granted_fen, words),))
    notice: int = db.write(service.name_successors, made.calling.officer, *given)
    return notice


def rest(made: Judged) -> int:
    with db.read() as session:
        return rest_fen(session, session.get_one(VentureApplication, made.second))


@pytest.mark.parametrize("is_continued", [True, False])
def test_the_next_in_the_ranking_is_given_what_is_left(is_continued: bool) -> None:
    made, project = broken_off(is_continued=is_continued)
    found, scene = made.calling, made.calling.scene
    with clock.fixed(later(made)):
        assert rest(made) == REST
        name(made)
        assert state_of(scene, project) is ProjectState.EVALUATED
        assert found.application(made.first).state is ApplicationState.NAMED
        with pytest.raises(refusals.ChoiceNoticeRuns):
            db.write(service.confirm_successors, found.officer, made.second)
        with pytest.raises(refusals.ProjectsGoing):
            db.write(venture_calls.close_call, found.officer, found.call_id, "")
    with clock.fixed(later(made, 7)):
        (heir,) = db.write(service.confirm_successors, found.officer, made.second)
        answer(made, heir, ReviewOutcome.APPROVED)
        fund(made, heir, REST)
        award = db.write(venture_awards.award_venture, found.officer, heir)
    with db.read() as session:
        row = find_award(session, scene.community_id, award)
        assert (row.organization_id, row.amount_fen) == (found.firms[0], REST)
        sums = call_sums(session, scene.community_id, found.call_id)
    assert (sums.projects, sums.granted_fen) == (2, 30_000_00)
    assert found.row().reserved_fen == 30_000_00
    assert rest(made) == 0


def test_the_rules_of_the_first_choice_hold_for_the_rest() -> None:
    made, _ = broken_off()
    found = made.calling
    with clock.fixed(later(made)):
        for granted, words in ((REST + 1, "多一分"), (REST, ""), (0, "不给")):
            with pytest.raises(refusals.ChoiceFaulty):
                name(made, granted, words)
        for other in (found.scene.neighbour, found.staff[0], found.scene.street):
            with pytest.raises(NotAllowed):
                db.write(service.name_successors, other, made.second, ())
        with pytest.raises(refusals.NothingToPassOn):
            db.write(service.name_successors, found.officer, made.first, ())
        with pytest.raises(refusals.NobodyNamed):
            db.write(service.confirm_successors, found.officer, made.second)
        name(made)
        with pytest.raises((refusals.SuccessorNamed, refusals.NothingToPassOn)):
            name(made)
    for statement in (
        f"UPDATE venture_application SET freed_fen = 3000001 WHERE id = {made.second}",
        f"UPDATE venture_application SET succeeds_id = NULL WHERE id = {made.first}",
    ):
        with pytest.raises(IntegrityError):
            touch(statement)


def test_a_naming_taken_back_or_rejected_leaves_the_rest_for_another() -> None:
    made, _ = broken_off()
    found, scene = made.calling, made.calling.scene
    with clock.fixed(later(made)):
        name(made)
        db.write(service.drop_successors, found.officer, made.second, "异议成立")
        assert found.application(made.first).state is ApplicationState.PASSED
        assert rest(made) == REST
        name(made, 10_000_00)
        assert rest(made) == 5_000_00
    with clock.fixed(later(made, 7)):
        (heir,) = db.write(service.confirm_successors, found.officer, made.second)
        answer(made, heir, ReviewOutcome.REJECTED)
    assert found.application(made.first).state is ApplicationState.DROPPED
    assert state_of(scene, heir) is ProjectState.REJECTED
    assert (rest(made), found.row().reserved_fen) == (REST, 30_000_00)


def test_the_same_applicant_goes_on_with_what_is_left_of_the_budget() -> None:
    made, project = broken_off()
    found, scene = made.calling, made.calling.scene
    with clock.fixed(later(made)):
        award = db.write(venture_awards.award_venture, found.officer, project)
        assert rest(made) == 0
        with pytest.raises(refusals.NothingToPassOn):
            name(made)
    with db.read() as session:
        assert find_award(session, scene.community_id, award).amount_fen == REST


def test_the_desk_names_and_confirms(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_METHODS", set())
    made, _ = broken_off()
    found = made.calling
    officer, lead = client_of(app, found.officer), client_of(app, found.lead)
    desk = f"/desk/calls/{found.call_id}"
    after = f"{desk}/applications/{made.second}/successors"
    given: dict[str, Any] = {
        "application_id": str(made.first),
        "granted_fen": "15000",
        "words": "",
    }
    with clock.fixed(later(made)):
        assert "资助还剩" in read(officer, desk)
        post(lead, after, 403, **given)
        assert "比申请少" in post(officer, after, 409, **given)
        post(officer, after, **(given | {"words": "只剩这些"}))
        assert "拟接续，公示中" in read(lead, f"/projects/applications/{made.first}")
        post(officer, f"{after}/drop", 422)
        post(officer, f"{after}/drop", reason="写错了金额")
        post(officer, after, **(given | {"words": "只剩这些"}))
    with clock.fixed(later(made, 7)):
        post(officer, f"{after}/confirm")
        assert found.application(made.first).state is ApplicationState.CHOSEN
