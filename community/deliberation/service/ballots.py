"""Casting: a few fixed statements, for everybody votes in the last minute."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from community import transparency
from community.deliberation import permissions
from community.deliberation.errors.polls import (
    AlreadyClosed,
    ChooseEntry,
    NoPaperHere,
    NotOnRoll,
    NotOpenYet,
    OtherBallotCounts,
    PaperWaits,
    PollNotFound,
    RollEntryNotFound,
    WrongPollState,
)
from community.deliberation.models import BallotAct
from community.deliberation.queries.choices import Options, judge_choice
from community.deliberation.rules.poll_words import ORIGIN_WORDS, STATE_WORDS
from community.deliberation.rules.polls import (
    AFTER_CLOSING,
    NEVER_CAST,
    Origin,
    Pairs,
    PollState,
    Prevailing,
    ballot_bytes,
    pairs_text,
    phase_at,
)
from community.deliberation.service.voter_telling import tell_voter
from community.deliberation.tallies import PollKind
from community.kernel import clock, db, ids
from community.kernel.actor import Actor
from community.kernel.db import Statements

TRACKER_LENGTH = 16

_POLL = (
    "SELECT kind, state, opens_at, closes_at, settings, content_hash, tree_id, title FROM poll"
    " WHERE community_id = ? AND id = ?"
)
# Casting shares the poll with other casting; closing takes it alone, and waits for all of it.
_LOCK_POLL = " FOR SHARE"
_LOCK_MINE = (
    "SELECT id FROM roll_entry WHERE community_id = ? AND poll_id = ? AND voter_id = ?"
    " ORDER BY number"
)
# The poll, and one's entries with their ballots: one statement, for between two of them another
# thread takes the interpreter while everybody waits for the writer. The sign keeps SQLite from
# walking the whole roll in the order of its numbers.
_MINE = (
    "SELECT p.kind, p.state, p.opens_at, p.closes_at, p.settings, p.content_hash, p.tree_id,"  # noqa: S608
    f" p.title, {transparency.SIGNER_COLUMNS},"
    " e.id, b.id, b.pairs, b.reason, b.origin, b.tracker, b.salt, b.receipt_number"
    " FROM poll p"
    f"{transparency.SIGNER_JOINS.format(community='p.community_id', tree='p.tree_id')}"
    " LEFT JOIN roll_entry e ON e.community_id = p.community_id"
    " AND e.poll_id = p.id AND e.voter_id = ?"
    " LEFT JOIN ballot b ON b.poll_id = e.poll_id AND b.roll_entry_id = e.id"
    " WHERE p.community_id = ? AND p.id = ? ORDER BY +e.number"
)
# The first of the columns that tell of an entry.
_OF_ENTRY = 12
_ENTRY = "SELECT id, voter_id FROM roll_entry WHERE community_id = ? AND poll_id = ? AND id = ?"
# Two ballots of one entry at once take turns.
_LOCK_ENTRY = " FOR UPDATE"
_OPTIONS = "SELECT number, cost_fen FROM poll_option WHERE poll_id = ? ORDER BY number"
_BALLOT = (
    "SELECT id, pairs, reason, origin, tracker, salt, receipt_number FROM ballot"
    " WHERE poll_id = ? AND roll_entry_id = ?"
)
_CAST = (
    "INSERT INTO ballot (community_id, poll_id, roll_entry_id, pairs, reason, tracker, salt,"
    " receipt_number, origin, cast_by, operator_id, cast_at, changes)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)"
)
_CHANGE = (
    "UPDATE ballot SET pairs = ?, reason = ?, tracker = ?, salt = ?, receipt_number = ?,"
    " origin = ?, cast_by = ?, operator_id = ?, cast_at = ?, changes = changes + 1"
    " WHERE id = ?"
)
_EVENT = (
    "INSERT INTO ballot_event (community_id, poll_id, roll_entry_id, act, pairs, origin,"
    " operator_id, happened_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_ENTRY_POLL = "SELECT poll_id FROM roll_entry WHERE community_id = ? AND id = ?"


@dataclass(frozen=True, slots=True)
class CastBallot:
    """A ballot that was cast: by it the voter finds it when the poll has closed.

    `salt` and `tracker` open its commitment, which has this number in the poll's private tree;
    see `rules.polls.ballot_bytes`, and `CastReceipt` for the log's signature.
    """

    poll_id: int
    roll_entry_id: int
    pairs: Pairs
    reason: str
    tracker: str
    salt: str
    number: int
    tree_id: int
    is_change: bool
    # What its receipt is signed with at once; None of one that was kept before.
    kept: transparency.KeptCommitment | None = None
    signer: transparency.Signer | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """A ballot on its way."""

    poll_id: int
    entry_id: int
    pairs: Pairs
    reason: str
    origin: Origin
    cast_by: int | None
    operator_id: int | None
    # When it was judged to be in time, under the lock.
    at: int


@dataclass(frozen=True, slots=True)
class _Frozen:
    """What of a poll judges a ballot."""

    kind: PollKind
    state: PollState
    opens_at: int
    closes_at: int
    settings: str
    content_hash: str
    tree_id: int
    title: str
    signer: transparency.Signer | None = None


@db.hot_path
@db.untold
def cast_ballot(
    session: Session,
    actor: Actor,
    poll_id: int,
    pairs: Pairs,
    roll_entry_id: int | None = None,
    reason: str = "",
) -> CastBallot:
    """Cast one's ballot, or change it, until the poll closes; the same again changes nothing.

    Never run it with a request key: a kept answer would tell a secret ballot's voter. Somebody who
    acts for another (代办) casts the other's, and the other is told.
    Raises: PollNotFound, NotOnRoll, ChooseEntry, NotOpenYet, AlreadyClosed, WrongPollState,
    BadChoice, ReasonNeeded.
    """
    actor.check(permissions.VOTE.code)
    at = db.statements(session)
    poll, entry_id, kept = _read_own(at, actor, poll_id, roll_entry_id)
    now = _check_hours(poll)
    helper = actor.person_id if actor.on_behalf_of is not None else None
    asked = _Asked(
        poll_id, entry_id, pairs, reason.strip(), Origin.WEB, actor.subject_id, helper, now
    )
    receipt = _keep(session, at, actor.community_id, poll, asked, kept)
    if helper is not None:
        tell_voter(session, actor, poll_id, poll.title, actor.subject_id)
    return receipt


@db.hot_path
@db.untold
def record_ballot(
    session: Session,
    actor: Actor,
    roll_entry_id: int,
    pairs: Pairs,
    origin: Origin,
    reason: str = "",
) -> CastBallot:
    """Enter a ballot that came by phone, proxy or at the desk while the poll runs, or on paper.

    Papers are opened when the poll has closed and until it is decided; where an entry has voted
    online too, the posted rule says which counts. The voter is told and can replace it.
    Raises: RollEntryNotFound, PaperWaits, OtherBallotCounts, and as `cast_ballot`.
    """
    actor.check((permissions.COUNT if origin is Origin.PAPER else permissions.OPERATE).code)
    at = db.statements(session)
    found = at.one(_ENTRY_POLL, (actor.community_id, roll_entry_id))
    if found is None:
        raise RollEntryNotFound
    poll_id = int(found[0])
    poll = _lock_poll(at, actor.community_id, poll_id)
    voter_id = _lock_entry(at, actor.community_id, poll_id, roll_entry_id)
    now = _check_paper_hours(poll) if origin in AFTER_CLOSING else _check_hours(poll)
    asked = _Asked(
        poll_id, roll_entry_id, pairs, reason.strip(), origin, voter_id, actor.person_id, now
    )
    kept = at.one(_BALLOT, (poll_id, roll_entry_id))
    receipt = _keep(session, at, actor.community_id, poll, asked, kept)
    if origin not in AFTER_CLOSING:
        tell_voter(session, actor, poll_id, poll.title, voter_id)
    return receipt


def _keep(
    session: Session,
    at: Statements,
    community_id: int,
    poll: _Frozen,
    asked: _Asked,
    kept: tuple[Any, ...] | None,
) -> CastBallot:
    """Write a ballot down with its receipt and its event, unless it says what it said before."""
    pairs = tuple(sorted((int(option), int(value)) for option, value in asked.pairs))
    options = _options_of(at, poll.content_hash, asked.poll_id)
    judge_choice(poll.kind, poll.settings, options, pairs, asked.reason)
    if kept is not None:
        _check_prevails(poll, Origin(kept[3]), asked.origin)
        if (kept[1], kept[2] or "", kept[3]) == (pairs_text(pairs), asked.reason, asked.origin):
            return _told(poll, asked, pairs, (kept[4], bytes(kept[5]), kept[6]), is_change=True)
    tracker = ids.random_code(TRACKER_LENGTH)
    content = ballot_bytes(asked.poll_id, tracker, pairs, asked.reason)
    made = transparency.salt_commitment(content)
    held = transparency.keep_commitment(session, community_id, poll.tree_id, made.commitment)
    said = pairs_text(pairs)
    values = (
        said,
        asked.reason,
        tracker,
        made.salt,
        held.number,
        asked.origin.value,
        asked.cast_by,
        asked.operator_id,
        asked.at,
    )
    if kept is None:
        at.run(_CAST, (community_id, asked.poll_id, asked.entry_id, *values))
    else:
        at.run(_CHANGE, (*values, kept[0]))
    act = BallotAct.CAST if kept is None else BallotAct.CHANGED
    entered = (act.value, said, asked.origin.value, asked.operator_id, asked.at)
    at.run(_EVENT, (community_id, asked.poll_id, asked.entry_id, *entered))
    proof = (tracker, made.salt, held.number)
    return _told(poll, asked, pairs, proof, held, is_change=kept is not None)


def _told(
    poll: _Frozen,
    asked: _Asked,
    pairs: Pairs,
    proof: tuple[str, bytes, int],
    held: transparency.KeptCommitment | None = None,
    *,
    is_change: bool,
) -> CastBallot:
    tracker, salt, number = proof
    return CastBallot(
        asked.poll_id,
        asked.entry_id,
        pairs,
        asked.reason,
        tracker,
        base64.b64encode(salt).decode(),
        int(number),
        poll.tree_id,
        is_change,
        held,
        poll.signer,
    )


def _lock_poll(at: Statements, community_id: int, poll_id: int) -> _Frozen:
    row = at.one(_POLL + (_LOCK_POLL if at.is_postgres else ""), (community_id, poll_id))
    if row is None:
        raise PollNotFound
    return _frozen(row)


def _frozen(row: tuple[Any, ...]) -> _Frozen:
    """Take the columns of a poll. Raises: WrongPollState."""
    kind, state, opens_at, closes_at, settings, content_hash, tree_id, title, *signer = row
    found = PollState(state)
    if found in NEVER_CAST:
        raise WrongPollState(state=STATE_WORDS[found])
    return _Frozen(
        PollKind(kind),
        found,
        opens_at,
        closes_at,
        settings,
        content_hash,
        tree_id,
        title,
        transparency.Signer(*signer) if signer else None,
    )


def _read_own(
    at: Statements, actor: Actor, poll_id: int, roll_entry_id: int | None
) -> tuple[_Frozen, int, tuple[Any, ...] | None]:
    """Lock and read a poll, one's entry in it, and the ballot that this has (as `_BALLOT`).

    Raises: PollNotFound, WrongPollState, NotOnRoll, ChooseEntry.
    """
    here, subject = actor.community_id, actor.subject_id
    if at.is_postgres:
        # What is read below is then the newest, and stays so until the commit.
        at.run(_POLL + _LOCK_POLL, (here, poll_id))
        at.run(_LOCK_MINE + _LOCK_ENTRY, (here, poll_id, subject))
    rows = at.all(_MINE, (subject, here, poll_id))
    if not rows:
        raise PollNotFound
    poll = _frozen(rows[0][:_OF_ENTRY])
    mine = [
        row[_OF_ENTRY:]
        for row in rows
        if row[_OF_ENTRY] is not None and roll_entry_id in {None, row[_OF_ENTRY]}
    ]
    if not mine:
        raise NotOnRoll
    if len(mine) > 1:
        raise ChooseEntry(entries=len(mine))
    entry_id, *kept = mine[0]
    return poll, int(entry_id), None if kept[0] is None else tuple(kept)


def _lock_entry(at: Statements, community_id: int, poll_id: int, roll_entry_id: int) -> int | None:
    lock = _LOCK_ENTRY if at.is_postgres else ""
    row = at.one(_ENTRY + lock, (community_id, poll_id, roll_entry_id))
    assert row is not None
    return None if row[1] is None else int(row[1])


def _check_hours(poll: _Frozen) -> int:
    """Judge by the clock under the lock; gives the moment. Raises: NotOpenYet, AlreadyClosed."""
    now = clock.micros(clock.now())
    phase = phase_at(poll.state, poll.opens_at, poll.closes_at, now)
    if phase is PollState.FROZEN:
        opens = clock.from_micros(poll.opens_at)
        raise NotOpenYet(opens=opens.astimezone(clock.SHANGHAI).strftime("%m-%d %H:%M"))
    if phase is not PollState.OPEN:
        raise AlreadyClosed
    return now


def _check_paper_hours(poll: _Frozen) -> int:
    if poll.state is PollState.DECIDED:
        raise AlreadyClosed
    if not json.loads(poll.settings)["has_paper"]:
        raise NoPaperHere
    if poll.state is not PollState.CLOSED:
        raise PaperWaits
    return clock.micros(clock.now())


def _check_prevails(poll: _Frozen, kept: Origin, asked: Origin) -> None:
    """Refuse a paper or a mandate where another ballot counts. Raises: OtherBallotCounts."""
    if asked is Origin.PROXY and kept is not Origin.PROXY:
        raise OtherBallotCounts(origin=ORIGIN_WORDS[kept])
    prevailing = json.loads(poll.settings)["prevailing"]
    comes_late = asked in AFTER_CLOSING and kept not in AFTER_CLOSING
    if comes_late and prevailing != Prevailing.PAPER:
        raise OtherBallotCounts(origin=ORIGIN_WORDS[kept])


# What is frozen never changes, so it is read once; by its hash, which no other poll has.
_known_options: dict[str, Options] = {}
MOST_KNOWN = 256


def _options_of(at: Statements, content_hash: str, poll_id: int) -> Options:
    found = _known_options.get(content_hash)
    if found is None:
        if len(_known_options) >= MOST_KNOWN:
            _known_options.clear()
        found = tuple((number, cost) for number, cost in at.all(_OPTIONS, (poll_id,)))
        _known_options[content_hash] = found
    return found
