"""Allocation, lots and canonical bytes: pure rules."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.ledger import BadPosting, Posting, Unbalanced, allocate, credit, debit
from community.ledger.rules import (
    Facts,
    asked_bytes,
    canonical,
    check_posting,
    lot_end,
    record_bytes,
    take_oldest,
)

pytestmark = pytest.mark.once

DAY = date(2026, 11, 22)


def test_the_parts_add_up_to_the_fen() -> None:
    assert allocate(10_000, (3333, 3333, 3334)) == (3333, 3333, 3334)
    assert allocate(100, (1, 1, 1)) == (34, 33, 33)
    assert allocate(-100, (1, 1, 1)) == (-34, -33, -33)
    assert allocate(0, (5, 7)) == (0, 0)


@pytest.mark.parametrize("shares", [(), (0, 0), (1, -1, 3)])
def test_shares_that_say_nothing_are_refused(shares: tuple[int, ...]) -> None:
    with pytest.raises(BadPosting):
        allocate(100, shares)


@given(
    st.integers(-(10**15), 10**15),
    st.lists(st.integers(0, 10**9), min_size=1, max_size=40).filter(any),
)
def test_allocation_is_exact_and_nobody_is_off_by_one(total: int, shares: list[int]) -> None:
    parts = allocate(total, shares)
    whole = sum(shares)
    assert sum(parts) == total
    for part, share in zip(parts, shares, strict=True):
        assert abs(part * whole - total * share) < whole
        assert share or not part


@given(st.integers(0, 10**9), st.lists(st.integers(1, 1000), min_size=2, max_size=20))
def test_a_larger_share_never_gets_less(total: int, shares: list[int]) -> None:
    paid = sorted(zip(shares, allocate(total, shares), strict=True))
    assert [part for _, part in paid] == sorted(part for _, part in paid)


@pytest.mark.parametrize("amount", [0, -1, 10**15 + 1, True, 1.0, "5"])
def test_only_whole_positive_amounts_make_a_line(amount: int) -> None:
    with pytest.raises(BadPosting):
        debit(1, amount)


def test_lines_must_add_up() -> None:
    with pytest.raises(Unbalanced, match="相差 1"):
        check_posting(Posting(1, (debit(1, 5), credit(2, 4)), "p", "s", "k"))


def test_lots_end_with_their_month() -> None:
    assert lot_end(date(2028, 2, 3)) == date(2028, 2, 29)
    assert lot_end(None) is None


def test_the_oldest_lot_goes_first() -> None:
    assert take_oldest([(7, 20), (8, 0), (9, 50)], 60) == ((7, 20), (9, 40))
    assert take_oldest([(7, 20)], 60) == ((7, 20),)


TEXTS = st.text(min_size=1, max_size=30)


@given(TEXTS, TEXTS, TEXTS, st.one_of(st.none(), st.dates(date(2000, 1, 1))))
def test_bytes_put_together_by_hand_are_canonical(
    purpose: str, source: str, key: str, day: date | None
) -> None:
    posting = Posting(3, (debit(1, 5), credit(2, 5)), purpose, source, key, day)
    facts = Facts("hold", 4, None, DAY, 1_700_000_000_000_000, expires_at=5)
    for written in (asked_bytes("post", posting), record_bytes(posting, facts)):
        assert canonical(json.loads(written)) == written
