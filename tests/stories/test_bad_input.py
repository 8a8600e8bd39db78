"""Every form and every row of the API, sent what no careful person sends.

Whatever comes, the answer is a sentence with the right status, never a 500, and nothing is
written. Shapes and routes are found from the running application, so a new page is swept too.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from marshmallow import Schema
from werkzeug.test import TestResponse

from tests import builders
from tests.architecture.test_access import Page, pages
from tests.conftest import is_postgres
from tests.stories import hostile
from tests.stories.sweep import (
    HAN,
    NEIGHBOUR,
    Sweep,
    is_refused,
    may_pass,
    new_key,
    sentence_in,
    watched,
)

pytestmark = pytest.mark.slow
# Refused before any row is read, or told in words: no database makes a difference.
on_sqlite = pytest.mark.skipif(is_postgres(), reason="the run on SQLite has shown it")

COMMUNITY = Path(__file__).parents[2] / "community"
ROOMS = sorted({each.parent.name for each in COMMUNITY.glob("*/views*")} | {"web"})
WITH_API = sorted({each.parent.name for each in COMMUNITY.glob("*/api*")} - {"web"})
# Rooms of many pages are swept in parts, so that two workers share them.
PARTS = 2
# These come last: what they end would refuse everything after them.
ENDS = ("close", "cancel", "withdraw", "end", "revoke", "erase", "merge", "changes", "finish",
        "death", "move", "sale", "restore", "sign-out")  # fmt: skip
# More digits than a database's integers have.
HUGE_ID = 10**21
LARGEST_ID = 10**15 - 1
TOO_LARGE = 21 << 20


@pytest.fixture
def sweep(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sweep]:
    with watched(app, monkeypatch) as made:
        yield made
        assert not made.wrong, "\n".join(made.wrong)


def room_of(app: Flask, page: Page) -> str:
    if page.rule.rule.startswith("/api/v1/c/"):
        return page.rule.rule.split("/")[5]
    return app.view_functions[page.rule.endpoint].__module__.split(".")[1]


def posts(app: Flask, room: str = "", *, api: bool, part: int | None = None) -> list[Page]:
    """List what takes posts: what makes rows first, what needs them then, what ends them last."""
    found = [
        page
        for page in pages(app)
        if page.method == "POST"
        and page.rule.rule.startswith("/api/") == api
        and room in {"", room_of(app, page)}
    ]
    found.sort(key=lambda page: (any(each in page.rule.rule for each in ENDS), page.has_id))
    return found if part is None else found[part::PARTS]


def form(sweep: Sweep, page: Page, values: dict[str, Any], path: str = "") -> TestResponse:
    sent = {"request_key": new_key(), **hostile.flat(values)}
    return sweep.post(page, path or sweep.path(page), data=sent)


def body(
    sweep: Sweep, page: Page, values: Any, path: str = "", key: str | None = None
) -> TestResponse:
    headers = {"Idempotency-Key": key or new_key()}
    return sweep.post(page, path or sweep.path(page), json=values, headers=headers)


Send = Callable[..., TestResponse]


def test_a_refusal_that_writes_is_named(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with watched(app, monkeypatch) as sweep:
        page = posts(app, "notices", api=False)[0]
        sweep.judge(page, form(sweep, page, {}), "empty")
        assert sweep.wrong == []
        builders.make_community("written")
        sweep.judge(page, form(sweep, page, {}), "empty")
        assert [each.partition(" wrote ")[2] for each in sweep.wrong] == ["['community']"]


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("room", ROOMS)
def test_forms_refuse_in_words(sweep: Sweep, room: str, part: int) -> None:
    for page in posts(sweep.app, room, api=False, part=part):
        sweep.judge(page, form(sweep, page, {}), "empty")
        shape = sweep.seen.shape
        if shape is None:
            continue
        answer = form(sweep, page, dict.fromkeys(hostile.fields_of(shape), "1_000"))
        sweep.judge(page, answer, "all 1_000")
        answer = form(sweep, page, dict.fromkeys(hostile.fields_of(shape), hostile.LONG))
        sweep.judge(page, answer, "all long")
        _check_kept(sweep, page, answer)
        _try_fields(sweep, page, shape, form)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("room", WITH_API)
def test_the_api_refuses_in_words(sweep: Sweep, room: str, part: int) -> None:
    for page in posts(sweep.app, room, api=True, part=part):
        values: tuple[Any, ...] = ([], {"unknown": 1})
        for value in values:
            answer = body(sweep, page, value)
            sweep.judge(page, answer, f"body {value!r}")
            if value and answer.status_code < 400:
                sweep.wrong.append(f"POST {page.rule.rule} took an unknown field")
        shape = sweep.seen.shape
        if shape is None:
            continue
        nested = {name: [[{"a": [None]}]] for name in hostile.fields_of(shape)}
        sweep.judge(page, body(sweep, page, nested), "all nested")
        good = sweep.careful(page, shape)
        answer = body(sweep, page, good | {"unknown": 1})
        if answer.status_code != 422:
            sweep.wrong.append(f"POST {page.rule.rule} unknown field: {answer.status_code}")
        _try_fields(sweep, page, shape, body)


def _try_fields(sweep: Sweep, page: Page, shape: Schema, send: Send) -> None:
    """Send each field what it may stumble over, then careful values with a neighbour's rows."""
    good = sweep.careful(page, shape)
    for name, field in hostile.fields_of(shape).items():
        for value in hostile.never(field):
            if not is_refused(sweep.app, shape, good, name, value):
                sweep.wrong.append(f"POST {page.rule.rule} takes {name}={str(value)[:20]!a}")
    for name, value in hostile.single(shape, is_sent=send is body):
        if may_pass(sweep.app, shape, good | {name: value}):
            answer = send(sweep, page, good | {name: value})
            sweep.judge(page, answer, f"{name}={str(value)[:20]!a}")
    theirs = hostile.careful(shape, partial(sweep.find, slug=NEIGHBOUR))
    for name in (
        each for each in hostile.fields_of(shape) if each.endswith("_id") and theirs[each] != "1"
    ):
        answer = send(sweep, page, good | {name: theirs[name]})
        sweep.judge(page, answer, f"the neighbour's {name}")
        if answer.status_code < 400:
            sweep.wrong.append(f"POST {page.rule.rule} took the neighbour's {name}")
    sweep.judge(page, send(sweep, page, sweep.careful(page, shape)), "careful")


def _check_kept(sweep: Sweep, page: Page, answer: TestResponse) -> None:
    """See that what was typed stands again in the form that it was typed into."""
    if answer.status_code != 422 or answer.is_json or sweep.seen.shape is None:
        return
    fields = hostile.fields_of(sweep.seen.shape)
    shown = answer.get_data(as_text=True)
    forms = re.findall(
        rf'<form [^>]*action="{re.escape(sweep.path(page))}".*?</form>', shown, re.DOTALL
    )
    typed = (
        r'<input(?=[^>]*type="(?:text|number|tel|date|datetime-local|month)")[^>]*>',
        r"<textarea[^>]*>.*?</textarea>",
    )
    for tag in re.findall("|".join(typed), "".join(forms), re.DOTALL):
        named = re.search(r'name="([^"]+)"', tag)
        if named and named.group(1) in fields and hostile.LONG not in html.unescape(tag):
            sweep.wrong.append(f"POST {page.rule.rule} loses what was typed in {named.group(1)}")


@pytest.mark.parametrize("api", [False, True], ids=["forms", "api"])
def test_foreign_and_huge_ids_are_refused(sweep: Sweep, *, api: bool) -> None:
    for page in posts(sweep.app, api=api):
        if not page.has_id:
            continue
        ways = [sweep.path(page, row_id=each) for each in (HUGE_ID, LARGEST_ID)]
        # The address stays our own community's; only its rows are the neighbour's.
        for path in (sweep.path(page, NEIGHBOUR), *ways):
            answer = (body if api else form)(sweep, page, {}, path)
            sweep.judge(page, answer, path)
            if answer.status_code < 400:
                sweep.wrong.append(f"POST {path} ({page.rule.rule}): {answer.status_code}")


@on_sqlite
def test_a_post_without_its_token_writes_nothing(
    sweep: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sweep.app.config, "WTF_CSRF_METHODS", {"POST"})
    for page in posts(sweep.app, api=False) + posts(sweep.app, api=True):
        answer = sweep.post(page, sweep.path(page), data={"request_key": new_key()})
        sweep.judge(page, answer, "no token")
        if answer.status_code < 400:
            sweep.wrong.append(f"POST {page.rule.rule} without a token: {answer.status_code}")


def test_a_post_without_its_request_key_writes_nothing(sweep: Sweep) -> None:
    for page in posts(sweep.app, api=True):
        answer = sweep.post(page, sweep.path(page), json={})
        sweep.judge(page, answer, "no key")
        if answer.status_code < 400:
            sweep.wrong.append(f"POST {page.rule.rule} without a key: {answer.status_code}")
    for page in posts(sweep.app, api=False):
        # Acts that are idempotent by nature need none and may pass.
        answer = sweep.post(page, sweep.path(page), data={"request_key": "钥匙" * 10})
        sweep.judge(page, answer, "no key")


@on_sqlite
def test_english_readers_are_refused_in_english(sweep: Sweep) -> None:
    for page in posts(sweep.app, api=False) + posts(sweep.app, api=True):
        sweep.client_of(sweep.role_for(page)).set_cookie("language", "en")
        api = page.rule.rule.startswith("/api/")
        answer = body(sweep, page, {}) if api else form(sweep, page, {})
        sentence = sentence_in(answer)
        if answer.status_code >= 400 and (not sentence or HAN.search(sentence)):
            sweep.wrong.append(f"POST {page.rule.rule}: {answer.status_code} {sentence[:60]}")


@on_sqlite
def test_files_that_are_not_what_they_say_are_refused(sweep: Sweep) -> None:
    swept = []
    for page in posts(sweep.app, api=False):
        form(sweep, page, {})
        shape = sweep.seen.shape
        good = sweep.careful(page, shape) if shape else {}
        # A code that is typed makes the picture of one needless.
        good.pop("code", None)
        form(sweep, page, good)
        fields = sorted(sweep.seen.files)
        if not fields:
            continue
        swept.append(page.rule.rule)
        for about, name, content in hostile.bad_files():
            sent = {each: (io.BytesIO(content), name) for each in fields}
            answer = form(sweep, page, good | sent)
            sweep.judge(page, answer, about)
            if answer.status_code < 400:
                sweep.wrong.append(f"POST {page.rule.rule} took {about}: {answer.status_code}")
        large = {fields[0]: (io.BytesIO(b"0" * TOO_LARGE), "a.png")}
        sweep.judge(page, form(sweep, page, good | large), "too large")
    assert len(swept) > 5, swept


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("room", ROOMS)
def test_hostile_addresses_are_answered(sweep: Sweep, room: str, part: int) -> None:
    found = [
        page
        for page in pages(sweep.app)
        if page.method == "GET" and room_of(sweep.app, page) == room
    ]
    for page in found[part::PARTS]:
        path = sweep.path(page)
        sweep.get(page, path, unknown=[hostile.HUGE, "<b>", "\x00"])
        asked = sweep.seen.asked | set(
            hostile.fields_of(sweep.seen.shape) if sweep.seen.shape else ()
        )
        for name in sorted(asked):
            for value in hostile.ASKED:
                sweep.get(page, path, **{name: value})
        if asked:
            sweep.get(page, path, **{name: ["1", "2"] for name in asked})
        if page.has_id:
            sweep.get(page, sweep.path(page, row_id=LARGEST_ID))


@pytest.mark.parametrize("room", WITH_API)
def test_a_key_is_for_one_payload(sweep: Sweep, room: str) -> None:
    """The same request again gets its answer again; another one under its key is refused."""
    for page in posts(sweep.app, room, api=True):
        path, key = sweep.path(page), new_key()
        body(sweep, page, {}, path)
        shape = sweep.seen.shape
        good = sweep.careful(page, shape) if shape else {}
        first = body(sweep, page, good, path, key)
        if first.status_code >= 400:
            continue
        again = body(sweep, page, good, path, key)
        if again.get_json() != first.get_json():
            sweep.wrong.append(f"POST {page.rule.rule} answers a repetition otherwise")
        changed = (
            next((each for each in hostile.others(shape, good) if each), None) if shape else None
        )
        if changed is None:
            continue
        other = body(sweep, page, changed, path, key)
        if (other.status_code, other.get_json().get("error")) != (409, "KeyReused"):
            sweep.wrong.append(f"POST {page.rule.rule} takes a used key: {other.status_code}")
