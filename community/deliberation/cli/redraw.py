"""`flask panel redraw`: repeat the draw of a panel, from the rows or from the file anybody has."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from community.deliberation.errors.panels import PanelNotFound
from community.deliberation.queries.panels import community_of_panel, read_draw
from community.deliberation.tallies.panels import PanelRules, Quota, draw_panel, read_line
from community.kernel import db
from community.kernel.lots import BadLot, hash_candidates


@click.command("redraw")
@click.argument("source")
def redraw_command(source: str) -> None:
    """Draw a panel again and compare; exit 1 when anything differs.

    SOURCE is a panel's number on this installation, or a file downloaded from its page. It checks
    the list against its published hash and draws every round again: the first, and each time
    somebody declined.
    """
    file = _read(source)
    try:
        problems = _compare(file)
    except BadLot as problem:
        raise click.ClickException(f"cannot be drawn: {problem}") from problem
    except (KeyError, TypeError, ValueError) as problem:
        raise click.ClickException(f"is no panel's file: {source}") from problem
    for said in problems:
        click.echo(said, err=True)
    click.echo("DIFFERS from what was published" if problems else "same as published", err=True)
    sys.exit(1 if problems else 0)


def _read(source: str) -> dict[str, Any]:
    if not source.isdecimal():
        try:
            found: dict[str, Any] = json.loads(Path(source).read_text(encoding="utf-8"))
        except (OSError, ValueError) as problem:
            raise click.ClickException(f"no panel's number and no readable file: {source}") from (
                problem
            )
        return found
    with db.read() as session:
        try:
            community_id = community_of_panel(session, int(source))
            return read_draw(session, community_id, int(source)).as_plain()
        except PanelNotFound as refusal:
            raise click.ClickException(str(refusal)) from refusal


def _compare(file: dict[str, Any]) -> list[str]:
    candidates = [read_line(line) for line in file["candidates"]]
    rules = PanelRules(file["seats"], tuple(Quota(*one) for one in file["quotas"]))
    problems = []
    if hash_candidates(file["candidates"]) != file["list_hash"]:
        problems.append("the list does not have the published hash")
    if not file["rounds"]:
        click.echo("not drawn yet; the list has been compared with its hash")
    for number, one in enumerate(file["rounds"], 1):
        drawn = draw_panel(file["seed"].encode(), candidates, rules, one["kept"], one["left"])
        for place, candidate in enumerate(drawn, 1):
            click.echo(f"{number}.{place}\t{candidate.line}")
        if [candidate.token for candidate in drawn] != one["drawn"]:
            problems.append(f"round {number} gives others")
    return problems
