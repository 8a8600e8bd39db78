"""Finding and claiming the rows of polls; for the commands of this room."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community.deliberation.errors.polls import (
    CityBallotsMissing,
    PollNotFound,
    RollEntryNotFound,
    WrongPollState,
)
from community.deliberation.models import Poll, RollEntry, RollWork, RollWorkKind
from community.deliberation.rules.poll_words import STATE_WORDS
from community.deliberation.rules.polls import PollState


def get_poll_row(session: Session, community_id: int, poll_id: int) -> Poll:
    """Give a poll's row, locked where the database has locks.

    Raises: PollNotFound.
    """
    row = session.scalar(
        select(Poll)
        .where(Poll.community_id == community_id, Poll.id == poll_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise PollNotFound
    return row


def get_entry_row(session: Session, community_id: int, roll_entry_id: int) -> RollEntry:
    """Give an entry of a roll.

    Raises: RollEntryNotFound.
    """
    row = session.scalar(
        select(RollEntry).where(
            RollEntry.community_id == community_id, RollEntry.id == roll_entry_id
        )
    )
    if row is None:
        raise RollEntryNotFound
    return row


def check_state(row: Poll, allowed: Collection[PollState]) -> None:
    """Refuse a poll in another state.

    Raises: WrongPollState.
    """
    if row.state not in allowed:
        raise WrongPollState(state=STATE_WORDS[row.state])


def step(session: Session, row: Poll, to: PollState) -> None:
    """Move a poll on; who comes second finds it moved.

    Raises: WrongPollState, CityBallotsMissing (a city's ballots are taken over in part only).
    """
    session.flush()
    before = row.state
    if to is PollState.DECIDED:
        _check_city_ballots(session, row)
    moved = session.execute(
        update(Poll)
        .where(Poll.id == row.id, Poll.state == before)
        .values(state=to)
        .returning(Poll.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    if moved is None:
        raise WrongPollState(state=STATE_WORDS[before])
    session.refresh(row)


def _check_city_ballots(session: Session, row: Poll) -> None:
    half_done = session.scalar(
        select(RollWork.id).where(
            RollWork.community_id == row.community_id,
            RollWork.poll_id == row.id,
            RollWork.kind == RollWorkKind.CITY,
            RollWork.ended_at.is_(None),
        )
    )
    if half_done is not None:
        raise CityBallotsMissing
