"""Hours filled in later: evidence, quota, a second person's approval, marked for ever."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock, files
from community.kernel.actor import Actor
from community.kernel.errors import N_, NotAllowed, NotFound
from community.kernel.sentences import say
from community.kernel.tables import Community
from community.volunteering import permissions
from community.volunteering.errors import hours as refusals
from community.volunteering.models import Activity, BackFill
from community.volunteering.queries.leading import check_leads, load_activity, may_credit
from community.volunteering.rules.drafts import BackFillDraft, HoursDraft
from community.volunteering.rules.kinds import HoursClass
from community.volunteering.rules.rule_sets import MINUTES_A_DAY
from community.volunteering.rules.states import BackFillState, HoursSource
from community.volunteering.service.hours import record_hours
from community.volunteering.service.rule_sets import rule_set_for
from community.volunteering.service.telling import tell


def ask_back_fill(
    session: Session, actor: Actor, draft: BackFillDraft, evidence: files.Ready
) -> int:
    """Ask for hours to be filled in, for oneself or as a leader of the activity.

    Raises: NotFound, NotAllowed, NotLeader, BackFillInFuture, BackFillTooOld, BackFillQuota.
    """
    actor.check(permissions.SEE_OWN.code)
    activity = _activity(session, actor, draft)
    if draft.person_id != actor.subject_id:
        if activity is None:
            raise NotAllowed
        check_leads(session, actor, activity.id)
    identity.get_person(session, actor.community_id, draft.person_id)
    if not 1 <= draft.minutes <= MINUTES_A_DAY:
        raise refusals.ImpossibleMinutes(most=MINUTES_A_DAY)
    _check_time_and_quota(session, actor, draft)
    assert actor.person_id is not None
    row = BackFill(
        community_id=actor.community_id,
        person_id=draft.person_id,
        activity_id=draft.activity_id,
        kind=draft.kind,
        title=draft.title,
        place=draft.place,
        served_on=draft.served_on,
        minutes=draft.minutes,
        reason=draft.reason,
        evidence_file_id=files.keep_file(session, actor, evidence),
        asked_by=actor.person_id,
        asked_at=clock.now(),
        state=BackFillState.WAITING,
    )
    session.add(row)
    session.flush()
    return row.id


def decide_back_fill(
    session: Session, actor: Actor, back_fill_id: int, is_approved: bool, note: str
) -> int | None:
    """Approve or refuse, as a second person; approved hours keep their mark for ever.

    Gives the record's id. Raises: NotAllowed, NotFound, BackFillDecided, SamePerson,
    OwnHousehold.
    """
    actor.check(permissions.REVIEW.code)
    row = session.get(BackFill, back_fill_id)
    if row is None or row.community_id != actor.community_id:
        raise NotFound
    if row.state is not BackFillState.WAITING:
        raise refusals.BackFillDecided
    if actor.person_id in {row.asked_by, row.person_id}:
        raise refusals.SamePerson
    if not may_credit(session, actor, row.person_id):
        raise refusals.OwnHousehold
    row.decided_by, row.decided_at, row.decision_note = actor.person_id, clock.now(), note
    row.state = BackFillState.APPROVED if is_approved else BackFillState.REFUSED
    verdict = N_("补录已通过：{title}") if is_approved else N_("补录未通过：{title}")
    if is_approved:
        row.record_id = _record(session, actor, row)
    session.flush()
    tell(session, actor, row.person_id, say(verdict, title=row.title), note, "/my/hours")
    return row.record_id


def _check_time_and_quota(session: Session, actor: Actor, draft: BackFillDraft) -> None:
    today = clock.today()
    if draft.served_on > today:
        raise refusals.BackFillInFuture
    rule = rule_set_for(session, actor, today).rules.hours
    if draft.served_on < today - timedelta(days=rule.back_fill_within_days):
        raise refusals.BackFillTooOld(days=rule.back_fill_within_days)
    used = session.scalar(
        select(func.count()).where(
            BackFill.community_id == actor.community_id,
            BackFill.person_id == draft.person_id,
            BackFill.state != BackFillState.REFUSED,
            BackFill.asked_at >= clock.at(today.replace(day=1)),
        )
    )
    if (used or 0) >= rule.back_fills_a_month:
        raise refusals.BackFillQuota(times=rule.back_fills_a_month)


def _activity(session: Session, actor: Actor, draft: BackFillDraft) -> Activity | None:
    if draft.activity_id is None:
        return None
    return load_activity(session, actor.community_id, draft.activity_id)


def _record(session: Session, actor: Actor, row: BackFill) -> int:
    activity = (
        None
        if row.activity_id is None
        else load_activity(session, actor.community_id, row.activity_id)
    )
    unit = (
        activity.organising_unit if activity else session.get_one(Community, row.community_id).name
    )
    draft = HoursDraft(
        person_id=row.person_id,
        source=HoursSource.BACK_FILL,
        source_key=f"back_fill:{row.id}",
        kind=row.kind,
        title=row.title,
        content=row.reason,
        place=row.place,
        organising_unit=unit,
        person_in_charge_id=activity.person_in_charge_id if activity else None,
        served_on=row.served_on,
        minutes=row.minutes,
        hours_class=HoursClass.BACK_FILLED,
        activity_id=row.activity_id,
        reason=f"补录：{row.reason}"[:200],
    )
    return record_hours(session, actor, draft, is_vouched=True).id
