"""Verifying a log: every entry, every tile and every signature, in any C2SP tlog-tiles folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import NamedTuple

from community.transparency.rules.audit.findings import CannotTell, Findings
from community.transparency.rules.audit.sources import Source
from community.transparency.rules.merkle import BadProof, grow_stack, stack_root
from community.transparency.rules.note import (
    BadNote,
    Checkpoint,
    VerifierKey,
    open_checkpoint,
)
from community.transparency.rules.tiles import (
    ENTRIES,
    TILE_WIDTH,
    TilePlace,
    bundle_places,
    perfect_root,
    read_entries,
    read_tile_path,
    tile_path,
    tile_places,
    width_at,
)


class LogResult(NamedTuple):
    """What a log's checkpoint says, and the roots that the entries have at the asked sizes."""

    checkpoint: Checkpoint
    signers: tuple[VerifierKey, ...]
    roots: dict[int, bytes]


class _Folder:
    """The tiles of a log by place; of one place the widest is read, the others compared with it."""

    def __init__(self, source: Source, findings: Findings) -> None:
        self.source = source
        self.findings = findings
        self.widths: dict[tuple[int, int], list[int]] = {}
        for name in source.names:
            if name.startswith("tile/"):
                self._place(name)

    def _place(self, name: str) -> None:
        place = read_tile_path(name)
        if place is None:
            if not name.rpartition("/")[2].startswith("."):
                self.findings.add(name, "文件名不合规，不属于日志", "its name belongs to no tile")
            return
        self.widths.setdefault((place.level, place.number), []).append(place.width)

    def read(self, place: TilePlace) -> tuple[str, bytes] | None:
        """Return the name and content of a tile at least as wide as asked."""
        wide = [one for one in self.widths.get(place[:2], []) if one >= place.width]
        if not wide:
            name = tile_path(*place)
            self.findings.add(name, "缺少这个文件", "this file is missing")
            return None
        # Exactly as wide, if it is there: a wider one is compared afterwards.
        width = place.width if place.width in wide else min(wide)
        name = tile_path(place.level, place.number, width)
        try:
            return name, self.source.read(name)
        except CannotTell as problem:
            self.findings.add(name, problem.chinese, problem.english)
            return None


def verify_log(
    source: Source,
    keys: Sequence[VerifierKey],
    findings: Findings,
    take: Callable[[int, bytes], None] | None = None,
    sizes: Sequence[int] = (),
) -> LogResult:
    """Verify a log's folder; `take` receives every record, `sizes` ask for the roots of old sizes.

    Raises:
        CannotTell: the checkpoint is missing, malformed, or not signed by a given key.
    """
    if "checkpoint" not in source.names:
        raise CannotTell("缺少 checkpoint 文件", "the file checkpoint is missing")
    try:
        checkpoint, signers = open_checkpoint(source.read("checkpoint"), keys)
    except BadNote as problem:
        raise CannotTell(
            f"checkpoint 的签名或格式不成立：{problem}",
            f"the checkpoint does not hold: {problem}",
        ) from None
    # The log's own signature, not a witness's alone: a witness vouches for what it was shown.
    if not any(one.name == checkpoint.origin for one in signers):
        findings.tell(
            "checkpoint",
            f"签名者 {signers[0].name} 与日志名 {checkpoint.origin} 不同",
            f"signed by {signers[0].name}, the log calls itself {checkpoint.origin}",
        )
    folder = _Folder(source, findings)
    walk = _Walk(folder, checkpoint.size, take, sizes)
    walk.read_bundles()
    if not walk.is_broken and walk.root() != checkpoint.root:
        findings.add(
            "checkpoint",
            "签了名的根与全部记录重算的根不同",
            "the signed root is not the root of the entries",
        )
    _check_unneeded(folder, checkpoint.size)
    return LogResult(checkpoint, signers, walk.roots)


class _Walk:
    """One pass over the entries: hash them, compare the tiles, keep the tree's right edge."""

    def __init__(
        self,
        folder: _Folder,
        size: int,
        take: Callable[[int, bytes], None] | None,
        sizes: Sequence[int],
    ) -> None:
        self.folder = folder
        self.size = size
        self.take = take
        self.asked = sorted((one for one in set(sizes) if 0 < one <= size), reverse=True)
        self.roots: dict[int, bytes] = {}
        # The perfect subtrees over whole tiles, and the hashes of the tile that is not whole.
        self.rows: list[list[bytes]] = [[]]
        self.whole: list[bytes] = []
        self.whole_count = 0
        self.edge: list[bytes] = []
        self.is_broken = False

    def read_bundles(self) -> None:
        """Read all entries in order, comparing each tile once its hashes are known."""
        for place in bundle_places(self.size):
            leaves = self._read_bundle(place)
            if len(leaves) != place.width:
                self.is_broken = True
                return
            self._note_roots(place.number * TILE_WIDTH, leaves)
            self._compare(TilePlace(0, place.number, place.width), leaves)
            if place.width == TILE_WIDTH:
                self._raise_row(1, perfect_root(leaves))
            else:
                self.edge = leaves
        for place in tile_places(self.size):
            if place.level > 0 and place.width < TILE_WIDTH:
                self._compare(place, self.rows[place.level])

    def root(self) -> bytes:
        """Return the root over all entries."""
        stack = list(self.whole)
        size = self.whole_count * TILE_WIDTH
        for leaf in self.edge:
            size = grow_stack(stack, size, leaf)
        return stack_root(stack)

    def _read_bundle(self, place: TilePlace) -> list[bytes]:
        found = self.folder.read(place)
        if found is None:
            return []
        name, content = found
        try:
            records = read_entries(content)
        except BadProof:
            self.folder.findings.add(name, "条目在中间断了", "it ends in the middle of an entry")
            return []
        expected = read_tile_path(name)
        if expected is not None and len(records) != expected.width:
            self.folder.findings.add(
                name,
                f"应有 {expected.width} 条，实有 {len(records)} 条",
                f"it must hold {expected.width} entries, it holds {len(records)}",
            )
            return []
        records = records[: place.width]
        if self.take is not None:
            first = place.number * TILE_WIDTH
            for offset, record in enumerate(records):
                self.take(first + offset, record)
        return [sha256(b"\x00" + record).digest() for record in records]

    def _note_roots(self, start: int, leaves: list[bytes]) -> None:
        """Keep the roots at the asked sizes that end among these leaves."""
        if not self.asked or self.asked[-1] > start + len(leaves):
            return
        stack, size = list(self.whole), start
        for leaf in leaves:
            size = grow_stack(stack, size, leaf)
            if self.asked and self.asked[-1] == size:
                self.roots[self.asked.pop()] = stack_root(stack)

    def _raise_row(self, level: int, root: bytes) -> None:
        """Put the root of a whole tile into the row above; a row of 256 is a tile itself."""
        if level == 1:
            grow_stack(self.whole, self.whole_count, root)
            self.whole_count += 1
        while len(self.rows) <= level:
            self.rows.append([])
        row = self.rows[level]
        row.append(root)
        if len(row) == TILE_WIDTH:
            number = (self.whole_count >> 8 * (level - 1)) // TILE_WIDTH - 1
            self._compare(TilePlace(level, number, TILE_WIDTH), row)
            self._raise_row(level + 1, perfect_root(row))
            self.rows[level] = []

    def _compare(self, place: TilePlace, hashes: list[bytes]) -> None:
        found = self.folder.read(place)
        if found is None:
            return
        name, content = found
        expected = b"".join(hashes)
        if content == expected:
            return
        if content[: len(expected)] == expected and name != tile_path(*place):
            return  # a wider tile; what it holds beyond is judged with the unneeded files
        self._name_difference(place, name, content, hashes)

    def _name_difference(
        self, place: TilePlace, name: str, content: bytes, hashes: list[bytes]
    ) -> None:
        for offset, known in enumerate(hashes):
            if content[32 * offset : 32 * offset + 32] == known:
                continue
            if place.level == 0:
                index = place.number * TILE_WIDTH + offset
                self.folder.findings.add(
                    f"{name} · entry {index}",
                    f"第 {index} 条记录与树叶不符：条目或瓦片被改过",
                    f"entry {index} does not match its leaf: the entry or the tile was changed",
                )
            else:
                self.folder.findings.add(
                    name,
                    f"第 {offset} 个哈希与下层不符",
                    f"hash {offset} does not match the tile below",
                )
            return
        self.folder.findings.add(name, "比应有的长", "it is longer than it must be")


def _check_unneeded(folder: _Folder, size: int) -> None:
    """Look at the tiles the walk did not need: narrower ones must agree, others nobody signed."""
    for (level, number), widths in sorted(folder.widths.items()):
        most = width_at(level, number, size)
        for width in sorted(widths):
            name = tile_path(level, number, width)
            if width > most:
                folder.findings.add(
                    name,
                    f"超出已签名的大小 {size}，没有签名为它作证",
                    f"it goes beyond the signed size {size}; no signature vouches for it",
                )
            elif width < most:
                _compare_narrow(folder, TilePlace(level, number, width), max(widths), name)


def _compare_narrow(folder: _Folder, place: TilePlace, widest: int, name: str) -> None:
    """Compare an old partial tile with the wider one that replaced it."""
    try:
        narrow = folder.source.read(name)
        wide = folder.source.read(tile_path(place.level, place.number, widest))
    except CannotTell as problem:
        folder.findings.add(name, problem.chinese, problem.english)
        return
    if place.level == ENTRIES:
        try:
            is_same = read_entries(narrow) == read_entries(wide)[: place.width]
        except BadProof:
            is_same = False
    else:
        is_same = narrow == wide[: 32 * place.width] and len(narrow) == 32 * place.width
    if not is_same:
        folder.findings.add(
            name, "与后来更完整的文件不符", "it differs from the fuller file that followed it"
        )
