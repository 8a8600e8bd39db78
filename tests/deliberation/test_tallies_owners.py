"""The double majority of 民法典 Art. 278, to the unit of area."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.deliberation.tallies import BadCount, Option, Outcome, OwnerBallot, Roll, count

YES, NO, ABSTAIN = ((1, 1),), ((2, 1),), ((3, 1),)


def decide(
    ballots: list[OwnerBallot], roll: Roll, item: int = 9, silent: str = "strict"
) -> Outcome:
    return count("owners", {"item": item, "silent": silent}, (), ballots, roll)


def owners(
    yes: int, no: int = 0, abstain: int = 0, silent: int = 0, area: int = 100
) -> list[OwnerBallot]:
    said = [(YES, yes), (NO, no), (ABSTAIN, abstain)]
    cast = [OwnerBallot(ballot, area) for ballot, times in said for _ in range(times)]
    return cast + [OwnerBallot((), area, is_cast=False)] * silent


def named(outcome: Outcome) -> dict[str, tuple[int, int, bool]]:
    return {each.name: (each.part, each.whole, each.is_met) for each in outcome.measures}


@pytest.mark.parametrize(
    ("silent", "passes", "took_part", "agreed"),
    [
        ("strict", False, (1147, 2261, False), (995, 1147, True)),
        ("delivered_participates", False, (2218, 2261, True), (995, 2218, False)),
        ("delivered_with_majority", True, (2218, 2261, True), (2066, 2218, True)),
    ],
)
def test_2261_votes_fall_either_way_by_the_rule_on_silence(
    silent: str, passes: bool, took_part: tuple[int, int, bool], agreed: tuple[int, int, bool]
) -> None:
    outcome = decide(owners(995, 27, 125, 1071), Roll(2261, 226_100), silent=silent)
    assert outcome.passed is passes
    assert named(outcome)["participation_heads"] == took_part
    assert named(outcome)["agreement_heads"] == agreed


def test_exactly_two_thirds_take_part() -> None:
    assert decide(owners(20), Roll(30, 3000)).passed is True
    assert decide(owners(19), Roll(30, 3000)).passed is False
    # One hundredth of a square metre short of two thirds of the area.
    assert decide(owners(20), Roll(30, 3001)).passed is False


@pytest.mark.parametrize("item", [6, 7, 8])
def test_exactly_three_quarters_pass_a_weighty_item(item: int) -> None:
    assert decide(owners(15, 5), Roll(20, 2000), item).passed is True
    assert decide(owners(14, 6), Roll(20, 2000), item).passed is False


@pytest.mark.parametrize("item", [1, 2, 3, 4, 5, 9])
def test_exactly_half_fails_an_ordinary_item(item: int) -> None:
    assert decide(owners(10, 10), Roll(20, 2000), item).passed is False
    assert decide(owners(11, 9), Roll(20, 2000), item).passed is True


def test_half_of_the_area_fails_though_more_heads_agree() -> None:
    ballots = [*owners(3, area=100), OwnerBallot(NO, 300)]
    outcome = decide(ballots, Roll(4, 600))
    assert named(outcome)["agreement_heads"] == (3, 4, True)
    assert named(outcome)["agreement_area"] == (300, 600, False)
    assert outcome.passed is False


def test_a_developer_of_230_units_is_one_head_with_its_whole_area() -> None:
    developer = OwnerBallot(NO, 230 * 9_000)
    outcome = decide([*owners(200, area=9_000), developer], Roll(201, 430 * 9_000))
    assert named(outcome)["agreement_heads"] == (200, 201, True)
    assert named(outcome)["agreement_area"] == (200 * 9_000, 430 * 9_000, False)
    assert outcome.passed is False


def test_silence_joins_a_majority_against_too() -> None:
    outcome = decide(owners(2, 5, 0, 13), Roll(20, 2000), silent="delivered_with_majority")
    assert (outcome.passed, outcome.facts["silent_with"]) == (False, 2)


@pytest.mark.parametrize(
    "ballots",
    [
        pytest.param(owners(5, 5, 0, 10), id="equal heads"),
        pytest.param([*owners(6, 0), OwnerBallot(NO, 900), *owners(0, silent=13)], id="parted"),
        pytest.param(owners(0, 0, 0, 20), id="nobody voted"),
    ],
)
def test_silence_joins_no_divided_majority(ballots: list[OwnerBallot]) -> None:
    roll = Roll(20, sum(each.area for each in ballots))
    outcome = decide(ballots, roll, silent="delivered_with_majority")
    assert (outcome.passed, outcome.facts["silent_with"]) == (False, 0)


def test_undelivered_silence_never_counts() -> None:
    # 11 of 20 voted; the other nine were never reached and are on the roll only.
    outcome = decide(owners(11), Roll(20, 2000), silent="delivered_with_majority")
    assert named(outcome)["participation_heads"] == (11, 20, False)


def test_more_ballots_than_the_roll_holds_are_refused() -> None:
    with pytest.raises(BadCount, match="roll_too_small"):
        decide(owners(3), Roll(2, 300))
    with pytest.raises(BadCount, match="roll_needed"):
        count("owners", {}, (), owners(3))


def test_owners_elect_those_who_reach_both_majorities() -> None:
    ballots = [OwnerBallot(((1, 1), (2, 1)), 100)] * 6
    ballots += [OwnerBallot(((2, 1), (3, 1)), 100)] * 4
    outcome = count(
        "owners", {"item": 3, "seats": 2}, tuple(map(Option, (1, 2, 3))), ballots, Roll(12, 1200)
    )
    assert (outcome.winners, outcome.passed) == ((2, 1), True)
    few = count(
        "owners", {"item": 3, "seats": 2}, tuple(map(Option, (1, 2, 3))), ballots, Roll(16, 1600)
    )
    assert (few.winners, few.passed) == ((), False)


entries = st.lists(
    st.builds(
        OwnerBallot,
        st.sampled_from([YES, NO, ABSTAIN]),
        st.integers(1, 50_000),
        st.booleans(),
    ),
    max_size=30,
)


@given(entries, st.integers(1, 9), st.integers(0, 20))
def test_one_more_yes_never_turns_a_decision_down(
    cast: list[OwnerBallot], item: int, absent: int
) -> None:
    ballots = [
        OwnerBallot(each.ballot if each.is_cast else (), each.area, each.is_cast) for each in cast
    ]
    roll = Roll(len(ballots) + absent + 1, sum(each.area for each in ballots) + 100 * absent + 100)
    for silent in ("strict", "delivered_participates", "delivered_with_majority"):
        before = decide(ballots, roll, item, silent)
        after = decide([*ballots, OwnerBallot(YES, 100)], roll, item, silent)
        assert after.passed or not before.passed
