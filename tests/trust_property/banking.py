"""What happens at the bank in tests: statements of October, and entries they should answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.trust_property.queries import bank as queries
from community.trust_property.queries.bank import LineView
from community.trust_property.queries.fund import get_bank_account, get_fund
from community.trust_property.queries.payments import unmatched_payments
from community.trust_property.rules.fund import Purpose
from community.trust_property.schemas.bank import take_in_statement
from community.trust_property.service import books, statements
from community.trust_property.service.matching import match_lines
from tests import builders
from tests.trust_property.layouts import as_csv
from tests.trust_property.scene import Scene

HEAD = ["交易日期", "对方户名", "摘要", "交易金额", "余额", "流水号"]
Entry = tuple[str, str, str, int]


def statement_file(
    entries: Sequence[Entry], opening: int = 0, *, period: str = "", numbers: str = "N"
) -> bytes:
    """Write a statement of (day, counterparty, summary, fen) with its running balance."""
    rows: list[list[str]] = [[f"查询期间：{period}"]] if period else []
    rows.append(HEAD)
    balance = opening
    for order, (day, party, summary, fen) in enumerate(entries):
        balance += fen
        number = f"{numbers}{order}" if numbers else ""
        rows.append([day, party, summary, _yuan(fen), _yuan(balance), number])
    return as_csv(rows)


def _yuan(fen: int) -> str:
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def keep(scene: Scene, content: bytes, name: str = "对账单.csv", account: int | None = None) -> int:
    """Upload a statement."""
    taken = take_in_statement(name, content)
    made: int = db.write(
        statements.keep_statement,
        scene.firm,
        scene.fund_id,
        account or scene.bank_account_id,
        taken,
    )
    return made


def add(scene: Scene, content: bytes, name: str = "对账单.csv", account: int | None = None) -> int:
    """Upload a statement and add its lines."""
    made = keep(scene, content, name, account)
    db.write(statements.add_statement, scene.firm, scene.fund_id, made, None, None)
    builders.run_jobs()
    return made


def lines(
    scene: Scene, *, only_open: bool = False, account: int | None = None
) -> tuple[LineView, ...]:
    """List an account's lines, oldest first."""
    with db.read() as session:
        found = queries.bank_lines(
            session, scene.firm, scene.fund_id, account or scene.bank_account_id, only_open
        )
    return found[::-1]


def enter(scene: Scene, fen: int, day: date, source: str, account: int | None = None) -> int:
    """Enter what was received into, or paid from, the bank account; gives the transaction's id."""

    def post(session: Session, actor: Actor) -> int:
        fund = get_fund(session, actor, scene.fund_id)
        bank = get_bank_account(session, actor, scene.fund_id, account or scene.bank_account_id)
        other = books.open_account(
            session, actor, fund.book_id, "other", ledger.AccountType.INCOME, floor=None
        )
        came, went = (bank.account_id, other) if fen > 0 else (other, bank.account_id)
        posting = ledger.Posting(
            fund.book_id,
            (ledger.debit(came, abs(fen)), ledger.credit(went, abs(fen))),
            Purpose.RECEIPT.value,
            source,
            f"test:{source}",
            effective_on=day,
        )
        return ledger.post(session, actor, posting).transaction_id

    made: int = db.write(post, scene.firm)
    return made


def balance(scene: Scene, path: str) -> int:
    """Tell what an account of the operating book holds."""
    with db.read() as session:
        fund = get_fund(session, scene.firm, scene.fund_id)
        found = ledger.find_account(
            session, scene.community_id, ledger.BookKind.TRUST, path, f"fund/{fund.id}"
        )
        if found is None:
            return 0
        return ledger.get_account(session, scene.community_id, found).balance.total


def show_at_bank(scene: Scene, payments: tuple[int, ...], *sums: int) -> int:
    """Let the bank show payments in lines of these sums, and match them; gives the match."""
    # No two lines of a test are twins.
    opening = 10**9 + 100 * len(lines(scene))
    today = clock.today().isoformat()
    add(scene, statement_file([(today, "迅达电梯维修部", "付款", fen) for fen in sums], opening))
    found = tuple(line.id for line in lines(scene, only_open=True))
    picks = tuple(f"book:{_entry_of(scene, each)}" for each in payments)
    made: int = db.write(match_lines, scene.firm, scene.fund_id, found, picks)
    return made


def _entry_of(scene: Scene, payment_id: int) -> int:
    with db.read() as session:
        waiting = unmatched_payments(session, scene.community_id, scene.fund_id)
    return next(each.transaction_id for each in waiting if each.id == payment_id)
