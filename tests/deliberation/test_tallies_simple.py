"""Questions, choices, scores, dots and consent: thresholds to the vote, ties told."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.deliberation.tallies import (
    BadBallot,
    BadCount,
    BadSetting,
    Ballot,
    check_ballot,
    check_setting,
    count,
    standard_options,
)
from tests.deliberation.counting import approving, options, ranking, vote

YES, NO, ABSTAIN = approving(1), approving(2), approving(3)


def test_half_of_those_present_is_not_a_majority() -> None:
    assert vote("yes_no", [YES, YES, NO, ABSTAIN]).passed is False
    assert vote("yes_no", [YES, YES, YES, NO, ABSTAIN]).passed is True


def test_abstaining_counts_as_present_unless_the_rules_say_votes() -> None:
    ballots = [YES, YES, NO, ABSTAIN, ABSTAIN]
    assert vote("yes_no", ballots).passed is False
    assert vote("yes_no", ballots, base="votes").passed is True
    assert vote("yes_no", ballots, heads=5, base="roll").passed is False


def test_a_tie_fails_and_is_named() -> None:
    outcome = vote("yes_no", [YES, NO])
    assert (outcome.passed, outcome.tie, outcome.winners) == (False, (1, 2), ())
    assert vote("yes_no", []).tie == ()


@pytest.mark.parametrize(("yes", "passes"), [(19, False), (20, True), (21, True)])
def test_two_thirds_include_themselves(yes: int, passes: bool) -> None:
    ballots = [YES] * yes + [NO] * (30 - yes)
    outcome = vote("yes_no", ballots, threshold_num=2, threshold_den=3, threshold_includes=True)
    assert outcome.passed is passes


@pytest.mark.parametrize(("came", "passes"), [(19, False), (20, True)])
def test_a_quorum_includes_itself(came: int, passes: bool) -> None:
    outcome = vote("yes_no", [YES] * came, heads=30, quorum_num=2, quorum_den=3)
    assert outcome.passed is passes


def test_without_a_quorum_nobody_wins_but_the_lead_is_told() -> None:
    outcome = vote("single", [YES] * 3, last=2, heads=30, quorum_num=1, quorum_den=2)
    assert (outcome.passed, outcome.winners, outcome.facts["leading"]) == (False, (), (1,))


def test_a_quorum_needs_the_roll() -> None:
    with pytest.raises(BadCount, match="roll_needed"):
        vote("yes_no", [YES], quorum_num=1, quorum_den=2)


def test_a_block_vote_never_elects_more_than_there_are_seats() -> None:
    outcome = vote("multiple", [approving(1, 2, 3, 4, 5)] * 9, last=5, seats=3)
    assert (outcome.winners, outcome.tie) == ((), (1, 2, 3, 4, 5))


def test_a_tie_at_the_last_seat_names_its_members_and_keeps_the_sure_winner() -> None:
    ballots = [approving(1)] * 3 + [approving(2)] * 2 + [approving(3)] * 2 + [approving(4)]
    outcome = vote("single", ballots, last=5, seats=2)
    assert (outcome.winners, outcome.tie, outcome.facts["tied_seats"]) == ((1,), (2, 3), 1)


def test_a_public_lot_settles_the_tie() -> None:
    ballots = [approving(1)] * 3 + [approving(2)] * 2 + [approving(3)] * 2
    outcome = vote("single", ballots, last=5, seats=2, lot="3,2")
    assert (outcome.winners, outcome.tie) == ((1, 3), ())


def test_nobody_wins_without_a_vote() -> None:
    outcome = vote("approval", [approving(2), ()], last=3, seats=2)
    assert (outcome.winners, outcome.unfilled, outcome.tie) == ((2,), 1, ())


def test_approval_may_ask_for_half() -> None:
    ballots = [approving(1)] * 2 + [approving(2)] * 3 + [approving(3)]
    outcome = vote("approval", ballots, last=3, seats=3, threshold_num=1, threshold_den=2)
    assert outcome.winners == ()
    outcome = vote(
        "approval",
        ballots,
        last=3,
        seats=3,
        threshold_num=1,
        threshold_den=2,
        threshold_includes=True,
    )
    assert outcome.winners == (2,)


def test_scores_add_up_and_a_mean_is_exact() -> None:
    ballots: list[Ballot] = [((1, 9), (2, 3)), ((1, 8),), ((2, 10),), ((2, 6), (3, 8))]
    assert vote("score", ballots, last=3).winners == (2,)
    outcome = vote("score", ballots, last=3, measure="mean")
    assert outcome.winners == (1,)
    assert outcome.facts["raters"] == ((1, 2), (2, 3), (3, 1))


def test_dots_are_limited_in_all_and_on_one() -> None:
    setting = {"dots": 5, "most_each": 3}
    check_ballot("dots", setting, options(3), ((1, 3), (2, 2)))
    for ballot, code in (
        (((1, 4),), "too_many_on_one"),
        (((1, 3), (2, 3)), "too_many_points"),
        (((1, 0),), "number_out_of_range"),
        ((), "empty"),
    ):
        with pytest.raises(BadBallot, match=code):
            check_ballot("dots", setting, options(3), ballot)


def test_one_objection_stops_a_consent_and_consent_needs_somebody() -> None:
    consent, concern, objection, aside = (approving(number) for number in (1, 2, 3, 4))
    assert vote("consent", [consent, concern, aside]).passed is True
    assert vote("consent", [consent, concern, objection]).passed is False
    assert vote("consent", [consent, concern, objection], most_objections=1).passed is True
    assert vote("consent", [aside, aside]).passed is False


@pytest.mark.parametrize(
    ("kind", "ballot", "code"),
    [
        ("yes_no", approving(4), "unknown_option"),
        ("yes_no", approving(1, 2), "not_one"),
        ("yes_no", ((1, 2),), "number_out_of_range"),
        ("single", (), "not_one"),
        ("multiple", ((1, 1), (1, 1)), "option_twice"),
        ("multiple", (), "too_few"),
        ("approval", ((1, -1),), "number_out_of_range"),
        ("score", ((1, 11),), "number_out_of_range"),
        ("ranked", ((1, 1), (2, 3)), "ranks_not_in_order"),
        ("ranked", ((1, 1), (2, 1)), "ranks_not_in_order"),
        ("ranked", (), "empty"),
        ("consent", ((5, 1),), "unknown_option"),
        ("owners", approving(1, 2), "not_one"),
        ("budget", ((1, 2),), "number_out_of_range"),
    ],
)
def test_a_ballot_that_does_not_fit_is_refused(kind: str, ballot: Ballot, code: str) -> None:
    with pytest.raises(BadBallot, match=code):
        check_ballot(kind, {}, standard_options(kind) or options(3), ballot)
    with pytest.raises(BadBallot, match=code):
        vote(kind, [ballot], last=3) if kind != "owners" else check_ballot(kind, {}, (), ballot)


@pytest.mark.parametrize(
    ("kind", "setting", "code"),
    [
        ("yes", {}, "unknown_kind"),
        ("single", {"seat": 1}, "unknown_setting"),
        ("single", {"seats": 0}, "out_of_range"),
        ("single", {"seats": "1"}, "not_whole"),
        ("single", {"seats": True}, "not_whole"),
        ("single", {"lot": "1,1"}, "not_an_order"),
        ("single", {"lot": "one"}, "not_an_order"),
        ("score", {"lowest": 5, "highest": 5}, "no_range"),
        ("ranked", {"rule": "borda"}, "unknown_word"),
        ("ranked", {"rule": "irv", "seats": 2}, "too_many_seats"),
        ("budget", {"whole_purses": 1}, "not_yes_or_no"),
        ("owners", {"item": 10}, "out_of_range"),
    ],
)
def test_a_setting_that_does_not_fit_is_refused(
    kind: str, setting: dict[str, int | str | bool], code: str
) -> None:
    with pytest.raises(BadSetting, match=code):
        check_setting(kind, setting)


def test_two_options_of_one_number_are_refused() -> None:
    with pytest.raises(BadCount, match="option_twice"):
        count("single", {}, (*options(2), *options(1)), [])


@given(st.lists(st.permutations([1, 2, 3]), max_size=20))
def test_the_order_of_ballots_changes_nothing(rankings: list[list[int]]) -> None:
    ballots = [ranking(*one) for one in rankings]
    turned = sorted(ballots)
    assert vote("score", ballots, last=3) == vote("score", turned, last=3)
    first = vote("ranked", ballots, last=3, rule="stv_scottish", seats=2)
    assert first == vote("ranked", turned, last=3, rule="stv_scottish", seats=2)


def test_an_outcome_is_kept_as_json_of_whole_numbers() -> None:
    plain = vote("yes_no", [YES, NO, NO], heads=9, quorum_num=1, quorum_den=3).as_plain()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["measures"][0] == {
        "name": "quorum",
        "part": 3,
        "whole": 9,
        "need": [1, 3],
        "includes": True,
        "is_met": True,
    }
