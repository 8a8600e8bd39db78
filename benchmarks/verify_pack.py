"""An auditor's wait: `verify.py` on an audit pack of a million records, in processor time."""

from __future__ import annotations

import base64
import hashlib
import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.harness import Row, at_most, scratch
from community.transparency.rules import containers, ed25519, merkle, note, tiles
from community.transparency.rules.audit.packs import write_contents

RECORDS = 1_000_000
MONTHS = 36
BILLS = RECORDS // 3 // MONTHS
START = 1_704_067_200_000_000
ORIGIN = "example.org/log/A1"
SEED = hashlib.sha256(b"a log invented for a benchmark").digest()
KEY = note.make_key(ORIGIN, ed25519.public_key_of(SEED))
VERIFIER = Path(__file__).parents[1] / "static/verify.py"


def run() -> list[Row]:
    """Measure the downloaded file in a process of its own."""
    with scratch() as folder:
        path = folder / "pack.zip"
        checkpoints = write_pack(path, list(records()))
        command = [sys.executable, str(VERIFIER), "pack", str(path)]
        began = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, capture_output=True, check=False, text=True)
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)
        seconds = ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime
        figures = {
            "megabytes_of_the_pack": path.stat().st_size / 2**20,
            "checkpoints": float(checkpoints),
        }
    return [at_most("verify a pack of a million records", 15, seconds, "s", **figures)]


def write(kind: str, at: int, **fields: Any) -> bytes:
    """Write a record as the site does."""
    whole = {"kind": kind, "at": at, "community": 1, **fields}
    return json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def records() -> Iterator[bytes]:
    """Invent a fund of three years: bills, payments and their receipts, closes and reports."""
    yield write("ledger.book", START, book=3, book_kind="trust", name="fund/1")
    for number, path, kind in (
        (11, "bank/1", "asset"),
        (-1, "receivable/unit", "asset"),
        (13, "fee/property", "income"),
    ):
        told = {"account": number, "path": path, "type": kind, "floor": None, "ceiling": None}
        yield write("ledger.account", START, book=3, unit="CNY", **told)
    transaction, receipt = 100, 0
    for month in range(MONTHS):
        day = f"{2024 + month // 12:04d}-{month % 12 + 1:02d}-01"
        at = START + month * 2_678_400_000_000
        for _ in range(BILLS):
            transaction, receipt = transaction + 2, receipt + 1
            yield post(transaction - 1, at, day, [[-1, 25_000, 0], [13, -25_000, 0]])
            yield post(transaction, at, day, [[11, 25_000, 0], [-1, -25_000, 0]])
            told = {"number": receipt, "amount": 25_000, "transaction": transaction}
            yield write("trust.receipt", at, fund=1, payer=f"{receipt:064x}", **told)
        yield from month_end(month, at + 2_678_000_000_000, day[:7])


def post(transaction: int, at: int, day: str, lines: list[list[Any]]) -> bytes:
    """Write the record of a posting that touched a resident's account."""
    return write(
        "ledger.transaction",
        at,
        act="post",
        book=3,
        detail=f"{transaction:064x}",
        effective_on=day,
        expires_at=None,
        lines=lines,
        proposal=None,
        purpose="trust.bill",
        recorded_at=at,
        resolves=None,
        reverses=None,
        source=f"bill:{transaction}",
        transaction=transaction,
    )


def month_end(month: int, at: int, name: str) -> Iterator[bytes]:
    """Write the close of a month and its report."""
    sums = (month + 1) * BILLS * 25_000
    told = {"ends_on": f"{name}-28", "state": "closed", "part": 1, "parts": 1, "period": month}
    yield write("ledger.period", at, book=3, balances=[[11, sums], [13, -sums]], **told)
    figures = {"3 closing bank": sums, "3 moved type:income": BILLS * 25_000}
    yield write("trust.report", at, report="month", period=name, figures=figures, sha256=None)


def sign(size: int, root: bytes) -> bytes:
    """Sign a checkpoint."""
    text = f"{ORIGIN}\n{size}\n{base64.b64encode(root).decode()}\n"
    signature = ed25519.sign(SEED, text.encode())
    return note.write_note(text, [note.Signature(ORIGIN, KEY.key_id, signature)])


def write_pack(path: Path, contents: list[bytes]) -> int:
    """Write the records as a pack with a checkpoint a day; gives how many."""
    files: dict[str, bytes] = {"keys.txt": f"{KEY}\n".encode(), "verify.py": VERIFIER.read_bytes()}
    row: list[bytes] = []
    stack: list[bytes] = []
    size, step = 0, len(contents) // 1_000
    for content in contents:
        row.append(merkle.leaf_hash(content))
        size = merkle.grow_stack(stack, size, row[-1])
        if size % step == 0:
            files[f"log/checkpoints/{size}"] = sign(size, merkle.stack_root(stack))
    files["log/checkpoint"] = sign(size, merkle.stack_root(stack))
    count = sum(name.startswith("log/checkpoints/") for name in files)
    for place in tiles.bundle_places(size):
        start = place.number * 256
        bundle = contents[start : start + place.width]
        files["log/" + tiles.tile_path(*place)] = tiles.pack_entries(bundle)
    for place in tiles.tile_places(size):
        if place.level and place.number == 0:
            whole = range(0, len(row) // 256 * 256, 256)
            row = [tiles.perfect_root(row[start : start + 256]) for start in whole]
        start = place.number * 256
        files["log/" + tiles.tile_path(*place)] = b"".join(row[start : start + place.width])
    listed = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    files["contents.json"] = write_contents(listed)
    with path.open("wb") as file:
        file.writelines(containers.container_bytes(sorted(files.items())))
    return count
