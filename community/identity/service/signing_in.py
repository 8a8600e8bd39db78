"""Commands of sign-in: every way proves a person, and every way answers and costs the same.

Attempts are counted under the same lock in which the code is judged. What was wrong is returned
as a value, never raised, so that the count of attempts stands.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from community.identity.errors import (
    CodeAskedTooOften,
    GuardianNeeded,
    SignInAgain,
    TooManyAttempts,
)
from community.identity.models import (
    CodeKind,
    Invitation,
    Membership,
    OneTimeCode,
    Person,
    Phone,
    SignInAttempt,
    SignInWay,
)
from community.identity.queries.keys import keyed_hash
from community.identity.queries.places import members_of
from community.identity.rules import signing_in as rules
from community.identity.rules.people import is_guarded
from community.identity.service.rows import change
from community.identity.service.sessions import SignedIn, begin_session
from community.kernel import clock, ids
from community.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class CodeMade:
    """A code was made for a number; it is sent only when somebody has the number."""

    id: int
    code: str
    has_receiver: bool


@dataclass(frozen=True, slots=True)
class NothingProved:
    """What was typed proves nothing; the attempt is counted."""


@dataclass(frozen=True, slots=True)
class MustChoose:
    """Several people were proved at once: the next page asks which of them it is."""

    token: str


Entry = SignedIn | MustChoose | NothingProved


def ask_for_code(session: Session, actor: Actor, number: str, address: str) -> CodeMade:
    """Make a code for a phone number, known or not; the same statements run for either.

    Raises: TooManyAttempts, CodeAskedTooOften.
    """
    _check_throttle(session, number, address)
    _check_code_rate(session, number, address)
    receivers = session.scalar(
        select(func.count(Phone.id))
        .join(Person, Person.id == Phone.person_id)
        .where(Phone.number == number, Person.died_on.is_(None), Person.erased_at.is_(None))
    )
    code, nonce = ids.random_digits(rules.CODE_DIGITS), secrets.token_bytes(16)
    row = OneTimeCode(
        kind=CodeKind.PHONE,
        lookup=keyed_hash("number", number),
        code_hash=keyed_hash("code", nonce, code),
        nonce=nonce,
        number=number,
        address=keyed_hash("address", address),
        attempts_left=rules.CODE_TRIES,
        made_at=clock.now(),
        expires_at=clock.now() + rules.CODE_LASTS,
    )
    session.add(row)
    session.flush()
    return CodeMade(row.id, code, bool(receivers))


def enter_by_code(
    session: Session, actor: Actor, number: str, code: str, address: str, device: str
) -> Entry:
    """Sign in by the latest code sent to a number.

    Raises: TooManyAttempts, GuardianNeeded.
    """
    _check_throttle(session, number, address)
    row = _latest(session, number)
    is_right = row is not None and _use_try(session, row, code)
    people = _people_of(session, number)
    _count(session, number, address, was_right=is_right)
    if row is None or not is_right:
        return NothingProved()
    if not people:
        return _nobody(session, _with_number(session, number))
    row.used_at = clock.now()
    return _enter(session, people, SignInWay.PHONE_CODE, device, number=number)


def open_password_attempt(session: Session, actor: Actor, number: str, address: str) -> int:
    """Count an attempt by password before any hash is computed; gives its id.

    Raises: TooManyAttempts.
    """
    _check_throttle(session, number, address)
    return _count(session, number, address, was_right=False)


def enter_by_password(
    session: Session, actor: Actor, attempt_id: int, proved: tuple[int, ...], device: str
) -> Entry:
    """Sign in those whose password the entry point has verified outside the writer.

    Raises: GuardianNeeded.
    """
    people = _standing(session, proved)
    if not people:
        return _nobody(session, proved)
    session.execute(
        update(SignInAttempt).where(SignInAttempt.id == attempt_id).values(was_right=True)
    )
    return _enter(session, people, SignInWay.PASSWORD, device)


def enter_by_slip(session: Session, actor: Actor, code: str, address: str, device: str) -> Entry:
    """Sign in by the one-time slip that the service desk has printed.

    Raises: TooManyAttempts, GuardianNeeded.
    """
    _check_throttle(session, "", address)
    read, now = ids.read_code(code), clock.now()
    row = session.scalar(
        select(OneTimeCode).where(
            OneTimeCode.kind == CodeKind.DESK_SLIP,
            OneTimeCode.lookup == keyed_hash("slip", read),
            OneTimeCode.used_at.is_(None),
            OneTimeCode.expires_at > now,
        )
    )
    _count(session, "", address, was_right=row is not None)
    if row is None:
        return NothingProved()
    people = _standing(session, (row.person_id or 0,))
    if not people:
        return _nobody(session, (row.person_id or 0,))
    row.used_at = now
    return _enter(session, people, SignInWay.DESK_SLIP, device)


def enter_by_letter(session: Session, actor: Actor, code: str, address: str, device: str) -> Entry:
    """Prove a household by its letter; the next page asks which of its people it is.

    Raises: TooManyAttempts.
    """
    _check_throttle(session, "", address)
    now = clock.now()
    row = session.scalar(
        select(Invitation).where(
            Invitation.code_hash == keyed_hash("letter", ids.read_code(code)),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > now,
            Invitation.uses_left > 0,
        )
    )
    _count(session, "", address, was_right=row is not None)
    if row is None:
        return NothingProved()
    people = members_of(session, row.community_id, row.household_id)
    token = _offer_choice(session, _standing(session, people), SignInWay.LETTER, letter=row)
    return MustChoose(token)


def choose_person(
    session: Session, actor: Actor, token: str, person_id: int, device: str
) -> SignedIn:
    """Sign in one of those who were proved together.

    Raises: SignInAgain when the choice has ended or did not offer the person.
    """
    row = claim_choice(session, token)
    offered = {int(each) for each in row.candidates.split(",") if each}
    if person_id not in offered or not _standing(session, (person_id,)):
        raise SignInAgain
    assert row.way is not None
    return begin_session(session, person_id, row.way, device)


def claim_choice(session: Session, token: str) -> OneTimeCode:
    """Use up a choice of person; a letter's choice uses the letter once.

    Raises: SignInAgain.
    """
    now = clock.now()
    row = session.scalar(
        select(OneTimeCode).where(
            OneTimeCode.kind == CodeKind.CHOICE,
            OneTimeCode.lookup == keyed_hash("choice", token),
        )
    )
    claimed = change(
        session,
        update(OneTimeCode)
        .where(
            OneTimeCode.id == (0 if row is None else row.id),
            OneTimeCode.used_at.is_(None),
            OneTimeCode.expires_at > now,
        )
        .values(used_at=now),
    )
    if row is None or not claimed:
        raise SignInAgain
    if row.invitation_id is not None:
        _use_letter(session, row.invitation_id, now)
    return row


def _use_letter(session: Session, invitation_id: int, now: datetime) -> None:
    used = change(
        session,
        update(Invitation)
        .where(
            Invitation.id == invitation_id,
            Invitation.uses_left > 0,
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > now,
        )
        .values(uses_left=Invitation.uses_left - 1),
    )
    if not used:
        raise SignInAgain


def _enter(
    session: Session, people: tuple[int, ...], way: SignInWay, device: str, *, number: str = ""
) -> SignedIn | MustChoose:
    if number:
        session.execute(
            update(Phone)
            .where(Phone.number == number, Phone.person_id.in_(people), Phone.proved_at.is_(None))
            .values(proved_at=clock.now())
        )
    if len(people) == 1:
        return begin_session(session, people[0], way, device)
    return MustChoose(_offer_choice(session, people, way))


def _offer_choice(
    session: Session, people: tuple[int, ...], way: SignInWay, letter: Invitation | None = None
) -> str:
    token, now = ids.random_token(), clock.now()
    session.add(
        OneTimeCode(
            kind=CodeKind.CHOICE,
            lookup=keyed_hash("choice", token),
            code_hash=b"",
            nonce=b"",
            household_id=None if letter is None else letter.household_id,
            invitation_id=None if letter is None else letter.id,
            way=way,
            candidates=",".join(str(each) for each in people),
            made_at=now,
            expires_at=now + rules.CHOICE_LASTS,
        )
    )
    return token


def _with_number(session: Session, number: str) -> tuple[int, ...]:
    chosen = select(Phone.person_id).where(Phone.number == number).order_by(Phone.person_id)
    return tuple(session.scalars(chosen))


def _people_of(session: Session, number: str) -> tuple[int, ...]:
    return _standing(session, _with_number(session, number))


def _present(session: Session, people: tuple[int, ...]) -> list[Person]:
    membership = select(Membership.id).where(
        Membership.person_id == Person.id, Membership.left_at.is_(None)
    )
    chosen = select(Person).where(
        Person.id.in_(people),
        Person.died_on.is_(None),
        Person.erased_at.is_(None),
        Person.merged_into.is_(None),
        membership.exists(),
    )
    return list(session.scalars(chosen.order_by(Person.birth_year, Person.id)))


def _standing(session: Session, people: tuple[int, ...]) -> tuple[int, ...]:
    """Leave those who may sign in: living, present somewhere, and old enough."""
    today = clock.today()
    return tuple(
        row.id
        for row in _present(session, people)
        if not is_guarded(row.birth_year, row.birthday, today)
    )


def _nobody(session: Session, proved: tuple[int, ...]) -> NothingProved:
    """Say why those who were rightly proved cannot sign in; only a child hears the reason."""
    if _present(session, proved):
        raise GuardianNeeded
    return NothingProved()


def _latest(session: Session, number: str) -> OneTimeCode | None:
    row = session.scalar(
        select(OneTimeCode)
        .where(
            OneTimeCode.kind == CodeKind.PHONE, OneTimeCode.lookup == keyed_hash("number", number)
        )
        .order_by(OneTimeCode.id.desc())
        .limit(1)
    )
    is_open = row is not None and row.used_at is None and row.expires_at > clock.now()
    return row if is_open else None


def _use_try(session: Session, row: OneTimeCode, code: str) -> bool:
    if row.attempts_left < 1:
        return False
    row.attempts_left -= 1
    return hmac.compare_digest(row.code_hash, keyed_hash("code", row.nonce, code))


def _check_throttle(session: Session, number: str, address: str) -> None:
    since = clock.now() - rules.WINDOW
    wrong = select(func.count(SignInAttempt.id)).where(
        SignInAttempt.tried_at > since, SignInAttempt.was_right.is_(False)
    )
    by_account = session.scalar(wrong.where(SignInAttempt.account == keyed_hash("account", number)))
    by_address = session.scalar(
        wrong.where(SignInAttempt.address == keyed_hash("address", address))
    )
    # Codes on paper name no account; only the address counts for them.
    if rules.is_throttled(by_account or 0 if number else 0, by_address or 0):
        raise TooManyAttempts(minutes=rules.WINDOW // timedelta(minutes=1))


def _check_code_rate(session: Session, number: str, address: str) -> None:
    now = clock.now()
    made = session.scalars(
        select(OneTimeCode.made_at).where(
            OneTimeCode.kind == CodeKind.PHONE,
            OneTimeCode.lookup == keyed_hash("number", number),
            OneTimeCode.made_at > now - timedelta(hours=1),
        )
    ).all()
    from_here = session.scalar(
        select(func.count(OneTimeCode.id)).where(
            OneTimeCode.address == keyed_hash("address", address),
            OneTimeCode.made_at > now - timedelta(hours=1),
        )
    )
    if (from_here or 0) >= rules.CODES_PER_ADDRESS_AND_HOUR:
        raise CodeAskedTooOften
    if len(made) >= rules.CODES_PER_HOUR or any(at > now - rules.BETWEEN_CODES for at in made):
        raise CodeAskedTooOften


def _count(session: Session, number: str, address: str, *, was_right: bool) -> int:
    row = SignInAttempt(
        account=keyed_hash("account", number),
        address=keyed_hash("address", address),
        tried_at=clock.now(),
        was_right=was_right,
    )
    session.add(row)
    session.flush()
    return row.id
