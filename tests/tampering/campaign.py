"""One change at a time, against `flask check` and `verify.py`; each must name what was changed."""

from __future__ import annotations

import random
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from community import app as assembly
from community.kernel import db, files
from community.kernel.files.intake import path_of
from community.transparency import add_pack_source, pack_bytes
from community.transparency.rules import merkle, note
from community.transparency.rules.paper import write_paper
from community.transparency.service import signing
from tests.conftest import World
from tests.tampering import files as handed_out
from tests.tampering import rows, scene
from tests.transparency import written

# Columns that a change of is not looked for, and why.
LEFT_OUT = {
    "ledger_account.early_days": "how far a search looks; balances do not come from it",
    "ledger_account.floor, ceiling of a resident": "their own; only sums of residents are public",
    "ledger_account.holds_expire_at": "when to look for expired holds; readings ignore those",
    "ledger_account.last_booked_on": "where the next entry may stand; entries have their own day",
    "ledger_account.late_days": "how far a search looks; balances do not come from it",
    "ledger_account.opened_at": "the log says when, in its own record's `at`",
    "ledger_account.owner": "whose it is belongs to the room above; residents' groups are checked",
    "ledger_approval.approved_at": "the log says when, in its own record's `at`",
    "ledger_book.opened_at": "the log says when, in its own record's `at`",
    "ledger_period.closed_at": "the log says when, in its own record's `at`",
    "ledger_period.soft_closed_at": "the log says when, in its own record's `at`",
    "ledger_policy.set_at": "the log says when, in its own record's `at`",
    "ledger_proposal.proposed_at": "the log says when, in its own record's `at`",
    "ledger_proposal.request_key": "recognises a repeated request and nothing else",
    "ledger_proposal.resolved_at": "the log says when, in its own record's `at`",
    "ledger_transaction.request_hash": "recognises a repeated request and nothing else",
    "ledger_voucher.added_at": "the log says when, in its own record's `at`",
    "transparency_checkpoint.id": "names the row for other tables only",
    "transparency_checkpoint.signed_at": "for reading; order is the size",
    "transparency_log_key.made_at": "for reading; order is the number",
    "transparency_record.ref": "finds a record; what it says is in its content",
}
WORD = re.compile(r"[\w-]+")


class Campaign:
    """An honest database and pack, and what became of each change of them."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.chance = random.Random(seed)
        self.done: Counter[str] = Counter()
        self.failures: list[str] = []
        add_pack_source(scene.report_files)
        world.renew()
        self.fund = scene.write_history(self.chance)
        self.folder = world.folder / "tampering"
        self.folder.mkdir(exist_ok=True)
        self.pack = self.folder / "honest.zip"
        with world.database.read() as session:
            assert assembly.problems(session) == []
            self.pack.write_bytes(b"".join(pack_bytes(session, self.fund.community)))
            found = db.statements(session).one("SELECT origin FROM transparency_log", ())
            assert found is not None
            self.origin = str(found[0])
            key = signing.signing_key(db.statements(session), self.fund.community, self.origin)
        self.key, self.private = key[1], key[2]
        world.database.close()
        self.honest = self.folder / "honest.db"
        source = sqlite3.connect(self._live())
        with sqlite3.connect(self.honest) as target:
            source.backup(target)
        source.close()
        self.contents = written.read_pack(self.pack)

    def _live(self) -> Path:
        return self.world.folder / "test.db"

    def fail(self, said: str) -> None:
        """Remember a change that nobody noticed, or nobody named."""
        self.failures.append(said)

    def change_rows(self, count: int) -> None:
        """Change values of rows, and ask `flask check`."""
        columns = list(self._columns())
        while self.done["row"] < count:
            table, column = self.chance.choice(columns)
            self.world.database.close()
            for ending in ("-wal", "-shm"):
                Path(f"{self._live()}{ending}").unlink(missing_ok=True)
            shutil.copy(self.honest, self._live())
            connection = rows.open_bare(self._live())
            change = rows.change_row(connection, table, column, self.chance)
            connection.close()
            if change is None:
                continue
            self.done["row"] += 1
            with self.world.database.read() as session:
                found = assembly.problems(session)
            words = {word for line in found for word in WORD.findall(line)}
            if not found:
                self.fail(f"not noticed: {change}")
            elif not words & set(change.names):
                self.fail(f"not named: {change}: {found[:2]}")

    def _columns(self) -> Iterator[tuple[str, str]]:
        connection = sqlite3.connect(self.honest)
        for table in rows.TABLES:
            if connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]:
                for column in rows.columns_of(connection, table):
                    if f"{table}.{column}" not in LEFT_OUT:
                        yield table, column
        connection.close()

    def change_files(self, kind: str, count: int) -> None:
        """Change files of a pack, and ask `verify.py`: as they lie, and listed anew."""
        for number in range(count):
            name, changed = handed_out.change_file(self.contents, kind, self.chance)
            # A file left out of the list too, as of an older checkpoint, is another, smaller pack.
            if number % 2 and kind != "pack" and name in changed:
                changed = written.with_contents(changed)
            folder = handed_out.unpack(self.folder / "unpacked", changed)
            code, said = handed_out.verify("pack", folder, "--key", self.key)
            self.done[kind] += 1
            stem = Path(name).name.split(".")[0]
            if code == 0:
                self.fail(f"not noticed: {kind} {name}")
            elif stem not in said:
                self.fail(f"not named: {kind} {name}: {said[-300:]}")

    def change_containers(self, count: int) -> None:
        """Change any byte of a pack as it was downloaded."""
        path = self.folder / "changed.zip"
        whole = self.pack.read_bytes()
        for _ in range(count):
            path.write_bytes(handed_out.flip(whole, self.chance))
            self.done["container"] += 1
            if path.read_bytes() != whole and handed_out.verify("pack", path)[0] == 0:
                self.fail("not noticed: a byte of the container")

    def change_stored_files(self, count: int) -> None:
        """Change the bytes of a stored voucher, and ask `flask check`."""
        self.world.database.close()
        shutil.copy(self.honest, self._live())
        connection = sqlite3.connect(self.honest)
        names = sorted(row[0] for row in connection.execute("SELECT sha256 FROM stored_file"))
        connection.close()
        for path in map(path_of, self.chance.choices(names, k=count)):
            content = path.read_bytes()
            path.write_bytes(handed_out.flip(content, self.chance))
            with self.world.database.read() as session:
                found = files.file_problems(session)
            self.done["stored file"] += 1
            if not any(path.name[:12] in one for one in found):
                self.fail(f"not named: stored file {path.name}: {found[:2]}")
            path.write_bytes(content)

    def sign(self, records: Sequence[bytes]) -> bytes:
        """Sign a checkpoint over records with the log's own key."""
        root = merkle.root_of(map(merkle.leaf_hash, records))
        text = note.write_checkpoint(note.Checkpoint(self.origin, len(records), root))
        return signing.sign_note(text, self.key, self.private)

    def rebuild_logs(self, count: int) -> None:
        """Rebuild the whole log with the same key: every older checkpoint that covers it tells."""
        records = handed_out.records_of(self.contents)
        older = {
            int(name.rpartition("/")[2]): content
            for name, content in self.contents.items()
            if name.startswith("log/checkpoints/")
        }
        for _ in range(count):
            index = self.chance.randrange(len(records))
            rebuilt = handed_out.rebuild(self.contents, index, self.chance, self.sign)
            folder = handed_out.unpack(self.folder / "unpacked", rebuilt)
            self.done["rebuilt log"] += 1
            for size, content in older.items():
                code, said = handed_out.verify(
                    "checkpoint", write_paper(content), folder, "--key", self.key
                )
                if (code == 1) != (index < size):
                    self.fail(
                        f"rebuilt at {index}, checkpoint of {size} says {code}: {said[-200:]}"
                    )

    def leave_alone(self, count: int) -> None:
        """Verify other histories that nobody touched."""
        self.world.renew()
        scene.REPORTS.clear()
        for number in range(count):
            fund = scene.write_history(self.chance, 1, f"c{number}")
            path = self.folder / "untouched.zip"
            with self.world.database.read() as session:
                path.write_bytes(b"".join(pack_bytes(session, fund.community)))
            code, said = handed_out.verify("pack", path)
            self.done["untouched"] += 1
            if code:
                self.fail(f"false alarm: {said[-400:]}")
        with self.world.database.read() as session:
            for line in assembly.problems(session):
                self.fail(f"false alarm: {line}")
