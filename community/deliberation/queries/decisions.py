"""Reading decisions: what was decided and not done comes first; the two rates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import notices
from community.deliberation.errors.decisions import DecisionNotFound
from community.deliberation.models import Body, Decision, DecisionNote, Meeting, MeetingAttendance
from community.deliberation.queries.bodies import UNNAMED, names_for
from community.deliberation.rules.decisions import (
    NOT_DONE,
    SOLVED,
    DecisionState,
    NoteKind,
    Rate,
    is_overdue,
    is_review_due,
)
from community.deliberation.rules.meetings import MeetingState
from community.kernel import clock, files
from community.kernel.actor import Actor
from community.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision as lists and pages show it."""

    id: int
    body: str
    meeting_id: int
    motion_id: int
    title: str
    words: str
    words_sha256: str
    subject: str
    state: DecisionState
    owner_id: int
    owner: str
    is_mine: bool
    due_on: date
    review_on: date
    percent: int
    notice_id: int | None
    notice_ends: datetime | None
    is_posting_over: bool
    made_at: datetime
    done_on: date | None
    is_overdue: bool
    is_review_due: bool

    @property
    def waits(self) -> bool:
        """Tell whether something is still to be done about it."""
        return self.state in NOT_DONE


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note on a decision."""

    id: int
    kind: NoteKind
    percent: int
    words: str
    file_id: int | None
    name: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class MeetingRate:
    """How many came to a meeting of how many."""

    meeting_id: int
    title: str
    body: str
    held_on: date
    came: int
    expected: int


@dataclass(frozen=True, slots=True)
class Rates:
    """参与率 and 解决率 of a span of days."""

    since: date
    until: date
    participation: Rate
    solution: Rate
    in_time: Rate
    meetings: tuple[MeetingRate, ...]
    decisions: tuple[DecisionView, ...]


def decisions(session: Session, actor: Actor) -> tuple[DecisionView, ...]:
    """List all decisions: those not done first, the most overdue at the top, then the latest."""
    rows = session.execute(
        select(Decision, Body.name)
        .join(Body, Body.id == Decision.body_id)
        .where(Decision.community_id == actor.community_id)
    ).all()
    views = _views(session, actor, [(row, name) for row, name in rows])
    going = sorted((each for each in views if each.waits), key=lambda each: (each.due_on, each.id))
    rest = sorted((each for each in views if not each.waits), key=lambda each: -each.id)
    return (*going, *rest)


def get_decision(session: Session, actor: Actor, decision_id: int) -> DecisionView:
    """Get a decision.

    Raises: DecisionNotFound.
    """
    found = [each for each in decisions(session, actor) if each.id == decision_id]
    if not found:
        raise DecisionNotFound
    return found[0]


def find_decision_of(session: Session, actor: Actor, motion_id: int) -> DecisionView | None:
    """Find what a motion became."""
    found = [each for each in decisions(session, actor) if each.motion_id == motion_id]
    return found[0] if found else None


def notes_of(session: Session, actor: Actor, decision_id: int) -> tuple[NoteView, ...]:
    """List the notes on a decision, the latest first.

    Raises: DecisionNotFound.
    """
    decided = session.get(Decision, decision_id)
    if decided is None or decided.community_id != actor.community_id:
        raise DecisionNotFound
    rows = session.scalars(
        select(DecisionNote)
        .where(
            DecisionNote.community_id == actor.community_id,
            DecisionNote.decision_id == decision_id,
        )
        .order_by(DecisionNote.id.desc())
    ).all()
    names = names_for(session, actor, {row.written_by for row in rows if row.written_by})
    return tuple(
        NoteView(
            row.id,
            row.kind,
            row.percent,
            row.words,
            row.file_id,
            names.get(row.written_by or 0, UNNAMED),
            row.written_at,
        )
        for row in rows
    )


def get_note_photo(
    session: Session, actor: Actor, decision_id: int, file_id: int
) -> files.FileView:
    """Get a photo of a note; it is public.

    Raises: NotFound.
    """
    if any(each.file_id == file_id for each in notes_of(session, actor, decision_id)):
        return files.get_file(session, actor.community_id, file_id)
    raise NotFound


def count_overdue(session: Session, actor: Actor) -> int:
    """Count what was decided and is late, or waits for its review."""
    found = decisions(session, actor)
    return sum(1 for each in found if each.is_overdue or each.is_review_due)


def rates(session: Session, actor: Actor, since: date, until: date) -> Rates:
    """Reckon 参与率 and 解决率 of the days from `since` to `until`, both included.

    Participation: who came of those who should, over the meetings that were held. Solution: what
    is done, of what became final; in time: of what is done, by its due day.
    """
    rows = session.execute(
        select(Meeting, Body.name)
        .join(Body, Body.id == Meeting.body_id)
        .where(Meeting.community_id == actor.community_id, Meeting.state == MeetingState.CLOSED)
        .order_by(Meeting.starts_at)
    ).all()
    held = [(row, name) for row, name in rows if since <= clock.day_of(row.starts_at) <= until]
    came = _came(session, actor.community_id, [row.id for row, _ in held])
    meetings = tuple(
        MeetingRate(
            row.id,
            row.title,
            name,
            clock.day_of(row.starts_at),
            came.get(row.id, 0),
            row.expected_count or 0,
        )
        for row, name in held
    )
    made = tuple(
        each
        for each in decisions(session, actor)
        if since <= clock.day_of(each.made_at) <= until
        and each.state not in {DecisionState.MADE, DecisionState.POSTED, DecisionState.RETURNED}
    )
    solved = [each for each in made if each.state in SOLVED]
    in_time = [each for each in solved if each.done_on and each.done_on <= each.due_on]
    return Rates(
        since,
        until,
        Rate(sum(each.came for each in meetings), sum(each.expected for each in meetings)),
        Rate(len(solved), len(made)),
        Rate(len(in_time), len(solved)),
        meetings,
        made,
    )


def _came(session: Session, community_id: int, meeting_ids: list[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for meeting_id in session.scalars(
        select(MeetingAttendance.meeting_id).where(
            MeetingAttendance.community_id == community_id,
            MeetingAttendance.meeting_id.in_(meeting_ids),
            MeetingAttendance.arrived_at.is_not(None),
        )
    ):
        found[meeting_id] = found.get(meeting_id, 0) + 1
    return found


def _views(
    session: Session, actor: Actor, rows: Iterable[tuple[Decision, str]]
) -> list[DecisionView]:
    pairs = list(rows)
    names = names_for(session, actor, {row.owner_id for row, _ in pairs})
    today = clock.today()
    return [_view(session, actor, row, body, names, today) for row, body in pairs]


def _view(
    session: Session, actor: Actor, row: Decision, body: str, names: dict[int, str], today: date
) -> DecisionView:
    notice = None
    if row.notice_id is not None:
        notice = notices.get_notice(session, row.community_id, row.notice_id)
    return DecisionView(
        row.id,
        body,
        row.meeting_id,
        row.motion_id,
        row.title,
        row.words,
        row.words_sha256,
        row.subject,
        row.state,
        row.owner_id,
        names.get(row.owner_id, UNNAMED),
        row.owner_id == actor.person_id,
        row.due_on,
        row.review_on,
        row.percent,
        row.notice_id,
        None if notice is None else notice.closes_at,
        notice is not None and notice.phase is notices.NoticePhase.ARCHIVED,
        row.made_at,
        row.done_on,
        is_overdue(row.state, row.due_on, today),
        is_review_due(row.state, row.review_on, today),
    )
