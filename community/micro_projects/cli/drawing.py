"""`flask projects draw`: repeat a tender's lot, from the rows or from the file anybody has."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from community.kernel import db
from community.kernel.lots import BadLot, hash_candidates, rank
from community.micro_projects.errors.panels import LotNotFound
from community.micro_projects.queries.lots import community_of_lot, draw_file
from community.micro_projects.rules.panels import LotPurpose, fill_seats, read_line


@click.command("draw")
@click.argument("source")
def draw_command(source: str) -> None:
    """Draw a panel, or part a tie, again and compare; exit 1 when anything differs.

    SOURCE is a lot's number on this installation, or a file downloaded from the page of the
    evaluation. It checks the list against its published hash and draws every round again from
    the published seed, without a network: the first, and each time somebody was recused.
    """
    file = _read(source)
    try:
        problems = _compare(file)
    except BadLot as problem:
        raise click.ClickException(f"cannot be drawn: {problem}") from problem
    except (KeyError, TypeError, ValueError) as problem:
        raise click.ClickException(f"is no lot's file: {source}") from problem
    for said in problems:
        click.echo(said, err=True)
    click.echo("DIFFERS from what was published" if problems else "same as published", err=True)
    sys.exit(1 if problems else 0)


def _read(source: str) -> dict[str, Any]:
    if not source.isdecimal():
        try:
            found: dict[str, Any] = json.loads(Path(source).read_text(encoding="utf-8"))
        except (OSError, ValueError) as problem:
            raise click.ClickException(f"no lot's number and no readable file: {source}") from (
                problem
            )
        return found
    with db.read() as session:
        try:
            return draw_file(session, community_of_lot(session, int(source)), int(source))
        except LotNotFound as refusal:
            raise click.ClickException(str(refusal)) from refusal


def _compare(file: dict[str, Any]) -> list[str]:
    problems = []
    if hash_candidates(file["lines"]) != file["list_hash"]:
        problems.append("the list does not have the published hash")
    if not file["rounds"]:
        click.echo("not drawn yet; the list has been compared with its hash")
    for number, one in enumerate(file["rounds"], 1):
        drawn = _draw(file, one)
        for place, line in enumerate(drawn, 1):
            click.echo(f"{number}.{place}\t{line}")
        if drawn != one["drawn"]:
            problems.append(f"round {number} gives others")
    return problems


def _draw(file: dict[str, Any], one: dict[str, list[str]]) -> list[str]:
    order = rank(file["seed"].encode(), file["lines"])
    if LotPurpose(file["purpose"]) is LotPurpose.TIE:
        return list(order)
    candidates = [read_line(line) for line in order]
    kept = [read_line(line).token for line in one["kept"]]
    left = [read_line(line).token for line in one["left"]]
    drawn = fill_seats(candidates, file["seats"], file["experts"], kept, left) or ()
    return [candidate.line for candidate in drawn]
