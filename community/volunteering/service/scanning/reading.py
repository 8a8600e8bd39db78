"""Reading a scanned or typed code: whose it is, or why it says nothing."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock, ids
from community.kernel.db import Statements
from community.volunteering.queries.scans import (
    Key,
    ScannedShift,
    find_key,
    issue_of,
    newest_key,
)
from community.volunteering.rules import codes
from community.volunteering.rules.codes import CodeKind
from community.volunteering.rules.scanning import Reason


@dataclass(frozen=True, slots=True)
class Read:
    """What a code said: a person or a slot and gate, or the reason it was refused."""

    reason: Reason | None = None
    person_id: int | None = None
    slot: int | None = None
    gate: int = 0


def read_personal_code(
    session: Session, at: Statements, community_id: int, shift: ScannedShift, scanned: str
) -> Read:
    """Read what a leader scanned or typed: a phone's code, a printed card, six characters."""
    text = codes.code_in(scanned)
    found = codes.read_personal(text)
    if found is not None:
        return _phone_code(at, community_id, *found)
    typed = ids.read_code(text)
    if len(typed) == codes.SHORT_LENGTH:
        return _typed_name(at, community_id, shift, typed)
    owner = identity.card_owner(session, community_id, typed) if typed else None
    if owner is None or owner.person_id is None:
        return Read(Reason.UNKNOWN_CODE)
    return Read(person_id=owner.person_id)


def read_rotating_code(
    at: Statements, community_id: int, shift: ScannedShift, scanned: str
) -> Read:
    """Read what a volunteer scanned or typed from a leader's screen, by the server's clock."""
    now = clock.micros(clock.now())
    found = codes.read_rotating(codes.code_in(scanned))
    if found is None:
        return _typed_slot(at, community_id, shift, ids.read_code(scanned), now)
    code, signed = found
    key = find_key(at, community_id, CodeKind.ROTATING, code.key_number)
    if key is None or not signed.is_signed_by(key.secret):
        return Read(Reason.FORGED_CODE)
    if code.shift_id != shift.id:
        return Read(Reason.WRONG_ACTIVITY)
    if not codes.is_current(code.slot, now):
        return Read(Reason.EXPIRED_CODE)
    return Read(slot=code.slot, gate=code.gate)


def _phone_code(
    at: Statements, community_id: int, code: codes.PersonalCode, signed: codes.Signed
) -> Read:
    if code.community_id != community_id:
        return Read(Reason.UNKNOWN_CODE)
    key = find_key(at, community_id, CodeKind.PERSONAL, code.key_number)
    if key is None or not signed.is_signed_by(key.secret):
        return Read(Reason.FORGED_CODE)
    if code.issue != issue_of(at, community_id, code.person_id):
        return Read(Reason.REVOKED, code.person_id)
    return Read(person_id=code.person_id)


def _typed_name(at: Statements, community_id: int, shift: ScannedShift, typed: str) -> Read:
    key = newest_key(at, community_id, CodeKind.PERSONAL)
    if key is None:
        return Read(Reason.UNKNOWN_CODE)
    rows = at.all(
        "SELECT s.person_id, COALESCE(p.issue, 0) FROM sign_up s LEFT JOIN personal_code p"
        " ON p.community_id = s.community_id AND p.person_id = s.person_id"
        " WHERE s.community_id = ? AND s.shift_id = ?",
        (community_id, shift.id),
    )
    for person_id, issue in rows:
        if codes.short_code(key.secret, community_id, person_id, issue) == typed:
            return Read(person_id=person_id)
    return Read(Reason.UNKNOWN_CODE)


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


__all__ = ["Key", "Read", "gate_name", "read_personal_code", "read_rotating_code"]
