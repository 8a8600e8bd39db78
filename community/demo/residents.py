"""Settling the invented homes: the same way a house register is imported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy.orm import Session

from community import identity
from community.demo.invention import InventedHome
from community.kernel import db
from community.kernel.actor import Actor

PIECES_AT_ONCE = 60


def settle(actor: Actor, homes: Iterable[InventedHome]) -> None:
    """Write units, people and owners in pieces, as an import does."""
    pieces = identity.pieces_of(_census(tuple(homes)))
    for start in range(0, len(pieces), PIECES_AT_ONCE):
        db.write(write_pieces, actor, pieces[start : start + PIECES_AT_ONCE])


def write_pieces(session: Session, actor: Actor, pieces: tuple[identity.Piece, ...]) -> None:
    """Write some pieces of the census."""
    places = identity.Places(session, actor)
    for piece in pieces:
        identity.write_piece(session, actor, places, piece)


def _census(homes: tuple[InventedHome, ...]) -> identity.Census:
    units = tuple(identity.UnitDraft(unit_key(home), home.area) for home in homes)
    people = tuple(draft for home in homes for draft in _drafts(home))
    return identity.Census(people, units, ())


def _drafts(home: InventedHome) -> Iterator[identity.Draft]:
    key = unit_key(home)
    owners = _owners(home)
    for person in home.people:
        is_owner = person in owners
        yield identity.Draft(
            name=person.name,
            birth_year=person.birth_year,
            birthday=person.born_on,
            phone=person.phone,
            is_head=person.relation == "户主",
            home=key,
            owns=(identity.OwnedShare(key, 1, len(owners)),) if is_owner else (),
            rents=(key,) if home.is_let and person.relation == "户主" else (),
        )


def _owners(home: InventedHome) -> tuple[object, ...]:
    if home.is_let:
        return ()
    return tuple(person for person in home.people if person.relation in {"户主", "配偶"})


def unit_key(home: InventedHome) -> identity.UnitKey:
    """Give the key of an invented home's unit, such as 3-301."""
    return identity.UnitKey(str(home.building), "", home.door)
