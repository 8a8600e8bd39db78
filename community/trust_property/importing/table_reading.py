"""One table read: its columns, which way its amounts go, its lines, and what stays unsure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from community.trust_property.importing import doubts
from community.trust_property.importing.columns import assign, read_cell, tell_columns
from community.trust_property.importing.facts import find_facts
from community.trust_property.importing.rows import Entry, RowSorter, Sorted, places_of, skip
from community.trust_property.importing.signs import (
    Chain,
    Plan,
    Raws,
    choose,
    orders_of,
    plans_of,
)
from community.trust_property.importing.statement import (
    AccountFacts,
    Choices,
    Column,
    ColumnFound,
    Question,
    Sign,
    Skipped,
    Statement,
    StatementLine,
)
from community.trust_property.importing.states import States
from community.trust_property.importing.tables import MONEY, Table, row_text, with_full_years
from community.trust_property.importing.values import find_days, is_yearless
from community.trust_property.importing.words import plain_header, recognize

_LOOKED_AT = 400
# Services write a name into their column of accounts.
_NAME = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Part:
    """One account's entries within a table, understood."""

    account: str
    plan: Plan
    chain: Chain | None
    entries: list[Entry]
    opening_fen: int | None
    closing_fen: int | None
    lines: tuple[StatementLine, ...]


class TableReading:
    """Reads one table; each step leaves what the next needs."""

    def __init__(self, table: Table, encoding: str, name: str, choices: Choices) -> None:
        self.encoding = encoding
        self.names = (name, table.grid.name)
        held, self.seen, self.sure = assign(table)
        if choices.columns is not None:
            held = {place: column for place, column in enumerate(choices.columns) if column}
        self.held = held
        self.at = places_of(held)
        self.table = with_full_years(table, self.at.get(Column.DATE))
        self.facts = find_facts(table.above(), table.headers, [], self.names)
        self.day_order, self.is_day_unsure = doubts.order_of_days(self._day_values())
        month_first = choices.month_first if choices.month_first is not None else self.day_order
        self.choices = replace(choices, month_first=month_first, year=choices.year or self._year())
        self.given = choices
        self.questions: list[Question] = []
        self.skipped: list[Skipped] = []

    def _day_values(self) -> list[object]:
        place = self.at.get(Column.DATE)
        return [] if place is None else [row[place].value for row in self.table.rows]

    def _year(self) -> int | None:
        place = self.at.get(Column.DATE)
        if place is None:
            return None
        values = [row[place].value for row in self.table.rows[:_LOOKED_AT]]
        if not any(is_yearless(value) for value in values):
            return None
        if self.facts.until:
            return self.facts.until.year
        days = find_days("\n".join(self.table.above()))
        return days[-1].year if days else None

    def read(self) -> Statement:
        """Read the table."""
        found = RowSorter(self.table, self.held, self.choices).sort()
        self.skipped = list(found.skipped)
        self.facts = find_facts(self.table.above(), self.table.headers, found.below, self.names)
        entries = self._moved(found.entries)
        accounts = list(dict.fromkeys(entry.account for entry in entries))
        parts = [
            self._part(
                [entry for entry in entries if entry.account == account], found, len(accounts)
            )
            for account in accounts
        ]
        self.questions += doubts.about_rows(found)
        if self.is_day_unsure and self.given.month_first is None:
            self.questions.append(doubts.about_day_order())
        self.questions += doubts.about_guesses(self._columns(), self.given)
        self.questions += doubts.about_totals(self.facts.totals, parts, self.skipped)
        self.questions += self._about_balance_column(found.entries)
        return self._statement(parts)

    def _moved(self, entries: list[Entry]) -> list[Entry]:
        """Leave out entries that moved no money, and find the side of those that count neither."""
        states = States(entries, self.at)
        kept = []
        for entry in entries:
            reason = states.reason_to_skip(entry)
            if not reason and entry.side == 0 and not self._has_two_columns():
                entry.side = states.side_of_neutral(entry)
                reason = "" if entry.side else "neutral"
            if reason:
                amount = next((entry.money[each] for each in MONEY if each in entry.money), None)
                text = row_text(entry.cells)
                self.skipped.append(skip(self.table, entry.place, reason, text, amount))
            else:
                kept.append(entry)
        self.skipped.sort(key=lambda each: each.row)
        return kept

    def _has_two_columns(self) -> bool:
        return Column.INCOME in self.at or Column.EXPENSE in self.at

    def _part(self, entries: list[Entry], found: Sorted, accounts: int) -> Part:
        """Understand one account's amounts."""
        opening = self.facts.opening_fen if found.opening_fen is None else found.opening_fen
        closing = self.facts.closing_fen if found.closing_fen is None else found.closing_fen
        if accounts > 1:
            opening = closing = None
        raws = replace(self._raws(entries), opening=opening)
        plans = plans_of(raws)
        orders = orders_of([entry.day for entry in entries], [entry.time for entry in entries])
        plan, chain, overruled = choose(plans, orders, raws.balance, opening)
        if self.given.sign is not None:
            plan, chain, overruled = self._as_chosen(plans, orders, raws)
        if plan.place is not None:
            self._take_amounts_from(plan.place)
        is_proven = chain is not None and chain.links > 0 and chain.share >= 80
        if overruled and plan.label.endswith("swapped"):
            self.questions.append(doubts.about_swapped())
        amounts = list(plan.amounts)
        if self.facts.is_credit_card and not is_proven and plan.label in {"as-written", "unsigned"}:
            if self.given.sign is None:
                amounts = [None if value is None else -value for value in amounts]
                plan = replace(plan, label="inverted")
                self.questions.append(doubts.about_card())
        elif plan.label == "unsigned" and not is_proven and self.given.sign is None:
            self.questions.append(doubts.about_unsigned())
        if plan.label.startswith("balance-"):
            self.questions += doubts.fill_edges(amounts, raws, chain, opening, entries)
            if plan.place is None:
                plan = replace(plan, amounts=tuple(amounts))
        if chain is not None and chain.breaks:
            rows = [entries[at].place + 1 for at in chain.breaks]
            self.questions.append(doubts.about_breaks(rows))
        first, last = _ends(chain, amounts, raws.balance)
        self.questions += doubts.about_ends(opening, first, closing, last)
        lines = tuple(
            self._line(entry, amount)
            for entry, amount in zip(entries, amounts, strict=True)
            if amount is not None and amount != 0
        )
        return Part(
            entries[0].account or self.facts.account,
            plan,
            chain,
            entries,
            first if opening is None else opening,
            last if closing is None else closing,
            lines,
        )

    def _take_amounts_from(self, place: int) -> None:
        """Note that another column than the one first thought of holds the amounts."""
        before = self.at.pop(Column.AMOUNT)
        del self.held[before]
        self.held[place], self.at[Column.AMOUNT], self.sure[place] = Column.AMOUNT, place, 100

    def _as_chosen(
        self, plans: list[Plan], orders: list[tuple[str, tuple[int, ...]]], raws: Raws
    ) -> tuple[Plan, Chain | None, bool]:
        """Take the first plan, turned round when the user said so."""
        wanted = plans[0]
        if self.given.sign is Sign.INVERTED:
            turned = tuple(None if value is None else -value for value in wanted.amounts)
            wanted = Plan("inverted", turned, wanted.place)
        elif wanted.label == "unsigned":
            wanted = replace(wanted, label="as-written")
        return choose([wanted], orders, raws.balance)

    def _raws(self, entries: list[Entry]) -> Raws:
        def taken(column: Column) -> tuple[int | None, ...]:
            if column not in self.at:
                return ()
            return tuple(entry.money.get(column) for entry in entries)

        balance = taken(Column.BALANCE)
        return Raws(
            amount=taken(Column.AMOUNT),
            income=taken(Column.INCOME),
            expense=taken(Column.EXPENSE),
            sides=tuple(entry.side for entry in entries) if Column.DIRECTION in self.at else (),
            balance=balance if any(value is not None for value in balance) else (),
            others=self._other_amounts(entries) if balance and self.given.columns is None else (),
        )

    def _other_amounts(
        self, entries: list[Entry]
    ) -> tuple[tuple[int, tuple[int | None, ...]], ...]:
        """Read further amount columns: gross and net, of which the balance proves one."""
        places = [
            place
            for place, header in enumerate(self.table.headers)
            if place not in self.held
            and Column.AMOUNT in recognize(header)
            and self.seen[place].filled
            and self.seen[place].share(self.seen[place].money) >= 80
        ]
        return tuple((place, doubts.amounts_at(place, entries)) for place in places)

    def _line(self, entry: Entry, amount: int) -> StatementLine:
        def text(column: Column) -> str:
            return read_cell(entry.cells, self.at.get(column))

        notes = [
            words
            for place, column in self.held.items()
            if column is Column.NOTE and (words := read_cell(entry.cells, place))
        ]
        kind, note = text(Column.KIND), "  ".join(notes)
        # A voucher that banks number 0 has no number.
        party, number = text(Column.COUNTERPARTY), text(Column.NUMBER)
        account = text(Column.COUNTER_ACCOUNT)
        # Money that came was paid by the other side; money that left was paid to it.
        payer, payee = text(Column.PAYER), text(Column.PAYEE)
        if {Column.PAYER, Column.PAYEE} <= set(self.at):
            other = payer if amount > 0 else payee
        else:
            other = payer or payee
        return StatementLine(
            row=entry.place + 1,
            day=entry.day,
            amount_fen=amount,
            counterparty=party or other or (account if _NAME.search(account) else ""),
            summary=text(Column.SUMMARY) or kind or note,
            balance_fen=entry.money.get(Column.BALANCE),
            number=number if number.strip("0") else "",
            time=entry.time,
            note=note,
            kind=kind,
            counter_account=account,
            account=entry.account or self.facts.account,
            fee_fen=abs(entry.money.get(Column.FEE, 0)),
            sheet=self.table.grid.name,
        )

    def _about_balance_column(self, entries: list[Entry]) -> list[Question]:
        is_there = Column.BALANCE in self.at and self.given.columns is None
        place = next(
            (
                place
                for place, header in enumerate(self.table.headers)
                if place not in self.held
                and Column.BALANCE in recognize(header)
                and self.seen[place].filled
                and not self.seen[place].money
            ),
            None,
        )
        if is_there or place is None or not entries:
            return []
        return [doubts.about_balances(self.table.headers[place])]

    def _columns(self) -> tuple[ColumnFound, ...]:
        return tell_columns(self.held, self.sure, self.table.headers)

    def _statement(self, parts: list[Part]) -> Statement:
        lines = tuple(
            sorted((line for part in parts for line in part.lines), key=lambda line: line.row)
        )
        days = [line.day for line in lines]
        one = parts[0] if len(parts) == 1 else None
        facts = self.facts
        return Statement(
            bank=facts.bank,
            account=one.account if one else facts.account,
            encoding=self.encoding,
            kind="sheet",
            header_row=None if self.table.header_row is None else self.table.header_row + 1,
            headers=self.table.headers,
            columns=self._columns(),
            sign=parts[0].plan.label if parts else "",
            order=parts[0].chain.order if parts and parts[0].chain else _order_of(days),
            since=facts.since or min(days, default=None),
            until=facts.until or max(days, default=None),
            opening_fen=one.opening_fen if one else None,
            closing_fen=one.closing_fen if one else None,
            fingerprint=fingerprint(facts.bank, self.table.headers),
            currency=self._currency(parts),
            lines=lines,
            skipped=tuple(self.skipped),
            questions=tuple(dict.fromkeys(self.questions)),
            accounts=tuple(
                AccountFacts(part.account, part.opening_fen, part.closing_fen, len(part.lines))
                for part in parts
            ),
            choices=self.choices,
        )

    def _currency(self, parts: list[Part]) -> str:
        place = self.at.get(Column.CURRENCY)
        words = {
            read_cell(entry.cells, place) for part in parts for entry in part.entries[:_LOOKED_AT]
        }
        foreign = sorted(word for word in words if word and not doubts.is_yuan(word))
        return foreign[0] if foreign else "CNY"


def _ends(
    chain: Chain | None, amounts: Sequence[int | None], balances: Sequence[int | None]
) -> tuple[int | None, int | None]:
    """Tell the balance before the first entry and after the last one."""
    if chain is None or not chain.sequence:
        return None, None
    first = last = None
    moved: int | None = 0
    for place in chain.sequence:
        amount, balance = amounts[place], balances[place]
        moved = None if moved is None or amount is None else moved + amount
        if balance is not None:
            if first is None and moved is not None:
                first = balance - moved
            last, moved = balance, 0
    if last is not None:
        last = None if moved is None else last + moved
    return first, last


def _order_of(days: list[date]) -> str:
    return "newest-first" if days and days[0] > days[-1] else "oldest-first"


def fingerprint(bank: str, headers: tuple[str, ...]) -> str:
    """Name a layout, so that answers given once are used again."""
    written = "|".join((bank, *(plain_header(header) for header in headers)))
    return hashlib.sha256(written.encode()).hexdigest()[:16]
