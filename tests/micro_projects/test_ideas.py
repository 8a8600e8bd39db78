"""Ideas: handed in on and off line, checked, endorsed, merged by consent, taken back, expired."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from community.kernel import clock, db
from community.micro_projects.errors.joining import AdultsOnly, HasMerged, NotAsked, NotEndorsing
from community.micro_projects.errors.projects import (
    NotChangeable,
    NotTheAuthor,
    OthersEndorsed,
    ProjectNotFound,
    ReasonMissing,
    TooManyToday,
    WordsMissing,
    WordsPersonal,
)
from community.micro_projects.models import Project, ProjectEndorsement, ProjectMerge
from community.micro_projects.queries.endorsing import endorsers_of
from community.micro_projects.queries.projects import steps_of
from community.micro_projects.rules.joining import MergerState
from community.micro_projects.rules.projects import ProjectCategory, ProjectKind, ProposalOrigin
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.service import checking, endorsing, expiring, ideas, library, merging
from tests import builders
from tests.micro_projects.scene import Scene, make_project, make_scene, state_of, walk

DRAFT = ideas.IdeaDraft(
    "院里装两盏灯", "晚上看不见台阶。", ProjectKind.WORKS, ProjectCategory.SAFETY
)


@pytest.fixture
def scene(database: object) -> Scene:
    return make_scene()


def propose(scene: Scene, *, submits: bool = True) -> int:
    made: int = db.write(ideas.propose_project, scene.author, DRAFT, (), submits)
    return made


def test_an_idea_goes_from_draft_to_its_number_and_its_own_rules(scene: Scene) -> None:
    kept = propose(scene, submits=False)
    with db.read() as session:
        assert session.get_one(Project, kept).number is None
    db.write(ideas.change_project, scene.author, kept, DRAFT, frozenset[int](), (), True)
    with db.read() as session:
        row = session.get_one(Project, kept)
        assert (row.number, row.state, row.threshold) == (1, ProjectState.SUBMITTED, 10)
    with pytest.raises(NotChangeable):
        db.write(ideas.change_project, scene.author, kept, DRAFT, frozenset[int](), (), False)


def test_a_neighbours_draft_is_not_there_and_words_are_checked(scene: Scene) -> None:
    kept = propose(scene, submits=False)
    with pytest.raises(ProjectNotFound):
        db.write(ideas.change_project, scene.neighbour, kept, DRAFT, frozenset[int](), (), True)
    with pytest.raises(ProjectNotFound):
        db.write(endorsing.endorse_project, scene.neighbour, kept)
    for title, need, refusal in (
        ("灯", "看不见", WordsMissing),
        ("找李建国装灯", "看不见", WordsPersonal),
    ):
        bad = ideas.IdeaDraft(title, need, ProjectKind.WORKS, ProjectCategory.SAFETY)
        with pytest.raises(refusal):
            db.write(ideas.propose_project, scene.author, bad, (), True)


def test_three_ideas_a_day_and_the_desk_as_many_as_come(scene: Scene) -> None:
    for _ in range(3):
        propose(scene)
    with pytest.raises(TooManyToday):
        propose(scene)
    person = scene.author.person_id or 0
    args = (person, ProposalOrigin.PHONE, DRAFT)
    made = db.write(ideas.record_project, scene.officer, *args)
    with db.read() as session:
        row = session.get_one(Project, made)
        assert (row.author_id, row.recorded_by) == (person, scene.officer.person_id)
        assert (row.state, row.origin) == (ProjectState.SUBMITTED, ProposalOrigin.PHONE)


def test_the_officer_returns_with_reasons_and_the_author_hands_in_anew(scene: Scene) -> None:
    made = propose(scene)
    with pytest.raises(ReasonMissing):
        db.write(checking.return_idea, scene.officer, made, " ")
    db.write(checking.return_idea, scene.officer, made, "请写明在哪一栋")
    db.write(ideas.change_project, scene.author, made, DRAFT, frozenset[int](), (), True)
    assert state_of(scene, made) is ProjectState.SUBMITTED
    with db.read() as session:
        assert session.get_one(Project, made).number == 1
        told = [each.words for each in steps_of(session, scene.community_id, made)]
    assert "请写明在哪一栋" in told


def test_enough_adults_lead_to_costing_each_counted_once(scene: Scene) -> None:
    made = propose(scene)
    db.write(checking.accept_idea, scene.officer, made)
    child = builders.make_person(scene.community_id, "小孩", birth_year=2015)
    with pytest.raises(AdultsOnly):
        db.write(endorsing.record_endorsement, scene.officer, made, child)
    for _ in range(2):
        db.write(endorsing.endorse_project, scene.neighbour, made)
    db.write(endorsing.withdraw_endorsement, scene.neighbour, made)
    db.write(endorsing.endorse_project, scene.neighbour, made)
    with db.read() as session:
        assert len(endorsers_of(session, scene.community_id, made)) == 2
        assert session.scalar(select(func.count()).select_from(ProjectEndorsement)) == 2
    for number in range(8):
        assert state_of(scene, made) is ProjectState.ENDORSING
        person = builders.make_person(scene.community_id, f"人{number}", birth_year=1980)
        db.write(endorsing.record_endorsement, scene.officer, made, person)
    assert state_of(scene, made) is ProjectState.COSTING
    with pytest.raises(NotEndorsing):
        db.write(endorsing.withdraw_endorsement, scene.neighbour, made)


def test_two_ideas_become_one_by_both_authors_consent(scene: Scene) -> None:
    mine = make_project(scene, ProjectState.ENDORSING, budget_fen=None)
    theirs = make_project(
        scene, ProjectState.ENDORSING, budget_fen=None, author=scene.neighbour, title="另一个"
    )
    db.write(endorsing.endorse_project, scene.author, mine)
    db.write(endorsing.endorse_project, scene.author, theirs)
    db.write(endorsing.endorse_project, scene.neighbour, theirs)
    asked = db.write(merging.propose_merge, scene.officer, mine, theirs, "同一件事")
    db.write(merging.answer_merge, scene.author, asked, True)
    assert state_of(scene, mine) is ProjectState.ENDORSING
    with pytest.raises(NotAsked):
        db.write(merging.answer_merge, scene.street, asked, True)
    db.write(merging.answer_merge, scene.neighbour, asked, True)
    with db.read() as session:
        row = session.get_one(Project, mine)
        assert (row.state, row.merged_into_id) == (ProjectState.MERGED, theirs)
        assert len(endorsers_of(session, scene.community_id, theirs)) == 2
        refs = [each.ref for each in steps_of(session, scene.community_id, theirs)]
    assert f"project:{mine}" in refs
    third = make_project(scene, ProjectState.ENDORSING, budget_fen=None)
    with pytest.raises(HasMerged):
        db.write(merging.propose_merge, scene.officer, theirs, third, "再合并")


def test_a_declined_merger_leaves_both_alone(scene: Scene) -> None:
    mine = make_project(scene, ProjectState.ENDORSING, budget_fen=None)
    theirs = make_project(scene, ProjectState.ENDORSING, budget_fen=None, author=scene.neighbour)
    asked = db.write(merging.propose_merge, scene.author, mine, theirs, "同一件事")
    db.write(merging.answer_merge, scene.neighbour, asked, False)
    assert state_of(scene, mine) is ProjectState.ENDORSING
    with db.read() as session:
        assert session.get_one(ProjectMerge, asked).state is MergerState.DECLINED


def test_the_author_takes_back_while_alone_the_desk_with_a_reason(scene: Scene) -> None:
    alone = make_project(scene, ProjectState.ENDORSING, budget_fen=None)
    with pytest.raises(NotTheAuthor):
        db.write(ideas.withdraw_project, scene.neighbour, alone, "不要了")
    db.write(ideas.withdraw_project, scene.author, alone)
    assert state_of(scene, alone) is ProjectState.WITHDRAWN
    joined = make_project(scene, ProjectState.ENDORSING, budget_fen=None)
    db.write(endorsing.endorse_project, scene.neighbour, joined)
    with pytest.raises(OthersEndorsed):
        db.write(ideas.withdraw_project, scene.author, joined)
    db.write(ideas.withdraw_project, scene.officer, joined, "已由物业完成")


def test_what_nobody_carries_on_lapses_by_the_clock(scene: Scene) -> None:
    made = make_project(scene, ProjectState.ENDORSING, budget_fen=None)
    with clock.fixed(clock.now() + timedelta(days=30, microseconds=-1)):
        assert db.write(expiring.expire_projects, scene.system) == 0
    with clock.fixed(clock.now() + timedelta(days=30)):
        assert db.write(expiring.expire_projects, scene.system) == 1
    assert state_of(scene, made) is ProjectState.EXPIRED


def test_another_community_takes_a_library_project_as_its_draft(scene: Scene) -> None:
    there = make_project(scene, ProjectState.DELIVERING)
    unproven = make_project(scene, ProjectState.ENDORSING, budget_fen=None)
    other = make_scene("haitang", "海棠社区")
    made = db.write(library.copy_project, other.author, scene.community_id, there)
    with db.read() as session:
        row = session.get_one(Project, made)
        assert (row.community_id, row.title) == (other.community_id, "给三号楼装一段扶手")
        assert (row.author_id, row.budget_fen) == (other.author.person_id, None)
        assert row.copied_from_id == there
    with pytest.raises(ProjectNotFound):
        db.write(library.copy_project, other.author, scene.community_id, unproven)


def test_the_walk_of_the_scene_ends_at_the_costing(scene: Scene) -> None:
    assert state_of(scene, walk(scene)) is ProjectState.COSTING
