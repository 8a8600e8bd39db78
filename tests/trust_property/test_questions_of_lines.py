"""Questions about a published report's line and about a bank line."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.trust_property.errors import questions as errors
from community.trust_property.queries.reports import get_published_report
from community.trust_property.rules.questions import SubjectKind, report_line_id
from community.trust_property.service.questions import ask_question
from community.trust_property.service.reports import publish_report
from tests import builders
from tests.conftest import NOON
from tests.trust_property.acts import published, working_scene
from tests.trust_property.banking import add, lines, statement_file
from tests.trust_property.spent import spend
from tests.trust_property.test_bills import make_estate
from tests.trust_property.test_questions import WORDS, thread


def test_a_line_of_a_published_report_is_asked_about_as_it_was_published(
    database: Database, client: FlaskClient
) -> None:
    spent = spend(make_estate())
    scene = spent.scene
    site = f"/c/guihua/fund/{scene.fund_id}"
    with clock.fixed(NOON + timedelta(days=35)):
        report = db.write(publish_report, scene.firm, scene.fund_id, "2026-11")
        assert f"{site}/reports/{report}" in client.get(f"{site}/report?period=2026-11").text
        with db.read() as session:
            told_lines = get_published_report(session, scene.owner, scene.fund_id, report).lines
        place = next(at for at, line in enumerate(told_lines, start=1) if line.path == "fee/home")
        number = report_line_id(report, place)
        asked = client.get(f"{site}/reports/{report}").text
        assert f"{site}/ask?about=report_line&amp;of={number}" in asked
        about = (SubjectKind.REPORT_LINE, number)
        made = db.write(ask_question, scene.owner, scene.fund_id, *about, WORDS)
        subject = thread(scene, made).subject
        assert (subject.number, subject.words, subject.line) == (
            place,
            "2026-11",
            told_lines[place - 1],
        )
        assert WORDS in client.get(f"{site}/reports/{report}").text
        told = client.get(f"{site}/questions/{made}").text
        assert "报表里的一行" in told
        (record,) = published(scene, "trust.question")
        assert record["subject"] == ["report_line", number]
        for wrong in (
            report_line_id(report, len(told_lines) + 1),
            report_line_id(report + 1, 1),
            7,
        ):
            with pytest.raises(errors.SubjectNotFound):
                db.write(
                    ask_question, scene.owner, scene.fund_id, SubjectKind.REPORT_LINE, wrong, WORDS
                )


def test_a_bank_line_is_asked_about_by_its_number_alone(
    database: Database, client: FlaskClient
) -> None:
    scene = working_scene()
    add(scene, statement_file([("2026-11-20", "何志强", "退款", 100_00)]))
    (line,) = lines(scene)
    site = f"/c/guihua/fund/{scene.fund_id}"
    ask_address = f"{site}/ask?about=bank_line&of={line.id}"
    builders.sign_in(client, _person(scene.committee))
    desk = client.get(f"/c/guihua/desk/fund/{scene.fund_id}/bank-lines/{line.id}")
    assert ask_address.replace("&", "&amp;") in desk.text
    about = (SubjectKind.BANK_LINE, line.id)
    made = db.write(ask_question, scene.owner, scene.fund_id, *about, WORDS)
    told = client.get(f"{site}/questions/{made}").text
    assert "一条银行流水" in told
    assert "何志强" not in told
    (record,) = published(scene, "trust.question")
    assert record["subject"] == ["bank_line", line.id]
    with pytest.raises(errors.SubjectNotFound):
        db.write(
            ask_question, scene.owner, scene.fund_id, SubjectKind.BANK_LINE, line.id + 9, WORDS
        )


def _person(actor: Actor) -> int:
    assert actor.person_id is not None
    return actor.person_id
