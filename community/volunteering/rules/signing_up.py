"""Whether a person may take a place of a shift: one reason, the first that applies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from community.volunteering.errors import signing_up as refusals
from community.volunteering.rules.states import SignUpState


@dataclass(frozen=True, slots=True)
class SignUpFacts:
    """What is known of a person and a shift when the person wants a place.

    `age` is None where no birth year is kept; `is_guarded` says that a guardian acts for them.
    `planned_minutes` are those of the person's other shifts that day; `day_limit_minutes` None
    means no limit. `overlapping` names another shift.
    """

    now: datetime
    starts_at: datetime
    ends_at: datetime
    is_cancelled: bool
    is_closed: bool
    is_resident: bool
    is_blocked: bool
    state: SignUpState | None
    age: int | None
    minimum_age: int
    is_guarded: bool
    has_guardian: bool
    missing_skills: tuple[str, ...]
    overlapping: str
    planned_minutes: int
    shift_minutes: int
    day_limit_minutes: int | None


def check_may_sign_up(facts: SignUpFacts) -> None:
    """Refuse with the one reason that a resident can act on first.

    Raises: the refusals of `errors.signing_up`; a full shift is judged where the place is taken.
    """
    if facts.is_cancelled:
        raise refusals.ShiftCancelled
    if facts.is_closed or facts.now >= facts.ends_at:
        raise refusals.SignUpClosed
    if not facts.is_resident:
        raise refusals.NotResident
    if facts.is_blocked:
        raise refusals.VolunteerBlocked
    _check_state(facts)
    _check_person(facts)
    if facts.overlapping:
        raise refusals.ShiftsOverlap(other=facts.overlapping)
    limit = facts.day_limit_minutes
    if limit is not None and facts.planned_minutes + facts.shift_minutes > limit:
        raise refusals.DayLimitReached(hours=limit // 60)


def _check_state(facts: SignUpFacts) -> None:
    if facts.state is SignUpState.SIGNED_UP:
        raise refusals.AlreadySignedUp
    if facts.state is SignUpState.WAITING:
        raise refusals.AlreadyWaiting
    if facts.state is SignUpState.NO_SHOW:
        raise refusals.MarkedAbsent


def _check_person(facts: SignUpFacts) -> None:
    if facts.minimum_age and (facts.age is None or facts.age < facts.minimum_age):
        raise refusals.TooYoung(age=facts.minimum_age)
    if facts.is_guarded and not facts.has_guardian:
        raise refusals.NeedsGuardian
    if facts.missing_skills:
        raise refusals.MissingSkill(skills="、".join(facts.missing_skills))
