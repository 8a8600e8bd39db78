"""The import contracts hold, and each of them bites when somebody breaks it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
FLOORS = "Floors: imports point down"
FURNITURE = "Furniture: files of a room import down, and no others exist"
DOORS = "Doors: others import a room, never its files"
RULES = "Pure rules: decisions know no database and no request"
TALLIES = "Tallies, open contracting: they import nothing of the house"
ALGEBRA = "Linear algebra stays in the opinion map"
COMMANDS = "Commands know no web"
ENTRY_POINTS = "Entry points hold no SQL"
KERNEL = "Kernel knows no web"
LIKENESS = "Likeness of texts is pure"

UPWARD_FOR_TYPES = (
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import community.identity"
)
# contract, then module = line to add to it. A module that is missing is made.
SEEDS = {
    "upward": (FLOORS, {"kernel.seeded": "import community.identity", "identity": ""}),
    "upward for types": (FLOORS, {"kernel.seeded": UPWARD_FOR_TYPES, "identity": ""}),
    "sideways": (
        FLOORS,
        {"volunteering.service": "import community.rewards", "rewards": ""},
    ),
    "unlisted room": (FLOORS, {"seeded": ""}),
    "command above rule": (
        FURNITURE,
        {"ledger.rules": "import community.ledger.models", "ledger.models": ""},
    ),
    "own door from inside": (
        FURNITURE,
        {
            "ledger.models": "import community.ledger",
            "ledger": "import community.ledger.service",
            "ledger.service": "",
        },
    ),
    "unlisted furniture": (FURNITURE, {"ledger.seeded": ""}),
    "past the door": (
        DOORS,
        {"volunteering.service": "import community.ledger.queries", "ledger.queries": ""},
    ),
    "flow past the door": (
        DOORS,
        {"flows.seeded": "import community.ledger.queries", "ledger.queries": ""},
    ),
    "door opens on pages": (
        DOORS,
        {"ledger": "import community.ledger.views", "ledger.views": ""},
    ),
    "rule with database": (RULES, {"ledger.rules": "import sqlalchemy"}),
    "tally with refusal": (
        TALLIES,
        {"deliberation.tallies": "import community.kernel.errors"},
    ),
    "tally with linear algebra": (ALGEBRA, {"deliberation.tallies": "import numpy"}),
    "open data with clock": (
        TALLIES,
        {"micro_projects.open_contracting": "import community.kernel.clock"},
    ),
    "rule with writer": (
        RULES,
        {"ledger.rules": "import community.kernel.db", "kernel.db": ""},
    ),
    "command with request": (COMMANDS, {"ledger.service": "from flask import request"}),
    "command with web behind it": (
        COMMANDS,
        {"ledger.queries": "import community.kernel.seeded", "kernel.seeded": "import flask_login"},
    ),
    "page with query": (ENTRY_POINTS, {"ledger.views": "from sqlalchemy import select"}),
    "likeness with database": (LIKENESS, {"kernel.similar": "import sqlalchemy"}),
    "kernel with flask": (KERNEL, {"kernel.seeded": "import flask"}),
}


def run_contracts(tree: Path) -> subprocess.CompletedProcess[str]:
    """Run every contract on a tree; wide output, so that no line is broken."""
    command = str(Path(sys.executable).with_name("lint-imports"))
    return subprocess.run(
        [command, "--no-cache"],
        cwd=tree,
        env={"COLUMNS": "400", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def copy_tree(target: Path) -> Path:
    """Copy what the contracts look at: the code, their settings and their own types."""
    shutil.copytree(
        ROOT / "community",
        target / "community",
        ignore=lambda folder, names: [
            name for name in names if not (name.endswith(".py") or (Path(folder) / name).is_dir())
        ],
    )
    (target / "tests/architecture").mkdir(parents=True)
    for name in (
        "pyproject.toml",
        "tests/__init__.py",
        "tests/architecture/__init__.py",
        "tests/architecture/contracts.py",
    ):
        shutil.copy(ROOT / name, target / name)
    return target


def add_line(tree: Path, module: str, line: str) -> None:
    """Add a line to a module of the house, making the module and its room when missing."""
    room, *file = module.split(".")
    package = tree / "community" / room
    package.mkdir(exist_ok=True)
    (package / "__init__.py").touch()
    path = package.joinpath(*file)
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    with path.open("a", encoding="utf-8") as opened:
        opened.write(f"\n{line}\n")


def test_contracts_hold() -> None:
    done = run_contracts(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", SEEDS)
def test_contract_reports_seeded_violation(name: str, tmp_path: Path) -> None:
    contract, lines = SEEDS[name]
    tree = copy_tree(tmp_path)
    for module, line in lines.items():
        add_line(tree, module, line)
    done = run_contracts(tree)
    assert f"{contract} BROKEN" in done.stdout, done.stdout + done.stderr
    assert f"community.{next(iter(lines))}" in done.stdout, done.stdout


def test_every_contract_has_a_seed() -> None:
    done = run_contracts(ROOT)
    known = set(re.findall(r"^(.+) (?:KEPT|BROKEN)(?: \(.+\))?$", done.stdout, re.MULTILINE))
    assert {contract for contract, _ in SEEDS.values()} == known
