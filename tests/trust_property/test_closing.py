"""A period closes only when bank and book agree, softly by one person, for good by another."""

from __future__ import annotations

from datetime import date

import pytest

from community import ledger, transparency
from community.kernel import db
from community.kernel.db import Database
from community.kernel.errors import NotAllowed
from community.trust_property.errors.bank import (
    MatchClosed,
    PeriodBlocked,
    SecondPersonNeeded,
    SoftCloseFirst,
)
from community.trust_property.queries.closing import closing
from community.trust_property.queries.fund import get_fund
from community.trust_property.rules.bank import MatchKind
from community.trust_property.service import matching
from community.trust_property.service.closing import close_for_good, close_softly
from tests.trust_property.banking import add, balance, enter, lines, statement_file
from tests.trust_property.scene import Scene, make_scene

END = date(2026, 10, 31)
OCTOBER = "2026-10-01 至 2026-10-31"


def codes(scene: Scene, day: date = END) -> list[str]:
    with db.read() as session:
        found = closing(session, scene.auditor, scene.fund_id, day)
    return [block.code for block in found.blocks]


def agreed(scene: Scene) -> int:
    """Let bank and book agree at the end of October; gives the one match's id."""
    paid = enter(scene, 253_65, date(2026, 10, 2), "receipt:1")
    add(scene, statement_file([("2026-10-02", "王秀英", "物业费", 253_65)], period=OCTOBER))
    line = lines(scene)[0].id
    picks = (f"book:{paid}",)
    made: int = db.write(matching.match_lines, scene.firm, scene.fund_id, (line,), picks)
    return made


def test_what_prevents_closing_is_listed(database: Database) -> None:
    scene = make_scene()
    assert codes(scene) == ["no-statement"]
    enter(scene, 100_00, date(2026, 10, 2), "receipt:1")
    add(scene, statement_file([("2026-10-03", "王秀英", "物业费", 253_65)], period=OCTOBER))
    assert codes(scene) == ["differs", "open-lines", "open-entries"]
    assert codes(scene, date(2026, 11, 22)) == [
        "not-over",
        "no-statement",
        "open-lines",
        "open-entries",
    ]
    with pytest.raises(PeriodBlocked):
        db.write(close_softly, scene.firm, scene.fund_id, END)


def test_statements_that_contradict_each_other_prevent_closing(database: Database) -> None:
    scene = make_scene()
    agreed(scene)
    assert codes(scene) == []
    add(
        scene,
        statement_file(
            [("2026-11-02", "甲", "费", 1_00)], 999_00, period="2026-11-01 至 2026-11-03"
        ),
    )
    assert codes(scene) == []
    assert "contradiction" in codes(scene, date(2026, 11, 3))


def test_two_people_close_and_the_log_seals_it(database: Database) -> None:
    scene = make_scene()
    agreed(scene)
    with pytest.raises(SoftCloseFirst):
        db.write(close_for_good, scene.committee, scene.fund_id, END)
    db.write(close_softly, scene.firm, scene.fund_id, END)
    for actor in (scene.firm, scene.second_firm, scene.auditor, scene.owner):
        with pytest.raises(NotAllowed):
            db.write(close_for_good, actor, scene.fund_id, END)
    db.write(close_for_good, scene.committee, scene.fund_id, END)
    with db.read() as session:
        book = get_fund(session, scene.firm, scene.fund_id).book_id
        assert ledger.closed_periods(session, scene.community_id, book) == (END, END)
        records = list(transparency.records_of(session, scene.community_id, "ledger.period"))
    assert '"state":"closed"' in str(records[-1])
    with pytest.raises(SoftCloseFirst):
        db.write(close_for_good, scene.second_committee, scene.fund_id, END)


def test_nobody_closes_alone(database: Database) -> None:
    """Somebody who works for the firm and sits on the committee still is one person."""
    scene = make_scene()
    agreed(scene)
    both = type(scene.firm)(
        community_id=scene.community_id,
        person_id=scene.firm.person_id,
        grants=scene.firm.grants | scene.committee.grants,
        roles=scene.firm.roles | scene.committee.roles,
    )
    db.write(close_softly, both, scene.fund_id, END)
    with pytest.raises(SecondPersonNeeded):
        db.write(close_for_good, both, scene.fund_id, END)


def test_something_new_between_the_two_prevents_the_second(database: Database) -> None:
    scene = make_scene()
    made = agreed(scene)
    db.write(close_softly, scene.firm, scene.fund_id, END)
    db.write(matching.undo_match, scene.firm, scene.fund_id, made)
    with pytest.raises(PeriodBlocked):
        db.write(close_for_good, scene.committee, scene.fund_id, END)
    with db.read() as session:
        book = get_fund(session, scene.firm, scene.fund_id).book_id
        assert ledger.closed_periods(session, scene.community_id, book) == (END, None)


def test_an_adjustment_still_enters_a_softly_closed_period(database: Database) -> None:
    scene = make_scene()
    add(scene, statement_file([("2026-10-02", "甲", "费", -5_00)], period=OCTOBER))
    line = lines(scene)[0].id
    book = (matching.book_line, scene.firm, scene.fund_id, line)
    made = db.write(*book, MatchKind.CHARGE)
    db.write(close_softly, scene.firm, scene.fund_id, END)
    db.write(matching.undo_match, scene.firm, scene.fund_id, made)
    db.write(*book, MatchKind.UNEXPLAINED)
    db.write(close_for_good, scene.committee, scene.fund_id, END)
    assert (balance(scene, "bank-charges"), balance(scene, "unexplained")) == (0, 5_00)


def test_after_closing_a_match_stands_and_a_late_line_counts_in_the_next_period(
    database: Database,
) -> None:
    scene = make_scene()
    made = agreed(scene)
    db.write(close_softly, scene.firm, scene.fund_id, END)
    db.write(close_for_good, scene.committee, scene.fund_id, END)
    with pytest.raises(MatchClosed):
        db.write(matching.undo_match, scene.firm, scene.fund_id, made)
    add(scene, statement_file([("2026-10-30", "甲", "费", -5_00)], 253_65, numbers="L"))
    late = lines(scene, only_open=True)[0].id
    db.write(
        matching.book_line, scene.firm, scene.fund_id, late, MatchKind.UNEXPLAINED, None, "十月漏记"
    )
    with db.read() as session:
        fund = get_fund(session, scene.firm, scene.fund_id)
        account = ledger.find_account(
            session,
            scene.community_id,
            ledger.BookKind.TRUST,
            "unexplained",
            f"fund/{fund.id}",
        )
        assert account is not None
        assert ledger.balance_on(session, scene.community_id, account, END) == 0
        assert ledger.balance_on(session, scene.community_id, account, date(2026, 11, 22)) == 5_00
