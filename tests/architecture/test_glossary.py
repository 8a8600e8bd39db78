"""Every noun of the trade stands once in the glossary, with its Chinese term and its source."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture import house

pytestmark = pytest.mark.once

GLOSSARY = house.ROOT / "docs/glossary.md"
ROW = re.compile(r"^\|([^|]+)\|([^|]+)\|([^|]+)\|$", re.MULTILINE)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def read_rows(text: str) -> list[tuple[str, str, str]]:
    """Return the glossary's rows: English, Chinese, source."""
    rows = [
        (english.strip(), chinese.strip(), source.strip())
        for english, chinese, source in ROW.findall(text)
    ]
    return [row for row in rows if row[0] != "English" and set(row[0]) - set("-: ")]


def make_singular(word: str) -> str:
    """Bring a noun to its singular, as far as names here need it."""
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "pluses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def split_words(name: str) -> list[str]:
    """Split snake_case, CamelCase and plain text into singular words."""
    return [make_singular(word.lower()) for word in WORD.findall(name)]


def has_term(name: str, terms: list[list[str]]) -> bool:
    """Tell whether a term's words stand in the name, one after the other."""
    words = split_words(name)
    return any(
        words[start : start + len(term)] == term for term in terms for start in range(len(words))
    )


def ends_with_term(table: str, terms: list[list[str]]) -> bool:
    """Tell whether a table is named after a term; its room may stand before it."""
    words = split_words(table)
    return any(words[-len(term) :] == term for term in terms)


def find_tables(tree: ast.Module) -> Iterator[str]:
    """Yield the names of the tables a file declares, either way SQLAlchemy knows."""
    for node in ast.walk(tree):
        named: ast.expr | None = None
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__tablename__":
            named = node.value
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Table"):
            named = node.args[0] if node.args else None
        if isinstance(named, ast.Constant):
            yield str(named.value)


def find_exports(tree: ast.Module) -> Iterator[str]:
    """Yield the public names of a door."""
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [one.asname or one.name for one in node.names]
        elif isinstance(node, ast.ClassDef | ast.FunctionDef):
            names = [node.name]
        else:
            names = []
        yield from (name for name in names if not name.startswith("_"))


def read_terms() -> list[list[str]]:
    return [split_words(row[0]) for row in read_rows(GLOSSARY.read_text(encoding="utf-8"))]


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_every_table_is_named_after_a_term() -> None:
    terms = read_terms()
    missing = [
        f"{house.name_file(path)}: {table}"
        for path in house.list_code("community")
        for table in find_tables(parse(path))
        if not ends_with_term(table, terms)
    ]
    assert not missing, f"add their nouns to docs/glossary.md: {missing}"


def test_every_door_speaks_of_terms() -> None:
    terms = read_terms()
    doors = sorted((house.ROOT / "community").glob("*/__init__.py"))
    missing = [
        f"{house.name_file(door)}: {name}"
        for door in doors
        for name in find_exports(parse(door))
        if not has_term(name, terms)
    ]
    assert not missing, f"add their nouns to docs/glossary.md: {missing}"


def test_every_row_is_complete() -> None:
    rows = read_rows(GLOSSARY.read_text(encoding="utf-8"))
    assert len(rows) > 50
    incomplete = [row for row in rows if not all(row) or not CHINESE.search(row[1])]
    assert not incomplete


def test_one_word_has_one_meaning() -> None:
    rows = read_rows(GLOSSARY.read_text(encoding="utf-8"))
    counted = Counter(tuple(split_words(row[0])) for row in rows)
    assert [" ".join(term) for term, times in counted.items() if times > 1] == []


def test_missing_table_is_found() -> None:
    tree = ast.parse('class A:\n    __tablename__ = "ledger_widget"\nB = sa.Table("gadget", m)\n')
    assert [one for one in find_tables(tree) if not ends_with_term(one, [["entry"]])] == [
        "ledger_widget",
        "gadget",
    ]


def test_missing_export_is_found() -> None:
    tree = ast.parse("from community.ledger.service import post_entries, frobnicate, _own\n")
    assert [one for one in find_exports(tree) if not has_term(one, [["entry"]])] == ["frobnicate"]


def test_names_are_split_into_singular_words() -> None:
    assert split_words("open_time_bank_needs") == ["open", "time", "bank", "need"]
    assert split_words("PollDecided") == ["poll", "decided"]
    assert split_words("QRCodes") == ["qr", "code"]
    assert split_words("activities") == ["activity"]
    assert split_words("classes of status") == ["class", "of", "status"]


def test_room_before_the_term_is_allowed() -> None:
    assert ends_with_term("ledger_period_balance", [["period", "balance"]])
    assert not ends_with_term("entry_widget", [["entry"]])
