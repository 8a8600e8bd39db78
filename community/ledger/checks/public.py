"""What the public log was told against the books: nothing left out, nothing told otherwise."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy.orm import Session

from community import transparency
from community.kernel import clock, db
from community.kernel.db import Statements
from community.ledger.rules import BookKind, canonical, exact_lines, public_group, public_lines

_PUBLIC = ", ".join(f"'{kind.value}'" for kind in BookKind if kind.is_public)
_IN_PUBLIC_BOOKS = f"IN (SELECT id FROM ledger_book WHERE kind IN ({_PUBLIC}))"  # noqa: S608
_TRANSACTIONS = f"""
SELECT id, book_id, kind, purpose, source, effective_on, recorded_at, reverses, resolves, expires_at
FROM ledger_transaction WHERE community_id = ? AND book_id {_IN_PUBLIC_BOOKS} ORDER BY id
"""  # noqa: S608  an enum's values


def problems(session: Session) -> list[str]:
    """List what does not hold."""
    at = db.statements(session)
    found = _accounts(at)
    for row in at.all("SELECT id FROM community ORDER BY id"):
        found += _transactions(session, at, row[0])
        found += _others(session, at, row[0])
    return found


def _accounts(at: Statements) -> list[str]:
    """Find accounts that the log names otherwise than their book and owner ask."""
    rows = at.all(
        "SELECT a.id, a.path, a.owner, a.is_summary, a.public_as, b.kind, g.path"
        " FROM ledger_account a JOIN ledger_book b ON b.id = a.book_id"
        " LEFT JOIN ledger_public_group g ON g.id = -a.public_as AND g.book_id = a.book_id"
        " ORDER BY a.id"
    )
    found = []
    for account_id, path, owner, is_summary, public_as, kind, group in rows:
        is_told = BookKind(kind).is_public and not is_summary
        asked = public_group(path, owner) if is_told else ""
        if (public_as is not None, group or "", public_as == 0) != (
            is_told,
            asked,
            is_told and not asked,
        ):
            found.append(f"11 account {account_id} is told in public as {public_as}")
    return found


def _transactions(session: Session, at: Statements, community_id: int) -> list[str]:
    """Find public transactions without their one record, and records that say otherwise."""
    told: dict[int, dict[str, Any]] = {}
    found = []
    for record in transparency.records_of(session, community_id, "ledger.transaction"):
        if record.ref is None or record.ref in told:
            found.append(f"11 transaction {record.ref} has more than one public record")
        else:
            told[record.ref] = record.fields
    exact = _exact_lines(at, community_id)
    groups = dict(
        at.all(
            "SELECT id, public_as FROM ledger_account WHERE community_id = ?"
            " AND public_as IS NOT NULL",
            (community_id,),
        )
    )
    for row in at.all(_TRANSACTIONS, (community_id,)):
        said = told.pop(row[0], None)
        if said is None:
            found.append(f"11 transaction {row[0]} has no public record")
        elif not _agrees(community_id, row, said, exact.get(row[0], {}), groups):
            found.append(f"11 the public record of transaction {row[0]} says otherwise")
    return found + [f"11 the public record of transaction {key} has none" for key in sorted(told)]


def _exact_lines(at: Statements, community_id: int) -> dict[int, dict[int, list[int]]]:
    exact: dict[int, dict[int, list[int]]] = {}
    rows = at.all(
        "SELECT e.transaction_id, e.account_id, e.is_pending, e.amount FROM ledger_entry e"
        " JOIN ledger_account a ON a.id = e.account_id AND a.public_as IS NOT NULL"
        " WHERE e.community_id = ?",
        (community_id,),
    )
    for transaction_id, account_id, is_pending, amount in rows:
        sums = exact.setdefault(transaction_id, {}).setdefault(account_id, [0, 0])
        sums[1 if is_pending else 0] += amount
    return exact


def _agrees(
    community_id: int,
    row: tuple[Any, ...],
    said: dict[str, Any],
    exact: dict[int, list[int]],
    groups: dict[int, int],
) -> bool:
    names = ("transaction", "book", "act", "purpose", "source", "effective_on", "recorded_at")
    facts = dict(zip((*names, "reverses", "resolves", "expires_at"), row, strict=True))
    facts["effective_on"] = clock.from_day_number(row[5]).isoformat()
    if any(said.get(name, "") != value for name, value in facts.items()):
        return False
    lines, is_whole = public_lines(exact, {key: groups.get(key, 0) for key in exact})
    if canonical(said["lines"]) != lines or is_whole != ("detail" not in said):
        return False
    name = f"ledger.transaction:{row[0]}"
    return is_whole or said["detail"] == transparency.hide_bytes(
        community_id, name, exact_lines(exact)
    )


_VOUCHERS = f"""
SELECT v.id, v.sha256, v.redacted_sha256, v.title FROM ledger_voucher v
LEFT JOIN ledger_transaction t ON t.id = v.transaction_id
LEFT JOIN ledger_proposal p ON p.id = v.proposal_id
WHERE v.community_id = ? AND COALESCE(t.book_id, p.book_id) {_IN_PUBLIC_BOOKS}
"""  # noqa: S608  an enum's values
_POLICIES = f"""
SELECT id, purpose, above, keys, role, book_id FROM ledger_policy
WHERE community_id = ? AND book_id {_IN_PUBLIC_BOOKS}
"""  # noqa: S608  as above
_PROPOSALS = f"""
SELECT id, book_id FROM ledger_proposal WHERE community_id = ? AND book_id {_IN_PUBLIC_BOOKS}
"""  # noqa: S608  as above
_APPROVALS = f"""
SELECT a.proposal_id, a.role FROM ledger_approval a JOIN ledger_proposal p ON p.id = a.proposal_id
WHERE a.community_id = ? AND p.book_id {_IN_PUBLIC_BOOKS}
"""  # noqa: S608  as above
# Rows of other tables, and what their records repeat of them.
_OTHERS = {
    "ledger.voucher": (_VOUCHERS, ("voucher", "sha256", "redacted_sha256", "title")),
    "ledger.policy": (_POLICIES, ("policy", "purpose", "above", "keys", "role", "book")),
    "ledger.proposal": (_PROPOSALS, ("proposal", "book")),
    "ledger.approval": (_APPROVALS, ("proposal", "role")),
}


def _others(session: Session, at: Statements, community_id: int) -> list[str]:
    """Find vouchers, policies, proposals and approvals that were not told, or told otherwise."""
    found = []
    for kind, (sql, names) in _OTHERS.items():
        kept = Counter(at.all(sql, (community_id,)))
        told = Counter(
            tuple(record.fields.get(name) for name in names)
            for record in transparency.records_of(session, community_id, kind)
        )
        missing, strange = sorted(kept - told, key=str), sorted(told - kept, key=str)
        found += [f"11 {kind} {row[0]} was not told as it is" for row in missing]
        found += [f"11 {kind} {row[0]} was told and is none" for row in strange]
    return found
