"""Estates of any size: buildings, units and owners written in bulk."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from community.identity import models
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.tables import Base
from tests import builders

FIRST = 10_000


def insert_rows(table: type[Base], rows: list[dict[str, Any]]) -> None:
    def run(session: Session, actor: Actor) -> None:
        session.execute(insert(table), rows)

    db.write(run, Actor.system(0))


def make_people(community_id: int, many: int) -> list[int]:
    """Let many people be members."""
    now, ids = clock.now(), list(range(FIRST, FIRST + many))
    people = [{"id": each, "name": f"业主{each}", "made_at": now} for each in ids]
    insert_rows(models.Person, people)
    joined = {"community_id": community_id, "joined_at": now}
    insert_rows(models.Membership, [{"person_id": each, **joined} for each in ids])
    return ids


def make_units(community_id: int, areas: list[int]) -> list[int]:
    """Build one tower with a unit of each area in 0.01 m²."""
    building = builders.add(models.Building, community_id=community_id, name="1 号楼", position=1)
    ids = list(range(FIRST, FIRST + len(areas)))
    rows = [
        {
            "id": each,
            "community_id": community_id,
            "building_id": building,
            "name": f"{each}",
            "area_centiares": area,
        }
        for each, area in zip(ids, areas, strict=True)
    ]
    insert_rows(models.Unit, rows)
    return ids


def let_own(community_id: int, pairs: list[tuple[int, dict[str, int]]]) -> None:
    """Let units belong to people or organizations: (unit, {"person_id": 5})."""
    nobody: dict[str, int | None] = {"person_id": None, "organization_id": None}
    rows = [
        {
            "community_id": community_id,
            "unit_id": unit,
            "from_on": builders.MOVED_IN,
            "numerator": 1,
            "denominator": 1,
            "source": "",
            **nobody,
            **owner,
        }
        for unit, owner in pairs
    ]
    insert_rows(models.Ownership, rows)
