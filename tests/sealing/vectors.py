"""Published vectors of the envelope's format, and how they are made again.

`python -m tests.sealing.vectors` prints them anew; a change of the format must change its name.
"""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from community.sealing.rules import envelope
from community.sealing.rules.header import Binding, split

FILE = Path(__file__).with_name("vectors.json")


def drawn(word: str, length: int = 32) -> bytes:
    """Draw bytes that anyone can draw again."""
    return b"".join(
        hashlib.sha256(f"{word} {each}".encode()).digest() for each in range((length + 31) // 32)
    )[:length]


def key_of(word: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(drawn(word), "big"), envelope.CURVE)


def scalar_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_numbers().private_value.to_bytes(32, "big")


def make(k: int, n: int, content: bytes) -> dict[str, Any]:
    """Make one vector: all that is drawn, and what comes of it."""
    name = f"{k} of {n}"
    openers = [key_of(f"{name} opener {place}") for place in range(1, n + 1)]
    points = tuple(envelope.public_of(each) for each in openers)
    binding = Binding(drawn(f"{name} box", 16).hex(), "tender:5", "bid:12 “甲”", k, points)
    chance = envelope.Chance(
        drawn(f"{name} key"),
        drawn(f"{name} nonce", 12),
        key_of(f"{name} ephemeral"),
        drawn(f"{name} coefficients", 32 * (k - 1)),
    )
    sealed = envelope.seal(content, binding, chance)
    header, _ = split(sealed.envelope)
    shares = [envelope.open_share(header, place, key) for place, key in enumerate(openers, 1)]
    return {
        "name": name,
        "content": base64.b64encode(content).decode(),
        "box": binding.token,
        "subject": binding.subject,
        "owner": binding.owner,
        "k": k,
        "openers": [
            {"private": scalar_of(key).hex(), "public": base64.b64encode(point).decode()}
            for key, point in zip(openers, points, strict=True)
        ],
        "key": chance.key.hex(),
        "nonce": chance.nonce.hex(),
        "ephemeral": scalar_of(chance.ephemeral).hex(),
        "ephemeral_public": base64.b64encode(header.ephemeral).decode(),
        "coefficients": chance.coefficients.hex(),
        "shares": [each.hex() for each in shares],
        "header": header.prefix()[24:].decode(),
        "envelope_length": len(sealed.envelope),
        "envelope_sha256": hashlib.sha256(sealed.envelope).hexdigest(),
    }


def make_all() -> list[dict[str, Any]]:
    """Make every vector."""
    return [
        make(2, 3, b'{"price_fen":9500000}'),
        make(3, 5, "报价：玖万伍仟元整".encode()),
        make(2, 2, b""),
    ]


def read_all() -> list[dict[str, Any]]:
    """Read the published ones."""
    found: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


if __name__ == "__main__":
    FILE.write_text(json.dumps(make_all(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
