"""Micro-projects at the size of a big city's year: list and search, and compiling all records.

Rows are written straight into the tables: what is measured is reading them.
"""

from __future__ import annotations

import time
from datetime import timedelta

from flask import Flask
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from benchmarks.books import make_tables
from benchmarks.harness import Row, at_most, interleave, median, percentile, scratch
from community import app as assembly
from community import identity
from community.app import create_app
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.micro_projects.models import OcdsFeed, OcdsProcess, OcdsRelease, Project, Tender
from community.micro_projects.open_contracting.canonical import read_json, write_json
from community.micro_projects.queries.open_data import every_record
from community.micro_projects.rules.projects import (
    Funding,
    ProjectCategory,
    ProjectKind,
    ProposalOrigin,
)
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.rules.tenders import TenderMethod, TenderState, Unconfirmed
from community.sealing import BoxLevel
from tests.micro_projects.ocds_scene import OCID, whole_story
from tests.micro_projects.scene import Scene, make_scene

PROJECTS = 12_000
RECORDS = 10_000
MOST_MS = 50
MOST_SECONDS = 30
ROUNDS = 40
PLACES = ("三号楼门口", "儿童角", "小区东门", "五号楼楼道", "活动室", "健身角")
NEEDS = ("老人上下不便，希望装一段扶手。", "路灯坏了两盏，晚上看不清。", "孩子放学后没有地方去。")
STATES = (
    ProjectState.SUBMITTED,
    ProjectState.ENDORSING,
    ProjectState.REVIEW,
    ProjectState.APPROVED,
    ProjectState.DELIVERING,
)
ADDRESSES = {
    "list": "/c/guihua/projects",
    "all": "/c/guihua/projects/search",
    "words": "/c/guihua/projects/search?text=%E6%89%B6%E6%89%8B",
    "nothing": "/c/guihua/projects/search?text=%E6%B2%A1%E6%9C%89%E8%BF%99%E6%A0%B7%E7%9A%84",
    "facts": "/c/guihua/projects/search?state=approved&kind=works&least_fen=1000&year=2026",
    "organization": "/c/guihua/projects/search?organization=%E7%89%A9%E4%B8%9A",
    "last page": "/c/guihua/projects/search?after=30",
}


def run_search() -> list[Row]:
    """Measure the list and each kind of search at 12,000 projects."""
    with scratch() as folder:
        url = f"sqlite:///{folder}/community.db"
        make_tables(url)
        app = create_app({"INSTANCE": folder, "DATABASE_URL": url, "SECRET_KEY": "benchmark" * 4})
        identity.use_permission_table(assembly.permission_table())
        scene = make_scene()
        db.write(_projects, scene.system, scene.author.person_id, PROJECTS)
        return _measure(app)


def run_records() -> list[Row]:
    """Measure compiling 10,000 records of five releases each, versions and bytes included."""
    with scratch() as folder:
        url = f"sqlite:///{folder}/community.db"
        make_tables(url)
        create_app({"INSTANCE": folder, "DATABASE_URL": url, "SECRET_KEY": "benchmark" * 4})
        identity.use_permission_table(assembly.permission_table())
        scene = make_scene()
        db.write(_projects, scene.system, scene.author.person_id, RECORDS)
        releases = _publish(scene)
        began, worked = time.perf_counter_ns(), time.process_time_ns()
        count = written = 0
        with db.read() as session:
            for record in every_record(session, scene.community_id):
                written += len(record.write())
                count += 1
        seconds = (time.perf_counter_ns() - began) / 1e9
        assert count == RECORDS, count
        return [
            at_most(
                f"compile {count:,} records of {releases:,} releases",
                MOST_SECONDS,
                seconds,
                "s",
                megabytes=written / 1e6,
                processor_seconds=(time.process_time_ns() - worked) / 1e9,
            )
        ]


def _projects(session: Session, actor: Actor, author_id: int, count: int) -> None:
    now = clock.now()
    session.execute(
        insert(Project),
        [
            {
                "community_id": actor.community_id,
                "number": number,
                "kind": list(ProjectKind)[number % 3],
                "funding": Funding.LIVELIHOOD,
                "title": f"{PLACES[number % 6]}改善 {number} 号",
                "need": NEEDS[number % 3] * 3,
                "category": ProjectCategory.ACCESS,
                "place": PLACES[number % 6],
                "state": STATES[number % 5],
                "author_id": author_id,
                "origin": ProposalOrigin.WEB,
                "budget_fen": 100_000 + number,
                "kept_at": now,
                "submitted_at": now - timedelta(minutes=number),
                "moved_at": now,
            }
            for number in range(1, count + 1)
        ],
    )


def _publish(scene: Scene) -> int:
    story = [(each["date"], each["tag"], write_json(each)) for each in whole_story()]
    db.write(_rows, scene.system, tuple(content for _, _, content in story))
    with db.read() as session:
        found = session.execute(text("SELECT COUNT(*) FROM ocds_release")).scalar_one()
    return int(found)


def _rows(session: Session, actor: Actor, story: tuple[bytes, ...]) -> None:
    community_id, now = actor.community_id, clock.now()
    numbers = range(1, RECORDS + 1)
    tender = {
        "community_id": community_id,
        "title": "儿童角改造",
        "method": TenderMethod.OPEN,
        "level": BoxLevel.L1,
        "state": TenderState.DRAFT,
        "budget_fen": 9_500_000,
        "minimum_bids": 3,
        "unconfirmed": Unconfirmed.VOID,
        "drafted_at": now,
    }
    session.execute(
        insert(Tender),
        [tender | {"id": each, "project_id": each, "number": each} for each in numbers],
    )
    session.execute(
        insert(OcdsProcess),
        [
            {
                "id": each,
                "community_id": community_id,
                "project_id": each,
                "tender_id": each,
                "attempt": 1,
                "ocid": f"ocds-213czf-guihua-{each}-1",
            }
            for each in numbers
        ],
    )
    for number, content in enumerate(story):
        _release_all(session, community_id, number, content)
    session.add(OcdsFeed(community_id=community_id, last_place=RECORDS * len(story)))


def _release_all(session: Session, community_id: int, number: int, content: bytes) -> None:
    """Write one release of the story for every process."""
    tags, now = ",".join(read_json(content)["tag"]), clock.now()
    session.execute(
        insert(OcdsRelease),
        [
            {
                "community_id": community_id,
                "process_id": each,
                "number": number + 1,
                "release_id": f"ocds-213czf-guihua-{each}-1-{number + 1:04d}",
                "tags": tags,
                "content": content.replace(OCID.encode(), f"ocds-213czf-guihua-{each}-1".encode()),
                "published_at": now,
                "feed_place": number * RECORDS + each,
            }
            for each in range(1, RECORDS + 1)
        ],
    )


def _measure(app: Flask) -> list[Row]:
    client = app.test_client()
    rows = []
    for name, address in ADDRESSES.items():

        def ask(number: int, address: str = address) -> None:
            assert client.get(address).status_code == 200

        def bare(number: int) -> None:
            client.get("/healthz")

        taken = interleave({"page": ask, "floor": bare}, ROUNDS)
        worked = time.process_time_ns()
        for number in range(ROUNDS):
            ask(number)
        processor_ms = (time.process_time_ns() - worked) / ROUNDS / 1e6
        rows.append(
            at_most(
                f"{name}: {PROJECTS:,} projects",
                MOST_MS,
                median(taken["page"]) / 1_000,
                "ms",
                p99_ms=percentile(taken["page"], 99) / 1_000,
                processor_ms=processor_ms,
                bare_view_ms=median(taken["floor"]) / 1_000,
            )
        )
    return rows
