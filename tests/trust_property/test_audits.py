"""Audits: announced before the seed is known, drawn once and repeatably, closed by one opinion."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from community import transparency
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed, Refusal
from community.kernel.permissions import Role
from community.trust_property.errors import audits as errors
from community.trust_property.errors.questions import PersonalWords
from community.trust_property.queries import audits as queries
from community.trust_property.rules.audits import Entry, OpinionKind, SampleReason, Severity, draw
from community.trust_property.service import audits as service
from tests import builders
from tests.trust_property.acts import published, receive, working_scene
from tests.trust_property.scene import Scene, make_scene
from tests.trust_property.test_views_bills import hidden

DAY = date(2026, 11, 20)
PLAN = service.AuditPlan(date(2026, 11, 1), date(2026, 11, 22), 1_000_00, 3)
LARGE = (5_000_00, 1_000_00)
SMALL = tuple(fen * 100 for fen in range(1, 11))


def entries(scene: Scene) -> None:
    """Let two large and ten small amounts come in."""
    for fen in (*LARGE, *SMALL):
        receive(scene, fen, DAY, f"in:{fen}")


def seal(scene: Scene) -> None:
    """Let the log's next checkpoint be signed."""
    db.write(transparency.checkpoint_now, Actor.system(scene.community_id))


def announce(scene: Scene, actor: Actor | None = None, plan: service.AuditPlan = PLAN) -> int:
    made: int = db.write(service.announce_audit, actor or scene.auditor, scene.fund_id, plan)
    return made


def drawn(scene: Scene) -> int:
    """Announce an audit and draw its sample; tells the audit."""
    entries(scene)
    made = announce(scene)
    seal(scene)
    db.write(service.draw_sample, scene.auditor, scene.fund_id, made)
    return made


def file(scene: Scene, audit_id: int, actor: Actor | None = None) -> queries.AuditFile:
    with db.read() as session:
        return queries.get_audit(session, actor or scene.neighbour, scene.fund_id, audit_id)


def find(scene: Scene, audit_id: int, entry: int, **given: Any) -> int:
    words = given.get("words", "没有附发票。")
    asked = (scene.fund_id, audit_id, entry, Severity.MINOR, words)
    made: int = db.write(service.add_finding, given.get("actor", scene.auditor), *asked)
    return made


def look_through(scene: Scene, audit_id: int) -> None:
    for each in file(scene, audit_id).sample:
        asked = (scene.fund_id, audit_id, each.transaction_id)
        db.write(service.check_entry, scene.auditor, *asked)


def conclude(scene: Scene, audit_id: int, actor: Actor | None = None) -> int:
    asked = (scene.fund_id, audit_id, OpinionKind.QUALIFIED, "除一笔没有发票外，账目真实。")
    made: int = db.write(service.give_opinion, actor or scene.auditor, *asked)
    return made


@pytest.mark.once
def test_the_draw_is_the_sum_of_seed_and_number_and_nothing_else() -> None:
    found = draw([Entry(7, 50), Entry(8, 100), Entry(9, 99), Entry(10, 300)], "ab", 100, 1)
    lots = {each: hashlib.sha256(f"ab{each}".encode()).hexdigest() for each in (7, 9)}
    lowest = min(lots, key=lambda each: lots[each])
    assert [(each.entry.id, each.reason) for each in found] == [
        (10, SampleReason.SIZE),
        (8, SampleReason.SIZE),
        (lowest, SampleReason.RANDOM),
    ]
    assert draw([Entry(9, 99), Entry(7, 50)], "ab", 100, 0) == ()


def test_the_seed_comes_after_the_announcement(database: Database) -> None:
    scene = working_scene()
    entries(scene)
    seal(scene)
    made = announce(scene)
    with pytest.raises(errors.SeedNotYet):
        db.write(service.draw_sample, scene.auditor, scene.fund_id, made)
    seal(scene)
    assert db.write(service.draw_sample, scene.auditor, scene.fund_id, made) == 5
    with db.read() as session:
        root = transparency.latest_checkpoint(session, scene.community_id)
    found = file(scene, made)
    assert root is not None
    assert found.audit.seed == root.root.hex()
    (told,) = published(scene, "trust.sample")
    assert told["seed"] == found.audit.seed
    assert len(told["by_size"]) == 2
    assert told["at_random"] == [
        each.transaction_id for each in found.sample if each.reason is SampleReason.RANDOM
    ]


def test_the_sample_is_frozen_and_later_entries_are_not_in_it(database: Database) -> None:
    scene = working_scene()
    entries(scene)
    made = announce(scene)
    seal(scene)
    receive(scene, 9_000_00, DAY, "late")
    db.write(service.draw_sample, scene.auditor, scene.fund_id, made)
    amounts = [each.amount_fen for each in file(scene, made).sample]
    assert amounts[:2] == [5_000_00, 1_000_00]
    assert 9_000_00 not in amounts
    assert file(scene, made).audit.entry_count == len(LARGE) + len(SMALL)
    with pytest.raises(errors.AlreadyDrawn):
        db.write(service.draw_sample, scene.auditor, scene.fund_id, made)


def test_findings_stand_with_replies_and_the_opinion_closes_once(database: Database) -> None:
    scene = working_scene()
    made = drawn(scene)
    entry = file(scene, made).sample[0].transaction_id
    finding = find(scene, made, entry)
    asked = (scene.fund_id, made, finding, "发票已补，附后。")
    db.write(service.reply_to_finding, scene.firm, *asked)
    db.write(service.reply_to_finding, scene.committee, *asked)
    with pytest.raises(errors.SampleUnfinished):
        conclude(scene, made)
    look_through(scene, made)
    conclude(scene, made)
    with pytest.raises(errors.AuditClosed):
        conclude(scene, made)
    with pytest.raises(errors.AuditClosed):
        find(scene, made, entry)
    found = file(scene, made)
    assert [each.side for each in found.findings[0].replies] == ["property", "committee"]
    assert found.opinion is not None
    assert found.opinion.kind is OpinionKind.QUALIFIED
    assert [each["text"] for each in published(scene, "trust.finding")] == ["没有附发票。"]
    assert len(published(scene, "trust.opinion")) == 1


def test_what_is_no_audit(database: Database) -> None:
    scene = working_scene()
    backwards = service.AuditPlan(PLAN.until, PLAN.since, 1, 1)
    tomorrow = service.AuditPlan(PLAN.since, clock.today() + timedelta(days=1), 1, 1)
    for plan in (backwards, tomorrow):
        with pytest.raises(errors.PeriodUnclear):
            announce(scene, plan=plan)
    made = announce(scene)
    with pytest.raises(errors.NotDrawn):
        conclude(scene, made)
    with pytest.raises(errors.EntryNotSampled):
        find(scene, made, 1)
    made = drawn(scene)
    with pytest.raises(errors.FindingNotFound):
        db.write(service.reply_to_finding, scene.firm, scene.fund_id, made, 99, "没有这条。")
    entry = file(scene, made).sample[0].transaction_id
    with pytest.raises(PersonalWords):
        find(scene, made, entry, words="王秀英没有签字。")


def test_only_an_auditor_without_a_key_audits(database: Database) -> None:
    scene = working_scene()
    made = drawn(scene)
    entry = file(scene, made).sample[0].transaction_id
    finding = find(scene, made, entry)
    for actor in (scene.firm, scene.committee, scene.staff, scene.owner):
        with pytest.raises(NotAllowed):
            announce(scene, actor)
        with pytest.raises(NotAllowed):
            find(scene, made, entry, actor=actor)
        with pytest.raises(NotAllowed):
            conclude(scene, made, actor)
    for actor in (scene.auditor, scene.owner):
        with pytest.raises(NotAllowed):
            _reply(actor, scene.fund_id, made, finding, "不是我答。")
    builders.grant(scene.community_id, scene.committee.person_id or 0, Role.AUDITOR)
    both = builders.actor(scene.community_id, scene.committee.person_id or 0)
    with pytest.raises(errors.KeyHolderAudits):
        announce(scene, both)


def test_an_outsider_finds_nothing(database: Database) -> None:
    scene = working_scene()
    made = drawn(scene)
    there = make_scene("lanhua")
    _refused(lambda: announce(scene, there.auditor))
    _refused(lambda: file(scene, made, there.auditor))
    _refused(lambda: conclude(scene, made, there.auditor))


def test_the_database_rewrites_no_audit(database: Database) -> None:
    scene = working_scene()
    made = drawn(scene)
    find(scene, made, file(scene, made).sample[0].transaction_id)
    for sql in (
        "UPDATE trust_audit SET seed = 'a'",
        "UPDATE trust_audit SET at_least_fen = 1",
        "UPDATE trust_sample SET transaction_id = 1",
        "UPDATE trust_sample SET checked_by = NULL, checked_at = NULL",
        "DELETE FROM trust_sample",
        "UPDATE trust_finding SET words = ''",
        "DELETE FROM trust_finding",
        (
            "INSERT INTO trust_sample (community_id, audit_id, number, transaction_id, amount_fen,"
            f" reason) VALUES ({scene.community_id}, {made}, 99, 1, 1, 'size')"
        ),
        (
            "INSERT INTO trust_opinion (community_id, audit_id, kind, words, given_by, given_at)"
            f" VALUES ({scene.community_id}, {made}, 'adverse', 'x', 1, 1)"
        ),
    ):
        with pytest.raises(DBAPIError):
            db.write(_run, scene.staff, sql)


def test_an_auditor_works_at_the_desk_and_everybody_sees_it(
    database: Database, client: FlaskClient
) -> None:
    scene = working_scene()
    entries(scene)
    builders.sign_in(client, scene.auditor.person_id or 0)
    desk = f"/c/guihua/desk/fund/{scene.fund_id}/audits"
    plan = {
        "since": "2026-11-01",
        "until": "2026-11-22",
        "at_least_fen": "1000",
        "random_count": "1",
    }
    made = client.post(desk, data=hidden(client, "/c/guihua/desk/audits") | plan)
    assert made.status_code == 303
    page = made.location
    public = page.replace("/desk", "")
    visitor = client.application.test_client()
    early = client.post(f"{page}/draw", data=hidden(client, page))
    assert (early.status_code, "检查点" in early.text) == (409, True)
    seal(scene)
    assert client.post(f"{page}/draw", data=hidden(client, page)).status_code == 303
    assert "从 12 笔账里抽出 3 笔" in visitor.get(public).text
    sample = file(scene, int(page.rpartition("/")[2])).sample
    for each in sample:
        form = hidden(client, page) | {"transaction_id": f"{each.transaction_id}"}
        assert client.post(f"{page}/check", data=form).status_code == 303
    form = hidden(client, page) | {
        "transaction_id": f"{sample[0].transaction_id}",
        "severity": "major",
        "words": "没有附发票。",
    }
    assert client.post(f"{page}/findings", data=form).status_code == 303
    firm = client.application.test_client()
    builders.sign_in(firm, scene.firm.person_id or 0)
    finding = file(scene, int(page.rpartition("/")[2])).findings[0].id
    form = hidden(firm, page) | {"words": "发票已补。"}
    assert firm.post(f"{page}/findings/{finding}/replies", data=form).status_code == 303
    form = hidden(client, page) | {"kind": "adverse", "words": "账目有重大不实。"}
    assert client.post(f"{page}/opinion", data=form).status_code == 303
    told = visitor.get(public).text
    for words in ("否定意见", "没有附发票。", "发票已补。", "重大问题"):
        assert words in told
    assert "否定意见" in visitor.get(public.rpartition("/")[0]).text


def _reply(actor: Actor, *asked: Any) -> None:
    db.write(service.reply_to_finding, actor, *asked)


def _run(session: Session, actor: Actor, sql: str) -> None:
    session.execute(text(sql))


def _refused(act: Callable[[], object]) -> None:
    with pytest.raises(Refusal):
        act()
