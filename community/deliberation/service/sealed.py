"""Sealed polls from the draft's openers to the opening: the box of envelopes and its poll."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from community import identity, notices, sealing, transparency
from community.deliberation import permissions
from community.deliberation.errors.polls import BadPollDraft
from community.deliberation.errors.sealed import (
    NotSealedHere,
    OpenedAlready,
    OpenerWithoutKey,
    RollTooLong,
    VoidTooEarly,
    WaitForOpeners,
)
from community.deliberation.models import Ballot, Poll, PollOpener, SealedBallot
from community.deliberation.queries.sealed import box_of, hidden_owner
from community.deliberation.rules.polls import PollState, Secrecy
from community.deliberation.rules.sealed import (
    MOST_HEADS,
    NEEDED,
    is_sealed,
    may_count_incomplete,
    opening_due,
    subject_of,
)
from community.deliberation.service.poll_rows import check_state, get_poll_row, step
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_, NotFound
from community.kernel.sentences import say


def keep_openers(session: Session, row: Poll, people: Sequence[int]) -> None:
    """Write who is to open a draft's ballots. Raises: NotFound, when somebody is no member."""
    mine = (PollOpener.community_id == row.community_id, PollOpener.poll_id == row.id)
    session.execute(delete(PollOpener).where(*mine))
    if set(identity.people(session, row.community_id, people)) != set(people):
        raise NotFound
    if people:
        session.execute(
            insert(PollOpener),
            [
                {"community_id": row.community_id, "poll_id": row.id, "person_id": person}
                for person in people
            ],
        )


def prepare_box(session: Session, actor: Actor, row: Poll, heads: int) -> list[str]:
    """Open the box of a poll that is being frozen; gives the openers' fingerprints.

    Raises: RollTooLong, OpenerWithoutKey.
    """
    if heads > MOST_HEADS:
        raise RollTooLong(most=MOST_HEADS, heads=heads)
    people = openers_of(session, row)
    keys = sealing.opener_keys(session, row.community_id, people)
    if len(keys) != len(people):
        raise OpenerWithoutKey
    openers = tuple((person, keys[person].public_key) for person in people)
    # Only the openers open: who alone could open the own ballot could also not.
    terms = sealing.BoxTerms(
        opens_at=row.opens_at,
        self_until=row.closes_at,
        keeps_contents=row.secrecy is Secrecy.NAMED,
    )
    needed = int(row.settings[NEEDED])
    level = sealing.BoxLevel.L2
    sealing.open_box(
        session, actor, subject_of(row.id), level, row.closes_at, openers, needed, terms
    )
    return [keys[person].fingerprint for person in people]


def drop_box(session: Session, actor: Actor, row: Poll) -> None:
    """Destroy what came in for a poll that is withdrawn; only the trace stays."""
    box = box_of(session, row)
    if clock.now() >= row.closes_at:
        sealing.discard_box(session, actor, box.id)
    else:
        for entry_id in _voted(session, row):
            owner = hidden_owner(row.community_id, row.id, entry_id)
            sealing.withdraw_envelope(session, actor, box.id, owner)
    _destroy_receipts(session, row)


def shut_box(session: Session, actor: Actor, row: Poll) -> None:
    """Shut the box of a poll that closes; ask its openers, unless nobody has voted."""
    box = box_of(session, row)
    inside = sealing.freeze_box(session, actor, box.id).count
    if row.secrecy is Secrecy.SECRET:
        _destroy_receipts(session, row)
    if not inside:
        if box.times.opened_at is None:
            sealing.unseal_box(session, actor, box.id)
        return
    assert row.closed_at is not None
    due = opening_due(row.closed_at).astimezone(clock.SHANGHAI).strftime("%m-%d %H:%M")
    for person_id in sorted({each.person_id for each in box.openers}):
        notices.send(
            session,
            actor,
            person_id,
            say(N_("请开启加密选票")),
            say(
                N_("“{title}”已经截止，您是开启人。请在 {due} 以前用密钥文件交出份额。"),
                title=row.title,
                due=due,
            ),
            f"sealing/boxes/{box.id}/shares",
            "todo",
        )


def open_incomplete(session: Session, actor: Actor, poll_id: int) -> None:
    """Open what enough openers could read; ballots that nobody could open are listed as invalid.

    Nobody has seen any ballot when this is decided.
    Raises: PollNotFound, WrongPollState, NotSealedHere, OpenedAlready, WaitForOpeners.
    """
    actor.check(permissions.CONVENE.code)
    row, box = _closed_box(session, actor, poll_id)
    found = sealing.opening_progress(session, row.community_id, box.id)
    due = _due(row)
    complete = len(found.complete)
    if not may_count_incomplete(box.k, len(box.openers), complete, due, clock.now()):
        raise WaitForOpeners(due=due)
    sealing.unseal_box(session, actor, box.id)


def void_poll(session: Session, actor: Actor, poll_id: int, reason: str) -> None:
    """Give a sealed poll up, in public, that its openers did not open in time.

    What came in is destroyed unread; the question may be put anew.
    Raises: PollNotFound, WrongPollState, NotSealedHere, BadPollDraft, OpenedAlready, VoidTooEarly.
    """
    actor.check(permissions.CONVENE.code)
    if not reason.strip():
        raise BadPollDraft(reason="")
    row, box = _closed_box(session, actor, poll_id)
    due = _due(row)
    if clock.now() < due:
        raise VoidTooEarly(due=due)
    sealing.discard_box(session, actor, box.id)
    row.withdrawn_reason = reason.strip()[:200]
    step(session, row, PollState.WITHDRAWN)
    _destroy_receipts(session, row)
    told = {"poll": row.id, "reason": row.withdrawn_reason}
    transparency.publish(session, row.community_id, "poll.withdrawn", told, row.id)


def openers_of(session: Session, row: Poll) -> tuple[int, ...]:
    """Give who opens a poll's ballots."""
    chosen = (
        select(PollOpener.person_id)
        .where(PollOpener.community_id == row.community_id, PollOpener.poll_id == row.id)
        .order_by(PollOpener.person_id)
    )
    return tuple(session.scalars(chosen))


def _closed_box(session: Session, actor: Actor, poll_id: int) -> tuple[Poll, sealing.BoxView]:
    row = get_poll_row(session, actor.community_id, poll_id)
    if not is_sealed(row.settings):
        raise NotSealedHere
    check_state(row, {PollState.CLOSED})
    box = box_of(session, row)
    if box.times.opened_at is not None:
        raise OpenedAlready
    return row, box


def _due(row: Poll) -> datetime:
    assert row.closed_at is not None
    return opening_due(row.closed_at)


def _voted(session: Session, row: Poll) -> list[int]:
    chosen = (
        select(Ballot.roll_entry_id)
        .where(Ballot.community_id == row.community_id, Ballot.poll_id == row.id)
        .order_by(Ballot.roll_entry_id)
    )
    return list(session.scalars(chosen))


def _destroy_receipts(session: Session, row: Poll) -> None:
    session.execute(
        delete(SealedBallot)
        .where(SealedBallot.community_id == row.community_id, SealedBallot.poll_id == row.id)
        .execution_options(synchronize_session=False)
    )
