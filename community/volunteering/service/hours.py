"""Records of hours: write, count, confirm, review, refuse, correct; every version is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from community.kernel import calendar, clock, events
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.volunteering import permissions
from community.volunteering.errors import hours as refusals
from community.volunteering.events import HoursConfirmed, HoursReversed
from community.volunteering.models import HoursRecord, HoursVersion
from community.volunteering.queries.hours_records import find_record, load_record, minutes_on
from community.volunteering.queries.leading import may_credit
from community.volunteering.queries.rule_sets import get_rule_set
from community.volunteering.rules.drafts import HoursDraft
from community.volunteering.rules.hours import decide_state, needs_second_review
from community.volunteering.rules.rule_sets import MINUTES_A_DAY, HoursRule
from community.volunteering.rules.states import HoursState
from community.volunteering.service.hours_book import post_hours, take_back_hours
from community.volunteering.service.rule_sets import rule_set_for
from community.volunteering.service.telling import tell

REVIEWED = (HoursState.IN_REVIEW, HoursState.IN_SECOND_REVIEW)


def record_hours(
    session: Session, actor: Actor, draft: HoursDraft, *, is_vouched: bool
) -> HoursRecord:
    """Write hours down, pending, and count them at once where somebody vouched for them.

    The same source key gives the record that is there. For other commands: the caller has
    checked who may vouch.
    """
    found = find_record(session, actor.community_id, draft.source, draft.source_key)
    if found is not None:
        return found
    if not 0 <= draft.minutes <= MINUTES_A_DAY:
        raise refusals.ImpossibleMinutes(most=MINUTES_A_DAY)
    adopted = rule_set_for(session, actor, draft.served_on)
    within = adopted.rules.hours.record_within_working_days
    row = HoursRecord(
        community_id=actor.community_id,
        person_id=draft.person_id,
        shift_id=draft.shift_id,
        activity_id=draft.activity_id,
        source=draft.source,
        source_key=draft.source_key,
        kind=draft.kind,
        title=draft.title,
        content=draft.content,
        place=draft.place,
        organising_unit=draft.organising_unit,
        person_in_charge_id=draft.person_in_charge_id,
        served_on=draft.served_on,
        hours_class=draft.hours_class,
        state=HoursState.PENDING,
        minutes=draft.minutes,
        attended_bp=draft.attended_bp,
        beneficiary_id=draft.beneficiary_id,
        organization_id=draft.organization_id,
        version=1,
        rule_set_id=adopted.id,
        record_by=calendar.add_working_days(session, actor.community_id, draft.served_on, within),
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    _keep_version(session, actor, row, draft.reason, draft.starts_at, draft.ends_at)
    if is_vouched:
        count_hours(session, actor, row)
    return row


def rewrite_hours(
    session: Session, actor: Actor, row: HoursRecord, draft: HoursDraft
) -> HoursRecord:
    """Write a new version of hours that still wait; for other commands.

    Raises: NotWaiting.
    """
    if row.state is not HoursState.PENDING:
        raise refusals.NotWaiting
    row.minutes, row.attended_bp = draft.minutes, draft.attended_bp
    row.version += 1
    _keep_version(session, actor, row, draft.reason, draft.starts_at, draft.ends_at)
    return row


def count_hours(session: Session, actor: Actor, row: HoursRecord) -> None:
    """Let hours that somebody vouches for count, wait for a review, or count for nothing."""
    rule = _rule(session, row)
    others = minutes_on(session, row.community_id, row.person_id, row.served_on, row.id)
    row.confirmed_by, row.confirmed_at = actor.person_id, clock.now()
    state = decide_state(rule, row.minutes, row.attended_bp, others)
    if state is HoursState.CONFIRMED:
        confirm_record(session, actor, row)
        return
    row.state = state
    session.flush()
    if state is HoursState.NOT_COUNTED:
        tell(
            session,
            actor,
            row.person_id,
            say(N_("{title}：不计时长"), title=row.title),
            _why(row),
            "/my/hours",
        )


def review_hours(
    session: Session, actor: Actor, record_id: int, is_accepted: bool, note: str
) -> HoursState:
    """Decide on a day's hours above the limit; above the second limit a second person does too.

    Raises: NotAllowed, NotFound, NotWaiting, SamePerson, OwnHousehold.
    """
    actor.check(permissions.REVIEW.code)
    row = load_record(session, actor.community_id, record_id)
    if row.state not in REVIEWED:
        raise refusals.NotWaiting
    _check_may_credit(session, actor, row)
    if actor.person_id in {row.confirmed_by, row.reviewed_by}:
        raise refusals.SamePerson
    if not is_accepted:
        row.state = HoursState.REFUSED
        tell(
            session,
            actor,
            row.person_id,
            say(N_("{title}：时长未通过复核"), title=row.title),
            note,
            "/my/hours",
        )
        return row.state
    others = minutes_on(session, row.community_id, row.person_id, row.served_on, row.id)
    needs_second = needs_second_review(_rule(session, row), row.minutes, others)
    is_first = row.state is HoursState.IN_REVIEW
    row.reviewed_by = actor.person_id
    if is_first and needs_second:
        row.state = HoursState.IN_SECOND_REVIEW
        session.flush()
        return row.state
    confirm_record(session, actor, row)
    return row.state


def refuse_hours(session: Session, actor: Actor, record_id: int, note: str) -> None:
    """Refuse hours that wait, with the reason; the person is told and may dispute it.

    Raises: NotAllowed, NotFound, NotWaiting, OwnHousehold.
    """
    actor.check(permissions.REVIEW.code)
    row = load_record(session, actor.community_id, record_id)
    refuse_record(session, actor, row, note)


def refuse_record(session: Session, actor: Actor, row: HoursRecord, note: str) -> None:
    """Refuse a loaded record; for other commands."""
    if row.state is not HoursState.PENDING:
        raise refusals.NotWaiting
    _check_may_credit(session, actor, row)
    row.state = HoursState.REFUSED
    tell(
        session,
        actor,
        row.person_id,
        say(N_("{title}：时长未通过"), title=row.title),
        note,
        "/my/hours",
    )


def correct_hours(session: Session, actor: Actor, record_id: int, minutes: int, reason: str) -> int:
    """Correct a record: a new version beside the old one; 0 minutes means it does not count.

    Source: 民政部令第67号 Art. 13. Gives the new version's number.
    Raises: NotAllowed, NotFound, NothingChanged, ImpossibleMinutes, OwnHousehold.
    """
    actor.check(permissions.REVIEW.code)
    row = load_record(session, actor.community_id, record_id)
    return correct_record(session, actor, row, minutes, reason)


def correct_record(
    session: Session, actor: Actor, row: HoursRecord, minutes: int, reason: str
) -> int:
    """Correct a loaded record; for other commands, with the same refusals."""
    _check_may_credit(session, actor, row)
    if not 0 <= minutes <= MINUTES_A_DAY:
        raise refusals.ImpossibleMinutes(most=MINUTES_A_DAY)
    if minutes == row.minutes and row.state is HoursState.CONFIRMED:
        raise refusals.NothingChanged
    if row.state is HoursState.CONFIRMED:
        _withdraw(session, actor, row, reason)
    row.minutes, row.version = minutes, row.version + 1
    _keep_version(session, actor, row, reason, None, None)
    row.confirmed_by, row.confirmed_at = actor.person_id, clock.now()
    if minutes:
        confirm_record(session, actor, row)
    else:
        row.state = HoursState.REFUSED
        session.flush()
    return row.version


def confirm_record(session: Session, actor: Actor, row: HoursRecord) -> None:
    """Let a loaded record count: book it and tell it; for other commands, which checked who may."""
    # Posting flushes: the row must not be half confirmed by then.
    posted = post_hours(session, actor, row)
    row.posted_version, row.posted_transaction_id = row.version, posted
    row.state = HoursState.CONFIRMED
    row.confirmed_at = clock.now()
    session.flush()
    events.tell(
        session,
        HoursConfirmed(
            community_id=row.community_id,
            hours_id=row.id,
            person_id=row.person_id,
            activity_id=row.activity_id,
            activity_title=row.title,
            kind=row.kind,
            hours_class=row.hours_class,
            minutes=row.minutes,
            served_on=row.served_on,
            rule_set_id=row.rule_set_id,
            shift_id=row.shift_id,
            version=row.version,
            attended_bp=row.attended_bp,
            organization_id=row.organization_id,
        ),
    )


def _withdraw(session: Session, actor: Actor, row: HoursRecord, reason: str) -> None:
    take_back_hours(session, actor, row, reason)
    row.posted_version = row.posted_transaction_id = None
    row.state = HoursState.PENDING
    session.flush()
    events.tell(session, HoursReversed(row.community_id, row.id, row.person_id, reason))


def _check_may_credit(session: Session, actor: Actor, row: HoursRecord) -> None:
    if not may_credit(session, actor, row.person_id):
        raise refusals.OwnHousehold


def _keep_version(
    session: Session,
    actor: Actor,
    row: HoursRecord,
    reason: str,
    starts_at: datetime | None,
    ends_at: datetime | None,
) -> None:
    session.add(
        HoursVersion(
            community_id=row.community_id,
            record_id=row.id,
            version=row.version,
            minutes=row.minutes,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=reason,
            written_by=actor.person_id,
            written_at=clock.now(),
        )
    )
    session.flush()


def _rule(session: Session, row: HoursRecord) -> HoursRule:
    return get_rule_set(session, row.community_id, row.rule_set_id).rules.hours


def _why(row: HoursRecord) -> str:
    return say(
        N_("出勤 {minutes} 分钟，占这一班的 {percent}%，不到规则要求，所以不计。可以提出异议。"),
        minutes=row.minutes,
        percent=row.attended_bp // 100,
    )
