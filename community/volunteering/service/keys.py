"""The keys that sign codes: made when first needed, rotated, and never shown to anybody."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.actor import Actor
from community.volunteering.models import PersonalCodeIssue, ScanKey
from community.volunteering.rules.codes import SLOT_SECONDS, CodeKind

SECRET_BYTES = 32
ROTATE_AFTER = timedelta(days=30)
LAST_ISSUE = 255


def ensure_scan_keys(session: Session, actor: Actor) -> None:
    """Make the community's keys where they are missing; for other commands."""
    for purpose in (CodeKind.ROTATING, CodeKind.PERSONAL):
        if _newest(session, actor.community_id, purpose) is None:
            _make(session, actor.community_id, purpose, 0)


def rotate_scan_keys(session: Session, actor: Actor) -> int:
    """Replace the key of rotating codes when it is old; for a job. Gives the keys replaced.

    The old key still verifies for two slots, so nobody at a screen notices.
    """
    ensure_scan_keys(session, actor)
    newest = _newest(session, actor.community_id, CodeKind.ROTATING)
    assert newest is not None
    now = clock.now()
    if now - newest.valid_from < ROTATE_AFTER:
        return 0
    newest.retired_at = now + timedelta(seconds=2 * SLOT_SECONDS)
    session.flush()
    _make(session, actor.community_id, CodeKind.ROTATING, (newest.key_number + 1) % 256)
    return 1


def renew_personal_code(session: Session, actor: Actor) -> int:
    """Give oneself a new personal code; every picture of the old one is refused from now on."""
    ensure_scan_keys(session, actor)
    person_id = actor.subject_id
    assert person_id is not None
    row = session.scalar(
        select(PersonalCodeIssue).where(
            PersonalCodeIssue.community_id == actor.community_id,
            PersonalCodeIssue.person_id == person_id,
        )
    )
    if row is None:
        row = PersonalCodeIssue(
            community_id=actor.community_id,
            person_id=person_id,
            issue=0,
            renewed_at=clock.now(),
            renewed_by=actor.person_id,
        )
        session.add(row)
    row.issue = (row.issue + 1) % (LAST_ISSUE + 1)
    row.renewed_at, row.renewed_by = clock.now(), actor.person_id
    return row.issue


def prepare_personal_code(session: Session, actor: Actor) -> None:
    """Make sure that a personal code can be shown at all: its key exists."""
    ensure_scan_keys(session, actor)


def _newest(session: Session, community_id: int, purpose: CodeKind) -> ScanKey | None:
    return session.scalar(
        select(ScanKey)
        .where(
            ScanKey.community_id == community_id,
            ScanKey.purpose == purpose,
            ScanKey.retired_at.is_(None),
        )
        .order_by(ScanKey.id.desc())
        .limit(1)
    )


def _make(session: Session, community_id: int, purpose: CodeKind, number: int) -> None:
    # After 256 rotations a number comes back; the key that had it has long been retired.
    stale = session.scalar(
        select(ScanKey).where(
            ScanKey.community_id == community_id,
            ScanKey.purpose == purpose,
            ScanKey.key_number == number,
        )
    )
    if stale is not None:
        session.delete(stale)
        session.flush()
    session.add(
        ScanKey(
            community_id=community_id,
            purpose=purpose,
            key_number=number,
            secret=secrets.token_bytes(SECRET_BYTES),
            valid_from=clock.now(),
        )
    )
    session.flush()
