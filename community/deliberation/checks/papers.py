"""What must never be false of papers and mandates: read by two, come back in time, few a holder."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.deliberation.models import (
    Ballot,
    BallotPaper,
    Mandate,
    PaperReading,
    PhoneCall,
    Poll,
    RollEntry,
)
from community.deliberation.queries.papers import reading, unread_papers
from community.deliberation.rules.papers import MOST_MANDATES, PaperState, state_of
from community.deliberation.rules.polls import Origin, PollState

Proof = type[BallotPaper] | type[Mandate] | type[PhoneCall]
PROOFS: dict[Origin, Proof] = {
    Origin.PAPER: BallotPaper,
    Origin.PROXY: Mandate,
    Origin.PHONE: PhoneCall,
}


def problems(session: Session) -> list[str]:
    """List what is wrong in papers, mandates and calls."""
    found = _of_papers(session) + _of_mandates(session)
    for origin, proof in PROOFS.items():
        found += _unproved(session, origin, proof)
    decided = session.execute(
        select(Poll.community_id, Poll.id).where(Poll.state == PollState.DECIDED)
    )
    for community_id, poll_id in decided:
        if unread_papers(session, community_id, poll_id):
            found.append(f"poll {poll_id}: it is decided with papers unread")
    return found


def _of_papers(session: Session) -> list[str]:
    found = []
    rows = session.execute(
        select(Ballot, BallotPaper)
        .join(BallotPaper, BallotPaper.roll_entry_id == Ballot.roll_entry_id)
        .where(Ballot.origin == Origin.PAPER)
        .order_by(Ballot.id)
    )
    for ballot, paper in rows:
        if paper.returned_at is None:
            found.append(f"paper {paper.id}: it is counted and never came back")
            continue
        kept = session.scalars(
            select(PaperReading)
            .where(PaperReading.paper_id == paper.id)
            .order_by(PaperReading.place)
        )
        read = [reading(each) for each in kept]
        said = None if ballot.pairs is None else tuple((one, many) for one, many in ballot.pairs)
        if state_of(read) is not PaperState.READ or read[-1].pairs != said:
            found.append(f"ballot {ballot.id}: two people did not read this on its paper")
    return found


def _of_mandates(session: Session) -> list[str]:
    held = Counter(
        (poll_id, holder_id)
        for poll_id, holder_id in session.execute(select(Mandate.poll_id, Mandate.holder_id))
    )
    found = [
        f"poll {poll_id}: person {holder_id} holds {many} mandates"
        for (poll_id, holder_id), many in sorted(held.items())
        if many > MOST_MANDATES
    ]
    own = session.scalars(
        select(Mandate.id)
        .join(RollEntry, RollEntry.id == Mandate.roll_entry_id)
        .where(Mandate.holder_id == RollEntry.voter_id)
    )
    found += [f"mandate {each}: somebody holds the own mandate" for each in own]
    return found


def _unproved(session: Session, origin: Origin, proof: Proof) -> list[str]:
    proved = select(proof.roll_entry_id)
    rows = session.scalars(
        select(Ballot.id)
        .where(Ballot.origin == origin, Ballot.roll_entry_id.not_in(proved))
        .order_by(Ballot.id)
    )
    return [f"ballot {each}: nothing proves its way ({origin.value})" for each in rows]
