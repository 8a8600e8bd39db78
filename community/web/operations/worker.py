"""What one server process does besides answering: the shared lock, the runner, its log."""

from __future__ import annotations

import atexit
import gc
from pathlib import Path

from flask import Flask

from community.kernel import db, logs
from community.kernel.app_lock import AppLock
from community.kernel.db import sqlite_batch
from community.kernel.jobs import Runner
from community.web.operations.backups import back_up_every_night
from community.web.operations.monitoring import Metrics, keep_metrics
from community.web.operations.schema import check_revision

_assembled: Flask | None = None


def hand_over(app: Flask) -> None:
    """Let the workers forked from here serve this very application, not assemble their own."""
    global _assembled  # noqa: PLW0603  one application a server
    _assembled = app


def handed_over() -> Flask | None:
    """Give the application this process was forked with; None when its settings differ."""
    return _assembled


def settle_process() -> None:
    """Make an assembled process ready for many short requests."""
    # What is loaded by now stays: a full collection among it would hold up every request.
    gc.freeze()


def begin_serving(app: Flask) -> Flask:
    """Make an assembled application one that serves; refuse another schema or a migration.

    Raises: AppLockHeld, WrongSchema.
    """
    # Made here, once the folder is named in which the workers add up their counters.
    metrics = keep_metrics(app, Metrics())
    logs.configure(as_json=app.config["IS_PRODUCTION"])
    url = app.config["DATABASE_URL"]
    lock = AppLock(url, exclusive=False)
    check_revision(url)
    sqlite_batch.on_commit = metrics.observe_commit
    back_up_every_night(url, Path(app.config["INSTANCE"]))
    runner = Runner(scope=app.app_context)
    runner.start()
    settle_process()

    def _end() -> None:
        runner.stop()
        db.current().close()
        lock.release()

    atexit.register(_end)
    return app
