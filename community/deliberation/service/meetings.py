"""Commands of a meeting's way: plan, set the agenda, call, open, close, cancel."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from community import notices
from community.deliberation.errors.meetings import (
    AgendaEmpty,
    AgendaItemNotFound,
    AgendaPosted,
    MeetingNotCalled,
    MeetingNotOpen,
    MeetingNotPlanned,
    MeetingPast,
    MotionsPending,
    TooEarlyToOpen,
)
from community.deliberation.events import MeetingCalled
from community.deliberation.models import AgendaItem, Meeting, MeetingAttendance, Motion
from community.deliberation.permissions import CONVENE
from community.deliberation.queries.bodies import load_body, members_of_body, officer_of, rule_on
from community.deliberation.queries.meetings import agenda_rows, load_meeting
from community.deliberation.rules.bodies import Office
from community.deliberation.rules.meetings import MeetingState, check_notice
from community.deliberation.rules.motions import PENDING
from community.deliberation.service.meeting_log import publish
from community.deliberation.service.seats import check_runs
from community.deliberation.service.subjects import tell_subject
from community.kernel import clock, events, ids
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say


def plan_meeting(
    session: Session, actor: Actor, body_id: int, title: str, place: str, starts_at: datetime
) -> int:
    """Put a meeting of a body into the year's calendar; gives its id.

    Its chair and secretary are the body's; `arrange_meeting` names others.
    Raises: NotAllowed, BodyNotFound, MeetingPast.
    """
    actor.check(CONVENE.code)
    load_body(session, actor.community_id, body_id)
    if starts_at <= clock.now():
        raise MeetingPast
    on = clock.day_of(starts_at)
    at = actor.community_id, body_id
    row = Meeting(
        community_id=actor.community_id,
        body_id=body_id,
        title=title,
        place=place,
        starts_at=starts_at,
        state=MeetingState.PLANNED,
        chair_id=officer_of(session, *at, Office.CHAIR, on)
        or officer_of(session, *at, Office.DEPUTY, on),
        secretary_id=officer_of(session, *at, Office.SECRETARY, on),
        planned_by=actor.person_id,
        planned_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id


def arrange_meeting(
    session: Session,
    actor: Actor,
    meeting_id: int,
    title: str,
    place: str,
    starts_at: datetime,
    chair_id: int | None = None,
    secretary_id: int | None = None,
) -> None:
    """Change a planned meeting's day, place, chair or secretary.

    Raises: NotAllowed, MeetingNotFound, MeetingNotPlanned, MeetingPast.
    """
    actor.check(CONVENE.code)
    row = _planned(session, actor, meeting_id)
    if starts_at <= clock.now():
        raise MeetingPast
    row.title, row.place, row.starts_at = title, place, starts_at
    present = members_of_body(session, actor.community_id, row.body_id, clock.day_of(starts_at))
    if chair_id in present:
        row.chair_id = chair_id
    if secretary_id in present:
        row.secretary_id = secretary_id


def add_agenda_item(
    session: Session, actor: Actor, meeting_id: int, title: str, words: str, subject: str = ""
) -> int:
    """Add an item to a meeting that was not called yet; gives its id.

    `subject` is where it comes from, as "topic:12".
    Raises: NotAllowed, MeetingNotFound, AgendaPosted.
    """
    actor.check(CONVENE.code)
    row = load_meeting(session, actor.community_id, meeting_id)
    if row.state is not MeetingState.PLANNED:
        raise AgendaPosted
    last = session.scalar(
        select(func.max(AgendaItem.position)).where(
            AgendaItem.community_id == actor.community_id, AgendaItem.meeting_id == meeting_id
        )
    )
    item = AgendaItem(
        community_id=actor.community_id,
        meeting_id=meeting_id,
        position=int(last or 0) + 1,
        title=title,
        words=words,
        subject=subject,
    )
    session.add(item)
    session.flush()
    return item.id


def drop_agenda_item(session: Session, actor: Actor, meeting_id: int, item_id: int) -> None:
    """Take an item off the agenda of a meeting that was not called yet.

    Raises: NotAllowed, MeetingNotFound, AgendaPosted, AgendaItemNotFound.
    """
    actor.check(CONVENE.code)
    row = load_meeting(session, actor.community_id, meeting_id)
    if row.state is not MeetingState.PLANNED:
        raise AgendaPosted
    item = session.get(AgendaItem, item_id)
    if item is None or (item.community_id, item.meeting_id) != (actor.community_id, meeting_id):
        raise AgendaItemNotFound
    session.delete(item)


def call_meeting(session: Session, actor: Actor, meeting_id: int) -> int:
    """Send the notice with the agenda, in time by the body's figures; gives the notice's id.

    Raises: NotAllowed, MeetingNotFound, MeetingNotPlanned, MeetingPast, AgendaEmpty,
    NoticeTooLate.
    """
    actor.check(CONVENE.code)
    row = _planned(session, actor, meeting_id)
    if row.starts_at <= clock.now():
        raise MeetingPast
    items = agenda_rows(session, actor.community_id, meeting_id)
    if not items:
        raise AgendaEmpty
    rule = rule_on(session, actor.community_id, row.body_id, clock.today())
    check_notice(rule.figures, row.starts_at, clock.today())
    body = load_body(session, actor.community_id, row.body_id)
    row.body_rule_id, row.called_by, row.called_at = rule.id, actor.person_id, clock.now()
    row.state = MeetingState.CALLED
    row.notice_id = notices.publish_notice(session, actor, _notice(row, body.name, items))
    session.flush()
    told = {
        "meeting": row.id,
        "body": row.body_id,
        "body_rule": rule.id,
        "starts_at": row.starts_at.astimezone(clock.SHANGHAI).isoformat(timespec="minutes"),
        "agenda": [each.title for each in items],
        "notice": row.notice_id,
    }
    publish(session, actor, "meeting.called", row.id, told)
    _invite(session, actor, row, body.name, items)
    for each in items:
        tell_subject(session, actor, each.subject, "meeting", f"meeting:{row.id}", row.title)
    subjects = tuple(each.subject for each in items if each.subject)
    events.tell(session, MeetingCalled(actor.community_id, row.id, subjects))
    return row.notice_id


def cancel_meeting(session: Session, actor: Actor, meeting_id: int, reason: str) -> None:
    """Cancel a meeting before it opens, with the reason everybody reads.

    Raises: NotAllowed, MeetingNotFound, MeetingNotPlanned.
    """
    actor.check(CONVENE.code)
    row = load_meeting(session, actor.community_id, meeting_id)
    if row.state not in {MeetingState.PLANNED, MeetingState.CALLED}:
        raise MeetingNotPlanned
    was_called = row.state is MeetingState.CALLED
    row.state, row.cancelled_reason = MeetingState.CANCELLED, reason
    if was_called:
        on = clock.day_of(row.starts_at)
        title = say(N_("会议取消：{title}"), title=row.title)
        for person_id in members_of_body(session, actor.community_id, row.body_id, on):
            link = f"meetings/{row.id}"
            notices.send(session, actor, person_id, title, reason, link, kind="change")


def open_meeting(session: Session, actor: Actor, meeting_id: int) -> int:
    """Open a called meeting on its day: who should come is fixed now; gives how many (应到).

    Raises: NotTheChair, MeetingNotFound, MeetingNotCalled, TooEarlyToOpen.
    """
    row = load_meeting(session, actor.community_id, meeting_id)
    check_runs(actor, row)
    if row.state is not MeetingState.CALLED:
        raise MeetingNotCalled
    today = clock.today()
    if today < clock.day_of(row.starts_at):
        raise TooEarlyToOpen(day=clock.day_of(row.starts_at).isoformat())
    people = members_of_body(session, actor.community_id, row.body_id, today)
    session.add_all(
        MeetingAttendance(
            community_id=actor.community_id, meeting_id=meeting_id, person_id=person_id
        )
        for person_id in people
    )
    row.expected_count, row.opened_at = len(people), clock.now()
    row.door_key = ids.random_token()
    row.state = MeetingState.OPEN
    session.flush()
    return len(people)


def close_meeting(session: Session, actor: Actor, meeting_id: int) -> None:
    """Close a meeting when every motion has its end.

    Raises: NotTheChair, MeetingNotFound, MeetingNotOpen, MotionsPending.
    """
    row = load_meeting(session, actor.community_id, meeting_id)
    check_runs(actor, row)
    if row.state is not MeetingState.OPEN:
        raise MeetingNotOpen
    pending = session.scalar(
        select(func.count()).where(
            Motion.community_id == actor.community_id,
            Motion.meeting_id == meeting_id,
            Motion.state.in_(PENDING),
        )
    )
    if pending:
        raise MotionsPending(number=pending)
    now = clock.now()
    session.execute(
        update(MeetingAttendance)
        .where(
            MeetingAttendance.community_id == actor.community_id,
            MeetingAttendance.meeting_id == meeting_id,
            MeetingAttendance.arrived_at.is_not(None),
            MeetingAttendance.left_at.is_(None),
        )
        .values(left_at=now)
        .execution_options(synchronize_session=False)
    )
    row.state, row.closed_at = MeetingState.CLOSED, now


def _planned(session: Session, actor: Actor, meeting_id: int) -> Meeting:
    row = load_meeting(session, actor.community_id, meeting_id)
    if row.state is not MeetingState.PLANNED:
        raise MeetingNotPlanned
    return row


def _notice(row: Meeting, body_name: str, items: tuple[AgendaItem, ...]) -> notices.NoticeDraft:
    starts = row.starts_at.astimezone(clock.SHANGHAI)
    lines = [
        f"组织：{body_name}",
        f"时间：{starts:%Y-%m-%d %H:%M}",
        f"地点：{row.place}",
        "议程：",
        *(f"{each.position}. {each.title}" for each in items),
        "没有列入议程的事项，会上不表决。",
    ]
    return notices.NoticeDraft(
        title=f"会议通知：{row.title}",
        body="\n".join(lines),
        kind=notices.NoticeKind.GENERAL,
        opens_at=clock.now(),
        closes_at=row.starts_at,
        subject=f"meeting:{row.id}",
    )


def _invite(
    session: Session, actor: Actor, row: Meeting, body_name: str, items: tuple[AgendaItem, ...]
) -> None:
    starts = row.starts_at.astimezone(clock.SHANGHAI)
    title = say(N_("{body}开会通知"), body=body_name)
    body = say(
        N_("{title}，{when}，{place}。议程：{agenda}"),
        title=row.title,
        when=f"{starts:%Y-%m-%d %H:%M}",
        place=row.place,
        agenda="；".join(each.title for each in items),
    )
    on = clock.day_of(row.starts_at)
    for person_id in members_of_body(session, actor.community_id, row.body_id, on):
        notices.send(session, actor, person_id, title, body, f"meetings/{row.id}", kind="todo")
