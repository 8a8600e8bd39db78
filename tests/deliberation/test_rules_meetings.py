"""The figures of meetings, worked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from community.deliberation.errors.meetings import CountBeyondPresent, NoQuorum, NoticeTooLate
from community.deliberation.errors.motions import WordsNotOnce
from community.deliberation.rules.bodies import PRESETS, BodyKind, PassingBase
from community.deliberation.rules.meetings import (
    CODE_LENGTH,
    Count,
    SpeechSide,
    Waiting,
    check_count,
    check_notice,
    code_seconds_left,
    door_code,
    has_quorum,
    in_turn,
    is_door_code,
    is_passed,
    quorum_of,
    seconds_left,
    yes_needed,
)
from community.deliberation.rules.motions import amend, amended
from community.kernel import clock
from tests.conftest import NOON

COUNCIL = PRESETS[BodyKind.COUNCIL]
FOR, AGAINST = SpeechSide.FOR, SpeechSide.AGAINST


def test_the_day_of_the_notice_does_not_count() -> None:
    today = date(2026, 11, 22)
    check_notice(COUNCIL, clock.at(date(2026, 11, 25), 9), today)
    with pytest.raises(NoticeTooLate) as refused:
        check_notice(COUNCIL, clock.at(date(2026, 11, 24), 23, 59), today)
    assert refused.value.facts["earliest"] == "2026-11-25"
    owners = PRESETS[BodyKind.OWNERS_MEETING]
    check_notice(owners, clock.at(date(2026, 12, 7)), today)
    with pytest.raises(NoticeTooLate):
        check_notice(owners, clock.at(date(2026, 12, 6), 23), today)


def test_two_thirds_exactly_is_a_quorum() -> None:
    assert quorum_of(COUNCIL, 9) == 6
    assert has_quorum(COUNCIL, 9, 6)
    assert not has_quorum(COUNCIL, 9, 5)
    assert quorum_of(COUNCIL, 10) == 7
    assert quorum_of(COUNCIL, 0) == 1


def test_a_tie_fails_and_one_half_is_not_more_than_half() -> None:
    assert is_passed(COUNCIL, Count(9, 7, 4, 3, 0))
    assert not is_passed(COUNCIL, Count(9, 6, 3, 3, 0))
    assert not is_passed(COUNCIL, Count(9, 8, 4, 1, 3))
    assert yes_needed(COUNCIL, 8) == 5
    assert yes_needed(COUNCIL, 7) == 4


def test_a_committee_needs_more_than_half_of_all() -> None:
    committee = PRESETS[BodyKind.COMMITTEE]
    assert committee.passing_base is PassingBase.MEMBERS
    assert not is_passed(committee, Count(9, 6, 4, 0, 0))
    assert is_passed(committee, Count(9, 6, 5, 0, 0))


def test_an_inclusive_share_is_reached_exactly() -> None:
    figures = replace(COUNCIL, passing_num=2, passing_den=3, is_passing_inclusive=True)
    assert is_passed(figures, Count(9, 9, 6, 3, 0))
    assert not is_passed(replace(figures, is_passing_inclusive=False), Count(9, 9, 6, 3, 0))
    half = replace(COUNCIL, is_passing_inclusive=True)
    assert not is_passed(half, Count(9, 6, 3, 3, 0))
    assert yes_needed(figures, 9) == 6


def test_no_more_votes_than_people_and_none_without_a_quorum() -> None:
    check_count(COUNCIL, Count(9, 7, 4, 2, 1))
    check_count(COUNCIL, Count(9, 7, 4, 2, 0))
    with pytest.raises(CountBeyondPresent):
        check_count(COUNCIL, Count(9, 7, 4, 3, 1))
    with pytest.raises(NoQuorum):
        check_count(COUNCIL, Count(9, 5, 5, 0, 0))


def test_sides_alternate_and_who_spoke_less_comes_first() -> None:
    waiting = (
        Waiting(1, 11, FOR, 1),
        Waiting(2, 12, FOR, 0),
        Waiting(3, 13, AGAINST, 0),
        Waiting(4, 14, FOR, 0),
    )
    assert [each.id for each in in_turn(None, waiting)] == [2, 3, 4, 1]
    assert [each.id for each in in_turn(FOR, waiting)] == [3, 2, 4, 1]
    assert in_turn(None, ()) == ()


def test_the_clock_runs_on_below_zero() -> None:
    assert seconds_left(NOON, 120, NOON + timedelta(seconds=50)) == 70
    assert seconds_left(NOON, 120, NOON + timedelta(seconds=130)) == -10


def test_a_door_code_lives_for_two_minutes_at_most() -> None:
    now = clock.micros(NOON)
    code = door_code("secret", now)
    assert len(code) == CODE_LENGTH
    assert is_door_code("secret", code.lower(), now)
    assert is_door_code("secret", code, now + 119_000_000)
    assert not is_door_code("secret", code, now + 120_000_000)
    assert not is_door_code("other", code, now)
    assert not is_door_code("", door_code("", now), now)
    assert code_seconds_left(now) == 60


def test_an_amendment_names_words_that_stand_once() -> None:
    assert amend("装两盏路灯", "两盏", "三盏") == "装三盏路灯"
    assert amend("装路灯。", "", "年底前完成。") == "装路灯。年底前完成。"
    with pytest.raises(WordsNotOnce):
        amend("灯下有灯", "灯", "烛")
    with pytest.raises(WordsNotOnce):
        amend("装两盏路灯", "四盏", "三盏")
    assert amended("甲乙", (("甲", "丙"), ("丙乙", "丁"))) == "丁"
