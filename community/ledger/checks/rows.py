"""What each row must say by itself and beside its neighbours, going around every constraint."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.ledger.rules import (
    UNITS,
    AccountState,
    AccountType,
    BookKind,
    PeriodState,
    ProposalState,
    TransactionKind,
)

# A word that is none of its enum makes other checks unreadable, so these come first.
_WORDS = (
    ("book", "ledger_book", "kind", BookKind),
    ("account", "ledger_account", "type", AccountType),
    ("account", "ledger_account", "state", AccountState),
    ("transaction", "ledger_transaction", "kind", TransactionKind),
    ("period", "ledger_period", "state", PeriodState),
    ("proposal", "ledger_proposal", "state", ProposalState),
)
_QUERIES = (
    (
        "2 account {} is told on the wrong side for its type",
        (
            "SELECT id FROM ledger_account"
            " WHERE normal <> CASE WHEN type IN ('asset', 'expense') THEN 1 ELSE -1 END"
        ),
    ),
    (
        "4 the lines of transaction {} are not numbered one after the other",
        (
            "SELECT transaction_id FROM ledger_entry GROUP BY community_id, transaction_id"
            " HAVING MAX(line) <> COUNT(*) OR MIN(line) <> 1"
        ),
    ),
    (
        "4 line {} of transaction {} counts on another day than it",
        (
            "SELECT e.line, t.id FROM ledger_entry e JOIN ledger_transaction t"
            " ON t.id = e.transaction_id WHERE e.effective_on <> t.effective_on"
        ),
    ),
    (
        "4 line {} of transaction {} is pending and on a statement, or neither",
        (
            "SELECT line, transaction_id FROM ledger_entry WHERE is_pending"
            " AND (holder_id IS NOT NULL OR sequence IS NOT NULL OR balance_after IS NOT NULL)"
            " OR NOT is_pending"
            " AND (holder_id IS NULL OR sequence IS NULL OR balance_after IS NULL)"
        ),
    ),
    (
        "8 book {} is soft-closed through {}, its periods say {}",
        (
            "SELECT b.id, b.soft_closed_through, MAX(p.ends_on) FROM ledger_book b"
            " LEFT JOIN ledger_period p ON p.community_id = b.community_id AND p.book_id = b.id"
            " GROUP BY b.id, b.soft_closed_through"
            " HAVING COALESCE(b.soft_closed_through, 0) <> COALESCE(MAX(p.ends_on), 0)"
        ),
    ),
    (
        "8 period {} is closed and has no moment of it, or the other way round",
        "SELECT id FROM ledger_period WHERE (state = 'closed') <> (closed_at IS NOT NULL)",
    ),
    (
        "8 the balance of account {} at the close of period {} belongs to no period or account",
        (
            "SELECT b.account_id, b.period_id FROM ledger_period_balance b"
            " LEFT JOIN ledger_period p ON p.id = b.period_id AND p.community_id = b.community_id"
            " LEFT JOIN ledger_account a ON a.id = b.account_id AND a.book_id = p.book_id"
            " WHERE a.id IS NULL"
        ),
    ),
    (
        "8 period {} has no balances of its close",
        (
            "SELECT p.id FROM ledger_period p JOIN ledger_book k ON k.id = p.book_id"
            " LEFT JOIN ledger_period_balance b ON b.period_id = p.id"
            " WHERE p.state = 'closed' AND b.period_id IS NULL"
            " AND EXISTS (SELECT 1 FROM ledger_transaction t WHERE t.book_id = p.book_id"
            "  AND t.effective_on <= p.ends_on)"
        ),
    ),
    (
        "2 account {} lies in another community than its book",
        (
            "SELECT a.id FROM ledger_account a LEFT JOIN ledger_book b ON b.id = a.book_id"
            " AND b.community_id = a.community_id WHERE b.id IS NULL"
        ),
    ),
    (
        "2 account {} lies below {}, which is no summary of its book",
        (
            "SELECT a.id, a.parent_id FROM ledger_account a LEFT JOIN ledger_account s"
            " ON s.id = a.parent_id AND s.book_id = a.book_id AND s.is_summary"
            " WHERE a.parent_id IS NOT NULL AND s.id IS NULL"
        ),
    ),
    (
        "2 account {} expires, but is no lot",
        "SELECT id FROM ledger_account WHERE expires_on IS NOT NULL AND parent_id IS NULL",
    ),
    (
        "9 book {} forgets its policy, or has none",
        (
            "SELECT b.id FROM ledger_book b WHERE b.has_policy <>"
            " EXISTS (SELECT 1 FROM ledger_policy y WHERE y.book_id = b.id)"
        ),
    ),
    (
        "9 proposal {} is open and resolved, or neither",
        (
            "SELECT id FROM ledger_proposal WHERE (state = 'open') <> (resolved_at IS NULL)"
            " OR state <> 'posted' AND (policy_id IS NOT NULL OR transaction_id IS NOT NULL)"
        ),
    ),
    (
        "9 policy {} is a tier of no policy before it",
        (
            "SELECT y.id FROM ledger_policy y LEFT JOIN ledger_policy f ON f.id = y.first_id"
            " AND f.book_id = y.book_id AND f.purpose = y.purpose AND f.valid_from = y.valid_from"
            " AND f.id < y.id AND f.above < y.above WHERE y.first_id IS NOT NULL AND f.id IS NULL"
        ),
    ),
    (
        "10 voucher {} belongs to no transaction and no proposal, or to both",
        (
            "SELECT v.id FROM ledger_voucher v"
            " LEFT JOIN ledger_transaction t ON t.id = v.transaction_id"
            " AND t.community_id = v.community_id"
            " LEFT JOIN ledger_proposal p ON p.id = v.proposal_id"
            " AND p.community_id = v.community_id"
            " WHERE (t.id IS NULL) = (p.id IS NULL)"
        ),
    ),
)


_BATCH = 5_000
_BOOKED = """
SELECT e.holder_id, e.sequence, t.id, e.booked_on, t.recorded_at FROM ledger_entry e
JOIN ledger_transaction t ON t.id = e.transaction_id
WHERE NOT e.is_pending AND (e.holder_id > ? OR e.holder_id = ? AND e.sequence > ?)
ORDER BY e.holder_id, e.sequence LIMIT ?
"""


def unreadable(session: Session) -> list[str]:
    """List rows with a word or a unit that means nothing: nothing else can be read then."""
    at = db.statements(session)
    found = []
    for name, table, column, words in _WORDS:
        allowed = ", ".join(f"'{word.value}'" for word in words)
        sql = f"SELECT id, {column} FROM {table} WHERE {column} NOT IN ({allowed})"  # noqa: S608
        found += [f"0 {name} {row[0]} is a {row[1]!r}, which there is not" for row in at.all(sql)]
    units = at.all("SELECT code, scale FROM ledger_unit ORDER BY code")
    found += [
        f"0 unit {code} has scale {scale}" for code, scale in units if UNITS.get(code) != scale
    ]
    sql = (
        "SELECT DISTINCT a.unit FROM ledger_account a LEFT JOIN ledger_unit u ON u.code = a.unit"
        " WHERE u.code IS NULL ORDER BY a.unit"
    )
    return found + [f"0 unit {row[0]} of accounts is missing" for row in at.all(sql)]


def problems(session: Session) -> list[str]:
    """List what does not hold."""
    at = db.statements(session)
    found = [sentence.format(*row) for sentence, sql in _QUERIES for row in at.all(sql)]
    return [*found, *_periods(session), *_booked(session), *_pending(session)]


def _periods(session: Session) -> list[str]:
    """Find periods that do not begin the day after the one before them."""
    at = db.statements(session)
    found = []
    before: dict[int, int] = {}
    sql = "SELECT id, book_id, starts_on, ends_on FROM ledger_period ORDER BY book_id, ends_on, id"
    for period_id, book_id, starts_on, ends_on in at.all(sql):
        last = before.get(book_id)
        if (starts_on is None) != (last is None) or (
            last is not None and not _follows(last, starts_on)
        ):
            found.append(f"8 period {period_id} does not begin the day after the one before")
        before[book_id] = ends_on
    return found


def _pending(session: Session) -> Iterator[str]:
    """Find pending entries not booked on the day they were recorded."""
    rows = db.statements(session).all(
        "SELECT e.line, t.id, e.booked_on, t.recorded_at FROM ledger_entry e"
        " JOIN ledger_transaction t ON t.id = e.transaction_id WHERE e.is_pending ORDER BY t.id"
    )
    for line, transaction_id, booked_on, recorded_at in rows:
        if booked_on != clock.day_number(clock.day_of(clock.from_micros(recorded_at))):
            yield f"4 line {line} of transaction {transaction_id} is booked on another day"


def _booked(session: Session) -> Iterator[str]:
    """Find entries not booked on the day they were recorded, or the statement's last if later."""
    at = db.statements(session)
    before: dict[int, int] = {}
    start = (-1, -1)
    while rows := at.all(_BOOKED, (start[0], start[0], start[1], _BATCH)):
        for holder_id, sequence, transaction_id, booked_on, recorded_at in rows:
            day = clock.day_number(clock.day_of(clock.from_micros(recorded_at)))
            expected = max(day, before.get(holder_id, 0))
            if booked_on != expected:
                where = f"{sequence} of account {holder_id} (transaction {transaction_id})"
                yield f"4 entry {where} is booked on {booked_on}, not {expected}"
            before = {holder_id: booked_on}
            start = (holder_id, sequence)


def _follows(last: int, first: int) -> bool:
    """Tell whether a day number can be the day after another; months have 28 to 31 days."""
    if first == last + 1:
        return first % 100 <= 31
    year, month = divmod(last // 100, 100)
    following = (year * 100 + month + 1) if month < 12 else (year + 1) * 100 + 1
    return first == following * 100 + 1 and 28 <= last % 100 <= 31
