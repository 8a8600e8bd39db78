"""What the books tell the public log: everything of a public book, in the act's own transaction.

Accounts of residents are not told one by one: somebody could follow a household's payments, or
know it by its area. Their lines are added up by group, and a salted hash of the exact lines
stands beside them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from community import transparency
from community.kernel import db
from community.kernel.actor import Actor
from community.kernel.db import Statements
from community.kernel.errors import N_
from community.ledger.rules import (
    Agreement,
    BookKind,
    Bound,
    Facts,
    PolicyChange,
    Posting,
    Proposed,
    Reversal,
    Settlement,
    Tier,
    exact_lines,
    number,
    public_lines,
)
from community.ledger.service.held import Held, Movement

TRANSACTION = "ledger.transaction"
transparency.name_kinds(
    {
        "ledger.book": N_("新账本"),
        "ledger.account": N_("新账户"),
        "ledger.limits": N_("账户上下限变动"),
        TRANSACTION: N_("记账"),
        "ledger.policy": N_("审批规则"),
        "ledger.proposal": N_("提出申请"),
        "ledger.approval": N_("批准"),
        "ledger.rejection": N_("驳回"),
        "ledger.withdrawal": N_("撤回申请"),
        "ledger.carried_out": N_("申请执行"),
        "ledger.voucher": N_("凭证"),
        "ledger.redaction": N_("凭证撤下"),
        "ledger.period": N_("结账"),
    }
)
# A period's balances are told in parts of so many accounts, so that a record stays under 64 KiB.
MOST_BALANCES = 1_000
_WORDS = {
    Posting: "posting",
    Settlement: "settlement",
    Reversal: "reversal",
    PolicyChange: "policy",
    Agreement: "agreement",
}


def publish(
    at: Statements, community_id: int, book_id: int, kind: str, fields: Mapping[str, object]
) -> None:
    """Tell the log an act on a book, if the book is public."""
    if is_public(at, book_id):
        transparency.publish(at, community_id, kind, {"book": book_id, **fields})


def is_public(at: Statements, book_id: int) -> bool:
    """Tell whether a book is one whose every act becomes a public record."""
    row = at.one("SELECT kind FROM ledger_book WHERE id = ?", (book_id,))
    return row is not None and BookKind(row[0]).is_public


def group_number(at: Statements, community_id: int, book_id: int, path: str) -> tuple[int, bool]:
    """Give the number under which a group of residents' accounts is told, and if it is new."""
    made = at.insert(
        "INSERT INTO ledger_public_group (community_id, book_id, path) VALUES (?, ?, ?)"
        " ON CONFLICT (community_id, book_id, path) DO NOTHING",
        (community_id, book_id, path),
    )
    if made is not None:
        return -made, True
    row = at.one(
        "SELECT id FROM ledger_public_group WHERE community_id = ? AND book_id = ? AND path = ?",
        (community_id, book_id, path),
    )
    assert row is not None
    return -int(row[0]), False


def publish_transaction(
    at: Statements,
    community_id: int,
    transaction_id: int,
    book_id: int,
    facts: Facts,
    sealed: bytes,
    movements: Sequence[Movement],
    held: Mapping[int, Held],
) -> None:
    """Tell a transaction of a public book, put together by hand: this is the hot path.

    `sealed` is what the books keep of it: what both say in the same words is taken from there.
    """
    lines, exact = _two_lines(movements, held) if len(movements) == 2 else _many(movements, held)
    detail = ""
    if exact:
        name = f"ledger.transaction:{transaction_id}"
        detail = f'"detail":"{transparency.hide_bytes(community_id, name, exact.encode())}",'
    said = sealed.decode()
    days = said[said.index('"effective_on":') : said.index('"key":')]
    # No text can hold these words with their quotes: inside a text, JSON escapes each quote.
    why = said[said.index('"purpose":') : -1]
    content = (
        f'{{"act":"{facts.kind}","at":{facts.recorded_at},"book":{book_id},'
        f'"community":{community_id},{detail}{days}"kind":"ledger.transaction","lines":{lines},'
        f'"proposal":{number(facts.proposal_id)},{why},"transaction":{transaction_id}}}'
    )
    transparency.publish_bytes(at, community_id, TRANSACTION, content.encode(), transaction_id)


def _two_lines(movements: Sequence[Movement], held: Mapping[int, Held]) -> tuple[str, str]:
    """Write the public lines of two movements, and the exact ones where these are hidden.

    The same as `_many`, without its dictionaries: nearly every posting has two lines.
    """
    first, second = movements
    if first.account_id > second.account_id:
        first, second = second, first
    one, other = first.account_id, second.account_id
    group, other_group = held[one].public_as, held[other].public_as
    if one == other or (group and other_group):
        return _many(movements, held)
    left = f"{first.posted},{first.pending - first.undone}]"
    right = f"{second.posted},{second.pending - second.undone}]"
    exact = f"[[{one},{left},[{other},{right}]"
    if group:
        return f"[[{group},{left},[{other},{right}]", exact
    if other_group:
        # A group's number is negative, so it stands first.
        return f"[[{other_group},{right},[{one},{left}]", exact
    return exact, ""


def _many(movements: Sequence[Movement], held: Mapping[int, Held]) -> tuple[str, str]:
    """Write the public lines of any movements, and the exact ones where these are hidden."""
    exact = _exact(movements)
    lines, is_whole = public_lines(exact, {key: held[key].public_as or 0 for key in exact})
    return lines.decode(), "" if is_whole else exact_lines(exact).decode()


def _exact(movements: Sequence[Movement]) -> dict[int, list[int]]:
    """Add up what each account was moved by, posted and pending."""
    exact: dict[int, list[int]] = {}
    for each in movements:
        sums = exact.setdefault(each.account_id, [0, 0])
        sums[0] += each.posted
        sums[1] += each.pending - each.undone
    return exact


def publish_period(
    at: Statements, community_id: int, book_id: int, period_id: int, told: Mapping[str, object]
) -> None:
    """Tell how far a period is closed, with the balances at its close once they are fixed."""
    if not is_public(at, book_id):
        return
    rows = at.all(
        "SELECT a.id, a.public_as, b.balance FROM ledger_period_balance b"
        " JOIN ledger_account a ON a.id = b.account_id"
        " WHERE b.community_id = ? AND b.period_id = ? ORDER BY a.id",
        (community_id, period_id),
    )
    sums: dict[int, int] = {}
    for account_id, public_as, balance in rows:
        key = public_as or account_id
        sums[key] = sums.get(key, 0) + balance
    balances = [[key, balance] for key, balance in sums.items() if balance]
    parts = [
        balances[start : start + MOST_BALANCES] for start in range(0, len(balances), MOST_BALANCES)
    ] or [[]]
    for place, part in enumerate(parts, start=1):
        fields = {"book": book_id, "period": period_id, "part": place, "parts": len(parts)}
        transparency.publish(
            at, community_id, "ledger.period", {**fields, **told, "balances": part}
        )


def publish_proposal(
    session: Session, actor: Actor, book_id: int, proposal_id: int, content: Proposed, hashed: bytes
) -> None:
    """Tell that something was proposed, by the hash of its whole content."""
    at = db.statements(session)
    if is_public(at, book_id):
        plain = content.content if isinstance(content, Bound) else content
        fields = {
            "proposal": proposal_id,
            "content_hash": hashed.hex(),
            "proposed": _WORDS[type(plain)],
            "purpose": plain.purpose if isinstance(plain, Posting | Agreement) else None,
            "author": _hide_person(session, actor, proposal_id),
        }
        publish(at, actor.community_id, book_id, "ledger.proposal", fields)


def publish_approval(
    session: Session, actor: Actor, book_id: int, proposal_id: int, role: str, hashed: bytes
) -> None:
    """Tell that somebody turned a key on a content."""
    at = db.statements(session)
    if is_public(at, book_id):
        fields = {
            "proposal": proposal_id,
            "content_hash": hashed.hex(),
            "role": role,
            "person": _hide_person(session, actor, proposal_id),
        }
        publish(at, actor.community_id, book_id, "ledger.approval", fields)


def publish_policy(
    at: Statements,
    actor: Actor,
    change: PolicyChange,
    step: Tier,
    policy_id: int,
    starts: date,
    proposal_id: int | None,
    first_id: int | None,
) -> None:
    """Tell who must approve what from a day on; a tier names the policy it belongs to."""
    fields = {
        "policy": policy_id,
        "purpose": change.purpose,
        "above": step.above,
        "keys": step.keys,
        "role": change.role,
        "valid_from": starts.isoformat(),
        "proposal": proposal_id,
        "first": first_id,
    }
    publish(at, actor.community_id, change.book_id, "ledger.policy", fields)


def _hide_person(session: Session, actor: Actor, proposal_id: int) -> str | None:
    """Hide who acts on a proposal: equal within it alone, so that two keys are seen to be two."""
    if actor.person_id is None:
        return None
    value = f"proposal:{proposal_id}|person:{actor.person_id}"
    return transparency.hide(session, actor.community_id, value)
