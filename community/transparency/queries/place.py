"""Where this installation keeps its keys, and the salts derived from one of them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

from community.kernel import keys
from community.transparency.rules.records import SALT_LENGTH

SALT_SECRET = "salts.key"  # noqa: S105  a file's name
SECRET_LENGTH = 32


@dataclass(frozen=True)
class Place:
    """Where this installation keeps its keys, and the name its logs begin with."""

    instance: Path
    host: str

    @cached_property
    def secret(self) -> bytes:
        """Give the secret that salts are derived from, made when there is none yet."""
        file = self.instance / keys.FOLDER / SALT_SECRET
        keys.write_secret(file, secrets.token_bytes(SECRET_LENGTH))
        return file.read_bytes()

    @cached_property
    def salting(self) -> blake2b:
        """Give the keyed hash that each salt goes on from: its key is taken in once."""
        return blake2b(key=self.secret, digest_size=SALT_LENGTH)


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

    An own row for each posting of a resident would cost the books 10 microseconds a post, and
    HMAC instead of keyed BLAKE2b (RFC 7693) 2.
    """
    begun = place().salting.copy()
    begun.update(f"{community_id}:{name}".encode())
    return begun.digest()
