"""Taking, keeping and leaving a place: for oneself, for somebody helped, by leader or desk."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_, NotAllowed
from community.kernel.sentences import say
from community.volunteering import permissions
from community.volunteering.errors import signing_up as refusals
from community.volunteering.models import Activity, Shift, SignUp
from community.volunteering.queries.leading import check_leads, load_shift
from community.volunteering.queries.scans import has_attended
from community.volunteering.queries.standing import (
    MINUTE,
    commitments_on,
    find_sign_up,
    is_blocked,
    skills_of,
)
from community.volunteering.rules.rule_sets import HoursRule
from community.volunteering.rules.signing_up import SignUpFacts, check_may_sign_up
from community.volunteering.rules.states import ActivityState, ShiftState, SignUpState
from community.volunteering.service.rule_sets import rule_set_for
from community.volunteering.service.telling import tell, when_and_where
from community.volunteering.service.waiting_list import offer_places, take_place


def sign_up(session: Session, actor: Actor, shift_id: int) -> None:
    """Take a place of a shift for oneself, or for the person helped.

    Raises: NotFound, the refusals of `errors.signing_up`, ShiftFull.
    """
    actor.check(permissions.SIGN_UP.code)
    _sign_up(session, actor, shift_id, _subject(actor))


def sign_up_for(session: Session, actor: Actor, shift_id: int, person_id: int) -> None:
    """Take a place for somebody without a phone, as a leader of the activity or at the desk.

    Also while the shift runs: that is how a leader adds who came without a sign-up.
    Raises: NotLeader, and as `sign_up`.
    """
    shift, activity = load_shift(session, actor.community_id, shift_id)
    check_leads(session, actor, activity.id)
    _sign_up(session, actor, shift_id, person_id)
    if person_id != actor.person_id:
        tell(
            session,
            actor,
            person_id,
            say(N_("已为您报名：{title}"), title=activity.title),
            say(N_("{when}。不能来请提前取消，或告诉负责人。"), when=when_and_where(shift)),
            f"/shifts/{shift_id}",
        )


def join_waiting_list(session: Session, actor: Actor, shift_id: int) -> None:
    """Wait for a place of a full shift; places are offered in order.

    Raises: NotFound, the refusals of `errors.signing_up`, ShiftNotFull.
    """
    actor.check(permissions.SIGN_UP.code)
    person_id = _subject(actor)
    shift, activity = load_shift(session, actor.community_id, shift_id)
    offer_places(session, actor, shift, activity)
    row = find_sign_up(session, actor.community_id, shift_id, person_id)
    check_may_sign_up(sign_up_facts(session, actor, shift, activity, person_id, row))
    if shift.starts_at <= clock.now():
        raise refusals.SignUpClosed
    if row is not None and row.state is SignUpState.OFFERED:
        raise refusals.AlreadyWaiting
    if shift.taken < shift.capacity:
        raise refusals.ShiftNotFull
    row = _row(session, actor, shift, person_id, row)
    row.state, row.waiting_since = SignUpState.WAITING, clock.now()


def accept_offer(session: Session, actor: Actor, shift_id: int) -> None:
    """Take the place that was offered from the waiting list; judged by the clock, now.

    Raises: NotFound, OfferLapsed.
    """
    actor.check(permissions.SIGN_UP.code)
    shift, _ = load_shift(session, actor.community_id, shift_id)
    row = find_sign_up(session, actor.community_id, shift_id, _subject(actor))
    if row is None or row.state is not SignUpState.OFFERED:
        raise refusals.OfferLapsed
    assert row.offer_lapses_at is not None
    if row.offer_lapses_at <= clock.now() or shift.state is not ShiftState.OPEN:
        raise refusals.OfferLapsed
    row.state, row.offer_lapses_at, row.waiting_since = SignUpState.SIGNED_UP, None, None
    row.signed_up_at, row.signed_up_by = clock.now(), actor.person_id


def cancel_sign_up(session: Session, actor: Actor, shift_id: int) -> None:
    """Give the place back, or leave the waiting list, before the shift begins.

    Raises: NotFound, NotSignedUp, ShiftHasBegun, AlreadyAttended.
    """
    actor.check(permissions.SIGN_UP.code)
    shift, activity = load_shift(session, actor.community_id, shift_id)
    if shift.starts_at <= clock.now():
        raise refusals.ShiftHasBegun
    leave_shift(session, actor, shift, activity, _subject(actor))


def cancel_sign_up_for(session: Session, actor: Actor, shift_id: int, person_id: int) -> None:
    """Take somebody off the roster, as a leader of the activity or at the desk.

    Raises: NotFound, NotLeader, NotSignedUp, AlreadyAttended.
    """
    shift, activity = load_shift(session, actor.community_id, shift_id)
    check_leads(session, actor, activity.id)
    leave_shift(session, actor, shift, activity, person_id)
    if person_id != actor.person_id:
        tell(
            session,
            actor,
            person_id,
            say(N_("已取消您的报名：{title}"), title=activity.title),
            say(N_("{when}。如有疑问请联系负责人。"), when=when_and_where(shift)),
            f"/shifts/{shift_id}",
        )


def _sign_up(session: Session, actor: Actor, shift_id: int, person_id: int) -> None:
    shift, activity = load_shift(session, actor.community_id, shift_id)
    offer_places(session, actor, shift, activity)
    row = find_sign_up(session, actor.community_id, shift_id, person_id)
    check_may_sign_up(sign_up_facts(session, actor, shift, activity, person_id, row))
    # Who has been offered the place holds it already; taking it is accepting the offer.
    if (row is None or row.state is not SignUpState.OFFERED) and not take_place(session, shift):
        raise refusals.ShiftFull
    row = _row(session, actor, shift, person_id, row)
    row.state, row.offer_lapses_at, row.waiting_since = SignUpState.SIGNED_UP, None, None


def _subject(actor: Actor) -> int:
    if actor.subject_id is None:
        raise NotAllowed
    return actor.subject_id


def _row(
    session: Session, actor: Actor, shift: Shift, person_id: int, row: SignUp | None
) -> SignUp:
    if row is None:
        row = SignUp(
            community_id=shift.community_id,
            shift_id=shift.id,
            person_id=person_id,
            state=SignUpState.SIGNED_UP,
        )
        session.add(row)
    row.signed_up_at, row.signed_up_by, row.reminded_at = clock.now(), actor.person_id, None
    return row


def leave_shift(
    session: Session, actor: Actor, shift: Shift, activity: Activity, person_id: int
) -> None:
    """Give a place back, or leave the waiting list, and let the next one move up; no permission.

    Raises: NotSignedUp, AlreadyAttended.
    """
    row = find_sign_up(session, actor.community_id, shift.id, person_id)
    if row is None or row.state in {
        SignUpState.CANCELLED,
        SignUpState.LAPSED,
        SignUpState.NO_SHOW,
    }:
        raise refusals.NotSignedUp
    if has_attended(session, actor.community_id, shift.id, person_id):
        raise refusals.AlreadyAttended
    if row.state in {SignUpState.SIGNED_UP, SignUpState.OFFERED}:
        shift.taken -= 1
    row.state, row.offer_lapses_at, row.waiting_since = SignUpState.CANCELLED, None, None
    offer_places(session, actor, shift, activity)


def sign_up_facts(
    session: Session,
    actor: Actor,
    shift: Shift,
    activity: Activity,
    person_id: int,
    row: SignUp | None,
) -> SignUpFacts:
    """Gather what decides whether a person may take a place; for the commands of this room."""
    community_id = actor.community_id
    person = identity.get_person(session, community_id, person_id)
    day = clock.day_of(shift.starts_at)
    others = tuple(
        each
        for each in commitments_on(session, community_id, person_id, (day,))
        if each.shift_id != shift.id
    )
    overlapping = next(
        (
            each.title
            for each in others
            if each.starts_at < shift.ends_at and shift.starts_at < each.ends_at
        ),
        "",
    )
    rule = rule_set_for(session, actor, day).rules.hours
    return SignUpFacts(
        now=clock.now(),
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        is_cancelled=shift.state is ShiftState.CANCELLED
        or activity.state is ActivityState.CANCELLED,
        is_closed=_is_closed(actor, shift, activity, person_id),
        is_resident=identity.is_member(session, community_id, person_id),
        is_blocked=is_blocked(session, community_id, person_id),
        state=None if row is None else row.state,
        age=None if person.birth_year is None else day.year - person.birth_year,
        minimum_age=activity.minimum_age,
        is_guarded=person.is_minor,
        has_guardian=_has_guardian(session, actor, person_id),
        missing_skills=_missing(session, actor, activity, person_id),
        overlapping=overlapping,
        planned_minutes=sum(each.minutes for each in others if clock.day_of(each.starts_at) == day),
        shift_minutes=(shift.ends_at - shift.starts_at) // MINUTE,
        day_limit_minutes=_day_limit(rule),
    )


def _is_closed(actor: Actor, shift: Shift, activity: Activity, person_id: int) -> bool:
    """Once it has begun only a leader adds people; so too when the activity is closed."""
    is_own = person_id == actor.subject_id
    has_begun = shift.starts_at <= clock.now()
    return is_own and (has_begun or activity.state is ActivityState.CLOSED)


def _has_guardian(session: Session, actor: Actor, person_id: int) -> bool:
    guardian = identity.guardian_of(session, actor.community_id, person_id)
    if actor.person_id == person_id and actor.on_behalf_of is None:
        return False
    return guardian is not None


def _missing(session: Session, actor: Actor, activity: Activity, person_id: int) -> tuple[str, ...]:
    has = set(skills_of(session, actor.community_id, person_id))
    return tuple(each for each in activity.skills if each not in has)


def _day_limit(rule: HoursRule) -> int | None:
    return rule.second_review_above_minutes or rule.review_above_minutes
