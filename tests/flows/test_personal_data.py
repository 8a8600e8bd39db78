"""Every person column of every table is read by some room's export; erasure masks, books stay."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Column, Table
from sqlalchemy.orm import Session

from community import identity, transparency
from community.identity.queries.consequences import export_all
from community.identity.views import words
from community.kernel import db, events
from community.kernel.actor import Actor
from community.kernel.tables import Base
from community.rewards.rules.redemptions import Purse, RedemptionState
from community.rewards.service.redemptions import redeem
from community.volunteering.rules.points import POOL, Book
from community.volunteering.service import needs
from tests.conftest import is_postgres
from tests.flows.wishes import need_draft
from tests.rewards import scene as rewards_scene
from tests.volunteering.neighbours import confirm_hours, make_neighbours

# Columns that name a person but make no row about them, each with its reason.
NOT_ABOUT = {
    "person.merged_into": "the duplicate's own row, which names nobody else",
    "sign_in_session.acts_for": "whom a session helps; assisted_act tells the helped one",
    "merge_record.kept_id": "the office's own act upon two rows",
    "merge_record.merged_id": "as kept_id",
    "ledger_approval.person_id": "who turned a key: an act, as the columns ending in _by",
    "ballot.operator_id": "who entered it at the desk: an act, as the columns ending in _by",
    "ballot_event.operator_id": "as ballot.operator_id",
    "ballot_paper.returned_to": "as ballot.operator_id",
    "ballot_phone_call.caller_id": "as ballot.operator_id",
    "paper_reading.reader_id": "as ballot.operator_id",
    "panel_invitation.operator_id": "as ballot.operator_id",
    "message_preference.person_id": "how the person wants messages; shown on their page",
    "password.person_id": "a secret that nobody is given",
    "card.person_id": "printed codes; revoked by erasure, and shown on the person's page",
}
WHERE = re.compile(r"\b(\w+)\.(\w+)\s*(?:=|IN\b|in\b)")


def person_columns() -> Iterator[Column[object]]:
    """Yield the columns that refer to a person, those that say who did something aside."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.name.endswith("_by"):
                continue
            names_person = column.name == "person_id" or column.name.endswith("_person_id")
            if names_person or any(_is_person(key.column.table) for key in column.foreign_keys):
                yield column


def _is_person(table: object) -> bool:
    return isinstance(table, Table) and table.name == "person"


@pytest.mark.usefixtures("database")
def test_every_person_column_is_read_by_an_export() -> None:
    if is_postgres():
        pytest.skip("SQLite alone tells the statements it runs, raw ones too")
    scene = rewards_scene.make_scene()
    said: list[str] = []
    with db.read() as session:
        raw = session.connection().connection.dbapi_connection
        assert raw is not None
        raw.set_trace_callback(said.append)
        export_all(session, scene.community_id, scene.resident.person_id or 0)
        raw.set_trace_callback(None)
    read = {f"{table}.{column}" for line in said for table, column in WHERE.findall(line)}
    asked = {f"{column.table.name}.{column.name}" for column in person_columns()}
    assert len(asked) > 40
    assert sorted(asked - read - set(NOT_ABOUT)) == []
    assert sorted(set(NOT_ABOUT) - asked) == []


@pytest.mark.usefixtures("database")
def test_the_export_is_plain_and_holds_what_was_done() -> None:
    scene = rewards_scene.make_scene()
    db.write(redeem, scene.resident, scene.item_id, Purse.OWN)
    with db.read() as session:
        mine = export_all(session, scene.community_id, scene.resident.person_id or 0)
        other = export_all(session, scene.community_id, scene.neighbour.person_id or 0)
    text = json.dumps(mine, ensure_ascii=False)
    assert "洗衣液 2 千克" in text
    assert "洗衣液" not in json.dumps(other, ensure_ascii=False)
    assert {"identity", "notices", "rewards", "volunteering"} <= set(mine)
    parts = {part for held in mine.values() if isinstance(held, dict) for part in held}
    assert sorted(parts - set(words.HELD)) == []
    assert sorted(set(mine) - set(words.ROOMS)) == []


@pytest.mark.usefixtures("database")
def test_erasure_masks_words_and_keeps_the_books() -> None:
    street = make_neighbours("beijing")
    db.write(confirm_hours, street.actor(street.clerk), street.granny, 600)
    wanted = "请帮我把三楼的旧衣柜搬下来"
    draft = need_draft(street, words=wanted)
    db.write(needs.open_need, street.actor(street.granny), draft)
    with db.read() as session:
        before = export_all(session, street.community_id, street.granny)
    assert wanted in json.dumps(before, ensure_ascii=False)
    _erase(street.community_id, street.granny)
    with db.read() as session:
        after = export_all(session, street.community_id, street.granny)
    assert wanted not in json.dumps(after, ensure_ascii=False)
    assert street.coins(street.granny) == 0
    assert street.balance(Book.TIME, POOL) == 600


@pytest.mark.usefixtures("database")
def test_erasure_gives_up_what_is_open_and_leaves_the_neighbour_alone() -> None:
    scene = rewards_scene.make_scene()
    rewards_scene.give_points(scene.community_id, scene.neighbour.person_id or 0, 30)
    mine = db.write(redeem, scene.resident, scene.item_id, Purse.OWN)
    other = db.write(redeem, scene.neighbour, scene.item_id, Purse.OWN)
    _erase(scene.community_id, scene.resident.person_id or 0)
    states = [rewards_scene.redemption(each.redemption_id).state for each in (mine, other)]
    assert states == [RedemptionState.CANCELLED, RedemptionState.OPEN]


@pytest.mark.usefixtures("database")
def test_erasure_forgets_whom_public_records_hide() -> None:
    street = make_neighbours("beijing")

    def hide(session: Session, actor: Actor, value: str) -> str:
        return transparency.hide(session, actor.community_id, value)

    actor = Actor.system(street.community_id)
    values = [f"proposal:1|person:{street.granny}", f"proposal:1|person:{street.granny}0"]
    before = [db.write(hide, actor, value) for value in values]
    _erase(street.community_id, street.granny)
    after = [db.write(hide, actor, value) for value in values]
    assert (before[0] == after[0], before[1] == after[1]) == (False, True)


def _erase(community_id: int, person_id: int) -> None:
    def happen(session: object, actor: Actor) -> None:
        events.tell(session, identity.PersonErased(community_id, person_id))  # type: ignore[arg-type]

    db.write(happen, Actor.system(community_id))
