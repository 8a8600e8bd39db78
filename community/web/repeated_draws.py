"""A published draw made again on the command line; whose it is and how it is drawn rooms say."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from community.kernel.errors import Refusal
from community.kernel.lots import BadLot, hash_candidates

File = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A round drawn again: the lines that tell of it, and what must be as published."""

    lines: Sequence[str]
    drawn: Sequence[str]


@dataclass(frozen=True, slots=True)
class Draws:
    """A kind of published draw.

    `name` stands in sentences; `listed` is the file's list that was hashed; `read` gives what the
    installation keeps of a number, as the file has it; `draw` repeats one of the file's rounds.
    """

    name: str
    listed: str
    read: Callable[[int], File]
    draw: Callable[[File, Mapping[str, Any]], Redrawn]


def repeat_draws(source: str, draws: Draws) -> None:
    """Draw every round of a file or a number again, say what differs, and leave with 1 if any."""
    try:
        problems = _compare(_read(source, draws), draws)
    except BadLot as problem:
        raise click.ClickException(f"cannot be drawn: {problem}") from problem
    except (AttributeError, KeyError, TypeError, ValueError) as problem:
        raise click.ClickException(f"is no {draws.name}'s file: {source}") from problem
    for said in problems:
        click.echo(said, err=True)
    click.echo("DIFFERS from what was published" if problems else "same as published", err=True)
    sys.exit(1 if problems else 0)


def _read(source: str, draws: Draws) -> File:
    if source.isdecimal() and source.isascii():
        try:
            return draws.read(int(source))
        except Refusal as refusal:
            raise click.ClickException(str(refusal)) from refusal
    try:
        found: File = json.loads(Path(source).read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        said = f"no {draws.name}'s number and no readable file: {source}"
        raise click.ClickException(said) from problem
    return found


def _compare(file: File, draws: Draws) -> list[str]:
    problems = []
    if hash_candidates(file[draws.listed]) != file["list_hash"]:
        problems.append("the list does not have the published hash")
    if not file["rounds"]:
        click.echo("not drawn yet; the list has been compared with its hash")
    for number, one in enumerate(file["rounds"], 1):
        again = draws.draw(file, one)
        for place, line in enumerate(again.lines, 1):
            click.echo(f"{number}.{place}\t{line}")
        if list(again.drawn) != one["drawn"]:
            problems.append(f"round {number} gives others")
    return problems
