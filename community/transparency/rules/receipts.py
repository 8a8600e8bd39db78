"""A receipt: one record, its path to the root, and the signed checkpoint; verified offline.

Source: c2sp.org/tlog-proof; the record itself travels in the line `extra`.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import NamedTuple

from community.transparency.rules.merkle import MOST_ENTRIES, BadProof, check_inclusion, leaf_hash
from community.transparency.rules.note import (
    BadNote,
    Checkpoint,
    VerifierKey,
    open_checkpoint,
)

RECEIPT_TITLE = "c2sp.org/tlog-proof@v1"
MOST_PROOF_HASHES = 63


class Receipt(NamedTuple):
    """One record and what proves its place in the log."""

    record: bytes
    place: int
    proof: tuple[bytes, ...]
    note: bytes


def write_receipt(record: bytes, index: int, proof: Sequence[bytes], note: bytes) -> bytes:
    """Write a receipt as a text file."""
    lines = [RECEIPT_TITLE, f"extra {base64.b64encode(record).decode()}", f"index {index}"]
    lines += [base64.b64encode(one).decode() for one in proof]
    return ("\n".join(lines) + "\n\n").encode() + note


def read_receipt(content: bytes) -> Receipt:
    """Take a receipt apart; says nothing about whether it holds.

    Raises:
        BadProof: it is not one.
    """
    head, gap, note = content.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        lines = []
    if not gap or len(lines) < 3 or lines[0] != RECEIPT_TITLE or len(lines) > 3 + MOST_PROOF_HASHES:
        raise BadProof("this is not a receipt (tlog-proof)")
    extra, space, encoded = lines[1].partition(" ")
    word, gap_in_line, index = lines[2].partition(" ")
    if (extra, space, word, gap_in_line) != ("extra", " ", "index", " "):
        raise BadProof("the receipt lacks its record or its index")
    if not index.isdigit() or str(int(index)) != index or int(index) >= MOST_ENTRIES:
        raise BadProof("the receipt's index is not a plain number")
    proof = tuple(_read_line(line) for line in lines[3:])
    return Receipt(_read_line(encoded), int(index), proof, note)


def _read_line(text: str) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadProof("a line of the receipt is not base64") from None
    # Spare bits at the end could be changed without changing a byte.
    if base64.b64encode(content).decode() != text:
        raise BadProof("a line of the receipt is not base64 in its one spelling")
    return content


def check_receipt(
    receipt: Receipt, keys: Sequence[VerifierKey]
) -> tuple[Checkpoint, tuple[VerifierKey, ...]]:
    """Verify a receipt; returns its checkpoint and who signed that.

    Raises:
        BadProof: the record is not in the signed tree.
        BadNote: the checkpoint is not signed by a given key.
    """
    checkpoint, signers = open_checkpoint(receipt.note, keys)
    if not any(one.name == checkpoint.origin for one in signers):
        raise BadNote("the log itself did not sign this checkpoint")
    leaf = leaf_hash(receipt.record)
    check_inclusion(receipt.place, checkpoint.size, leaf, checkpoint.root, receipt.proof)
    return checkpoint, signers
