"""Deliveries that voters deny, and corrections of a posted roll."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community import deliberation, notices
from community.deliberation import DeliveryWay, Turnout
from community.deliberation.errors import delivery as errors
from community.deliberation.errors.polls import (
    AlreadyClosed,
    NotOnRoll,
    RollEntryNotFound,
    RollHasGaps,
    WrongPollState,
)
from community.deliberation.models import Delivery, RollCorrection
from community.deliberation.queries import deliveries as queries
from community.deliberation.queries import roll_corrections
from community.deliberation.queries.turnout import find_turnout
from community.deliberation.service import delivery, papers
from community.deliberation.service import roll_corrections as correcting
from community.kernel import clock, db, ids
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed
from tests import builders
from tests.deliberation.test_owners_votes import counted, estate, owners_poll, shares, vote
from tests.deliberation.test_papers import make_hall, scan
from tests.deliberation.test_poll_pages import client_of, post, text_of
from tests.deliberation.voting import (
    YES,
    Street,
    decide,
    draft,
    during,
    entries_of,
    frozen,
    make_street,
    poll_of,
)

pytestmark = pytest.mark.usefixtures("database")


def deliver(street: Street, entry: int, **changes: Any) -> int:
    made: int = db.write(
        delivery.record_delivery,
        street.convener,
        entry,
        changes.pop("way", DeliveryWay.DOOR),
        changes.pop("at", clock.now()),
        "",
        changes.pop("photo", None),
    )
    return made


def deny(street: Street, number: int, entry: int, words: str = "") -> None:
    db.write(delivery.dispute_delivery, street.voter(number), entry, words)


@pytest.mark.parametrize(("again", "participating"), [(False, 3), (True, 4)])
def test_a_denied_delivery_counts_again_only_with_proof(again: bool, participating: int) -> None:
    street, people = estate([10_000] * 4)
    street.people += people
    settings = {"item": 4, "silent": "delivered_participates"}
    poll_id = owners_poll(street, settings=settings)
    entries = entries_of(street, poll_id)
    with during(street, poll_id):
        vote(street, poll_id, [(people[0], YES), (people[1], YES)])
        for entry in entries:
            deliver(street, entry)
        voter = Actor(street.community_id, people[2], grants=frozenset({"deliberation.vote"}))
        for _ in range(2):
            db.write(delivery.dispute_delivery, voter, entries[2], "全家不在")
        with db.read() as session:
            told = notices.inbox(session, street.community_id, street.convener.person_id or 0)
            neighbour = notices.inbox(session, street.community_id, people[3])
        assert [each.link for each in told.messages if "没有收到" in each.title] == [
            f"desk/polls/{poll_id}/entries/{entries[2]}"
        ]
        assert not [each for each in neighbour.messages if "没有收到" in each.title]
        with pytest.raises(errors.AgainWithProof):
            deliver(street, entries[2])
        with pytest.raises(errors.AgainAfterDenial):
            deliver(street, entries[2], at=clock.now() - timedelta(hours=1), photo=scan())
        if again:
            made = deliver(street, entries[2], photo=scan())
            assert deliver(street, entries[2], photo=scan()) == made
            with pytest.raises(errors.DeliveryProved):
                db.write(delivery.dispute_delivery, voter, entries[2], "")
    decide(street, poll_id)
    found = shares(counted(street, poll_id))
    assert found["participation_heads"][:2] == (participating, 4)


def test_only_the_voter_denies_and_only_before_the_end() -> None:
    street = make_street(3)
    poll_id = frozen(street)
    entries = entries_of(street, poll_id)
    with during(street, poll_id) as closes_at:
        with pytest.raises(errors.NotDelivered):
            deny(street, 0, entries[0])
        deliver(street, entries[0])
        with pytest.raises(NotOnRoll):
            deny(street, 1, entries[0])
        outsider = make_street(1, "lanting")
        with pytest.raises(RollEntryNotFound):
            deny(outsider, 0, entries[0])
        with pytest.raises(NotAllowed):
            db.write(
                delivery.record_delivery,
                street.voter(0),
                entries[1],
                DeliveryWay.HAND,
                clock.now(),
            )
    with clock.fixed(closes_at), pytest.raises(AlreadyClosed):
        deny(street, 0, entries[0])


def test_a_ballot_is_delivered_after_the_freeze_and_not_in_the_future() -> None:
    street = make_street(1)
    poll_id = frozen(street)
    (entry,) = entries_of(street, poll_id)
    for wrong in (timedelta(minutes=-2), timedelta(minutes=2)):
        with pytest.raises(errors.BadDeliveryTime):
            deliver(street, entry, at=clock.now() + wrong)
    first = deliver(street, entry)
    assert deliver(street, entry) == first


def test_the_desk_sees_denials_first_and_never_takes_them_back() -> None:
    street = make_street(3)
    poll_id = frozen(street)
    entries = entries_of(street, poll_id)
    with during(street, poll_id):
        for entry in entries[1:]:
            deliver(street, entry)
        deny(street, 2, entries[2], "没人敲门")
        with db.read() as session:
            listed = queries.deliveries_of(session, street.convener, poll_id)
            own = queries.get_own_delivery(session, street.voter(2), poll_id, entries[2])
            with pytest.raises(NotOnRoll):
                queries.get_own_delivery(session, street.voter(1), poll_id, entries[2])
        assert [each.number for each in listed] == [3, 1, 2]
        assert own.disputed_words == "没人敲门"

        def take_back(session: Session, actor: Actor) -> None:
            session.execute(
                update(Delivery)
                .where(Delivery.roll_entry_id == entries[2])
                .values(disputed_at=None)
                .execution_options(synchronize_session=False)
            )

        with pytest.raises(Exception, match="kept as it was written"):
            db.write(take_back, street.convener)


def test_returned_papers_are_turnout_where_it_is_shown() -> None:
    hall = make_hall(turnout=Turnout.SHOWN)
    with during(hall.street, hall.poll_id):
        db.write(papers.log_return, hall.clerks[0], hall.codes()[0])
        db.write(deliberation.cast_ballot, hall.street.voter(0), hall.poll_id, YES)
        db.write(papers.log_return, hall.clerks[0], hall.codes()[2])
        with db.read() as session:
            turnout = find_turnout(session, hall.clerks[0], hall.poll_id)
    assert turnout is not None
    assert (turnout.heads, turnout.of_heads) == (2, 4)


def posted(street: Street) -> int:
    poll_id: int = db.write(deliberation.draft_poll, street.convener, draft(street))
    db.write(deliberation.post_roll, street.convener, poll_id)
    return poll_id


def ask(street: Street, number: int, poll_id: int, words: str, entry: int | None = None) -> int:
    made: int = db.write(correcting.ask_correction, street.voter(number), poll_id, words, entry)
    return made


def test_an_unanswered_correction_is_a_gap_until_it_is_answered() -> None:
    street = make_street(2)
    poll_id = posted(street)
    entries = entries_of(street, poll_id)
    made = ask(street, 0, poll_id, "名字写错了", entries[0])
    assert poll_of(street, poll_id).gaps == 1
    with pytest.raises(RollHasGaps):
        db.write(deliberation.freeze_poll, street.convener, poll_id)
    with pytest.raises(errors.CorrectionWaits):
        ask(street, 0, poll_id, "还有面积")
    with pytest.raises(errors.WordsMissing):
        db.write(correcting.answer_correction, street.convener, made, " ")
    with pytest.raises(NotAllowed):
        db.write(correcting.answer_correction, street.voter(1), made, "不改")
    db.write(correcting.answer_correction, street.convener, made, "已改为身份证上的名字")
    with pytest.raises(errors.CorrectionAnswered):
        db.write(correcting.answer_correction, street.convener, made, "又改了")
    with db.read() as session:
        told = notices.inbox(session, street.community_id, street.people[0])
        (own,) = roll_corrections.own_corrections(session, street.voter(0), poll_id)
        assert roll_corrections.count_corrections(session, street.voter(1), poll_id) == (1, 1)
        assert roll_corrections.own_corrections(session, street.voter(1), poll_id) == ()
    assert any("更正" in each.title for each in told.messages)
    assert own.answer == "已改为身份证上的名字"
    db.write(deliberation.freeze_poll, street.convener, poll_id)
    with pytest.raises(WrongPollState):
        ask(street, 1, poll_id, "晚了", entries[1])


def test_corrections_are_of_the_own_entry_or_of_a_missing_one() -> None:
    street = make_street(2)
    poll_id = posted(street)
    entries = entries_of(street, poll_id)
    with pytest.raises(NotOnRoll):
        ask(street, 0, poll_id, "邻居的面积不对", entries[1])
    for words in (" ", "字" * 301):
        with pytest.raises(errors.WordsMissing):
            ask(street, 0, poll_id, words, entries[0])
    missing = builders.make_person(street.community_id, "贺兰")
    street.people.append(missing)
    made = ask(street, 2, poll_id, "名册上没有我")
    other = make_street(1, "lanting")
    with pytest.raises(errors.CorrectionNotFound):
        db.write(correcting.answer_correction, other.convener, made, "不归我管")
    db.write(deliberation.freeze_poll, street.convener, poll_id, "本人不是成员，已当面说明")


def test_personal_words_leave_with_their_person() -> None:
    street = make_street(2)
    poll_id = posted(street)
    ask(street, 0, poll_id, "我改名叫甲", entries_of(street, poll_id)[0])
    with db.read() as session:
        mine = deliberation.export_person(session, street.community_id, street.people[0])
        others = deliberation.export_person(session, street.community_id, street.people[1])
    assert [each["words"] for each in mine["roll_corrections"]] == ["我改名叫甲"]
    assert others["roll_corrections"] == []
    db.write(deliberation.merge_person, street.system, street.people[1], street.people[0])
    db.write(deliberation.erase_person, street.system, street.people[1])
    with db.read() as session:
        kept = session.execute(select(RollCorrection.asked_by, RollCorrection.words)).one()
    assert tuple(kept) == (street.people[1], "已删除")


@pytest.fixture
def _no_tokens(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let posts come without a form's token."""
    monkeypatch.setitem(app.config, "WTF_CSRF_METHODS", set())


@pytest.mark.usefixtures("_no_tokens")
def test_pages_of_corrections(app: Flask) -> None:
    street = make_street(2)
    poll_id = posted(street)
    entry = entries_of(street, poll_id)[0]
    voter, desk = client_of(app, street.people[0]), client_of(app, street.convener.person_id or 0)
    path = f"/c/guihua/polls/{poll_id}/roll"
    assert "申请更正" in text_of(voter.get(path))
    empty = post(voter, f"{path}/corrections", words="", roll_entry_id=entry)
    assert empty.status_code == 422
    sent = post(voter, f"{path}/corrections", words="面积应为 89.50", roll_entry_id=entry)
    assert sent.status_code == 303, text_of(sent)
    assert "等答复" in text_of(voter.get(path))
    neighbour = text_of(client_of(app, street.people[1]).get(path))
    assert "收到 1 份更正申请，已答复 0 份" in neighbour
    assert "面积应为 89.50 " not in neighbour.replace("例如：面积应为 89.50 平方米", "")
    page = desk.get(f"/c/guihua/desk/polls/{poll_id}/roll").get_data(as_text=True)
    assert "面积应为 89.50" in page
    with db.read() as session:
        (asked,) = roll_corrections.corrections_of(session, street.convener, poll_id)
    answer = f"/c/guihua/desk/polls/{poll_id}/corrections/{asked.id}"
    assert post(voter, answer, answer="好").status_code == 403
    assert post(desk, answer, answer="").status_code == 422
    key = ids.random_code(20)
    for _ in range(2):
        given = desk.post(answer, data={"request_key": key, "answer": "已按产权证更正"})
        assert given.status_code == 303
    assert "已按产权证更正" in text_of(voter.get(path))


@pytest.mark.usefixtures("_no_tokens")
@pytest.mark.parametrize("turnout", list(Turnout))
def test_pages_of_delivery(app: Flask, turnout: Turnout) -> None:
    street = make_street(2)
    poll_id = frozen(street, turnout=turnout)
    entries = entries_of(street, poll_id)
    with during(street, poll_id):
        desk = client_of(app, street.convener.person_id or 0)
        voter = client_of(app, street.people[0])
        base = f"/c/guihua/desk/polls/{poll_id}"
        when = clock.now().astimezone(clock.SHANGHAI).isoformat()[:16]
        path = f"{base}/entries/{entries[0]}/delivery"
        assert post(desk, path, way="door", delivered_at=when).status_code == 303
        own = f"/c/guihua/polls/{poll_id}/entries/{entries[0]}/delivery"
        assert "没有收到？" in text_of(voter.get(f"/c/guihua/polls/{poll_id}"))
        assert client_of(app, street.people[1]).get(own).status_code == 403
        for _ in range(2):
            assert post(voter, own, words="门口没有").status_code == 303
        assert "这一票不算已送达" in text_of(voter.get(own))
        listed = text_of(desk.get(f"{base}/deliveries"))
        assert "本人说没收到" in listed
        again = post(desk, path, way="door", delivered_at=when)
        assert again.status_code == 422
        assert "再次送达要上传" in text_of(again)
        assert desk.get(f"{base}/door-list").data.startswith(b"%PDF")
        assert voter.get(f"{base}/door-list").status_code == 403
