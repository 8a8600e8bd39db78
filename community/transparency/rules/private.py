"""Private trees: commitments that nobody may count yet, and how they are checked once they open.

Every hour one record of fixed length says SHA-256(salt ‖ root), with a fresh salt, whether or not
anything arrived. A receipt names its commitment by a number drawn at random, for a place in line
would tell how many came before.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from community.transparency.rules.merkle import leaf_hash, root_of

RECEIPT_TITLE = "community-private-receipt/v1"
COMMITMENT_LENGTH = 32
NUMBER_BITS = 48


class PrivateLeaf(NamedTuple):
    """A commitment and the number that its receipt names it by."""

    number: int
    commitment: bytes


class HourlyRoot(NamedTuple):
    """What an hour's record hid: when, the salt, and how many commitments there were."""

    hour: int
    salt: bytes
    size: int


def commit(salt: bytes, content: bytes) -> bytes:
    """Commit to a content: nobody can tell it, nor change it, without its salt."""
    return hashlib.sha256(salt + content).digest()


def private_root(leaves: Sequence[PrivateLeaf]) -> bytes:
    """Give the root over commitments in the order in which they arrived."""
    return root_of(
        leaf_hash(each.number.to_bytes(NUMBER_BITS // 8, "big") + each.commitment)
        for each in leaves
    )


def hidden_root(salt: bytes, root: bytes) -> str:
    """Give what the hour's record says."""
    return hashlib.sha256(salt + root).hexdigest()


def receipt_text(origin: str, subject: str, number: int, commitment: bytes, at_micros: int) -> str:
    """Write what the log's key signs for somebody who commits."""
    encoded = base64.b64encode(commitment).decode()
    return f"{RECEIPT_TITLE}\n{origin}\n{subject}\n{number}\n{encoded}\n{at_micros}\n"


def private_problems(
    told: Sequence[tuple[int, str]],
    opened: Sequence[HourlyRoot],
    leaves: Sequence[PrivateLeaf],
) -> list[str]:
    """Check an opened tree against the hourly records (hour, hash) told while it was closed."""
    found = []
    if [hour for hour, _ in told] != [each.hour for each in opened]:
        found.append("the hours told and the hours opened differ")
    sizes = [each.size for each in opened]
    if sizes != sorted(sizes) or (sizes and sizes[-1] != len(leaves)):
        found.append("the sizes do not grow up to the last")
    said = dict(told)
    for each in opened:
        root = private_root(leaves[: each.size])
        if said.get(each.hour) != hidden_root(each.salt, root):
            found.append(f"the record of hour {each.hour} was about other commitments")
    if len({each.number for each in leaves}) != len(leaves):
        found.append("a number is given twice")
    return found
