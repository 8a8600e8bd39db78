"""Backups of a running server: every night, and a restore that starts the server again."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import click
from flask import current_app
from sqlalchemy.engine import make_url

from community.kernel import backup, jobs
from community.kernel.app_lock import AppLock, AppLockHeld
from community.kernel.errors import Refusal
from community.web.operations.schema import WrongSchema, newest_revision, revision_of
from community.web.operations.serving import CannotStart, say

NIGHTLY_HOUR = 2
# Set by the process that serves, so that a worker ends nobody else's parent.
SERVER = "COMMUNITY_SERVER_PID"
# Long enough for the answer that says so to reach the browser.
RESTART_AFTER_SECONDS = 1


def back_up_every_night(url: str, instance: Path) -> None:
    """Make an archive at two in the morning and keep the newest thirty."""
    if make_url(url).get_backend_name() != "sqlite":
        return

    def run() -> None:
        backup.make_backup(url, instance)
        backup.forget_old_backups(instance)

    jobs.daily("kernel.backup", NIGHTLY_HOUR, run)


def mark_server() -> None:
    """Let workers know which process starts the server again."""
    os.environ[SERVER] = str(os.getpid())


def restart_server() -> bool:
    """Let the server end and start again soon; False where somebody else started it."""
    parent = os.getppid()
    if os.environ.get(SERVER) != str(parent):
        return False
    threading.Timer(RESTART_AFTER_SECONDS, os.kill, (parent, signal.SIGTERM)).start()
    return True


def restore_before_start(config: dict[str, Any]) -> None:
    """Restore what was asked for, alone with the database.

    Raises: CannotStart, AppLockHeld.
    """
    url, instance = config["DATABASE_URL"], Path(config["INSTANCE"])
    if backup.asked_restore(instance) is None:
        return
    say("正在恢复备份……")
    try:
        with AppLock(url, exclusive=True):
            name = backup.restore_if_asked(url, instance)
    except Refusal as refusal:
        backup.withdraw_restore(instance)
        raise CannotStart(f"{refusal} 已取消恢复，数据没有改变，请重新启动。") from refusal
    say(f"已恢复 {name}。恢复前的数据也存了一份备份。")


def start_again_if_asked(config: dict[str, Any]) -> None:
    """Begin anew in this very process when the server ended for a restore."""
    if backup.asked_restore(Path(config["INSTANCE"])) is not None:
        sys.stdout.flush()
        # The same command with the same settings; a new interpreter keeps no old connection.
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606


@click.command("backup")
def make_backup() -> None:
    """Make an archive of the whole installation now; the server may be running."""
    config = current_app.config
    try:
        made = backup.make_backup(config["DATABASE_URL"], Path(config["INSTANCE"]))
    except Refusal as refusal:
        sys.exit(str(refusal))
    say(f"已备份：{Path(config['INSTANCE']) / backup.FOLDER / made.name}")


@click.command("restore")
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(archive: Path) -> None:
    """Put an archive in place of everything; the server must be stopped."""
    url, instance = current_app.config["DATABASE_URL"], Path(current_app.config["INSTANCE"])
    instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with AppLock(url, exclusive=True):
            backup.restore(url, instance, archive)
    except (AppLockHeld, Refusal) as refused:
        sys.exit(f"没有恢复：{refused}")
    found, needed = revision_of(url), newest_revision()
    if found is not None and found > needed:
        sys.exit(str(WrongSchema("这份备份来自更新的版本，请先升级程序。")))
    say("已恢复。请启动服务；数据库需要升级时会自动升级。")
