"""Entries of payment services that moved nothing, cancel out, or count neither way."""

from __future__ import annotations

import re

from community.trust_property.importing.columns import read_cell
from community.trust_property.importing.rows import Entry
from community.trust_property.importing.statement import Column

_CLOSED = re.compile(
    r"关闭|失败|撤销|取消|作废|未支付|待付款|等待付款|已冲正|failed|cancel|declined|reverted|void|denied|expired",
    re.IGNORECASE,
)
_PENDING = re.compile(r"处理中|审核中|pending|在途|未入账|processing", re.IGNORECASE)
_REFUNDED = re.compile(r"全额退款|对方已退还|fully\s*refunded", re.IGNORECASE)
_REFUND = re.compile(r"退款|退回|返还|refund", re.IGNORECASE)
_WITHDRAWN = re.compile(r"提现|withdraw", re.IGNORECASE)
_TOPPED_UP = re.compile(r"充值|top-?\s?up", re.IGNORECASE)


class States:
    """Judges entries by their state and by what they are called."""

    def __init__(self, entries: list[Entry], at: dict[Column, int]) -> None:
        """Collect the refunds, which closed payments are compared with."""
        self.at = at
        self.entries = entries
        self.refunds = [
            entry
            for entry in entries
            if _REFUND.search(self._words(entry)) or self._is_refund(entry)
        ]

    def _words(self, entry: Entry) -> str:
        columns = (Column.KIND, Column.SUMMARY)
        return " ".join(read_cell(entry.cells, self.at.get(column)) for column in columns)

    def _state(self, entry: Entry) -> str:
        return read_cell(entry.cells, self.at.get(Column.STATUS))

    def _is_refund(self, entry: Entry) -> bool:
        return "退款成功" in self._state(entry)

    def reason_to_skip(self, entry: Entry) -> str:
        """Tell why an entry moved no money; empty when it did."""
        state = self._state(entry)
        if not state:
            return ""
        if _CLOSED.search(state):
            return "" if entry.side and self._is_answered(entry) else "closed"
        if _REFUNDED.search(state):
            return "" if entry in self.refunds or self._is_answered(entry) else "refunded"
        return "pending" if _PENDING.search(state) else ""

    def _is_answered(self, entry: Entry) -> bool:
        """Tell whether the same file gives this payment's money back in a row of its own."""
        number = read_cell(entry.cells, self.at.get(Column.NUMBER))
        party = read_cell(entry.cells, self.at.get(Column.COUNTERPARTY))
        amount = abs(entry.money.get(Column.AMOUNT, 0))
        return any(
            refund is not entry
            and abs(refund.money.get(Column.AMOUNT, 0)) == amount
            and (
                (number and number in read_cell(refund.cells, self.at.get(Column.NUMBER)))
                or (party and party == read_cell(refund.cells, self.at.get(Column.COUNTERPARTY)))
            )
            for refund in self.refunds
        )

    def side_of_neutral(self, entry: Entry) -> int:
        """Tell which way money went although the service counts it neither way; 0 when unclear."""
        words = f"{self._words(entry)} {self._state(entry)}"
        if _REFUND.search(words):
            return 1
        if _WITHDRAWN.search(words):
            return -1
        return 1 if _TOPPED_UP.search(words) else 0
