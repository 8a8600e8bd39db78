"""A bid's receipt: the envelope's commitment, its salt, and the log's signature; checked offline.

The commitment is SHA-256(salt ‖ envelope as it was handed in). Whoever holds receipt and envelope
sees at once that they belong together; after the opening the commitment stands in the published
list with the same salt.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple

from community.transparency.rules.ballots import open_commitment, read_titled, write_titled
from community.transparency.rules.note import BadNote, VerifierKey

BID_TITLE = "community-bid-receipt/v1"
TENDER = "tender:"


class BidReceipt(NamedTuple):
    """What the log committed to for a bidder, the salt, and the signed note."""

    commitment: bytes
    salt: bytes
    note: bytes


def write_bid_receipt(commitment: bytes, salt: bytes, note: bytes) -> bytes:
    """Write a bid's receipt as a text file."""
    return write_titled(BID_TITLE, {"commitment": commitment, "salt": salt}, note)


def is_bid_receipt(content: bytes) -> bool:
    """Tell whether a file says that it is a bid's receipt."""
    return content.startswith(BID_TITLE.encode() + b"\n")


def read_bid_receipt(content: bytes) -> BidReceipt:
    """Take a bid's receipt apart; says nothing about whether it holds.

    Raises:
        BadNote: it is none.
    """
    (commitment, salt), note = read_titled(content, BID_TITLE, ("commitment", "salt"))
    return BidReceipt(commitment, salt, note)


def check_bid_receipt(receipt: BidReceipt, keys: Sequence[VerifierKey]) -> int:
    """Verify that the log signed this commitment; gives the tender it was for.

    Raises:
        BadNote: the log did not sign it, or it is of another commitment.
    """
    subject, signed = open_commitment(receipt.note, keys)
    if signed != receipt.commitment:
        raise BadNote("the signed commitment is another")
    number = subject[len(TENDER) :]
    if not subject.startswith(TENDER) or not number.isdigit():
        raise BadNote("the note is not about a tender")
    return int(number)


def is_of_envelope(receipt: BidReceipt, envelope: bytes) -> bool:
    """Tell whether the receipt is of this envelope, byte for byte."""
    return hashlib.sha256(receipt.salt + envelope).digest() == receipt.commitment


def is_bid_listed(receipt: BidReceipt, tender_id: int, told: dict[str, Any]) -> bool:
    """Tell whether a bid stands in the published list of its tender as it was handed in."""
    if told.get("tender") != tender_id:
        return False
    wanted = (receipt.commitment.hex(), receipt.salt.hex())
    return any(
        isinstance(each, dict) and (each.get("commitment"), each.get("salt")) == wanted
        for each in told.get("bids", ())
    )
