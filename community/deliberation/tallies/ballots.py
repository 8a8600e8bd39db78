"""What a ballot of each kind may say; it knows no voter and counts nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from community.deliberation.tallies.kinds import BallotForm, Consent, PollKind, Voice
from community.deliberation.tallies.settings import Settled, check_setting
from community.deliberation.tallies.values import WANTED, BadBallot, Ballot, Option, Setting

Check = Callable[[Settled, Mapping[int, int], Ballot], None]


def standard_options(kind: str) -> tuple[Option, ...]:
    """Give the options a kind has of itself; empty where the poll brings its own."""
    if kind in {PollKind.YES_NO, PollKind.OWNERS}:
        return tuple(Option(voice) for voice in Voice)
    if kind == PollKind.CONSENT:
        return tuple(Option(consent) for consent in Consent)
    return ()


def check_ballot(kind: str, setting: Setting, options: Sequence[Option], ballot: Ballot) -> None:
    """Refuse a ballot that does not fit.

    Raises: BadSetting; BadBallot (empty, unknown_option, option_twice, not_one, too_few, too_many,
    number_out_of_range, too_many_points, too_many_on_one, ranks_not_in_order, too_costly).
    """
    ballot_check(kind, check_setting(kind, setting), options)(ballot)


def ballot_check(
    kind: str, settled: Settled, options: Sequence[Option]
) -> Callable[[Ballot], None]:
    """Prepare the check of one poll, for many ballots."""
    costs = {option.number: option.cost for option in options or standard_options(kind)}
    known = set(costs)
    check = CHECKS[PollKind(kind)]

    def run(ballot: Ballot) -> None:
        named = {number for number, _ in ballot}
        if len(named) != len(ballot):
            raise BadBallot("option_twice")
        if not named <= known:
            raise BadBallot("unknown_option", option=min(named - known))
        check(settled, costs, ballot)

    return run


def _check_one(settled: Settled, costs: Mapping[int, int], ballot: Ballot) -> None:
    if len(ballot) != 1:
        raise BadBallot("not_one")
    _check_wanted(ballot)


def _check_wanted(ballot: Ballot) -> None:
    for number, value in ballot:
        if value != WANTED:
            raise BadBallot("number_out_of_range", option=number)


def _check_length(ballot: Ballot, least: int, most: int) -> None:
    if len(ballot) < least:
        raise BadBallot("too_few", least=least)
    if most and len(ballot) > most:
        raise BadBallot("too_many", most=most)


def _check_multiple(settled: Settled, costs: Mapping[int, int], ballot: Ballot) -> None:
    _check_wanted(ballot)
    _check_length(ballot, settled.whole("least"), settled.whole("most"))


def _check_approval(settled: Settled, costs: Mapping[int, int], ballot: Ballot) -> None:
    _check_wanted(ballot)  # approving of nothing is an answer


def _check_score(settled: Settled, costs: Mapping[int, int], ballot: Ballot) -> None:
    lowest, highest = settled.whole("lowest"), settled.whole("highest")
    if not ballot:
        raise BadBallot("empty")
    values = [value for _, value in ballot]
    if min(values) < lowest or max(values) > highest:
        number = next(number for number, value in ballot if not lowest <= value <= highest)
        raise BadBallot("number_out_of_range", option=number, least=lowest, most=highest)


def _check_dots(settled: Settled, costs: Mapping[int, int], ballot: Ballot) -> None:
    if not ballot:
        raise BadBallot("empty")
    _check_points(ballot, 1, settled.whole("dots"), settled.whole("most_each"))


def _check_points(ballot: Ballot, least: int, points: int, most_each: int) -> None:
    values = [value for _, value in ballot]
    if min(values) < least:
        number = next(number for number, value in ballot if value < least)
        most = most_each or points
        raise BadBallot("number_out_of_range", option=number, least=least, most=most)
    if most_each and max(values) > most_each:
        number = next(number for number, value in ballot if value > most_each)
        raise BadBallot("too_many_on_one", option=number, most=most_each)
    if points and sum(values) > points:
        raise BadBallot("too_many_points", most=points)


def _check_ranks(settled: Settled, costs: Mapping[int, int], ballot: Ballot) -> None:
    if not ballot:
        raise BadBallot("empty")
    if sorted(value for _, value in ballot) != list(range(1, len(ballot) + 1)):
        raise BadBallot("ranks_not_in_order")


def _check_owner(settled: Settled, costs: Mapping[int, int], ballot: Ballot) -> None:
    seats = settled.whole("seats")
    if not seats:
        _check_one(settled, costs, ballot)
        return
    _check_wanted(ballot)
    _check_length(ballot, 0, seats)


def _check_budget(settled: Settled, costs: Mapping[int, int], ballot: Ballot) -> None:
    _check_length(ballot, settled.whole("least_projects"), settled.whole("most_projects"))
    form = settled.word("form")
    if form == BallotForm.APPROVAL:
        _check_wanted(ballot)
    elif ballot and form == BallotForm.RANKED:
        _check_ranks(settled, costs, ballot)
    elif ballot:
        _check_points(ballot, settled.whole("least_points"), settled.whole("points"), 0)
    most_cost = settled.whole("most_cost")
    if most_cost and sum(costs[number] for number, _ in ballot) > most_cost:
        raise BadBallot("too_costly", most=most_cost)


CHECKS: Final[Mapping[PollKind, Check]] = {
    PollKind.YES_NO: _check_one,
    PollKind.SINGLE: _check_one,
    PollKind.MULTIPLE: _check_multiple,
    PollKind.APPROVAL: _check_approval,
    PollKind.SCORE: _check_score,
    PollKind.DOTS: _check_dots,
    PollKind.RANKED: _check_ranks,
    PollKind.CONSENT: _check_one,
    PollKind.OWNERS: _check_owner,
    PollKind.BUDGET: _check_budget,
}
