"""The whole way from a file to what it tells, with the answers a user gave before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from community.kernel.errors import N_
from community.kernel.sheets import Limits, UnreadableFile, open_sheets
from community.trust_property.importing.electronic import read_electronic
from community.trust_property.importing.statement import Choices, Statement
from community.trust_property.importing.table_reading import TableReading
from community.trust_property.importing.tables import find_table
from community.trust_property.importing.words import TELLING

LIMITS = Limits(file=40 << 20, unpacked=600 << 20, rows=200_000)


class NoEntriesFound(UnreadableFile):
    """No sheet holds a day and an amount in one row."""

    message = N_("没有找到交易明细：没有一行同时有日期和金额。请确认上传的是银行导出的对账单。")


def read_statement(content: bytes, name: str = "", choices: Choices | None = None) -> Statement:
    """Read a bank's statement of any kind; `name` is the file's, which may tell the bank.

    Raises: UnreadableFile.
    """
    if len(content) > LIMITS.file:
        raise LIMITS.too_large()
    if found := read_electronic(content):
        return found
    opened = open_sheets(content, LIMITS, TELLING)
    tables = [table for grid in opened.grids if grid.rows and (table := find_table(grid))]
    given = choices or Choices()
    statements = [
        found
        for table in tables
        if (found := TableReading(table, opened.encoding, name, given).read()).lines
        or found.skipped
    ]
    with_lines = [each for each in statements if each.lines]
    if not statements:
        raise NoEntriesFound
    return _joined(with_lines or statements[:1])


def _joined(found: list[Statement]) -> Statement:
    """Join the statements of several sheets; the first one tells the layout."""
    if len(found) == 1:
        return found[0]
    found = _without_twins(found)
    first = found[0]
    if len(found) == 1:
        return first
    accounts = tuple(account for each in found for account in each.accounts)
    is_one = len({account.account for account in accounts}) == 1
    return replace(
        first,
        account=first.account if is_one else "",
        since=min((each.since for each in found if each.since), default=None),
        until=max((each.until for each in found if each.until), default=None),
        opening_fen=None,
        closing_fen=None,
        lines=tuple(line for each in found for line in each.lines),
        skipped=tuple(one for each in found for one in each.skipped),
        questions=tuple(dict.fromkeys(one for each in found for one in each.questions)),
        accounts=accounts,
    )


def _without_twins(found: list[Statement]) -> list[Statement]:
    """Drop a sheet that repeats another one; some services write the same table twice."""
    kept: list[Statement] = []
    said: list[list[tuple[date, int, str, str]]] = []
    for each in found:
        own = [(line.day, line.amount_fen, line.counterparty, line.number) for line in each.lines]
        if own not in said:
            kept.append(each)
            said.append(own)
    return kept
