"""The sealing page that is kept as one file, and the hash by which it is compared."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).resolve().parents[3].joinpath("static", "seal.html")


@lru_cache(maxsize=1)
def page_hash() -> str:
    """Give the hexadecimal SHA-256 of the downloadable page."""
    return hashlib.sha256(FILE.read_bytes()).hexdigest()
