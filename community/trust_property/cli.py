"""Commands of the fund at the terminal."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from community.kernel import db
from community.kernel.actor import Actor
from community.kernel.sheets import UnreadableFile
from community.trust_property.importing.reading import read_statement
from community.trust_property.importing.report import as_json
from community.trust_property.importing.statement import TITLES, Statement
from community.trust_property.queries.bookkeeping import beancount_of
from community.trust_property.queries.fund import community_of

UNREADABLE = 2

trust_group = AppGroup("trust", help="The owners' fund: bank statements, its books as a file.")


@trust_group.command("read-statement")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "form", flag_value="lines", help="Print a JSON object per entry.")
@click.option("--whole", "form", flag_value="whole", help="Print everything as one JSON object.")
def read_statement_command(file: Path, form: str | None) -> None:
    """Print what is understood of a bank statement; nothing is kept.

    FILE is an XLSX, XLS, CSV, OFX or camt.053 export of any bank or payment service; coding,
    header row and columns are found.

    --json prints a line an entry: date (2026-03-01), amount_fen (negative: money left),
    counterparty, summary, balance_fen (null when the bank gives none), number (the bank's own),
    row, time, note, kind, counter_account, fee_fen, account, sheet. All else, questions too, goes
    to standard error as one object: bank, account, currency, encoding, header_row, columns, sign,
    order, since, until, opening_fen, closing_fen, accounts, questions, skipped.

    --whole prints that object with the entries in "lines".

    Exit status: 0 read (look at the questions), 2 cannot be read.
    """
    try:
        found = read_statement(file.read_bytes(), file.name)
    except UnreadableFile as refusal:
        told = {"error": refusal.code(), "sentence": str(refusal)}
        click.echo(_json(told) if form else str(refusal), err=True)
        sys.exit(UNREADABLE)
    everything = as_json(found)
    if form == "whole":
        click.echo(_json(everything))
    elif form == "lines":
        for line in everything.pop("lines"):
            click.echo(_json(line))
        click.echo(_json(everything), err=True)
    else:
        _print(found)


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


@trust_group.command("beancount")
@click.argument("fund", type=int)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def beancount_command(fund: int, file: Path) -> None:
    """Write the books of FUND (its number) to FILE as Beancount, households in groups.

    `bean-check FILE` then finds every account's balance as the books have it.
    """
    with db.read() as session:
        community_id = community_of(session, fund)
        if community_id is None:
            raise click.ClickException(f"没有 {fund} 号资金")
        text = beancount_of(session, Actor.system(community_id), fund)
    file.write_text(text, encoding="utf-8")
    click.echo(f"{file}  {text.count(' * ')} 笔")


def _print(found: Statement) -> None:
    click.echo(f"{found.bank or '银行未知'}  {found.account}  {found.encoding}")
    for column in found.columns:
        click.echo(f"  第 {column.place} 列  {column.header} → {TITLES[column.column]}")
    for line in found.lines:
        balance = "" if line.balance_fen is None else _yuan(line.balance_fen)
        words = (str(line.row), line.day.isoformat(), _yuan(line.amount_fen), balance)
        click.echo("\t".join((*words, line.counterparty, line.summary, line.number)))
    click.echo(
        f"期初 {_yuan(found.opening_fen)}  期末 {_yuan(found.closing_fen)}  {len(found.lines)} 笔"
    )
    for skipped in found.skipped:
        click.echo(f"未计入  第 {skipped.row} 行  {skipped.sentence}: {skipped.text}")
    for question in found.questions:
        click.echo(f"请确认  {question.sentence()}")


def _yuan(fen: int | None) -> str:
    if fen is None:
        return "-"
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"
