"""Reading statements and bank lines: what was understood, what was added, what is still open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.kernel import clock, files
from community.kernel.actor import Actor
from community.kernel.files.intake import path_of
from community.trust_property.errors.bank import BankLineNotFound, StatementNotFound
from community.trust_property.importing.reading import read_statement
from community.trust_property.importing.statement import Choices, Column, Sign, Statement
from community.trust_property.models import BankAccount, BankLine, BankMatch, BankStatement
from community.trust_property.queries.fund import BankAccountView, bank_accounts, get_bank_account
from community.trust_property.rules.bank import Gap, MatchKind, Span, StatementState, find_gaps

PAGE = 100


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement on its way into the books, or in them."""

    id: int
    bank_account_id: int
    file_name: str
    sha256: str
    state: StatementState
    since: date | None
    until: date | None
    opening_fen: int | None
    closing_fen: int | None
    line_count: int
    job_id: int | None
    file_id: int
    fingerprint: str
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class LineView:
    """One entry of the bank; `kind` is what it was found to be, None while it is open."""

    id: int
    bank_account_id: int
    statement_id: int
    day: date
    amount_fen: int
    balance_fen: int | None
    counterparty: str
    summary: str
    number: str
    match_id: int | None
    kind: MatchKind | None


@dataclass(frozen=True, slots=True)
class AccountStanding:
    """A bank account with how many lines wait, and what its statements leave out."""

    account: BankAccountView
    open_lines: int
    until: date | None
    closing_fen: int | None
    gaps: tuple[Gap, ...]


def statements_of(
    session: Session, actor: Actor, fund_id: int, bank_account_id: int
) -> tuple[StatementView, ...]:
    """List an account's statements, the newest first, withdrawn ones left out.

    Raises: FundNotFound, BankAccountNotFound.
    """
    get_bank_account(session, actor, fund_id, bank_account_id)
    rows = session.scalars(
        select(BankStatement)
        .where(
            BankStatement.community_id == actor.community_id,
            BankStatement.bank_account_id == bank_account_id,
            BankStatement.state != StatementState.WITHDRAWN,
        )
        .order_by(BankStatement.id.desc())
    )
    return tuple(_statement(row) for row in rows)


def get_statement(session: Session, actor: Actor, fund_id: int, statement_id: int) -> StatementView:
    """Get a statement of a fund.

    Raises: StatementNotFound.
    """
    row = session.get(BankStatement, statement_id)
    if row is None or (row.community_id, row.fund_id) != (actor.community_id, fund_id):
        raise StatementNotFound
    return _statement(row)


def understood(session: Session, actor: Actor, fund_id: int, statement_id: int) -> Statement:
    """Read a kept statement with what the user said of it.

    Raises: StatementNotFound, UnreadableFile.
    """
    view = get_statement(session, actor, fund_id, statement_id)
    row = session.get_one(BankStatement, statement_id)
    return read_kept(view.sha256, view.file_name, choices_of(row.choices))


@lru_cache(maxsize=2)
def read_kept(sha256: str, name: str, choices: Choices) -> Statement:
    """Read a stored file; the last two are remembered, since a page and a job ask repeatedly."""
    return read_statement(path_of(sha256).read_bytes(), name, choices)


def choices_of(kept: dict[str, object] | None) -> Choices:
    """Turn kept JSON into the user's choices."""
    kept = kept or {}
    columns = kept.get("columns")
    sign, month_first = kept.get("sign"), kept.get("month_first")
    return Choices(
        columns=tuple(Column(each) if each else None for each in columns)
        if isinstance(columns, list)
        else None,
        sign=Sign(str(sign)) if sign else None,
        month_first=month_first if isinstance(month_first, bool) else None,
    )


def remembered_choices(session: Session, actor: Actor, fingerprint: str) -> dict[str, object]:
    """Give what was said of the last added statement of the same layout."""
    kept = session.scalar(
        select(BankStatement.choices)
        .where(
            BankStatement.community_id == actor.community_id,
            BankStatement.fingerprint == fingerprint,
            BankStatement.state == StatementState.ADDED,
        )
        .order_by(BankStatement.id.desc())
        .limit(1)
    )
    return dict(kept) if kept else {}


def standings(session: Session, actor: Actor, fund_id: int) -> tuple[AccountStanding, ...]:
    """Tell of each bank account how far its statements go and what is open.

    Raises: FundNotFound.
    """
    return tuple(
        _standing(session, actor, account) for account in bank_accounts(session, actor, fund_id)
    )


def _standing(session: Session, actor: Actor, account: BankAccountView) -> AccountStanding:
    spans = spans_of(session, actor, account.id)
    last = max(spans, key=lambda each: (each.until, each.statement_id), default=None)
    return AccountStanding(
        account,
        count_open(session, actor, account.id),
        last.until if last else None,
        last.closing_fen if last else None,
        find_gaps(spans),
    )


def spans_of(session: Session, actor: Actor, bank_account_id: int) -> list[Span]:
    """List the days and balances of an account's added statements."""
    rows = session.scalars(
        select(BankStatement).where(
            BankStatement.community_id == actor.community_id,
            BankStatement.bank_account_id == bank_account_id,
            BankStatement.state == StatementState.ADDED,
        )
    )
    return [
        Span(row.id, row.since, row.until, row.opening_fen, row.closing_fen)
        for row in rows
        if row.since and row.until and row.opening_fen is not None and row.closing_fen is not None
    ]


def count_open(
    session: Session, actor: Actor, bank_account_id: int, until: date | None = None
) -> int:
    """Count the lines that nobody has looked at, up to a day."""
    wanted = _lines(actor, bank_account_id).where(BankLine.match_id.is_(None))
    if until is not None:
        wanted = wanted.where(BankLine.day <= until)
    return session.scalar(select(func.count()).select_from(wanted.subquery())) or 0


def bank_lines(
    session: Session,
    actor: Actor,
    fund_id: int,
    bank_account_id: int,
    only_open: bool = False,  # noqa: FBT002  the API's own parameter
    page: int = 1,
) -> tuple[LineView, ...]:
    """List an account's lines, the newest first, a page at a time.

    Raises: FundNotFound, BankAccountNotFound.
    """
    get_bank_account(session, actor, fund_id, bank_account_id)
    wanted = _lines(actor, bank_account_id)
    if only_open:
        wanted = wanted.where(BankLine.match_id.is_(None))
    rows = session.execute(
        wanted.order_by(BankLine.day.desc(), BankLine.id.desc())
        .limit(PAGE)
        .offset(PAGE * (max(page, 1) - 1))
    )
    return tuple(_line(row, kind) for row, kind in rows)


def get_line(session: Session, actor: Actor, fund_id: int, line_id: int) -> LineView:
    """Get a bank line of a fund.

    Raises: BankLineNotFound.
    """
    found = session.execute(
        select(BankLine, BankMatch.kind)
        .join(BankAccount, BankAccount.id == BankLine.bank_account_id)
        .outerjoin(BankMatch, BankMatch.id == BankLine.match_id)
        .where(
            BankLine.community_id == actor.community_id,
            BankLine.id == line_id,
            BankAccount.fund_id == fund_id,
        )
    ).one_or_none()
    if found is None:
        raise BankLineNotFound
    return _line(found[0], found[1])


def balance_at_bank(
    session: Session, actor: Actor, account: BankAccountView, day: date
) -> int | None:
    """Tell what the bank's statements say lay in an account at the end of a day.

    None while the statements do not reach that day.
    """
    spans = spans_of(session, actor, account.id)
    if not spans or max(each.until for each in spans) < day:
        return None
    if account.opening_on is not None and account.opening_fen is not None:
        start = account.opening_fen
    else:
        start = min(spans, key=lambda each: (each.since, each.statement_id)).opening_fen
    moved = session.scalar(
        select(func.coalesce(func.sum(BankLine.amount_fen), 0))
        .join(BankStatement, BankStatement.id == BankLine.statement_id)
        .where(
            BankLine.community_id == actor.community_id,
            BankLine.bank_account_id == account.id,
            BankLine.day <= day,
            BankStatement.state == StatementState.ADDED,
        )
    )
    return start + int(moved or 0)


def contradictions(
    session: Session, actor: Actor, account: BankAccountView, until: date
) -> tuple[Span, ...]:
    """List the statements up to a day whose closing balance the lines do not come to."""
    return tuple(
        span
        for span in spans_of(session, actor, account.id)
        if span.until <= until
        and balance_at_bank(session, actor, account, span.until) != span.closing_fen
    )


def _lines(actor: Actor, bank_account_id: int):  # type: ignore[no-untyped-def] # noqa: ANN202
    return (
        select(BankLine, BankMatch.kind)
        .join(BankStatement, BankStatement.id == BankLine.statement_id)
        .outerjoin(BankMatch, BankMatch.id == BankLine.match_id)
        .where(
            BankLine.community_id == actor.community_id,
            BankLine.bank_account_id == bank_account_id,
            # Lines of a statement still on its way are not there yet.
            BankStatement.state == StatementState.ADDED,
        )
    )


def _statement(row: BankStatement) -> StatementView:
    return StatementView(
        row.id,
        row.bank_account_id,
        row.file_name,
        row.sha256,
        row.state,
        row.since,
        row.until,
        row.opening_fen,
        row.closing_fen,
        row.line_count,
        row.job_id,
        row.file_id,
        row.fingerprint,
        row.uploaded_at,
    )


def _line(row: BankLine, kind: MatchKind | None) -> LineView:
    return LineView(
        row.id,
        row.bank_account_id,
        row.statement_id,
        row.day,
        row.amount_fen,
        row.balance_fen,
        row.counterparty,
        row.summary,
        row.number,
        row.match_id,
        kind,
    )


def last_closable_day() -> date:
    """Tell the end of the month before this one, the day one usually closes."""
    today = clock.today()
    return date.fromordinal(today.replace(day=1).toordinal() - 1)


def statement_file(
    session: Session, actor: Actor, fund_id: int, statement_id: int
) -> files.FileView:
    """Give the file as the bank wrote it.

    Raises: StatementNotFound, NotFound.
    """
    view = get_statement(session, actor, fund_id, statement_id)
    return files.get_file(session, actor.community_id, view.file_id)
