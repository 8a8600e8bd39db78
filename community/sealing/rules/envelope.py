"""Sealing to k of n openers, opening by shares or by the envelope's own key, and checking both.

The browser does the same in static/js/sealing; tests hold the two together by published vectors.
P-256 ECDH, HKDF-SHA256, AES-256-GCM; the key itself is split by Shamir's scheme.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from community.sealing.errors import EnvelopeUnreadable
from community.sealing.rules import shamir
from community.sealing.rules.header import (
    FORMAT,
    NONCE_LENGTH,
    Binding,
    Header,
    SealedShare,
    canonical,
    decode,
    encode,
    split,
)

# What is inside is filled up to a multiple: the length would tell the digits of a price.
PADDING = 16_384
# Shares that do not fit together are tried in this many ways before the envelope counts as faulty.
MOST_TRIES = 1_000
CURVE = ec.SECP256R1()


@dataclass(frozen=True, slots=True)
class Chance:
    """Everything random about one envelope; given only to repeat the published vectors."""

    key: bytes = field(default_factory=lambda: os.urandom(shamir.KEY_LENGTH))
    nonce: bytes = field(default_factory=lambda: os.urandom(NONCE_LENGTH))
    ephemeral: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(CURVE)
    )
    coefficients: bytes = b""


@dataclass(frozen=True, slots=True)
class Sealed:
    """An envelope, and its key, which the owner keeps to open it without the openers."""

    envelope: bytes
    key: bytes


@dataclass(frozen=True, slots=True)
class Inside:
    """What was inside, and what shows that every opener's share was made rightly."""

    content: bytes
    ephemeral: bytes
    coefficients: bytes


def derive(secret: bytes, info: bytes, salt: bytes = b"", length: int = 32) -> bytes:
    """Derive by HKDF-SHA256; `info` says what for."""
    return HKDF(SHA256(), length, salt, f"{FORMAT} ".encode() + info).derive(secret)


def public_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Give the uncompressed point of a private key."""
    return key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def seal(content: bytes, binding: Binding, chance: Chance | None = None) -> Sealed:
    """Seal a content so that any k of the openers can read it, or the holder of its key."""
    drawn = chance or Chance()
    coefficients = drawn.coefficients or os.urandom(shamir.KEY_LENGTH * (binding.k - 1))
    header = Header(binding, derive(drawn.key, b"check"), public_of(drawn.ephemeral), drawn.nonce)
    header = replace(header, shares=_seal_shares(header, drawn, coefficients))
    scalar = drawn.ephemeral.private_numbers().private_value.to_bytes(32, "big")
    proof = canonical({"coefficients": encode(coefficients), "ephemeral": encode(scalar)})
    inside = _block(proof) + _block(content)
    inside += bytes(-len(inside) % PADDING)
    prefix = header.prefix()
    cipher = AESGCM(derive(drawn.key, b"content"))
    return Sealed(prefix + cipher.encrypt(drawn.nonce, inside, prefix), drawn.key)


def open_share(header: Header, place: int, private_key: ec.EllipticCurvePrivateKey) -> bytes:
    """Decrypt the share at a place with its opener's private key.

    Raises: EnvelopeUnreadable when it was not sealed for this key.
    """
    point = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, header.ephemeral)
    secret = private_key.exchange(ec.ECDH(), point)
    key, nonce = _wrapping(header, place, secret)
    try:
        return AESGCM(key).decrypt(nonce, header.shares[place - 1].sealed, header.context())
    except InvalidTag as error:
        raise EnvelopeUnreadable from error


def is_share(header: Header, place: int, share: bytes) -> bool:
    """Tell whether a share is the one that the envelope names for a place."""
    return share_check(header, place, share) == header.shares[place - 1].check


def is_key(header: Header, key: bytes) -> bool:
    """Tell whether a key is the envelope's; there is no second one (AES-GCM alone has many)."""
    return len(key) == shamir.KEY_LENGTH and derive(key, b"check") == header.key_check


def find_key(header: Header, shares: Mapping[int, bytes]) -> bytes | None:
    """Find the key by shares that are each right; None for too few, or when they do not fit."""
    combinations = itertools.combinations(sorted(shares), header.binding.k)
    for places in itertools.islice(combinations, MOST_TRIES):
        key = shamir.combine({place: shares[place] for place in places})
        if is_key(header, key):
            return key
    return None


def open_envelope(envelope: bytes, key: bytes) -> Inside:
    """Read an envelope by its key.

    Raises: EnvelopeUnreadable when the key is another or anything in it was changed.
    """
    header, ciphertext = split(envelope)
    if not is_key(header, key):
        raise EnvelopeUnreadable
    try:
        cipher = AESGCM(derive(key, b"content"))
        inside = cipher.decrypt(header.nonce, ciphertext, header.prefix())
        proof, rest = _unblock(inside)
        content, rest = _unblock(rest)
        words = json.loads(proof)
        ephemeral = decode(words["ephemeral"], 32)
        coefficients = decode(words["coefficients"], shamir.KEY_LENGTH * (header.binding.k - 1))
    except (InvalidTag, ValueError, TypeError, KeyError, RecursionError) as error:
        raise EnvelopeUnreadable from error
    if rest.strip(b"\0"):
        raise EnvelopeUnreadable
    return Inside(content, ephemeral, coefficients)


def wrong_places(header: Header, key: bytes, inside: Inside) -> tuple[int, ...]:
    """List the openers to whom the owner did not seal the right share; all if it cannot be told.

    So it is clear afterwards who was at fault when a share could not be read.
    """
    places = range(1, len(header.shares) + 1)
    try:
        ephemeral = ec.derive_private_key(int.from_bytes(inside.ephemeral, "big"), CURVE)
    except ValueError:
        return tuple(places)
    if public_of(ephemeral) != header.ephemeral:
        return tuple(places)
    bare = replace(header, shares=())
    chance = Chance(key, header.nonce, ephemeral)
    again = _seal_shares(bare, chance, inside.coefficients)
    return tuple(place for place in places if again[place - 1] != header.shares[place - 1])


def share_check(header: Header, place: int, share: bytes) -> bytes:
    """Hash a share with its place and all that the envelope says before the shares."""
    words = f"{FORMAT} share check".encode() + header.context() + bytes([place]) + share
    return hashlib.sha256(words).digest()


def _seal_shares(header: Header, chance: Chance, coefficients: bytes) -> tuple[SealedShare, ...]:
    found = []
    for place, opener in enumerate(header.binding.openers, 1):
        share = shamir.share_of(chance.key, coefficients, place)
        point = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, opener)
        key, nonce = _wrapping(header, place, chance.ephemeral.exchange(ec.ECDH(), point))
        sealed = AESGCM(key).encrypt(nonce, share, header.context())
        found.append(SealedShare(sealed, share_check(header, place, share)))
    return tuple(found)


def _wrapping(header: Header, place: int, secret: bytes) -> tuple[bytes, bytes]:
    opener = header.binding.openers[place - 1]
    info = b"share " + bytes([place]) + header.ephemeral + opener
    drawn = derive(secret, info, header.context(), 32 + NONCE_LENGTH)
    return drawn[:32], drawn[32:]


def _block(content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + content


def _unblock(content: bytes) -> tuple[bytes, bytes]:
    length = int.from_bytes(content[:4], "big")
    if len(content) < 4 + length:
        raise ValueError("cut short")
    return content[4 : 4 + length], content[4 + length :]
