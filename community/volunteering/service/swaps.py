"""Handing a place on: for another shift of the same activity, or for nothing."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_, NotAllowed, NotFound
from community.kernel.sentences import say
from community.volunteering import permissions
from community.volunteering.errors import signing_up as refusals
from community.volunteering.models import Activity, Shift, ShiftSwap, SignUp
from community.volunteering.queries.leading import load_shift
from community.volunteering.queries.scans import has_attended
from community.volunteering.queries.standing import find_sign_up
from community.volunteering.rules.signing_up import check_may_sign_up
from community.volunteering.rules.states import SignUpState, SwapState
from community.volunteering.service.signing_up import sign_up_facts
from community.volunteering.service.telling import tell, when_and_where


def offer_swap(
    session: Session, actor: Actor, shift_id: int, wanted_shift_id: int | None = None
) -> int:
    """Offer the own place to whoever takes it, or for a place of another shift.

    The place stays the own one until somebody takes it.
    Raises: NotFound, NotSignedUp, ShiftHasBegun.
    """
    actor.check(permissions.SIGN_UP.code)
    shift, _ = load_shift(session, actor.community_id, shift_id)
    person_id = _subject(actor)
    _held(session, shift, person_id)
    if wanted_shift_id is not None:
        wanted, _ = load_shift(session, actor.community_id, wanted_shift_id)
        if wanted.activity_id != shift.activity_id or wanted.id == shift.id:
            raise NotFound
    open_one = session.scalar(
        select(ShiftSwap).where(
            ShiftSwap.community_id == actor.community_id,
            ShiftSwap.shift_id == shift_id,
            ShiftSwap.person_id == person_id,
            ShiftSwap.state == SwapState.OPEN,
        )
    )
    if open_one is not None:
        open_one.wanted_shift_id = wanted_shift_id
        return open_one.id
    row = ShiftSwap(
        community_id=actor.community_id,
        shift_id=shift_id,
        person_id=person_id,
        wanted_shift_id=wanted_shift_id,
        state=SwapState.OPEN,
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id


def withdraw_swap(session: Session, actor: Actor, swap_id: int) -> None:
    """Keep the place after all.

    Raises: NotFound, SwapGone.
    """
    actor.check(permissions.SIGN_UP.code)
    row = _load(session, actor, swap_id)
    if row.person_id != actor.subject_id:
        raise NotFound
    _close(session, row, SwapState.WITHDRAWN, None)


def take_swap(session: Session, actor: Actor, swap_id: int) -> None:
    """Take over an offered place, giving the wanted one in return; both are told.

    Raises: NotFound, SwapGone, OwnSwap, SwapWantsShift, ShiftHasBegun, and the refusals of
    `errors.signing_up` for either side.
    """
    actor.check(permissions.SIGN_UP.code)
    swap, taker = _load(session, actor, swap_id), _subject(actor)
    if swap.person_id == taker:
        raise refusals.OwnSwap
    shift, activity = load_shift(session, actor.community_id, swap.shift_id)
    given = find_sign_up(session, actor.community_id, shift.id, swap.person_id)
    # The giver may have cancelled meanwhile: then the place was given to who waited.
    if given is None or given.state is not SignUpState.SIGNED_UP:
        raise refusals.SwapGone
    _held(session, shift, swap.person_id)
    _close(session, swap, SwapState.TAKEN, taker)
    # The taker's own place goes first, so that it does not overlap with the new one.
    if swap.wanted_shift_id is not None:
        wanted, _ = load_shift(session, actor.community_id, swap.wanted_shift_id)
        _hand_over(session, actor, wanted, activity, taker, swap.person_id, given)
    else:
        given.state = SignUpState.CANCELLED
        session.flush()
    _receive(session, actor, shift, activity, taker)
    tell(
        session,
        actor,
        swap.person_id,
        say(N_("换班成功：{title}"), title=activity.title),
        say(N_("{when} 的名额已有人接走。"), when=when_and_where(shift)),
        "/my/shifts",
    )


def _hand_over(
    session: Session,
    actor: Actor,
    wanted: Shift,
    activity: Activity,
    taker: int,
    giver: int,
    given: SignUp,
) -> None:
    held = find_sign_up(session, actor.community_id, wanted.id, taker)
    if held is None or held.state is not SignUpState.SIGNED_UP:
        raise refusals.SwapWantsShift
    _held(session, wanted, taker)
    given.state = held.state = SignUpState.CANCELLED
    session.flush()
    _receive(session, actor, wanted, activity, giver)


def _receive(
    session: Session, actor: Actor, shift: Shift, activity: Activity, person_id: int
) -> None:
    """Put a person on a place that stays taken: `taken` does not move."""
    row = find_sign_up(session, actor.community_id, shift.id, person_id)
    if row is not None and row.state is SignUpState.OFFERED:
        shift.taken -= 1
    waiting_or_offered = {SignUpState.WAITING, SignUpState.OFFERED}
    if row is not None and row.state in waiting_or_offered:
        row.state, row.offer_lapses_at, row.waiting_since = SignUpState.CANCELLED, None, None
        session.flush()
    check_may_sign_up(sign_up_facts(session, actor, shift, activity, person_id, row))
    if row is None:
        row = SignUp(community_id=actor.community_id, shift_id=shift.id, person_id=person_id)
        session.add(row)
    row.state, row.signed_up_at = SignUpState.SIGNED_UP, clock.now()
    row.signed_up_by, row.reminded_at = actor.person_id, None
    session.flush()


def _held(session: Session, shift: Shift, person_id: int) -> SignUp:
    row = find_sign_up(session, shift.community_id, shift.id, person_id)
    if row is None or row.state is not SignUpState.SIGNED_UP:
        raise refusals.NotSignedUp
    if shift.starts_at <= clock.now():
        raise refusals.ShiftHasBegun
    if has_attended(session, shift.community_id, shift.id, person_id):
        raise refusals.AlreadyAttended
    return row


def _subject(actor: Actor) -> int:
    if actor.subject_id is None:
        raise NotAllowed
    return actor.subject_id


def _load(session: Session, actor: Actor, swap_id: int) -> ShiftSwap:
    row = session.get(ShiftSwap, swap_id)
    if row is None or row.community_id != actor.community_id:
        raise NotFound
    return row


def _close(session: Session, row: ShiftSwap, state: SwapState, taken_by: int | None) -> None:
    claimed = session.execute(
        update(ShiftSwap)
        .where(
            ShiftSwap.community_id == row.community_id,
            ShiftSwap.id == row.id,
            ShiftSwap.state == SwapState.OPEN,
        )
        .values(state=state, taken_by=taken_by, closed_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if not claimed.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has one
        raise refusals.SwapGone
    session.refresh(row)
