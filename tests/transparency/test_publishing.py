"""Publishing with the act, and hiding what is personal."""

from __future__ import annotations

import json

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from community import transparency
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from tests import builders
from tests.conftest import NOON
from tests.ledger.books import around


def publish(session: Session, actor: Actor, kind: str, fields: dict[str, object]) -> int:
    return transparency.publish(session, actor.community_id, kind, fields)


def hide(session: Session, actor: Actor, value: str) -> str:
    return transparency.hide(session, actor.community_id, value)


def forget(session: Session, actor: Actor, value: str) -> int:
    return transparency.forget(session, actor.community_id, value)


def test_record_is_canonical_json(database: Database) -> None:
    actor = Actor.system(builders.make_community())
    fields: dict[str, object] = {"statement": 7, "from": "2026-11-01", "name": "桂花里“一期”\n"}
    record_id = db.write(publish, actor, "trust.statement", fields)
    with db.read() as session:
        record = transparency.get_record(session, actor.community_id, record_id)
        assert transparency.find_record(session, actor.community_id, "trust.statement", 7) == record
        assert transparency.find_record(session, actor.community_id, "trust.statement", 8) is None
    assert record.content.decode() == (
        f'{{"at":{clock.micros(NOON)},"community":{actor.community_id},"from":"2026-11-01",'
        '"kind":"trust.statement","name":"桂花里“一期”\\n","statement":7}'
    )
    assert json.loads(record.content) == record.fields
    assert not record.is_sealed


def test_undone_act_publishes_nothing(database: Database) -> None:
    actor = Actor.system(builders.make_community())

    def fail(session: Session, actor: Actor) -> None:
        publish(session, actor, "trust.fund", {"fund": 1})
        raise transparency.UnknownRecord

    with pytest.raises(transparency.UnknownRecord):
        db.write(fail, actor)
    with db.read() as session:
        assert transparency.find_record(session, actor.community_id, "trust.fund", 1) is None


@pytest.mark.parametrize("spare", [0, 1])
def test_record_of_64_kib_is_refused(database: Database, spare: int) -> None:
    actor = Actor.system(builders.make_community())
    empty = db.write(publish, actor, "t.long", {"text": ""})
    with db.read() as session:
        around_it = len(transparency.get_record(session, actor.community_id, empty).content)
    text = "a" * (65_535 - around_it + spare)
    if spare:
        with pytest.raises(transparency.RecordTooLong, match="65536"):
            db.write(publish, actor, "t.long", {"text": text})
    else:
        assert db.write(publish, actor, "t.long", {"text": text})


@pytest.mark.parametrize("value", [0.5, b"x", {1: 2}, {"deep": [{"er": 1.0}]}])
def test_only_plain_json_with_whole_numbers(database: Database, value: object) -> None:
    actor = Actor.system(builders.make_community())

    def wrong(session: Session, actor: Actor) -> None:
        publish(session, actor, "t.wrong", {"value": value})

    with pytest.raises(transparency.RecordUnclear):
        db.write(wrong, actor)


def test_own_words_cannot_be_overwritten(database: Database) -> None:
    actor = Actor.system(builders.make_community())
    with pytest.raises(transparency.RecordUnclear, match="own words"):
        db.write(publish, actor, "t.wrong", {"at": 1})


def test_records_of_another_community_are_unknown(database: Database) -> None:
    ours = Actor.system(builders.make_community())
    theirs = builders.make_community("lanhua", "兰花里社区")
    record_id = db.write(publish, ours, "t.ours", {"ours": 1})
    with db.read() as session, pytest.raises(transparency.UnknownRecord):
        transparency.get_record(session, theirs, record_id)


def test_same_value_hides_alike_until_forgotten(database: Database) -> None:
    actor = Actor.system(builders.make_community())
    other = Actor.system(builders.make_community("lanhua", "兰花里社区"))
    first = db.write(hide, actor, "person:7")
    assert first == db.write(hide, actor, "person:7")
    assert len(first) == 64
    assert first != db.write(hide, actor, "person:8")
    assert first != db.write(hide, other, "person:7")
    in_an_act = db.write(hide, actor, "receipt:1|person:7")
    assert in_an_act not in {first, db.write(hide, actor, "receipt:2|person:7")}
    assert db.write(forget, actor, "person:7") == 3
    assert db.write(forget, actor, "person:7") == 0
    assert first != db.write(hide, actor, "person:7")


@pytest.mark.parametrize("sql", ["DELETE FROM {}", "UPDATE {} SET kind = 'x'"])
def test_database_keeps_records(database: Database, sql: str) -> None:
    actor = Actor.system(builders.make_community())
    db.write(publish, actor, "t.kept", {"kept": 1})
    with around(database) as (at, _), pytest.raises((DBAPIError, Exception), match="append-only"):
        at.run(sql.format("transparency_record"))
