"""Commands of paper ballots: print, log the return, count before witnesses, read twice, settle."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.deliberation import permissions
from community.deliberation.errors.papers import (
    CountNotBegun,
    PaperNotFound,
    PaperNotReturned,
    PaperSettled,
    PaperTooLate,
    ReadingsAgree,
    SameReader,
    SpoiltNeedsReason,
    WitnessesMissing,
)
from community.deliberation.errors.polls import NoPaperHere, OtherBallotCounts
from community.deliberation.models import BallotPaper, PaperCount, PaperReading, Poll, RollEntry
from community.deliberation.queries.choices import check_choice
from community.deliberation.queries.papers import reading
from community.deliberation.rules.papers import (
    LEAST_WITNESSES,
    SETTLED,
    PaperState,
    Reading,
    state_of,
    witnesses_in,
)
from community.deliberation.rules.polls import Origin, Pairs, PollState, phase_at
from community.deliberation.service.ballots import record_ballot
from community.deliberation.service.poll_rows import check_state, get_poll_row
from community.deliberation.tallies import PollKind
from community.kernel import clock, db, ids
from community.kernel.actor import Actor

CODE_LENGTH = 10


def print_papers(session: Session, actor: Actor, poll_id: int) -> int:
    """Give every entry of a frozen roll its paper, once; gives how many are new.

    Raises: PollNotFound, WrongPollState, NoPaperHere.
    """
    actor.check(permissions.OPERATE.code)
    row = get_poll_row(session, actor.community_id, poll_id)
    check_state(row, {PollState.FROZEN, PollState.OPEN})
    if not row.settings["has_paper"]:
        raise NoPaperHere
    known = select(BallotPaper.roll_entry_id).where(BallotPaper.poll_id == row.id)
    missing = session.scalars(
        select(RollEntry.id)
        .where(RollEntry.community_id == actor.community_id, RollEntry.poll_id == row.id)
        .where(RollEntry.id.not_in(known))
        .order_by(RollEntry.number)
    ).all()
    now = clock.now()
    session.add_all(
        BallotPaper(
            community_id=row.community_id,
            poll_id=row.id,
            roll_entry_id=entry_id,
            code=ids.random_code(CODE_LENGTH),
            printed_at=now,
            printed_by=actor.person_id,
        )
        for entry_id in missing
    )
    return len(missing)


@db.untold
def log_return(session: Session, actor: Actor, code: str) -> int:
    """Note that a paper came back, unopened, while the poll runs; gives its number on the roll.

    Twice is once. Raises: PaperNotFound, PaperTooLate.
    """
    actor.check(permissions.OPERATE.code)
    paper, poll = _locked(session, actor, code)
    number = session.scalar(
        select(RollEntry.number).where(
            RollEntry.community_id == actor.community_id, RollEntry.id == paper.roll_entry_id
        )
    )
    assert number is not None
    if paper.returned_at is not None:
        return number
    now = clock.now()
    if phase_at(poll.state, poll.opens_at, poll.closes_at, now) is not PollState.OPEN:
        raise PaperTooLate
    paper.returned_at = now
    paper.returned_to = actor.person_id
    return number


def begin_count(
    session: Session, actor: Actor, poll_id: int, witnesses: str, place: str = ""
) -> None:
    """Begin the witnessed count of a closed poll (唱票), with who stands by (监票).

    Raises: PollNotFound, WrongPollState, NoPaperHere, WitnessesMissing.
    """
    actor.check(permissions.CONVENE.code)
    row = get_poll_row(session, actor.community_id, poll_id)
    check_state(row, {PollState.CLOSED})
    if not row.settings["has_paper"]:
        raise NoPaperHere
    names = witnesses_in(witnesses)
    if len(names) < LEAST_WITNESSES or len("、".join(names)) > 200:
        raise WitnessesMissing
    if _has_begun(session, row):
        return
    session.add(
        PaperCount(
            community_id=row.community_id,
            poll_id=row.id,
            witnesses="、".join(names),
            place=place.strip()[:80],
            began_at=clock.now(),
            began_by=actor.person_id,
        )
    )


def read_paper(
    session: Session,
    actor: Actor,
    code: str,
    pairs: Pairs | None,
    reason: str = "",
) -> PaperState:
    """Write down what one person reads on a paper; None with a reason where it is spoilt.

    When the second reads the same, the paper counts. Raises: PaperNotFound, PaperNotReturned,
    CountNotBegun, SameReader, PaperSettled, SpoiltNeedsReason, BadChoice.
    """
    actor.check(permissions.COUNT.code)
    paper, poll = _open_paper(session, actor, code)
    read = _readings(session, paper)
    state = state_of(read)
    if state in SETTLED | {PaperState.DIFFERS}:
        raise PaperSettled
    return _write(
        session, actor, poll, paper, [*read, _checked(actor, poll, read, pairs, reason)], reason
    )


def settle_paper(
    session: Session,
    actor: Actor,
    code: str,
    pairs: Pairs | None,
    reason: str,
) -> PaperState:
    """Settle a paper on which two readers differ, as a third person, with the reason.

    Raises: as `read_paper`, and ReadingsAgree.
    """
    actor.check(permissions.COUNT.code)
    paper, poll = _open_paper(session, actor, code)
    read = _readings(session, paper)
    if state_of(read) is not PaperState.DIFFERS:
        raise ReadingsAgree
    if not reason.strip():
        raise SpoiltNeedsReason
    return _write(
        session, actor, poll, paper, [*read, _checked(actor, poll, read, pairs, reason)], reason
    )


def _checked(
    actor: Actor, poll: Poll, read: list[Reading], pairs: Pairs | None, reason: str
) -> Reading:
    assert actor.person_id is not None
    if any(each.reader_id == actor.person_id for each in read):
        raise SameReader
    if pairs is None:
        if not reason.strip():
            raise SpoiltNeedsReason
        return Reading(actor.person_id, True, None)
    ordered = tuple(sorted(pairs))
    return Reading(actor.person_id, False, ordered)


def _write(
    session: Session,
    actor: Actor,
    poll: Poll,
    paper: BallotPaper,
    read: list[Reading],
    reason: str,
) -> PaperState:
    new = read[-1]
    said = reason.strip() if poll.kind is PollKind.CONSENT else ""
    if new.pairs is not None:
        check_choice(session, actor, poll.id, new.pairs, said)
    session.add(
        PaperReading(
            community_id=paper.community_id,
            paper_id=paper.id,
            place=len(read),
            reader_id=new.reader_id,
            is_spoilt=new.is_spoilt,
            pairs=None if new.pairs is None else [list(each) for each in new.pairs],
            reason=reason.strip()[:200],
            read_at=clock.now(),
        )
    )
    session.flush()
    state = state_of(read)
    if state is PaperState.READ:
        assert new.pairs is not None
        try:
            record_ballot(session, actor, paper.roll_entry_id, new.pairs, Origin.PAPER, said)
        except OtherBallotCounts:
            # By the posted rule the entry's other ballot stands; the paper stays read.
            return state
    return state


def _locked(session: Session, actor: Actor, code: str) -> tuple[BallotPaper, Poll]:
    paper = session.scalar(
        select(BallotPaper)
        .where(BallotPaper.community_id == actor.community_id, BallotPaper.code == code)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if paper is None:
        raise PaperNotFound
    poll = session.scalar(
        select(Poll).where(Poll.community_id == actor.community_id, Poll.id == paper.poll_id)
    )
    assert poll is not None
    return paper, poll


def _open_paper(session: Session, actor: Actor, code: str) -> tuple[BallotPaper, Poll]:
    paper, poll = _locked(session, actor, code)
    if paper.returned_at is None:
        raise PaperNotReturned
    if poll.state is PollState.DECIDED:
        raise PaperSettled
    if poll.state is not PollState.CLOSED or not _has_begun(session, poll):
        raise CountNotBegun
    return paper, poll


def _has_begun(session: Session, poll: Poll) -> bool:
    found = session.scalar(
        select(PaperCount.id).where(
            PaperCount.community_id == poll.community_id, PaperCount.poll_id == poll.id
        )
    )
    return found is not None


def _readings(session: Session, paper: BallotPaper) -> list[Reading]:
    rows = session.scalars(
        select(PaperReading)
        .where(PaperReading.community_id == paper.community_id, PaperReading.paper_id == paper.id)
        .order_by(PaperReading.place)
    )
    return [reading(each) for each in rows]
