"""Sealing a thousand records, and a proof in a log of a million: what the public log promises."""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path

from sqlalchemy.orm import Session

from benchmarks.books import ACTOR, Books
from benchmarks.harness import Row, at_most, median, percentile, scratch
from community import transparency
from community.kernel import db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.transparency.rules.merkle import check_inclusion, leaf_hash
from community.transparency.rules.note import read_checkpoint, read_note
from community.transparency.service import sealing

MILLION = 1_000_000
BATCH = 1_000
SEALINGS = 40
PROOFS = 1_000
# What a transaction of a public book looks like.
CONTENT = (
    '{{"act":"post","at":1795312800000000,"book":2,"community":1,"effective_on":"2026-11-22",'
    '"expires_at":null,"kind":"ledger.transaction","lines":[[1,{0},0],[2,-{0},0]],'
    '"proposal":null,"purpose":"trust.bill","recorded_at":1795312800000000,"resolves":null,'
    '"reverses":null,"source":"bill:{0}","transaction":{0}}}'
)
KIND = "ledger.transaction"


def publish_many(session: Session, actor: Actor, first: int, count: int) -> None:
    """Publish records, each with its own content."""
    at = db.statements(session)
    for number in range(first, first + count):
        content = CONTENT.format(number).encode()
        transparency.publish_bytes(at, actor.community_id, KIND, content, number)


def run_seal() -> list[Row]:
    """Measure sealing batches of a thousand, commit and signature included."""
    with scratch() as folder:
        database = _open(folder)
        wall, processor = [], []
        for turn in range(SEALINGS):
            database.write(publish_many, ACTOR, turn * BATCH + 1, BATCH)
            began, spent = time.perf_counter_ns(), time.process_time_ns()
            assert database.write(sealing.seal_community, ACTOR) == BATCH
            wall.append(time.perf_counter_ns() - began)
            processor.append(time.process_time_ns() - spent)
        database.close()
    taken = median(processor) / 1_000
    figures = {"wall_ms": median(wall) / 1_000, "worst_wall_ms": percentile(wall, 99) / 1_000}
    return [at_most("seal 1,000 records, processor time", 30, taken, "ms", **figures)]


def run_proof() -> list[Row]:
    """Measure proofs of records drawn at random from a log of a million."""
    with scratch() as folder:
        database = _open(folder)
        began = time.perf_counter()
        for first in range(1, MILLION + 1, 10_000):
            database.write(publish_many, ACTOR, first, 10_000)
            while database.write(sealing.seal_community, ACTOR):
                continue
        built = time.perf_counter() - began
        wall, processor = _prove(database)
        database.close()
    taken = median(processor) / 1_000
    figures = {
        "wall_ms": median(wall) / 1_000,
        "slowest_of_100_ms": percentile(wall, 99) / 1_000,
        "published_and_sealed_seconds": built,
    }
    return [at_most("a proof at 1,000,000 records, processor time", 1, taken, "ms", **figures)]


def _prove(database: Database) -> tuple[list[int], list[int]]:
    chance = random.Random(1)
    wall, processor = [], []
    with database.read() as session:
        for _ in range(PROOFS):
            record_id = chance.randrange(1, MILLION + 1)
            began, spent = time.perf_counter_ns(), time.process_time_ns()
            proof = transparency.proof_of(session, ACTOR.community_id, record_id)
            wall.append(time.perf_counter_ns() - began)
            processor.append(time.process_time_ns() - spent)
            assert proof is not None
            said = read_checkpoint(read_note(proof.note).text)
            leaf = leaf_hash(proof.record)
            check_inclusion(proof.index, said.size, leaf, said.root, proof.hashes)
    return wall, processor


def _open(folder: Path) -> Database:
    """Make a database with a community, and keys in a folder of their own."""
    transparency.attach(Path(tempfile.mkdtemp(dir=folder)), "localhost")
    return Books(folder).database
