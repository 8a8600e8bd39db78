"""Where the shared test vectors of transparency logs lie, and how they are read."""

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "tlog"
needs_vectors = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the shared vectors are not beside this repository"
)


def read_json(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def list_cases(kind: str) -> list[Path]:
    """List the proof cases of "inclusion" or "consistency"."""
    return sorted((FOLDER / "merkle" / kind).rglob("*.json"))
