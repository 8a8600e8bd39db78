"""A project goes only the steps of its table, and leaves a trace at each."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from community.kernel import db
from community.kernel.actor import Actor
from community.micro_projects.errors.projects import MoveRefused, ProjectNotFound
from community.micro_projects.queries.projects import steps_of
from community.micro_projects.rules.states import STEPS, ProjectState
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
