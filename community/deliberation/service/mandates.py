"""Commands of ballots others bring: written mandates and votes by phone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import identity, notices
from community.deliberation import permissions
from community.deliberation.errors.papers import (
    BadCall,
    MandateKnown,
    MandateNotFound,
    MandateOnPaper,
    MandateRefused,
    VotedInPerson,
)
from community.deliberation.models import Ballot, Mandate, PhoneCall, Poll, RollEntry
from community.deliberation.rules.papers import MOST_MANDATES
from community.deliberation.rules.polls import Origin, Pairs, PollState
from community.deliberation.service.ballots import CastBallot, record_ballot
from community.deliberation.service.poll_rows import check_state, get_entry_row, get_poll_row
from community.kernel import clock, db, files
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.permissions import Role
from community.kernel.sentences import say

REFUSED = {
    "self": N_("受托人就是本人。请本人直接投票。"),
    "member": N_("受托人不是本社区登记的成年人。请先登记，或另选一位。"),
    "property": N_("物业企业的工作人员不能受托投票。请另选一位。"),
    "many": N_("这位受托人在这次表决里已经受托三票，到了上限。请另选一位。"),
}


def record_mandate(
    session: Session,
    actor: Actor,
    roll_entry_id: int,
    holder_id: int,
    scan: files.Ready | None = None,
) -> int:
    """Record a written mandate for one poll, with its scan; gives its id. The voter is told.

    At most `MOST_MANDATES` a holder and poll; never the property firm's staff.
    Raises: RollEntryNotFound, WrongPollState, MandateKnown, MandateRefused, MandateOnPaper,
    VotedInPerson.
    """
    actor.check(permissions.OPERATE.code)
    if scan is None:
        raise MandateOnPaper
    entry = get_entry_row(session, actor.community_id, roll_entry_id)
    poll = get_poll_row(session, actor.community_id, entry.poll_id)
    check_state(poll, {PollState.FROZEN, PollState.OPEN})
    if session.scalar(select(Mandate.id).where(Mandate.roll_entry_id == entry.id)) is not None:
        raise MandateKnown
    if _has_voted(session, entry):
        raise VotedInPerson
    reason = _refusal(session, entry, holder_id)
    if reason is not None:
        raise MandateRefused(reason=REFUSED[reason])
    made = Mandate(
        community_id=actor.community_id,
        poll_id=poll.id,
        roll_entry_id=entry.id,
        holder_id=holder_id,
        scan_id=files.keep_file(session, actor, scan),
        recorded_at=clock.now(),
        recorded_by=actor.person_id,
    )
    session.add(made)
    session.flush()
    _tell_voter(session, actor, poll, entry, holder_id)
    return made.id


@db.untold
def vote_by_mandate(session: Session, actor: Actor, roll_entry_id: int, pairs: Pairs) -> CastBallot:
    """Enter the ballot that a holder brings for the entry of a recorded mandate.

    A voter who has voted in person is never replaced.
    Raises: RollEntryNotFound, MandateNotFound, and as `record_ballot`.
    """
    actor.check(permissions.OPERATE.code)
    entry = get_entry_row(session, actor.community_id, roll_entry_id)
    mandate = session.scalar(
        select(Mandate.id).where(
            Mandate.community_id == actor.community_id,
            Mandate.roll_entry_id == entry.id,
        )
    )
    if mandate is None:
        raise MandateNotFound
    return record_ballot(session, actor, entry.id, pairs, Origin.PROXY)


@db.untold
def record_at_desk(
    session: Session, actor: Actor, roll_entry_id: int, pairs: Pairs, reason: str = ""
) -> CastBallot:
    """Enter the ballot of a voter who came to the desk; the voter is told and can replace it.

    Raises: as `record_ballot`.
    """
    return record_ballot(session, actor, roll_entry_id, pairs, Origin.DESK, reason)


@db.untold
def vote_by_phone(
    session: Session,
    actor: Actor,
    roll_entry_id: int,
    pairs: Pairs,
    called_at: datetime,
    words: str,
) -> CastBallot:
    """Enter the ballot of a voter who was called and agreed to the words read back.

    Raises: RollEntryNotFound, BadCall, and as `record_ballot`.
    """
    actor.check(permissions.OPERATE.code)
    assert actor.person_id is not None
    entry = get_entry_row(session, actor.community_id, roll_entry_id)
    if not words.strip() or len(words) > 200 or called_at > clock.now():
        raise BadCall
    session.add(
        PhoneCall(
            community_id=actor.community_id,
            poll_id=entry.poll_id,
            roll_entry_id=entry.id,
            caller_id=actor.person_id,
            called_at=called_at,
            words=words.strip(),
        )
    )
    session.flush()
    return record_ballot(session, actor, entry.id, pairs, Origin.PHONE)


def _refusal(session: Session, entry: RollEntry, holder_id: int) -> str | None:
    """Name why somebody may not hold an entry's mandate, if so."""
    community_id = entry.community_id
    if holder_id == entry.voter_id:
        return "self"
    if not identity.is_member(session, community_id, holder_id):
        return "member"
    if identity.get_person(session, community_id, holder_id).is_minor:
        return "member"
    if holder_id in identity.people_with_role(session, community_id, Role.PROPERTY):
        return "property"
    held = session.scalar(
        select(func.count()).where(
            Mandate.community_id == community_id,
            Mandate.poll_id == entry.poll_id,
            Mandate.holder_id == holder_id,
        )
    )
    return "many" if (held or 0) >= MOST_MANDATES else None


def _has_voted(session: Session, entry: RollEntry) -> bool:
    found = session.scalar(
        select(Ballot.id).where(
            Ballot.community_id == entry.community_id, Ballot.roll_entry_id == entry.id
        )
    )
    return found is not None


def _tell_voter(
    session: Session, actor: Actor, poll: Poll, entry: RollEntry, holder_id: int
) -> None:
    if entry.voter_id is None:
        return
    notices.send(
        session,
        actor,
        entry.voter_id,
        say(N_("登记了您的投票委托")),
        say(
            N_(
                "“{title}”：登记了您书面委托{holder}代您投票。不是您的意思，或想自己投，截止前打开投票页自己投就行，以您自己投的为准。"
            ),
            title=poll.title,
            holder=identity.get_person(session, entry.community_id, holder_id).name,
        ),
        f"polls/{poll.id}",
    )
