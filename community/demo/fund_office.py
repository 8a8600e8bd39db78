"""The people who keep the fund in the demo."""

from __future__ import annotations

from dataclasses import dataclass

from community.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Office:
    """Who acts for the fund."""

    actor: Actor
    staff: int
    firm: int
    committee: int
    second_committee: int
    fund_id: int
    bank_account_id: int
