"""Rankings: published counts again, votes conserved, every seat filled or a tie reported."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from community.deliberation.tallies import Outcome
from tests.deliberation import scottish
from tests.deliberation.counting import rank, ranking, vote

SCALE = 100_000
QUORUM = {"quorum_num": 1, "quorum_den": 2}
Papers = dict[tuple[int, ...], int]


def stages(outcome: Outcome) -> list[dict[str, Any]]:
    return [{"code": step.code, **step.facts} for step in outcome.steps]


def votes_of(stage: dict[str, Any]) -> dict[int, int]:
    return dict(stage["votes"])


def test_twenty_guests_choose_three_foods() -> None:
    # Source: Wikipedia, "Single transferable vote", the example of party food:
    # orange 1, pear 2, chocolate 3, strawberry 4, hamburger 5; quota 6.
    papers: Papers = {(1,): 4, (2, 1): 2, (3, 4): 8, (3, 5): 4, (4,): 1, (5,): 1}
    outcome = rank(papers, seats=3, last=5)
    assert outcome.winners == (3, 1, 4)
    assert outcome.facts["quota"] == 6 * SCALE
    second = votes_of(stages(outcome)[1])
    assert second == {1: 4 * SCALE, 2: 2 * SCALE, 3: 6 * SCALE, 4: 5 * SCALE, 5: 3 * SCALE}


def test_a_surplus_of_equals_goes_by_the_latest_unequal_stage() -> None:
    # B reached the quota at once, C by A's surplus; both stand at it and have no surplus left.
    papers: Papers = {(1, 3): 10, (2,): 8, (3,): 6, (4,): 5, (5, 4): 3, (6, 4): 3}
    outcome = rank(papers, seats=4, last=6)
    assert set(outcome.winners) == {1, 2, 3, 4}
    assert votes_of(stages(outcome)[1])[3] == 8 * SCALE


def test_of_two_lowest_the_one_behind_before_is_excluded() -> None:
    outcome = rank({(1, 2): 1, (2,): 2, (3,): 3, (4,): 4, (5,): 5}, seats=2, last=5)
    assert [one["option"] for one in stages(outcome) if one["code"] == "excluded"] == [1, 2, 3]
    assert set(outcome.winners) == {4, 5}


def test_a_tie_no_stage_settles_is_reported_with_all_its_members() -> None:
    # Source: Voting matters, issue 12: two at the quota, three equal for the last seat.
    papers: Papers = {(1, 3): 333, (1, 4): 333, (1, 5): 333, (2, 3): 333, (2, 4): 333, (2, 5): 333}
    papers |= {(3,): 667, (4,): 667, (5,): 667, (1, 2, 3): 1, (1, 2, 4): 1, (2, 1, 3): 2}
    outcome = rank(papers, seats=3, last=5)
    assert (set(outcome.winners), outcome.tie) == ({1, 2}, (3, 4, 5))
    assert outcome.facts["tied_seats"] == 1


def test_a_public_lot_settles_the_tie_by_its_order() -> None:
    papers: Papers = {(1,): 10, (2,): 3, (3,): 3, (4,): 3}
    assert rank(papers, seats=2, last=4).tie == (2, 3, 4)
    outcome = rank(papers, seats=2, last=4, lot="3,4,2")
    assert (outcome.winners, outcome.tie) == ((1, 3), ())


def test_a_tie_that_changes_nothing_is_no_tie() -> None:
    # Either of the two last can go first: both go before anybody else is touched.
    outcome = rank({(1,): 9, (2,): 8, (3, 1): 1, (4, 1): 1}, seats=2, last=4)
    assert (outcome.winners, outcome.tie) == ((1, 2), ())


def test_a_surplus_is_cut_after_five_places_and_the_loss_is_told() -> None:
    # Quota 8, surplus 3 of 11: 0.27272 a paper, and 11 papers lose 0.00008 together.
    papers: Papers = {(1, 2): 7, (1, 3): 3, (1,): 1, (2,): 2, (3,): 1, (4,): 1, (5,): 7}
    surplus = stages(rank(papers, seats=2, last=5))[1]
    assert (surplus["code"], surplus["quota"]) == ("surplus", 8 * SCALE)
    assert votes_of(surplus) == {1: 800_000, 2: 390_904, 3: 181_816, 4: 100_000, 5: 700_000}
    assert (surplus["exhausted"], surplus["lost"]) == (27_272, 8)


def test_fewer_candidates_than_seats_leave_seats_unfilled() -> None:
    outcome = rank({(1,): 5, (2,): 2}, seats=4, last=2)
    assert (set(outcome.winners), outcome.unfilled, outcome.tie) == ({1, 2}, 2, ())


def test_no_ballot_elects_nobody() -> None:
    outcome = rank({}, seats=2, last=3)
    assert (outcome.winners, outcome.unfilled, outcome.passed) == ((), 2, None)


def test_runoff_overturns_a_plurality() -> None:
    # Source: the case of Tennessee's capital: Memphis leads with 42, Knoxville wins.
    # Memphis 1, Nashville 2, Chattanooga 3, Knoxville 4.
    ballots = [ranking(1, 2, 3, 4)] * 42 + [ranking(2, 3, 4, 1)] * 26
    ballots += [ranking(3, 4, 2, 1)] * 15 + [ranking(4, 3, 2, 1)] * 17
    outcome = vote("ranked", ballots, last=4)
    assert outcome.winners == (4,)
    assert [one["option"] for one in stages(outcome)] == [0, 3, 2]


def test_runoff_needs_more_than_half_of_those_still_counted() -> None:
    outcome = vote("ranked", [ranking(1)] * 5 + [ranking(2)] * 5 + [ranking(3, 2)] * 2, last=3)
    assert outcome.winners == (2,)
    tied = vote("ranked", [ranking(1)] * 5 + [ranking(2)] * 5, last=2)
    assert (tied.winners, tied.tie) == ((), (1, 2))


papers_of = st.dictionaries(
    st.permutations([1, 2, 3, 4, 5]).flatmap(
        lambda order: st.integers(1, 5).map(lambda length: tuple(order[:length]))
    ),
    st.integers(1, 40),
    min_size=1,
    max_size=12,
)


@given(papers_of, st.integers(1, 4))
def test_votes_are_conserved_at_every_stage(papers: Papers, seats: int) -> None:
    outcome = rank(papers, seats, last=5)
    lost = exhausted = 0
    for stage in stages(outcome):
        held = sum(votes_of(stage).values())
        assert held + stage["exhausted"] + stage["lost"] == sum(papers.values()) * SCALE
        assert min(votes_of(stage).values()) >= 0
        assert stage["exhausted"] >= exhausted
        assert stage["lost"] >= lost
        exhausted, lost = stage["exhausted"], stage["lost"]


@given(papers_of, st.integers(1, 5))
def test_every_seat_is_filled_or_a_tie_is_reported(papers: Papers, seats: int) -> None:
    outcome = rank(papers, seats, last=5)
    assert len(set(outcome.winners)) == len(outcome.winners) <= seats
    if outcome.tie:
        assert len(outcome.tie) > 1
        assert len(outcome.winners) + int(str(outcome.facts["tied_seats"])) == seats
    else:
        assert len(outcome.winners) == seats


@given(papers_of, st.integers(1, 4))
def test_a_second_count_in_decimals_elects_the_same(papers: Papers, seats: int) -> None:
    try:
        expected = scottish.elect(papers, seats, [1, 2, 3, 4, 5])
    except scottish.RealTie:
        assume(False)
    outcome = rank(papers, seats, last=5)
    assert (set(outcome.winners), outcome.tie) == (expected, ())


@given(papers_of)
def test_who_has_more_than_half_wins_the_runoff(papers: Papers) -> None:
    firsts = Counter[int]()
    for paper, times in papers.items():
        firsts[paper[0]] += times
    leader, most = firsts.most_common(1)[0]
    ballots = [ranking(*paper) for paper, times in papers.items() for _ in range(times)]
    if 2 * most > len(ballots):
        assert vote("ranked", ballots, last=5).winners == (leader,)


@pytest.mark.parametrize("rule", ["irv", "stv_scottish"])
def test_a_quorum_holds_for_rankings_too(rule: str) -> None:
    outcome = vote(
        "ranked", [ranking(1)] * 3, last=2, heads=9, rule=rule, quorum_num=1, quorum_den=2
    )
    assert (outcome.passed, outcome.winners, outcome.facts["leading"]) == (False, (), (1,))
