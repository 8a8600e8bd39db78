"""What a statement file tells, as plain values: lines, what was left out, and open questions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from community.kernel.errors import N_


class Column(StrEnum):
    """What a column of a statement holds."""

    DATE = "date"
    TIME = "time"
    AMOUNT = "amount"
    INCOME = "income"
    EXPENSE = "expense"
    DIRECTION = "direction"
    BALANCE = "balance"
    COUNTERPARTY = "counterparty"
    PAYER = "payer"
    PAYEE = "payee"
    COUNTER_ACCOUNT = "counter-account"
    SUMMARY = "summary"
    NOTE = "note"
    KIND = "kind"
    NUMBER = "number"
    STATUS = "status"
    FEE = "fee"
    REFUND = "refund"
    CURRENCY = "currency"
    ACCOUNT = "account"


TITLES = {
    Column.DATE: N_("日期"),
    Column.TIME: N_("时间"),
    Column.AMOUNT: N_("金额"),
    Column.INCOME: N_("收入金额"),
    Column.EXPENSE: N_("支出金额"),
    Column.DIRECTION: N_("收支方向"),
    Column.BALANCE: N_("余额"),
    Column.COUNTERPARTY: N_("对方"),
    Column.PAYER: N_("付款人"),
    Column.PAYEE: N_("收款人"),
    Column.COUNTER_ACCOUNT: N_("对方账号"),
    Column.SUMMARY: N_("摘要"),
    Column.NOTE: N_("附言"),
    Column.KIND: N_("交易类型"),
    Column.NUMBER: N_("流水号"),
    Column.STATUS: N_("交易状态"),
    Column.FEE: N_("手续费"),
    Column.REFUND: N_("退款金额"),
    Column.CURRENCY: N_("币种"),
    Column.ACCOUNT: N_("本方账号"),
}


class Sign(StrEnum):
    """How a positive amount in the amount column is meant."""

    AS_WRITTEN = "as-written"
    INVERTED = "inverted"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user answered, remembered per bank by the layout's fingerprint.

    `columns` has an entry for each column of the table, None for one that is left aside.
    """

    columns: tuple[Column | None, ...] | None = None
    sign: Sign | None = None
    month_first: bool | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One entry of the bank; `row` counts from 1 as spreadsheets do, `amount_fen` is signed."""

    row: int
    day: date
    amount_fen: int
    counterparty: str = ""
    summary: str = ""
    balance_fen: int | None = None
    number: str = ""
    time: str = ""
    note: str = ""
    kind: str = ""
    counter_account: str = ""
    account: str = ""
    fee_fen: int = 0
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is no entry, with the reason as a sentence."""

    row: int
    code: str
    sentence: str
    text: str
    amount_fen: int | None = None
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Something the user has to look at; `facts` fill the sentence."""

    code: str
    message: str
    facts: tuple[tuple[str, str], ...] = ()
    options: tuple[str, ...] = ()

    def sentence(self, translate: Callable[[str], str] = str) -> str:
        """Tell the sentence, in Chinese unless a translation is given."""
        return translate(self.message).format(**dict(self.facts))


def ask(code: str, message: str, *options: str, **facts: object) -> Question:
    """Make a question from its sentence and facts."""
    told = tuple((name, str(value)) for name, value in facts.items())
    return Question(code, message, told, options)


@dataclass(frozen=True, slots=True)
class ColumnFound:
    """A column that was understood; `place` counts from 1, `confidence` in per cent."""

    column: Column
    place: int
    header: str
    confidence: int


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """One account of the file: its balances before the first and after the last line."""

    account: str
    opening_fen: int | None
    closing_fen: int | None
    lines: int


@dataclass(frozen=True, slots=True)
class Statement:
    """All that was understood of a file."""

    bank: str
    account: str
    encoding: str
    kind: str
    header_row: int | None
    headers: tuple[str, ...]
    columns: tuple[ColumnFound, ...]
    sign: str
    order: str
    since: date | None
    until: date | None
    opening_fen: int | None
    closing_fen: int | None
    fingerprint: str
    currency: str = "CNY"
    lines: tuple[StatementLine, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    questions: tuple[Question, ...] = ()
    accounts: tuple[AccountFacts, ...] = ()
    choices: Choices = field(default_factory=Choices)

    @property
    def is_certain(self) -> bool:
        """Tell whether nothing has to be asked."""
        return not self.questions
