"""`flask panel redraw`: repeat the draw of a panel, from the rows or from the file anybody has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from community.deliberation.queries.panels import community_of_panel, read_draw
from community.deliberation.tallies.panels import PanelRules, Quota, draw_panel, read_line
from community.kernel import db
from community.web.repeated_draws import Draws, File, Redrawn, repeat_draws


@click.command("redraw")
@click.argument("source")
def redraw_command(source: str) -> None:
    """Draw a panel again and compare; exit 1 when anything differs.

    SOURCE is a panel's number on this installation, or a file downloaded from its page. It checks
    the list against its published hash and draws every round again: the first, and each time
    somebody declined.
    """
    repeat_draws(source, Draws("panel", "candidates", _read, _draw))


def _read(panel_id: int) -> File:
    with db.read() as session:
        community_id = community_of_panel(session, panel_id)
        return read_draw(session, community_id, panel_id).as_plain()


def _draw(file: File, one: Mapping[str, Any]) -> Redrawn:
    candidates = [read_line(line) for line in file["candidates"]]
    rules = PanelRules(file["seats"], tuple(Quota(*each) for each in file["quotas"]))
    drawn = draw_panel(file["seed"].encode(), candidates, rules, one["kept"], one["left"])
    return Redrawn([each.line for each in drawn], [each.token for each in drawn])
