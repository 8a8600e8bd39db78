"""What must never be false of sealed polls: nothing readable before the opening, nothing lost."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import sealing
from community.deliberation.models import (
    Ballot,
    BallotEvent,
    CountedBallot,
    InvalidBallot,
    Poll,
    PollOpener,
    SealedBallot,
)
from community.deliberation.rules.polls import PollState, Secrecy
from community.deliberation.rules.sealed import NEEDED, is_sealed, subject_of

WITH_BOX = (PollState.FROZEN, PollState.OPEN, PollState.CLOSED, PollState.DECIDED)


def problems(session: Session) -> list[str]:
    """List what is wrong in sealed polls."""
    found: list[str] = []
    for poll in session.scalars(select(Poll).order_by(Poll.id)):
        said = _of_sealed(session, poll) if is_sealed(poll.settings) else _of_plain(session, poll)
        found += [f"poll {poll.id}: {each}" for each in said]
    return found


def _of_plain(session: Session, poll: Poll) -> list[str]:
    many = _count(session, PollOpener, poll) + _count(session, SealedBallot, poll)
    return ["it is not sealed and has openers, or sealed ballots"] if many else []


def _of_sealed(session: Session, poll: Poll) -> list[str]:
    found = []
    if _count(session, PollOpener, poll) < int(poll.settings[NEEDED]):
        found.append("it needs more openers than it has")
    if poll.state not in WITH_BOX:
        return found
    box = sealing.find_box(session, poll.community_id, subject_of(poll.id))
    if box is None or box.k != poll.settings[NEEDED]:
        return [*found, "its ballots have no box, or one for other openers"]
    if box.times.deadline != poll.closes_at:
        found.append("it closes at another time than its box")
    if box.keeps_contents == (poll.secrecy is Secrecy.SECRET):
        found.append("its box keeps what it must not, or does not keep what it must")
    if box.times.opened_at is None:
        found += _of_shut(session, poll, box)
    else:
        found += _of_opened(session, poll)
    return found


def _of_shut(session: Session, poll: Poll, box: sealing.BoxView) -> list[str]:
    """While a box is shut no row says what a ballot says, and each ballot has its envelope."""
    found = []
    if _said(session, poll) or _count(session, CountedBallot, poll):
        found.append("a sealed ballot can be read before its opening")
    if _count(session, InvalidBallot, poll):
        found.append("a sealed ballot was judged before its opening")
    if poll.state is PollState.DECIDED:
        found.append("it is decided and its ballots are sealed")
    ballots = _count(session, Ballot, poll)
    is_kept = poll.secrecy is Secrecy.NAMED or poll.state is not PollState.CLOSED
    if _count(session, SealedBallot, poll) != (ballots if is_kept else 0):
        found.append("its sealed ballots and their receipts differ in number")
    if box.count is not None and box.count != ballots:
        found.append("its ballots and the envelopes in its box differ in number")
    return found


def _of_opened(session: Session, poll: Poll) -> list[str]:
    """Once a box is open every ballot counts or is invalid; a secret one lies by no name."""
    found = []
    said = _said(session, poll)
    if poll.secrecy is Secrecy.SECRET:
        if said or _count(session, SealedBallot, poll):
            found.append("a secret ballot kept its name")
        counted = _count(session, CountedBallot, poll)
    else:
        counted = said
    if counted + _count(session, InvalidBallot, poll) != _count(session, Ballot, poll):
        found.append("its ballots, counted and invalid, do not add up")
    return found


def _said(session: Session, poll: Poll) -> int:
    ballots = session.scalar(
        select(func.count()).where(Ballot.poll_id == poll.id, Ballot.pairs.is_not(None))
    )
    acts = session.scalar(
        select(func.count()).where(BallotEvent.poll_id == poll.id, BallotEvent.pairs.is_not(None))
    )
    return (ballots or 0) + (acts or 0)


def _count(
    session: Session,
    table: type[PollOpener | SealedBallot | CountedBallot | InvalidBallot | Ballot],
    poll: Poll,
) -> int:
    return session.scalar(select(func.count()).where(table.poll_id == poll.id)) or 0
