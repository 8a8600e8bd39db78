"""`flask poll map`: draw the opinion map again from the published answers."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import click

from community.deliberation.service.opinion_maps import draw_picture_of
from community.deliberation.tallies.opinion_rows import MapSettings, Row, matrix_hash

ANSWERS = {"": None, "1": 1, "0": 0, "-1": -1}


@click.command("map")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--seed", required=True, help="The seed that the map's page names, in hexadecimal.")
@click.option("--smallest-group", default=5, show_default=True, help="As the conversation says.")
@click.option("--set-same-aside", is_flag=True, help="As the conversation says.")
def map_command(file: Path, seed: str, *, smallest_group: int, set_same_aside: bool) -> None:
    """Draw the opinion map of a FILE of published answers and print it as JSON.

    The first line holds the viewpoints; each further line is one person: 1 agrees, 0 passes,
    -1 disagrees, nothing: not answered.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            texts, *lines = list(csv.reader(opened))
        rows: list[Row] = [tuple(ANSWERS[each.strip()] for each in line) for line in lines if line]
        seed_bytes = bytes.fromhex(seed)
    except (KeyError, ValueError, csv.Error) as problem:
        raise click.ClickException(f"not understood: {problem}") from problem
    picture = draw_picture_of(rows, seed_bytes, MapSettings(smallest_group, set_same_aside))
    found = {"answers": matrix_hash(rows), "viewpoints": texts, "picture": picture}
    click.echo(json.dumps(found, ensure_ascii=False, sort_keys=True, indent=2))
