"""The token of the first run: it lets only whoever sees the server's screen set it up."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from sqlalchemy import select

from community.kernel import db, ids, keys
from community.kernel.tables import Community
from community.web.operations.serving import say

FILE = "setup_token"
LENGTH = 12


def setup_token(instance: Path) -> str:
    """Give the token, making it the first time; the file is readable by its owner only."""
    keys.write_secret(instance / FILE, ids.random_code(LENGTH).encode())
    return (instance / FILE).read_text().strip()


def spell_token(instance: Path) -> str:
    """Write the token in groups of four, as it is read off a screen."""
    token = setup_token(instance)
    return " ".join(token[start : start + 4] for start in range(0, len(token), 4))


@click.command("setup-token")
def tell_setup_token() -> None:
    """Tell the token that opens the wizard, while there is no community."""
    with db.read() as session:
        is_empty = session.scalar(select(Community.id).limit(1)) is None
    if is_empty:
        say(f"向导口令：{spell_token(Path(current_app.config['INSTANCE']))}")
    else:
        say("社区已经建立，向导已关闭。")
