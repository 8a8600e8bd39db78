"""Reading 管理规约 and 议事规则: the text in force, its versions, and what changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.deliberation.errors.bylaws import BylawNotFound
from community.deliberation.models import Bylaw, BylawClause, BylawVersion
from community.deliberation.rules.bylaws import (
    BylawKind,
    Change,
    Clause,
    VersionState,
    compare,
)
from community.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version of a text."""

    id: int
    number: int
    state: VersionState
    reason: str
    text_sha256: str
    drafted_at: datetime
    adopted_on: date | None
    poll_id: int | None
    motion_id: int | None
    adopted_by_words: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class BylawView:
    """A text with all its versions, the newest first."""

    id: int
    kind: BylawKind
    title: str
    versions: tuple[VersionView, ...]

    @property
    def adopted(self) -> VersionView | None:
        """Give the version in force."""
        return next((one for one in self.versions if one.state is VersionState.ADOPTED), None)

    @property
    def draft(self) -> VersionView | None:
        """Give the open draft."""
        return next((one for one in self.versions if one.state is VersionState.DRAFT), None)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a version changes in the one before it."""

    bylaw: BylawView
    version: VersionView
    before: VersionView | None
    changes: tuple[Change, ...]


def bylaws(session: Session, actor: Actor) -> tuple[BylawView, ...]:
    """List the community's own texts."""
    rows = session.scalars(
        select(Bylaw).where(Bylaw.community_id == actor.community_id).order_by(Bylaw.id)
    ).all()
    return tuple(_view(session, row) for row in rows)


def get_bylaw(session: Session, actor: Actor, bylaw_id: int) -> BylawView:
    """Get a text with its versions.

    Raises: BylawNotFound.
    """
    row = session.get(Bylaw, bylaw_id)
    if row is None or row.community_id != actor.community_id:
        raise BylawNotFound
    return _view(session, row)


def compare_version(session: Session, actor: Actor, bylaw_id: int, number: int) -> Comparison:
    """Compare a version with the one in force when it was drafted.

    Raises: BylawNotFound.
    """
    bylaw = get_bylaw(session, actor, bylaw_id)
    version = next((one for one in bylaw.versions if one.number == number), None)
    if version is None:
        raise BylawNotFound
    older = [one for one in bylaw.versions if one.number < number]
    before = older[0] if older else None
    changes = compare(before.clauses if before else (), version.clauses)
    return Comparison(bylaw, version, before, changes)


def clauses_of(session: Session, version_id: int) -> tuple[Clause, ...]:
    """Give a version's clauses."""
    rows = session.scalars(
        select(BylawClause)
        .where(BylawClause.version_id == version_id)
        .order_by(BylawClause.position)
    )
    return tuple(Clause(row.heading, row.words) for row in rows)


def _view(session: Session, row: Bylaw) -> BylawView:
    versions = session.scalars(
        select(BylawVersion)
        .where(BylawVersion.community_id == row.community_id, BylawVersion.bylaw_id == row.id)
        .order_by(BylawVersion.number.desc())
    ).all()
    return BylawView(
        row.id,
        row.kind,
        row.title,
        tuple(
            VersionView(
                each.id,
                each.number,
                each.state,
                each.reason,
                each.text_sha256,
                each.drafted_at,
                each.adopted_on,
                each.poll_id,
                each.motion_id,
                each.adopted_by_words,
                clauses_of(session, each.id),
            )
            for each in versions
        ),
    )
