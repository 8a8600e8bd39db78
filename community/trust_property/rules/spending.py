"""A spending request's states and the one table of steps between them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from community.kernel.errors import N_


class RequestState(StrEnum):
    """Where a spending request stands."""

    ASKED = "asked"
    APPROVED = "approved"
    PAID = "paid"
    DONE = "done"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Ratification(StrEnum):
    """What the committee said afterwards to an emergency."""

    NONE = "none"
    WAITING = "waiting"
    RATIFIED = "ratified"
    REFUSED = "refused"


class PaperKind(StrEnum):
    """What a paper of a request is."""

    QUOTE = "quote"
    VOUCHER = "voucher"


_S = RequestState
STEPS: Mapping[RequestState, frozenset[RequestState]] = {
    # Asked again is an edit: the approvals given so far fall away.
    _S.ASKED: frozenset({_S.APPROVED, _S.REJECTED, _S.WITHDRAWN, _S.EXPIRED, _S.RETURNED}),
    _S.APPROVED: frozenset({_S.ASKED, _S.PAID, _S.WITHDRAWN}),
    _S.PAID: frozenset({_S.APPROVED, _S.DONE}),
    _S.DONE: frozenset({_S.APPROVED, _S.PAID}),
    _S.RETURNED: frozenset({_S.ASKED, _S.APPROVED, _S.WITHDRAWN, _S.EXPIRED}),
    _S.REJECTED: frozenset(),
    _S.WITHDRAWN: frozenset(),
    _S.EXPIRED: frozenset(),
}
# What may still be edited: nothing has left the bank.
EDITABLE = frozenset({_S.ASKED, _S.APPROVED, _S.RETURNED})
OPEN = frozenset({_S.ASKED, _S.APPROVED, _S.PAID, _S.RETURNED})

TITLES = {
    _S.ASKED: N_("等业委会批准"),
    _S.APPROVED: N_("已批准，待付款"),
    _S.PAID: N_("已付款，等银行对上"),
    _S.DONE: N_("已付清并与银行对上"),
    _S.RETURNED: N_("交接退回，待重新提交"),
    _S.REJECTED: N_("业委会退回"),
    _S.WITHDRAWN: N_("物业撤回"),
    _S.EXPIRED: N_("过期失效"),
}
# The stations a page draws: the way every request hopes to go.
WAY = (_S.ASKED, _S.APPROVED, _S.PAID, _S.DONE)


def may_step(old: RequestState, new: RequestState) -> bool:
    """Tell whether a request may go from one state to another."""
    return new in STEPS[old]


def steps_sql() -> str:
    """Write the table of steps as the condition under which a database refuses a change."""
    allowed = " OR ".join(
        f"(OLD.state = '{old.value}' AND NEW.state = '{new.value}')"
        for old, news in STEPS.items()
        for new in sorted(news)
    )
    return f"NOT (OLD.state = NEW.state OR {allowed})"
