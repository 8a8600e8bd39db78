"""One community with rows of many kinds, people of each role, and a watch over every table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from marshmallow import Schema, ValidationError
from sqlalchemy import text
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.test import TestResponse

from community import app as assembly
from community.kernel import clock, db, ids
from community.kernel.actor import Actor
from community.kernel.errors import Refusal
from community.kernel.permissions import Role
from community.kernel.tables import Base
from community.notices import NoticeDraft, NoticeKind, publish_notice
from community.rewards.service.redemptions import redeem
from community.volunteering import ActivityDraft, ServiceKind, ShiftDraft, add_shift, open_activity
from community.volunteering.service.coins import approve_coin_grant, propose_coin_grant
from community.volunteering.service.disputes import dispute_hours
from community.volunteering.service.needs import NeedDraft, open_need
from community.volunteering.service.records import make_record
from community.volunteering.service.time_bank import accept_need
from community.web.access import PUBLIC, SIGNED_IN
from tests import builders
from tests.architecture.test_access import UNKNOWN_ID, Page
from tests.conftest import is_postgres
from tests.page_ids import TABLES, _find_table
from tests.rewards.scene import make_scene as make_shop
from tests.same_refusals import made_once
from tests.scenes import kept
from tests.stories import hostile
from tests.volunteering.neighbours import confirm_hours

OWN, NEIGHBOUR = "own", "neighbour"
# Roles in the order in which somebody is chosen who may.
CHOICE: tuple[Role, ...] = (Role.RESIDENT, Role.MERCHANT, Role.STAFF, *Role)
# What may be written although an act is refused: tries, answers to repeat, and sessions.
KEPT = {
    "request_answer",
    "sign_in_attempt",
    "sign_in_session",
    "check_in_attempt",
    "redemption_code_attempt",
    "one_time_code",
}
# Rows of the whole installation belong to a community by another table.
IN_COMMUNITY = {
    **dict.fromkeys(
        ("person", "child", "kept", "merged", "giver", "heir", "helper", "other"),
        ("membership", "person_id"),
    ),
    "organization": ("community_organization", "organization_id"),
}
# Acts after which somebody is no longer signed in as they were.
SIGNS_OUT = re.compile(r"erase|sign-out|tenancy-end|guardian/end|relatives/\d+/end|password|acting")
OWN_NAMES = {"person_id", "receiver_id", "giver_id", "from_person_id"}
HAN = re.compile(r"[\u4e00-\u9fff]")
REFUSED = frozenset({400, 401, 403, 404, 405, 409, 413, 415, 422, 429})


def furnish(slug: str) -> tuple[int, int]:
    """Open a community with rows of many kinds; tell it and whose they are."""
    shop = make_shop(slug)
    community, staff = shop.community_id, shop.staff
    leader = builders.make_person(community, "陈立", roles=(Role.LEADER,))
    activity = db.write(
        open_activity,
        builders.actor(community, leader),
        ActivityDraft(
            "周六社区清洁", ServiceKind.ENVIRONMENT, "居委会", "东门", leader_ids=(leader,)
        ),
    )
    starts = clock.now() + timedelta(days=1)
    shift = ShiftDraft(starts, starts + timedelta(hours=2), 10, gates=("东门",))
    db.write(add_shift, builders.actor(community, leader), activity, shift)
    opens = clock.now()
    notice = NoticeDraft("收支公示", "收入 100 元。", NoticeKind.MONEY, opens, opens + timedelta(7))
    db.write(publish_notice, staff, notice)
    assert staff.person_id is not None
    serve(staff, shop.second_staff, shop.resident, builders.actor(community, leader))
    db.write(redeem, shop.resident, shop.item_id)
    builders.make_device(community, staff.person_id, {"identity.see_people"})
    builders.make_letter(community, shop.home_id)
    assert shop.resident.person_id is not None
    return community, shop.resident.person_id


@kept
def furnish_both() -> tuple[int, int, int]:
    """Open the neighbour's community, then our own; tell them and our volunteer."""
    there, _ = furnish(NEIGHBOUR)
    return (there, *furnish(OWN))


def serve(staff: Actor, second: Actor, volunteer: Actor, giver: Actor) -> None:
    """Let somebody have served, doubt an entry, hold a record, and ask for help."""
    person, starts = volunteer.person_id, clock.now() + timedelta(hours=3)
    assert person is not None
    assert giver.person_id is not None
    db.write(confirm_hours, staff, person, 120)
    record = db.write(confirm_hours, staff, person, 120)
    db.write(dispute_hours, volunteer, record, "少记了一小时。", 180)
    db.write(make_record, volunteer, person, clock.today(), clock.today())
    grant = db.write(propose_coin_grant, staff, None, 600, "社区注入")
    db.write(approve_coin_grant, second, grant)
    draft = NeedDraft(person, ServiceKind.MEAL, "中午送饭上门", "3 号楼", starts, 30)
    need = db.write(open_need, volunteer, draft)
    db.write(open_need, volunteer, draft)
    db.write(accept_need, giver, need, giver.person_id)


@dataclass
class Seen:
    """What a view looked at while it answered."""

    shape: Schema | None = None
    files: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)


class Noting(ImmutableMultiDict[str, Any]):
    """What was sent, noting by which names a view looks into it."""

    def __init__(self, sent: MultiDict[str, Any], names: set[str]) -> None:
        super().__init__(sent)
        self.names = names

    def get(self, key: str, *others: Any, **options: Any) -> Any:
        self.names.add(key)
        return super().get(key, *others, **options)

    def getlist(self, key: str, *others: Any, **options: Any) -> Any:
        self.names.add(key)
        return super().getlist(key, *others, **options)


class Sweep:
    """Somebody who may open each door and sends what they should not."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.there, self.own, self.volunteer = furnish_both()
        self.has_come = False
        self.clients: dict[Role | None, FlaskClient] = {}
        self.codes = {
            role: assembly.permission_table().codes_for({Role.RESIDENT, role}) for role in Role
        }
        self.seen = Seen()
        names = sorted(set(Base.metadata.tables) - KEPT)
        # Table names of our own metadata.
        # One row: the rows of a UNION come in any order, and two orders look like changed tables.
        # Of one column: telling 300 apart takes longer than counting.
        self.counts = "SELECT " + " || ',' || ".join(
            f'(SELECT count(*) FROM "{each}")' for each in names
        )
        self.names = names
        self.has_committed = True
        self.rows = self.count()
        self.wrong: list[str] = []
        self.passed: set[str] = set()

    def count(self) -> list[int]:
        """Count the rows of each table, where anything was committed since they were counted."""
        if not self.has_committed:
            return self.rows
        # SQLite counts in less than a millisecond, and has more than one way to commit.
        self.has_committed = not is_postgres()
        with db.read() as session:
            found = db.statements(session).one(self.counts)
        assert found is not None
        return [int(each) for each in found[0].split(",")]

    def role_for(self, page: Page) -> Role | None:
        if page.asked == PUBLIC:
            return None
        if page.asked == SIGNED_IN:
            return Role.RESIDENT
        for role in CHOICE:
            if page.asked in self.codes[role]:
                return role
        raise AssertionError(f"nobody may open {page.rule.rule}")

    def client_of(self, role: Role | None) -> FlaskClient:
        if role not in self.clients:
            self.clients[role] = client = self.app.test_client()
            if role is not None:
                builders.sign_in(client, self._person(role))
                self.rows = self.count()
        return self.clients[role]

    def _person(self, role: Role) -> int:
        if role is Role.RESIDENT and not self.has_come:
            self.has_come = True
            return self.volunteer
        person = builders.make_person(self.own, "行者")
        if role is Role.RESIDENT:
            # The volunteer has left, or has been erased by the sweep.
            self.volunteer = person
        else:
            firm = self.find("organization_id") if role is Role.MERCHANT else None
            builders.grant(self.own, person, role, firm)
        return person

    def careful(self, page: Page, shape: Schema) -> dict[str, Any]:
        """Fill a page's fields as its careful reader would; a resident acts for themselves."""
        filled = hostile.careful(shape, self.find)
        if self.role_for(page) is Role.RESIDENT:
            filled |= {name: str(self.volunteer) for name in OWN_NAMES & filled.keys()}
        return filled

    def find(self, name: str, endpoint: str = "", slug: str = OWN) -> int | None:
        """Find the newest row that an id's name means."""
        usual = (name.removesuffix("_id"), "id")
        table_name, _ = TABLES.get(f"{endpoint} {name}", TABLES.get(name, usual))
        table_name, column = IN_COMMUNITY.get(table_name, (table_name, "id"))
        table = _find_table(table_name)
        if table is None or "community_id" not in table.c:
            return None
        community = self.own if slug == OWN else self.there
        newest = f'SELECT max({column}) FROM "{table.name}" WHERE community_id = {community:d}'
        with db.read() as session:
            found = session.scalar(text(newest))
        return found if found is None else int(found)

    def path(self, page: Page, slug: str = OWN, row_id: int | None = None) -> str:
        """Write a page's address with rows of a community, or one id throughout."""
        built = page.path(self.app, OWN, UNKNOWN_ID).split(str(UNKNOWN_ID))
        names = re.findall(r"<int:(\w+)>", page.rule.rule)
        values = [
            row_id or self.find(name, page.rule.endpoint, slug) or UNKNOWN_ID for name in names
        ]
        parts = [built[0]]
        for value, rest in zip(values, built[1:], strict=True):
            parts += [str(value), rest]
        return "".join(parts)

    def post(self, page: Page, path: str, **sent: Any) -> TestResponse:
        """Post to a page as somebody who may; note what is wrong with the answer."""
        self.seen = Seen()
        role = self.role_for(page)
        answer = self.client_of(role).post(path, **sent)
        if answer.status_code < 400:
            self.passed.add(page.rule.rule)
            self.rows = self.count()
            if role is not None and SIGNS_OUT.search(path):
                del self.clients[role]
        return answer

    def get(self, page: Page, path: str, /, **asked: Any) -> TestResponse:
        """Get a page as somebody who may; note an answer that is our own mistake."""
        self.seen = Seen()
        answer = self.client_of(self.role_for(page)).get(path, query_string=asked)
        if answer.status_code >= 500:
            self.wrong.append(f"GET {page.rule.rule} {asked!a:.200}: {answer.status_code}")
        return answer

    def judge(self, page: Page, answer: TestResponse, about: str) -> None:
        """Note an answer that is no calm refusal, or a refusal that wrote something."""
        status, place = answer.status_code, f"POST {page.rule.rule} {about}: {answer.status_code}"
        if status < 400:
            return
        if status not in REFUSED:
            self.wrong.append(place)
            return
        sentence = sentence_in(answer)
        if not HAN.search(sentence):
            self.wrong.append(f"{place} says nothing: {sentence[:80]!r}")
        now = self.count()
        if now != self.rows:
            changed = [
                name
                for name, was, is_ in zip(self.names, self.rows, now, strict=True)
                if was != is_
            ]
            self.wrong.append(f"{place} wrote {changed}")
            self.rows = now


def sentence_in(answer: TestResponse) -> str:
    """Give the sentence of a refusal: the API's, plain text, a page's alert or heading."""
    if answer.is_json:
        body = answer.get_json()
        return str(body.get("message") or body.get("sentence") or body)
    page = answer.get_data(as_text=True)
    if answer.mimetype == "text/plain":
        return page
    found = re.search(r'role="alert".*?</(?:p|section|div)>', page, re.DOTALL)
    # A page that only refuses, or shows a verdict, says so in its heading.
    found = found or re.search(r"<h2>.*?</h2>", page, re.DOTALL)
    return re.sub(r"<[^>]*>", "", found.group(0)).strip() if found else ""


@contextmanager
def watched(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sweep]:
    """Let posts come without a form's token, and see which shape each view reads."""
    sweep = Sweep(app)
    load = Schema.load

    def note(self: Schema, *given: Any, **options: Any) -> Any:
        if sweep.seen.shape is None:
            sweep.seen.shape = self
        return load(self, *given, **options)

    class Watched(app.request_class):  # type: ignore[misc,name-defined]
        @property
        def files(self) -> MultiDict[str, Any]:
            return Noting(super().files, sweep.seen.files)

        @property
        def args(self) -> MultiDict[str, Any]:
            return Noting(super().args, sweep.seen.asked)

    commit = psycopg.Connection.commit

    def note_commit(self: psycopg.Connection) -> None:
        sweep.has_committed = True
        commit(self)

    monkeypatch.setattr(psycopg.Connection, "commit", note_commit)
    monkeypatch.setattr(Schema, "load", note)
    monkeypatch.setattr(app, "request_class", Watched)
    monkeypatch.setitem(app.config, "WTF_CSRF_METHODS", set())
    with made_once():
        yield sweep


def may_pass(app: Flask, shape: Schema, values: dict[str, Any]) -> bool:
    """Tell whether values are more than a calm refusal of the shape: those need no request."""
    with app.test_request_context():
        try:
            type(shape)().load(values)
        except ValidationError:
            return False
        except Exception:  # noqa: BLE001  the request will show what it is
            return True
    return True


def is_refused(app: Flask, shape: Schema, good: dict[str, Any], name: str, value: Any) -> bool:
    """Tell whether a shape refuses a value by a sentence at its field."""
    with app.test_request_context():
        try:
            type(shape)().load(good | {name: value})
        except ValidationError as error:
            return name in error.messages_dict
        except Refusal:
            return True
    return False


def new_key() -> str:
    return ids.random_code(20)
