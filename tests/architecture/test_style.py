"""The page on style, as far as a machine can read it; every rule is shown to bite."""

import ast
from pathlib import Path

import pytest

from tests.architecture import house, house_rules
from tests.architecture.house_rules import Finding, Rule

pytestmark = pytest.mark.once

CODE = house.list_code("community", "tests", "benchmarks", ".ci", "wsgi.py")
EVERYWHERE: list[Rule] = [
    house_rules.check_docstring,
    house_rules.check_file_length,
    house_rules.check_function_length,
    house_rules.check_unfinished,
    house_rules.check_local_imports,
]
IN_THE_PRODUCT: list[Rule] = [
    house_rules.check_clock,
    house_rules.check_broad_catch,
]
CLOCK = "community/kernel/clock.py"
# Runs on the committee's own laptop, where there is no kernel.
OWN_CLOCK = "community/transparency/rules/audit/witness.py"
# The writer and the job runner answer for whatever a command does.
CATCHES_ALL = (
    "community/kernel/db/postgres_writer",
    "community/kernel/db/sqlite_batch",
    "community/kernel/db/sqlite_writer",
    "community/kernel/jobs",
)
# Written by alembic from the tables; nobody reads them as code.
GENERATED = "community/migrations/versions/"
# Put together from small modules, and compared with them by a test.
PUT_TOGETHER = house.ROOT / "static/seal.html"
# Counts nothing, so its linear algebra may use floats.
OPINION_MAP = "community/deliberation/tallies/opinion_map"
LOTS = "community/kernel/lots.py"


def is_exact(name: str) -> bool:
    """Tell whether a file counts money, minutes, points or votes, or draws lots."""
    parts = Path(name).with_suffix("").parts
    if parts[0] != "community" or name.startswith(OPINION_MAP):
        return False
    if parts[1] == "ledger" or {"tallies", "open_contracting"} & set(parts) or name == LOTS:
        return True
    return any(part.endswith("rules") for part in parts[2:])


def choose_rules(name: str) -> list[Rule]:
    """Return the rules that hold for a file."""
    rules = list(EVERYWHERE)
    if name.startswith("community/"):
        rules += IN_THE_PRODUCT
    if is_exact(name):
        rules.append(house_rules.check_exactness)
    if name in {CLOCK, OWN_CLOCK}:
        rules.remove(house_rules.check_clock)
    if name.startswith(CATCHES_ALL):
        rules.remove(house_rules.check_broad_catch)
    if name.startswith(GENERATED):
        rules.remove(house_rules.check_file_length)
        rules.remove(house_rules.check_function_length)
    return rules


def find_problems(name: str, source: str) -> list[Finding]:
    tree = ast.parse(source)
    return [finding for rule in choose_rules(name) for finding in rule(tree, source)]


def test_there_is_code_to_read() -> None:
    assert Path(__file__) in CODE


@pytest.mark.parametrize("path", CODE, ids=house.name_file)
def test_file_keeps_the_house_rules(path: Path) -> None:
    name = house.name_file(path)
    problems = find_problems(name, path.read_text(encoding="utf-8"))
    assert not problems, "\n".join(f"{name}:{line}: {said}" for line, said in problems)


def test_templates_and_scripts_fit_their_limit() -> None:
    long = {
        house.name_file(path): lines
        for path in house.list_files()
        if path.suffix in {".html", ".js", ".css"}
        and "vendor" not in path.parts
        and path != PUT_TOGETHER
        if (lines := path.read_text(encoding="utf-8").count("\n")) > house_rules.MOST_FILE_LINES
    }
    assert not long, f"split by business word: {long}"


BAD = {
    "no docstring": ("community/web/x.py", "x = 1\n", "no docstring"),
    "long file": ("tests/x.py", '"""A."""\n' + "x = 1\n" * 400, "401 lines"),
    "long function": (
        "tests/x.py",
        '"""A."""\ndef f():\n' + "    x = 1\n" * 50,
        "f has 51 lines",
    ),
    "late import": (
        "community/web/x.py",
        '"""A."""\ndef f():\n    import json\n',
        "imports json inside",
    ),
    "late relative import": (
        "community/web/x.py",
        '"""A."""\ndef f():\n    from . import y\n',
        "inside a function",
    ),
    "heavy import without reason": (
        "community/web/x.py",
        '"""A."""\ndef f():\n    import weasyprint\n',
        "without the reason",
    ),
    "clock": (
        "community/web/x.py",
        '"""A."""\nfrom datetime import datetime as dt, UTC\ndt.now(UTC)\n',
        "dt.now",
    ),
    "clock by module": (
        "community/web/x.py",
        '"""A."""\nimport datetime\ndatetime.date.today()\n',
        "date.today",
    ),
    "time": ("community/web/x.py", '"""A."""\nimport time\ntime.time()\n', "time.time"),
    "unfinished": ("tests/x.py", '"""A."""\n# TODO later\n', "unfinished"),  # house-rule
    "bare except": (
        "community/web/x.py",
        '"""A."""\ntry:\n    x()\nexcept:\n    y()\n',
        "everything",
    ),
    "broad except": (
        "community/web/x.py",
        '"""A."""\ntry:\n    x()\nexcept (OSError, Exception):\n    y()\n',
        "everything",
    ),
    "float literal": ("community/ledger/models.py", '"""A."""\nx = 0.5\n', "float 0.5"),
    "float type": (
        "community/rewards/rules.py",
        '"""A."""\nx = float("1")\n',
        "type float",
    ),
    "division": (
        "community/rewards/rules/caps.py",
        '"""A."""\nx = 1 / 2\n',
        "division",
    ),
    "division of votes": (
        "community/deliberation/tallies/seats.py",
        '"""A."""\nx = 1 / 2\n',
        "division",
    ),
    "division in place": (
        "community/ledger/allocation_rules.py",
        '"""A."""\nx = 1\nx /= 2\n',
        "division",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_rule_reports_seeded_violation(case: str) -> None:
    name, source, expected = BAD[case]
    assert any(expected in said for _, said in find_problems(name, source))


GOOD = {
    "late import with reason": (
        "community/web/x.py",
        '"""A."""\ndef f():\n    import weasyprint  # costs 0.5 s\n',
    ),
    "the clock's own file": (CLOCK, '"""A."""\nimport time\ntime.time()\n'),
    "the writer": (
        "community/kernel/db/sqlite_writer.py",
        '"""A."""\ntry:\n    x()\nexcept Exception:\n    y()\n',
    ),
    "own now": (
        "community/web/x.py",
        '"""A."""\nfrom community.kernel import clock\nclock.now()\n',
    ),
    "whole division": ("community/ledger/rules.py", '"""A."""\nx = 7 // 2\n'),
    "float outside the books": ("community/web/x.py", '"""A."""\nx = 0.5\n'),
}


@pytest.mark.parametrize("case", GOOD)
def test_rule_leaves_the_allowed_alone(case: str) -> None:
    name, source = GOOD[case]
    assert find_problems(name, source) == []
