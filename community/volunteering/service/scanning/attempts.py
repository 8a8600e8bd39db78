"""One attempt to check in or out: read the code, decide, and remember it whatever came of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Statements
from community.kernel.errors import NotAllowed, NotFound
from community.kernel.masks import mask_name
from community.volunteering import permissions
from community.volunteering.errors.scanning import NonceReused, TooManyTries
from community.volunteering.errors.signing_up import NotLeader
from community.volunteering.queries.leading import may_credit
from community.volunteering.queries.scans import (
    ScannedShift,
    ScanQuestion,
    ScanScene,
    find_scan_scene,
)
from community.volunteering.rules import codes
from community.volunteering.rules.codes import CodeKind
from community.volunteering.rules.drafts import CheckInRequest
from community.volunteering.rules.scanning import (
    ACCEPTED,
    CheckInResult,
    Direction,
    Means,
    Reason,
    ScanFacts,
    decide,
)
from community.volunteering.service.attended_hours import record_attended
from community.volunteering.service.scanning.reading import (
    Claim,
    Read,
    claim_of,
    gate_name,
    judge_personal,
    judge_rotating,
)

# A device's clock runs a little off; what took longer to arrive than this waited in a queue.
QUEUED_AFTER = timedelta(minutes=2)
TRIES, TRIES_WITHIN = 10, timedelta(minutes=10)

# Two scans of one person at once take turns; SQLite has one writer, who waits for nobody.
_GUARD = (
    "SELECT 1 FROM sign_up WHERE community_id = ? AND shift_id = ? AND person_id = ? FOR UPDATE"
)
_ELSEWHERE = (
    "SELECT 1 FROM sign_up u JOIN shift s ON s.community_id = u.community_id AND s.id = u.shift_id"
    " WHERE u.community_id = ? AND u.person_id = ? AND u.state = 'signed_up'"
    " AND s.state = 'open' AND s.starts_at < ? AND s.ends_at > ? LIMIT 1"
)
_SLOT_USED = (
    "SELECT 1 FROM check_in_attempt WHERE community_id = ? AND shift_id = ? AND slot = ?"
    " AND person_id = ? AND direction = ? AND is_accepted"
)
_KEEP = (
    "INSERT INTO check_in_attempt (community_id, shift_id, person_id, direction, means, reason,"
    " is_accepted, is_late, device_time, received_at, nonce, slot, gate, scanned_by, code_hash)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_COME = (
    "INSERT INTO attendance"
    " (community_id, shift_id, person_id, in_at, in_means, in_gate, needs_confirmation)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_GO = (
    "UPDATE attendance SET out_at = ?, out_means = ?,"
    " needs_confirmation = (needs_confirmation OR ?)"
    " WHERE community_id = ? AND shift_id = ? AND person_id = ?"
)
_TRIES = (
    "SELECT COUNT(*) FROM check_in_attempt WHERE community_id = ? AND shift_id = ?"
    " AND scanned_by = ? AND received_at > ? AND reason IN ('unknown_code', 'forged_code')"
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt on its way: who sends what, for which shift, in which direction."""

    actor: Actor
    asked: CheckInRequest
    direction: Direction
    means: Means
    now: int
    scene: ScanScene

    @property
    def shift(self) -> ScannedShift:
        """Tell for which shift."""
        return self.scene.shift

    @property
    def is_late(self) -> bool:
        """Tell whether the scan waited on the device before it arrived."""
        if self.asked.device_time is None:
            return self.asked.is_late
        waited = clock.from_micros(self.now) - self.asked.device_time
        return self.asked.is_late or waited > QUEUED_AFTER

    @property
    def at(self) -> int:
        """Tell the instant that counts: the device's of a late scan, never one to come."""
        if self.is_late and self.asked.device_time is not None:
            return min(clock.micros(self.asked.device_time), self.now)
        return self.now

    @property
    def code_hash(self) -> bytes:
        """Recognise the code without keeping it."""
        return hashlib.sha256(self.asked.code.encode()).digest()[:16]


@db.hot_path
def check_in(session: Session, actor: Actor, asked: CheckInRequest) -> CheckInResult:
    """Check a person in whose code the leader scanned or typed; every attempt is remembered.

    The same nonce with the same code gets the first answer again; a failed attempt does not use
    the nonce up. Raises: NotFound, NotLeader, NonceReused.
    """
    return _scan(session, actor, asked, Direction.IN)


def check_out(session: Session, actor: Actor, asked: CheckInRequest) -> CheckInResult:
    """Check a person out, as `check_in`; hours that need no look are credited at once."""
    return _scan(session, actor, asked, Direction.OUT)


@db.hot_path
def check_in_here(session: Session, actor: Actor, asked: CheckInRequest) -> CheckInResult:
    """Check oneself in by the rotating code on the leader's screen; it waits for a confirmation.

    Raises: NotFound, NonceReused, TooManyTries.
    """
    return _scan_screen(session, actor, asked, Direction.IN)


def check_out_here(session: Session, actor: Actor, asked: CheckInRequest) -> CheckInResult:
    """Check oneself out, as `check_in_here`."""
    return _scan_screen(session, actor, asked, Direction.OUT)


def tick_in(session: Session, actor: Actor, shift_id: int, person_id: int) -> CheckInResult:
    """Tick a person in on the roster while the shift runs; it counts like a scan.

    Raises: NotFound, NotLeader.
    """
    return _tick(session, actor, shift_id, person_id, Direction.IN)


def tick_out(session: Session, actor: Actor, shift_id: int, person_id: int) -> CheckInResult:
    """Tick a person out on the roster, as `tick_in`."""
    return _tick(session, actor, shift_id, person_id, Direction.OUT)


def _tick(
    session: Session, actor: Actor, shift_id: int, person_id: int, direction: Direction
) -> CheckInResult:
    at = db.statements(session)
    asked = CheckInRequest(shift_id, f"roster:{person_id}")
    attempt = _attempt(at, actor, asked, (direction, Means.ROSTER), Claim(person_id))
    _check_leads(attempt)
    identity.get_person(session, actor.community_id, person_id)
    return _finish(session, at, attempt, Read(person_id=person_id), "")


def _check_leads(attempt: Attempt) -> None:
    actor = attempt.actor
    leads = attempt.shift.is_led and actor.may(permissions.LEAD.code)
    if not actor.may(permissions.LEAD_ANY.code) and not leads:
        raise NotLeader


def _scan(
    session: Session, actor: Actor, asked: CheckInRequest, direction: Direction
) -> CheckInResult:
    at = db.statements(session)
    claim = claim_of(session, at, actor.community_id, asked)
    attempt = _attempt(at, actor, asked, (direction, Means.PERSONAL_CODE), claim)
    _check_leads(attempt)
    repeated = _repeated(at, attempt)
    if repeated is not None:
        return repeated
    return _finish(session, at, attempt, judge_personal(claim, attempt.scene), asked.gate)


def _scan_screen(
    session: Session, actor: Actor, asked: CheckInRequest, direction: Direction
) -> CheckInResult:
    actor.check(permissions.CHECK_IN.code)
    if actor.subject_id is None:
        raise NotAllowed
    at = db.statements(session)
    shown = codes.read_rotating(codes.code_in(asked.code))
    claim = Claim(actor.subject_id, CodeKind.ROTATING, shown[0].key_number if shown else None)
    attempt = _attempt(at, actor, asked, (direction, Means.ROTATING_CODE), claim)
    repeated = _repeated(at, attempt)
    if repeated is not None:
        return repeated
    since = attempt.now - clock.micros(clock.EPOCH + TRIES_WITHIN)
    tries = at.one(_TRIES, (actor.community_id, attempt.shift.id, actor.person_id, since))
    if tries is not None and tries[0] >= TRIES:
        raise TooManyTries
    read = judge_rotating(at, actor.community_id, attempt.scene, shown, asked.code)
    whose = Read(read.reason, actor.subject_id, read.slot, read.gate)
    return _finish(session, at, attempt, whose, gate_name(attempt.shift, read.gate))


def _attempt(
    at: Statements,
    actor: Actor,
    asked: CheckInRequest,
    how: tuple[Direction, Means],
    claim: Claim,
) -> Attempt:
    if at.is_postgres and claim.person_id is not None:
        at.one(_GUARD, (actor.community_id, asked.shift_id, claim.person_id))
    now = clock.micros(clock.now())
    scene = find_scan_scene(
        at,
        ScanQuestion(
            actor.community_id,
            asked.shift_id,
            actor.person_id,
            claim.person_id,
            claim.key_kind,
            claim.key_number,
            asked.nonce,
            now,
        ),
    )
    if scene is None:
        raise NotFound
    return Attempt(actor, asked, *how, now, scene)


def _repeated(at: Statements, attempt: Attempt) -> CheckInResult | None:
    """Give the answer again that the nonce was given before."""
    asked, earlier = attempt.asked, attempt.scene.earlier
    if earlier is None:
        return None
    same = (earlier.shift_id, earlier.direction) == (asked.shift_id, attempt.direction.value)
    if not same or earlier.code_hash != attempt.code_hash:
        raise NonceReused
    return CheckInResult(
        Reason(earlier.reason),
        attempt.direction,
        earlier.shift_id,
        clock.from_micros(earlier.received_at),
        earlier.person_id,
        _masked(at, attempt, earlier.person_id),
        number=attempt.scene.inside,
        is_repeat=True,
    )


def _masked(at: Statements, attempt: Attempt, person_id: int | None) -> str:
    if person_id is None:
        return ""
    return mask_name(identity.person_name(at, attempt.actor.community_id, person_id))


def _finish(
    session: Session, at: Statements, attempt: Attempt, read: Read, gate: str
) -> CheckInResult:
    """Decide, write the attendance if it counts, and remember the attempt."""
    reason, earlier = read.reason, None
    if reason is None:
        assert read.person_id is not None
        reason, earlier = _decide(session, at, attempt, read)
        if reason in ACCEPTED:
            _attend(at, attempt, read.person_id, reason, gate)
    _keep(at, attempt, read, reason, gate)
    if reason in ACCEPTED and attempt.direction is Direction.OUT and read.person_id is not None:
        record_attended(session, attempt.actor, attempt.shift.id, read.person_id)
    comes = attempt.direction is Direction.IN
    return CheckInResult(
        reason,
        attempt.direction,
        attempt.shift.id,
        clock.from_micros(attempt.at),
        read.person_id,
        _masked(at, attempt, read.person_id),
        number=attempt.scene.inside + comes if reason in ACCEPTED else 0,
        earlier_at=clock.from_micros(earlier[0]) if earlier else None,
        earlier_gate=earlier[1] if earlier else "",
    )


def _decide(
    session: Session, at: Statements, attempt: Attempt, read: Read
) -> tuple[Reason, tuple[int, str] | None]:
    community_id, shift, person_id = attempt.actor.community_id, attempt.shift, read.person_id
    assert person_id is not None
    scene, out_at = attempt.scene, attempt.scene.out_at
    if scene.was_closed_by_clock and attempt.direction is Direction.OUT:
        # The queue of a device without network may arrive after the clock closed the shift.
        out_at = None
    facts = ScanFacts(
        direction=attempt.direction,
        at=attempt.at,
        opens_at=shift.opens_at,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        closes_at=shift.closes_at,
        is_cancelled=shift.is_cancelled,
        is_blocked=scene.is_blocked,
        is_signed_up=scene.is_signed_up,
        is_elsewhere=not scene.is_signed_up
        and at.one(_ELSEWHERE, (community_id, person_id, shift.closes_at, shift.opens_at))
        is not None,
        in_at=scene.in_at,
        out_at=out_at,
        is_vouched=attempt.means in {Means.PERSONAL_CODE, Means.ROSTER}
        and not attempt.is_late
        and may_credit(session, attempt.actor, person_id),
    )
    reason = decide(facts)
    if reason in ACCEPTED and read.slot is not None and _is_slot_used(at, attempt, read):
        reason = Reason.EXPIRED_CODE
    earlier = out_at if reason is Reason.ALREADY_OUT else scene.in_at
    return reason, (None if earlier is None else (earlier, scene.in_gate))


def _is_slot_used(at: Statements, attempt: Attempt, read: Read) -> bool:
    used = (attempt.shift.id, read.slot, read.person_id, attempt.direction.value)
    return at.one(_SLOT_USED, (attempt.actor.community_id, *used)) is not None


def _attend(at: Statements, attempt: Attempt, person_id: int, reason: Reason, gate: str) -> None:
    community_id, shift_id = attempt.actor.community_id, attempt.shift.id
    waits = reason is Reason.NEEDS_CONFIRMATION
    means = attempt.means.value
    if attempt.direction is Direction.IN:
        at.run(_COME, (community_id, shift_id, person_id, attempt.at, means, gate, waits))
        return
    at.run(_GO, (attempt.at, means, waits, community_id, shift_id, person_id))


def _keep(at: Statements, attempt: Attempt, read: Read, reason: Reason, gate: str) -> None:
    asked = attempt.asked
    seen = None if asked.device_time is None else clock.micros(asked.device_time)
    at.run(
        _KEEP,
        (
            attempt.actor.community_id,
            attempt.shift.id,
            read.person_id,
            attempt.direction.value,
            attempt.means.value,
            reason.value,
            reason in ACCEPTED,
            attempt.is_late,
            seen,
            attempt.now,
            asked.nonce,
            read.slot,
            gate,
            attempt.actor.person_id,
            attempt.code_hash,
        ),
    )
