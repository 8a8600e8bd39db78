"""The commands say what they do, and what is missing."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]


def run_make(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    # make hands its own flags down; a test run by `make test` must not inherit them.
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFL"))}
    return subprocess.run(
        ["make", "--no-print-directory", *words],
        cwd=ROOT,
        env=kept | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def run_setup(step: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", str(ROOT / ".ci/setup"), step],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder)} | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_names_every_target() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    declared = re.findall(r"(?m)^\.PHONY: (.*)$", text)[0].split()
    said = run_make("help").stdout
    assert [name for name in declared if f"make {name} " not in said] == []


def test_unknown_step_is_refused_with_the_list() -> None:
    done = run_setup("frobnicate", ROOT)
    assert done.returncode != 0
    assert "Steps: env dev-env oracles pdf browser poppler postgres translations" in done.stderr


def test_old_python_is_refused_with_advice(tmp_path: Path) -> None:
    done = run_setup("env", ROOT, VENV=str(tmp_path / "venv"), PYTHON="/bin/false")
    assert done.returncode != 0
    assert "Python 3.11 or newer is needed" in done.stderr


@pytest.fixture
def bare_machine(tmp_path: Path) -> str:
    """A PATH with the shell's own tools, but no browser, no package manager and no sudo."""
    for name in ("bash", "dirname", "id", "grep", "mktemp", "rm", "tail", "env", "cmp"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    return str(tmp_path)


def test_missing_browser_fails_and_is_named(bare_machine: str) -> None:
    done = run_setup("browser", ROOT, PATH=bare_machine)
    assert done.returncode != 0
    assert "apt-get install chromium-headless-shell" in done.stderr


def test_missing_fonts_are_named_but_the_site_starts(bare_machine: str) -> None:
    done = run_setup("pdf", ROOT, PATH=bare_machine)
    assert done.returncode == 0
    assert "cannot be made as PDF" in done.stderr
    assert "fonts-noto-cjk" in done.stderr
