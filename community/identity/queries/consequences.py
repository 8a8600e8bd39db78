"""What would follow from a desk act: each room above tells its own part before it happens."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

# (session, community, person, act) -> sentences for the clerk; acts are "died", "moved",
# "sold", "tenancy-ended", "merged" and "erased".
ConsequenceSource = Callable[[Session, int, int, str], tuple[str, ...]]
ExportSource = Callable[[Session, int, int], dict[str, object]]

_sources: list[ConsequenceSource] = []
_exports: dict[str, ExportSource] = {}


def add_consequence_source(source: ConsequenceSource) -> None:
    """Let a room tell what would follow from a desk act; the same source is heard once."""
    if source not in _sources:
        _sources.append(source)


def consequences(session: Session, community_id: int, person_id: int, act: str) -> tuple[str, ...]:
    """Give what would follow from an act on a person, in the clerk's words."""
    return tuple(
        sentence
        for source in _sources
        for sentence in source(session, community_id, person_id, act)
    )


def add_export_source(room: str, source: ExportSource) -> None:
    """Let a room give what it holds about a person, under the room's name."""
    _exports[room] = source


def export_all(session: Session, community_id: int, person_id: int) -> dict[str, object]:
    """Give everything every room holds about a person in a community."""
    return {
        room: source(session, community_id, person_id) for room, source in sorted(_exports.items())
    }
