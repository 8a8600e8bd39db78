"""The private keys of logs: key files of the installation, one per community and rotation.

A key of its own per community and rotation, not one derived from the installation's: a key that
leaked is replaced without touching any other log, and a log can move to another installation.
"""

from __future__ import annotations

from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from community.kernel import clock, keys
from community.kernel.db import Statements
from community.transparency.errors import LogKeyMissing
from community.transparency.queries.place import place
from community.transparency.rules.note import (
    Signature,
    VerifierKey,
    make_key,
    write_note,
)


def key_name(community_id: int, number: int) -> str:
    """Name the key file of a community's log."""
    return f"log-{community_id}-{number}"


# A key keeps its public half, which costs half a signature to work out.
@lru_cache(maxsize=256)
def public_bytes(key: Ed25519PrivateKey) -> bytes:
    """Give the 32 bytes of a key's public half."""
    return key.public_key().public_bytes_raw()


def signing_key(
    at: Statements, community_id: int, origin: str
) -> tuple[int, VerifierKey, Ed25519PrivateKey]:
    """Give the newest key of a log: the id of its row, its public and its private half.

    The first is made here. Raises: LogKeyMissing when the file is not the row's.
    """
    sql = (
        "SELECT id, number, public_key FROM transparency_log_key"
        " WHERE community_id = ? ORDER BY number DESC LIMIT 1"
    )
    row = at.one(sql, (community_id,))
    if row is None:
        add_key(at, community_id, 1)
        row = at.one(sql, (community_id,))
    assert row is not None
    return int(row[0]), *kept_key(community_id, row[1], bytes(row[2]), origin)


def kept_key(
    community_id: int, number: int, public_key: bytes, origin: str
) -> tuple[VerifierKey, Ed25519PrivateKey]:
    """Give both halves of a key whose row is known. Raises: LogKeyMissing."""
    key = keys.find_key(place().instance, key_name(community_id, number))
    if key is None or public_bytes(key) != public_key:
        raise LogKeyMissing(file=f"{keys.FOLDER}/{key_name(community_id, number)}.pem")
    return _named(origin, public_key), key


_named = lru_cache(maxsize=256)(make_key)


def make_key_file(community_id: int, number: int) -> bytes:
    """Make the key file of a log's key, unless there is one; gives its public half."""
    return public_bytes(keys.ensure_key(place().instance, key_name(community_id, number)))


def add_key(at: Statements, community_id: int, number: int) -> bytes:
    """Make a log's key of a number and keep its public half, which is given.

    The file is on disk before its row: a command that fails leaves a key nobody uses, and the
    next try takes it.
    """
    public_key = make_key_file(community_id, number)
    at.run(
        "INSERT INTO transparency_log_key (community_id, number, public_key, made_at)"
        " VALUES (?, ?, ?, ?)",
        (community_id, number, public_key, clock.micros(clock.now())),
    )
    return public_key


def sign_note(text: str, named: VerifierKey, key: Ed25519PrivateKey) -> bytes:
    """Sign a text as a note."""
    return write_note(text, [Signature(named.name, named.key_id, key.sign(text.encode()))])
