"""The desk's acts: died, moved, sold, tenancy ended; and undoing one within the day."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community.identity import errors
from community.identity.events import (
    ChangeUndone,
    HouseholdSold,
    PersonDied,
    PersonMoved,
    TenancyEnded,
)
from community.identity.models import (
    ChangeAct,
    Household,
    HouseholdMember,
    Membership,
    Person,
    ResidentChange,
    Tenancy,
    Unit,
)
from community.identity.permissions import RECORD_CHANGES
from community.identity.queries.people import get_person
from community.identity.queries.places import household_of, members_of
from community.identity.queries.standing import is_member
from community.identity.rules.changes import is_day_possible, may_undo, total_of
from community.identity.service.buying import (
    Buyer,
    add_owners,
    owners_before,
    take_back_owners,
)
from community.identity.service.leaving import (
    Ended,
    end_tenancies,
    lay_down_standing,
    leave_community,
    leave_home,
    restore,
)
from community.identity.service.rows import change, name_of
from community.identity.service.sessions import end_sessions_of
from community.kernel import clock, events
from community.kernel.actor import Actor
from community.kernel.errors import NotFound


def record_death(
    session: Session,
    actor: Actor,
    person_id: int,
    on: date,
    heir_id: int | None,
    pool: bool,
    note: str = "",
) -> int:
    """Record a death: everything of the person ends, and no message goes to them any more.

    What they leave goes to the heir, or to the community with `pool`. Answers the change's id.
    Raises: NotFound, MustBeAlive, OwnChange, DayAhead, HeirUnfit.
    """
    person = _open(session, actor, person_id, on)
    if heir_id is not None and (
        heir_id == person_id or not is_member(session, actor.community_id, heir_id)
    ):
        raise errors.HeirUnfit
    ended = Ended()
    lay_down_standing(session, actor, person_id, ended)
    end_tenancies(session, actor, person_id, on, ended)
    leave_home(session, actor, person_id, on, ended)
    end_sessions_of(session, person_id)
    person.died_on = on
    session.flush()
    made = _record(session, actor, ChangeAct.DIED, person_id, on, ended, note)
    for community_id in _communities(session, person_id):
        heir = heir_id if community_id == actor.community_id else None
        events.tell(session, PersonDied(community_id, person_id, heir, pool))
    return made


def record_move(
    session: Session,
    actor: Actor,
    person_id: int,
    on: date,
    with_family: bool,
    note: str = "",
) -> int:
    """Record that a person, or the whole household, moved away; owners stay members.

    Raises: NotFound, MustBeAlive, OwnChange, DayAhead.
    """
    _open(session, actor, person_id, on)
    ended = Ended()
    movers = _household(session, actor, person_id) if with_family else (person_id,)
    if actor.person_id in movers:
        raise errors.OwnChange
    for each in movers:
        _move_away(session, actor, each, on, ended)
    made = _record(session, actor, ChangeAct.MOVED, person_id, on, ended, note)
    for each in movers:
        events.tell(session, PersonMoved(actor.community_id, each, None, on))
    return made


def record_sale(
    session: Session,
    actor: Actor,
    person_id: int,
    unit_id: int,
    on: date,
    buyers: tuple[Buyer, ...],
    family_leaves: bool,
    note: str = "",
) -> int:
    """Record that an owner's unit went to new owners; all owners before end with that.

    Raises: NotFound, MustBeAlive, OwnChange, DayAhead, NotOwner, SharesNotWhole.
    """
    person = _open(session, actor, person_id, on)
    unit = session.scalar(
        select(Unit).where(Unit.community_id == actor.community_id, Unit.id == unit_id)
    )
    if unit is None:
        raise NotFound
    before = owners_before(session, actor, unit_id)
    if person_id not in {row.person_id for row in before}:
        raise errors.NotOwner(name=person.name)
    total = total_of(tuple((each.numerator, each.denominator) for each in buyers))
    if total != 1:
        raise errors.SharesNotWhole(total=str(total))
    ended = Ended()
    for row in before:
        row.until_on = max(on, row.from_on)
        ended.note("ownership", row.id)
    session.flush()
    add_owners(session, actor, unit_id, on, buyers, ended)
    movers = _living_in(session, actor, unit_id) if family_leaves else ()
    for each in movers:
        _move_away(session, actor, each, on, ended)
    for row in before:
        if (
            row.person_id is not None
            and household_of(session, actor.community_id, row.person_id) is None
        ):
            leave_community(session, actor, row.person_id, ended)
    made = _record(session, actor, ChangeAct.SOLD, person_id, on, ended, note, unit_id)
    events.tell(session, HouseholdSold(actor.community_id, unit_id, on))
    for each in movers:
        events.tell(session, PersonMoved(actor.community_id, each, None, on))
    return made


def end_tenancy(
    session: Session,
    actor: Actor,
    person_id: int,
    on: date,
    with_family: bool,
    note: str = "",
) -> int:
    """Record that a tenant gave up what they rent and moved out, usually with the household.

    Raises: NotFound, MustBeAlive, OwnChange, DayAhead, NotTenant.
    """
    person = _open(session, actor, person_id, on)
    rented = session.scalars(
        select(Tenancy.unit_id).where(
            Tenancy.community_id == actor.community_id,
            Tenancy.person_id == person_id,
            Tenancy.until_on.is_(None),
        )
    ).all()
    if not rented:
        raise errors.NotTenant(name=person.name)
    ended = Ended()
    movers = _household(session, actor, person_id) if with_family else (person_id,)
    if actor.person_id in movers:
        raise errors.OwnChange
    for each in movers:
        _move_away(session, actor, each, on, ended)
    made = _record(session, actor, ChangeAct.TENANCY_ENDED, person_id, on, ended, note, rented[0])
    for unit_id in rented:
        events.tell(session, TenancyEnded(actor.community_id, unit_id, person_id, on))
    for each in movers:
        events.tell(session, PersonMoved(actor.community_id, each, None, on))
    return made


def undo_change(session: Session, actor: Actor, change_id: int) -> None:
    """Undo an act that was entered by mistake: within a day, once, by a second person.

    Homes, shares, tenancies, membership and roles return. Sessions, cards, letters and help stay
    ended; what other rooms moved (coins, shifts) answers to ChangeUndone, or stays.
    Raises: NotFound, UndoOver, UndoBySame, OwnChange.
    """
    actor.check(RECORD_CHANGES.code)
    row = session.scalar(
        select(ResidentChange).where(
            ResidentChange.community_id == actor.community_id, ResidentChange.id == change_id
        )
    )
    if row is None:
        raise NotFound
    if row.recorded_by == actor.person_id:
        raise errors.UndoBySame
    if row.person_id == actor.person_id:
        raise errors.OwnChange
    now = clock.now()
    if not may_undo(row.recorded_at, now) or _has_later(session, row):
        raise errors.UndoOver
    claimed = change(
        session,
        update(ResidentChange)
        .where(ResidentChange.id == row.id, ResidentChange.undone_at.is_(None))
        .values(undone_at=now, undone_by=actor.person_id),
    )
    if not claimed:
        raise errors.UndoOver
    take_back_owners(session, actor, row.ended.get("bought", []))
    restore(session, actor, row.ended)
    if row.act is ChangeAct.DIED:
        session.get_one(Person, row.person_id).died_on = None
    session.flush()
    events.tell(session, ChangeUndone(actor.community_id, row.person_id, row.act.value))


def _has_later(session: Session, row: ResidentChange) -> bool:
    """Tell whether the person, or the unit, changed again since: then there is no way back."""
    later = select(ResidentChange.id).where(
        ResidentChange.community_id == row.community_id,
        ResidentChange.id > row.id,
        ResidentChange.undone_at.is_(None),
    )
    by_person = later.where(ResidentChange.person_id == row.person_id)
    by_unit = later.where(ResidentChange.unit_id == (row.unit_id or 0))
    settled = select(HouseholdMember.id).where(
        HouseholdMember.community_id == row.community_id,
        HouseholdMember.until_on.is_(None),
        HouseholdMember.person_id.in_(
            select(HouseholdMember.person_id).where(
                HouseholdMember.id.in_(row.ended.get("household_member", []))
            )
        ),
    )
    return any(session.scalar(each.limit(1)) is not None for each in (by_person, by_unit, settled))


def _open(session: Session, actor: Actor, person_id: int, on: date) -> Person:
    actor.check(RECORD_CHANGES.code)
    get_person(session, actor.community_id, person_id)
    if actor.person_id == person_id:
        raise errors.OwnChange
    if not is_member(session, actor.community_id, person_id):
        raise errors.MustBeAlive(name=name_of(session, person_id))
    if not is_day_possible(on, clock.today()):
        raise errors.DayAhead
    return session.get_one(Person, person_id)


def _move_away(session: Session, actor: Actor, person_id: int, on: date, ended: Ended) -> None:
    end_tenancies(session, actor, person_id, on, ended)
    leave_home(session, actor, person_id, on, ended)
    leave_community(session, actor, person_id, ended)


def _household(session: Session, actor: Actor, person_id: int) -> tuple[int, ...]:
    home = household_of(session, actor.community_id, person_id)
    if home is None:
        return (person_id,)
    return members_of(session, actor.community_id, home)


def _living_in(session: Session, actor: Actor, unit_id: int) -> tuple[int, ...]:
    households = session.scalars(
        select(Household.id).where(
            Household.community_id == actor.community_id,
            Household.unit_id == unit_id,
            Household.until_on.is_(None),
        )
    ).all()
    return tuple(
        person_id
        for household_id in households
        for person_id in members_of(session, actor.community_id, household_id)
        if person_id != actor.person_id
    )


def _communities(session: Session, person_id: int) -> tuple[int, ...]:
    chosen = select(Membership.community_id).where(
        Membership.person_id == person_id, Membership.left_at.is_(None)
    )
    return tuple(session.scalars(chosen.order_by(Membership.community_id)))


def _record(
    session: Session,
    actor: Actor,
    act: ChangeAct,
    person_id: int,
    on: date,
    ended: Ended,
    note: str,
    unit_id: int | None = None,
) -> int:
    row = ResidentChange(
        community_id=actor.community_id,
        act=act,
        person_id=person_id,
        unit_id=unit_id,
        on_day=on,
        note=note,
        ended=ended.as_json(),
        recorded_by=actor.person_id,
        recorded_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id
