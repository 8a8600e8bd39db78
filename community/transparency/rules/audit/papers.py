"""What the books rest on: vouchers, receipts, bank statements and published reports."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from community.transparency.rules.audit.accounts import whole
from community.transparency.rules.audit.books import Books
from community.transparency.rules.audit.figures import recompute_figure
from community.transparency.rules.audit.findings import Findings
from community.transparency.rules.audit.sources import Source, sha256_of

_HASH = re.compile(r"[0-9a-f]{64}")
_NUMBER = re.compile(r"(.*?)([0-9]+)")


class _Voucher(NamedTuple):
    """A voucher as its record describes it."""

    place: int
    sha256: str
    redacted_sha256: str | None


class _Statement(NamedTuple):
    """A bank statement as its record describes it."""

    place: int
    since: str
    until: str
    opening: int | None
    closing: int | None


class Papers:
    """What was recorded of papers, as far as the records have been read."""

    def __init__(self, findings: Findings, books: Books) -> None:
        self.findings = findings
        self.books = books
        self.vouchers: dict[int, _Voucher] = {}
        self.gone: set[int] = set()
        self.twins: dict[str, tuple[int, str]] = {}
        self.receipts: dict[str, dict[int, int]] = {}
        self.voids: set[tuple[str, int]] = set()
        self.statements: dict[str, list[_Statement]] = {}
        self.reports: dict[str, int] = {}
        self.takers: dict[str, Callable[[int, dict[str, Any]], None]] = {
            "ledger.voucher": self._take_voucher,
            "ledger.redaction": self._take_redaction,
            "trust.twin": self._take_twin,
            "trust.receipt": self._take_receipt,
            "trust.receipt_void": self._take_void,
            "trust.statement": self._take_statement,
            "trust.report": self._take_report,
        }

    def check_end(self) -> None:
        """Check what only the whole log can tell: gapless numbers, statements that follow on."""
        for series, numbers in sorted(self.receipts.items()):
            missing = [one for one in range(1, max(numbers)) if one not in numbers]
            for one in missing[:20]:
                self.findings.add(
                    f"receipt {series}{one}", "收据号码缺了这一张", "this receipt number is missing"
                )
        for account, statements in sorted(self.statements.items()):
            self._check_statements(account, sorted(statements, key=lambda one: one[1:3]))

    def check_files(self, vouchers: Source, reports: Source) -> None:
        """Check files against the hashes in their records; names begin with the hash."""
        kept = self._hash_files(vouchers, "vouchers")
        for number, one in sorted(self.vouchers.items()):
            if number in self.gone:
                continue
            wanted = one.redacted_sha256 or one.sha256
            if wanted in kept:
                continue
            name = f"entry {one.place} · voucher {number}"
            if one.redacted_sha256:
                self.findings.add(
                    name, f"缺少凭证文件 {wanted}", f"the voucher's file {wanted} is missing"
                )
            elif one.sha256 not in {original for _, original in self.twins.values()}:
                self.findings.tell(
                    name,
                    "原件没有公开副本，包里没有",
                    "its original has no public copy in the pack",
                )
        known = {one.redacted_sha256 for one in self.vouchers.values()}
        known |= {one.sha256 for one in self.vouchers.values()}
        known |= set(self.twins)
        for sha256, (place, _) in sorted(self.twins.items()):
            if sha256 not in kept:
                self.findings.add(
                    f"entry {place} · public copy",
                    f"缺少凭证副本 {sha256}",
                    f"the public copy {sha256} is missing",
                )
        for stray in sorted(kept - known):
            self.findings.add(
                f"vouchers/{stray}", "日志里没有这份凭证", "the log knows no such file"
            )
        published = self._hash_files(reports, "reports")
        for sha256, index in sorted(self.reports.items()):
            if sha256 not in published:
                self.findings.add(
                    f"entry {index} · report",
                    f"缺少报表文件 {sha256}",
                    f"its file {sha256} is missing",
                )
        for stray in sorted(published - set(self.reports)):
            self.findings.add(
                f"reports/{stray}", "日志里没有这份报表", "the log knows no such report"
            )

    def _hash_files(self, source: Source, folder: str) -> set[str]:
        found = set()
        for name in sorted(source.names):
            sha256 = sha256_of(source.read(name))
            found.add(sha256)
            if not name.startswith(sha256):
                self.findings.add(
                    f"{folder}/{name}",
                    "文件内容与文件名里的指纹不符",
                    "it is not the file its name says",
                )
        return found

    def _take_voucher(self, index: int, fields: dict[str, Any]) -> None:
        number, redacted = whole(fields["voucher"]), fields["redacted_sha256"]
        name = f"voucher {number}"
        # A voucher may come again when its public twin is made, but only with the same original.
        if number in self.vouchers and self.vouchers[number].sha256 != fields["sha256"]:
            self._break(index, name, "同一凭证换了内容", "its content was exchanged")
        for one in (fields["sha256"], redacted):
            if one is not None and not _HASH.fullmatch(str(one)):
                self._break(index, name, "指纹写法不对", "its hash is malformed")
        self.vouchers[number] = _Voucher(index, str(fields["sha256"]), redacted)
        transaction = fields.get("transaction")
        if transaction is not None and transaction not in self.books.places:
            self._break(index, name, "所附的那一笔不存在", "its transaction is not in the log")

    def _take_twin(self, index: int, fields: dict[str, Any]) -> None:
        original, redacted = str(fields["sha256"]), str(fields["redacted_sha256"])
        if original == redacted or not (_HASH.fullmatch(original) and _HASH.fullmatch(redacted)):
            self._break(index, "public copy", "指纹写法不对", "its hash is malformed")
        self.twins[redacted] = (index, original)

    def _take_redaction(self, index: int, fields: dict[str, Any]) -> None:
        number = whole(fields["voucher"])
        if number not in self.vouchers:
            self._break(index, f"voucher {number}", "凭证没有登记", "it was never recorded")
        if fields.get("redacted_sha256"):
            known = self.vouchers[number]
            self.vouchers[number] = known._replace(redacted_sha256=fields["redacted_sha256"])
        else:
            self.gone.add(number)

    def _series(self, fields: dict[str, Any]) -> tuple[str, int]:
        """Return a receipt's series and its number in it; every fund has a series of its own."""
        match = _NUMBER.fullmatch(str(fields["number"]))
        if match is None:
            raise ValueError(f"{fields['number']!r} is no receipt number")
        start = match.group(1)
        if "fund" in fields:
            start = f"{fields['fund']}/{start}"
        return start, int(match.group(2))

    def _take_receipt(self, index: int, fields: dict[str, Any]) -> None:
        series, number = self._series(fields)
        numbers = self.receipts.setdefault(series, {})
        name = f"receipt {series}{number}"
        if number in numbers:
            self._break(index, name, "收据号码用了两次", "this receipt number was used twice")
        numbers[number] = index
        transaction = fields.get("transaction")
        if transaction is not None and transaction not in self.books.places:
            self._break(index, name, "收款那一笔不存在", "its transaction is not in the log")

    def _take_void(self, index: int, fields: dict[str, Any]) -> None:
        series, number = self._series(fields)
        if number not in self.receipts.get(series, {}) or (series, number) in self.voids:
            name = f"receipt {series}{number}"
            self._break(index, name, "作废的收据不存在或已作废", "it is unknown or void already")
        self.voids.add((series, number))

    def _take_statement(self, index: int, fields: dict[str, Any]) -> None:
        account = str(fields["bank_account"])
        self.statements.setdefault(account, []).append(
            _Statement(
                index,
                str(fields["from"]),
                str(fields["until"]),
                fields["opening"],
                fields["closing"],
            )
        )

    def _check_statements(self, account: str, statements: list[_Statement]) -> None:
        """Where one statement begins after another ends, it must open with that one's closing."""
        for place in range(1, len(statements)):
            before, after = statements[place - 1], statements[place]
            if after.since <= before.until or None in (before.closing, after.opening):
                continue
            if before.closing != after.opening:
                self._break(
                    after.place,
                    f"statement of bank account {account}, {after.since} – {after.until}",
                    f"期初 {after.opening} 与上一份期末 {before.closing} 不符",
                    f"opens with {after.opening}, the one before closed with {before.closing}",
                )

    def _take_report(self, index: int, fields: dict[str, Any]) -> None:
        if fields.get("sha256"):
            self.reports[str(fields["sha256"])] = index
        period = str(fields["period"])
        for name, published in sorted(fields.get("figures", {}).items()):
            title = f"report {fields['report']} {period} · {name}"
            try:
                found = recompute_figure(self.books, name, period)
            except ValueError as problem:
                self._break(
                    index, title, f"无法重算：{problem}", f"cannot be recomputed: {problem}"
                )
                continue
            if found != published:
                self._break(
                    index,
                    title,
                    f"公布 {published}，重算为 {found}",
                    f"published {published}, recomputed {found}",
                )

    def _break(self, index: int, name: str, chinese: str, english: str) -> None:
        self.findings.add(f"entry {index} · {name}", chinese, english)
