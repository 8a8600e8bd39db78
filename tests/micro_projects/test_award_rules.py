"""Panels are the first that fits in the lot's order; splitting is noticed; certificates end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.kernel.lots import rank
from community.micro_projects.rules.award_terms import PRESET, terms_on
from community.micro_projects.rules.awards import SmallJob, looks_split, whole_amount
from community.micro_projects.rules.panels import (
    Candidate,
    SeatKind,
    experts_needed,
    fill_seats,
    is_panel_size,
    is_quorate,
    read_line,
    shortfall,
)
from community.micro_projects.rules.suppliers import (
    Certificate,
    CertificateAge,
    CertificateKind,
    CertificateState,
    Unfit,
    age_of,
    is_suspended,
    missing_certificates,
)

pytestmark = pytest.mark.once

DAY = date(2026, 11, 22)
E, R = SeatKind.EXPERT, SeatKind.RESIDENT
TWO_THIRDS = (2, 3)
pools = st.lists(st.sampled_from((E, R)), min_size=5, max_size=20).map(
    lambda kinds: tuple(Candidate(f"t{n:02d}", kind) for n, kind in enumerate(kinds))
)


@pytest.mark.parametrize(("seats", "least"), [(3, 2), (5, 4), (7, 5), (9, 6)])
def test_two_thirds_of_experts_are_rounded_up(seats: int, least: int) -> None:
    assert experts_needed(seats, TWO_THIRDS) == least


def test_only_an_odd_panel_can_lean() -> None:
    assert [is_panel_size(seats) for seats in (3, 4, 5)] == [True, False, True]


@given(pools)
def test_a_panel_is_filled_exactly_when_the_pool_is_big_enough(
    pool: tuple[Candidate, ...],
) -> None:
    missing = shortfall(pool, 5, 4)
    drawn = fill_seats(pool, 5, 4)
    assert (drawn is None) == (missing != (0, 0))
    if drawn is not None:
        assert len(drawn) == 5
        assert sum(one.kind is E for one in drawn) >= 4
        # The first in the order that fits: an expert is left out only behind the last seat.
        last = pool.index(drawn[-1])
        assert all(one in drawn for one in pool[:last] if one.kind is E)


@given(pools, st.integers(0, 4))
def test_who_recuses_is_followed_by_the_next_in_the_same_order(
    pool: tuple[Candidate, ...], gone: int
) -> None:
    drawn = fill_seats(pool, 5, 4)
    if drawn is None:
        return
    left = drawn[gone].token
    kept = [one.token for one in drawn if one.token != left]
    again = fill_seats(pool, 5, 4, kept, [left])
    without = fill_seats([one for one in pool if one.token != left], 5, 4)
    if again is not None and without is not None:
        assert {*kept, again[0].token} >= {one.token for one in without if one.token in kept}
        assert again[0].token not in {*kept, left}


def test_a_draw_is_repeatable_by_anybody_from_the_seed() -> None:
    lines = [Candidate(f"t{n:02d}", E if n % 3 else R).line for n in range(12)]
    seed = b"6f1c0d"
    order = [read_line(line) for line in rank(seed, lines)]
    again = [read_line(line) for line in rank(seed, lines[::-1])]
    assert fill_seats(order, 5, 4) == fill_seats(again, 5, 4)
    golden = fill_seats(order, 5, 4)
    assert golden is not None
    assert [one.token for one in golden] == GOLDEN_PANEL


GOLDEN_PANEL = ["t09", "t10", "t02", "t11", "t05"]


def test_a_panel_that_lost_too_many_sheets_decides_nothing() -> None:
    assert is_quorate((E, E, E, R), TWO_THIRDS)
    assert is_quorate((E, E, R), TWO_THIRDS)
    assert not is_quorate((E, E), TWO_THIRDS)
    assert not is_quorate((E, R, E, R), TWO_THIRDS)


def job(number: int, **changes: object) -> SmallJob:
    told: dict[str, object] = {
        "project_id": number,
        "title": f"第 {number} 件",
        "kind": "works",
        "place": "3 号楼 大堂",
        "amount_fen": 900_000,
        "given_on": DAY,
    }
    return SmallJob(**(told | changes))  # type: ignore[arg-type]


def test_splitting_is_noticed_same_kind_same_place_within_the_year() -> None:
    near = job(2, place="3号楼大堂", given_on=DAY - timedelta(days=364))
    others = [
        job(1),
        job(3, kind="goods"),
        job(4, place="5 号楼"),
        job(5, given_on=DAY - timedelta(days=365)),
        near,
    ]
    found = looks_split(job(1), others)
    assert found == (near,)
    assert whole_amount(job(1), found) == 1_800_000


def test_a_certificates_last_day_is_good() -> None:
    assert age_of(DAY, DAY) is CertificateAge.ENDS_SOON
    assert age_of(DAY - timedelta(days=1), DAY) is CertificateAge.ENDED
    assert age_of(DAY + timedelta(days=31), DAY) is CertificateAge.GOOD
    assert age_of(None, DAY) is CertificateAge.GOOD


def test_what_is_lacking_is_named() -> None:
    licence = Certificate(CertificateKind.LICENCE, CertificateState.ACCEPTED, None)
    old = Certificate(
        CertificateKind.QUALIFICATION, CertificateState.ACCEPTED, DAY - timedelta(days=1)
    )
    unchecked = Certificate(CertificateKind.QUALIFICATION, CertificateState.WAITING, None)
    assert missing_certificates(["service"], [licence], DAY) == ()
    assert missing_certificates(["works"], [licence, unchecked], DAY) == (
        Unfit.CERTIFICATE_MISSING,
    )
    assert missing_certificates(["works"], [licence, old], DAY) == (Unfit.CERTIFICATE_ENDED,)


def test_a_suspension_has_both_its_days() -> None:
    spans = [(DAY, DAY + timedelta(days=1))]
    assert is_suspended(spans, DAY)
    assert is_suspended(spans, DAY + timedelta(days=1))
    assert not is_suspended(spans, DAY + timedelta(days=2))


def test_the_rules_that_began_last_hold() -> None:
    old = replace(PRESET, standstill_days=3, valid_from=date(2025, 1, 1))
    new = replace(PRESET, standstill_days=7, valid_from=DAY)
    assert terms_on((), DAY) is PRESET
    assert terms_on((old, new), DAY) is new
    assert terms_on((old, new), DAY - timedelta(days=1)) is old
