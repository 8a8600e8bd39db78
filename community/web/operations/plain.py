"""Commands say in words what a database that is not set up, or a number too long for it, means."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Callable
from typing import Any

import click
from flask import current_app
from sqlalchemy.exc import DBAPIError

from community.web.operations.schema import WrongSchema, check_revision

_SPOKEN = "speaks_plainly"


def speak_plainly(group: click.Group) -> None:
    """Have every command below a group end with a sentence, not with a traceback."""
    for command in group.commands.values():
        if isinstance(command, click.Group):
            speak_plainly(command)
        elif command.callback is not None and not hasattr(command.callback, _SPOKEN):
            command.callback = _plain(command.callback)


def _plain(callback: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(callback)
    def run(*values: Any, **named: Any) -> Any:
        try:
            return callback(*values, **named)
        except (DBAPIError, sqlite3.Error) as problem:
            try:
                check_revision(current_app.config["DATABASE_URL"])
            except WrongSchema as refused:
                raise click.ClickException(str(refused)) from problem
            except DBAPIError as closed:
                raise click.ClickException(f"打不开数据库：{closed.orig}") from problem
            raise
        except OverflowError as problem:
            raise click.ClickException(f"编号太大：{problem}") from problem

    setattr(run, _SPOKEN, True)
    return run
