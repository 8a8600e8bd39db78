"""A witness small enough for the committee's laptop: keep the last checkpoint, check, cosign.

The folder holds `witness.key` (name and secret seed, readable by its owner only) and one file per
log, its last checkpoint. A log that does not continue from it is never cosigned.
"""

from __future__ import annotations

import base64
import hashlib
import os
import time
import urllib.request
from pathlib import Path

from community.transparency.rules.audit.findings import CannotTell
from community.transparency.rules.audit.sources import Source
from community.transparency.rules.ed25519 import public_key_of, sign
from community.transparency.rules.merkle import (
    BadProof,
    check_consistency,
    prove_consistency,
)
from community.transparency.rules.note import (
    COSIGNATURE,
    BadNote,
    Checkpoint,
    Signature,
    VerifierKey,
    cosigned_bytes,
    make_key,
    read_checkpoint,
    read_note,
    write_note,
)
from community.transparency.rules.tiles import (
    TilePlace,
    bundle_places,
    node_reader,
    tile_path,
    tile_places,
)

# The longest file of a log: a bundle of 256 records of 64 KiB.
MOST_ANSWER_BYTES = 2**25
_WAIT_SECONDS = 30


class WitnessFolder:
    """Where a witness keeps its key and what it last saw of each log."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def make_key(self, name: str) -> VerifierKey:
        """Make the witness's key, once; returns its public half.

        Raises:
            CannotTell: there is one already, or the name cannot be a key's.
        """
        place = self.path.joinpath("witness.key")
        if place.exists():
            raise CannotTell(f"{place} 已经有密钥", f"{place} holds a key already")
        seed = os.urandom(32)
        try:
            key = make_key(name, public_key_of(seed), COSIGNATURE)
        except BadNote as problem:
            raise CannotTell(f"名字不能用：{problem}", str(problem)) from None
        self.path.mkdir(parents=True, exist_ok=True)
        number = os.open(str(place), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(f"{name}\n{base64.b64encode(seed).decode()}\n")
        return key

    def read_key(self) -> tuple[VerifierKey, bytes]:
        """Return the witness's key and its secret seed.

        Raises:
            CannotTell: there is none.
        """
        place = self.path.joinpath("witness.key")
        try:
            name, encoded = place.read_text(encoding="utf-8").split("\n")[:2]
            seed = base64.b64decode(encoded, validate=True)
            return make_key(name, public_key_of(seed), COSIGNATURE), seed
        except (OSError, ValueError) as problem:
            raise CannotTell(
                f"没有见证密钥（先用 --name 生成）：{problem}",
                f"no witness key (make it: --name): {problem}",
            ) from None

    def last(self, origin: str) -> bytes | None:
        """Return the last checkpoint kept of a log."""
        place = self._place(origin)
        return place.read_bytes() if place.exists() else None

    def keep(self, checkpoint: Checkpoint, note: bytes) -> None:
        """Keep a checkpoint, safely even when the laptop is switched off meanwhile."""
        place = self._place(checkpoint.origin)
        fresh = place.with_suffix(".new")
        fresh.write_bytes(note)
        fresh.replace(place)

    def _place(self, origin: str) -> Path:
        name = hashlib.sha256(origin.encode()).hexdigest()[:16]
        return self.path.joinpath(f"{name}.checkpoint")


def cosign(note: bytes, folder: WitnessFolder) -> bytes:
    """Add the witness's timestamped signature to a checkpoint that was found consistent."""
    key, seed = folder.read_key()
    content = read_note(note)
    at = int(time.time())
    signature = at.to_bytes(8, "big") + sign(seed, cosigned_bytes(content.text, at))
    return write_note(
        content.text, [*content.signatures, Signature(key.name, key.key_id, signature)]
    )


def fetch(address: str) -> bytes:
    """Fetch a file of a log.

    Raises:
        CannotTell: there is no answer.
    """
    try:
        return _ask(address, None)
    except (OSError, ValueError) as problem:
        raise CannotTell(f"取不到 {address}：{problem}", f"{address}: {problem}") from None


def _ask(address: str, content: bytes | None) -> bytes:
    """Ask a server by http or https only: urllib would also open files."""
    if not address.startswith(("https://", "http://")):
        raise ValueError("the address does not begin with https://")
    words = {"Content-Type": "text/plain; charset=utf-8"}
    asked = urllib.request.Request(address, data=content, headers=words)  # noqa: S310  checked
    with urllib.request.urlopen(asked, timeout=_WAIT_SECONDS) as answer:  # noqa: S310  checked
        return bytes(answer.read(MOST_ANSWER_BYTES))


def open_address(address: str) -> Source:
    """Read a log from the server that publishes it: the tiles of its checkpoint, as needed.

    Raises:
        CannotTell: there is no answer, or it is no checkpoint.
    """
    start = address.rstrip("/")
    note = fetch(f"{start}/checkpoint")
    try:
        size = read_checkpoint(read_note(note).text).size
    except BadNote as problem:
        raise CannotTell(f"{start} 没有检查点：{problem}", f"{start}: {problem}") from None
    places = [*tile_places(size), *bundle_places(size)]
    names = frozenset(["checkpoint", *(tile_path(*place) for place in places)])
    # The checkpoint must not change while the tiles are read.
    return Source(names, lambda name: note if name == "checkpoint" else fetch(f"{start}/{name}"))


def fetch_consistency(address: str, old: Checkpoint, new: Checkpoint) -> None:
    """Fetch the tiles that show whether the newer tree begins with the older one.

    Raises:
        BadProof: it does not.
        CannotTell: a tile cannot be had.
    """

    def read_tile(place: TilePlace) -> bytes:
        return fetch(f"{address}/{tile_path(*place)}")

    if old.size == 0:
        raise BadProof("an empty checkpoint is no anchor")
    proof = prove_consistency(old.size, new.size, node_reader(new.size, read_tile))
    check_consistency(old.size, new.size, old.root, new.root, proof)


def send_cosignature(address: str, cosigned: bytes) -> None:
    """Send a cosigned checkpoint to the log.

    Raises:
        CannotTell: it was not taken.
    """
    try:
        _ask(address + "/cosignature", cosigned)
    except (OSError, ValueError) as problem:
        raise CannotTell(f"没有送到：{problem}", f"it was not taken: {problem}") from None
