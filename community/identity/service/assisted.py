"""Commands on assisted access (代办), and the one place where helpers' acts are judged and kept."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from community.identity.errors import (
    AccessAsked,
    EndInPast,
    NothingToDecide,
    NotOfAge,
    NotProved,
    NotWhileActing,
    OutOfScope,
    ScopeEmpty,
    TooLong,
    WithOneself,
)
from community.identity.models import (
    AccessProof,
    AssistedAccess,
    AssistedAct,
    Membership,
    Person,
    Phone,
    SignInSession,
)
from community.identity.permissions import ASK_ACCESS, RECORD_CONSENT
from community.identity.queries.people import get_person
from community.identity.queries.standing import find_right, is_member, permission_table
from community.identity.rules.roles import LONGEST_ACCESS, lendable, with_reading
from community.identity.service.rows import change, name_of
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed, NotFound
from community.kernel.permissions import Role


def note_assisted_act(session: Session, actor: Actor, act: str) -> None:
    """Judge a helper's right under the lock in which the act is written, and keep both names.

    The kernel calls this before every command whose actor acts for somebody; what the command
    refuses is undone together with this row.

    Raises: OutOfScope when the right has ended since the page was opened.
    """
    if actor.person_id is None or actor.on_behalf_of is None:
        raise OutOfScope
    right = find_right(session, actor.community_id, actor.person_id, actor.on_behalf_of)
    if right is None or not actor.grants <= right.scope:
        raise OutOfScope
    session.add(
        AssistedAct(
            community_id=actor.community_id,
            helper_id=actor.person_id,
            subject_id=actor.on_behalf_of,
            access_id=right.access_id,
            act=act,
            acted_at=clock.now(),
        )
    )
    session.flush()


def ask_access(
    session: Session,
    actor: Actor,
    name: str,
    number: str,
    scope: frozenset[str],
    ends_on: date,
    reason: str = "",
) -> int:
    """Ask an older resident, known by name and phone number, to be let act for them.

    Raises: NotProved when nobody here has that name and number; AccessAsked, ScopeEmpty,
    EndInPast, TooLong, WithOneself.
    """
    actor.check(ASK_ACCESS.code)
    helper_id = _oneself(actor)
    subject_id = session.scalar(
        select(Person.id)
        .join(Phone, Phone.person_id == Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Person.name == name,
            Phone.number == number,
            Membership.community_id == actor.community_id,
            Membership.left_at.is_(None),
        )
    )
    if subject_id is None or not is_member(session, actor.community_id, subject_id):
        raise NotProved
    return _open(session, actor, helper_id, subject_id, scope, ends_on, reason).id


def agree_access(session: Session, actor: Actor, access_id: int) -> None:
    """Let a helper in: the resident's own consent, by their own sign-in.

    Raises: NotFound for somebody else's; NothingToDecide.
    """
    subject_id = _oneself(actor)
    agreed = change(
        session,
        update(AssistedAccess)
        .where(
            AssistedAccess.community_id == actor.community_id,
            AssistedAccess.id == access_id,
            AssistedAccess.subject_id == subject_id,
            AssistedAccess.consented_at.is_(None),
            AssistedAccess.revoked_at.is_(None),
        )
        .values(
            consented_at=clock.now(), proof=AccessProof.OWN_SIGN_IN, recorded_by=actor.person_id
        ),
    )
    if not agreed:
        _get(session, actor, access_id, subject_id)
        raise NothingToDecide


def record_access(
    session: Session,
    actor: Actor,
    helper_id: int,
    subject_id: int,
    scope: frozenset[str],
    ends_on: date,
    reference: str,
) -> int:
    """Put down at the desk a consent signed on paper, by the number of the form.

    The helper may be the clerk, who then acts with both names like any helper.
    Raises: NotFound, AccessAsked, ScopeEmpty, EndInPast, TooLong, WithOneself, NotOfAge.
    """
    actor.check(RECORD_CONSENT.code)
    row = _open(session, actor, helper_id, subject_id, scope, ends_on, "")
    row.consented_at, row.proof = clock.now(), AccessProof.DESK_FORM
    row.reference, row.recorded_by = reference, actor.person_id
    return row.id


def revoke_access(session: Session, actor: Actor, access_id: int) -> None:
    """End an access at once: the resident, the helper, or the desk for the resident.

    Raises: NotFound.
    """
    row = _get(session, actor, access_id, None)
    if actor.on_behalf_of is not None:
        raise NotWhileActing
    if actor.person_id not in {row.subject_id, row.helper_id}:
        actor.check(RECORD_CONSENT.code)
    _revoke(session, actor, AssistedAccess.id == access_id)
    change(
        session,
        update(SignInSession)
        .where(SignInSession.person_id == row.helper_id, SignInSession.acts_for == row.subject_id)
        .values(acts_for=None),
    )


def revoke_all_access(session: Session, actor: Actor, person_id: int) -> int:
    """End every access from or to somebody who died, left, was erased or merged."""
    return _revoke(
        session,
        actor,
        or_(AssistedAccess.subject_id == person_id, AssistedAccess.helper_id == person_id),
    )


def _revoke(session: Session, actor: Actor, which: object) -> int:
    return change(
        session,
        update(AssistedAccess)
        .where(AssistedAccess.community_id == actor.community_id, which)  # type: ignore[arg-type]
        .where(AssistedAccess.revoked_at.is_(None))
        .values(revoked_at=clock.now(), revoked_by=actor.person_id),
    )


def _open(
    session: Session,
    actor: Actor,
    helper_id: int,
    subject_id: int,
    scope: frozenset[str],
    ends_on: date,
    reason: str,
) -> AssistedAccess:
    now, ends_at = clock.now(), clock.at(ends_on) + timedelta(days=1)
    if helper_id == subject_id:
        raise WithOneself
    for each in (helper_id, subject_id):
        if not is_member(session, actor.community_id, each):
            raise NotFound
    if get_person(session, actor.community_id, helper_id).is_minor:
        raise NotOfAge(name=name_of(session, helper_id))
    if ends_at <= now:
        raise EndInPast
    if ends_at > now + LONGEST_ACCESS:
        raise TooLong
    lent = lendable(permission_table().codes_for({Role.RESIDENT}))
    allowed = with_reading(scope & lent, lent)
    if not allowed:
        raise ScopeEmpty
    _check_none_open(session, actor, helper_id, subject_id)
    row = AssistedAccess(
        community_id=actor.community_id,
        helper_id=helper_id,
        subject_id=subject_id,
        scope=sorted(allowed),
        reason=reason,
        asked_at=now,
        asked_by=actor.person_id,
        starts_at=now,
        ends_at=ends_at,
    )
    session.add(row)
    session.flush()
    return row


def _check_none_open(session: Session, actor: Actor, helper_id: int, subject_id: int) -> None:
    known = session.scalar(
        select(AssistedAccess.id).where(
            AssistedAccess.community_id == actor.community_id,
            AssistedAccess.helper_id == helper_id,
            AssistedAccess.subject_id == subject_id,
            AssistedAccess.revoked_at.is_(None),
            AssistedAccess.ends_at > clock.now(),
        )
    )
    if known is not None:
        raise AccessAsked(name=name_of(session, subject_id))


def _get(session: Session, actor: Actor, access_id: int, subject_id: int | None) -> AssistedAccess:
    row = session.scalar(
        select(AssistedAccess).where(
            AssistedAccess.community_id == actor.community_id, AssistedAccess.id == access_id
        )
    )
    if row is None or (subject_id is not None and row.subject_id != subject_id):
        raise NotFound
    return row


def _oneself(actor: Actor) -> int:
    if actor.person_id is None:
        raise NotAllowed
    if actor.on_behalf_of is not None:
        raise NotWhileActing
    return actor.person_id
