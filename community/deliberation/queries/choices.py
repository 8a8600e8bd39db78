"""Whether a ballot fits its poll, asked before it is cast."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.deliberation.errors.polls import BadChoice, PollNotFound, ReasonNeeded
from community.deliberation.models import Poll, PollOption
from community.deliberation.rules.poll_words import BALLOT_REASONS
from community.deliberation.rules.polls import Pairs, tally_settings
from community.deliberation.tallies import BadBallot, Consent, Option, PollKind, check_ballot
from community.kernel.actor import Actor


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
    known = tuple(Option(number, cost) for number, cost in options)
    try:
        check_ballot(row.kind, tally_settings(row.settings), known, tuple(sorted(pairs)))
    except BadBallot as problem:
        raise BadChoice(reason=BALLOT_REASONS.get(problem.code, "")) from problem
    objects = any(option == Consent.OBJECTION for option, _ in pairs)
    if row.kind is PollKind.CONSENT and objects and not reason:
        raise ReasonNeeded
