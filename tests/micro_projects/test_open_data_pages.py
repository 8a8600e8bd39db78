"""What programs fetch: packages, feed, records, lines and a table; always the published bytes."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from flask import Flask

from community.kernel import clock
from community.kernel.db import Database
from community.micro_projects.open_contracting import extension
from community.micro_projects.open_contracting.canonical import read_json
from community.micro_projects.open_contracting.schemas import RECORDS, RELEASES, schemas_of
from community.micro_projects.queries import open_data as queries
from tests.micro_projects import ocds_scene
from tests.micro_projects.scene import make_project, make_scene
from tests.micro_projects.test_releasing import publish

HOME = "/c/guihua/projects/open-data"


def publish_two() -> None:
    """Publish one process in five releases, and a second in one."""
    scene = make_scene()
    project_id = make_project(scene)
    for day, step in ocds_scene.STEPS:
        with clock.fixed(ocds_scene.days(day)):
            publish(scene, project_id, step())
    other = ocds_scene.published()
    plan = replace(other.plan, title="=HYPERLINK(1)")
    publish(scene, make_project(scene), replace(other, plan=plan), tender_id=2)


@pytest.fixture
def told(app: Flask, database: Database) -> Flask:
    publish_two()
    return app


def test_the_page_counts_and_leads_on(told: Flask) -> None:
    page = told.test_client().get(HOME)
    assert page.status_code == 200
    assert "ocds-213czf" in page.text
    assert f"{HOME}/feed" in page.text


def test_packages_follow_the_standard(told: Flask) -> None:
    client = told.test_client()
    schemas = schemas_of(ocds_scene.schema_folder())
    releases = read_json(client.get(f"{HOME}/releases").data)
    assert schemas.problems(RELEASES, releases) == []
    assert len(releases["releases"]) == 6
    records = read_json(client.get(f"{HOME}/records").data)
    assert schemas.problems(RECORDS, records) == []
    one = read_json(client.get(f"{HOME}/records/ocds-213czf-guihua-1-1").data)
    assert one["records"] == records["records"][:1]
    named = client.get(f"{HOME}/releases/ocds-213czf-guihua-1-1-0003")
    assert schemas.problems(RELEASES, read_json(named.data)) == []
    assert "immutable" in named.headers["Cache-Control"]


def test_the_feed_is_followed_to_its_end(told: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "FEED_STEP", 2)
    monkeypatch.setattr(queries, "RECORD_STEP", 1)
    client = told.test_client()
    seen, after, is_last = [], 0, False
    while not is_last:
        page = client.get(f"{HOME}/feed?after={after}").get_json()
        seen += [each["place"] for each in page["releases"]]
        after, is_last = page["next"], page["isLast"]
    assert after == 6
    assert seen == sorted(seen)


def test_a_reader_who_is_up_to_date_gets_nothing_anew(told: Flask) -> None:
    client = told.test_client()
    first = client.get(f"{HOME}/releases")
    again = client.get(f"{HOME}/releases", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_lines_carry_the_published_bytes(told: Flask, database: Database) -> None:
    client = told.test_client()
    lines = client.get(f"{HOME}/releases.jsonl").data.splitlines()
    with database.read() as session:
        kept = [each.content for each in queries.every_release(session, 1)]
    assert lines == kept
    records = client.get(f"{HOME}/records.jsonl").data.splitlines()
    assert [read_json(each)["ocid"][-3:] for each in records] == ["1-1", "2-1"]


def test_the_table_adds_up_and_runs_nothing(told: Flask) -> None:
    content = told.test_client().get(f"{HOME}/records.csv").data.decode("utf-8-sig")
    first, second = csv.DictReader(io.StringIO(content))
    assert (first["award_yuan"], first["paid_yuan"], first["milestones_met"]) == (
        "88000",
        "29330.40",
        "1",
    )
    assert second["title"] == "'=HYPERLINK(1)"
    assert second["bids"] == ""


def test_the_extension_is_served(told: Flask) -> None:
    client = told.test_client()
    package = client.get(f"{HOME}/releases").get_json()
    assert package["extensions"][-1] == f"http://localhost{HOME}/extension/extension.json"
    for name, content in extension.files().items():
        assert client.get(f"{HOME}/extension/{name}").data == content


@pytest.mark.parametrize("name", ["releases/none", "records/none", "extension/other.json"])
def test_what_is_not_there_is_not_found(told: Flask, name: str) -> None:
    assert told.test_client().get(f"{HOME}/{name}").status_code == 404


def test_another_communitys_data_is_not_found(told: Flask) -> None:
    make_scene("meili", "美丽社区")
    address = "/c/meili/projects/open-data/records/ocds-213czf-guihua-1-1"
    assert told.test_client().get(address).status_code == 404
