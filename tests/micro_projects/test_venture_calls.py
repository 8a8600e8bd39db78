"""Calls and applications: published whole, handed in on time, once each, by whom may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed, Refusal
from community.kernel.permissions import Role
from community.micro_projects.errors import venture as refusals
from community.micro_projects.models import VentureCall
from community.micro_projects.queries import venture_applications, venture_calls
from community.micro_projects.rules.venture_applications import ApplicationState
from community.micro_projects.rules.venture_calls import CallState
from community.micro_projects.service import venture_applications as applying
from community.micro_projects.service import venture_calls as service
from community.micro_projects.service.venture_calls import CallCriterion
from tests import builders
from tests.micro_projects.calling import (
    application_draft,
    apply,
    apply_as_group,
    call_draft,
    draft,
    make_call,
)
from tests.micro_projects.scene import make_scene

pytestmark = pytest.mark.usefixtures("database")


def touch(statement: str) -> None:
    """Go around the application."""

    def act(session: Session, actor: Actor) -> None:
        session.execute(text(statement))

    db.write(act, Actor.system(1))


def test_a_call_is_published_by_the_street_and_not_by_its_drafter() -> None:
    scene = make_scene()
    call_id = draft(scene)
    for other in (scene.officer, scene.neighbour, scene.auditor):
        with pytest.raises(NotAllowed):
            db.write(service.publish_call, other, call_id)
    assert db.write(service.publish_call, scene.street, call_id) == 1
    with pytest.raises(refusals.CallStateWrong):
        db.write(service.publish_call, scene.street, call_id)


@pytest.mark.parametrize("weights", [(5_000, 4_999), (5_000, 5_001), (10_000, 1)])
def test_weights_make_up_the_whole_to_the_basis_point(weights: tuple[int, int]) -> None:
    scene = make_scene()
    first, second = weights
    criteria = (CallCriterion("需要", first), CallCriterion("可行", second))
    call_id = draft(scene, criteria=criteria)
    with pytest.raises(refusals.CallNotWhole):
        db.write(service.publish_call, scene.street, call_id)
    with pytest.raises(IntegrityError):
        touch(
            "UPDATE venture_call SET state = 'open', number = 1,"
            f" published_at = 1, published_by = {scene.street.person_id} WHERE id = {call_id}"
        )


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"themes": ()}, refusals.ThemesWanted),
        ({"themes": ("助老", "助老")}, refusals.ThemesWanted),
        ({"criteria": ()}, refusals.CriteriaWanted),
        ({"criteria": (CallCriterion("甲", 5_000),) * 2}, refusals.CriteriaTwice),
        ({"most_fen": 100_000_01}, refusals.CapBeyondPurse),
        ({"experts": 3, "residents": 1, "officials": 1}, refusals.JuryNotMixed),
        ({"experts": 2, "residents": 2, "officials": 2}, refusals.JuryNotMixed),
        ({"experts": 2, "residents": 3, "officials": 0}, refusals.JuryNotMixed),
    ],
)
def test_a_call_that_cannot_stand_is_refused(
    changes: dict[str, object], refusal: type[Refusal]
) -> None:
    scene = make_scene()
    with pytest.raises(refusal):
        db.write(service.draft_call, scene.officer, call_draft(**changes))


def test_who_drafts_and_publishes_are_two_people() -> None:
    scene = make_scene()
    roles = (Role.STAFF, Role.STREET)
    both = builders.make_person(scene.community_id, "赵兼职", birth_year=1970, roles=roles)
    one = builders.actor(scene.community_id, both)
    call_id = db.write(service.draft_call, one, call_draft())
    with pytest.raises(refusals.OwnCall):
        db.write(service.publish_call, one, call_id)


def test_what_was_published_stands() -> None:
    found = make_call()
    with pytest.raises(refusals.CallStateWrong):
        db.write(service.change_call, found.officer, found.call_id, call_draft())
    for change in ("purse_fen = 1", "closes_at = closes_at + 1", "experts = 3"):
        with pytest.raises(IntegrityError):
            touch(f"UPDATE venture_call SET {change} WHERE id = {found.call_id}")
    for statement in (
        f"UPDATE venture_criterion SET weight_bp = 1 WHERE call_id = {found.call_id}",
        f"DELETE FROM venture_criterion WHERE call_id = {found.call_id}",
        f"DELETE FROM venture_call WHERE id = {found.call_id}",
    ):
        with pytest.raises(IntegrityError):
            touch(statement)


def test_an_application_is_in_until_the_last_microsecond_and_no_longer() -> None:
    found = make_call()
    call = found.row()
    tick = timedelta(microseconds=1)
    with clock.fixed(call.opens_at - tick), pytest.raises(refusals.NotTaking):
        db.write(applying.write_application, found.staff[0], found.call_id, application_draft())
    with clock.fixed(call.opens_at):
        made = db.write(
            applying.write_application, found.staff[0], found.call_id, application_draft()
        )
        late = db.write(
            applying.write_application, found.staff[1], found.call_id, application_draft()
        )
    with clock.fixed(call.closes_at), pytest.raises(refusals.NotTaking):
        db.write(applying.submit_application, found.staff[1], late)
    with clock.fixed(call.closes_at - tick):
        assert db.write(applying.submit_application, found.staff[0], made) is True
    with pytest.raises(IntegrityError):
        touch(
            "UPDATE venture_application SET state = 'submitted', number = 9, submitted_at ="
            f" {clock.micros(call.closes_at)} WHERE id = {late}"
        )
    assert found.application(made).state is ApplicationState.SUBMITTED


def test_an_organisation_and_a_group_apply_once_within_the_cap() -> None:
    found = make_call()
    made = apply(found)
    with found.taking():
        with pytest.raises(refusals.AppliedAlready):
            db.write(applying.write_application, found.staff[0], found.call_id, application_draft())
        dear = application_draft(lines=(("太贵", 50_000_01),))
        with pytest.raises(refusals.AsksTooMuch):
            db.write(applying.write_application, found.staff[1], found.call_id, dear)
        strange = application_draft(theme="别的")
        with pytest.raises(refusals.ThemeUnknown):
            db.write(applying.write_application, found.staff[1], found.call_id, strange)
        db.write(applying.withdraw_application, found.staff[0], made)
        again = db.write(
            applying.write_application, found.staff[0], found.call_id, application_draft()
        )
    assert again != made


def test_a_group_applies_only_with_its_sponsors_consent() -> None:
    found = make_call()
    group = application_draft(group_name="三号楼互助小组", sponsor_id=found.firms[1])
    with found.taking():
        with pytest.raises(refusals.NoApplicant):
            db.write(applying.write_application, found.lead, found.call_id, application_draft())
        bare = application_draft(sponsor_id=found.firms[1])
        with pytest.raises(refusals.GroupNameMissing):
            db.write(applying.write_application, found.lead, found.call_id, bare)
        strange = application_draft(group_name="小组", sponsor_id=99_999)
        with pytest.raises(refusals.SponsorUnknown):
            db.write(applying.write_application, found.lead, found.call_id, strange)
        made = db.write(applying.write_application, found.lead, found.call_id, group)
        assert db.write(applying.submit_application, found.lead, made) is False
        for other in (found.staff[0], found.scene.neighbour, found.officer):
            with pytest.raises((refusals.ApplicationNotFound, NotAllowed)):
                db.write(applying.answer_sponsoring, other, made, True)
        with pytest.raises(refusals.NotTheSponsor):
            db.write(applying.answer_sponsoring, found.lead, made, True)
        db.write(applying.answer_sponsoring, found.staff[1], made, False)
        assert found.application(made).state is ApplicationState.DRAFT
        db.write(applying.submit_application, found.lead, made)
        db.write(applying.answer_sponsoring, found.staff[1], made, True)
        assert found.application(made).state is ApplicationState.SUBMITTED
        with pytest.raises(refusals.ApplicationStateWrong):
            db.write(applying.answer_sponsoring, found.staff[1], made, True)


def test_a_group_whose_sponsor_was_late_was_not_handed_in() -> None:
    found = make_call()
    group = application_draft(group_name="三号楼互助小组", sponsor_id=found.firms[1])
    with found.taking():
        made = db.write(applying.write_application, found.lead, found.call_id, group)
        db.write(applying.submit_application, found.lead, made)
    with clock.fixed(found.row().closes_at), pytest.raises(refusals.NotTaking):
        db.write(applying.answer_sponsoring, found.staff[1], made, True)
    with found.judging():
        assert db.write(service.begin_judging, found.officer, found.call_id) == 0


def test_nothing_is_told_of_applications_before_the_end() -> None:
    found = make_call()
    mine = apply(found)
    group = apply_as_group(found)
    scene = found.scene
    with found.taking(), db.read() as session:
        for other in (scene.neighbour, found.staff[1], found.lead):
            with pytest.raises(refusals.ApplicationNotFound):
                venture_applications.find_application(session, other, mine)
            assert venture_applications.applications_of(session, other, found.call_id) == ()
            assert venture_calls.find_call(session, other, found.call_id).applied is None
        # Its sponsor reads a group's, its lead too, and the desk what was handed in.
        for reader in (found.staff[1], found.lead, found.officer):
            told = venture_applications.find_application(session, reader, group)
            assert told.group_name == "三号楼互助小组"
    with found.judging():
        found.begin()
        found.screen(mine)
        with db.read() as session:
            told = venture_applications.find_application(session, scene.neighbour, mine)
            assert told.title == "放学后的四点半课堂"
            with pytest.raises(refusals.ApplicationNotFound):
                venture_applications.find_application(session, scene.neighbour, group)


def test_another_community_reaches_nothing() -> None:
    found = make_call()
    made = apply(found)
    other = make_scene("xinghai", "星海社区")
    with db.read() as session:
        with pytest.raises(refusals.CallNotFound):
            venture_calls.find_call(session, other.street, found.call_id)
        with pytest.raises(refusals.ApplicationNotFound):
            venture_applications.find_application(session, other.street, made)
    with pytest.raises(refusals.CallNotFound):
        db.write(service.cancel_call, other.officer, found.call_id, "不归这里")


def test_a_call_is_called_off_with_a_reason_and_not_judged_early() -> None:
    found = make_call()
    with pytest.raises(refusals.StillTaking), found.taking():
        db.write(service.begin_judging, found.officer, found.call_id)
    db.write(service.cancel_call, found.officer, found.call_id, "资金没有到位")
    with db.read() as session:
        row = session.get_one(VentureCall, found.call_id)
        assert (row.state, row.ended_words) == (CallState.CANCELLED, "资金没有到位")
    with found.taking(), pytest.raises(refusals.NotTaking):
        db.write(applying.write_application, found.staff[0], found.call_id, application_draft())
