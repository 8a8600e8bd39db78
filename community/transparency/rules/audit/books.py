"""Re-adding the books from their records alone: what the ledger's own checks promise, once more."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from community.transparency.rules.audit.accounts import (
    NORMAL,
    AuditedAccount,
    AuditedBook,
    AuditedHold,
    whole,
    whole_or_none,
)
from community.transparency.rules.audit.approvals import Approvals
from community.transparency.rules.audit.findings import Findings


class Books:
    """The public books of one log, as far as its records have been read.

    `read_record` fetches an earlier record again: reversals are rare, so originals are not kept.
    """

    def __init__(self, findings: Findings, read_record: Callable[[int], bytes]) -> None:
        self.findings = findings
        self.read_record = read_record
        self.books: dict[int, AuditedBook] = {}
        # Where the record of each transaction stands in the log.
        self.places: dict[int, int] = {}
        self.holds: dict[int, AuditedHold] = {}
        self.past_holds: list[AuditedHold] = []
        self.resolved: set[int] = set()
        self.reversed: set[int] = set()
        self.approvals = Approvals(findings)
        self.takers: dict[str, Callable[[int, dict[str, Any]], None]] = {
            "ledger.book": self._take_book,
            "ledger.account": self._take_account,
            "ledger.limits": self._take_limits,
            "ledger.transaction": self._take_transaction,
            "ledger.period": self._take_period,
            **self.approvals.takers,
        }

    def _take_book(self, index: int, fields: dict[str, Any]) -> None:
        number = whole(fields["book"])
        if number in self.books:
            self._break(index, f"book {number}", "账本登记了两次", "this book is opened twice")
            return
        self.books[number] = AuditedBook(number, str(fields["book_kind"]), str(fields["name"]))

    def _take_account(self, index: int, fields: dict[str, Any]) -> None:
        number, path, kind = fields["account"], str(fields["path"]), str(fields["type"])
        book = self.books.get(whole(fields["book"]))
        if book is None or number in book.accounts or kind not in NORMAL:
            self._break(
                index,
                f"account {number}",
                "科目的账本、类型不明，或登记了两次",
                "this account has no book, no known type, or is opened twice",
            )
            return
        account = AuditedAccount(number, book, path, kind, str(fields["unit"]))
        account.limit(whole_or_none(fields["floor"]), whole_or_none(fields["ceiling"]))
        book.accounts[number] = account

    def _take_limits(self, index: int, fields: dict[str, Any]) -> None:
        number, book = fields["account"], self.books.get(fields["book"])
        account = None if book is None else book.accounts.get(number)
        if account is None:
            self._break(index, f"account {number}", "科目没有登记", "this account was never opened")
            return
        account.limit(whole_or_none(fields["floor"]), whole_or_none(fields["ceiling"]))
        self._check_limits(index, f"account {number}", [account])

    def _take_transaction(self, index: int, fields: dict[str, Any]) -> None:
        number, act, lines = fields["transaction"], fields["act"], fields["lines"]
        if number in self.places:
            self._break(index, f"transaction {number}", "同一笔出现两次", "it appears twice")
            return
        self.places[number] = index
        book = self.books.get(fields["book"])
        if book is None:
            self._break(index, f"transaction {number}", "账本没有登记", "its book was never opened")
            return
        touched = self._add_lines(index, number, book, fields)
        if touched is None:
            return
        if act != "post":
            self._act(index, number, act, lines, fields)
        elif fields["reverses"] is not None or fields["resolves"] is not None:
            self._break(index, f"transaction {number}", "类型与内容不符", "its kind is wrong")
        limited = [account for account in touched if account.has_limit]
        if limited:
            self._check_limits(index, f"transaction {number}", limited)
        if book.number in self.approvals.policies:
            amount = sum(line[1] for line in lines if line[1] > 0)
            self.approvals.take_transaction(index, fields, amount)

    def _add_lines(
        self, index: int, number: int, book: AuditedBook, fields: dict[str, Any]
    ) -> list[AuditedAccount] | None:
        """Add the lines to their accounts; returns these, or None when a line cannot be read."""
        day, is_hold = fields["effective_on"], fields["act"] == "hold"
        accounts, touched, total, waiting, units = book.accounts, [], 0, 0, set()
        key = (day, fields["purpose"])
        moves = book.days.get(day)
        if moves is None:
            moves = book.days[day] = {}
        for account_number, posted, pending in fields["lines"]:
            account = accounts.get(account_number)
            if account is None:
                name = f"transaction {number}"
                self._break(
                    index, name, "科目不属于这个账本", "an account is of no or another book"
                )
                return None
            touched.append(account)
            units.add(account.unit)
            if posted:
                total += posted
                account.posted += posted
                moves[account_number] = moves.get(account_number, 0) + posted
                sides = account.moves.get(key)
                if sides is None:
                    sides = account.moves[key] = [0, 0]
                if posted > 0:
                    sides[0] += posted
                else:
                    sides[1] -= posted
            if pending:
                waiting += pending
                if (pending > 0) == is_hold:
                    account.pending_debits += pending
                else:
                    account.pending_credits -= pending
        # What moved between residents' own accounts of one kind leaves no public line.
        is_short = len(touched) < 2 and ("detail" not in fields or touched)
        if total or waiting or is_short or (len(units) > 1 and self._is_mixed(book, fields)):
            name = f"transaction {number}"
            self._break(index, name, "借贷不平或不足两行", "its lines do not add up to zero")
        if day <= book.closed_through:
            name = f"transaction {number}"
            said = f"记入已结账的期间（至 {book.closed_through}）"
            self._break(index, name, said, f"it enters the period closed {book.closed_through}")
        return touched

    def _is_mixed(self, book: AuditedBook, fields: dict[str, Any]) -> bool:
        """Tell whether the lines of some unit do not add up to zero."""
        sums: dict[str, int] = {}
        for account_number, posted, pending in fields["lines"]:
            unit = book.accounts[account_number].unit
            sums[unit] = sums.get(unit, 0) + posted
            sums["pending " + unit] = sums.get("pending " + unit, 0) + pending
        return any(sums.values())

    def _act(
        self, index: int, number: int, act: str, lines: list[list[int]], fields: dict[str, Any]
    ) -> None:
        name = f"transaction {number}"
        if act == "hold":
            held = _sum_by_account(lines, 2)
            if any(line[1] for line in lines):
                self._break(index, name, "预留不应记账", "a hold must not post")
            self.holds[number] = AuditedHold(
                fields["book"], held, whole(fields["expires_at"]), fields["effective_on"]
            )
        elif act in ("settle", "release", "expire"):
            self._resolve(index, name, act, lines, fields)
        elif act == "reverse":
            self._reverse(index, name, lines, fields)
        else:
            self._break(index, name, f"不认识的类型 {act}", f"unknown act {act}")

    def _resolve(
        self, index: int, name: str, act: str, lines: list[list[int]], fields: dict[str, Any]
    ) -> None:
        hold = fields["resolves"]
        found = self.holds.pop(hold, None)
        if found is None:
            said = "已经处理过" if hold in self.resolved else "不存在"
            known = "was resolved before" if hold in self.resolved else "is not in the log"
            self._break(index, name, f"它处理的预留 {hold} {said}", f"hold {hold} {known}")
            return
        self.resolved.add(hold)
        held, expires_at = found.held, found.expires_at
        self.past_holds.append(found._replace(until=fields["effective_on"]))
        freed, posted = _sum_by_account(lines, 2), _sum_by_account(lines, 1)
        if any(freed.get(one, 0) != -amount for one, amount in held.items()) or set(freed) - set(
            held
        ):
            self._break(
                index, name, f"没有原数放开预留 {hold}", f"it does not free hold {hold} exactly"
            )
        if act != "settle":
            if posted:
                self._break(index, name, "放开预留不应记账", "freeing a hold must not post")
            if act == "expire" and fields["recorded_at"] < expires_at:
                self._break(index, name, "预留还没到期", "the hold had not expired")
            return
        if fields["recorded_at"] >= expires_at:
            self._break(index, name, f"预留 {hold} 已过期", f"hold {hold} had expired")
        # Public lines sum several residents' accounts: only the ledger itself can bound those.
        for account, amount in posted.items() if "detail" not in fields else ():
            kept = held.get(account, 0)
            if abs(amount) > abs(kept) or (amount > 0) != (kept > 0):
                self._break(index, name, f"超出预留 {hold}", f"it goes beyond hold {hold}")
                return

    def _reverse(
        self, index: int, name: str, lines: list[list[int]], fields: dict[str, Any]
    ) -> None:
        original = fields["reverses"]
        if original in self.reversed:
            said = f"第 {original} 笔已冲正过"
            self._break(index, name, said, f"transaction {original} was reversed before")
            return
        self.reversed.add(original)
        if original not in self.places:
            said = f"被冲正的第 {original} 笔不存在"
            self._break(index, name, said, f"transaction {original} is not in the log")
            return
        first = json.loads(self.read_record(self.places[original]))
        mirrored = {one: -amount for one, amount in _sum_by_account(first["lines"], 1).items()}
        if mirrored != _sum_by_account(lines, 1):
            said = f"不是第 {original} 笔的原数冲回"
            self._break(index, name, said, f"it does not mirror transaction {original}")
        if fields["effective_on"] < first["effective_on"] or first["act"] not in ("post", "settle"):
            said = f"早于第 {original} 笔，或该笔不能冲正"
            self._break(index, name, said, f"it precedes {original}, or that cannot be reversed")

    def _check_limits(self, index: int, name: str, accounts: list[AuditedAccount]) -> None:
        for account in accounts:
            broken = account.broken_limit()
            if broken is not None:
                self._break(
                    index,
                    f"{name} · account {account.number} ({account.path})",
                    f"突破限额 {broken}",
                    f"breaks its limit {broken}",
                )

    def _take_period(self, index: int, fields: dict[str, Any]) -> None:
        number, day, state = fields["book"], fields["ends_on"], fields["state"]
        book = self.books.get(number)
        name = f"period {number}/{day}"
        if book is None:
            self._break(index, name, "账本没有登记", "its book was never opened")
            return
        if state != "closed":
            return
        if book.expected is None:
            if day <= book.closed_through:
                self._break(index, name, "这一期已经结过账", "this period was closed before")
                return
            book.expected = book.balances_on(day)
            book.close(day, dict(book.expected))
        self._compare_balances(index, name, book, fields)

    def _compare_balances(
        self, index: int, name: str, book: AuditedBook, fields: dict[str, Any]
    ) -> None:
        expected = book.expected or {}
        for account, amount in fields["balances"]:
            found = expected.pop(account, 0)
            if amount != found:
                self._break(
                    index,
                    f"{name} · account {account}",
                    f"公布余额 {amount}，重算为 {found}",
                    f"published balance {amount}, re-added {found}",
                )
        if fields.get("part", 1) < fields.get("parts", 1):
            return
        for account, amount in sorted(expected.items(), key=str):
            self._break(
                index,
                f"{name} · account {account}",
                f"没有公布余额，重算为 {amount}",
                f"no balance published, re-added {amount}",
            )
        book.expected = None

    def _break(self, index: int, name: str, chinese: str, english: str) -> None:
        self.findings.add(f"entry {index} · {name}", chinese, english)


def _sum_by_account(lines: list[list[int]], column: int) -> dict[int, int]:
    sums: dict[int, int] = {}
    for line in lines:
        if line[column]:
            sums[line[0]] = sums.get(line[0], 0) + line[column]
    # Two lines of one account may cancel out.
    return {account: amount for account, amount in sums.items() if amount}
