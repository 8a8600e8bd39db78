"""The street office sees its communities' projects: late first, money, time, organizations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import openpyxl
from flask import Flask

from community.dashboards import street_figures
from community.dashboards.street_figures import CommunityProjects
from community.kernel import clock
from community.kernel.db import Database
from community.kernel.permissions import Role
from community.micro_projects import (
    LateMilestone,
    OrganizationResult,
    ProjectFigures,
    ProjectKind,
    ProjectState,
    StationTime,
)
from community.micro_projects.queries.figures import KindMoney
from community.micro_projects.rules.figures import time_stations
from tests import builders
from tests.conftest import NOON
from tests.micro_projects.scene import make_project, make_scene

LATE = LateMilestone(7, 3, "楼道照明", "验收", "明亮物业", date(2026, 11, 1), 21, 5_000_00)
FIRM = OrganizationResult(4, "明亮物业", 2, 1, 30_000_00, 10_000_00, 5, 3, 1, 8_000)
EMPTY = ProjectFigures(1, 0, 0, 0, (), (), (), ())
BUSY = ProjectFigures(
    going=3,
    closed=1,
    quota_fen=2_000_000_00,
    reserved_fen=30_000_00,
    kinds=(KindMoney(ProjectKind.WORKS, 2, 50_000_00, 30_000_00, 10_000_00),),
    stations=(StationTime(ProjectState.VOTING, 3, 12, 30, 1, 4),),
    late=(LATE,),
    organizations=(FIRM,),
)


def test_what_is_late_comes_first() -> None:
    worse = replace(BUSY, late=(replace(LATE, days=90), LATE))
    rows = [CommunityProjects("a", "甲", BUSY), CommunityProjects("b", "乙", worse)]
    assert [each.days for _, each in street_figures.late_lines(rows)] == [90, 21, 21]


def test_an_organization_is_added_up_over_communities() -> None:
    other = replace(FIRM, content_bp=None, amount_fen=5_000_00)
    second = replace(BUSY, organizations=(other,))
    rows = [CommunityProjects("a", "甲", BUSY), CommunityProjects("b", "乙", second)]
    (line,) = street_figures.firms(rows)
    assert (line.communities, line.contracts, line.amount_fen) == (2, 4, 35_000_00)
    assert line.content_bp == 8_000


def test_a_stations_median_is_weighed_by_who_passed() -> None:
    quick = replace(BUSY, stations=(StationTime(ProjectState.VOTING, 5, 2, 9, 0, 0),))
    rows = [CommunityProjects("a", "甲", BUSY), CommunityProjects("b", "乙", quick)]
    (found,) = street_figures.station_times(rows)
    assert (found.passed, found.median_days, found.longest_days, found.waiting) == (8, 2, 30, 1)


def test_stays_are_measured_from_the_trace() -> None:
    at = NOON - timedelta(days=30)
    trace = [
        (ProjectState.SUBMITTED, at),
        (ProjectState.ENDORSING, at + timedelta(days=2)),
        (ProjectState.COSTING, at + timedelta(days=12)),
    ]
    found = {each.station: each for each in time_stations([trace, trace[:1]], NOON)}
    submitted, costing = found[ProjectState.SUBMITTED], found[ProjectState.COSTING]
    assert (submitted.passed, submitted.median_days, submitted.waiting_longest_days) == (1, 2, 30)
    assert (costing.passed, costing.waiting, costing.waiting_longest_days) == (0, 1, 18)
    assert found[ProjectState.ENDORSING].longest_days == 10


def test_the_page_and_the_workbook(app: Flask, database: Database) -> None:
    scene = make_scene()
    make_scene("meili", "美丽社区")
    make_project(scene, title="楼道照明")
    street = builders.make_person(scene.community_id, "周街道", roles=(Role.STREET,))
    client = app.test_client()
    builders.sign_in(client, street)
    page = client.get("/street/projects").text
    assert "桂花里社区" in page
    assert "美丽社区" not in page
    assert "没有逾期的节点" in page
    assert client.get(f"/street/projects?year={clock.today().year - 9}").status_code == 200
    book = openpyxl.load_workbook(BytesIO(client.get("/street/projects.xlsx").data))
    assert [each.title for each in book] == ["各社区", "每一站的时间", "逾期", "承接单位"]
    assert book["各社区"]["A2"].value == "桂花里社区"


def test_others_see_nothing(app: Flask, database: Database) -> None:
    scene = make_scene()
    make_project(scene)
    client = app.test_client()
    builders.sign_in(client, scene.officer.person_id or 0)
    assert "桂花里社区" not in client.get("/street/projects").text
    assert app.test_client().get("/street/projects").status_code in {302, 303, 401}
