"""Owners' questions: asked once, answered by who must, late ones told, reopened once, logged."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from community import identity, notices
from community import trust_property as room
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed, Refusal
from community.kernel.permissions import Role
from community.trust_property.errors import questions as errors
from community.trust_property.errors.matters import RulesMissing
from community.trust_property.queries import questions as queries
from community.trust_property.rules.questions import (
    QuestionState,
    SubjectKind,
    words_hash,
)
from community.trust_property.service.questions import (
    answer_question,
    ask_question,
    judge_answer,
)
from tests import builders
from tests.conftest import NOON
from tests.trust_property.acts import ask as ask_spending
from tests.trust_property.acts import paper, published, spending_scene, working_scene
from tests.trust_property.scene import Scene, firm_person, make_scene, person
from tests.trust_property.test_views_bills import hidden

WORDS = "电梯今年为什么修了三次？"
# Seven working days after Sunday 22 November.
YES, NO = True, False
DUE = date(2026, 12, 1)


def put(scene: Scene, actor: Actor | None = None, words: str = WORDS) -> int:
    """Let the owner ask about the whole fund."""
    about = (SubjectKind.FUND, scene.fund_id)
    made: int = db.write(ask_question, actor or scene.owner, scene.fund_id, *about, words)
    return made


def answer(scene: Scene, question_id: int, actor: Actor | None = None, **given: Any) -> int:
    """Let the firm answer."""
    asked = (scene.fund_id, question_id, given.get("words", "主板老化，明年更换。"))
    papers = given.get("papers", ())
    made: int = db.write(answer_question, actor or scene.firm, *asked, papers)
    return made


def thread(scene: Scene, question_id: int, actor: Actor | None = None) -> queries.Thread:
    with db.read() as session:
        return queries.get_thread(session, actor or scene.neighbour, scene.fund_id, question_id)


def test_a_question_has_a_due_day_a_masked_asker_and_a_record(database: Database) -> None:
    scene = working_scene()
    made = put(scene)
    found = thread(scene, made).question
    assert (found.due_on, found.asker, found.state) == (DUE, "王**", QuestionState.OPEN)
    (record,) = published(scene, "trust.question")
    assert record["text_sha256"] == words_hash(WORDS)
    assert (record["subject"], record["asked_on"], record["due_on"]) == (
        ["fund", scene.fund_id],
        "2026-11-22",
        DUE.isoformat(),
    )
    assert WORDS not in str(record)
    assert len(record["person"]) == 64


def test_who_must_answer_is_told_and_the_asker_hears_of_the_answer(database: Database) -> None:
    scene = working_scene()
    made = put(scene)
    for actor in (scene.firm, scene.second_firm, scene.committee, scene.second_committee):
        assert "业主提问" in _titles(scene, actor)
    assert "业主提问" not in _titles(scene, scene.owner)
    answer(scene, made)
    assert "您的提问有了答复" in _titles(scene, scene.owner)


def test_an_answer_comes_with_vouchers_everybody_may_see(database: Database) -> None:
    scene = working_scene()
    made = put(scene)
    answer(scene, made, papers=(paper("维修单"),))
    (found,) = thread(scene, made).answers
    assert [each.title for each in found.papers] == ["维修单"]
    (record,) = published(scene, "trust.answer")
    assert record["vouchers"] == [["维修单", found.papers[0].sha256]]
    assert (record["side"], record["late"]) == ("property", False)


def test_the_first_no_reopens_once_with_a_new_due_day(database: Database) -> None:
    scene = working_scene()
    made = put(scene)
    answer(scene, made)
    with clock.fixed(NOON + timedelta(days=5)):
        state = db.write(judge_answer, scene.owner, scene.fund_id, made, NO)
        assert state is QuestionState.REOPENED
        # Seven working days after Friday 27 November.
        assert thread(scene, made).question.due_on == date(2026, 12, 8)
        answer(scene, made, scene.committee, words="已请第三方检测，报告附后。")
        state = db.write(judge_answer, scene.owner, scene.fund_id, made, NO)
    assert state is QuestionState.UNSATISFIED
    with pytest.raises(errors.NothingToJudge):
        db.write(judge_answer, scene.owner, scene.fund_id, made, YES)
    with pytest.raises(errors.QuestionClosed):
        answer(scene, made)
    states = [each["state"] for each in published(scene, "trust.question")]
    assert states == ["open", "reopened", "unsatisfied"]


def test_only_the_asker_judges_and_only_an_answer(database: Database) -> None:
    scene = working_scene()
    made = put(scene)
    with pytest.raises(errors.NothingToJudge):
        db.write(judge_answer, scene.owner, scene.fund_id, made, YES)
    answer(scene, made)
    with pytest.raises(errors.NotTheAsker):
        db.write(judge_answer, scene.neighbour, scene.fund_id, made, YES)
    state = db.write(judge_answer, scene.owner, scene.fund_id, made, YES)
    assert state is QuestionState.SATISFIED


def test_who_may_not_answer(database: Database) -> None:
    scene = working_scene()
    other_firm = builders.make_organization(
        scene.community_id, "另一家物业", identity.OrganizationKind.PROPERTY
    )
    made = put(scene)
    with pytest.raises(NotAllowed):
        answer(scene, made, scene.neighbour)
    with pytest.raises(errors.NotTheirs):
        answer(scene, made, firm_person(scene.community_id, other_firm, "外来"))
    own = put(scene, scene.committee)
    with pytest.raises(errors.AnswersOwnQuestion):
        answer(scene, own, scene.committee)


def test_an_outsider_sees_and_asks_nothing(database: Database) -> None:
    scene = working_scene()
    made = put(scene)
    there = make_scene("lanhua")
    for act in (
        lambda: db.write(
            ask_question, there.owner, scene.fund_id, SubjectKind.FUND, scene.fund_id, WORDS
        ),
        lambda: answer(scene, made, there.committee),
        lambda: db.write(judge_answer, there.owner, scene.fund_id, made, YES),
        lambda: thread(scene, made, there.owner),
    ):
        _refused(act)
    visitor = Actor.visitor(scene.community_id)
    with pytest.raises(NotAllowed):
        put(scene, visitor)
    assert thread(scene, made, visitor).question.asker == "王**"


def test_the_subject_is_of_this_fund(database: Database) -> None:
    scene, payee = spending_scene()
    request = ask_spending(scene, payee)
    other = make_scene("lanhua")
    asked = db.write(
        ask_question, scene.owner, scene.fund_id, SubjectKind.REQUEST, request, "为什么这么贵？"
    )
    assert thread(scene, asked).subject.number == 1
    entry = next(
        each["transaction"]
        for each in published(scene, "ledger.transaction")
        if each["act"] == "hold"
    )
    db.write(ask_question, scene.owner, scene.fund_id, SubjectKind.ENTRY, entry, "这笔是什么？")
    for kind, number in (
        (SubjectKind.REQUEST, request + 100),
        (SubjectKind.ENTRY, entry + 1_000),
        (SubjectKind.RECEIPT, 1),
        (SubjectKind.FUND, other.fund_id),
    ):
        with pytest.raises(errors.SubjectNotFound):
            db.write(ask_question, scene.owner, scene.fund_id, kind, number, WORDS)


def test_asking_twice_waits_and_a_neighbour_may_ask_the_same(database: Database) -> None:
    scene = working_scene()
    made = put(scene)
    with pytest.raises(errors.QuestionWaits):
        put(scene, words="再问一次，为什么？")
    put(scene, scene.neighbour)
    answer(scene, made)
    put(scene, words="再问一次，为什么？")


def test_two_at_once_ask_only_once(database: Database) -> None:
    scene = working_scene()
    done: list[object] = []

    def run() -> None:
        try:
            with clock.fixed(NOON):
                done.append(put(scene))
        except Refusal as refusal:
            done.append(refusal.code())

    threads = [threading.Thread(target=run) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(map(str, done)).count("QuestionWaits") == 3


def test_without_rules_nobody_knows_the_due_day(database: Database) -> None:
    scene = make_scene()
    with pytest.raises(RulesMissing):
        put(scene)


def test_words_with_a_neighbours_name_are_refused_both_ways(database: Database) -> None:
    scene = working_scene()
    with pytest.raises(errors.PersonalWords):
        put(scene, words="李国强家的车位费交了吗？")
    made = put(scene)
    with pytest.raises(errors.PersonalWords):
        answer(scene, made, words="李国强已经交了。")


def test_the_database_keeps_what_was_asked_and_answered(database: Database) -> None:
    scene = working_scene()
    made = put(scene)
    answer(scene, made)
    for sql in (
        "UPDATE trust_question SET words = '别的'",
        "UPDATE trust_question SET state = 'open'",
        "UPDATE trust_question SET first_due_on = 20270101",
        "UPDATE trust_question SET due_on = 20270101",
        "DELETE FROM trust_question",
        "UPDATE trust_answer SET words = '别的'",
        "DELETE FROM trust_answer",
    ):
        with pytest.raises(DBAPIError):
            db.write(_run, scene.staff, sql)
    db.write(judge_answer, scene.owner, scene.fund_id, made, NO)
    with pytest.raises(DBAPIError):
        db.write(_run, scene.staff, "UPDATE trust_answer SET is_satisfied = TRUE")


def test_erasing_the_asker_takes_the_words_and_keeps_the_hash(database: Database) -> None:
    scene = working_scene()
    made = put(scene)
    asker = scene.owner.person_id or 0
    with db.read() as session:
        mine = room.export_person(session, scene.community_id, asker)
    assert [each["words"] for each in mine["questions"]] == [WORDS]
    db.write(room.erase_person, Actor.system(scene.community_id), asker)
    found = thread(scene, made).question
    assert (found.words, found.words_sha256) == ("", words_hash(WORDS))


def test_the_due_day_passes_and_the_public_page_says_so(
    database: Database, client: FlaskClient
) -> None:
    scene, payee = spending_scene()
    request = ask_spending(scene, payee)
    builders.sign_in(client, scene.owner.person_id or 0)
    site = f"/c/guihua/fund/{scene.fund_id}"
    asking = f"{site}/ask?about=request&of={request}"
    assert "3 号楼电梯主板维修" in client.get(asking).text
    form = hidden(client, asking) | {"kind": "request", "subject_id": f"{request}", "words": WORDS}
    made = client.post(f"{site}/ask", data=form)
    assert made.status_code == 303
    visitor = client.application.test_client()
    late = NOON + timedelta(days=9)
    with clock.fixed(late):
        # The due day itself is in time.
        assert "逾期" not in visitor.get(f"{site}/questions").text
    with clock.fixed(late + timedelta(days=1)):
        page = visitor.get(f"{site}/questions").text
        assert "1 个提问逾期没有答复" in page
        assert WORDS in page
        assert "王秀英" not in page
        assert "王**" in page
        assert "逾期未答复" in visitor.get(made.location).text
        firm = client.application.test_client()
        builders.sign_in(firm, scene.firm.person_id or 0)
        assert WORDS in firm.get("/c/guihua/desk/questions").text
        desk = f"/c/guihua/desk/fund/{scene.fund_id}/questions/{made.location.rpartition('/')[2]}"
        form = hidden(firm, desk) | {"words": "主板老化，明年更换。"}
        assert firm.post(desk, data=form).status_code == 303
        assert "逾期后答复" in visitor.get(made.location).text
        judge = hidden(client, made.location) | {"is_satisfied": "1"}
        assert client.post(f"{made.location}/judge", data=judge).status_code == 303
        assert "提问人满意" in visitor.get(made.location).text


def test_overdue_ones_stand_before_those_due_later(database: Database) -> None:
    scene = working_scene()
    first = put(scene)
    with clock.fixed(NOON + timedelta(days=20)):
        second = put(scene, scene.neighbour)
        with db.read() as session:
            found = queries.questions(session, scene.owner, scene.fund_id)
            count = queries.count_questions(session, scene.owner, scene.fund_id)
        assert [each.id for each in found] == [first, second]
        assert [each.is_overdue for each in found] == [True, False]
        assert (count.waiting, count.overdue) == (2, 1)


def test_a_visitor_is_led_to_sign_in_and_a_wrong_thing_is_no_page(
    database: Database, client: FlaskClient
) -> None:
    scene = working_scene()
    site = f"/c/guihua/fund/{scene.fund_id}"
    assert client.get(f"{site}/ask").status_code in {302, 303}
    builders.sign_in(client, scene.owner.person_id or 0)
    assert client.get(f"{site}/ask?about=nothing&of=1").status_code == 404
    assert client.get(f"{site}/ask?about=receipt&of=1").status_code == 404
    auditor = client.application.test_client()
    quiet = person(scene.community_id, "周小明", Role.LEADER)
    builders.sign_in(auditor, quiet.person_id or 0)
    assert auditor.get("/c/guihua/desk/questions").status_code == 403


def _titles(scene: Scene, actor: Actor) -> list[str]:
    with db.read() as session:
        found = notices.inbox(session, scene.community_id, actor.person_id or 0)
    return [str(each.title) for each in found.messages]


def _run(session: Session, actor: Actor, sql: str) -> None:
    session.execute(text(sql))


def _refused(act: Callable[[], object]) -> None:
    with pytest.raises(Refusal):
        act()


def test_the_page_of_an_entry_leads_to_asking_and_shows_what_was_asked(
    database: Database, client: FlaskClient
) -> None:
    scene, payee = spending_scene()
    request = ask_spending(scene, payee)
    entry = next(
        each["transaction"]
        for each in published(scene, "ledger.transaction")
        if each["act"] == "hold"
    )
    site = f"/c/guihua/fund/{scene.fund_id}"
    about = (SubjectKind.ENTRY, entry)
    assert f"{site}/ask?about=entry&amp;of={entry}" in client.get(f"{site}/entry/{entry}").text
    db.write(ask_question, scene.owner, scene.fund_id, *about, WORDS)
    assert WORDS in client.get(f"{site}/entry/{entry}").text
    page = client.get(f"{site}/spending/{request}").text
    assert f"{site}/ask?about=request&amp;of={request}" in page
    with clock.fixed(NOON + timedelta(days=30)):
        assert "1 个逾期未答复" in client.get(site).text
