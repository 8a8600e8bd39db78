"""The venture fund's rules on plain values: juries, ranking with its ties, choices, leverage."""

from __future__ import annotations

import pytest

from community.micro_projects.rules.panels import SeatKind
from community.micro_projects.rules.venture_calls import is_mixed_jury, leverage_bp, still_decides
from community.micro_projects.rules.venture_choice import (
    Choice,
    Fault,
    Scored,
    Standing,
    find_fault,
    propose,
    rank_applications,
    seed_of,
)

pytestmark = pytest.mark.once

SEED = seed_of(["aa", "bb"])
E, R, G = SeatKind.EXPERT, SeatKind.RESIDENT, SeatKind.OFFICIAL


def places(*found: Scored) -> list[int]:
    return [one.application_id for one in rank_applications(found, 6_000, SEED)]


def scored(key: int, marks: tuple[int, ...], asked: int = 100, matched: int = 0) -> Scored:
    return Scored(key, key, asked, matched, marks)


@pytest.mark.parametrize(
    ("kinds", "is_mixed"),
    [
        ((2, 2, 1), True),
        ((1, 2, 2), True),
        ((3, 1, 1), False),
        ((2, 2, 2), False),
        ((1, 1, 1), False),
        ((4, 5, 2), True),
        ((7, 7, 7), True),
        ((7, 8, 8), False),
        ((3, 2, 0), False),
    ],
)
def test_a_jury_is_odd_and_none_of_three_kinds_outvotes_the_others(
    kinds: tuple[int, int, int], is_mixed: bool
) -> None:
    assert is_mixed_jury(*kinds) is is_mixed


def test_sheets_that_are_left_decide_while_every_kind_is_among_them() -> None:
    assert still_decides([E, R, G])
    assert not still_decides([E, R, R, E])
    assert not still_decides([E, G])


def test_the_mean_decides_then_the_exact_sum() -> None:
    # 80.00 and 80.00 as printed; the sums are 24,001 and 24,000 hundredths.
    assert places(scored(1, (8_000, 8_000, 8_000)), scored(2, (8_001, 8_000, 8_000))) == [2, 1]
    assert places(scored(1, (7_000,)), scored(2, (7_001,))) == [2, 1]


def test_a_tie_goes_to_what_brings_more_for_each_yuan_then_to_what_asks_less() -> None:
    even = (8_000, 8_000)
    assert places(scored(1, even, 300, 100), scored(2, even, 100, 50)) == [2, 1]
    # A third each, to the last digit: the one that asks less comes first.
    assert places(scored(1, even, 300, 100), scored(2, even, 150, 50)) == [2, 1]


def test_only_the_lot_parts_what_is_equal_in_all_and_anybody_repeats_it() -> None:
    even = [scored(key, (8_000,)) for key in range(1, 6)]
    found = rank_applications(even, 6_000, SEED)
    assert all(one.is_drawn for one in found)
    assert found == rank_applications(list(reversed(even)), 6_000, SEED)
    orders = {tuple(one.application_id for one in rank_applications(even, 6_000, seed_of([name])))
              for name in "abcdefgh"}  # fmt: skip
    assert len(orders) > 1
    assert not rank_applications([scored(1, (8_000,))], 6_000, SEED)[0].is_drawn


def test_the_pass_mark_is_reached_by_its_own_figure() -> None:
    found = rank_applications([scored(1, (6_000,)), scored(2, (5_999,))], 6_000, SEED)
    assert [one.passes for one in found] == [True, False]


def standing(place: int, asked: int, *, passes: bool = True) -> Standing:
    return Standing(place, place, 9_000 - place, asked, passes, False)


LINES = (standing(1, 500), standing(2, 400), standing(3, 300), standing(4, 50, passes=False))


@pytest.mark.parametrize(
    ("choices", "fault"),
    [
        ([Choice(1, 500), Choice(2, 400)], None),
        ([Choice(1, 500), Choice(2, 400), Choice(3, 100, "只够这些")], None),
        ([Choice(1, 500), Choice(2, 400), Choice(3, 101, "多一分")], Fault.PURSE),
        ([Choice(1, 500), Choice(2, 399)], Fault.REDUCED),
        ([Choice(1, 501)], Fault.TOO_MUCH),
        ([Choice(1, 500), Choice(3, 300)], Fault.SKIPPED),
        ([Choice(1, 500), Choice(2, 0, "和别的项目重复"), Choice(3, 300)], None),
        ([Choice(1, 500), Choice(4, 50)], Fault.BELOW),
        ([Choice(1, 500), Choice(1, 100)], Fault.TWICE),
        ([Choice(9, 1)], Fault.UNKNOWN),
        ([], Fault.NOBODY),
        ([Choice(1, 0, "都不合适")], Fault.NOBODY),
    ],
)
def test_a_choice_follows_the_ranking_within_the_purse(
    choices: list[Choice], fault: Fault | None
) -> None:
    found = find_fault(LINES, choices, 1_000)
    assert (found and found[0]) == fault


def test_what_is_proposed_goes_down_while_the_purse_bears_it() -> None:
    assert propose(LINES, 1_000) == {1: 500, 2: 400}
    assert propose(LINES, 899) == {1: 500}
    assert propose(LINES, 10_000) == {1: 500, 2: 400, 3: 300}


@pytest.mark.parametrize(
    ("matched", "granted", "told"),
    [(15_000_00, 30_000_00, 5_000), (1, 3, 3_333), (0, 1, 0), (5, 0, None), (200, 100, 20_000)],
)
def test_leverage_is_matched_for_granted_rounded_down(
    matched: int, granted: int, told: int | None
) -> None:
    assert leverage_bp(matched, granted) == told
