"""Casting a sealed ballot, and what becomes of all of them when the openers have opened the box."""

from __future__ import annotations

import base64
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from community import sealing, transparency
from community.deliberation import permissions
from community.deliberation.errors.polls import (
    AlreadyClosed,
    ChooseEntry,
    NotOnRoll,
    NotOpenYet,
    WrongPollState,
)
from community.deliberation.errors.sealed import EnvelopeMissing, NotSealedHere
from community.deliberation.models import (
    Ballot,
    BallotAct,
    BallotEvent,
    CountedBallot,
    InvalidBallot,
    Poll,
    PollOption,
    RollEntry,
    SealedBallot,
)
from community.deliberation.queries.choices import Options, is_fit
from community.deliberation.queries.sealed import box_of, hidden_owner
from community.deliberation.rules.poll_words import STATE_WORDS
from community.deliberation.rules.polls import NEVER_CAST, Origin, PollState, Secrecy, phase_at
from community.deliberation.rules.sealed import (
    MOST_ENVELOPE,
    Fault,
    Said,
    is_sealed,
    poll_of,
    read_said,
    sealed_bytes,
    tell_apart,
)
from community.deliberation.service.ballots import TRACKER_LENGTH
from community.deliberation.service.poll_rows import get_poll_row
from community.deliberation.service.voter_telling import tell_voter
from community.kernel import clock, db, ids
from community.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class SealedReceipt:
    """What a voter takes home of a sealed ballot; the choice and its tracker stayed with the voter.

    `digest` is the SHA-256 of the encrypted part; `salt` opens its commitment, which has this
    number in the poll's private tree, see `rules.sealed.sealed_bytes`.
    """

    poll_id: int
    roll_entry_id: int
    digest: str
    salt: str
    number: int
    is_change: bool


@dataclass(frozen=True, slots=True)
class _Judged:
    """What was in an envelope: a ballot, or why it is none."""

    owner: str
    said: Said | None
    fault: Fault | None


@db.untold
def cast_sealed(
    session: Session,
    actor: Actor,
    poll_id: int,
    envelope: bytes,
    roll_entry_id: int | None = None,
) -> SealedReceipt:
    """Cast one's sealed ballot, in place of any before, until the poll closes.

    The same envelope again changes nothing, so no request key is needed.
    Raises: PollNotFound, NotSealedHere, EnvelopeMissing, NotOnRoll, ChooseEntry, NotOpenYet,
    AlreadyClosed, WrongPollState, and what the room sealing says of an envelope.
    """
    actor.check(permissions.VOTE.code)
    row = get_poll_row(session, actor.community_id, poll_id)
    if not is_sealed(row.settings):
        raise NotSealedHere
    if not 0 < len(envelope) <= MOST_ENVELOPE:
        raise EnvelopeMissing
    entry_id = _own_entry(session, actor, row, roll_entry_id)
    _check_hours(row)
    owner = hidden_owner(row.community_id, row.id, entry_id)
    put = sealing.put_envelope(session, actor, box_of(session, row).id, owner, envelope)
    assert put.ciphertext_hash is not None
    kept = session.get(SealedBallot, (row.community_id, row.id, entry_id))
    if kept is not None and kept.digest == put.ciphertext_hash:
        return _receipt(kept, is_change=True)
    helper = actor.person_id if actor.on_behalf_of is not None else None
    _write_ballot(session, actor, row, entry_id, put.received_at)
    receipt = _commit(session, row, entry_id, put.ciphertext_hash, kept)
    if helper is not None and actor.subject_id is not None:
        tell_voter(session, actor, row.id, row.title, actor.subject_id)
    return receipt


def take_ballots(session: Session, actor: Actor, subject: str) -> None:
    """Take the ballots out of a poll's box at the moment of its opening; then they can be counted.

    Those of a secret poll come without owner, ordered by what voters drew at random; the room
    sealing destroys envelopes, shares and keys in the same transaction.
    """
    poll_id = poll_of(subject)
    if poll_id is None:
        return
    row = get_poll_row(session, actor.community_id, poll_id)
    if row.state is not PollState.CLOSED or not is_sealed(row.settings):
        return
    box = box_of(session, row)
    chosen = (
        select(PollOption.number, PollOption.cost_fen)
        .where(PollOption.poll_id == row.id)
        .order_by(PollOption.number)
    )
    options: Options = tuple((number, cost) for number, cost in session.execute(chosen))
    judged = [
        _judge(row, options, each)
        for each in sealing.each_content(session, row.community_id, box.id)
    ]
    if row.secrecy is Secrecy.SECRET:
        _keep_secret(session, row, judged)
    else:
        _keep_named(session, row, judged)
    _tell_opened(session, row, box, judged)


def _own_entry(session: Session, actor: Actor, row: Poll, roll_entry_id: int | None) -> int:
    chosen = (
        select(RollEntry.id)
        .where(
            RollEntry.community_id == row.community_id,
            RollEntry.poll_id == row.id,
            RollEntry.voter_id == actor.subject_id,
        )
        .order_by(RollEntry.number)
    )
    mine = [each for each in session.scalars(chosen) if roll_entry_id in {None, each}]
    if not mine:
        raise NotOnRoll
    if len(mine) > 1:
        raise ChooseEntry(entries=len(mine))
    return mine[0]


def _check_hours(row: Poll) -> None:
    if row.state in NEVER_CAST:
        raise WrongPollState(state=STATE_WORDS[row.state])
    phase = phase_at(row.state, row.opens_at, row.closes_at, clock.now())
    if phase is PollState.FROZEN:
        raise NotOpenYet(opens=row.opens_at.astimezone(clock.SHANGHAI).strftime("%m-%d %H:%M"))
    if phase is not PollState.OPEN:
        raise AlreadyClosed


def _write_ballot(session: Session, actor: Actor, row: Poll, entry_id: int, at: datetime) -> None:
    """Note that an entry has a ballot, and when; the row never says which."""
    helper = actor.person_id if actor.on_behalf_of is not None else None
    who = {"cast_by": actor.subject_id, "operator_id": helper, "cast_at": at}
    changed = session.execute(
        update(Ballot)
        .where(Ballot.poll_id == row.id, Ballot.roll_entry_id == entry_id)
        .values(changes=Ballot.changes + 1, **who)
        .returning(Ballot.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    place = {"community_id": row.community_id, "poll_id": row.id, "roll_entry_id": entry_id}
    if changed is None:
        session.add(Ballot(**place, origin=Origin.WEB, changes=0, **who))
        session.flush()
    act = BallotAct.CAST if changed is None else BallotAct.CHANGED
    session.add(
        BallotEvent(**place, act=act, origin=Origin.WEB, operator_id=helper, happened_at=at)
    )
    session.flush()


def _commit(
    session: Session, row: Poll, entry_id: int, digest: bytes, kept: SealedBallot | None
) -> SealedReceipt:
    assert row.tree_id is not None
    made = transparency.salt_commitment(sealed_bytes(row.id, digest))
    at = (row.community_id, row.tree_id)
    number = transparency.keep_commitment(session, *at, made.commitment).number
    proof = kept or SealedBallot(
        community_id=row.community_id, poll_id=row.id, roll_entry_id=entry_id
    )
    proof.digest, proof.salt, proof.receipt_number = digest, made.salt, number
    session.add(proof)
    session.flush()
    return _receipt(proof, is_change=kept is not None)


def _receipt(proof: SealedBallot, *, is_change: bool) -> SealedReceipt:
    return SealedReceipt(
        proof.poll_id,
        proof.roll_entry_id,
        proof.digest.hex(),
        base64.b64encode(proof.salt).decode(),
        proof.receipt_number,
        is_change,
    )


def _judge(row: Poll, options: Options, opened: sealing.Opened) -> _Judged:
    if opened.how is sealing.HowOpened.UNOPENED:
        return _Judged(opened.owner, None, Fault.UNOPENED)
    said = None if opened.content is None else read_said(opened.content)
    if said is None:
        return _Judged(opened.owner, None, Fault.UNREADABLE)
    if not is_fit(row.kind, row.settings, options, said.pairs, said.reason):
        return _Judged(opened.owner, None, Fault.UNFIT)
    return _Judged(opened.owner, said, None)


def _keep_secret(session: Session, row: Poll, judged: list[_Judged]) -> None:
    place = {"community_id": row.community_id, "poll_id": row.id}
    said = tell_apart([each.said for each in judged if each.said is not None])
    if said:
        session.execute(
            insert(CountedBallot),
            [
                {**place, "tracker": one.tracker, "pairs": _lists(one), "reason": one.reason}
                for one in said
            ],
        )
    faults = [each.fault for each in judged if each.fault is not None]
    _keep_invalid(session, [{**place, "fault": fault, "roll_entry_id": None} for fault in faults])


def _keep_named(session: Session, row: Poll, judged: list[_Judged]) -> None:
    proofs = session.scalars(
        select(SealedBallot)
        .where(SealedBallot.community_id == row.community_id, SealedBallot.poll_id == row.id)
        .order_by(SealedBallot.roll_entry_id)
    )
    by_owner = {hidden_owner(row.community_id, row.id, each.roll_entry_id): each for each in proofs}
    place = {"community_id": row.community_id, "poll_id": row.id}
    invalid = []
    taken: set[str] = set()
    for each in sorted(judged, key=lambda one: by_owner[one.owner].roll_entry_id):
        proof = by_owner[each.owner]
        if each.said is None:
            invalid.append({**place, "fault": each.fault, "roll_entry_id": proof.roll_entry_id})
            continue
        tracker = each.said.tracker
        if tracker in taken:
            tracker = f"{tracker}-{len(taken)}"
        taken.add(tracker)
        session.execute(
            update(Ballot)
            .where(Ballot.poll_id == row.id, Ballot.roll_entry_id == proof.roll_entry_id)
            .values(
                pairs=_lists(each.said),
                reason=each.said.reason,
                tracker=tracker,
                salt=proof.salt,
                receipt_number=proof.receipt_number,
            )
            .execution_options(synchronize_session=False)
        )
    _keep_invalid(session, invalid)


def _keep_invalid(session: Session, rows: list[dict[str, Any]]) -> None:
    """List invalid ballots by numbers drawn here, in their order."""
    if not rows:
        return
    numbers = sorted(ids.random_code(TRACKER_LENGTH) for _ in rows)
    lines = sorted(rows, key=lambda one: (one["fault"].value, one["roll_entry_id"] or 0))
    session.execute(
        insert(InvalidBallot),
        [{**line, "tracker": number} for line, number in zip(lines, numbers, strict=True)],
    )


def _tell_opened(session: Session, row: Poll, box: sealing.BoxView, judged: list[_Judged]) -> None:
    """Publish that a box was opened, by whose keys, and how many ballots were invalid."""
    faults = Counter(each.fault.value for each in judged if each.fault is not None)
    told = {
        "poll": row.id,
        "ballots": len(judged),
        "invalid": [[fault, many] for fault, many in sorted(faults.items())],
        "set": (box.set_hash or b"").hex(),
        "openers": [each.fingerprint for each in box.openers if each.given_at is not None],
    }
    transparency.publish(session, row.community_id, "poll.opened", told, row.id)


def _lists(said: Said) -> list[list[int]]:
    return [list(each) for each in said.pairs]
