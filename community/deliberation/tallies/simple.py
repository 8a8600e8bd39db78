"""Kinds where each ballot adds to totals: questions, choices, scores, dots, consent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import chain

from community.deliberation.tallies.kinds import Consent, PollKind, Voice
from community.deliberation.tallies.seats import Seated, give_seats
from community.deliberation.tallies.settings import Settled
from community.deliberation.tallies.values import (
    BadCount,
    Ballot,
    Measure,
    Option,
    Outcome,
    Roll,
    measure,
)

Grouped = Mapping[Ballot, int]
Pairs = Mapping[tuple[int, int], int]


def measure_quorum(settled: Settled, votes: int, roll: Roll | None) -> tuple[Measure, ...]:
    """Compare those who took part with the quorum, where one is set. Raises: BadCount."""
    need = settled.whole("quorum_num"), settled.whole("quorum_den")
    if not need[0]:
        return ()
    if roll is None:
        raise BadCount("roll_needed")
    return (measure("quorum", votes + roll.invalid, roll.heads, need, includes=True),)


def count_question(settled: Settled, grouped: Grouped, roll: Roll | None) -> Outcome:
    """Count yes, no and abstain; a tie fails, and is named."""
    said = _add_up(_pairs(grouped))
    yes, no, abstain = (said[voice] for voice in Voice)
    votes = yes + no + abstain
    base = settled.word("base")
    if base == "roll" and roll is None:
        raise BadCount("roll_needed")
    whole = {"present": votes, "votes": yes + no, "roll": roll.heads if roll else 0}[base]
    need, includes = _threshold(settled)
    measures = (
        *measure_quorum(settled, votes, roll),
        measure("agreement", yes, whole, need, includes=includes),
    )
    passed = all(each.is_met for each in measures)
    return Outcome(
        kind=PollKind.YES_NO,
        votes=votes,
        winners=(Voice.YES.value,) if passed else (),
        passed=passed,
        tie=(Voice.YES.value, Voice.NO.value) if votes and yes == no else (),
        totals=tuple((voice.value, said[voice]) for voice in Voice),
        measures=measures,
        facts={"base": base},
    )


def count_consent(settled: Settled, grouped: Grouped, roll: Roll | None) -> Outcome:
    """Count a consent decision: somebody consents, and no more object than allowed."""
    said = _add_up(_pairs(grouped))
    votes = sum(grouped.values())
    most = settled.whole("most_objections")
    quorum = measure_quorum(settled, votes, roll)
    consents = said[Consent.CONSENT] + said[Consent.CONCERN]
    is_met = consents > 0 and said[Consent.OBJECTION] <= most
    passed = is_met and all(each.is_met for each in quorum)
    return Outcome(
        kind=PollKind.CONSENT,
        votes=votes,
        winners=(Consent.CONSENT.value,) if passed else (),
        passed=passed,
        totals=tuple((consent.value, said[consent]) for consent in Consent),
        measures=quorum,
        facts={"objections": said[Consent.OBJECTION], "most_objections": most},
    )


def count_choice(
    kind: PollKind, settled: Settled, options: Sequence[Option], grouped: Grouped, roll: Roll | None
) -> Outcome:
    """Count single, multiple and approval: a vote for each option named."""
    said = _add_up(_pairs(grouped))
    votes = sum(grouped.values())
    need, includes = _threshold(settled)
    standing = {
        option.number: said[option.number]
        for option in options
        if measure("support", said[option.number], votes, need, includes=includes).is_met
    }
    seated = give_seats(standing, settled.whole("seats"), settled.lot())
    totals = tuple((option.number, said[option.number]) for option in options)
    return _outcome(kind, votes, totals, seated, measure_quorum(settled, votes, roll))


def count_points(
    kind: PollKind, settled: Settled, options: Sequence[Option], grouped: Grouped, roll: Roll | None
) -> Outcome:
    """Count scores and dots: the numbers add up; a mean is over those who scored the option."""
    pairs = _pairs(grouped)
    said, raters = _add_numbers(pairs), _add_up(pairs)
    votes = sum(grouped.values())
    rated = [option.number for option in options if raters[option.number]]
    counted = {
        number: Fraction(said[number], raters[number] if _is_mean(kind, settled) else 1)
        for number in rated
    }
    seated = give_seats(counted, settled.whole("seats"), settled.lot())
    totals = tuple((option.number, said[option.number]) for option in options)
    outcome = _outcome(kind, votes, totals, seated, measure_quorum(settled, votes, roll))
    facts = {"raters": tuple((option.number, raters[option.number]) for option in options)}
    return Outcome(**{**vars(outcome), "facts": {**outcome.facts, **facts}})


def _is_mean(kind: PollKind, settled: Settled) -> bool:
    return kind == PollKind.SCORE and settled.word("measure") == "mean"


def _outcome(
    kind: PollKind,
    votes: int,
    totals: tuple[tuple[int, int], ...],
    seated: Seated,
    quorum: tuple[Measure, ...],
) -> Outcome:
    """Make the outcome; without a quorum nobody wins, and the facts tell who led."""
    passed = all(each.is_met for each in quorum) if quorum else None
    stands = passed is not False
    return Outcome(
        kind=kind,
        votes=votes,
        winners=seated.winners if stands else (),
        passed=passed,
        tie=seated.tie,
        totals=totals,
        unfilled=seated.unfilled,
        measures=quorum,
        facts={"tied_seats": seated.tied_seats, "leading": seated.winners},
    )


def _add_up(pairs: Pairs) -> Counter[int]:
    said: Counter[int] = Counter()
    for (number, _), times in pairs.items():
        said[number] += times
    return said


def _add_numbers(pairs: Pairs) -> Counter[int]:
    said: Counter[int] = Counter()
    for (number, value), times in pairs.items():
        said[number] += times * value
    return said


def _pairs(grouped: Grouped) -> Counter[tuple[int, int]]:
    """Count equal pairs over all ballots; most ballots of a large poll differ, pairs do not."""
    pairs = Counter(chain.from_iterable(grouped))
    for ballot, times in grouped.items():
        if times > 1:
            for pair in ballot:
                pairs[pair] += times - 1
    return pairs


def _threshold(settled: Settled) -> tuple[tuple[int, int], bool]:
    need = settled.whole("threshold_num"), settled.whole("threshold_den")
    return need, settled.flag("threshold_includes")
