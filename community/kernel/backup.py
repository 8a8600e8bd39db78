"""The whole installation in one archive and back: database, files, keys, each with its SHA-256.

SQLite only: a PostgreSQL server is backed up with its own tools. An archive is complete or it is
not there; a restore happens at the start of the server, alone with the database.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from community.kernel import clock, ids
from community.kernel.errors import N_, NotFound, RuleBroken

FORMAT = 1
KEEP = 30
FOLDER = "backups"
REQUEST = "restore.request"
DATABASE = "database.db"
MANIFEST = "manifest.json"
# What an installation consists of besides its database.
PARTS = ("files", "keys", "tls", "secret_key")
CHUNK = 1 << 20

_NAME = re.compile(r"community-\d{8}-\d{6}(?:-[a-z]+)?\.zip\Z")
_MEMBER = re.compile(r"(?:database\.db|secret_key|(?:files|keys|tls)(?:/[A-Za-z0-9_][\w.-]*)+)\Z")


class BackupUnsupported(RuleBroken):
    """The database is not ours to copy."""

    message = N_("数据库是 PostgreSQL，请用它自己的备份工具（pg_basebackup 或 pg_dump）。")


class BackupBroken(RuleBroken):
    """An archive is not what its manifest says."""

    message = N_("这份备份不完整或被改动过（{reason}），不能用来恢复。请换另一份。")


class DiskFull(RuleBroken):
    """There is no room for another archive."""

    message = N_("磁盘空间不够，备份没有做成。请腾出空间后再试。")


@dataclass(frozen=True, slots=True)
class Backup:
    """An archive on disk."""

    name: str
    made_at: datetime
    size_bytes: int


def make_backup(url: str, instance: Path, reason: str = "") -> Backup:
    """Copy the database at one moment, and all files and keys, into a new archive.

    The running application goes on reading and writing meanwhile.
    Raises: BackupUnsupported, DiskFull.
    """
    database = database_file(url)
    folder = _folder(instance)
    stamp = clock.now().astimezone(clock.SHANGHAI).strftime("%Y%m%d-%H%M%S")
    target = folder / f"community-{stamp}{'-' + reason if reason else ''}.zip"
    part = folder / f".{ids.random_code(8)}.part"
    copy = folder / f".{ids.random_code(8)}.db"
    try:
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("VACUUM INTO ?", (str(copy),))
        _write_archive(part, copy, instance)
        part.replace(target)
    except (OSError, sqlite3.OperationalError) as error:
        raise DiskFull from error
    finally:
        part.unlink(missing_ok=True)
        copy.unlink(missing_ok=True)
    _sync(folder)
    return _view(target)


def backups(instance: Path) -> tuple[Backup, ...]:
    """List the archives, newest first."""
    found = [each for each in _folder(instance).iterdir() if _NAME.match(each.name)]
    return tuple(_view(each) for each in sorted(found, key=lambda each: each.name, reverse=True))


def find_backup(instance: Path, name: str) -> Path:
    """Give an archive by its name.

    Raises: NotFound.
    """
    path = _folder(instance) / name
    if not _NAME.match(name) or not path.is_file():
        raise NotFound
    return path


def forget_old_backups(instance: Path, keep: int = KEEP) -> int:
    """Remove all archives but the newest; tell how many went."""
    old = backups(instance)[keep:]
    for each in old:
        (_folder(instance) / each.name).unlink(missing_ok=True)
    return len(old)


def check_backup(archive: Path) -> dict[str, Any]:
    """Read every byte of an archive and hold it against the manifest, which is returned.

    Raises: BackupBroken.
    """
    try:
        with zipfile.ZipFile(archive) as packed:
            manifest = _manifest(packed)
            for name, told in manifest["entries"].items():
                _check_member(packed, name, told)
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise BackupBroken(reason="ZIP") from error
    return manifest


def ask_restore(instance: Path, name: str) -> None:
    """Let the next start restore an archive, once it has been read whole.

    Raises: NotFound, BackupBroken.
    """
    check_backup(find_backup(instance, name))
    part = instance / f"{REQUEST}.part"
    part.write_text(name)
    part.replace(instance / REQUEST)


def asked_restore(instance: Path) -> str | None:
    """Tell which archive the next start will restore."""
    file = instance / REQUEST
    return file.read_text().strip() if file.is_file() else None


def withdraw_restore(instance: Path) -> None:
    """Leave everything as it is at the next start."""
    (instance / REQUEST).unlink(missing_ok=True)


def restore(url: str, instance: Path, archive: Path) -> None:
    """Put an archive in place of the present database, files and keys.

    Only while holding the application lock alone. What is there now is backed up first. Cut in
    the middle it is simply done again: the database comes last.
    Raises: BackupUnsupported, BackupBroken, DiskFull.
    """
    database = database_file(url)
    check_backup(archive)
    scratch = instance / f".restore-{ids.random_code(8)}"
    scratch.mkdir(mode=0o700)
    try:
        _unpack(archive, scratch)
        _check_database(scratch / DATABASE)
        if database.exists():
            make_backup(url, instance, "before")
        _put_files(scratch / "files", instance / "files")
        for name in ("keys", "tls", "secret_key"):
            _put_part(scratch / name, instance / name)
        for suffix in ("-wal", "-shm"):
            database.with_name(database.name + suffix).unlink(missing_ok=True)
        (scratch / DATABASE).replace(database)
        _sync(database.parent)
    except OSError as error:
        raise DiskFull from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def restore_if_asked(url: str, instance: Path) -> str | None:
    """Restore what was asked for; tell its name. The request goes only after the work is done.

    Raises: as `restore`; NotFound when the archive has gone.
    """
    name = asked_restore(instance)
    if name is None:
        return None
    restore(url, instance, find_backup(instance, name))
    withdraw_restore(instance)
    return name


def database_file(url: str) -> Path:
    """Tell the file of an embedded database.

    Raises: BackupUnsupported.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database is None:
        raise BackupUnsupported
    return Path(parsed.database)


def _folder(instance: Path) -> Path:
    folder = instance / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _view(path: Path) -> Backup:
    stamp = path.name.removeprefix("community-")[:15]
    local = datetime.strptime(stamp, "%Y%m%d-%H%M%S").replace(tzinfo=clock.SHANGHAI)
    return Backup(path.name, local, path.stat().st_size)


def _write_archive(part: Path, copy: Path, instance: Path) -> None:
    entries: dict[str, dict[str, int | str]] = {}
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w+b") as opened:
        with zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            entries[DATABASE] = _add(packed, copy, DATABASE, zipfile.ZIP_DEFLATED)
            for name in PARTS:
                for path in _files_of(instance / name):
                    member = path.relative_to(instance).as_posix()
                    if _MEMBER.match(member):
                        # Pictures and PDFs do not get smaller.
                        entries[member] = _add(packed, path, member, zipfile.ZIP_STORED)
            manifest = {
                "format": FORMAT,
                "made_at": clock.now().isoformat(),
                "entries": entries,
            }
            packed.writestr(MANIFEST, json.dumps(manifest, sort_keys=True, indent=1))
        opened.flush()
        os.fsync(opened.fileno())


def _files_of(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else []


def _add(packed: zipfile.ZipFile, path: Path, name: str, way: int) -> dict[str, int | str]:
    member = zipfile.ZipInfo(name)
    member.compress_type = way
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source, packed.open(member, "w", force_zip64=True) as target:
        while piece := source.read(CHUNK):
            digest.update(piece)
            size += len(piece)
            target.write(piece)
    return {"sha256": digest.hexdigest(), "size": size}


def _manifest(packed: zipfile.ZipFile) -> dict[str, Any]:
    try:
        manifest = json.loads(packed.read(MANIFEST))
        entries, form = manifest["entries"], manifest["format"]
    except (KeyError, ValueError, TypeError) as error:
        raise BackupBroken(reason=MANIFEST) from error
    names = {each for each in packed.namelist() if each != MANIFEST}
    if form != FORMAT or DATABASE not in entries or names != set(entries):
        raise BackupBroken(reason=MANIFEST)
    if not all(_MEMBER.match(each) and ".." not in each for each in names):
        raise BackupBroken(reason=MANIFEST)
    found: dict[str, Any] = manifest
    return found


def _check_member(packed: zipfile.ZipFile, name: str, told: dict[str, Any]) -> None:
    digest, size = hashlib.sha256(), 0
    with packed.open(name) as source:
        while piece := source.read(CHUNK):
            digest.update(piece)
            size += len(piece)
            if size > told["size"]:
                raise BackupBroken(reason=name)
    if size != told["size"] or digest.hexdigest() != told["sha256"]:
        raise BackupBroken(reason=name)


def _unpack(archive: Path, scratch: Path) -> None:
    with zipfile.ZipFile(archive) as packed:
        for name in _manifest(packed)["entries"]:
            target = scratch / name
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with packed.open(name) as source, os.fdopen(descriptor, "wb") as opened:
                shutil.copyfileobj(source, opened, CHUNK)
                opened.flush()
                os.fsync(opened.fileno())


def _check_database(file: Path) -> None:
    try:
        with closing(sqlite3.connect(file)) as connection:
            (answer,) = connection.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise BackupBroken(reason=DATABASE) from error
    if answer != "ok":
        raise BackupBroken(reason=DATABASE)


def _put_files(source: Path, target: Path) -> None:
    """Add the files that are missing; a file's name is its hash, so none is written over."""
    for path in _files_of(source):
        place = target / path.relative_to(source)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            path.replace(place)


def _put_part(source: Path, target: Path) -> None:
    for path in _files_of(source):
        place = target / path.relative_to(source) if source.is_dir() else target
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.replace(place)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
