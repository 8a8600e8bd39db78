"""The one entrance: a kind, its setting, its options and its ballots become an outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import cast

from community.deliberation.tallies.ballots import ballot_check, standard_options
from community.deliberation.tallies.budget import count_budget
from community.deliberation.tallies.kinds import PollKind
from community.deliberation.tallies.owners import count_owners
from community.deliberation.tallies.ranked import count_ranked
from community.deliberation.tallies.settings import Settled, check_setting
from community.deliberation.tallies.simple import (
    count_choice,
    count_consent,
    count_points,
    count_question,
)
from community.deliberation.tallies.values import (
    BadCount,
    Ballot,
    Option,
    Outcome,
    OwnerBallot,
    Roll,
    Setting,
)


def count(
    kind: str,
    setting: Setting,
    options: Sequence[Option],
    ballots: Sequence[Ballot] | Sequence[OwnerBallot],
    roll: Roll | None = None,
) -> Outcome:
    """Count ballots; the same input gives the same outcome, whatever the order of the ballots.

    Owners' decisions take `OwnerBallot`s and need the roll; so do a quorum and a share of the roll.
    Raises: BadSetting, BadBallot, BadCount (roll_needed, roll_too_small, option_twice).
    """
    settled = check_setting(kind, setting)
    options = options or standard_options(kind)
    if len({option.number for option in options}) != len(options):
        raise BadCount("option_twice")
    check = ballot_check(kind, settled, options)
    if kind == PollKind.OWNERS:
        owners = cast("Sequence[OwnerBallot]", ballots)
        for ballot in {each.ballot for each in owners if each.is_cast}:
            check(ballot)
        if roll is None:
            raise BadCount("roll_needed")
        return count_owners(settled, options, owners, roll)
    grouped = Counter(cast("Sequence[Ballot]", ballots))
    for ballot in grouped:
        check(ballot)
    return _count(PollKind(kind), settled, options, grouped, roll)


def _count(
    kind: PollKind,
    settled: Settled,
    options: Sequence[Option],
    grouped: Counter[Ballot],
    roll: Roll | None,
) -> Outcome:
    if kind == PollKind.YES_NO:
        return count_question(settled, grouped, roll)
    if kind == PollKind.CONSENT:
        return count_consent(settled, grouped, roll)
    if kind in {PollKind.SINGLE, PollKind.MULTIPLE, PollKind.APPROVAL}:
        return count_choice(kind, settled, options, grouped, roll)
    if kind in {PollKind.SCORE, PollKind.DOTS}:
        return count_points(kind, settled, options, grouped, roll)
    if kind == PollKind.RANKED:
        return count_ranked(settled, options, grouped, roll)
    return count_budget(settled, options, grouped, roll)
