"""Commands of the fund at the terminal."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from community.kernel.sheets import UnreadableFile
from community.trust_property.importing.reading import read_statement
from community.trust_property.importing.report import as_json
from community.trust_property.importing.statement import TITLES, Statement

CERTAIN, UNREADABLE, UNSURE = 0, 2, 3

trust_group = AppGroup("trust", help="The owners' fund: bank statements.")


@trust_group.command("read-statement")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "wants_json", is_flag=True, help="Print JSON instead of a table.")
def read_statement_command(file: Path, *, wants_json: bool) -> None:
    """Print what is understood of a bank statement; nothing is kept.

    FILE is an XLSX, XLS, CSV, OFX or camt.053 export of any bank or payment service; coding,
    header row and columns are found. The JSON is one object: bank, account, currency, encoding,
    header_row, columns, sign, order, since, until, opening_fen, closing_fen, accounts,
    questions, skipped, and "lines" with an object for each entry: row, date (2026-03-01),
    amount_fen (negative: money left), counterparty, summary, balance_fen (null when the bank
    gives none), number (the bank's own), time, note, kind, counter_account, fee_fen, account.

    Exit status: 0 read with certainty, 3 read with open questions, 2 cannot be read.
    """
    try:
        found = read_statement(file.read_bytes(), file.name)
    except UnreadableFile as refusal:
        if wants_json:
            click.echo(
                json.dumps({"error": refusal.code(), "sentence": str(refusal)}, ensure_ascii=False)
            )
        else:
            click.echo(str(refusal), err=True)
        sys.exit(UNREADABLE)
    if wants_json:
        click.echo(json.dumps(as_json(found), ensure_ascii=False, indent=1))
    else:
        _print(found)
    sys.exit(CERTAIN if found.is_certain else UNSURE)


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
