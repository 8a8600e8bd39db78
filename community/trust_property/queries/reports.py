"""Reading what a report is made of, as known at a moment, and the reports published so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.trust_property.errors.reports import PeriodUnclear, ReportNotFound
from community.trust_property.models import PublishedReport
from community.trust_property.queries.budgets import budget_versions
from community.trust_property.queries.day_totals import MONEY, day_sums, flows
from community.trust_property.queries.entry_words import account_names, words_of_entries
from community.trust_property.queries.fund import FundView, get_fund
from community.trust_property.rules.bills import AGE_TITLES, Age, age_of
from community.trust_property.rules.fund import expense_path
from community.trust_property.rules.periods import Period, month_of, read_period
from community.trust_property.rules.reports import (
    LARGE_HUNDREDTHS,
    AccountFacts,
    BookFacts,
    LargeItem,
    Report,
    ReportFacts,
    make_report,
    read_report,
    report_bytes,
)

# What was billed, less what receipts and prepayments had paid: by the day and moment asked for.
_OWED = """
WITH paid AS (
 SELECT p.bill_id, SUM(p.amount_fen) AS fen FROM trust_receipt_part p
 JOIN trust_receipt r ON r.id = p.receipt_id
 JOIN ledger_transaction t ON t.id = r.transaction_id
 LEFT JOIN ledger_transaction v ON v.id = r.void_transaction_id AND v.effective_on <= ?
  AND v.recorded_at <= ?
 WHERE p.community_id = ? AND r.fund_id = ? AND p.bill_id IS NOT NULL AND t.effective_on <= ?
  AND t.recorded_at <= ? AND v.id IS NULL
 GROUP BY p.bill_id
), used AS (
 SELECT u.bill_id, SUM(u.amount_fen) AS fen FROM trust_prepaid_use u
 JOIN ledger_transaction t ON t.id = u.transaction_id
 WHERE u.community_id = ? AND t.effective_on <= ? AND t.recorded_at <= ?
 GROUP BY u.bill_id
)
SELECT b.due_on, SUM(b.amount_fen - COALESCE(paid.fen, 0) - COALESCE(used.fen, 0))
FROM trust_bill b JOIN ledger_transaction t ON t.id = b.transaction_id
LEFT JOIN paid ON paid.bill_id = b.id LEFT JOIN used ON used.bill_id = b.id
WHERE b.community_id = ? AND b.fund_id = ? AND t.effective_on <= ? AND t.recorded_at <= ?
GROUP BY b.due_on ORDER BY b.due_on
"""


@dataclass(frozen=True, slots=True)
class PublishedView:
    """A published report."""

    id: int
    fund_id: int
    period: str
    version: int
    known_at: datetime
    sha256: str
    record_id: int


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A published report's bytes under its name."""

    period: str
    version: int
    sha256: str
    content: bytes


def period_report(
    session: Session,
    actor: Actor,
    fund_id: int,
    period: str = "",
    known_at: datetime | None = None,
) -> Report:
    """Make the report of a period (the present month if empty) as known at a moment (now if None).

    Raises: FundNotFound, PeriodUnclear.
    """
    fund = get_fund(session, actor, fund_id)
    asked = read_period(period) if period else month_of(clock.today())
    if asked is None:
        raise PeriodUnclear
    return make_report(report_facts(session, actor, fund, asked, known_at or clock.now()))


def report_facts(
    session: Session, actor: Actor, fund: FundView, period: Period, known: datetime
) -> ReportFacts:
    """Read everything a report is made of."""
    names = account_names(session, actor, fund.id)
    budget = _budget(session, actor, fund.id, period.year, known)
    names |= {expense_path(period.year, code): name for code, name, _ in budget}
    above = sum(amount for _, _, amount in budget) * LARGE_HUNDREDTHS // 100
    return ReportFacts(
        fund.name,
        fund.trustee,
        period,
        clock.micros(known),
        _book(session, actor, fund.book_id, period, known),
        _book(session, actor, fund.reserve_book_id, period, known),
        names,
        budget,
        _ages(session, actor, fund.id, period.last, known),
        _large(session, actor, fund, period, (known, above)) if budget else (),
    )


def published_reports(session: Session, actor: Actor, fund_id: int) -> tuple[PublishedView, ...]:
    """List a fund's published reports, the newest period first, each version.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    rows = session.scalars(
        select(PublishedReport)
        .where(
            PublishedReport.community_id == actor.community_id,
            PublishedReport.fund_id == fund_id,
        )
        .order_by(PublishedReport.last_on.desc(), PublishedReport.version.desc())
    )
    return tuple(_view(row) for row in rows)


def newest_published(
    session: Session, actor: Actor, fund_id: int, period: str
) -> PublishedView | None:
    """Find the newest published version of a period's report."""
    row = session.scalar(
        select(PublishedReport)
        .where(
            PublishedReport.community_id == actor.community_id,
            PublishedReport.fund_id == fund_id,
            PublishedReport.period == period,
        )
        .order_by(PublishedReport.version.desc())
        .limit(1)
    )
    return None if row is None else _view(row)


def get_report_file(session: Session, actor: Actor, fund_id: int, report_id: int) -> ReportFile:
    """Get a published report as it was published.

    Raises: ReportNotFound.
    """
    row = session.get(PublishedReport, report_id)
    if row is None or (row.community_id, row.fund_id) != (actor.community_id, fund_id):
        raise ReportNotFound
    return ReportFile(row.period, row.version, row.sha256, row.content)


def report_as_published(
    session: Session, actor: Actor, published: PublishedView | None
) -> Report | None:
    """Give what a published version said; None where nothing was published."""
    if published is None:
        return None
    return get_published_report(session, actor, published.fund_id, published.id)


def get_published_report(session: Session, actor: Actor, fund_id: int, report_id: int) -> Report:
    """Get a published report with its lines.

    Raises: ReportNotFound.
    """
    return read_report(get_report_file(session, actor, fund_id, report_id).content)


def published_files(session: Session, community_id: int) -> tuple[tuple[int, bytes], ...]:
    """List record and bytes of every published report of a community, for its audit pack."""
    chosen = select(PublishedReport.record_id, PublishedReport.content).where(
        PublishedReport.community_id == community_id
    )
    found = session.execute(chosen.order_by(PublishedReport.id))
    return tuple((each.record_id, each.content) for each in found)


def written(session: Session, actor: Actor, fund_id: int, period: str, known: datetime) -> bytes:
    """Write a period's report in its canonical form, as known at a moment."""
    return report_bytes(period_report(session, actor, fund_id, period, known))


def _book(
    session: Session, actor: Actor, book_id: int, period: Period, known: datetime
) -> BookFacts:
    found = ledger.moves_in_period(
        session, actor.community_id, book_id, period.first, period.last, known
    )
    return BookFacts(
        book_id,
        tuple(
            AccountFacts(each.path, each.type.value, each.opening, each.moves, each.held)
            for each in found
        ),
    )


def _budget(
    session: Session, actor: Actor, fund_id: int, year: int, known: datetime
) -> tuple[tuple[str, str, int], ...]:
    for version in budget_versions(session, actor, fund_id, year):
        if version.adopted_at <= known:
            return tuple((each.code, each.name, each.whole_fen) for each in version.lines)
    return ()


def _ages(
    session: Session, actor: Actor, fund_id: int, last: date, known: datetime
) -> tuple[tuple[str, int], ...]:
    day, moment = clock.day_number(last), clock.micros(known)
    where = (actor.community_id, fund_id)
    values = (day, moment, *where, day, moment, where[0], day, moment, *where, day, moment)
    sums = dict.fromkeys(Age, 0)
    for due_on, amount in db.statements(session).all(_OWED, values):
        sums[age_of(clock.from_day_number(due_on), last)] += int(amount)
    return tuple((AGE_TITLES[age], amount) for age, amount in sums.items())


def _large(
    session: Session, actor: Actor, fund: FundView, period: Period, bound: tuple[datetime, int]
) -> tuple[LargeItem, ...]:
    known, above = bound
    where = (session, actor.community_id, fund.book_id)
    found = ledger.large_entries(*where, period.first, period.last, known, above)
    words = words_of_entries(session, actor, fund.id, [each.transaction_id for each in found])
    return tuple(
        LargeItem(
            each.transaction_id,
            each.day.isoformat(),
            each.path,
            words.get(each.transaction_id, ""),
            each.amount,
        )
        for each in found
    )


def _view(row: PublishedReport) -> PublishedView:
    return PublishedView(
        row.id, row.fund_id, row.period, row.version, row.known_at, row.sha256, row.record_id
    )


def month_flows(
    session: Session, actor: Actor, fund_id: int, year: int
) -> tuple[tuple[int, int, int], ...]:
    """Tell what came into and went out of bank and cash in each month of a year so far.

    Raises: FundNotFound.
    """
    fund = get_fund(session, actor, fund_id)
    accounts = [
        each
        for each in ledger.book_accounts(session, actor.community_id, fund.book_id)
        if each.path.split("/")[0] in MONEY
    ]
    sums = day_sums(session, actor, accounts, date(year, 1, 1), date(year, 12, 31))
    today = clock.today()
    last = today.month if year == today.year else 12
    found = []
    for month in range(1, last + 1):
        own = flows((each for each in sums if each.day.month == month), date.min, date.max)
        found.append((month, own.in_fen, own.out_fen))
    return tuple(found)
