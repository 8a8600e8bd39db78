"""Projects are found by each of their facts; drafts and other communities' never."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from community.identity import known_organizations
from community.kernel import clock, db
from community.kernel.db import Database
from community.micro_projects.queries import search
from community.micro_projects.queries.search import Wanted, search_projects
from community.micro_projects.rules.projects import ProjectKind
from community.micro_projects.rules.states import ProjectState
from tests.conftest import NOON
from tests.micro_projects import contracting
from tests.micro_projects.scene import Scene, make_project, make_scene


def titles(scene: Scene, **wanted: object) -> list[str]:
    with db.read() as session:
        found = search_projects(session, scene.community_id, Wanted(**wanted))  # type: ignore[arg-type]
    assert found.count == len(found.projects)
    return [each.title for each in found.projects]


def fill(scene: Scene) -> None:
    make_project(scene, title="一百%的长椅", kind=ProjectKind.GOODS, budget_fen=5_000_00)
    make_project(scene, ProjectState.DELIVERING, title="楼道照明", budget_fen=20_000_00)
    make_project(scene, ProjectState.DRAFT, title="还没写完", budget_fen=None)
    with clock.fixed(NOON - timedelta(days=400)):
        make_project(scene, ProjectState.SUBMITTED, title="Yoga 课", budget_fen=None)


def test_each_fact_finds(database: Database) -> None:
    scene = make_scene()
    fill(scene)
    make_project(make_scene("meili", "美丽社区"), title="楼道照明")
    assert titles(scene) == ["Yoga 课", "楼道照明", "一百%的长椅"]
    assert titles(scene, text="照明") == ["楼道照明"]
    assert titles(scene, text="yoga") == ["Yoga 课"]
    assert titles(scene, text="%") == ["一百%的长椅"]
    assert titles(scene, kind=ProjectKind.GOODS) == ["一百%的长椅"]
    assert titles(scene, state=ProjectState.DELIVERING) == ["楼道照明"]
    assert titles(scene, least_fen=5_000_00, most_fen=5_000_00) == ["一百%的长椅"]
    assert titles(scene, least_fen=5_000_01) == ["楼道照明"]
    assert titles(scene, year=2025) == ["Yoga 课"]
    assert titles(scene, organization="明亮") == []


def test_an_organizations_projects_are_found(database: Database) -> None:
    job = contracting.make_job()
    make_project(job.scene, title="楼道照明")
    with db.read() as session:
        named = {each.id: each.name for each in known_organizations(session, job.community_id)}
    assert titles(job.scene, organization=named[job.firm_id][1:4]) == ["给三号楼装一段扶手"]
    assert titles(job.scene, organization="没有这样的单位") == []


def test_pages_follow_one_another(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "STEP", 2)
    fill(make_scene())
    client = app.test_client()
    first = client.get("/c/guihua/projects/search?text=&kind=wrong&least_fen=x").text
    assert "3 个项目" in first
    assert "一百%的长椅" not in first
    second = client.get("/c/guihua/projects/search?after=2").text
    assert "一百%的长椅" in second
    assert "再看更早的" not in second


def test_nothing_found_says_what_to_do(app: Flask, database: Database) -> None:
    make_scene()
    page = app.test_client().get("/c/guihua/projects/search?text=没有这样的")
    assert page.status_code == 200
    assert "放宽条件" in page.text
