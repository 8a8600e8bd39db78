"""Acts of the room publish by themselves: each step of a real tender is good open data."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, url_for
from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.micro_projects.checks import problems
from community.micro_projects.models import Milestone
from community.micro_projects.open_contracting.canonical import Json, read_json
from community.micro_projects.open_contracting.integrity import (
    problems_between,
    problems_of_process,
    problems_of_state,
)
from community.micro_projects.open_contracting.merging import compile_release
from community.micro_projects.open_contracting.problems import Wrong
from community.micro_projects.open_contracting.schemas import RELEASE, schemas_of
from community.micro_projects.open_contracting.table import HEADS, line_of
from community.micro_projects.queries.open_data import every_release
from community.micro_projects.queries.process_tenders import METHODS
from community.micro_projects.queries.processes import stale_processes
from community.micro_projects.queries.public_addresses import public_address
from community.micro_projects.rules.tenders import TenderMethod
from community.micro_projects.service import endings
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


def test_a_broken_off_process_and_its_successor_name_each_other(database: Database) -> None:
    job = contracting.make_job()
    first = contracting.running(job)
    contracting.accept(job, contracting.milestone_ids(job, first)[0])
    contracting.pay(job, contracting.milestone_ids(job, first)[0])
    ending = endings.Ending("承接单位停工", 0, is_continued=True)
    db.write(endings.break_off, job.officer, first, ending)
    firm_id, worker = contracting.make_firm(job.scene, "安泰装修队", "何师傅")
    award_id = contracting.give_award(job.scene, job.project_id, firm_id, 4_000_00)
    heir = replace(job, award_id=award_id, firm_id=firm_id, worker=worker)
    contracting.running(heir, 10_000)
    told = told_by(job)
    broken, whole = sorted({each["ocid"] for each in told})
    for ocid in (broken, whole):
        judge([each for each in told if each["ocid"] == ocid])
    after = compile_release([each for each in told if each["ocid"] == whole])
    [related] = after["relatedProcesses"]
    assert (related["identifier"], related["relationship"]) == (broken, ["prior"])
    before = compile_release([each for each in told if each["ocid"] == broken])
    assert "relatedProcesses" not in before
    [onward] = before["contracts"][0]["relatedProcesses"]
    assert (onward["identifier"], onward["relationship"]) == (whole, ["replacementProcess"])
    assert problems_between({broken: before, whole: after}) == []
    assert [each.place for each in problems_between({broken: before})] == [
        f"/contracts/contract-{first}/relatedProcesses/0"
    ]
    with db.read() as session:
        assert stale_processes(session, job.community_id) == ()


def test_money_that_came_back_goes_from_the_contractor_to_the_buyer(database: Database) -> None:
    job = contracting.make_job()
    contract_id = contracting.running(job)
    first = contracting.milestone_ids(job, contract_id)[0]
    contracting.accept(job, first)
    contracting.pay(job, first)
    due = contracting.UNTIL
    made = db.write(endings.ask_back, job.officer, contract_id, 1_000_00, "返工费", due)
    assert len(told_by(job)) == 3
    db.write(endings.settle_claw_back, job.checker, made, True, "已到账")
    told = told_by(job)
    judge(told)
    state = compile_release(told)
    paid, back = state["contracts"][0]["implementation"]["transactions"]
    assert (back["payer"], back["payee"]) == (paid["payee"], paid["payer"])
    assert back["value"]["amount"] == 1_000
    assert dict(zip(HEADS, line_of(state), strict=True))["paid_yuan"] == "3000.00"
    back["value"]["amount"] = 4_001
    assert Wrong.OVERPAID in {each.kind for each in problems_of_state(state)}


def test_a_public_file_has_the_address_under_which_the_site_gives_it(
    app: Flask, database: Database
) -> None:
    job = contracting.make_job()
    contract_id = contracting.running(job)
    [paper] = compile_release(told_by(job))["contracts"][0]["documents"]
    with app.test_request_context(base_url=f"https://{app.config['LOG_NAME']}"):
        address = url_for(
            "micro_projects.contract_paper",
            community="guihua",
            contract_id=contract_id,
            _external=True,
        )
        document = url_for(
            "micro_projects.tender_document", community="guihua", document_id=7, _external=True
        )
    assert paper["url"] == address
    with db.read() as session:
        path = "projects/tenders/documents/7"
        assert public_address(session, job.community_id, path) == document


@pytest.mark.once
def test_each_method_is_told_in_the_standards_code() -> None:
    assert METHODS == {
        TenderMethod.OPEN: "open",
        TenderMethod.NEGOTIATED: "selective",
        TenderMethod.QUOTATION: "limited",
        TenderMethod.DIRECT: "direct",
    }


def test_what_was_not_published_is_found_and_published_once(app: Flask, database: Database) -> None:
    job = contracting.make_job()
    contract_id = contracting.running(job)

    def rename(session: Session, actor: Actor) -> None:
        # Past every act, as a change of the program may do.
        session.get_one(Milestone, contracting.milestone_ids(job, contract_id)[0]).criteria = "验平"

    db.write(rename, job.scene.system)
    with db.read() as session:
        [stale] = stale_processes(session, job.community_id)
        assert any(stale in each for each in problems(session))
    runner = app.test_cli_runner()
    told = [runner.invoke(args=["projects", "refresh-ocds"]).output for _ in range(2)]
    assert ["补发 1 次" in told[0], "补发 0 次" in told[1]] == [True, True]
    judge(told_by(job))
