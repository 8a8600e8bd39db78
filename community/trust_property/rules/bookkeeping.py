"""A fund's entries in other people's forms: Beancount, and vouchers for accounting software.

Both tell what the public log tells: households' accounts only in groups.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_ROOTS = {
    "asset": "Assets",
    "liability": "Liabilities",
    "equity": "Equity",
    "income": "Income",
    "expense": "Expenses",
}
_OUTSIDE = re.compile(r"[^A-Za-z0-9-]")
# Source: 财政部 小企业会计准则 (2011), 会计科目表; what has no code there stands under the nearest.
CODES = {
    "cash": "1001",
    "bank": "1002",
    "receivable": "1122",
    "payable": "2202",
    "prepaid": "2203",
    "deposit": "2241",
    "agency": "2241",
    "unidentified": "2241",
    "opening": "3104",
    "surplus": "3104",
    "fee": "5001",
    "common": "5051",
    "interest": "5301",
    "other": "5301",
    "expense": "5401",
    "remuneration": "5401",
    "bank-charges": "5603",
    "unexplained": "5711",
}


@dataclass(frozen=True, slots=True)
class NamedAccount:
    """An account as others see it; `number` is negative for a group of households' accounts."""

    number: int
    path: str
    type: str
    words: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A posted transaction: what each account was moved by, debits positive."""

    transaction: int
    day: date
    words: str
    purpose: str
    lines: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class VoucherLine:
    """A line of a voucher (凭证) as accounting software imports it."""

    day: date
    number: int
    words: str
    code: str
    account: str
    debit_fen: int
    credit_fen: int


def beancount_names(book: str, accounts: Iterable[NamedAccount]) -> dict[int, str]:
    """Name accounts as Beancount asks: ASCII, each part beginning with a capital or a digit."""
    names: dict[int, str] = {}
    taken: set[str] = set()
    for each in sorted(accounts, key=lambda one: (one.path, one.number)):
        parts = [_part(part) for part in (book, *each.path.split("/"))]
        name = ":".join((_ROOTS[each.type], *parts))
        if name in taken:
            name = f"{name}-{abs(each.number)}"
        taken.add(name)
        names[each.number] = name
    return names


def write_beancount(
    title: str, books: Sequence[tuple[str, Sequence[NamedAccount], Sequence[Entry]]]
) -> str:
    """Write books as one Beancount file that ends with every account's balance asserted."""
    text = [
        f'option "title" {_quoted(title)}',
        'option "operating_currency" "CNY"',
        "",
    ]
    for book, accounts, entries in books:
        names = beancount_names(book, accounts)
        used = {number for entry in entries for number, _ in entry.lines}
        ordered = sorted(entries, key=lambda one: (one.day, one.transaction))
        if not ordered:
            continue
        first, after = ordered[0].day, ordered[-1].day + timedelta(days=1)
        own = [each for each in accounts if each.number in used]
        own.sort(key=lambda one: names[one.number])
        for each in own:
            text += [
                f"{first} open {names[each.number]} CNY",
                f"  path: {_quoted(each.path)}",
                f"  name: {_quoted(each.words)}",
            ]
        sums = dict.fromkeys(used, 0)
        for entry in ordered:
            text += ["", f"{entry.day} * {_quoted(entry.words)}"]
            text += [f"  purpose: {_quoted(entry.purpose)}", f'  entry: "{entry.transaction}"']
            for number, amount in entry.lines:
                sums[number] += amount
                text.append(f"  {names[number]}  {yuan(amount)} CNY")
        text.append("")
        text += [
            f"{after} balance {names[each.number]}  {yuan(sums[each.number])} CNY" for each in own
        ]
        text.append("")
    return "\n".join(text) + "\n"


def account_codes(accounts: Iterable[NamedAccount]) -> dict[int, str]:
    """Give each account a code of the standard's chart, and a running number of three digits.

    The numbers follow the order in which accounts were opened, so no later one moves them.
    """
    codes: dict[int, str] = {}
    last: dict[str, int] = {}
    for each in sorted(accounts, key=lambda one: (one.number < 0, abs(one.number))):
        head = CODES.get(each.path.split("/")[0], "2241")
        if each.number < 0:
            codes[each.number] = f"{head}000"
            continue
        last[head] = last.get(head, 0) + 1
        codes[each.number] = f"{head}{last[head]:03d}"
    return codes


def voucher_lines(
    accounts: Sequence[NamedAccount], entries: Sequence[Entry]
) -> tuple[VoucherLine, ...]:
    """Write entries as numbered vouchers, the numbers beginning anew each month."""
    codes = account_codes(accounts)
    names: Mapping[int, str] = {each.number: each.words for each in accounts}
    made: list[VoucherLine] = []
    number, month = 0, (0, 0)
    for entry in sorted(entries, key=lambda one: (one.day, one.transaction)):
        if (entry.day.year, entry.day.month) != month:
            number, month = 0, (entry.day.year, entry.day.month)
        number += 1
        for account, amount in entry.lines:
            debit, credited = max(amount, 0), max(-amount, 0)
            head = (entry.day, number, entry.words, codes[account], names[account])
            made.append(VoucherLine(*head, debit, credited))
    return tuple(made)


def yuan(fen: int) -> str:
    """Write fen as plain yuan with two decimals."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def _part(word: str) -> str:
    clean = _OUTSIDE.sub("-", word).strip("-") or "X"
    return clean[0].upper() + clean[1:]


def _quoted(words: str) -> str:
    clean = " ".join(words.split())
    return '"' + clean.replace("\\", "\\\\").replace('"', '\\"') + '"'
