"""A checkpoint on paper: short enough for a QR code, whole enough to be an anchor.

The code is an address, `…/verify#` and then, in base32 (a QR code packs capitals and digits
tightest): one byte 1, the size in 8 bytes, the root in 32, the key id in 4, the Ed25519 signature
in 64, and the checkpoint's name (with extension lines after it) in UTF-8. Nothing after the `#`
is ever sent to a server.
"""

from __future__ import annotations

import base64
import binascii
from typing import NamedTuple

from community.transparency.rules.merkle import HASH_SIZE, MOST_ENTRIES
from community.transparency.rules.note import (
    BadNote,
    Checkpoint,
    Signature,
    read_checkpoint,
    read_note,
    write_checkpoint,
    write_note,
)

PAPER_VERSION = 1
_HEAD = 1 + 8 + HASH_SIZE + 4 + 64


class PaperCheckpoint(NamedTuple):
    """What a notice's code says: a checkpoint and the log's signature below it."""

    checkpoint: Checkpoint
    signature: Signature

    def note(self) -> bytes:
        """Return it as the signed note that it was before it was printed."""
        return write_note(write_checkpoint(self.checkpoint), [self.signature])


def paper_of(note: bytes) -> PaperCheckpoint:
    """Choose what is printed of a signed checkpoint: its text and the log's own signature.

    Raises:
        BadNote: it is malformed, or the log's own Ed25519 signature is missing.
    """
    content = read_note(note)
    checkpoint = read_checkpoint(content.text)
    for signature in content.signatures:
        if signature.name == checkpoint.origin and len(signature.signature) == 64:
            return PaperCheckpoint(checkpoint, signature)
    raise BadNote("the log itself did not sign this checkpoint")


def write_paper(note: bytes) -> str:
    """Write a signed checkpoint as the text that follows `#` in a notice's code.

    Raises:
        BadNote: as `paper_of`.
    """
    checkpoint, signature = paper_of(note)
    names = "\n".join([checkpoint.origin, *checkpoint.extensions])
    content = (
        bytes([PAPER_VERSION])
        + checkpoint.size.to_bytes(8, "big")
        + checkpoint.root
        + signature.key_id
        + signature.signature
        + names.encode()
    )
    return base64.b32encode(content).decode().rstrip("=")


def read_paper(text: str) -> PaperCheckpoint:
    """Read a notice's code: the whole address, or only what follows its `#`.

    Raises:
        BadNote: it is not one.
    """
    code = text.strip().rpartition("#")[2].upper()
    try:
        content = base64.b32decode(code + "=" * (-len(code) % 8))
        names = content[_HEAD:].decode().split("\n")
    except (binascii.Error, ValueError):
        raise BadNote("this is not the code of a notice") from None
    if len(content) <= _HEAD or content[0] != PAPER_VERSION:
        raise BadNote("this is not the code of a notice")
    size = int.from_bytes(content[1:9], "big")
    if size >= MOST_ENTRIES:
        raise BadNote("this is not the code of a notice")
    checkpoint = Checkpoint(names[0], size, content[9:41], tuple(names[1:]))
    # Written and read again, a name with an empty line or the like does not come back.
    read_checkpoint(write_checkpoint(checkpoint))
    return PaperCheckpoint(checkpoint, Signature(names[0], content[41:45], content[45:_HEAD]))
