"""Reading motions: exact words, amendments, counts, and who speaks next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.deliberation.errors.motions import AmendmentNotFound, MotionNotFound
from community.deliberation.models import Amendment, Motion, Speech, VoteCount
from community.deliberation.queries.bodies import UNNAMED, names_for
from community.deliberation.queries.meetings import load_meeting
from community.deliberation.rules.bodies import PassingBase
from community.deliberation.rules.meetings import (
    CountWay,
    SpeechSide,
    Waiting,
    in_turn,
    seconds_left,
)
from community.deliberation.rules.motions import MotionState
from community.kernel import clock
from community.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class CountView:
    """A count with the figures it was judged by."""

    id: int
    way: CountWay
    expected: int
    present: int
    yes: int
    no: int
    abstain: int
    base: int
    passing_base: PassingBase
    passing_num: int
    passing_den: int
    is_passing_inclusive: bool
    quorum_num: int
    quorum_den: int
    passed: bool
    words_sha256: str
    counted_at: datetime


@dataclass(frozen=True, slots=True)
class AmendmentView:
    """An amendment as pages show it."""

    id: int
    number: int
    from_words: str
    to_words: str
    state: MotionState
    mover: str
    seconder: str
    is_mine: bool
    count: CountView | None


@dataclass(frozen=True, slots=True)
class MotionView:
    """A motion as pages show it."""

    id: int
    meeting_id: int
    agenda_item_id: int
    number: int
    title: str
    words: str
    words_sha256: str
    final_words: str
    state: MotionState
    mover: str
    seconder: str
    is_mine: bool
    moved_at: datetime
    seconded_at: datetime | None
    poll_id: int | None
    count: CountView | None
    amendments: tuple[AmendmentView, ...]

    @property
    def is_amended(self) -> bool:
        """Tell whether amendments have changed the words."""
        return self.words != self.final_words


@dataclass(frozen=True, slots=True)
class SpeakerView:
    """Somebody who speaks or waits to."""

    id: int
    name: str
    side: SpeechSide
    is_mine: bool
    seconds_left: int | None = None


@dataclass(frozen=True, slots=True)
class Floor:
    """Who speaks to a motion, and who waits in which order."""

    speaking: SpeakerView | None
    waiting: tuple[SpeakerView, ...]
    spoken: tuple[SpeakerView, ...]


def motions(session: Session, actor: Actor, meeting_id: int) -> tuple[MotionView, ...]:
    """List a meeting's motions by number.

    Raises: MeetingNotFound.
    """
    load_meeting(session, actor.community_id, meeting_id)
    rows = session.scalars(
        select(Motion)
        .where(Motion.community_id == actor.community_id, Motion.meeting_id == meeting_id)
        .order_by(Motion.number)
    ).all()
    return tuple(_view(session, actor, row) for row in rows)


def get_motion(session: Session, actor: Actor, motion_id: int) -> MotionView:
    """Get a motion.

    Raises: MotionNotFound.
    """
    return _view(session, actor, load_motion(session, actor.community_id, motion_id))


def floor_of(session: Session, actor: Actor, motion_id: int) -> Floor:
    """Tell who speaks to a motion and who waits, by the server's clock.

    Raises: MotionNotFound.
    """
    load_motion(session, actor.community_id, motion_id)
    rows = session.scalars(
        select(Speech)
        .where(Speech.community_id == actor.community_id, Speech.motion_id == motion_id)
        .order_by(Speech.started_at, Speech.id)
    ).all()
    names = names_for(session, actor, {row.person_id for row in rows})
    by_id = {row.id: row for row in rows}
    now = clock.now()

    def speaker(row: Speech, left: int | None = None) -> SpeakerView:
        name, is_mine = names.get(row.person_id, UNNAMED), row.person_id == actor.person_id
        return SpeakerView(row.id, name, row.side, is_mine, left)

    running = [row for row in rows if row.started_at is not None and row.ended_at is None]
    spoken = [row for row in rows if row.started_at is not None and row.ended_at is not None]
    speaking = None
    if running and running[0].started_at is not None:
        left = seconds_left(running[0].started_at, running[0].seconds, now)
        speaking = speaker(running[0], left)
    queue = queue_of(session, actor.community_id, motion_id)
    return Floor(
        speaking,
        tuple(speaker(by_id[each.id]) for each in queue),
        tuple(speaker(row) for row in spoken),
    )


def queue_of(session: Session, community_id: int, motion_id: int) -> tuple[Waiting, ...]:
    """Order those who wait to speak to a motion: sides alternate."""
    rows = session.scalars(
        select(Speech)
        .where(Speech.community_id == community_id, Speech.motion_id == motion_id)
        .order_by(Speech.id)
    ).all()
    begun = sorted(
        ((row.started_at, row.id, row) for row in rows if row.started_at is not None),
    )
    spoken: dict[int, int] = {}
    for _, _, row in begun:
        spoken[row.person_id] = spoken.get(row.person_id, 0) + 1
    waiting = [
        Waiting(row.id, row.person_id, row.side, spoken.get(row.person_id, 0))
        for row in rows
        if row.started_at is None and row.ended_at is None
    ]
    return in_turn(begun[-1][2].side if begun else None, waiting)


def load_motion(session: Session, community_id: int, motion_id: int) -> Motion:
    """Load a motion's row.

    Raises: MotionNotFound.
    """
    row = session.get(Motion, motion_id)
    if row is None or row.community_id != community_id:
        raise MotionNotFound
    return row


def load_amendment(session: Session, motion: Motion, amendment_id: int) -> Amendment:
    """Load an amendment of a motion.

    Raises: AmendmentNotFound.
    """
    row = session.get(Amendment, amendment_id)
    if row is None or (row.community_id, row.motion_id) != (motion.community_id, motion.id):
        raise AmendmentNotFound
    return row


def _view(session: Session, actor: Actor, row: Motion) -> MotionView:
    rows = session.scalars(
        select(Amendment)
        .where(Amendment.community_id == row.community_id, Amendment.motion_id == row.id)
        .order_by(Amendment.number)
    ).all()
    counts = _counts(session, row)
    named = {row.mover_id, row.seconder_id}
    for one in rows:
        named |= {one.mover_id, one.seconder_id}
    names = names_for(session, actor, {each for each in named if each is not None})
    return MotionView(
        row.id,
        row.meeting_id,
        row.agenda_item_id,
        row.number,
        row.title,
        row.words,
        row.words_sha256,
        row.final_words,
        row.state,
        names.get(row.mover_id, UNNAMED),
        _name(names, row.seconder_id),
        row.mover_id == actor.person_id,
        row.moved_at,
        row.seconded_at,
        row.poll_id,
        counts.get(None),
        tuple(_amendment(actor, each, names, counts.get(each.id)) for each in rows),
    )


def _amendment(
    actor: Actor, row: Amendment, names: dict[int, str], count: CountView | None
) -> AmendmentView:
    return AmendmentView(
        row.id,
        row.number,
        row.from_words,
        row.to_words,
        row.state,
        names.get(row.mover_id, UNNAMED),
        _name(names, row.seconder_id),
        row.mover_id == actor.person_id,
        count,
    )


def _name(names: dict[int, str], person_id: int | None) -> str:
    return "" if person_id is None else names.get(person_id, UNNAMED)


def _counts(session: Session, row: Motion) -> dict[int | None, CountView]:
    found = session.scalars(
        select(VoteCount).where(
            VoteCount.community_id == row.community_id, VoteCount.motion_id == row.id
        )
    )
    return {each.amendment_id: _count(each) for each in found}


def _count(row: VoteCount) -> CountView:
    return CountView(
        row.id,
        row.way,
        row.expected,
        row.present,
        row.yes,
        row.no,
        row.abstain,
        row.base,
        row.passing_base,
        row.passing_num,
        row.passing_den,
        row.is_passing_inclusive,
        row.quorum_num,
        row.quorum_den,
        row.passed,
        row.words_sha256,
        row.counted_at,
    )
