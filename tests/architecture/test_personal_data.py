"""No column that names a person escapes export, erasure and merging."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Table

from community.flows import personal_data
from community.kernel.tables import Base

pytestmark = pytest.mark.once

# How rooms name a column that holds a person's id.
PERSON = re.compile(
    r"(?:^|_)(?:person|helper|subject|child|guardian|relative|leader|volunteer|resident|heir|"
    r"author|owner|member)_id$|_by$"
)
# The books name people by id alone and are never rewritten: erasure takes the name behind the id,
# and the flow itself adds a person's statements to the copy. The kernel's rows hold no words.
KNOWN = {"identity", "ledger", "kernel", *personal_data.ROOMS}


def names_a_person(table: Table) -> list[str]:
    found = []
    for column in table.columns:
        refers = any(key.column.table.name == "person" for key in column.foreign_keys)
        if refers or PERSON.search(column.name):
            found.append(column.name)
    return found


def room_of(table: Table) -> str:
    for mapper in Base.registry.mappers:
        if mapper.local_table is table:
            return mapper.class_.__module__.split(".")[1]
    return "kernel"


def test_every_room_that_names_people_is_asked() -> None:
    missing = {
        f"{room_of(table)}: {table.name} {names_a_person(table)}"
        for table in Base.metadata.tables.values()
        if names_a_person(table) and room_of(table) not in KNOWN
    }
    assert not missing, f"add the room to flows/personal_data.py: {sorted(missing)}"


def test_a_persons_column_is_seen() -> None:
    assert "asked_by" in names_a_person(Base.metadata.tables["assisted_access"])
    assert "helper_id" in names_a_person(Base.metadata.tables["assisted_act"])
    assert names_a_person(Base.metadata.tables["building"]) == []


def test_every_keeper_has_its_three_acts() -> None:
    for room in personal_data.ROOMS.values():
        assert callable(room.export_person)
        assert callable(room.erase_person)
        assert callable(room.merge_person)
