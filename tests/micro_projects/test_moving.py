"""A project goes only the steps of its table, and leaves a trace at each."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.sentences import Said
from community.micro_projects.errors.projects import MoveRefused, ProjectNotFound
from community.micro_projects.models import ProjectStep
from community.micro_projects.queries.projects import steps_of
from community.micro_projects.rules.states import STEPS, ProjectState
from community.micro_projects.service import expiring, ideas
from community.micro_projects.service.moving import move_project
from tests.micro_projects.scene import Scene, make_project, make_scene, path_to, state_of


@pytest.fixture
def scene(database: object) -> Scene:
    return make_scene()


def test_every_state_can_be_reached() -> None:
    assert set(STEPS) == set(ProjectState)
    for state in ProjectState:
        assert path_to(state)[-1] is state


def test_a_move_leaves_its_trace(scene: Scene) -> None:
    project_id = make_project(scene, ProjectState.APPROVED)
    db.write(
        move_project, scene.officer, project_id, ProjectState.PROCURING, "tender:4", "开始询价"
    )
    assert state_of(scene, project_id) is ProjectState.PROCURING
    with db.read() as session:
        last = steps_of(session, scene.community_id, project_id)[-1]
    assert (last.station, last.ref, last.words) == (ProjectState.PROCURING, "tender:4", "开始询价")


def test_a_move_the_table_does_not_know_is_refused(scene: Scene) -> None:
    project_id = make_project(scene, ProjectState.ENDORSING)
    with pytest.raises(MoveRefused):
        db.write(move_project, scene.officer, project_id, ProjectState.APPROVED)
    assert state_of(scene, project_id) is ProjectState.ENDORSING
    other = make_scene("haitang", "海棠社区")
    with pytest.raises(ProjectNotFound):
        db.write(move_project, other.officer, project_id, ProjectState.COSTING)


def test_the_database_refuses_a_leap_and_a_project_without_a_budget(scene: Scene) -> None:
    project_id = make_project(scene, ProjectState.REVIEW, budget_fen=None)

    def put(state: str) -> None:
        def go_around(session: Session, actor: Actor) -> None:
            session.execute(
                text("UPDATE project SET state = :s WHERE id = :i"), {"s": state, "i": project_id}
            )

        db.write(go_around, scene.system)

    for state in ("closed", "approved"):
        with pytest.raises(IntegrityError):
            put(state)


def test_everybody_sees_a_project_and_nobody_a_draft(scene: Scene, client: FlaskClient) -> None:
    shown, draft = make_project(scene), make_project(scene, ProjectState.DRAFT, budget_fen=None)
    assert "给三号楼装一段扶手" in client.get("/c/guihua/projects").text
    assert "已入项目库" in client.get(f"/c/guihua/projects/{shown}").text
    assert client.get(f"/c/guihua/projects/{draft}").status_code == 404


def test_the_products_own_words_of_a_move_are_read_in_either_language(
    scene: Scene, client: FlaskClient
) -> None:
    made = make_project(scene, ProjectState.ENDORSING)
    with clock.fixed(clock.now() + timedelta(days=31)):
        db.write(expiring.expire_projects, scene.system)
    told = "30 天没有进展，自动过期"
    chinese = client.get(f"/c/guihua/projects/{made}").text
    client.set_cookie("language", "en")
    english = client.get(f"/c/guihua/projects/{made}").text
    assert told in chinese
    assert told not in english
    assert "30 days" in english


def test_words_somebody_typed_stay_and_a_traces_sentence_stands(scene: Scene) -> None:
    made = make_project(scene, ProjectState.ENDORSING)
    db.write(ideas.withdraw_project, scene.officer, made, "重复")
    with db.read() as session:
        last = steps_of(session, scene.community_id, made)[-1]
    assert (last.words, isinstance(last.words, Said)) == ("重复", False)

    def rewrite(session: Session, actor: Actor) -> None:
        step = session.scalars(select(ProjectStep).order_by(ProjectStep.id.desc())).first()
        assert step is not None
        step.said = ["别的话", {}]
        session.flush()

    with pytest.raises(IntegrityError):
        db.write(rewrite, scene.system)
