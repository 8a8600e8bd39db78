"""Commands of decisions: make, post, make final, carry out, look again."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity, notices
from community.deliberation.errors.decisions import (
    AlreadyDecision,
    DatesReversed,
    DecisionNotFound,
    NotCarried,
    NotTheirTask,
    ObjectionsOpen,
    PercentBackwards,
    PostingRuns,
    PostingWithdrawn,
    ReviewsOwnWork,
    ReviewTooEarly,
    WrongStep,
)
from community.deliberation.events import DecisionDone, DecisionFinal, DecisionReturned
from community.deliberation.models import AgendaItem, Decision, DecisionNote, Meeting
from community.deliberation.permissions import ATTEND, CONVENE
from community.deliberation.queries.bodies import load_body, rule_on
from community.deliberation.queries.motions import load_motion
from community.deliberation.rules.decisions import DECISION_TITLES, DecisionState, NoteKind
from community.deliberation.rules.motions import MotionState, words_hash
from community.deliberation.service.meeting_log import hidden_person, publish
from community.deliberation.service.subjects import tell_subject
from community.kernel import clock, events, files
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say


def make_decision(
    session: Session, actor: Actor, motion_id: int, owner_id: int, due_on: date, review_on: date
) -> int:
    """Let a carried motion become a decision with who sees to it and by when; gives its id.

    Raises: NotAllowed, MotionNotFound, NotCarried, AlreadyDecision, DatesReversed, NotFound.
    """
    actor.check(CONVENE.code)
    motion = load_motion(session, actor.community_id, motion_id)
    if motion.state is not MotionState.CARRIED:
        raise NotCarried
    known = select(Decision.id).where(
        Decision.community_id == actor.community_id, Decision.motion_id == motion_id
    )
    if session.scalar(known) is not None:
        raise AlreadyDecision
    if not clock.today() <= due_on <= review_on:
        raise DatesReversed
    identity.get_person(session, actor.community_id, owner_id)
    meeting = session.get_one(Meeting, motion.meeting_id)
    row = Decision(
        community_id=actor.community_id,
        body_id=meeting.body_id,
        meeting_id=meeting.id,
        motion_id=motion.id,
        title=motion.title,
        words=motion.final_words,
        words_sha256=words_hash(motion.final_words),
        subject=session.get_one(AgendaItem, motion.agenda_item_id).subject,
        state=DecisionState.MADE,
        owner_id=owner_id,
        due_on=due_on,
        review_on=review_on,
        percent=0,
        made_by=actor.person_id,
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
    _publish(session, actor, row, "made")
    title = say(N_("请您负责办理：{title}"), title=row.title)
    body = say(N_("{words}请在 {day} 前办完。"), words=row.words, day=due_on.isoformat())
    notices.send(session, actor, owner_id, title, body, f"decisions/{row.id}", kind="todo")
    return row.id


def post_decision(session: Session, actor: Actor, decision_id: int) -> int:
    """Post a decision in public (公示) for the days of its body; gives the notice's id.

    One whose notice was withdrawn is posted anew.
    Raises: NotAllowed, DecisionNotFound, WrongStep.
    """
    actor.check(CONVENE.code)
    row = load_decision(session, actor.community_id, decision_id)
    if row.state is DecisionState.POSTED:
        if _phase(session, row) is not notices.NoticePhase.WITHDRAWN:
            raise _wrong(row)
    elif row.state is not DecisionState.MADE:
        raise _wrong(row)
    now = clock.now()
    figures = rule_on(session, actor.community_id, row.body_id, clock.today()).figures
    body = load_body(session, actor.community_id, row.body_id)
    row.notice_id = notices.publish_notice(
        session,
        actor,
        notices.NoticeDraft(
            title=f"决定公示：{row.title}",
            body=f"{body.name}决定：{row.words}\n有异议的，请在公示期内提出。",
            kind=notices.NoticeKind.VOTE,
            opens_at=now,
            closes_at=now + timedelta(days=figures.posting_days),
            subject=f"decision:{row.id}",
            least_days=figures.posting_days,
        ),
    )
    row.state = DecisionState.POSTED
    session.flush()
    _publish(session, actor, row, "posted")
    return row.notice_id


def settle_decision(session: Session, actor: Actor, decision_id: int) -> DecisionState:
    """Settle a decision whose posting is over: final, or returned by an upheld objection.

    Raises: NotAllowed, DecisionNotFound, WrongStep, PostingRuns, PostingWithdrawn, ObjectionsOpen.
    """
    actor.check(CONVENE.code)
    row = load_decision(session, actor.community_id, decision_id)
    if row.state is not DecisionState.POSTED or row.notice_id is None:
        raise _wrong(row)
    phase = _phase(session, row)
    if phase is notices.NoticePhase.WITHDRAWN:
        raise PostingWithdrawn
    if phase is not notices.NoticePhase.ARCHIVED:
        notice = notices.get_notice(session, actor.community_id, row.notice_id)
        ends = notice.closes_at.astimezone(clock.SHANGHAI)
        raise PostingRuns(day=f"{ends:%Y-%m-%d %H:%M}")
    objections = notices.objections_of(session, actor.community_id, row.notice_id)
    waiting = sum(1 for each in objections if each.outcome is None)
    if waiting:
        raise ObjectionsOpen(number=waiting)
    told, link = (actor.community_id, row.id, row.subject), f"decision:{row.id}"
    if any(each.outcome is notices.Outcome.UPHELD for each in objections):
        row.state = DecisionState.RETURNED
        session.flush()
        _publish(session, actor, row, "returned")
        tell_subject(session, actor, row.subject, "on_agenda", link, row.title)
        events.tell(session, DecisionReturned(*told))
    else:
        row.state, row.final_at = DecisionState.FINAL, clock.now()
        session.flush()
        _publish(session, actor, row, "final")
        tell_subject(session, actor, row.subject, "task", link, row.title)
        events.tell(session, DecisionFinal(*told))
    return row.state


def note_progress(
    session: Session,
    actor: Actor,
    decision_id: int,
    percent: int,
    words: str,
    photo: files.Ready | None = None,
) -> int:
    """Tell how far a final decision is: who is in charge, or the conveners; gives the note's id.

    Raises: DecisionNotFound, NotTheirTask, WrongStep, PercentBackwards.
    """
    row = _task(session, actor, decision_id)
    if not 0 <= percent < 100:
        raise PercentBackwards
    row.percent = percent
    return _note(session, actor, row, NoteKind.PROGRESS, words, photo)


def finish_decision(
    session: Session, actor: Actor, decision_id: int, words: str, photo: files.Ready | None = None
) -> int:
    """Tell that a final decision is done; gives the note's id.

    Raises: DecisionNotFound, NotTheirTask, WrongStep.
    """
    row = _task(session, actor, decision_id)
    row.percent, row.done_on, row.state = 100, clock.today(), DecisionState.DONE
    made = _note(session, actor, row, NoteKind.DONE, words, photo)
    _publish(session, actor, row, "done")
    tell_subject(session, actor, row.subject, "done", f"decision:{row.id}", words)
    events.tell(session, DecisionDone(actor.community_id, row.id, row.subject))
    return made


def review_decision(
    session: Session, actor: Actor, decision_id: int, is_solved: bool, words: str
) -> DecisionState:
    """Look again on the review day whether it has helped; if not, the work goes on.

    Raises: NotAllowed, DecisionNotFound, WrongStep, ReviewsOwnWork, ReviewTooEarly.
    """
    actor.check(CONVENE.code)
    row = load_decision(session, actor.community_id, decision_id)
    if row.state is not DecisionState.DONE:
        raise _wrong(row)
    if actor.person_id == row.owner_id:
        raise ReviewsOwnWork
    if clock.today() < row.review_on:
        raise ReviewTooEarly(day=row.review_on.isoformat())
    if is_solved:
        row.state = DecisionState.CLOSED
    else:
        row.state, row.percent, row.done_on = DecisionState.FINAL, 0, None
    kind = NoteKind.REVIEW_GOOD if is_solved else NoteKind.REVIEW_BAD
    _note(session, actor, row, kind, words, None)
    _publish(session, actor, row, "reviewed")
    return row.state


def hand_on_decision(
    session: Session,
    actor: Actor,
    decision_id: int,
    owner_id: int,
    due_on: date,
    review_on: date,
    words: str,
) -> None:
    """Name another who sees to it, or another day, with the reason everybody reads.

    Raises: NotAllowed, DecisionNotFound, WrongStep, DatesReversed, NotFound.
    """
    actor.check(CONVENE.code)
    row = load_decision(session, actor.community_id, decision_id)
    if row.state in {DecisionState.DONE, DecisionState.CLOSED, DecisionState.RETURNED}:
        raise _wrong(row)
    if not clock.today() <= due_on <= review_on:
        raise DatesReversed
    identity.get_person(session, actor.community_id, owner_id)
    row.owner_id, row.due_on, row.review_on = owner_id, due_on, review_on
    _note(session, actor, row, NoteKind.HANDED_ON, words, None)
    title = say(N_("请您负责办理：{title}"), title=row.title)
    notices.send(session, actor, owner_id, title, row.words, f"decisions/{row.id}", kind="todo")


def load_decision(session: Session, community_id: int, decision_id: int) -> Decision:
    """Load a decision's row.

    Raises: DecisionNotFound.
    """
    row = session.get(Decision, decision_id)
    if row is None or row.community_id != community_id:
        raise DecisionNotFound
    return row


def _task(session: Session, actor: Actor, decision_id: int) -> Decision:
    row = load_decision(session, actor.community_id, decision_id)
    is_owner = actor.person_id == row.owner_id and actor.may(ATTEND.code)
    if not is_owner and not actor.may(CONVENE.code):
        raise NotTheirTask
    if row.state is not DecisionState.FINAL:
        raise _wrong(row)
    return row


def _wrong(row: Decision) -> WrongStep:
    return WrongStep(state=say(DECISION_TITLES[row.state]))


def _phase(session: Session, row: Decision) -> notices.NoticePhase:
    assert row.notice_id is not None
    return notices.get_notice(session, row.community_id, row.notice_id).phase


def _note(
    session: Session,
    actor: Actor,
    row: Decision,
    kind: NoteKind,
    words: str,
    photo: files.Ready | None,
) -> int:
    note = DecisionNote(
        community_id=actor.community_id,
        decision_id=row.id,
        kind=kind,
        percent=row.percent,
        words=words,
        file_id=None if photo is None else files.keep_file(session, actor, photo),
        written_by=actor.person_id,
        written_at=clock.now(),
    )
    session.add(note)
    session.flush()
    return note.id


def _publish(session: Session, actor: Actor, row: Decision, step: str) -> None:
    told = {
        "decision": row.id,
        "meeting": row.meeting_id,
        "motion": row.motion_id,
        "title": row.title,
        "text_sha256": row.words_sha256,
        "state": row.state.value,
        "due_on": row.due_on.isoformat(),
        "owner": hidden_person(session, actor, row.owner_id),
        "notice": row.notice_id or 0,
    }
    publish(session, actor, f"decision.{step}", row.id, told)
