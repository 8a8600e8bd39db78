"""Applications share the lock; a migration has it alone; who comes too late reads a sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from community.kernel.app_lock import AppLock, AppLockHeld

pytestmark = pytest.mark.once


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/community.db"
    found: str = request.getfixturevalue("postgres_address")
    return found


def test_applications_share_and_a_migration_waits_for_none(url: str) -> None:
    first, second = AppLock(url, exclusive=False), AppLock(url, exclusive=False)
    with pytest.raises(AppLockHeld, match="先停止应用"):
        AppLock(url, exclusive=True)
    first.release()
    second.release()
    AppLock(url, exclusive=True).release()


def test_no_application_starts_during_a_migration(url: str) -> None:
    with AppLock(url, exclusive=True), pytest.raises(AppLockHeld, match="正在升级"):
        AppLock(url, exclusive=False)
    AppLock(url, exclusive=False).release()


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/community.db"
    program = (
        "import sys, time; from community.kernel.app_lock import AppLock;"
        f"lock = AppLock({url!r}, exclusive=True); print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(AppLockHeld):
        AppLock(url, exclusive=False)
    holder.kill()
    holder.wait()
    holder.stdout.close()
    AppLock(url, exclusive=False).release()
