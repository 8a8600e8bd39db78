"""Taking in statements: keep the file, note what the user says of it, add its lines as a job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import clock, db, files, jobs
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.jobs.kinds import Arguments
from community.trust_property import permissions
from community.trust_property.errors.bank import (
    BalancesContradict,
    BalancesMissing,
    ForeignCurrency,
    SeveralAccounts,
    StatementKnown,
    StatementNotFound,
    StatementStarted,
)
from community.trust_property.importing.statement import Choices, Column, Sign, StatementLine
from community.trust_property.models import BankAccount, BankLine, BankStatement
from community.trust_property.queries.bank import choices_of, read_kept, remembered_choices
from community.trust_property.queries.fund import get_bank_account
from community.trust_property.rules.bank import (
    STATEMENT_STEPS,
    StatementState,
    count_twins,
    digest_of,
)
from community.trust_property.service.fund import load_fund
from community.trust_property.service.publishing import publish

STATEMENT_JOB = "trust.add_statement"
_AT_ONCE = 500
_LONGEST = {"counterparty": 120, "summary": 200, "number": 80}


@dataclass(frozen=True, slots=True)
class TakenIn:
    """An upload that was read once: its bytes are on disk, its layout has a name."""

    ready: files.Ready
    fingerprint: str


def take_statement(ready: files.Ready) -> TakenIn:
    """Read a statement that is on disk once; the command that adds it finds it read."""
    return TakenIn(ready, read_kept(ready.sha256, ready.name[:200], Choices()).fingerprint)


def keep_statement(
    session: Session, actor: Actor, fund_id: int, bank_account_id: int, taken: TakenIn
) -> int:
    """Keep a statement of a bank account, its layout read as it was the last time; gives its id.

    Raises: FundNotFound, BankAccountNotFound, StatementKnown.
    """
    actor.check(permissions.PREPARE.code)
    load_fund(session, actor, fund_id)
    get_bank_account(session, actor, fund_id, bank_account_id)
    known = session.scalar(
        select(BankStatement.file_name).where(
            BankStatement.community_id == actor.community_id,
            BankStatement.bank_account_id == bank_account_id,
            BankStatement.sha256 == taken.ready.sha256,
            BankStatement.state.in_([StatementState.RUNNING, StatementState.ADDED]),
        )
    )
    if known is not None:
        raise StatementKnown(name=known)
    row = BankStatement(
        community_id=actor.community_id,
        fund_id=fund_id,
        bank_account_id=bank_account_id,
        file_id=files.keep_file(session, actor, taken.ready),
        sha256=taken.ready.sha256,
        file_name=taken.ready.name[:200],
        fingerprint=taken.fingerprint,
        choices=remembered_choices(session, actor, taken.fingerprint),
        state=StatementState.READ,
        uploaded_by=actor.person_id,
        uploaded_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id


def correct_statement(
    session: Session,
    actor: Actor,
    fund_id: int,
    statement_id: int,
    columns: tuple[str, ...],
    sign: str,
    day_order: str,
) -> None:
    """Note what the user says of a statement's columns, signs and days; "" leaves it to us.

    Raises: StatementNotFound, StatementStarted.
    """
    actor.check(permissions.PREPARE.code)
    row = _open_row(session, actor, fund_id, statement_id)
    said: dict[str, object] = {}
    if columns:
        said["columns"] = [Column(each).value if each else "" for each in columns]
    if sign:
        said["sign"] = Sign(sign).value
    if day_order:
        said["month_first"] = day_order == "month-first"
    row.choices = said


def add_statement(
    session: Session,
    actor: Actor,
    fund_id: int,
    statement_id: int,
    opening_fen: int | None,
    closing_fen: int | None,
) -> int:
    """Add a statement's lines as a job; gives the job's id.

    The balances are asked for only when the file does not tell them.
    Raises: StatementNotFound, StatementStarted, StatementKnown, SeveralAccounts, ForeignCurrency,
    BalancesMissing, BalancesContradict.
    """
    actor.check(permissions.PREPARE.code)
    row = _open_row(session, actor, fund_id, statement_id)
    found = read_kept(row.sha256, row.file_name, choices_of(row.choices))
    if len(found.accounts) > 1:
        raise SeveralAccounts
    if found.currency != "CNY":
        raise ForeignCurrency(currency=found.currency)
    opening = found.opening_fen if found.opening_fen is not None else opening_fen
    closing = found.closing_fen if found.closing_fen is not None else closing_fen
    moved = sum(line.amount_fen for line in found.lines)
    if opening is None and closing is not None:
        opening = closing - moved
    if closing is None and opening is not None:
        closing = opening + moved
    if opening is None or closing is None:
        raise BalancesMissing
    if opening + moved != closing:
        raise BalancesContradict(expected=_yuan(opening + moved), closing=_yuan(closing))
    days = [line.day for line in found.lines]
    row.since = min([*days, *([found.since] if found.since else [])])
    row.until = max([*days, *([found.until] if found.until else [])])
    row.opening_fen, row.closing_fen, row.line_count = opening, closing, len(found.lines)
    row.state = StatementState.RUNNING
    row.job_id = jobs.start_job(session, actor, STATEMENT_JOB, {"statement_id": row.id})
    session.flush()
    return row.job_id


def _yuan(fen: int) -> str:
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def withdraw_statement(session: Session, actor: Actor, fund_id: int, statement_id: int) -> None:
    """Give up a statement before its lines were added; its file goes.

    Raises: StatementNotFound, StatementStarted.
    """
    actor.check(permissions.PREPARE.code)
    row = _open_row(session, actor, fund_id, statement_id)
    row.state = StatementState.WITHDRAWN


def plan_lines(session: Session, actor: Actor, args: Arguments) -> int:
    """Tell how many lines the statement has."""
    return len(lines_to_add(session, _row(session, actor, args["statement_id"])))


def write_lines(session: Session, actor: Actor, args: Arguments, step: jobs.Step) -> int:
    """Add lines while time allows; one that is there already adds nothing.

    The same name may stand twice in a file, so each carries its count: what overlaps with an
    earlier statement has the same name and count.
    """
    row = _row(session, actor, args["statement_id"])
    lines = lines_to_add(session, row)
    at = db.statements(session)
    position = step.position
    while position < len(lines):
        some = lines[position : position + _AT_ONCE]
        at.many(
            "INSERT INTO trust_bank_line (community_id, bank_account_id, statement_id, file_row,"
            " day, amount_fen, balance_fen, counterparty, summary, number, digest, twin)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (community_id, bank_account_id, digest, twin) DO NOTHING",
            [_values(row, line, digest, twin) for line, digest, twin in some],
        )
        position += len(some)
        if not step.budget.lasts():
            break
    return position


Numbered = tuple[StatementLine, str, int]


def lines_to_add(session: Session, row: BankStatement) -> Sequence[Numbered]:
    """List a statement's lines, oldest first, named and counted; those before opening day not."""
    opening = session.scalar(
        select(BankAccount.opening_on).where(BankAccount.id == row.bank_account_id)
    )
    numbered = _numbered(row.sha256, row.file_name, choices_of(row.choices))
    if opening is None:
        return numbered
    return [each for each in numbered if each[0].day > opening]


@lru_cache(maxsize=2)
def _numbered(sha256: str, name: str, choices: Choices) -> Sequence[Numbered]:
    """Name and count a file's lines; remembered, since each chunk of the job goes on from it."""
    found = read_kept(sha256, name, choices)
    lines = found.lines[::-1] if found.order == "newest-first" else found.lines
    ordered = sorted(lines, key=lambda line: line.day)
    digests = [
        digest_of(
            line.day,
            line.amount_fen,
            line.balance_fen,
            line.number,
            line.counterparty,
            line.summary,
        )
        for line in ordered
    ]
    return list(zip(ordered, digests, count_twins(digests), strict=True))


def _values(row: BankStatement, line: StatementLine, digest: str, twin: int) -> tuple[object, ...]:
    return (
        row.community_id,
        row.bank_account_id,
        row.id,
        line.row,
        clock.day_number(line.day),
        line.amount_fen,
        line.balance_fen,
        line.counterparty[: _LONGEST["counterparty"]],
        line.summary[: _LONGEST["summary"]],
        line.number[: _LONGEST["number"]],
        digest,
        twin,
    )


def finish_lines(session: Session, actor: Actor, args: Arguments) -> dict[str, int]:
    """Make the statement's lines count, and tell the public log."""
    row = _row(session, actor, args["statement_id"])
    added = len(session.scalars(select(BankLine.id).where(BankLine.statement_id == row.id)).all())
    row.state, row.added_at = StatementState.ADDED, clock.now()
    session.flush()
    assert row.since is not None
    assert row.until is not None
    publish(
        session,
        actor,
        "statement",
        {
            "statement": row.id,
            "fund": row.fund_id,
            "bank_account": row.bank_account_id,
            "sha256": row.sha256,
            "from": row.since.isoformat(),
            "until": row.until.isoformat(),
            "opening": row.opening_fen,
            "closing": row.closing_fen,
            "lines": row.line_count,
            "new": added,
        },
    )
    return {"added": added, "lines": row.line_count}


KIND = jobs.JobKind(
    STATEMENT_JOB, N_("导入对账单"), plan=plan_lines, chunk=write_lines, finish=finish_lines
)


def _row(session: Session, actor: Actor, statement_id: int) -> BankStatement:
    row = session.get(BankStatement, statement_id)
    if row is None or row.community_id != actor.community_id:
        raise StatementNotFound
    return row


def _open_row(session: Session, actor: Actor, fund_id: int, statement_id: int) -> BankStatement:
    row = _row(session, actor, statement_id)
    if row.fund_id != fund_id:
        raise StatementNotFound
    if StatementState.RUNNING not in STATEMENT_STEPS[row.state]:
        raise StatementStarted
    return row
