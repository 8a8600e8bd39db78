"""`flask poll recount POLL`: count a closed poll again from its rows."""

from __future__ import annotations

import json
import sys

import click

from community.deliberation.queries.counting import recount
from community.deliberation.queries.polls import community_of
from community.kernel import db
from community.kernel.errors import Refusal


@click.command("recount")
@click.argument("poll_id", type=int)
def recount_command(poll_id: int) -> None:
    """Count a closed POLL again and compare with what was published; exit 1 when it differs."""
    try:
        with db.read() as session:
            outcome, is_same = recount(session, community_of(session, poll_id), poll_id)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(json.dumps(outcome, ensure_ascii=False, sort_keys=True, indent=2))
    click.echo("same as published" if is_same else "DIFFERS from what was published", err=True)
    sys.exit(0 if is_same else 1)
