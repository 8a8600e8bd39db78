"""One lock between the running applications and a migration: shared for them, alone for it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Engine, NullPool, create_engine
from sqlalchemy.engine import make_url

# Any number, the same for everybody who opens this database.
ADVISORY_KEY = 7_305_805_118


class AppLockHeld(Exception):
    """The other side holds the lock; the message says what to do."""


class AppLock:
    """The lock of one database, held until `release`, or until the process ends, however it ends.

    On SQLite `flock` on `app.lock` beside the database file; on PostgreSQL an advisory lock of a
    session of its own, because applications run on several machines.
    """

    def __init__(self, url: str, *, exclusive: bool) -> None:
        """Take the lock at once or fail.

        Raises: AppLockHeld.
        """
        self._exclusive = exclusive
        self._descriptor: int | None = None
        self._engine: Engine | None = None
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            assert parsed.database is not None
            self._lock_file(Path(parsed.database).with_name("app.lock"))
        else:
            self._lock_session(url)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def release(self) -> None:
        """Give the lock back."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        if self._engine is not None:
            self._session.close()
            self._engine.dispose()
            self._engine = None

    def _lock_file(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            mode = fcntl.LOCK_EX if self._exclusive else fcntl.LOCK_SH
            fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise AppLockHeld(self._sentence()) from error
        self._descriptor = descriptor

    def _lock_session(self, url: str) -> None:
        engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        session = engine.connect()
        name = "pg_try_advisory_lock" if self._exclusive else "pg_try_advisory_lock_shared"
        if not session.exec_driver_sql(f"SELECT {name}({ADVISORY_KEY})").scalar():
            session.close()
            engine.dispose()
            raise AppLockHeld(self._sentence())
        self._engine, self._session = engine, session

    def _sentence(self) -> str:
        if self._exclusive:
            return "应用正在运行，不能升级数据库。请先停止应用（Ctrl+C 或停止服务），再重试。"
        return "数据库正在升级，应用暂时不能启动。请等升级结束后再启动。"
