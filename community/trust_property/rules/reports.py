"""A fund's report for a period, computed from plain values: page, paper, sheet and log use it.

The same values give the same bytes. Amounts are fen in the natural sign of their accounts.
Source: 财政部 小企业会计准则 (2011) for the shape of balance sheet and income statement.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from community.kernel.errors import N_
from community.trust_property.rules.fund import Purpose
from community.trust_property.rules.periods import Period
from community.trust_property.rules.titles import PURPOSES, words_of

FORM = 1
# An item above this share of the year's budget, in hundredths, is listed by itself.
LARGE_HUNDREDTHS = 5
_MONEY = ("bank", "cash")
_ROOT_TITLES = {
    "asset": N_("资产"),
    "liability": N_("负债"),
    "equity": N_("启用日结余"),
}


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account over the period: its balance before, and debits and credits by purpose."""

    path: str
    type: str
    opening: int
    moves: tuple[tuple[str, int, int], ...]
    held: int

    @property
    def sign(self) -> int:
        """Tell whether it grows by debits (1) or by credits (-1)."""
        return 1 if self.type in {"asset", "expense"} else -1

    @property
    def moved(self) -> int:
        """Tell by how much it grew."""
        return self.sign * sum(debits - credited for _, debits, credited in self.moves)

    @property
    def closing(self) -> int:
        """Give its balance at the end."""
        return self.opening + self.moved


@dataclass(frozen=True, slots=True)
class BookFacts:
    """A book over the period."""

    number: int
    accounts: tuple[AccountFacts, ...]


@dataclass(frozen=True, slots=True)
class LargeItem:
    """What a single transaction spent, with its day and what it was for."""

    transaction: int
    day: str
    path: str
    words: str
    amount: int


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """Everything a report is made of; `known_at` is the moment (microseconds) it speaks of."""

    fund: str
    trustee: str
    period: Period
    known_at: int
    book: BookFacts
    reserve: BookFacts
    names: Mapping[str, str]
    budget: tuple[tuple[str, str, int], ...]
    ages: tuple[tuple[str, int], ...]
    spent: tuple[LargeItem, ...]


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A line: its title is ours, its name somebody's; `path` opens what it is made of."""

    title: str
    name: str
    path: str
    amounts: tuple[int, ...]
    purpose: str = ""
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A table of the report."""

    key: str
    title: str
    columns: tuple[str, ...]
    lines: tuple[ReportLine, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A report with the figures that the public log carries, each recomputed by the verifier."""

    fund: str
    trustee: str
    period: str
    first: str
    last: str
    known_at: int
    sections: tuple[Section, ...]
    figures: Mapping[str, int]

    @property
    def lines(self) -> tuple[ReportLine, ...]:
        """Give the lines of all tables, as they stand one below the other."""
        return tuple(line for each in self.sections for line in each.lines)

    def section(self, key: str) -> Section | None:
        """Find a table by its key."""
        return next((each for each in self.sections if each.key == key), None)


def make_report(facts: ReportFacts) -> Report:
    """Make a period's report."""
    figures: dict[str, int] = {}
    made = [
        _balance("balance", N_("资产负债表"), facts.book, facts, figures),
        _income(facts, figures),
        _budget(facts, figures),
        _cash("cash", N_("现金流量表"), facts.book, figures),
        _ages(facts, figures),
        _remuneration(facts, figures),
        _common(facts),
        _payees(facts, figures),
        _large(facts),
    ]
    if facts.reserve.accounts:
        made.append(_balance("reserve", N_("维修资金"), facts.reserve, facts, figures))
        made.append(_cash("reserve-cash", N_("维修资金收付"), facts.reserve, figures))
    return Report(
        facts.fund,
        facts.trustee,
        facts.period.name,
        facts.period.first.isoformat(),
        facts.period.last.isoformat(),
        facts.known_at,
        tuple(each for each in made if each.lines),
        dict(sorted(figures.items())),
    )


def report_bytes(report: Report) -> bytes:
    """Write a report in its canonical form, whose SHA-256 the public log carries."""
    whole = {"form": FORM, **asdict(report)}
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=1)
    return (text + "\n").encode()


def read_report(content: bytes) -> Report:
    """Read a report's canonical form again."""
    whole = json.loads(content)
    del whole["form"]
    sections = tuple(_read_section(each) for each in whole.pop("sections"))
    return Report(**whole, sections=sections)


def _read_section(whole: dict[str, Any]) -> Section:
    lines = tuple(
        ReportLine(**{**line, "amounts": tuple(line["amounts"])}) for line in whole.pop("lines")
    )
    return Section(**{**whole, "columns": tuple(whole["columns"])}, lines=lines)


def say_the_same(one: Report, other: Report) -> bool:
    """Tell whether two reports say the same, apart from the moments they were made."""
    return replace(one, known_at=0) == replace(other, known_at=0)


def _balance(
    key: str, title: str, book: BookFacts, facts: ReportFacts, figures: dict[str, int]
) -> Section:
    lines: list[ReportLine] = []
    for kind, root in _ROOT_TITLES.items():
        own = [each for each in book.accounts if each.type == kind]
        lines += [
            _line(each.path, facts.names, (each.opening, each.closing))
            for each in own
            if each.opening or each.closing
        ]
        for each in own:
            if each.closing:
                figures[f"{book.number} closing {each.path}"] = each.closing
        if kind != "equity":
            sums = (sum(each.opening for each in own), sum(each.closing for each in own))
            lines.append(ReportLine(root, "", "", sums, is_total=True))
            figures[f"{book.number} closing type:{kind}"] = sums[1]
    lines.append(ReportLine(N_("累计结余"), "", "", _surplus(book), is_total=True))
    columns = (N_("期初（元）"), N_("期末（元）"))
    return Section(key, title, columns, tuple(lines))


def _surplus(book: BookFacts) -> tuple[int, int]:
    """Add up what income brought beyond expense since the beginning."""
    sides = {"income": 1, "expense": -1}
    own = [(sides[each.type], each) for each in book.accounts if each.type in sides]
    return (
        sum(side * each.opening for side, each in own),
        sum(side * each.closing for side, each in own),
    )


def _income(facts: ReportFacts, figures: dict[str, int]) -> Section:
    book, lines, sums = facts.book, [], {}
    for kind, title in (("income", N_("收入合计")), ("expense", N_("支出合计"))):
        own = [each for each in book.accounts if each.type == kind and each.moved]
        for each in own:
            lines.append(_line(each.path, facts.names, (each.moved,)))
            figures[f"{book.number} moved {each.path}"] = each.moved
        sums[kind] = sum(each.moved for each in own)
        figures[f"{book.number} moved type:{kind}"] = sums[kind]
        lines.append(ReportLine(title, "", "", (sums[kind],), is_total=True))
    left = sums["income"] - sums["expense"]
    lines.append(ReportLine(N_("本期结余"), "", "", (left,), is_total=True))
    return Section("income", N_("收支表"), (N_("本期（元）"),), tuple(lines))


def _budget(facts: ReportFacts, figures: dict[str, int]) -> Section:
    year, number = facts.period.year, facts.book.number
    accounts = {each.path: each for each in facts.book.accounts}
    lines = []
    for code, name, whole in facts.budget:
        path = f"expense/{year}/{code}"
        found = accounts.get(path)
        moved, spent, held = (found.moved, found.closing, found.held) if found else (0, 0, 0)
        amounts = (whole, moved, spent, held, whole - spent - held)
        lines.append(ReportLine(N_("支出"), name, path, amounts))
        if found:
            figures[f"{number} closing {path}"] = spent
            figures[f"{number} held {path}"] = held
    if lines:
        sums = tuple(sum(each.amounts[place] for each in lines) for place in range(5))
        lines.append(ReportLine(N_("合计"), "", "", sums, is_total=True))
    columns = (
        N_("预算（元）"),
        N_("本期已用（元）"),
        N_("本年已用（元）"),
        N_("占用（元）"),
        N_("剩余（元）"),
    )
    return Section("budget", N_("预算执行"), columns, tuple(lines))


def _cash(key: str, title: str, book: BookFacts, figures: dict[str, int]) -> Section:
    own = [each for each in book.accounts if each.path.split("/")[0] in _MONEY]
    flows: dict[str, int] = {}
    for account in own:
        for purpose, debits, credited in account.moves:
            flows[purpose] = flows.get(purpose, 0) + debits - credited
            root = account.path.split("/")[0]
            _add(figures, f"{book.number} debits {root} {purpose}", debits)
            _add(figures, f"{book.number} credits {root} {purpose}", credited)
    for root in _MONEY:
        chosen = [each for each in own if each.path.split("/")[0] == root]
        if chosen:
            opening = sum(each.opening for each in chosen)
            figures[f"{book.number} opening {root}"] = opening
            figures[f"{book.number} closing {root}"] = sum(each.closing for each in chosen)
    if not own:
        return Section(key, title, (), ())
    opening = sum(each.opening for each in own)
    ordered = sorted(flows.items(), key=lambda item: (-item[1], item[0]))
    rows = [
        ReportLine(
            PURPOSES.get(purpose, purpose), "", "", (max(net, 0), max(-net, 0)), purpose=purpose
        )
        for purpose, net in ordered
        if net
    ]
    came_in = sum(each.amounts[0] for each in rows)
    went_out = sum(each.amounts[1] for each in rows)
    first = ReportLine(N_("期初余额"), "", "", (opening, 0), is_total=True)
    both = ReportLine(N_("本期合计"), "", "", (came_in, went_out), is_total=True)
    last = ReportLine(N_("期末余额"), "", "", (opening + came_in - went_out, 0), is_total=True)
    columns = (N_("收进（元）"), N_("付出（元）"))
    return Section(key, title, columns, (first, *rows, both, last))


def _ages(facts: ReportFacts, figures: dict[str, int]) -> Section:
    owed = [each for each in facts.book.accounts if each.path == "receivable/unit"]
    for each in owed:
        figures[f"{facts.book.number} closing receivable/unit"] = each.closing
    lines = [ReportLine(title, "", "", (amount,)) for title, amount in facts.ages if amount]
    if lines:
        whole = sum(amount for _, amount in facts.ages)
        lines.append(ReportLine(N_("合计"), "", "", (whole,), is_total=True))
    return Section("ages", N_("业主欠费账龄"), (N_("欠费（元）"),), tuple(lines))


def _remuneration(facts: ReportFacts, figures: dict[str, int]) -> Section:
    number, lines = facts.book.number, []
    for each in _below(facts.book.accounts, "remuneration"):
        lines.append(ReportLine(N_("本期计提"), "", each.path, (each.moved,)))
        figures[f"{number} moved {each.path}"] = each.moved
    for each in _below(facts.book.accounts, "payable/remuneration"):
        paid = sum(debits for _, debits, _ in each.moves)
        lines.append(ReportLine(N_("本期支付"), "", each.path, (paid,)))
        lines.append(ReportLine(N_("期末未付"), "", each.path, (each.closing,)))
    return Section("remuneration", N_("物业酬金"), (N_("金额（元）"),), tuple(lines))


def _common(facts: ReportFacts) -> Section:
    own = [each for each in _below(facts.book.accounts, "common") if each.moved]
    lines = [_line(each.path, facts.names, (each.moved,)) for each in own]
    if lines:
        whole = sum(each.moved for each in own)
        lines.append(ReportLine(N_("合计"), "", "", (whole,), is_total=True))
    return Section("common", N_("公共收益"), (N_("本期（元）"),), tuple(lines))


def _payees(facts: ReportFacts, figures: dict[str, int]) -> Section:
    paid: list[tuple[int, AccountFacts]] = []
    for each in _below(facts.book.accounts, "payable"):
        if each.path == "payable/remuneration":
            continue
        moves = [one for one in each.moves if one[0] == Purpose.PAYMENT.value]
        net = sum(debits - credited for _, debits, credited in moves)
        if moves:
            paid.append((net, each))
            name = f"{facts.book.number} debits {each.path} {Purpose.PAYMENT.value}"
            figures[name] = sum(debits for _, debits, _ in moves)
    paid.sort(key=lambda item: (-item[0], item[1].path))
    lines = [_line(each.path, facts.names, (net, each.closing)) for net, each in paid]
    columns = (N_("本期付款（元）"), N_("期末应付（元）"))
    return Section("payees", N_("收款方"), columns, tuple(lines))


def _large(facts: ReportFacts) -> Section:
    whole = sum(amount for _, _, amount in facts.budget)
    lines = [
        ReportLine(each.day, each.words, f"entry:{each.transaction}", (each.amount,))
        for each in facts.spent
        if each.amount * 100 > whole * LARGE_HUNDREDTHS
    ]
    title = N_("超过年度预算百分之五的单项支出")
    return Section("large", title, (N_("金额（元）"),), tuple(lines))


def _line(path: str, names: Mapping[str, str], amounts: tuple[int, ...]) -> ReportLine:
    words = words_of(path, names)
    return ReportLine(words.title, words.name, path, amounts)


def _below(accounts: Iterable[AccountFacts], path: str) -> list[AccountFacts]:
    return [each for each in accounts if each.path == path or each.path.startswith(f"{path}/")]


def _add(figures: dict[str, int], name: str, amount: int) -> None:
    if amount:
        figures[name] = figures.get(name, 0) + amount
