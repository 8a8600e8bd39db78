"""Reading a scanned or typed code: whose it is, or why it says nothing."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock, ids
from community.kernel.db import Statements
from community.volunteering.queries.scans import ScannedShift, ScanScene, newest_key
from community.volunteering.rules import codes
from community.volunteering.rules.codes import CodeKind
from community.volunteering.rules.drafts import CheckInRequest
from community.volunteering.rules.scanning import Reason


@dataclass(frozen=True, slots=True)
class Read:
    """What a code said: a person or a slot and gate, or the reason it was refused."""

    reason: Reason | None = None
    person_id: int | None = None
    slot: int | None = None
    gate: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose a code says it is, and which key it names, before anything of it is believed."""

    person_id: int | None = None
    key_kind: CodeKind = CodeKind.PERSONAL
    key_number: int | None = None
    personal: tuple[codes.PersonalCode, codes.Signed] | None = None


def claim_of(session: Session, at: Statements, community_id: int, asked: CheckInRequest) -> Claim:
    """Read what a leader scanned or typed: a phone's code, a printed card, six characters.

    A claim without a person says nothing that this community knows.
    """
    text = codes.code_in(asked.code)
    found = codes.read_personal(text)
    if found is not None:
        code = found[0]
        if code.community_id != community_id:
            return Claim()
        return Claim(code.person_id, key_number=code.key_number, personal=found)
    typed = ids.read_code(text)
    if len(typed) == codes.SHORT_LENGTH:
        return Claim(_typed_name(at, community_id, asked.shift_id, typed))
    owner = identity.card_owner(session, community_id, typed) if typed else None
    return Claim(None if owner is None else owner.person_id)


def judge_personal(claim: Claim, scene: ScanScene) -> Read:
    """Tell whose a claimed code really is, or why it says nothing."""
    if claim.personal is None:
        return Read(Reason.UNKNOWN_CODE if claim.person_id is None else None, claim.person_id)
    code, signed = claim.personal
    if scene.key is None or not signed.is_signed_by(scene.key.secret):
        return Read(Reason.FORGED_CODE)
    if code.issue != scene.issue:
        return Read(Reason.REVOKED, code.person_id)
    return Read(person_id=code.person_id)


def judge_rotating(
    at: Statements,
    community_id: int,
    scene: ScanScene,
    shown: tuple[codes.RotatingCode, codes.Signed] | None,
    scanned: str,
) -> Read:
    """Judge what a volunteer scanned or typed from a leader's screen, by the server's clock."""
    now = clock.micros(clock.now())
    if shown is None:
        return _typed_slot(at, community_id, scene.shift, ids.read_code(scanned), now)
    code, signed = shown
    if scene.key is None or not signed.is_signed_by(scene.key.secret):
        return Read(Reason.FORGED_CODE)
    if code.shift_id != scene.shift.id:
        return Read(Reason.WRONG_ACTIVITY)
    if not codes.is_current(code.slot, now):
        return Read(Reason.EXPIRED_CODE)
    return Read(slot=code.slot, gate=code.gate)


def _typed_name(at: Statements, community_id: int, shift_id: int, typed: str) -> int | None:
    key = newest_key(at, community_id, CodeKind.PERSONAL)
    if key is None:
        return None
    rows = at.all(
        "SELECT s.person_id, COALESCE(p.issue, 0) FROM sign_up s LEFT JOIN personal_code p"
        " ON p.community_id = s.community_id AND p.person_id = s.person_id"
        " WHERE s.community_id = ? AND s.shift_id = ?",
        (community_id, shift_id),
    )
    for person_id, issue in rows:
        if codes.short_code(key.secret, community_id, person_id, issue) == typed:
            return int(person_id)
    return None


def _typed_slot(
    at: Statements, community_id: int, shift: ScannedShift, typed: str, now: int
) -> Read:
    key = newest_key(at, community_id, CodeKind.ROTATING)
    if key is None or len(typed) != codes.SHORT_LENGTH:
        return Read(Reason.UNKNOWN_CODE)
    for slot in (codes.slot_of(now), codes.slot_of(now) - 1):
        for gate in range(max(len(shift.gates), 1)):
            if codes.short_code(key.secret, shift.id, gate, slot) == typed:
                return Read(slot=slot, gate=gate)
    return Read(Reason.UNKNOWN_CODE)


def gate_name(shift: ScannedShift, gate: int) -> str:
    """Tell a gate's name by its number; a shift without gates has none."""
    return shift.gates[gate] if gate < len(shift.gates) else ""
