"""Bodies: who sits in them, for how long, and by which figures they decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from community import deliberation
from community.deliberation import BodyKind, Office
from community.deliberation.errors.bodies import (
    AlreadyMember,
    BodyNameTaken,
    BodyNotFound,
    FiguresUnclear,
    OwnersAreMembers,
    RulesFromPast,
    RulesSameDay,
    TermOver,
    TermReversed,
)
from community.deliberation.models.bodies import BodyMember
from community.deliberation.queries.bodies import ending_terms, rule_on, rules_of
from community.deliberation.rules.bodies import PRESETS, TermPhase, needed_heads, term_phase
from community.kernel import clock, db
from community.kernel.db import Database
from community.kernel.errors import NotAllowed, NotFound
from tests import builders
from tests.deliberation.bodies import make_council, seat


def test_a_council_of_nine_is_told_on_a_day(database: Database) -> None:
    council = make_council()
    today = clock.today()
    with db.read() as session:
        found = deliberation.members_of_body(session, council.community_id, council.body_id, today)
        before = deliberation.members_of_body(
            session, council.community_id, council.body_id, today - timedelta(days=366)
        )
    assert found == tuple(sorted(each.person_id or 0 for each in council.members))
    assert before == ()


def test_the_last_day_is_not_in_the_term(database: Database) -> None:
    today = clock.today()
    assert term_phase(today - timedelta(days=9), today, today) is TermPhase.OVER
    assert term_phase(today, today + timedelta(days=90), today) is TermPhase.ENDING
    assert term_phase(today, today + timedelta(days=91), today) is TermPhase.SERVING
    assert (
        term_phase(today + timedelta(days=1), today + timedelta(days=9), today) is TermPhase.COMING
    )


def test_a_term_that_ends_soon_is_named(database: Database) -> None:
    council = make_council()
    person = builders.make_person(council.community_id, "孙月娥")
    seat(council.staff, council.body_id, person, until_on=clock.today() + timedelta(days=30))
    with db.read() as session:
        found = ending_terms(session, council.staff)
        view = deliberation.get_body(session, council.staff, council.body_id)
    assert [(body, member.name) for body, member in found] == [("居民议事会", "孙月娥")]
    assert (view.member_count, view.ending_count) == (10, 1)


def test_visitors_see_masked_names(database: Database) -> None:
    council = make_council()
    visitor = replace(council.neighbour, grants=frozenset(), roles=frozenset(), person_id=None)
    with db.read() as session:
        shown = [each.name for each in deliberation.members(session, visitor, council.body_id)]
        whole = [
            each.name for each in deliberation.members(session, council.neighbour, council.body_id)
        ]
    assert shown[0] == "王**"
    assert whole[0] == "王秀英"


def test_nobody_sits_twice_at_once(database: Database) -> None:
    council = make_council()
    with pytest.raises(AlreadyMember):
        seat(council.staff, council.body_id, council.members[3].person_id or 0)


def test_a_term_ends_early_once(database: Database) -> None:
    council = make_council()
    with db.read() as session:
        term = deliberation.members(session, council.staff, council.body_id)[5]
    db.write(deliberation.end_term, council.staff, council.body_id, term.id, "本人辞去")
    with db.read() as session:
        left = deliberation.members_of_body(
            session, council.community_id, council.body_id, clock.today()
        )
    assert term.person_id not in left
    with pytest.raises(TermOver):
        db.write(deliberation.end_term, council.staff, council.body_id, term.id, "再一次")


def test_who_may_seat_and_found(database: Database) -> None:
    council = make_council()
    today = clock.today()
    person = council.neighbour.person_id or 0
    term = (person, Office.MEMBER, today, today + timedelta(days=365))
    with pytest.raises(NotAllowed):
        db.write(deliberation.seat_member, council.neighbour, council.body_id, *term)
    with pytest.raises(BodyNotFound):
        db.write(deliberation.seat_member, council.outsider, council.body_id, *term)
    with pytest.raises(NotAllowed):
        db.write(deliberation.found_body, council.neighbour, BodyKind.COUNCIL, "另一个议事会")
    with pytest.raises(BodyNameTaken):
        db.write(deliberation.found_body, council.staff, BodyKind.COUNCIL, "居民议事会")
    with pytest.raises(TermReversed):
        seat(council.staff, council.body_id, person, until_on=today - timedelta(days=365))
    with pytest.raises(NotFound):
        seat(council.staff, council.body_id, council.outsider.person_id or 0)


def test_owners_are_the_members_of_their_meeting(database: Database) -> None:
    council = make_council()
    home = builders.make_household(council.community_id)
    with db.read() as session:
        from_unit = db.statements(session).one(
            "SELECT unit_id FROM household WHERE id = ?", (home,)
        )
    assert from_unit is not None
    owner = builders.make_person(council.community_id, "马翠英")
    builders.own(council.community_id, owner, int(from_unit[0]))
    meeting: int = db.write(
        deliberation.found_body, council.staff, BodyKind.OWNERS_MEETING, "业主大会"
    )
    with db.read() as session:
        found = deliberation.members_of_body(session, council.community_id, meeting, clock.today())
    assert found == (owner,)
    with pytest.raises(OwnersAreMembers):
        seat(council.staff, meeting, owner)


def test_new_figures_hold_from_their_day(database: Database) -> None:
    council = make_council()
    today = clock.today()
    stricter = replace(PRESETS[BodyKind.COUNCIL], notice_days=7)
    later = today + timedelta(days=10)
    args = (council.body_id, later, stricter, "第 3 次会议决议")
    db.write(deliberation.set_body_rule, council.staff, *args)
    with db.read() as session:
        at = council.community_id, council.body_id
        assert rule_on(session, *at, today).figures.notice_days == 3
        assert rule_on(session, *at, later).figures.notice_days == 7
        assert len(rules_of(session, council.neighbour, council.body_id)) == 2
    with pytest.raises(RulesSameDay):
        db.write(deliberation.set_body_rule, council.staff, *args)
    yesterday = (council.body_id, today - timedelta(days=1), stricter, "")
    with pytest.raises(RulesFromPast):
        db.write(deliberation.set_body_rule, council.staff, *yesterday)
    minority = replace(stricter, passing_num=1, passing_den=3)
    with pytest.raises(FiguresUnclear):
        db.write(deliberation.set_body_rule, council.staff, council.body_id, later, minority, "")


def test_a_share_of_heads_is_rounded_up() -> None:
    assert needed_heads(9, 2, 3) == 6
    assert needed_heads(10, 2, 3) == 7
    assert needed_heads(101, 1, 5) == 21


def test_the_database_keeps_a_term_from_growing(database: Database) -> None:
    council = make_council()

    def lengthen(session: object, actor: object) -> None:
        row = session.query(BodyMember).first()  # type: ignore[attr-defined]
        row.until_on = row.until_on + timedelta(days=1)
        session.flush()  # type: ignore[attr-defined]

    with pytest.raises(IntegrityError):
        db.write(lengthen, council.staff)


def test_erased_and_merged_people(database: Database) -> None:
    council = make_council()
    gone, merged = council.members[4].person_id or 0, council.members[5].person_id or 0
    kept = council.neighbour.person_id or 0
    with db.read() as session:
        told = deliberation.export_person(session, council.community_id, gone)
    assert told["body_terms"][0]["body"] == "居民议事会"
    db.write(deliberation.erase_person, council.staff, gone)
    db.write(deliberation.merge_person, council.staff, kept, merged)
    with db.read() as session:
        left = deliberation.members_of_body(
            session, council.community_id, council.body_id, clock.today()
        )
    assert gone not in left
    assert merged not in left
    assert kept in left
