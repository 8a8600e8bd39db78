"""Passwords as argon2id hashes; computed outside the writer, which must never wait for them."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from community.identity.errors import NotWhileActing, TooManyPasswords
from community.identity.models import Password, Phone
from community.identity.rules.signing_in import PASSWORDS_PER_NUMBER
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed

# OWASP's second choice for argon2id: 26 ms here.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Verified in place of hashes that do not exist, so that every number costs the same.
_nobody = _hasher.hash("no password is this one")


def hash_password(password: str) -> str:
    """Hash a new password."""
    return _hasher.hash(password)


def is_password(stored: str, password: str) -> bool:
    """Tell whether a password belongs to a stored hash."""
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def find_matches(stored: tuple[tuple[int, str], ...], password: str) -> tuple[int, ...]:
    """Tell whose password it is, by as many verifications for nobody as for a whole family."""
    padded = [*stored, *((0, _nobody),) * PASSWORDS_PER_NUMBER][:PASSWORDS_PER_NUMBER]
    matches = [(person_id, is_password(found, password)) for person_id, found in padded]
    return tuple(person_id for person_id, is_right in matches if is_right and person_id)


def set_password(session: Session, actor: Actor, password_hash: str) -> None:
    """Set the actor's own password; the caller has hashed it.

    Raises: TooManyPasswords when four others with the number have one already.
    """
    person_id = _own(actor)
    for number in session.scalars(select(Phone.number).where(Phone.person_id == person_id)):
        others = session.scalar(
            select(func.count(Password.person_id))
            .join(Phone, Phone.person_id == Password.person_id)
            .where(Phone.number == number, Password.person_id != person_id)
        )
        if (others or 0) >= PASSWORDS_PER_NUMBER:
            raise TooManyPasswords
    row = session.get(Password, person_id)
    if row is None:
        row = Password(person_id=person_id)
        session.add(row)
    row.password_hash, row.set_at = password_hash, clock.now()


def remove_password(session: Session, actor: Actor) -> None:
    """Take the actor's own password away; the other ways to sign in remain."""
    session.execute(delete(Password).where(Password.person_id == _own(actor)))


def _own(actor: Actor) -> int:
    if actor.person_id is None:
        raise NotAllowed
    if actor.on_behalf_of is not None:
        raise NotWhileActing
    return actor.person_id
