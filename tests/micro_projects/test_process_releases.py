"""Acts of the room publish by themselves: each step of a real tender is good open data."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from flask import Flask

from community.kernel import clock, db
from community.kernel.db import Database
from community.micro_projects.open_contracting.canonical import Json, read_json
from community.micro_projects.open_contracting.integrity import problems_of_process
from community.micro_projects.open_contracting.merging import compile_release
from community.micro_projects.open_contracting.schemas import RELEASE, schemas_of
from community.micro_projects.queries.open_data import every_release
from community.micro_projects.queries.processes import stale_processes
from tests.micro_projects import contracting
from tests.micro_projects.ocds_scene import schema_folder
from tests.micro_projects.tendering import Tendering, published


def releases(made: Tendering) -> list[Json]:
    with db.read() as session:
        return [read_json(each.content) for each in every_release(session, made.community_id)]


def judge(told: list[Json]) -> None:
    """Refuse releases that break the standard or a rule between parts."""
    schemas = schemas_of(schema_folder())
    for each in told:
        assert schemas.problems(RELEASE, each) == []
        assert schemas.unknown_keys(each) == []
    assert problems_of_process(told) == []


def test_a_tender_tells_itself_from_publication_to_opening(database: Database) -> None:
    made = published()
    with made.bidding():
        before = releases(made)
        for place, price in enumerate((8_800_000, 9_000_000, 9_400_000)):
            made.bid(place, price)
        assert releases(made) == before
    with made.at_deadline(timedelta(hours=1)):
        made.open()
    told = releases(made)
    assert [each["tag"] for each in told] == [["planning", "tender"], ["tenderUpdate"]]
    state = compile_release(told)
    assert [str(each["value"]["amount"]) for each in state["bids"]["details"]] == [
        "88000",
        "90000",
        "94000",
    ]
    assert state["tender"]["numberOfTenderers"] == 3
    judge(told)


def test_a_failed_tender_and_its_successor_are_linked(database: Database) -> None:
    made = published()
    with made.bidding():
        made.bid(0)
    with made.at_deadline(timedelta(hours=1)):
        made.open()
    told = releases(made)
    assert told[-1]["tender"]["status"] == "unsuccessful"
    assert "bids" not in told[-1]
    assert "numberOfTenderers" not in told[-1]["tender"]
    judge(told)


# The form's token carries the second of its making.
TOKEN = re.compile(rb'name="csrf_token" value="[^"]*"')
PUBLIC = (
    "",
    "/feed",
    "/releases",
    "/records",
    "/records.csv",
    "/records.jsonl",
    "/releases.jsonl",
)


def test_before_the_opening_the_data_is_the_same_with_bids_and_without(
    app: Flask, database: Database, tmp_path: Path
) -> None:
    made = published()
    runner, client = app.test_cli_runner(), app.test_client()

    def look(name: str) -> list[object]:
        runner.invoke(args=["projects", "export-ocds", str(tmp_path / name)])
        told: list[object] = [
            (each.relative_to(tmp_path / name), each.read_bytes())
            for each in sorted((tmp_path / name).rglob("*.*"))
        ]
        pages = [f"/c/guihua/projects/open-data{each}" for each in PUBLIC]
        for address in (*pages, "/c/guihua/projects/search"):
            answer = client.get(address)
            told.append((address, TOKEN.sub(b"", answer.data), answer.headers.get("ETag")))
        return told

    with made.bidding() as deadline:
        before = look("without")
        for place in range(3):
            made.bid(place)
        assert look("with") == before
    with clock.fixed(deadline - timedelta(microseconds=1)):
        assert look("late") == before


def told_by(job: contracting.Job) -> list[Json]:
    with db.read() as session:
        return [read_json(each.content) for each in every_release(session, job.community_id)]


def test_a_direct_award_tells_itself_to_the_last_payment(database: Database) -> None:
    job = contracting.make_job()
    contract_id = contracting.running(job, 33_33, 33_33, 33_34)
    for milestone_id in contracting.milestone_ids(job, contract_id):
        contracting.accept(job, milestone_id)
        contracting.pay(job, milestone_id)
    told = told_by(job)
    judge(told)
    state = compile_release(told)
    paid = state["contracts"][0]["implementation"]["transactions"]
    # Contract, then acceptance and payment of each milestone.
    assert len(told) == 7
    assert len(paid) == 3
    assert told[0]["tag"][:2] == ["planning", "tender"]
    assert sum(each["value"]["amount"] for each in paid) == 8_000
    assert state["tender"]["procurementMethod"] == "direct"
    with db.read() as session:
        assert stale_processes(session, job.community_id) == ()
