"""A ballot's receipt: what was committed, its salt, and the log's signature; checked offline.

The signed note tells the commitment and when it was kept; with the salt anybody who holds the
file, and nobody else, sees that it is of this ballot. Once the poll is decided the ballot stands
in the published list under its tracker.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from community.transparency.rules.note import BadNote, VerifierKey, open_note

BALLOT_TITLE = "community-ballot-receipt/v1"
PRIVATE_TITLE = "community-private-receipt/v1"


class BallotReceipt(NamedTuple):
    """A ballot in its canonical JSON, its salt, and the signed note."""

    ballot: bytes
    salt: bytes
    note: bytes


def write_titled(title: str, parts: Mapping[str, bytes], note: bytes) -> bytes:
    """Write a receipt as a text file: its title, a line for each part, and the signed note."""
    lines = [f"{name} {base64.b64encode(part).decode()}" for name, part in parts.items()]
    return "\n".join([title, *lines]).encode() + b"\n\n" + note


def read_titled(
    content: bytes, title: str, names: Sequence[str]
) -> tuple[tuple[bytes, ...], bytes]:
    """Take such a file apart into its parts and the note.

    Raises:
        BadNote: it is not of this title, or a part is missing or unreadable.
    """
    head, gap, note = content.partition(b"\n\n")
    lines = head.decode("ascii", "replace").split("\n")
    words = [line.partition(" ") for line in lines[1:]]
    if not gap or lines[0] != title or [each[0] for each in words] != list(names):
        raise BadNote(f"this is no {title}")
    try:
        return tuple(base64.b64decode(each[2], validate=True) for each in words), note
    except (binascii.Error, ValueError):
        raise BadNote("a line of the receipt is not base64") from None


def open_commitment(note: bytes, keys: Sequence[VerifierKey]) -> tuple[str, bytes]:
    """Verify the log's signature over a commitment; gives its subject and the commitment.

    Raises:
        BadNote: the log itself did not sign it.
    """
    opened, signers = open_note(note, keys)
    lines = opened.text.split("\n")
    if len(lines) != 7 or lines[0] != PRIVATE_TITLE:
        raise BadNote("the note is not about a commitment")
    _, origin, subject, _, encoded, _, _ = lines
    if not any(one.name == origin for one in signers):
        raise BadNote("the log itself did not sign this receipt")
    try:
        return subject, base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise BadNote("the commitment is not base64") from None


def write_ballot_receipt(ballot: bytes, salt: bytes, note: bytes) -> bytes:
    """Write a ballot's receipt as a text file."""
    return write_titled(BALLOT_TITLE, {"ballot": ballot, "salt": salt}, note)


def is_ballot_receipt(content: bytes) -> bool:
    """Tell whether a file says that it is a ballot's receipt."""
    return content.startswith(BALLOT_TITLE.encode() + b"\n")


def read_ballot_receipt(content: bytes) -> BallotReceipt:
    """Take a ballot's receipt apart; says nothing about whether it holds.

    Raises:
        BadNote: it is none.
    """
    (ballot, salt), note = read_titled(content, BALLOT_TITLE, ("ballot", "salt"))
    return BallotReceipt(ballot, salt, note)


def check_ballot_receipt(receipt: BallotReceipt, keys: Sequence[VerifierKey]) -> dict[str, Any]:
    """Verify that the log signed a commitment to this ballot; gives the ballot.

    Raises:
        BadNote: the log did not sign it, or it is of another ballot or poll.
    """
    subject, signed = open_commitment(receipt.note, keys)
    if hashlib.sha256(receipt.salt + receipt.ballot).digest() != signed:
        raise BadNote("the signed commitment is to another ballot")
    try:
        ballot = json.loads(receipt.ballot)
    except (ValueError, RecursionError):
        raise BadNote("the ballot cannot be read") from None
    if not isinstance(ballot, dict) or subject != f"poll:{ballot.get('poll')}":
        raise BadNote("the ballot is of another poll")
    return ballot


def is_listed(ballot: dict[str, Any], told: dict[str, Any]) -> bool:
    """Tell whether a ballot stands in the published list of its poll as it was cast."""
    if told.get("poll") != ballot.get("poll"):
        return False
    if "sealed" in ballot:
        # What it says only its voter knows; what was sealed is listed by its hash.
        return ballot["sealed"] in told.get("envelopes", ())
    return any(
        line[0] == ballot.get("tracker") and line[1] == ballot.get("ballot")
        for line in told.get("ballots", ())
    )
