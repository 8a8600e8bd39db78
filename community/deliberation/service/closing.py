"""Closing and deciding: the tree opens, secret ballots lose their names, and the count is kept."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from community import sealing, transparency
from community.deliberation import permissions
from community.deliberation.errors.papers import PapersUnread
from community.deliberation.errors.polls import NotClosedYet
from community.deliberation.errors.sealed import StillSealed
from community.deliberation.events import PollClosed, PollDecided
from community.deliberation.models import (
    Ballot,
    BallotEvent,
    BallotPaper,
    CountedBallot,
    PaperReading,
    Poll,
    PollOpener,
    PollResult,
)
from community.deliberation.queries.counting import count_poll, published_ballots
from community.deliberation.queries.papers import unread_papers
from community.deliberation.queries.sealed import box_of, is_waiting_for_openers
from community.deliberation.rules.polls import PollState, Secrecy, hash_of
from community.deliberation.rules.sealed import is_sealed, opening_due, poll_of
from community.deliberation.service.poll_rows import check_state, get_poll_row, step
from community.deliberation.service.publishing import tell_ballots, tell_result
from community.deliberation.service.sealed import shut_box
from community.kernel import clock, events
from community.kernel.actor import Actor


def close_poll(session: Session, actor: Actor, poll_id: int) -> None:
    """Close a poll whose time is over: its tree is published, secret ballots lose their names.

    Where papers come back both wait until they are counted. Sealed ballots stay sealed: the set
    of them is published, and their openers are asked.
    Raises: PollNotFound, WrongPollState, NotClosedYet.
    """
    actor.check(permissions.CONVENE.code)
    row = get_poll_row(session, actor.community_id, poll_id)
    check_state(row, {PollState.FROZEN, PollState.OPEN})
    now = clock.now()
    if now < row.closes_at:
        closes = row.closes_at.astimezone(clock.SHANGHAI).strftime("%m-%d %H:%M")
        raise NotClosedYet(closes=closes)
    row.closed_at = now
    step(session, row, PollState.CLOSED)
    if is_sealed(row.settings):
        _open_tree(session, row)
        shut_box(session, actor, row)
    elif not row.settings["has_paper"]:
        _open_ballots(session, row)
    events.tell(session, PollClosed(row.community_id, row.id, row.subject))


def decide_poll(session: Session, actor: Actor, poll_id: int) -> PollDecided:
    """Count a closed poll, keep the outcome, and publish the ballots and the result.

    Where papers come back, people say when the witnessed count is done; elsewhere the clock does.
    Raises: PollNotFound, WrongPollState, PapersUnread, StillSealed.
    """
    actor.check(permissions.CONVENE.code)
    row = get_poll_row(session, actor.community_id, poll_id)
    check_state(row, {PollState.CLOSED})
    unread = unread_papers(session, row.community_id, row.id)
    if unread:
        raise PapersUnread(papers=unread)
    if is_waiting_for_openers(session, row):
        assert row.closed_at is not None
        raise StillSealed(due=opening_due(row.closed_at))
    if row.settings["has_paper"]:
        # Papers came in since. All lose their names at once: the few papers, copied apart, would
        # stand together in the database and could be told from the others.
        _open_ballots(session, row)
    outcome = count_poll(session, row.community_id, row.id)
    lines = published_ballots(session, row.community_id, row.id)
    result = PollResult(
        community_id=row.community_id,
        poll_id=row.id,
        outcome=outcome,
        outcome_hash=hash_of(outcome),
        ballots=_ballots(session, row),
        origins=_origins(session, row),
        decided_at=clock.now(),
        decided_by=actor.person_id,
    )
    session.add(result)
    row.decided_at = result.decided_at
    step(session, row, PollState.DECIDED)
    tell_ballots(session, row, lines)
    tell_result(session, row, result)
    decided = PollDecided(
        row.community_id,
        row.id,
        row.kind.value,
        row.subject,
        outcome["passed"],
        tuple(outcome["winners"]),
        clock.today(),
    )
    events.tell(session, decided)
    return decided


def follow_frozen_box(session: Session, actor: Actor, subject: str) -> None:
    """Close the poll whose box somebody's act has frozen first, as an opener's shares do."""
    poll_id = poll_of(subject)
    if poll_id is None:
        return
    row = get_poll_row(session, actor.community_id, poll_id)
    if row.state in {PollState.FROZEN, PollState.OPEN}:
        close_poll(session, actor, poll_id)


def discard_withdrawn_boxes(session: Session, actor: Actor) -> int:
    """Give up the box of one withdrawn poll when its time is over: nobody waits for it any more."""
    withdrawn = session.scalars(
        select(Poll)
        .where(
            Poll.community_id == actor.community_id,
            Poll.state == PollState.WITHDRAWN,
            Poll.frozen_at.is_not(None),
            Poll.closes_at <= clock.now(),
            Poll.id.in_(select(PollOpener.poll_id)),
        )
        .order_by(Poll.id)
    )
    for row in withdrawn:
        box = box_of(session, row)
        if box.times.discarded_at is None:
            sealing.discard_box(session, actor, box.id)
            return 1
    return 0


def close_due_polls(session: Session, actor: Actor) -> int:
    """Close the poll whose time is over longest, one a transaction; gives how many.

    The runner calls again at once while there was one, so all are closed in the same round.
    """
    due = session.scalars(
        select(Poll.id)
        .where(
            Poll.community_id == actor.community_id,
            Poll.state.in_((PollState.FROZEN, PollState.OPEN)),
            Poll.closes_at <= clock.now(),
        )
        .order_by(Poll.closes_at, Poll.id)
        .limit(1)
    ).all()
    for poll_id in due:
        close_poll(session, actor, poll_id)
    return len(due)


def decide_due_polls(session: Session, actor: Actor) -> int:
    """Count a closed poll that waits for no paper and no opener, as `close_due_polls` closes."""
    waiting = session.scalars(
        select(Poll)
        .where(Poll.community_id == actor.community_id, Poll.state == PollState.CLOSED)
        .order_by(Poll.id)
    )
    for row in waiting:
        if not row.settings["has_paper"] and not is_waiting_for_openers(session, row):
            decide_poll(session, actor, row.id)
            return 1
    return 0


def _open_ballots(session: Session, row: Poll) -> None:
    """Let a poll's ballots be counted: secret ones lose their names, and the tree is published."""
    _take_names_off(session, row)
    _open_tree(session, row)


def _open_tree(session: Session, row: Poll) -> None:
    assert row.tree_id is not None
    transparency.close_private_tree(session, row.community_id, row.tree_id)


def _take_names_off(session: Session, row: Poll) -> None:
    """Copy the secret ballots, ordered by what was drawn at random, and destroy the originals.

    What stays of each is that there was one, which the roll shows as having voted. A named poll
    keeps its ballots as they are.
    """
    if row.secrecy is not Secrecy.SECRET:
        return
    mine = (Ballot.community_id == row.community_id, Ballot.poll_id == row.id)
    named = session.execute(
        select(Ballot.tracker, Ballot.pairs, Ballot.reason)
        .where(*mine, Ballot.pairs.is_not(None))
        .order_by(Ballot.tracker)
    ).all()
    if named:
        session.execute(
            insert(CountedBallot),
            [
                {
                    "community_id": row.community_id,
                    "poll_id": row.id,
                    "tracker": tracker,
                    "pairs": pairs,
                    "reason": reason or "",
                }
                for tracker, pairs, reason in named
            ],
        )
    nothing: dict[str, Any] = dict.fromkeys(
        ("pairs", "reason", "tracker", "salt", "receipt_number")
    )
    session.execute(
        update(Ballot).where(*mine).values(nothing).execution_options(synchronize_session=False)
    )
    session.execute(
        update(BallotEvent)
        .where(BallotEvent.community_id == row.community_id, BallotEvent.poll_id == row.id)
        .values(pairs=None)
        .execution_options(synchronize_session=False)
    )
    papers = select(BallotPaper.id).where(
        BallotPaper.community_id == row.community_id, BallotPaper.poll_id == row.id
    )
    session.execute(
        update(PaperReading)
        .where(PaperReading.community_id == row.community_id, PaperReading.paper_id.in_(papers))
        .values(pairs=None)
        .execution_options(synchronize_session=False)
    )


def _ballots(session: Session, row: Poll) -> int:
    chosen = select(func.count()).where(
        Ballot.community_id == row.community_id, Ballot.poll_id == row.id
    )
    return session.scalar(chosen) or 0


def _origins(session: Session, row: Poll) -> dict[str, int]:
    rows = session.execute(
        select(Ballot.origin, func.count())
        .where(Ballot.community_id == row.community_id, Ballot.poll_id == row.id)
        .group_by(Ballot.origin)
    )
    return {origin.value: many for origin, many in rows}
