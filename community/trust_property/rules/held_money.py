"""Money that is in the fund's hands and not its own: deposits, collections for others, the box."""

from __future__ import annotations

from enum import StrEnum

from community.kernel.errors import N_

MOST_FEN = 10**10


class DepositState(StrEnum):
    """Whether a deposit is held, was given back, or was kept for a damage."""

    HELD = "held"
    RETURNED = "returned"
    FORFEITED = "forfeited"


DEPOSIT_TITLES = {
    DepositState.HELD: N_("在押"),
    DepositState.RETURNED: N_("已退还"),
    DepositState.FORFEITED: N_("不予退还"),
}


def deposit_path(unit_id: int) -> str:
    """Name the account of a unit's deposits."""
    return f"deposit/unit/{unit_id}"


def agency_path(agency_id: int) -> str:
    """Name the account of what is collected for somebody else."""
    return f"agency/{agency_id}"


def receipt_number_shown(number: int) -> str:
    """Write the number of a deposit's receipt: a series beside that of the fees."""
    return f"D{number:06d}"
