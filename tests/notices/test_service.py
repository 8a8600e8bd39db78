"""The commands of notices and messages: accepted, refused, edges; owner, neighbour, outsider."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from community import notices
from community.kernel import clock, db, files, outbox
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed, NotFound
from community.kernel.outbox import Channel, OutboxMessage, OutboxState
from community.notices import Outcome, service
from community.notices.errors import (
    AlreadyAnswered,
    AlreadyObjected,
    NoticeNotOpen,
    NoticeOver,
    NoticeWithdrawn,
    OwnObjection,
    PhotoNeeded,
)
from tests import builders
from tests.conftest import NOON
from tests.notices.conftest import Scene, draft, publish


def acting(scene: Scene, person: int) -> Actor:
    return builders.actor(scene.community, person)


def photo() -> files.Ready:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(drawn, "JPEG")
    return files.take_in(files.Upload("墙.jpg", drawn.getvalue()))


def send(scene: Scene, to: int, title: str = "明天有雨") -> None:
    db.write(notices.send, Actor.system(scene.community), to, title, "活动改到周日。", "shifts/1")


def test_a_message_is_in_the_inbox_until_read(database: Database, scene: Scene) -> None:
    send(scene, scene.resident)
    with database.read() as session:
        found = notices.inbox(session, scene.community, scene.resident)
    assert [each.title for each in found.messages] == ["明天有雨"]
    assert found.unread == 1
    link = db.write(service.read_message, acting(scene, scene.resident), found.messages[0].id)
    assert link == "shifts/1"
    with database.read() as session:
        assert notices.unread_count(session, scene.community, scene.resident) == 0


def test_nobody_reads_a_neighbours_message(database: Database, scene: Scene) -> None:
    send(scene, scene.resident)
    with database.read() as session:
        message = notices.inbox(session, scene.community, scene.resident).messages[0]
    for reader in (acting(scene, scene.neighbour), builders.actor(scene.elsewhere, scene.outsider)):
        with pytest.raises(NotFound):
            db.write(service.read_message, reader, message.id)
    with database.read() as session:
        assert notices.unread_count(session, scene.community, scene.resident) == 1


def test_no_message_goes_to_the_dead_or_to_strangers(database: Database, scene: Scene) -> None:
    def die(session: Session, actor: Actor) -> None:
        session.execute(
            text("UPDATE person SET died_on = 20261101 WHERE id = :id"), {"id": scene.resident}
        )

    db.write(die, Actor.system(scene.community))
    send(scene, scene.resident)
    send(scene, scene.outsider)
    with database.read() as session:
        assert notices.inbox(session, scene.community, scene.resident).messages == ()
        assert notices.inbox(session, scene.community, scene.outsider).messages == ()


def queued(database: Database) -> list[OutboxMessage]:
    with database.read() as session:
        return list(session.scalars(select(OutboxMessage)))


def test_a_text_message_waits_for_the_end_of_quiet_hours(database: Database, scene: Scene) -> None:
    outbox.set_sender(Channel.SMS, outbox.ConsoleSender())
    with clock.fixed(clock.at(clock.day_of(NOON), 23)):
        send(scene, scene.resident)
    (row,) = queued(database)
    assert row.next_try_at == clock.at(clock.day_of(NOON) + timedelta(days=1), 7)
    assert row.state is OutboxState.WAITING


def test_who_wants_no_text_messages_gets_none(database: Database, scene: Scene) -> None:
    outbox.set_sender(Channel.SMS, outbox.ConsoleSender())
    db.write(service.keep_preference, acting(scene, scene.resident), False, 0, 0)
    send(scene, scene.resident)
    assert queued(database) == []
    with database.read() as session:
        assert notices.unread_count(session, scene.community, scene.resident) == 1


def test_notices_are_numbered_without_gaps(database: Database, scene: Scene) -> None:
    first, second = publish(scene), publish(scene, draft("评优公示"))
    with database.read() as session:
        assert notices.get_notice(session, scene.community, first).number == 1
        assert notices.get_notice(session, scene.community, second).code == "2026-0002"


def test_only_some_may_publish(scene: Scene) -> None:
    with pytest.raises(NotAllowed):
        db.write(notices.publish_notice, acting(scene, scene.resident), draft())


def test_a_notice_of_another_community_is_not_found(database: Database, scene: Scene) -> None:
    notice_id = publish(scene)
    outsider = builders.actor(scene.elsewhere, scene.outsider)
    with pytest.raises(NotFound):
        db.write(service.withdraw_notice, outsider, notice_id, "写错了")
    with database.read() as session, pytest.raises(NotFound):
        notices.get_notice(session, scene.elsewhere, notice_id)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE notice SET body = '改' WHERE id = :id",
        "UPDATE notice SET closes_at = closes_at + 1 WHERE id = :id",
        "DELETE FROM notice WHERE id = :id",
    ],
)
def test_a_published_text_cannot_be_changed_around_the_application(scene: Scene, sql: str) -> None:
    notice_id = publish(scene)

    def forge(session: Session, actor: Actor) -> None:
        session.execute(text(sql), {"id": notice_id})

    with pytest.raises(IntegrityError):
        db.write(forge, Actor.system(scene.community))


def test_a_withdrawn_notice_says_why_and_stays(database: Database, scene: Scene) -> None:
    notice_id = publish(scene)
    staff = acting(scene, scene.staff)
    db.write(service.withdraw_notice, staff, notice_id, "金额写错")
    with database.read() as session:
        found = notices.get_notice(session, scene.community, notice_id)
    assert (found.phase, found.withdrawn_reason) == (notices.NoticePhase.WITHDRAWN, "金额写错")
    with pytest.raises(NoticeWithdrawn):
        db.write(service.withdraw_notice, staff, notice_id, "再撤一次")
    with pytest.raises(NoticeWithdrawn):
        db.write(service.raise_objection, acting(scene, scene.resident), notice_id, "我不同意这个")


def test_a_posting_needs_its_photo(database: Database, scene: Scene) -> None:
    notice_id = publish(scene)
    staff = acting(scene, scene.staff)
    with pytest.raises(PhotoNeeded):
        db.write(service.prove_posting, staff, notice_id, "3 号楼", clock.now(), None)
    db.write(service.prove_posting, staff, notice_id, "3 号楼", clock.now(), photo())
    with database.read() as session:
        (kept,) = notices.postings_of(session, scene.community, notice_id)
        assert kept.place == "3 号楼"
        assert files.get_file(session, scene.community, kept.file_id).is_image


def test_an_objection_is_answered_once_by_somebody_else(database: Database, scene: Scene) -> None:
    notice_id = publish(scene)
    own = acting(scene, scene.staff)
    objection_id = db.write(service.raise_objection, own, notice_id, "支出少写了一笔")
    with pytest.raises(OwnObjection):
        db.write(service.answer_objection, own, objection_id, Outcome.REJECTED, "已经核对")
    second = acting(scene, scene.second_staff)
    db.write(service.answer_objection, second, objection_id, Outcome.UPHELD, "属实，已更正。")
    with pytest.raises(AlreadyAnswered):
        db.write(service.answer_objection, second, objection_id, Outcome.NOTED, "改个说法")
    with database.read() as session:
        (kept,) = notices.objections_of(session, scene.community, notice_id)
        assert (kept.outcome, kept.answer) == (Outcome.UPHELD, "属实，已更正。")
        assert notices.unread_count(session, scene.community, scene.staff) == 1


def test_an_answer_is_due_in_five_working_days(database: Database, scene: Scene) -> None:
    notice_id = publish(scene)
    db.write(service.raise_objection, acting(scene, scene.resident), notice_id, "支出少写了一笔")
    with database.read() as session:
        (kept,) = notices.objections_of(session, scene.community, notice_id)
    # Sunday the 22nd does not count; Monday to Friday are five.
    assert kept.answer_due_on.isoformat() == "2026-11-27"


def test_one_open_objection_a_person(scene: Scene) -> None:
    notice_id = publish(scene)
    actor = acting(scene, scene.resident)
    db.write(service.raise_objection, actor, notice_id, "支出少写了一笔")
    with pytest.raises(AlreadyObjected):
        db.write(service.raise_objection, actor, notice_id, "还有一笔也不对")
    db.write(service.raise_objection, acting(scene, scene.neighbour), notice_id, "我也不同意")


def test_objections_only_within_the_period(scene: Scene) -> None:
    coming, short = publish(scene, draft(opens_in=1)), publish(scene, draft(days=1))
    actor = acting(scene, scene.resident)
    with pytest.raises(NoticeNotOpen):
        db.write(service.raise_objection, actor, coming, "太早了也要说")
    closes_at = NOON + timedelta(days=1)
    with clock.fixed(closes_at), pytest.raises(NoticeOver):
        db.write(service.raise_objection, actor, short, "正好到点的意见")
    with clock.fixed(closes_at - timedelta(seconds=1)):
        db.write(service.raise_objection, actor, short, "还差一秒的意见")


def test_an_outsider_neither_objects_nor_answers(scene: Scene) -> None:
    notice_id = publish(scene)
    objection_id = db.write(
        service.raise_objection, acting(scene, scene.resident), notice_id, "支出少写了一笔"
    )
    outsider = builders.actor(scene.elsewhere, scene.outsider)
    neighbour = acting(scene, scene.neighbour)
    with pytest.raises(NotFound):
        db.write(service.raise_objection, outsider, notice_id, "外人的意见")
    with pytest.raises(NotFound):
        db.write(service.answer_objection, outsider, objection_id, Outcome.NOTED, "外人的答复")
    with pytest.raises(NotAllowed):
        db.write(service.answer_objection, neighbour, objection_id, Outcome.NOTED, "邻居的答复")


def test_erasure_takes_the_words_and_keeps_the_answer(database: Database, scene: Scene) -> None:
    notice_id = publish(scene)
    send(scene, scene.resident)
    objection_id = db.write(
        service.raise_objection, acting(scene, scene.resident), notice_id, "我家 301 不同意"
    )
    staff = acting(scene, scene.staff)
    db.write(service.answer_objection, staff, objection_id, Outcome.NOTED, "已记录意见")
    with database.read() as session:
        held = notices.export_person(session, scene.community, scene.resident)
    assert [each["reason"] for each in held["objections"]] == ["我家 301 不同意"]
    assert len(held["messages"]) == 2
    db.write(notices.erase_person, Actor.system(scene.community), scene.resident)
    with database.read() as session:
        held = notices.export_person(session, scene.community, scene.resident)
        (kept,) = notices.objections_of(session, scene.community, notice_id)
    assert held["messages"] == []
    assert "301" not in kept.reason
    assert kept.answer == "已记录意见"


def test_a_merge_gives_everything_to_the_person_kept(database: Database, scene: Scene) -> None:
    notice_id = publish(scene)
    send(scene, scene.neighbour)
    db.write(service.raise_objection, acting(scene, scene.neighbour), notice_id, "支出少写了")
    system = Actor.system(scene.community)
    db.write(notices.merge_person, system, scene.resident, scene.neighbour)
    with database.read() as session:
        assert notices.unread_count(session, scene.community, scene.resident) == 1
        (kept,) = notices.objections_of(session, scene.community, notice_id)
    assert kept.person_id == scene.resident
