"""Key files of the installation: made once, readable by their owner only."""

from __future__ import annotations

import contextlib
import hashlib
import os
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FOLDER = "keys"
SIGNING_KEY = "signing.pem"


def write_secret(file: Path, content: bytes) -> bool:
    """Write a secret file with mode 0600, unless there is one; tell whether it was written."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    return True


def make_signing_key(instance: Path) -> str:
    """Make the installation's Ed25519 key, unless there is one; tell its fingerprint."""
    key = Ed25519PrivateKey.generate()
    content = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    write_secret(instance / FOLDER / SIGNING_KEY, content)
    found = fingerprint(instance)
    assert found is not None
    return found


def fingerprint(instance: Path) -> str | None:
    """Tell the SHA-256 of the signing key's public half; None without a key."""
    file = instance / FOLDER / SIGNING_KEY
    if not file.is_file():
        return None
    key = serialization.load_pem_private_key(file.read_bytes(), None)
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    digest = hashlib.sha256(public).hexdigest().upper()
    return ":".join(digest[start : start + 4] for start in range(0, 32, 4))


def ensure_key(instance: Path, name: str) -> Ed25519PrivateKey:
    """Give the Ed25519 key of a name, made when there is none yet."""
    content = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    write_secret(instance / FOLDER / f"{name}.pem", content)
    found = find_key(instance, name)
    assert found is not None
    return found


def find_key(instance: Path, name: str) -> Ed25519PrivateKey | None:
    """Find the Ed25519 key of a name; None without its file."""
    path = f"{instance}/{FOLDER}/{name}.pem"
    try:
        found = os.stat(path)  # noqa: PTH116  a tenth of a Path's time, for every receipt
    except FileNotFoundError:
        return None
    return _open(path, found.st_ino, found.st_mtime_ns)


# Opening a key costs three times what a signature does, and ballots come by the thousand; another
# file is another key.
@lru_cache(maxsize=256)
def _open(path: str, inode: int, changed: int) -> Ed25519PrivateKey:
    key = serialization.load_pem_private_key(Path(path).read_bytes(), None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


def ensure_secret(instance: Path, name: str, length: int) -> bytes:
    """Give the secret bytes of a name, drawn when there are none yet; whole or not there."""
    file = instance / FOLDER / name
    if not file.is_file():
        part = file.with_name(f"{name}.{os.urandom(8).hex()}.part")
        write_secret(part, os.urandom(length))
        with contextlib.suppress(FileExistsError):
            os.link(part, file)
        part.unlink()
    found = file.read_bytes()
    assert len(found) == length, "a key file was cut"
    return found
