"""Files that lie encrypted on disk, under a key of the installation that no backup reader guesses.

AES-256-GCM; the key of each file is derived from the installation's and the file's SHA-256, which
is that of its plain bytes and is bound in. Whoever has the folder alone reads nothing.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from community.kernel.files.refusals import FileUnreadable
from community.kernel.keys import ensure_secret

KEY_NAME = "files.key"
KEY_LENGTH = 32
NONCE_LENGTH = 12
SUFFIX = ".sealed"


def seal(instance: Path, sha256: str, content: bytes) -> bytes:
    """Encrypt bytes that have this SHA-256: a fresh nonce, then the sealed bytes."""
    nonce = os.urandom(NONCE_LENGTH)
    return nonce + _cipher(instance, sha256).encrypt(nonce, content, sha256.encode())


def unseal(instance: Path, sha256: str, sealed: bytes) -> bytes:
    """Decrypt what `seal` made.

    Raises: FileUnreadable when bytes or key are not those it was sealed with.
    """
    nonce, rest = sealed[:NONCE_LENGTH], sealed[NONCE_LENGTH:]
    try:
        return _cipher(instance, sha256).decrypt(nonce, rest, sha256.encode())
    except (InvalidTag, ValueError) as error:
        raise FileUnreadable from error


def _cipher(instance: Path, sha256: str) -> AESGCM:
    secret = ensure_secret(instance, KEY_NAME, KEY_LENGTH)
    derived = HKDF(SHA256(), KEY_LENGTH, None, f"stored file {sha256}".encode()).derive(secret)
    return AESGCM(derived)
