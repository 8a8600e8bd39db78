"""Openers' keys of the demo, which anybody can make again: for trying out alone."""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy.orm import Session

from community import sealing
from community.demo.cast import Cast, act_as
from community.kernel.actor import Actor


def demo_key(person_id: int) -> ec.EllipticCurvePrivateKey:
    """Give an invented person's private key."""
    drawn = hashlib.sha256(f"demo opener {person_id}".encode()).digest()
    return ec.derive_private_key(int.from_bytes(drawn, "big"), ec.SECP256R1())


def register_opener_keys(session: Session, actor: Actor, cast: Cast) -> None:
    """Let staff and both sides of the committee register a key each."""
    for person_id in (cast.staff, cast.committee, cast.second_committee):
        public = demo_key(person_id).public_key()
        point = public.public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        sealing.register_key(session, act_as(session, actor, person_id), point)
