"""The opinion map equals Polis' published figures and is the same for whoever recomputes it."""

from __future__ import annotations

import random

import numpy as np
import pytest

from community.deliberation.tallies import opinion_groups as groups
from community.deliberation.tallies import opinion_map as maps
from community.deliberation.tallies.opinion_rows import FEWEST_ANSWERS, MapSettings, matrix_hash
from tests.deliberation.polis import NAMES, read_conversation

pytestmark = pytest.mark.once

SEED = b"a conversation"
Row = tuple[int | None, ...]


def invent(people: int, statements: int, camps: int = 3, seed: int = 7) -> list[Row]:
    """Invent answers of camps that lean their own way, with gaps."""
    dice = random.Random(seed)
    leaning = [[dice.choice((-1, 1)) for _ in range(statements)] for _ in range(camps)]
    rows = []
    for person in range(people):
        camp = leaning[person % camps]
        rows.append(
            tuple(
                None
                if dice.random() < 0.1
                else (one if dice.random() < 0.95 else dice.choice((-1, 0, 1)))
                for one in camp
            )
        )
    return rows


@pytest.mark.parametrize("name", NAMES)
def test_centre_and_components_equal_those_of_polis(name: str) -> None:
    conversation = read_conversation(name)
    found = maps.find_components(maps.to_matrix(conversation.rows))
    published = conversation.mathematics["pca"]
    # Polis keeps "agrees" as -1; its file of votes, like ours, as 1. Its sign of the components
    # comes from a start of all ones, like ours.
    assert np.abs(found.centre + np.array(published["center"])).max() < 1e-5
    assert np.abs(found.first - np.array(published["comps"][0])).max() < 1e-5
    assert np.abs(found.second - np.array(published["comps"][1])).max() < 1e-5


@pytest.mark.parametrize("name", NAMES)
def test_places_equal_those_of_polis(name: str) -> None:
    conversation = read_conversation(name)
    matrix = maps.to_matrix(conversation.rows)
    places = maps.project(matrix, maps.find_components(matrix))
    rows = {person: row for row, person in enumerate(conversation.people)}
    clusters = conversation.mathematics["base-clusters"]
    for members, x, y in zip(clusters["members"], clusters["x"], clusters["y"], strict=True):
        if len(members) == 1:
            assert places[rows[members[0]]] == pytest.approx([-x, -y], abs=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_people_are_placed_as_by_polis(name: str) -> None:
    conversation = read_conversation(name)
    placed = maps.clusterable(maps.to_matrix(conversation.raw), FEWEST_ANSWERS)
    named = set(conversation.mathematics["in-conv"])
    assert {conversation.people[row] for row in placed} <= named
    # Polis also keeps whoever had answered enough while there were fewer statements.
    for person in named - {conversation.people[row] for row in placed}:
        row = conversation.raw[conversation.people.index(person)]
        assert sum(one is not None for one in row) < FEWEST_ANSWERS


@pytest.mark.parametrize("name", NAMES)
def test_within_the_groups_of_polis_consensus_and_marks_are_its_own(name: str) -> None:
    conversation = read_conversation(name)
    tallies = [
        groups.count_answers([conversation.rows[row] for row in rows])
        for rows in conversation.groups()
    ]
    hidden = frozenset(conversation.statements.index(one) for one in conversation.hidden)
    for place, statement in enumerate(conversation.statements):
        if place not in hidden:
            assert float(
                groups.group_aware_consensus(place, groups.Side.AGREE, tallies)
            ) == pytest.approx(
                conversation.mathematics["group-aware-consensus"][str(statement)], abs=1e-9
            )
    for number in range(len(tallies)):
        published = conversation.mathematics["repness"][str(number)]
        marks = groups.representative_statements(number, tallies, hidden)
        assert [
            (conversation.statements[mark.statement], mark.side.value, mark.z_own, mark.z_against)
            for mark in marks
        ] == [
            (
                one["tid"],
                one["repful-for"],
                round(one["p-test"] * 1000),
                round(one["repness-test"] * 1000),
            )
            for one in published
        ]


def test_invented_camps_are_found_whatever_the_order() -> None:
    rows = invent(60, 30)
    settings = MapSettings()
    drawn = maps.draw_map(rows, SEED, settings)
    assert drawn is not None
    assert [group.people for group in drawn.groups] == [20, 20, 20]
    shuffled = rows[:]
    random.Random(3).shuffle(shuffled)
    assert maps.draw_map(shuffled, SEED, settings) == drawn
    assert matrix_hash(shuffled) == matrix_hash(rows)
    assert matrix_hash(rows[1:]) != matrix_hash(rows)


def test_any_seed_finds_clear_camps() -> None:
    rows = invent(80, 20, camps=4)
    found = {maps.draw_map(rows, bytes([seed]), MapSettings()) for seed in range(12)}
    assert len(found) == 1


def test_who_answers_everything_alike_can_be_set_aside() -> None:
    rows = [*invent(40, 12), (1,) * 12, (-1,) * 12, (0,) * 12, (1, *(None,) * 11)]
    kept = maps.draw_map(rows, SEED, MapSettings())
    aside = maps.draw_map(rows, SEED, MapSettings(sets_same_aside=True))
    assert kept is not None
    assert aside is not None
    assert (kept.people, kept.set_aside, kept.too_few_answers) == (44, 0, 1)
    # One single answer is not "everything alike": it is only too few.
    assert (aside.people, aside.set_aside, aside.too_few_answers) == (44, 3, 1)


def test_a_group_too_small_is_not_shown() -> None:
    yes: Row = (1, 1, 1, 1, -1, -1, -1, -1)
    no: Row = (-1, -1, -1, -1, 1, 1, 1, 1)
    odd: Row = (1, -1, 1, -1, 1, -1, 1, -1)
    rows = [yes] * 10 + [no] * 10 + [odd] * 3
    drawn = maps.draw_map(rows, SEED, MapSettings(smallest_group=5))
    assert drawn is not None
    assert [group.people for group in drawn.groups] == [10, 10]
    assert drawn.people_in_small_groups == 3
    assert sum(group == -1 for _, _, group in drawn.points) == 3
    shown = sum(group.answers[0].given for group in drawn.groups)
    assert shown == 20


def test_what_unites_and_what_divides() -> None:
    # Statement 0 unites in agreeing, 1 in refusing, 2 divides, 3 is passed by all.
    camp: Row = (1, -1, 1, 0, 1, 1, 1)
    other: Row = (1, -1, -1, 0, -1, -1, -1)
    drawn = maps.draw_map([camp] * 12 + [other] * 9, SEED, MapSettings())
    assert drawn is not None
    assert [(one.statement, one.side) for one in drawn.uniting] == [
        (0, groups.Side.AGREE),
        (1, groups.Side.DISAGREE),
    ]
    # (12 + 1) / (12 + 2) × (9 + 1) / (9 + 2)
    assert drawn.uniting[0].consensus == round(10_000 * 13 / 14 * 10 / 11)
    assert {one.statement for one in drawn.dividing} == {2, 4, 5, 6}
    divided = drawn.dividing[0]
    assert drawn.groups[divided.agreeing_group].people == 12
    assert drawn.groups[divided.disagreeing_group].people == 9


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [(None, None, None)] * 20,
        [(1, 0, -1)] * 9,
        [(1,)] * 40,
    ],
)
def test_no_map_of_too_little(rows: list[Row]) -> None:
    assert maps.draw_map(rows, SEED, MapSettings()) is None


def test_all_of_one_mind_are_no_camps() -> None:
    drawn = maps.draw_map([(1, 1, 1, -1, 0, 1, 1)] * 30, SEED, MapSettings())
    assert drawn is not None
    assert [group.people for group in drawn.groups] == [30]
    assert not drawn.dividing
    assert len(drawn.uniting) == 5


def test_the_two_tests_equal_worked_figures() -> None:
    # From the published figures of Polis: 10 of 10 gives z = 3.3166.
    assert groups.thousandths(groups.test_share(10, 10)) == 3317
    assert groups.thousandths(groups.test_share(0, 10)) == -2714
    assert groups.test_two_shares(5, 5, 5, 5) == 0
    # Everybody on both sides: there is nothing to tell apart.
    assert groups.test_two_shares(3, 7, 3, 7) == 0
    assert groups.test_two_shares(0, 9, 9, 9) == -groups.test_two_shares(9, 0, 9, 9)
