"""Changing one thing in what was handed out: tiles, checkpoints, vouchers, reports, packs."""

from __future__ import annotations

import io
import random
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path

from community.transparency.rules import note, tiles
from community.transparency.rules.audit.program import main
from tests.transparency import written

Files = dict[str, bytes]
# What is changed, and how the files that may be chosen begin.
KINDS = {
    "tile": "log/tile/",
    "checkpoint": "log/checkpoint",
    "voucher": "vouchers/",
    "report": "reports/",
    "pack": "",
}


def verify(*words: object) -> tuple[int, str]:
    """Run the verifier's program in this process; gives its exit code and what it said."""
    said = io.StringIO()
    with redirect_stdout(said):
        code = main([str(word) for word in words])
    return code, said.getvalue()


def flip(content: bytes, chance: random.Random) -> bytes:
    """Change one bit, cut something off, or add something."""
    way = chance.randrange(4) if content else 3
    if way == 2:
        return content[: chance.randrange(len(content))]
    if way == 3:
        return content + bytes([chance.randrange(256)])
    changed = bytearray(content)
    changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def change_file(files: Mapping[str, bytes], kind: str, chance: random.Random) -> tuple[str, Files]:
    """Change, or take away, one file of a kind; gives its name and all files."""
    names = sorted(name for name in files if name.startswith(KINDS[kind]))
    name = chance.choice(names)
    changed = dict(files)
    if chance.random() < 0.1:
        del changed[name]
    else:
        changed[name] = flip(files[name], chance)
    return name, changed


def unpack(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files into an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return written.write_folder(folder, files)


def records_of(files: Mapping[str, bytes]) -> list[bytes]:
    """Read the records of a pack."""
    size = note.read_checkpoint(note.read_note(files["log/checkpoint"]).text).size
    return [
        record
        for place in tiles.bundle_places(size)
        for record in tiles.read_entries(files[f"log/{tiles.tile_path(*place)}"])
    ]


def rebuild(
    files: Mapping[str, bytes],
    index: int,
    chance: random.Random,
    sign: Callable[[Sequence[bytes]], bytes],
) -> Files:
    """Change one record and build the whole log anew, signed with the same key."""
    records = records_of(files)
    text = records[index].decode()
    digits = [place for place, letter in enumerate(text) if letter in "123456789"]
    place = chance.choice(digits)
    records[index] = (text[:place] + str(int(text[place]) % 9 + 1) + text[place + 1 :]).encode()
    older = [int(name.rpartition("/")[2]) for name in files if name.startswith("log/checkpoints/")]
    log = {f"log/{name}": one for name, one in written.log_files(records, older, sign).items()}
    kept = {name: one for name, one in files.items() if not name.startswith("log/")}
    return written.with_contents({**kept, **log})
