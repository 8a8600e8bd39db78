"""Whether a ballot fits its poll, asked before it is cast."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.deliberation.errors.polls import BadChoice, PollNotFound, ReasonNeeded
from community.deliberation.errors.sealed import SealedHere
from community.deliberation.models import Poll, PollOption
from community.deliberation.rules.poll_words import BALLOT_REASONS
from community.deliberation.rules.polls import Pairs, Settings, tally_settings
from community.deliberation.rules.sealed import NEEDED, is_sealed
from community.deliberation.tallies import (
    BadBallot,
    Consent,
    Option,
    PollKind,
    ballot_check,
    check_setting,
)
from community.kernel.actor import Actor

# An option's number and what it costs in fen.
Options = tuple[tuple[int, int], ...]
MOST_PAIRS = 200
MOST_REASON = 200


def check_choice(
    session: Session, actor: Actor, poll_id: int, pairs: Pairs, reason: str = ""
) -> None:
    """Refuse a ballot that does not fit its poll.

    Raises: PollNotFound, BadChoice, ReasonNeeded.
    """
    row = session.scalar(
        select(Poll).where(Poll.community_id == actor.community_id, Poll.id == poll_id)
    )
    if row is None:
        raise PollNotFound
    options = session.execute(
        select(PollOption.number, PollOption.cost_fen)
        .where(PollOption.poll_id == poll_id)
        .order_by(PollOption.number)
    )
    known = tuple((number, cost) for number, cost in options)
    judge_choice(row.kind, json.dumps(row.settings), known, tuple(sorted(pairs)), reason)


def judge_choice(
    kind: PollKind, settings: str, options: Options, pairs: Pairs, reason: str
) -> None:
    """Refuse sorted pairs that do not fit a poll's settings (JSON) and its options by number.

    Raises: BadChoice, ReasonNeeded, SealedHere.
    """
    if len(pairs) > MOST_PAIRS or len(reason) > MOST_REASON:
        raise BadChoice(reason=BALLOT_REASONS["too_many"])
    try:
        _checker(kind, settings, options)(pairs)
    except BadBallot as problem:
        raise BadChoice(reason=BALLOT_REASONS.get(problem.code, "")) from problem
    objects = any(option == Consent.OBJECTION for option, _ in pairs)
    if kind is PollKind.CONSENT and objects and not reason:
        raise ReasonNeeded


@lru_cache(maxsize=256)
def _checker(kind: PollKind, settings: str, options: Options) -> Callable[[Pairs], None]:
    told = json.loads(settings)
    if is_sealed(told):
        raise SealedHere
    setting = tally_settings(told)
    known = tuple(Option(number, cost) for number, cost in options)

    return ballot_check(kind, check_setting(kind, setting), known)


def is_fit(kind: PollKind, settings: Settings, options: Options, pairs: Pairs, reason: str) -> bool:
    """Tell whether an opened ballot of a sealed poll fits it."""
    plain = json.dumps({**settings, NEEDED: 0})
    try:
        judge_choice(kind, plain, options, pairs, reason)
    except (BadChoice, ReasonNeeded):
        return False
    return True
