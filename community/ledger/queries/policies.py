"""Which approvals a book asks for on a day."""

from __future__ import annotations

from dataclasses import dataclass

from community.kernel import clock
from community.kernel.db import Statements

_IN_FORCE = """
SELECT id, above, keys, role FROM ledger_policy
WHERE community_id = ? AND book_id = ? AND purpose = ? AND valid_from <= ?
ORDER BY valid_from DESC, id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class PolicyInForce:
    """How many people of which role must approve."""

    policy_id: int
    keys: int
    role: str


def policy_for(
    at: Statements, community_id: int, book_id: int, purpose: str, amount: int
) -> PolicyInForce | None:
    """Find the policy that an amount for a purpose must meet today; None when it needs no key.

    A purpose's own row goes before the book's row for every purpose.
    """
    today = clock.day_number(clock.today())
    for asked in dict.fromkeys((purpose, "")):
        row = at.one(_IN_FORCE, (community_id, book_id, asked, today))
        if row is not None:
            return PolicyInForce(row[0], row[2], row[3]) if amount > row[1] else None
    return None
