"""What is held about a person is shown, moved and erased in every room at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, cast

from sqlalchemy.orm import Session

from community import (
    deliberation,
    identity,
    ledger,
    micro_projects,
    notices,
    rewards,
    sealing,
    transparency,
    trust_property,
    volunteering,
)
from community.kernel import events
from community.kernel.actor import Actor


class Keeper(Protocol):
    """A room that keeps rows about people."""

    export_person: Callable[[Session, int, int], dict[str, Any]]
    erase_person: Callable[[Session, Actor, int], None]
    merge_person: Callable[[Session, Actor, int, int], None]


# identity keeps people themselves and answers for its own rows first.
ROOMS: dict[str, Keeper] = {
    # Rewards first: what it gives up frees points that then move on with the others.
    "rewards": cast("Keeper", rewards),
    "volunteering": cast("Keeper", volunteering),
    "trust_property": cast("Keeper", trust_property),
    "deliberation": cast("Keeper", deliberation),
    "micro_projects": cast("Keeper", micro_projects),
    "sealing": cast("Keeper", sealing),
    # Last, so that nothing the others say stays behind.
    "notices": cast("Keeper", notices),
}

# The person's own accounts; the books are never rewritten, so erasing takes only the name.
BOOKS = (ledger.BookKind.HOURS, ledger.BookKind.POINTS, ledger.BookKind.TIME)


def listen() -> None:
    """Hear of erasures and merges, and let the person's copy draw on every room."""
    identity.add_export_source("identity", identity.export_person)
    identity.add_export_source("ledger", _statements)
    for name, room in ROOMS.items():
        identity.add_export_source(name, room.export_person)
    events.subscribe(identity.PersonErased, _erased)
    events.subscribe(identity.PeopleMerged, _merged)


def _statements(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    return {
        kind.value: _whole_statement(session, community_id, kind, f"person:{person_id}")
        for kind in BOOKS
    }


def _whole_statement(
    session: Session, community_id: int, kind: ledger.BookKind, owner: str
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        page = ledger.statement(session, community_id, kind, owner, None, None, after)
        rows += [
            {
                "occurred_on": entry.occurred_on.isoformat(),
                "recorded_at": entry.recorded_at.isoformat(),
                "purpose": entry.purpose,
                "amount": entry.amount,
                "balance_after": entry.balance_after,
            }
            for entry in page.entries
        ]
        after = page.next_cursor
        if after is None:
            return rows


def _erased(session: Session, told: identity.PersonErased) -> None:
    actor = Actor.system(told.community_id)
    for room in ROOMS.values():
        room.erase_person(session, actor, told.person_id)
    # Records keep their hashes; without the salts nobody can tell any more whose they were.
    transparency.forget(session, told.community_id, f"person:{told.person_id}")


def _merged(session: Session, told: identity.PeopleMerged) -> None:
    actor = Actor.system(told.community_id)
    for room in ROOMS.values():
        room.merge_person(session, actor, told.kept_id, told.merged_id)
