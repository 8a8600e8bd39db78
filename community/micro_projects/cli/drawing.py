"""`flask projects draw`: repeat a tender's lot, from the rows or from the file anybody has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from community.kernel import db
from community.kernel.lots import rank
from community.micro_projects.queries.lots import community_of_lot, draw_file
from community.micro_projects.rules.panels import LotPurpose, fill_seats, read_line
from community.web.repeated_draws import Draws, File, Redrawn, repeat_draws


@click.command("draw")
@click.argument("source")
def draw_command(source: str) -> None:
    """Draw a panel or jurors, or part a tie, again and compare; exit 1 when anything differs.

    SOURCE is a lot's number on this installation, or a file downloaded from the page of the
    evaluation. It checks the list against its published hash and draws every round again from
    the published seed, without a network: the first, and each time somebody was recused.
    """
    repeat_draws(source, Draws("lot", "lines", _read, _draw))


def _read(lot_id: int) -> File:
    with db.read() as session:
        return draw_file(session, community_of_lot(session, lot_id), lot_id)


def _draw(file: File, one: Mapping[str, Any]) -> Redrawn:
    order = rank(file["seed"].encode(), file["lines"])
    if LotPurpose(file["purpose"]) is LotPurpose.TIE:
        return Redrawn(order, order)
    candidates = [read_line(line) for line in order]
    kept = [read_line(line).token for line in one["kept"]]
    left = [read_line(line).token for line in one["left"]]
    drawn = fill_seats(candidates, file["seats"], file["experts"], kept, left) or ()
    lines = [candidate.line for candidate in drawn]
    return Redrawn(lines, lines)
