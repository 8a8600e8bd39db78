"""Every command that a page runs is reached by the API too."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.architecture import house

pytestmark = pytest.mark.once

Finder = Callable[[ast.AST], Iterator[str]]

# The wizard runs before there is a community for the API's addresses.
# Signing in and out, passwords, sessions and for whom one acts are a browser's; a device holds
# a token instead.
# A witness's program posts a signed note, as C2SP has it, and no form nor JSON.
ONLY_PAGES = {
    "transparency": {"keep_cosignature"},
    "identity": {
        "act_for",
        "ask_for_code",
        "choose_person",
        "end_other_sessions",
        "end_session",
        "found_community",
        "keep_answers",
        "enter_by_code",
        "enter_by_letter",
        "enter_by_password",
        "enter_by_slip",
        "join_by_letter",
        "open_password_attempt",
        "remove_password",
        "set_password",
        "sign_out",
        "stop_acting",
        "touch_session",
    },
}


def test_every_page_command_is_in_the_api() -> None:
    missing = {
        room: sorted(lacking)
        for room, commands in _commands_of("views", _written).items()
        if (
            lacking := commands
            - _commands_of("api", _exposed).get(room, set())
            - ONLY_PAGES.get(room, set())
        )
    }
    assert not missing, f"add a row to the room's api.py for each: {missing}"


def test_a_page_command_is_found() -> None:
    tree = ast.parse("db.write(service.sign_up, the_actor(), 3)\nwrite(points.award, actor)")
    assert set(_written(tree)) == {"sign_up", "award"}


def test_an_api_command_is_found() -> None:
    tree = ast.parse('api.act("/x", service.sign_up, permissions.SIGN_UP, Shape)')
    assert set(_exposed(tree)) == {"sign_up"}


def _commands_of(kind: str, find: Finder) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in house.list_code("community"):
        room, *inside = path.relative_to(house.ROOT / "community").parts
        if _is_kind(kind, inside):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found.setdefault(room, set()).update(find(tree))
    return found


def _is_kind(kind: str, inside: list[str]) -> bool:
    return any(Path(part).stem.startswith(kind) for part in inside)


def _written(tree: ast.AST) -> Iterator[str]:
    for call in _calls(tree, "write"):
        if call.args:
            yield _last_name(call.args[0])


def _exposed(tree: ast.AST) -> Iterator[str]:
    for call in _calls(tree, "act"):
        if len(call.args) > 1:
            yield _last_name(call.args[1])


def _calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _last_name(node.func) == name:
            yield node


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
