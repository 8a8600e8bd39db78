"""The demo's finished project goes its whole way, and its open data is right."""

from __future__ import annotations

from datetime import timedelta

from community.demo.cast import Cast
from community.demo.finished_project import finish_project
from community.demo.happenings import live
from community.kernel import clock, db
from community.kernel.db import Database
from community.kernel.permissions import Role
from community.micro_projects import ProjectKind, ProjectState, stale_processes
from community.micro_projects.open_contracting.canonical import read_json
from community.micro_projects.open_contracting.merging import compile_release
from community.micro_projects.queries.open_data import every_release
from tests import builders
from tests.micro_projects.scene import give_money, make_project, make_scene, state_of
from tests.micro_projects.test_process_releases import judge


def test_the_demos_project_is_finished_paid_and_judged(database: Database) -> None:
    scene = make_scene()
    community_id = scene.community_id
    staff = [
        builders.make_person(community_id, name, birth_year=1980, roles=(Role.STAFF,))
        for name in ("周专员", "吴专员")
    ]
    people = [
        builders.make_person(community_id, f"居民{name}", birth_year=1980)
        for name in "甲乙丙丁戊己"
    ]
    cast = Cast(
        staff=staff[0],
        second_staff=staff[1],
        leaders=tuple(people[1:]),
        resident=people[0],
        elder=people[0],
        merchant=0,
        shop=0,
        firm=0,
        committee=0,
        second_committee=0,
        auditor=0,
        players=(),
    )
    today = clock.today()
    with clock.fixed(clock.now() - timedelta(days=23)):
        project_id = make_project(
            scene, ProjectState.APPROVED, kind=ProjectKind.SERVICE, budget_fen=6_400_00
        )
        give_money(scene, project_id, 6_400_00)
    live(finish_project(scene.system, cast, today, {"reading": project_id}, "reading", 22))
    assert state_of(scene, project_id) is ProjectState.CLOSED
    with db.read() as session:
        told = [read_json(each.content) for each in every_release(session, community_id)]
        assert stale_processes(session, community_id) == ()
    judge(told)
    (contract,) = compile_release(told)["contracts"]
    assert contract["status"] == "terminated"
    assert len(contract["implementation"]["transactions"]) == 2
