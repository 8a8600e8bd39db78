"""Participatory budgets: the worked examples, published results, and what no rule may break."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.deliberation.tallies import BadCount, Option, Outcome, Setting, count, is_countable
from community.deliberation.tallies.equal_shares import split
from community.deliberation.tallies.pabulib import read_pb
from community.deliberation.tallies.pb_counting import count_pb
from tests.deliberation.counting import PARK, approving, spend
from tests.deliberation.pb_files import WIELICZKA, needs_published

BIKE, GYM, PLAY, LIBRARY = 1, 2, 4, 5
EQUAL = "equal_shares"
Projects = dict[int, tuple[int, tuple[int, ...]]]


def steps(outcome: Outcome, code: str) -> list[dict[str, Any]]:
    return [dict(step.facts) for step in outcome.steps if step.code == code]


@pytest.mark.parametrize("completion", ["none", "utilitarian", "add1", "add1u"])
def test_1100_buys_bike_play_and_library_by_equal_shares(completion: str) -> None:
    outcome = spend(PARK, 1100, 11, rule=EQUAL, completion=completion)
    assert (outcome.winners, outcome.facts["spent"]) == ((BIKE, PLAY, LIBRARY), 1000)


@pytest.mark.parametrize("rule", ["greedy", "greedy_no_skip"])
def test_1100_buys_bike_and_gym_by_greedy(rule: str) -> None:
    outcome = spend(PARK, 1100, 11, rule=rule)
    assert (outcome.winners, outcome.facts["spent"]) == ((BIKE, GYM), 1100)


def test_every_project_tells_who_paid_or_what_was_missing() -> None:
    outcome = spend(PARK, 1100, 11, rule=EQUAL, completion="none")
    paid = {
        one["option"]: (one["payers"], one["emptied"], one["most_paid"])
        for one in steps(outcome, "paid")
    }
    assert paid == {BIKE: (7, 7, (100, 1)), PLAY: (4, 0, (50, 1)), LIBRARY: (3, 0, (100, 3))}
    missing = {one["option"]: one["left_behind"] for one in steps(outcome, "not_paid")}
    # Of the park's supporters only 6 and 9 have anything left: 50 less a third of the library.
    assert missing == {GYM: (0, 1), 3: (100, 3)}


def test_fifty_is_shared_by_purses_of_five_and_thirty() -> None:
    purses = [Fraction(purse) for purse in (5, 5, 30, 30, 30)]
    assert split(Fraction(50), purses) == (5, 5, *[Fraction(40, 3)] * 3)
    assert split(Fraction(101), purses) is None
    assert split(Fraction(100), purses) == tuple(purses)


def test_no_skip_stops_where_skip_goes_on() -> None:
    projects = {1: (60, (0, 1, 2)), 2: (50, (0, 1)), 3: (40, (2,))}
    assert spend(projects, 100, 3, rule="greedy").winners == (1, 3)
    assert spend(projects, 100, 3, rule="greedy_no_skip").winners == (1,)


def test_knapsack_takes_the_set_with_the_most_votes() -> None:
    projects = {1: (60, (0, 1, 2)), 2: (50, (0, 1)), 3: (50, (0, 2))}
    assert spend(projects, 100, 3, rule="knapsack", utility="cardinality").winners == (2, 3)
    assert spend(projects, 100, 3, rule="knapsack").winners == (2, 3)


def test_equal_votes_that_do_not_both_fit_are_a_tie() -> None:
    projects = {1: (60, (0, 1, 2)), 2: (40, (0, 1)), 3: (40, (1, 2))}
    for rule in ("greedy", "greedy_no_skip"):
        outcome = spend(projects, 100, 3, rule=rule)
        assert (outcome.winners, outcome.tie) == ((1,), (2, 3))
    settled = spend(projects, 100, 3, rule="greedy", lot="3,2")
    assert (settled.winners, settled.tie) == ((1, 3), ())


def test_equal_votes_that_all_fit_are_no_tie() -> None:
    projects = {1: (40, (0,)), 2: (40, (1,)), 3: (90, (2,))}
    assert spend(projects, 80, 3, rule="greedy").winners == (1, 2)


def test_two_best_sets_are_a_tie_of_what_parts_them() -> None:
    projects = {1: (50, (0, 1)), 2: (50, (0, 2)), 3: (50, (0, 1, 2))}
    outcome = spend(projects, 100, 3, rule="knapsack")
    assert (outcome.winners, outcome.tie) == ((3,), (1, 2))
    assert spend(projects, 100, 3, rule="knapsack", lot="2,1").winners == (2, 3)


def test_too_many_sets_are_refused_and_known_before() -> None:
    chance = random.Random(1)
    costs = [chance.randrange(1_000_000, 50_000_000) for _ in range(60)]
    projects = {number: (cost, (0,)) for number, cost in enumerate(costs, start=1)}
    budget = sum(costs) // 3
    assert not is_countable(costs, budget)
    with pytest.raises(BadCount, match="too_many_sets"):
        spend(projects, budget, 1, rule="knapsack")
    rounded = {number: (cost // 100_000 * 100_000, who) for number, (cost, who) in projects.items()}
    assert is_countable([cost for cost, _ in rounded.values()], budget)
    outcome = spend(rounded, budget // 100_000 * 100_000, 1, rule="knapsack")
    assert outcome.facts["spent"] or outcome.tie
    assert is_countable(costs[:16], budget)


def test_a_tie_of_equal_shares_that_decides_is_reported() -> None:
    # Voter 1 can pay for one of the two only.
    projects = {1: (20, (0, 1)), 2: (20, (1, 2))}
    outcome = spend(projects, 30, 3, rule=EQUAL, completion="none")
    assert (outcome.winners, outcome.tie) == ((), (1, 2))
    settled = spend(projects, 30, 3, rule=EQUAL, completion="none", lot="2,1")
    assert (settled.winners, settled.tie) == ((2,), ())
    cheaper = {1: (20, (0, 1)), 2: (18, (1, 2))}
    by_order = spend(cheaper, 30, 3, rule=EQUAL, completion="none", ties="least_cost")
    assert (by_order.winners, by_order.tie) == ((2,), ())


def test_a_tie_of_equal_shares_that_changes_nothing_is_passed_over() -> None:
    projects = {1: (10, (0, 1)), 2: (10, (1, 2))}
    assert spend(projects, 30, 3, rule=EQUAL, completion="none").tie == ()


def test_a_project_without_votes_is_never_bought() -> None:
    projects = {1: (10, (0,)), 2: (10, ())}
    for rule in ("greedy", "greedy_no_skip", "knapsack", EQUAL):
        outcome = spend(projects, 100, 1, rule=rule, completion="add1u")
        assert outcome.winners == (1,)
        assert [one["option"] for one in steps(outcome, "too_few_votes")] == [2]


def test_a_free_project_with_a_vote_is_bought() -> None:
    projects = {1: (0, (0,)), 2: (10, (0, 1))}
    for rule in ("greedy", "greedy_no_skip", "knapsack", EQUAL):
        assert set(spend(projects, 10, 2, rule=rule).winners) == {1, 2}


def test_points_weigh_what_a_project_is_worth() -> None:
    options = (Option(1, 60), Option(2, 60))
    ballots = [((1, 9), (2, 1)), ((1, 1), (2, 4)), ((2, 4),)]
    setting: Setting = {"budget": 60, "form": "points", "points": 10, "utility": "points"}
    outcomes = {
        rule: count("budget", {**setting, "rule": rule}, options, ballots)
        for rule in ("greedy", "knapsack", EQUAL)
    }
    assert outcomes["greedy"].totals == ((1, 10), (2, 9))
    assert {rule: outcome.winners for rule, outcome in outcomes.items()} == {
        "greedy": (1,),
        "knapsack": (1,),
        EQUAL: (2,),
    }


def test_a_rank_counts_as_its_place_from_below() -> None:
    options = tuple(Option(number, 10) for number in (1, 2, 3))
    ballots = [((3, 1), (1, 2)), ((3, 1),), ((1, 1), (2, 2), (3, 3))]
    setting: Setting = {"budget": 10, "form": "ranked", "utility": "points", "rule": "greedy"}
    outcome = count("budget", setting, options, ballots)
    assert outcome.totals == ((1, 5), (2, 2), (3, 7))
    assert outcome.winners == (3,)


def test_the_comparison_gives_way_to_greedy_when_more_voters_gain() -> None:
    # Equal Shares buys five small ones of one voter each; greedy one that six others want.
    projects: Projects = {1: (60, (0, 1, 2, 3, 4, 5))}
    projects |= {number: (10, (number + 4,)) for number in range(2, 7)}
    kept = spend(projects, 60, 12, rule=EQUAL, completion="none")
    assert 1 not in kept.winners
    compared = spend(projects, 60, 12, rule=EQUAL, completion="none", comparison="satisfaction")
    assert compared.winners == (1,)
    assert steps(compared, "compared") == [{"for_shared": 0, "for_greedy": 6, "greedy_wins": True}]


def test_an_expensive_wish_of_one_does_not_hold_the_count_up() -> None:
    # Purses grow by one until the next purchase would pass the budget.
    projects = {1: (10, (0, 1)), 2: (90_000, (2,))}
    outcome = spend(projects, 50_000, 3, rule=EQUAL)
    assert outcome.winners == (1,)


@needs_published
@pytest.mark.parametrize(
    ("stop", "winners", "spent"),
    [("within_budget", 30, 995_079), ("first_exhaustive", 31, 984_579)],
)
def test_wieliczka_comes_out_as_published(stop: str, winners: int, spent: int) -> None:
    file = read_pb(WIELICZKA.read_bytes())
    counted = count_pb(file, {"rule": EQUAL, "stop": stop, "comparison": "satisfaction"})
    assert (len(counted.winners), counted.spent, counted.tie) == (winners, spent, ())
    assert counted.published
    assert (set(counted.winners) == set(counted.published)) is (stop == "within_budget")


projects_of = st.dictionaries(
    st.integers(1, 8),
    st.tuples(st.integers(0, 60), st.lists(st.integers(0, 9), unique=True).map(tuple)),
    min_size=1,
    max_size=7,
)
rules = st.sampled_from(["greedy", "greedy_no_skip", "knapsack", EQUAL])
completions = st.sampled_from(["none", "utilitarian", "add1", "add1u"])
utilities = st.sampled_from(["cost", "cardinality"])


@settings(deadline=None)
@given(projects_of, st.integers(0, 150), rules, completions, utilities)
def test_no_rule_spends_more_than_there_is(
    projects: Projects, budget: int, rule: str, completion: str, utility: str
) -> None:
    outcome = spend(projects, budget, 10, rule=rule, completion=completion, utility=utility)
    assert sum(projects[number][0] for number in outcome.winners) <= budget
    assert len(outcome.tie) != 1


def test_a_sure_winner_may_be_among_those_whose_order_decides() -> None:
    # At 5 a voice both are as good: bought first, 2 leaves too little for 1, but not 1 for 2.
    projects = {1: (5, (0,)), 2: (50, tuple(range(10)))}
    outcome = spend(projects, 55, 10, rule=EQUAL, completion="none", utility="cardinality")
    assert outcome.winners == (2,)
    assert outcome.tie == (1, 2)


@settings(deadline=None)
@given(projects_of, st.integers(0, 150), utilities)
def test_no_purse_pays_more_than_it_holds(projects: Projects, budget: int, utility: str) -> None:
    outcome = spend(projects, budget, 10, rule=EQUAL, completion="none", utility=utility)
    purse = Fraction(budget, 10)
    for paid in steps(outcome, "paid"):
        assert 0 <= Fraction(*paid["most_paid"]) <= purse
        assert paid["payers"] * Fraction(*paid["most_paid"]) >= paid["cost"]
        assert paid["emptied"] <= paid["payers"] <= paid["votes"]
    for missed in steps(outcome, "not_paid"):
        assert 0 <= Fraction(*missed["left_behind"]) <= missed["votes"] * purse
        if not outcome.tie:
            assert Fraction(*missed["left_behind"]) < max(missed["cost"], 1)


@settings(deadline=None)
@given(projects_of, st.integers(0, 150), st.integers(0, 50))
def test_more_money_never_buys_less_without_skipping(
    projects: Projects, budget: int, more: int
) -> None:
    few = spend(projects, budget, 10, rule="greedy_no_skip")
    many = spend(projects, budget + more, 10, rule="greedy_no_skip")
    assert set(few.winners) <= set(many.winners) | set(many.tie)


@settings(deadline=None)
@given(projects_of, st.integers(0, 150))
def test_another_vote_never_costs_a_project_its_place(projects: Projects, budget: int) -> None:
    before = spend(projects, budget, 11, rule="greedy")
    for number in before.winners:
        cost, wanting = projects[number]
        after = spend({**projects, number: (cost, (*wanting, 10))}, budget, 11, rule="greedy")
        assert number in after.winners


@settings(deadline=None)
@given(projects_of, st.integers(0, 150))
def test_no_set_has_more_votes_than_the_knapsacks(projects: Projects, budget: int) -> None:
    outcome = spend(projects, budget, 10, rule="knapsack", utility="cardinality")
    best = max(
        sum(len(projects[number][1]) for number in chosen)
        for size in range(len(projects) + 1)
        for chosen in combinations(projects, size)
        if sum(projects[number][0] for number in chosen) <= budget
    )
    (told,) = steps(outcome, "best_set")
    assert told["worth"] == best
    if not outcome.tie:
        assert sum(len(projects[number][1]) for number in outcome.winners) == best


@settings(deadline=None)
@given(projects_of, st.integers(1, 150), st.permutations(list(range(10))))
def test_the_order_of_voters_changes_nothing(
    projects: Projects, budget: int, order: list[int]
) -> None:
    options = tuple(Option(number, cost) for number, (cost, _) in projects.items())
    ballots = [
        approving(*(number for number, (_, wanting) in projects.items() if voter in wanting))
        for voter in range(10)
    ]
    turned = [tuple(reversed(ballots[voter])) for voter in order]
    for rule in ("greedy", "knapsack", EQUAL):
        setting: Setting = {"budget": budget, "rule": rule}
        assert count("budget", setting, options, ballots) == count(
            "budget", setting, options, turned
        )
