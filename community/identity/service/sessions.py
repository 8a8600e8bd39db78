"""Commands on sessions: begin, touch, end, and choose for whom a session acts."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community.identity.errors import NotWhileActing, OutOfScope
from community.identity.models import SignInSession, SignInWay
from community.identity.queries.keys import keyed_hash
from community.identity.queries.standing import find_right
from community.identity.rules.signing_in import SESSION_LASTS
from community.identity.service.rows import change
from community.kernel import clock, ids
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed, NotFound


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session has begun; only this value ever holds its token in plain."""

    token: str
    person_id: int


def begin_session(session: Session, person_id: int, way: SignInWay, device: str) -> SignedIn:
    """Begin a session for a person who has been proved; for the commands of sign-in."""
    token, now = ids.random_token(), clock.now()
    session.add(
        SignInSession(
            person_id=person_id,
            token_hash=keyed_hash("session", token),
            way=way,
            device=device[:60],
            begun_at=now,
            seen_at=now,
            expires_at=now + SESSION_LASTS,
        )
    )
    return SignedIn(token, person_id)


def touch_session(session: Session, actor: Actor, session_id: int) -> None:
    """Note that a session was used today and let it last from now."""
    now = clock.now()
    session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.ended_at.is_(None))
        .values(seen_at=now, expires_at=now + SESSION_LASTS)
    )


def sign_out(session: Session, actor: Actor, session_id: int) -> None:
    """End a session of the actor's own; every copy of its cookie ends with it.

    Raises: NotFound for somebody else's.
    """
    ended = change(
        session,
        update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.person_id == actor.person_id)
        .where(SignInSession.ended_at.is_(None))
        .values(ended_at=clock.now()),
    )
    is_own = select(SignInSession.id).where(
        SignInSession.id == session_id, SignInSession.person_id == actor.person_id
    )
    if not ended and session.scalar(is_own) is None:
        raise NotFound


def end_session(session: Session, actor: Actor, session_id: int) -> None:
    """End one of the actor's sessions from the list of them.

    Raises: NotFound for somebody else's; NotWhileActing.
    """
    if actor.on_behalf_of is not None:
        raise NotWhileActing
    sign_out(session, actor, session_id)


def end_other_sessions(session: Session, actor: Actor, kept_id: int) -> int:
    """End all the actor's sessions but one; answers how many."""
    if actor.on_behalf_of is not None:
        raise NotWhileActing
    return end_sessions_of(session, actor.person_id or 0, kept_id)


def end_sessions_of(session: Session, person_id: int, kept_id: int = 0) -> int:
    """End a person's sessions: they died, moved rows, were erased, or asked for it."""
    return change(
        session,
        update(SignInSession)
        .where(SignInSession.person_id == person_id, SignInSession.id != kept_id)
        .where(SignInSession.ended_at.is_(None))
        .values(ended_at=clock.now()),
    )


def act_for(session: Session, actor: Actor, session_id: int, subject_id: int) -> None:
    """Let a session act for somebody the actor helps, or whose guardian they are.

    Raises: OutOfScope without a right in force.
    """
    if actor.person_id is None:
        raise NotAllowed
    if find_right(session, actor.community_id, actor.person_id, subject_id) is None:
        raise OutOfScope
    _set_acts_for(session, actor, session_id, subject_id)


def stop_acting(session: Session, actor: Actor, session_id: int) -> None:
    """Let a session act for its own person again."""
    _set_acts_for(session, actor, session_id, None)


def _set_acts_for(session: Session, actor: Actor, session_id: int, subject_id: int | None) -> None:
    changed = change(
        session,
        update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.person_id == actor.person_id)
        .where(SignInSession.ended_at.is_(None))
        .values(acts_for=subject_id),
    )
    if not changed:
        raise NotFound
