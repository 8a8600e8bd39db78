"""Where this installation keeps its keys, and the salts derived from one of them."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from community.kernel import keys
from community.transparency.rules.records import SALT_LENGTH

SALT_SECRET = "salts.key"  # noqa: S105  a file's name
SECRET_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Place:
    """Where this installation keeps its keys, and the name its logs begin with."""

    instance: Path
    host: str


_place: Place | None = None


def attach(instance: Path, host: str) -> None:
    """Let logs be signed with the key files of an instance, under origins of a host."""
    global _place  # noqa: PLW0603  one installation a process, as one database
    _place = Place(instance, host)


def place() -> Place:
    """Give the installation's keys and name."""
    assert _place is not None, "no keys attached; community.app does that"
    return _place


def derived_salt(community_id: int, name: str) -> bytes:
    """Give the salt of a name: secret, always the same, and nowhere written down.

    An own row for each posting of a resident would cost the books 10 microseconds a post.
    """
    asked = f"{community_id}:{name}".encode()
    return hmac.digest(_secret(place().instance), asked, "sha256")[:SALT_LENGTH]


@lru_cache(maxsize=8)
def _secret(instance: Path) -> bytes:
    """Read the installation's secret, made when there is none yet."""
    file = instance / keys.FOLDER / SALT_SECRET
    keys.write_secret(file, secrets.token_bytes(SECRET_LENGTH))
    return file.read_bytes()
