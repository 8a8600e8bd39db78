"""Scores come out as the rules' worked examples say, and ties part as announced."""

from __future__ import annotations

import itertools
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.micro_projects.rules.low_prices import (
    is_abnormally_low,
    is_far_below_mean,
    is_far_below_next,
)
from community.micro_projects.rules.scores import (
    PricedBid,
    mean_hundredths,
    price_score,
    rank_bids,
)

pytestmark = pytest.mark.once

YUAN = 100
prices = st.integers(1, 10**12)
bids = st.lists(
    st.tuples(prices, st.lists(st.integers(0, 8_500), min_size=5, max_size=5)),
    min_size=1,
    max_size=8,
).map(
    lambda told: [
        PricedBid(number, price, tuple(marks)) for number, (price, marks) in enumerate(told, 1)
    ]
)


def test_golden_price_scores() -> None:
    three = [PricedBid(n, p * YUAN) for n, p in enumerate((95_000, 88_000, 88_000), 1)]
    scores = {one.bid_id: one.price_score for one in rank_bids(three, 15)}
    assert scores == {1: 1_389, 2: 1_500, 3: 1_500}
    assert str(price_score(8_800_000, 9_500_000, 15)) == "13.89"


def test_a_disqualified_price_would_have_been_another_base() -> None:
    # 70,000 is not handed over, so it cannot be the base; had it been, nobody would get 15.00.
    assert price_score(7_000_000, 8_800_000, 15) == Decimal("11.93")
    compliant = [PricedBid(1, 9_500_000), PricedBid(2, 8_800_000)]
    assert rank_bids(compliant, 15)[0].price_score == 1_500


def test_prices_that_print_alike_are_parted_by_the_exact_price() -> None:
    two = [PricedBid(1, 30_000 * YUAN, (8_000,)), PricedBid(2, 29_999 * YUAN, (8_000,))]
    ranked = rank_bids(two, 10)
    assert [one.price_score for one in ranked] == [1_000, 1_000]
    assert [one.bid_id for one in ranked] == [2, 1]
    assert [one.tied_with for one in ranked] == [(), ()]


def test_equal_prices_are_parted_by_the_technical_score_before_it_is_rounded() -> None:
    # 80.006 and 80.008 both print 80.01: the sum of the marks parts them.
    two = [
        PricedBid(1, 100, (8_000, 8_001, 8_001, 8_001, 8_000)),
        PricedBid(2, 100, (8_000, 8_001, 8_001, 8_001, 8_001)),
    ]
    ranked = rank_bids(two, 15)
    assert [one.technical for one in ranked] == [8_001, 8_001]
    assert [one.bid_id for one in ranked] == [2, 1]


def test_what_nothing_parts_waits_for_a_lot_and_keeps_what_it_drew() -> None:
    three = [PricedBid(n, 100, (5_000,)) for n in (1, 2, 3)]
    assert [one.tied_with for one in rank_bids(three, 15)] == [(2, 3), (1, 3), (1, 2)]
    drawn = rank_bids(three, 15, {1: 3, 2: 1, 3: 2})
    assert [one.bid_id for one in drawn] == [2, 3, 1]
    assert not any(one.tied_with for one in drawn)
    # One of them falls: the lot parts the others still.
    left = rank_bids([three[0], three[2]], 15, {1: 3, 2: 1, 3: 2})
    assert [one.bid_id for one in left] == [3, 1]


@pytest.mark.parametrize(
    ("marks", "mean"), [((), 0), ((1,), 1), ((1, 2), 2), ((1, 1, 2), 1), ((0, 0, 0, 0, 2), 0)]
)
def test_the_mean_rounds_half_up(marks: tuple[int, ...], mean: int) -> None:
    assert mean_hundredths(marks) == mean


@given(prices, prices, st.integers(1, 100))
def test_a_price_score_is_the_exact_quotient_rounded_half_up(
    one: int, other: int, weight: int
) -> None:
    lowest, price = min(one, other), max(one, other)
    exact = Decimal(lowest) * weight / Decimal(price)
    assert price_score(lowest, price, weight) == exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert price_score(lowest, lowest, weight) == weight


@given(bids, st.integers(1, 60))
def test_a_ranking_places_each_once_and_never_a_worse_one_first(
    found: list[PricedBid], weight: int
) -> None:
    ranked = rank_bids(found, weight)
    assert [one.place for one in ranked] == list(range(1, len(found) + 1))
    assert {one.bid_id for one in ranked} == {one.bid_id for one in found}
    for before, after in itertools.pairwise(ranked):
        assert before.total >= after.total
        if before.total == after.total:
            assert before.price_fen <= after.price_fen
    assert rank_bids(found[::-1], weight) == ranked


def test_golden_abnormally_low() -> None:
    assert is_far_below_mean(60_000, (100_000, 100_000), 4_000)
    assert not is_far_below_mean(60_000, (99_999, 100_000), 4_000)
    # The other test, alone: 30 % below the next, the boundary included.
    assert is_far_below_next(70_000, (100_000, 300_000), 3_000)
    assert not is_far_below_next(70_001, (100_000, 300_000), 3_000)
    assert is_abnormally_low(70_000, (100_000, 100_000), 4_000, 3_000)
    assert not is_abnormally_low(70_001, (100_000, 100_000), 4_000, 3_000)


def test_nobody_is_low_alone_or_as_the_highest() -> None:
    assert not is_abnormally_low(1, (), 4_000, 3_000)
    assert not is_far_below_next(100, (50, 60), 3_000)


@given(prices, st.lists(prices, min_size=1, max_size=9))
def test_low_is_told_exactly(price: int, others: list[int]) -> None:
    mean = Fraction(sum(others), len(others))
    assert is_far_below_mean(price, others, 4_000) == (price <= mean * Fraction(6, 10))
