"""Logs and audit packs written for tests, without any of the site's own code for serving them."""

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from community.transparency.rules import containers, ed25519, merkle, note, tiles
from community.transparency.rules.audit.packs import write_contents

SEED = hashlib.sha256(b"a log invented for tests").digest()
ORIGIN = "example.org/log/A1"
KEY = note.make_key(ORIGIN, ed25519.public_key_of(SEED))


def sign_checkpoint(size: int, root: bytes, seed: bytes = SEED, origin: str = ORIGIN) -> bytes:
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    key = note.make_key(origin, ed25519.public_key_of(seed))
    signature = ed25519.sign(seed, text.encode())
    return note.write_note(text, [note.Signature(origin, key.key_id, signature)])


def checkpoint_of(records: Sequence[bytes]) -> bytes:
    return sign_checkpoint(len(records), merkle.root_of(map(merkle.leaf_hash, records)))


def log_files(
    records: Sequence[bytes],
    older: Sequence[int] = (),
    sign: Callable[[Sequence[bytes]], bytes] = checkpoint_of,
) -> dict[str, bytes]:
    """Write a log as C2SP tlog-tiles, and the checkpoints of its older sizes."""
    files = {"checkpoint": sign(records)}
    for place in tiles.bundle_places(len(records)):
        start = place.number * 256
        files[tiles.tile_path(*place)] = tiles.pack_entries(records[start : start + place.width])
    row = [merkle.leaf_hash(one) for one in records]
    for place in tiles.tile_places(len(records)):
        if place.level and place.number == 0:
            whole = range(0, len(row) // 256 * 256, 256)
            row = [merkle.root_of(row[start : start + 256]) for start in whole]
        start = place.number * 256
        files[tiles.tile_path(*place)] = b"".join(row[start : start + place.width])
    for size in older:
        files[f"checkpoints/{size}"] = sign(records[:size])
    return files


def write_folder(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def pack_files(
    records: Sequence[bytes],
    vouchers: Sequence[bytes] = (),
    reports: Sequence[bytes] = (),
    older: Sequence[int] = (),
) -> dict[str, bytes]:
    files = {f"log/{name}": one for name, one in log_files(records, older).items()}
    files["keys.txt"] = f"{KEY}\n".encode()
    for folder, contents in (("vouchers", vouchers), ("reports", reports)):
        for content in contents:
            files[f"{folder}/{hashlib.sha256(content).hexdigest()}.pdf"] = content
    return files


def with_contents(files: Mapping[str, bytes]) -> dict[str, bytes]:
    listed = {
        name: hashlib.sha256(one).hexdigest()
        for name, one in files.items()
        if name != "contents.json"
    }
    return {**files, "contents.json": write_contents(listed)}


def write_pack(path: Path, files: Mapping[str, bytes]) -> Path:
    """Write a pack as it is downloaded, its list of files made anew."""
    with path.open("wb") as file:
        file.writelines(containers.container_bytes(sorted(with_contents(files).items())))
    return path


def read_pack(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def record(kind: str, at: int = 1_790_000_000_000_000, **fields: object) -> bytes:
    whole = {"kind": kind, "at": at, "community": 1, **fields}
    return json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
