"""Verifying an audit pack: its files, its log, every old checkpoint, the books and the papers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from community.transparency.rules.audit.books import Books
from community.transparency.rules.audit.findings import CannotTell, Findings
from community.transparency.rules.audit.logs import LogResult, verify_log
from community.transparency.rules.audit.papers import Papers
from community.transparency.rules.audit.sources import Source, sha256_of
from community.transparency.rules.note import (
    BadNote,
    Checkpoint,
    VerifierKey,
    open_checkpoint,
    read_key,
)
from community.transparency.rules.tiles import ENTRIES, TILE_WIDTH, read_entries, tile_path

CONTENTS = "contents.json"
KEYS = "keys.txt"
LOG_FOLDER = "log"
CHECKPOINTS = "checkpoints"
VOUCHER_FOLDER = "vouchers"
REPORT_FOLDER = "reports"
_DECODER = json.JSONDecoder()


def write_contents(files: Mapping[str, str]) -> bytes:
    """Write the list of a pack's files and their SHA-256, in its one form."""
    return (json.dumps({"files": files}, indent=1, sort_keys=True) + "\n").encode()


# What odd JSON is met with; nested too deeply it is a RecursionError.
_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


class PackResult(NamedTuple):
    """What was read: the log, how many records of which kind, and how many transactions."""

    log: LogResult
    records: int
    transactions: int
    checkpoints: int


class RecordReader:
    """Reads each record once and hands it to the rule for its kind."""

    def __init__(self, findings: Findings, source: Source) -> None:
        self.findings = findings
        self.source = source
        self.count = 0
        self.last_bundle = (-1, [b""])
        self.books = Books(findings, self._read_again)
        self.papers = Papers(findings, self.books)
        self.takers = {**self.books.takers, **self.papers.takers}
        self.community: Any = None

    def take(self, index: int, content: bytes) -> None:
        """Read one record; what it cannot say properly is a finding, not an end."""
        self.count += 1
        try:
            fields = _read_record(content)
            kind = fields["kind"]
            taker = self.takers.get(kind)
            if fields["community"] != self.community:
                self._check_community(index, fields)
            if taker is not None:
                taker(index, fields)
        except _UNREADABLE as problem:
            said = f"{type(problem).__name__}: {problem}"
            self.findings.add(
                f"entry {index}", f"记录读不懂：{said}", f"the record cannot be read: {said}"
            )

    def check_end(self) -> None:
        """Check what only the whole log can tell."""
        self.books.approvals.check_end(self.count)
        self.papers.check_end()

    def _check_community(self, index: int, fields: dict[str, Any]) -> None:
        if self.community is None:
            self.community = fields["community"]
            return
        self.findings.add(f"entry {index}", "属于别的社区", "it belongs to another community's log")

    def _read_again(self, index: int) -> bytes:
        number, offset = divmod(index, TILE_WIDTH)
        if self.last_bundle[0] != number:
            path = tile_path(ENTRIES, number)
            if path not in self.source.names:
                start = path + ".p/"
                widths = [
                    int(one[len(start) :]) for one in self.source.names if one.startswith(start)
                ]
                path = start + str(max(widths))
            self.last_bundle = (number, read_entries(self.source.read(path)))
        return self.last_bundle[1][offset]


def _read_record(content: bytes) -> dict[str, Any]:
    """Read a record as json.loads would, without looking for other encodings or white space.

    Raises:
        ValueError: it is not one JSON value and nothing else.
    """
    text = content.decode()
    fields, end = _DECODER.raw_decode(text)
    if end != len(text):
        raise ValueError("something follows the record")
    found: dict[str, Any] = fields
    return found


def verify_pack(
    source: Source,
    findings: Findings,
    keys: Sequence[VerifierKey] = (),
    anchors: Sequence[bytes] = (),
) -> PackResult:
    """Verify an audit pack; `keys` replace the pack's own, `anchors` are checkpoints held since.

    Raises:
        CannotTell: it is no audit pack, or its checkpoint does not hold.
    """
    _check_contents(source, findings)
    trusted = list(keys) or read_keys(source, KEYS)
    if not keys:
        findings.tell(
            KEYS,
            "用的是包里自带的公钥；请与公告或网站上的核对",
            "the key comes from the pack itself; compare it with the notice or the site",
        )
    log = source.inside(LOG_FOLDER)
    old = _read_checkpoints(log, trusted, findings)
    held = [_open_anchor(one, trusted) for one in anchors]
    reader = RecordReader(findings, log)
    asked = [one.size for _, one in old] + [one.size for one in held]
    result = verify_log(log, trusted, findings, reader.take, asked)
    for name, one in old:
        compare_roots(name, one, result, findings)
    for one in held:
        compare_roots(f"your checkpoint of size {one.size}", one, result, findings)
    reader.check_end()
    reader.papers.check_files(source.inside(VOUCHER_FOLDER), source.inside(REPORT_FOLDER))
    return PackResult(result, reader.count, len(reader.books.places), len(old))


def compare_roots(name: str, old: Checkpoint, result: LogResult, findings: Findings) -> None:
    """Compare an older checkpoint with the root that today's entries have at its size."""
    if old.origin != result.checkpoint.origin:
        findings.add(name, f"属于别的日志 {old.origin}", f"it is of another log, {old.origin}")
        return
    if old.size > result.checkpoint.size:
        findings.add(
            name,
            f"比现在的日志还大（{old.size} > {result.checkpoint.size}）：记录被删掉了",
            f"it is larger than the log now ({old.size} > {result.checkpoint.size}):"
            " entries were removed",
        )
        return
    found = result.roots.get(old.size)
    if found is not None and found != old.root:
        findings.add(
            name,
            f"前 {old.size} 条记录与当时签名的不同：日志被改写",
            f"the first {old.size} entries are not those signed then: the log was rewritten",
        )


def read_keys(source: Source, name: str) -> list[VerifierKey]:
    """Read a file of verifier keys, one a line; empty lines and lines with # first are skipped.

    Raises:
        CannotTell: it is missing or holds no key.
    """
    if name not in source.names:
        raise CannotTell(f"缺少公钥文件 {name}", f"the file of keys, {name}, is missing")
    try:
        lines = source.read(name).decode().splitlines()
        found = [read_key(line) for line in lines if line.strip() and not line.startswith("#")]
    except (BadNote, ValueError) as problem:
        raise CannotTell(f"{name} 里的公钥读不出：{problem}", f"{name}: {problem}") from None
    if not found:
        raise CannotTell(f"{name} 里没有公钥", f"{name} holds no key")
    return found


def _open_anchor(note: bytes, keys: Sequence[VerifierKey]) -> Checkpoint:
    try:
        return open_checkpoint(note, keys)[0]
    except BadNote as problem:
        raise CannotTell(
            f"您手里的检查点的签名不成立：{problem}",
            f"your own checkpoint does not hold: {problem}",
        ) from None


def _read_checkpoints(
    log: Source, keys: Sequence[VerifierKey], findings: Findings
) -> list[tuple[str, Checkpoint]]:
    """Read every old checkpoint of a pack; each must be signed and be named after its size."""
    found = []
    for name in sorted(log.inside(CHECKPOINTS).names):
        path = f"{CHECKPOINTS}/{name}"
        try:
            checkpoint, _ = open_checkpoint(log.read(path), keys)
        except BadNote as problem:
            findings.add(path, f"签名或格式不成立：{problem}", f"it does not hold: {problem}")
            continue
        if name != str(checkpoint.size):
            findings.add(path, "文件名不是它的大小", "it is not named after its size")
        found.append((path, checkpoint))
    return found


def _check_contents(source: Source, findings: Findings) -> None:
    """Compare every file with the pack's own list, so that a changed file is named."""
    if CONTENTS not in source.names:
        raise CannotTell(
            "这不是审计包：缺少 contents.json", "this is no audit pack: no contents.json"
        )
    content = source.read(CONTENTS)
    try:
        listed = json.loads(content)["files"]
        expected = {str(name): str(sha256) for name, sha256 in listed.items()}
    except _UNREADABLE as problem:
        raise CannotTell(f"contents.json 读不懂：{problem}", f"contents.json: {problem}") from None
    if content != write_contents(expected):
        findings.add(CONTENTS, "清单的写法被改过", "the list is not written as it was")
    for name in sorted(set(expected) | set(source.names) - {CONTENTS}):
        if name not in source.names:
            findings.add(
                name, "缺少这个文件，contents.json 列有它", "missing, though contents.json names it"
            )
        elif name not in expected:
            findings.add(
                name, "contents.json 没有列这个文件", "contents.json does not name this file"
            )
        elif sha256_of(source.read(name)) != expected[name]:
            findings.add(
                name, "内容与 contents.json 里的指纹不符", "it is not the file contents.json names"
            )
