"""A project asks for a vote, the council's poll is drafted, and what it decides moves it on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from community import deliberation, micro_projects
from community.deliberation import PollView
from community.kernel import clock, db
from community.micro_projects import ProjectState
from tests.micro_projects.scene import Scene, make_scene, state_of, walk

YES, NO = ((1, 1),), ((2, 1),)


@pytest.fixture
def scene(database: object) -> Scene:
    """Give a community whose council has two members."""
    made = make_scene()
    kind = deliberation.BodyKind.COUNCIL
    body = db.write(deliberation.found_body, made.officer, kind, "居民议事会")
    since = clock.today() - timedelta(days=30)
    for member in (made.author, made.neighbour):
        term = (deliberation.Office.MEMBER, since, since + timedelta(days=400))
        db.write(deliberation.seat_member, made.officer, body, member.person_id or 0, *term)
    return made


def asked(scene: Scene, project_id: int) -> PollView:
    db.write(micro_projects.ask_vote, scene.officer, project_id)
    with db.read() as session:
        subject = micro_projects.subject_of(project_id)
        found = deliberation.find_poll_for(session, scene.community_id, subject)
    assert found is not None
    return found


def decide(scene: Scene, poll: PollView, choice: tuple[tuple[int, int], ...]) -> None:
    """Let every voter answer alike, then close and count."""
    db.write(deliberation.post_roll, scene.officer, poll.id)
    db.write(deliberation.freeze_poll, scene.officer, poll.id)
    with clock.fixed(poll.opens_at):
        for voter in (scene.author, scene.neighbour):
            db.write(deliberation.cast_ballot, voter, poll.id, choice)
    with clock.fixed(poll.closes_at):
        db.write(deliberation.close_poll, scene.system, poll.id)
        db.write(deliberation.decide_poll, scene.system, poll.id)


def test_the_council_is_asked_and_its_yes_posts_the_project(scene: Scene) -> None:
    made = walk(scene)
    poll = asked(scene, made)
    assert poll.roll_kind is deliberation.RollKind.BODY
    assert "总预算：8000.00 元" in poll.text
    decide(scene, poll, YES)
    assert state_of(scene, made) is ProjectState.NOTICE


def test_the_councils_no_ends_it(scene: Scene) -> None:
    made = walk(scene)
    decide(scene, asked(scene, made), NO)
    assert state_of(scene, made) is ProjectState.REJECTED


def test_a_poll_of_other_people_on_the_same_subject_decides_nothing(scene: Scene) -> None:
    made = walk(scene)
    poll = asked(scene, made)
    draft = deliberation.PollDraft(
        deliberation.PollKind.YES_NO,
        poll.title,
        poll.text,
        (),
        deliberation.RollKind.LIST,
        poll.opens_at,
        poll.closes_at,
        people=(scene.author.person_id or 0, scene.neighbour.person_id or 0),
        subject=poll.subject,
    )
    other = db.write(deliberation.draft_poll, scene.officer, draft)
    with db.read() as session:
        found = deliberation.get_poll(session, scene.community_id, other)
    decide(scene, found, YES)
    assert state_of(scene, made) is ProjectState.VOTING


def test_a_project_ended_on_the_way_withdraws_its_poll(scene: Scene) -> None:
    made = walk(scene)
    poll = asked(scene, made)
    db.write(micro_projects.withdraw_project, scene.officer, made, "物业已经装好")
    with db.read() as session:
        found = deliberation.get_poll(session, scene.community_id, poll.id)
    assert found.state is deliberation.PollState.WITHDRAWN
