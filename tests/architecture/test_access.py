"""Every route × every role × own and neighbouring community, from the URL map itself.

A room that adds a page is walked from its first day: what the view declares and what the
permission table says must be what the server answers, and ids of a neighbour open nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import IntegerConverter, PathConverter, Rule
from werkzeug.test import TestResponse

from community import app as assembly
from community.kernel import ids
from community.kernel.permissions import Role
from community.web.access import PUBLIC, SIGNED_IN, access_of
from tests import builders
from tests.conftest import is_postgres
from tests.same_refusals import made_once

OWN, NEIGHBOUR = "own", "neighbour"
UNKNOWN_ID = 999_999_999
# What a refusal may be when the page itself is open to the role.
ANSWERED = frozenset({200, 302, 303, 304, 400, 404, 405, 409, 413, 415, 422, 429})
SHUT = frozenset({403})
VISITOR_SHUT = frozenset({302, 401})
ACTORS: tuple[Role | None, ...] = (None, *Role)


@dataclass(frozen=True)
class Page:
    """A route with one of its methods."""

    rule: Rule
    method: str
    asked: str

    @property
    def has_id(self) -> bool:
        return any(isinstance(each, IntegerConverter) for each in self.rule._converters.values())

    @property
    def is_local(self) -> bool:
        return "community" in self.rule.arguments

    def path(self, app: Flask, community: str, row_id: int) -> str:
        values: dict[str, object] = {}
        for name, converter in self.rule._converters.items():
            if name == "community":
                values[name] = community
            elif isinstance(converter, IntegerConverter):
                values[name] = row_id
            elif isinstance(converter, PathConverter):
                values[name] = "unknown"
            else:
                values[name] = next(iter(getattr(converter, "items", ())), "unknown")
        adapter = app.url_map.bind("localhost")
        return adapter.build(self.rule.endpoint, values, self.method)


def pages(app: Flask) -> list[Page]:
    found = []
    for rule in app.url_map.iter_rules():
        asked = access_of(app, rule.endpoint)
        assert asked is not None
        found += [
            Page(rule, method, asked)
            for method in ("GET", "POST")
            if method in (rule.methods or ()) and rule.endpoint != "static"
        ]
    return found


@cache
def codes_of(role: Role) -> frozenset[str]:
    return frozenset(assembly.permission_table().codes_for({Role.RESIDENT, role}))


def may_open(role: Role | None, page: Page) -> bool:
    """Tell what the declaration and the permission table say."""
    if page.asked == PUBLIC:
        return True
    if role is None:
        return False
    return page.asked == SIGNED_IN or page.asked in codes_of(role)


def is_tried(role: Role | None, page: Page) -> bool:
    """Tell whether a role tries a door on the database of this run.

    Who is refused is refused before the view runs, the same on every database; so on PostgreSQL
    each view is met once, by the first who may open it.
    """
    return not is_postgres() or role == next(each for each in ACTORS if may_open(each, page))


class Walker:
    """Somebody with one role who tries every door."""

    def __init__(self, app: Flask, community_id: int, role: Role | None) -> None:
        self.app, self.community_id, self.role = app, community_id, role
        self.enter()

    def enter(self) -> None:
        """Be a new person of the role, with a new session."""
        self.client: FlaskClient = self.app.test_client()
        if self.role is not None:
            roles = () if self.role is Role.RESIDENT else (self.role,)
            person = builders.make_person(self.community_id, "行者", roles=roles)
            builders.sign_in(self.client, person)

    def open(self, page: Page, community: str, row_id: int) -> TestResponse:
        path, key = page.path(self.app, community, row_id), ids.random_code(20)
        if page.method == "GET":
            return self.client.get(path)
        if path.startswith("/api/"):
            answer = self.client.post(path, json={}, headers={"Idempotency-Key": key})
        else:
            answer = self.client.post(path, data={"request_key": key})
        if answer.status_code < 400:
            # It may have been the way out, or the person's own erasure.
            self.enter()
        return answer


@pytest.fixture
def walked(app: Flask) -> Iterator[Flask]:
    """Let posts come without a form's token: this walk asks about roles."""
    before = app.config.get("WTF_CSRF_METHODS")
    app.config["WTF_CSRF_METHODS"] = set()
    with made_once():
        yield app
    app.config["WTF_CSRF_METHODS"] = before


def scene(app: Flask) -> tuple[int, int]:
    """Make the neighbour first, so that low ids are the neighbour's."""
    there = builders.make_community("neighbour", "隔壁社区")
    home = builders.make_household(there)
    person = builders.make_person(
        there, "邻居", phone="13800000008", household_id=home, roles=(Role.STAFF,)
    )
    builders.sign_in(app.test_client(), person)
    builders.make_organization(there)
    builders.make_device(there, person, {"identity.see_people"})
    builders.make_letter(there, home)
    return builders.make_community("own", "自己社区"), there


@pytest.mark.slow
@pytest.mark.parametrize("role", ACTORS, ids=lambda role: role.value if role else "visitor")
def test_every_door_answers_as_declared(walked: Flask, role: Role | None) -> None:
    own_id, _ = scene(walked)
    walker = Walker(walked, own_id, role)
    wrong = []
    for page in pages(walked):
        if not is_tried(role, page):
            continue
        answer = walker.open(page, OWN, UNKNOWN_ID)
        if not _is_right(page, answer, role, may=may_open(role, page)):
            wrong.append(f"{page.method} {page.rule.rule} ({page.asked}): {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def _is_right(page: Page, answer: TestResponse, role: Role | None, *, may: bool) -> bool:
    status = answer.status_code
    if not may:
        return status in (VISITOR_SHUT if role is None else SHUT)
    # A command may refuse what a page lets one try; a plain page may not.
    refused = SHUT if page.has_id or page.method == "POST" or page.asked == PUBLIC else frozenset()
    return status in ANSWERED | refused


@pytest.mark.slow
@pytest.mark.parametrize("role", ACTORS, ids=lambda role: role.value if role else "visitor")
def test_a_role_ends_at_the_communitys_border(walked: Flask, role: Role | None) -> None:
    own_id, _ = scene(walked)
    walker = Walker(walked, own_id, role)
    wrong = []
    for page in pages(walked):
        if not (page.is_local and is_tried(role, page)):
            continue
        status = walker.open(page, NEIGHBOUR, 1).status_code
        expected = ANSWERED | SHUT
        if page.asked != PUBLIC:
            expected = VISITOR_SHUT if role is None else SHUT
        if status not in expected:
            wrong.append(f"{page.method} {page.rule.rule} ({page.asked}): {status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_a_neighbours_ids_open_nothing(walked: Flask, role: Role) -> None:
    own_id, _ = scene(walked)
    walker = Walker(walked, own_id, role)
    wrong = []
    for page in pages(walked):
        if not (page.is_local and page.has_id and is_tried(role, page)):
            continue
        status = walker.open(page, OWN, 1).status_code
        allowed = {403, 404} if page.method == "GET" else {400, 403, 404, 409, 422}
        if status not in allowed:
            wrong.append(f"{page.method} {page.rule.rule} ({page.asked}): {status}")
    assert not wrong, "\n".join(wrong)


def test_the_walk_sees_a_view_that_forgets(walked: Flask) -> None:
    """A page open to residents is no page for visitors: the comparison itself must bite."""
    own_id, _ = scene(walked)
    walker = Walker(walked, own_id, Role.RESIDENT)
    page = next(each for each in pages(walked) if each.asked == "identity.see_people")
    answer = walker.open(page, OWN, UNKNOWN_ID)
    assert _is_right(page, answer, Role.RESIDENT, may=False)
    assert not _is_right(page, answer, Role.RESIDENT, may=True) or page.has_id
