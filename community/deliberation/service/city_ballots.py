"""Ballots of the city's own e-voting system: taken over when the poll has closed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.deliberation import permissions
from community.deliberation.errors.polls import NoSuchNumber, OtherBallotCounts
from community.deliberation.models import RollEntry
from community.deliberation.rules.polls import Origin, Pairs
from community.deliberation.service.ballots import record_ballot
from community.deliberation.service.poll_rows import get_poll_row
from community.kernel.actor import Actor

Line = tuple[int, Pairs]


def import_ballots(
    session: Session, actor: Actor, poll_id: int, lines: tuple[Line, ...]
) -> tuple[int, ...]:
    """Enter ballots (number on the roll, choice) from the city's system, all of them or none.

    Gives the numbers that had another ballot already, which counts by the posted rule. The same
    file twice changes nothing. Raises: PollNotFound, NoSuchNumber, and as `record_ballot`.
    """
    actor.check(permissions.OPERATE.code)
    row = get_poll_row(session, actor.community_id, poll_id)
    entries = {
        number: entry_id
        for entry_id, number in session.execute(
            select(RollEntry.id, RollEntry.number).where(
                RollEntry.community_id == actor.community_id, RollEntry.poll_id == row.id
            )
        )
    }
    passed_over = []
    for number, pairs in lines:
        if number not in entries:
            raise NoSuchNumber(number=number)
        try:
            record_ballot(session, actor, entries[number], pairs, Origin.CITY)
        except OtherBallotCounts:
            passed_over.append(number)
    return tuple(passed_over)
