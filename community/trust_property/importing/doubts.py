"""What stays unsure after reading, as questions a user can answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from community.kernel.errors import N_
from community.trust_property.importing.facts import Totals
from community.trust_property.importing.rows import Entry, Sorted
from community.trust_property.importing.signs import Chain, Raws
from community.trust_property.importing.statement import (
    TITLES,
    Choices,
    Column,
    ColumnFound,
    Question,
    Sign,
    Skipped,
    ask,
)
from community.trust_property.importing.values import (
    UnreadableValueError,
    is_ambiguous_day,
    order_of_day,
    read_fen,
)

if TYPE_CHECKING:
    from community.trust_property.importing.table_reading import Part

_SURE_ENOUGH = 40
_MOST_ROWS = 12
_YUAN = re.compile(r"人民币|cny|rmb|156|元|01$|^/$", re.IGNORECASE)


def is_yuan(word: str) -> bool:
    """Tell whether a currency column means yuan."""
    return bool(_YUAN.search(word))


def order_of_days(values: Sequence[Any]) -> tuple[bool, bool]:
    """Tell whether months stand before days, and whether that is unsure."""
    proofs = [order for value in values if (order := order_of_day(value)) is not None]
    if proofs:
        return sum(proofs) * 2 > len(proofs), False
    return False, any(is_ambiguous_day(value) for value in values)


def amounts_at(place: int, entries: list[Entry]) -> tuple[int | None, ...]:
    """Read another amount column."""
    found: list[int | None] = []
    for entry in entries:
        try:
            found.append(read_fen(entry.cells[place].value))
        except UnreadableValueError:
            found.append(None)
    return tuple(found)


def fill_edges(
    amounts: list[int | None],
    raws: Raws,
    chain: Chain | None,
    opening: int | None,
    entries: list[Entry],
) -> list[Question]:
    """Give the entries without a proven sign one: by the opening balance, else as a question."""
    unsure = []
    first = chain.sequence[0] if chain and chain.sequence else -1
    for place, amount in enumerate(amounts):
        written = raws.amount[place]
        if amount is not None or written is None:
            continue
        balance = raws.balance[place]
        if place == first and opening is not None and balance is not None:
            change = balance - opening
            if change in {written, -written}:
                amounts[place] = change
                continue
        amounts[place] = written
        # A balance smaller than what came in cannot be its result.
        if place == first and balance is not None and balance < written:
            amounts[place] = -written
            continue
        unsure.append(entries[place].place + 1)
    if not unsure:
        return []
    return [
        ask(
            "sign-of-rows",
            N_("第 {rows} 行的金额没有正负号，余额也证明不了：请确认是收入还是支出。"),
            rows=rows_text(unsure),
        )
    ]


def rows_text(rows: Sequence[int]) -> str:
    """Write row numbers, the first dozen of them."""
    told = "、".join(str(row) for row in rows[:_MOST_ROWS])
    return f"{told}…" if len(rows) > _MOST_ROWS else told


def about_rows(found: Sorted) -> list[Question]:
    """Ask about rows that could not be read."""
    questions = []
    if found.unreadable:
        questions.append(
            ask(
                "unreadable-rows",
                N_("第 {rows} 行像是交易，但日期或金额读不出来，没有计入。请核对。"),
                rows=rows_text(found.unreadable),
            )
        )
    if found.carried_days:
        questions.append(
            ask(
                "carried-days",
                N_("第 {rows} 行没有写日期，按上一行的日期计入。请核对。"),
                rows=rows_text(found.carried_days),
            )
        )
    return questions


def about_day_order() -> Question:
    """Ask whether 03/01 is January or March."""
    return ask(
        "day-order",
        N_("日期写法有两种读法：03/01 是 1 月 3 日还是 3 月 1 日？现按“日/月”读。"),
        "day-first",
        "month-first",
    )


def about_guesses(columns: tuple[ColumnFound, ...], given: Choices) -> list[Question]:
    """Ask about columns that were guessed by what stands in them."""
    if given.columns is not None:
        return []
    guessed = [
        each
        for each in columns
        if each.confidence <= 50
        and each.column
        in {Column.DATE, Column.AMOUNT, Column.INCOME, Column.EXPENSE, Column.BALANCE}
        and (not each.header or each.confidence == 50 or each.confidence < _SURE_ENOUGH)
    ]
    if not guessed:
        return []
    told = "、".join(f"{each.header or each.place}→{TITLES[each.column]}" for each in guessed)
    return [ask("columns", N_("这些列是按内容猜的：{columns}。请确认。"), columns=told)]


def about_totals(totals: Totals, parts: list[Part], skipped: list[Skipped]) -> list[Question]:
    """Compare with the numbers of entries that the file itself tells."""
    lines = [line for part in parts for line in part.lines]
    read = len(lines) + sum(
        each.code in {"closed", "refunded", "neutral", "pending", "no-amount", "unreadable"}
        for each in skipped
    )
    if totals.entries is not None and totals.entries != read:
        return [
            ask(
                "entries-differ",
                N_("文件写明共 {told} 笔，读到 {read} 笔。文件可能不完整，请核对。"),
                told=totals.entries,
                read=read,
            )
        ]
    return []


def about_breaks(rows: list[int]) -> Question:
    """Say where the running balance does not follow."""
    return ask(
        "balance-breaks",
        N_("第 {rows} 行的余额与上一笔接不上：可能缺了交易，或金额、余额被改过。请核对。"),
        rows=rows_text(rows),
    )


def about_swapped() -> Question:
    """Say that balances prove the headers wrong."""
    return ask(
        "sign-contradicts",
        N_("按表头的说法，余额接不上；反过来才接得上，所以按余额读。请确认收支方向。"),
        Sign.AS_WRITTEN,
        Sign.INVERTED,
    )


def about_card() -> Question:
    """Ask whether a card's positive amounts are spending."""
    return ask(
        "card-sign",
        N_("这像是信用卡账单：正数按支出读，负数按还款读。请确认。"),
        Sign.INVERTED,
        Sign.AS_WRITTEN,
    )


def about_unsigned() -> Question:
    """Ask which way money went when nothing tells."""
    return ask(
        "sign",
        N_("金额都是正数，也没有收支方向和余额可以证明：现全部按收入读。请确认。"),
        Sign.AS_WRITTEN,
        Sign.INVERTED,
    )


def about_balances(header: str) -> Question:
    """Say that a balance column cannot be read."""
    return ask(
        "balance-unreadable",
        N_("“{header}”一列不是数字，读不出余额，收支方向没有经过余额验证。请确认。"),
        header=header,
    )


def about_ends(
    opening: int | None, first: int | None, closing: int | None, last: int | None
) -> list[Question]:
    """Compare the balances that the file tells with those that follow from its entries."""
    questions = []
    if opening is not None and first is not None and opening != first:
        questions.append(
            ask(
                "opening-differs",
                N_("文件写明的期初余额与第一笔交易推算的不一致。请核对。"),
            )
        )
    if closing is not None and last is not None and closing != last:
        questions.append(
            ask(
                "closing-differs",
                N_("文件写明的期末余额与最后一笔交易后的余额不一致。请核对。"),
            )
        )
    return questions
