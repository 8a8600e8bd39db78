"""A service between two people: accepted, met, left, confirmed or disputed; then coins move."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock, ids
from community.kernel.actor import Actor
from community.kernel.errors import N_, NotAllowed, NotFound
from community.kernel.tables import Community
from community.volunteering import permissions
from community.volunteering.errors.time_bank import (
    MoreThanServed,
    NothingServed,
    OwnNeed,
    TooEarlyToStart,
    WrongCard,
    WrongStep,
    WrongVisitCode,
)
from community.volunteering.models import Acceptance, Need
from community.volunteering.queries.rule_sets import get_rule_set
from community.volunteering.rules.drafts import HoursDraft
from community.volunteering.rules.kinds import HoursClass, ServiceKind
from community.volunteering.rules.rule_sets import TimeBankRule
from community.volunteering.rules.states import HoursSource
from community.volunteering.rules.time_bank import (
    STEPS,
    NeedState,
    Origin,
    Proof,
    ServiceState,
    age_on,
    choose_purse,
    is_proven,
    minutes_between,
)
from community.volunteering.service import time_messages
from community.volunteering.service.hours import record_hours
from community.volunteering.service.needs import claim_need, get_need, open_bank, origin_of
from community.volunteering.service.payment import pay_service, release_payment, reserve_payment
from community.volunteering.service.rule_sets import rule_set_for

EARLIEST = timedelta(minutes=60)
CODE_LENGTH = 6


def accept_need(session: Session, actor: Actor, need_id: int, giver_id: int) -> int:
    """Take a need on; the coins that will pay it are set aside at once.

    Raises: NotFound, NotAllowed, TimeBankClosed, OwnNeed, NeedTaken, CoinsShort, PoolShort.
    """
    origin_of(actor, giver_id)
    need = get_need(session, actor, need_id)
    identity.get_person(session, actor.community_id, giver_id)
    open_bank(session, actor)
    if giver_id == need.receiver_id or identity.share_household(
        session, actor.community_id, giver_id, need.receiver_id
    ):
        raise OwnNeed
    claim_need(session, need, NeedState.OPEN, NeedState.ACCEPTED)
    adopted = rule_set_for(session, actor, clock.today())
    rule = adopted.rules.time_bank
    receiver = identity.get_person(session, actor.community_id, need.receiver_id)
    row = Acceptance(
        community_id=actor.community_id, need_id=need.id, giver_id=giver_id,
        rule_set_id=adopted.id,
        purse=choose_purse(rule, age_on(receiver.birth_year, clock.today())),
        state=ServiceState.AGREED, arrival_code=ids.random_code(CODE_LENGTH),
        leaving_code=ids.random_code(CODE_LENGTH), agreed_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    row.hold_id = reserve_payment(session, actor, row, need, rule)
    time_messages.tell_accepted(session, actor, row, need)
    return row.id


def arrive(session: Session, actor: Actor, acceptance_id: int, proof: Proof, code: str) -> None:
    """Check in for a service: the code on the receiver's phone, the household card, or neither.

    Raises: NotFound, NotAllowed, WrongStep, TooEarlyToStart, WrongVisitCode, WrongCard.
    """
    row, need = load_service(session, actor, acceptance_id)
    origin_of(actor, row.giver_id)
    earliest = need.starts_at - EARLIEST
    if clock.now() < earliest:
        shown = earliest.astimezone(clock.SHANGHAI)
        raise TooEarlyToStart(starts_at=f"{shown:%m-%d %H:%M}")
    _check_proof(session, actor, need, proof, code, row.arrival_code)
    move_service(session, row, ServiceState.AGREED, ServiceState.STARTED)
    row.started_at, row.started_by = clock.now(), proof
    time_messages.tell_arrived(session, actor, row, need)


def leave(session: Session, actor: Actor, acceptance_id: int, proof: Proof, code: str) -> None:
    """Check out; with both codes from the receiver's phone the coins move at once.

    Raises: NotFound, NotAllowed, WrongStep, WrongVisitCode, WrongCard, NothingServed.
    """
    row, need = load_service(session, actor, acceptance_id)
    origin_of(actor, row.giver_id)
    _check_proof(session, actor, need, proof, code, row.leaving_code)
    move_service(session, row, ServiceState.STARTED, ServiceState.ENDED)
    assert row.started_at is not None
    assert row.started_by is not None
    row.ended_at, row.ended_by = clock.now(), proof
    row.served_minutes = minutes_between(row.started_at, row.ended_at, need.minutes)
    if not row.served_minutes:
        raise NothingServed
    if is_proven(Proof(row.started_by), proof):
        # Only the receiver could show both codes, so nobody needs to be asked again.
        _confirm(session, actor, row, need, row.served_minutes, need.receiver_id)
    else:
        time_messages.tell_to_confirm(session, actor, row, need)


def enter_visit(
    session: Session, actor: Actor, acceptance_id: int, started_at: datetime, ended_at: datetime
) -> None:
    """Write down at the desk when a giver came and went, told by phone; still to be confirmed.

    Raises: NotFound, NotAllowed, WrongStep, NothingServed.
    """
    actor.check(permissions.TIME_DESK.code)
    row, need = load_service(session, actor, acceptance_id)
    if ended_at > clock.now() or started_at < need.starts_at - EARLIEST:
        raise NothingServed
    minutes = minutes_between(started_at, ended_at, need.minutes)
    if not minutes:
        raise NothingServed
    if row.state == ServiceState.AGREED:
        move_service(session, row, ServiceState.AGREED, ServiceState.STARTED)
    move_service(session, row, ServiceState.STARTED, ServiceState.ENDED)
    row.started_at, row.started_by = started_at, Proof.DESK
    row.ended_at, row.ended_by = ended_at, Proof.DESK
    row.served_minutes = minutes


def confirm_service(session: Session, actor: Actor, acceptance_id: int, minutes: int) -> None:
    """Confirm what was served, as the receiver, a helper, or the desk after asking the receiver.

    Raises: NotFound, NotAllowed, WrongStep, MoreThanServed, OwnNeed.
    """
    row, need = load_service(session, actor, acceptance_id)
    _check_neutral(session, actor, row, need)
    served = row.served_minutes or 0
    if not 1 <= minutes <= served:
        raise MoreThanServed(minutes=served)
    if row.state != ServiceState.ENDED:
        raise WrongStep
    _confirm(session, actor, row, need, minutes, actor.person_id)


def dispute_service(session: Session, actor: Actor, acceptance_id: int, words: str) -> None:
    """Say, as giver or receiver, that what is recorded is not what happened.

    Raises: NotFound, NotAllowed, WrongStep.
    """
    row, need = load_service(session, actor, acceptance_id)
    if actor.subject_id not in {row.giver_id, need.receiver_id}:
        raise NotAllowed
    before = ServiceState(row.state)
    move_service(session, row, before, ServiceState.DISPUTED)
    row.disputed_by, row.disputed_at, row.dispute_words = actor.person_id, clock.now(), words
    time_messages.tell_disputed(session, actor, row, need)


def answer_service_dispute(
    session: Session, actor: Actor, acceptance_id: int, minutes: int, words: str
) -> None:
    """Answer a dispute at the desk: so many minutes count, or none; the answer keeps its date.

    Raises: NotFound, NotAllowed, WrongStep, MoreThanServed, OwnNeed.
    """
    actor.check(permissions.TIME_DESK.code)
    row, need = load_service(session, actor, acceptance_id)
    _check_neutral(session, actor, row, need)
    if row.state != ServiceState.DISPUTED:
        raise WrongStep
    if minutes > need.minutes:
        raise MoreThanServed(minutes=need.minutes)
    row.answered_by, row.answered_at, row.answer_words = actor.person_id, clock.now(), words
    if minutes:
        row.served_minutes = minutes
        _confirm(session, actor, row, need, minutes, actor.person_id)
    else:
        move_service(session, row, ServiceState.DISPUTED, ServiceState.CANCELLED)
        release_payment(session, actor, row)
        need.state = NeedState.CANCELLED
    time_messages.tell_answered(session, actor, row, need)


def cancel_service(session: Session, actor: Actor, acceptance_id: int, reason: str) -> None:
    """Step back before the visit; the need is open again and the coins are free.

    Raises: NotFound, NotAllowed, WrongStep.
    """
    row, need = load_service(session, actor, acceptance_id)
    if actor.subject_id not in {row.giver_id, need.receiver_id}:
        actor.check(permissions.TIME_DESK.code)
    move_service(session, row, ServiceState.AGREED, ServiceState.CANCELLED)
    row.cancelled_because = reason
    release_payment(session, actor, row)
    need.state = NeedState.OPEN
    time_messages.tell_stepped_back(session, actor, row, need)


def load_service(session: Session, actor: Actor, acceptance_id: int) -> tuple[Acceptance, Need]:
    """Load an accepted service and its need.

    Raises: NotFound.
    """
    row = session.get(Acceptance, acceptance_id)
    if row is None or row.community_id != actor.community_id:
        raise NotFound
    return row, get_need(session, actor, row.need_id)


def move_service(
    session: Session, row: Acceptance, before: ServiceState, after: ServiceState
) -> None:
    """Move a service one step from the state that was read; of two at once one is refused.

    Raises: WrongStep.
    """
    if after not in STEPS[before]:
        raise WrongStep
    claimed = session.execute(
        update(Acceptance)
        .where(
            Acceptance.community_id == row.community_id,
            Acceptance.id == row.id,
            Acceptance.state == before,
        )
        .values(state=after)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]  # a CursorResult
        raise WrongStep
    session.refresh(row)


def _confirm(
    session: Session,
    actor: Actor,
    row: Acceptance,
    need: Need,
    minutes: int,
    confirmed_by: int | None,
) -> None:
    move_service(session, row, ServiceState(row.state), ServiceState.CONFIRMED)
    row.served_minutes = minutes
    row.confirmed_by, row.confirmed_at = confirmed_by, clock.now()
    need.state = NeedState.SERVED
    rule: TimeBankRule = get_rule_set(session, row.community_id, row.rule_set_id).rules.time_bank
    pay_service(session, actor, row, need, rule, minutes)
    _record_hours(session, actor, row, need, minutes)
    time_messages.tell_paid(session, actor, row, need)


def _record_hours(
    session: Session, actor: Actor, row: Acceptance, need: Need, minutes: int
) -> None:
    """Write the service down as volunteer hours; its coins have moved, so it earns no more."""
    started_at = row.started_at or need.starts_at
    draft = HoursDraft(
        person_id=row.giver_id, source=HoursSource.NEED, source_key=f"service:{row.id}",
        kind=ServiceKind(need.kind), title=N_("时间银行服务"),
        organising_unit=session.get_one(Community, row.community_id).name,
        served_on=clock.day_of(started_at), minutes=minutes, hours_class=HoursClass.VERIFIED,
        content=need.words, place=need.building, starts_at=started_at, ends_at=row.ended_at,
        beneficiary_id=need.receiver_id,
    )  # fmt: skip
    # Who confirmed vouches: with both codes from the receiver's phone, the receiver did.
    voucher = replace(actor, person_id=row.confirmed_by, on_behalf_of=None)
    record_hours(session, voucher, draft, is_vouched=True)


def _check_neutral(session: Session, actor: Actor, row: Acceptance, need: Need) -> None:
    """Let the receiver or a helper confirm, else the desk when neither side is their own."""
    if origin_of(actor, need.receiver_id) is not Origin.DESK:
        # A helper who is also the giver would confirm the own work.
        if actor.person_id == row.giver_id:
            raise OwnNeed
        return
    mine = actor.person_id
    assert mine is not None
    for side in (row.giver_id, need.receiver_id):
        if mine == side or identity.share_household(session, actor.community_id, mine, side):
            raise OwnNeed


def _check_proof(
    session: Session, actor: Actor, need: Need, proof: Proof, code: str, expected: str
) -> None:
    if proof is Proof.DESK:
        raise NotAllowed
    if proof is Proof.PHONE_CODE and ids.read_code(code) != expected:
        raise WrongVisitCode
    if proof is Proof.CARD:
        owner = identity.card_owner(session, actor.community_id, code)
        home = identity.household_of(session, actor.community_id, need.receiver_id)
        is_theirs = owner is not None and (
            owner.person_id == need.receiver_id
            or (owner.household_id is not None and owner.household_id == home)
        )
        if not is_theirs:
            raise WrongCard
