"""Releases are written once, in order, never changed; the feed never skips a late commit."""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.micro_projects.models import OcdsFeed, Tender
from community.micro_projects.open_contracting import facts
from community.micro_projects.open_contracting.canonical import read_json
from community.micro_projects.open_contracting.integrity import problems_of_process
from community.micro_projects.queries.open_data import (
    FeedPage,
    find_record,
    last_place,
    open_data_feed,
)
from community.micro_projects.rules.tenders import TenderMethod, TenderState, Unconfirmed
from community.micro_projects.service import releasing
from community.sealing import BoxLevel
from tests import builders
from tests.conftest import World, is_postgres
from tests.micro_projects import ocds_scene
from tests.micro_projects.scene import Scene, make_project, make_scene

TENDER = 1


def make_tender_row(scene: Scene, project_id: int, tender_id: int) -> None:
    """Let a process have a tender to belong to, a mere draft."""
    with db.read() as session:
        if session.get(Tender, tender_id) is not None:
            return
    builders.add(
        Tender,
        id=tender_id,
        community_id=scene.community_id,
        project_id=project_id,
        number=tender_id,
        title="儿童角改造",
        method=TenderMethod.OPEN,
        level=BoxLevel.L1,
        state=TenderState.DRAFT,
        budget_fen=9_500_000,
        minimum_bids=3,
        unconfirmed=Unconfirmed.VOID,
        drafted_at=clock.now(),
    )


def publish(scene: Scene, project_id: int, process: facts.Process, tender_id: int = TENDER) -> None:
    """Publish a process's state as the act that changed it does."""
    make_tender_row(scene, project_id, tender_id)

    def act(session: Session, actor: Actor) -> str | None:
        return releasing.release_state(
            session, actor.community_id, project_id, process, tender_id=tender_id
        )

    db.write(act, scene.system)


def feed(scene: Scene, after: int = 0) -> FeedPage:
    with db.read() as session:
        return open_data_feed(session, scene.system, after)


def test_each_step_is_a_release_with_the_next_place(database: Database) -> None:
    scene = make_scene()
    project_id = make_project(scene)
    for day, step in ocds_scene.STEPS:
        with clock.fixed(ocds_scene.days(day)):
            publish(scene, project_id, step())
            publish(scene, project_id, step())
    page = feed(scene)
    assert [each.place for each in page.lines] == [1, 2, 3, 4, 5]
    assert page.lines[0].ocid == "ocds-213czf-guihua-1-1"
    assert page.lines[0].release_id == "ocds-213czf-guihua-1-1-0001"
    assert (page.next, page.is_last) == (5, True)
    assert feed(scene, 3).lines == page.lines[3:]
    with db.read() as session:
        record = find_record(session, scene.community_id, page.lines[0].ocid)
    assert problems_of_process([read_json(each.content) for each in record.releases]) == []


def test_releases_of_one_instant_still_have_an_order(database: Database) -> None:
    scene = make_scene()
    project_id = make_project(scene)
    for _, step in ocds_scene.STEPS[:3]:
        with clock.fixed(ocds_scene.days(50)):
            publish(scene, project_id, step())
    told = [each.published_at for each in feed(scene).lines]
    assert told == [ocds_scene.days(50) + timedelta(microseconds=each) for each in range(3)]


def test_a_second_attempt_has_its_own_number(database: Database) -> None:
    scene = make_scene()
    project_id = make_project(scene)
    first = ocds_scene.published()
    failed = replace(first, tender=replace(first.tender, status="unsuccessful"))
    publish(scene, project_id, failed)
    related = facts.Related("1", feed(scene).lines[0].ocid, "unsuccessfulProcess")
    publish(scene, project_id, replace(first, related=(related,)), tender_id=2)
    assert [each.ocid for each in feed(scene).lines] == [
        "ocds-213czf-guihua-1-1",
        "ocds-213czf-guihua-1-2",
    ]


def test_communities_count_for_themselves(database: Database) -> None:
    here, there = make_scene(), make_scene("meili", "美丽社区")
    for tender_id, scene in enumerate((here, there), 1):
        publish(scene, make_project(scene), ocds_scene.published(), tender_id)
    assert [each.place for each in feed(there).lines] == [1]
    with db.read() as session:
        assert last_place(session, here.community_id) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ocds_release SET content = content",
        "DELETE FROM ocds_release",
        "UPDATE ocds_process SET ocid = 'other'",
        "UPDATE ocds_feed SET last_place = last_place - 1",
        "DELETE FROM ocds_feed",
    ],
)
def test_what_was_published_stands(database: Database, statement: str) -> None:
    scene = make_scene()
    publish(scene, make_project(scene), ocds_scene.published())

    def spoil(session: Session, actor: Actor) -> None:
        session.execute(text(statement))

    with pytest.raises(DBAPIError):
        db.write(spoil, scene.system)


class LateCommit:
    """Two acts at once: the first has its place and waits, the second would commit before it."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.projects = [make_project(scene), make_project(scene)]
        for number, project_id in enumerate(self.projects, 1):
            make_tender_row(scene, project_id, number)
        self.has_place, self.may_commit = threading.Event(), threading.Event()

    def first(self) -> None:
        def act(session: Session, actor: Actor) -> None:
            self._release(session, 0)
            self.has_place.set()
            assert self.may_commit.wait(20)

        db.write(act, self.scene.system)

    def second(self) -> None:
        def act(session: Session, actor: Actor) -> None:
            self._release(session, 1)

        db.write(act, self.scene.system)

    def _release(self, session: Session, number: int) -> None:
        releasing.release_state(
            session,
            self.scene.community_id,
            self.projects[number],
            ocds_scene.published(),
            tender_id=number + 1,
        )

    def read_between(self) -> tuple[list[int], list[int]]:
        """Read the feed while the first is open, and go on from there when all is done."""
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(self.first)
            assert self.has_place.wait(20)
            second = pool.submit(self.second)
            wait([second], timeout=1)
            early = feed(self.scene)
            self.may_commit.set()
            first.result(20)
            second.result(20)
        late = feed(self.scene, early.next)
        return [each.place for each in early.lines], [each.place for each in late.lines]


def test_a_late_commit_is_not_skipped(database: Database) -> None:
    early, late = LateCommit(make_scene()).read_between()
    assert (early, late) == ([], [1, 2])


@pytest.mark.skipif(not is_postgres(), reason="SQLite has one writer, with or without the guard")
def test_without_the_guard_it_is_skipped(
    world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = itertools.count()
    monkeypatch.setattr(releasing, "lock_feed", lambda session, community_id: next(places))
    monkeypatch.setattr(releasing, "count_up", lambda session, community_id, last: last + 1)
    scene = make_scene()
    projects = [make_project(scene), make_project(scene)]
    for number, project_id in enumerate(projects, 1):
        make_tender_row(scene, project_id, number)
    engine = create_engine(world.store.url, isolation_level="READ COMMITTED")
    with Session(engine) as first, Session(engine) as second:
        for number, session in enumerate((first, second)):
            releasing.release_state(
                session,
                scene.community_id,
                projects[number],
                ocds_scene.published(),
                tender_id=number + 1,
            )
        second.commit()
        early = feed(scene)
        first.commit()
    engine.dispose()
    late = feed(scene, early.next)
    assert ([each.place for each in early.lines], late.lines) == ([2], ())

    def mend(session: Session, actor: Actor) -> None:
        session.add(OcdsFeed(community_id=actor.community_id, last_place=2))

    db.write(mend, scene.system)
