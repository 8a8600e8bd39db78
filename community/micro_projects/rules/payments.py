"""A payment's states, maker and checker, and the contract as its ceiling."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from community.kernel.errors import N_
from community.micro_projects.errors.payments import AboveContract, MakerChecks, NotAccepted
from community.micro_projects.rules.contracts import write_yuan
from community.micro_projects.rules.milestones import MilestoneState


class PaymentState(StrEnum):
    """Where a payment stands."""

    PREPARED = "prepared"
    PAID = "paid"
    RETURNED = "returned"


_P = PaymentState
STEPS: Mapping[PaymentState, frozenset[PaymentState]] = {
    _P.PREPARED: frozenset({_P.PAID, _P.RETURNED}),
    _P.PAID: frozenset(),
    _P.RETURNED: frozenset(),
}
TITLES = {_P.PREPARED: N_("待复核"), _P.PAID: N_("已付"), _P.RETURNED: N_("复核退回")}


class ClawBackState(StrEnum):
    """What became of money asked back."""

    OPEN = "open"
    RECEIVED = "received"
    WAIVED = "waived"


CLAW_BACKS = {
    ClawBackState.OPEN: N_("等退回"),
    ClawBackState.RECEIVED: N_("已退回"),
    ClawBackState.WAIVED: N_("不再追回"),
}


def check_payable(state: MilestoneState, amount_fen: int, paid_fen: int, contract_fen: int) -> None:
    """Refuse money before acceptance, and more than the contract.

    Raises: NotAccepted, AboveContract.
    """
    if state is not MilestoneState.ACCEPTED:
        raise NotAccepted
    if paid_fen + amount_fen > contract_fen:
        raise AboveContract(sum=write_yuan(paid_fen + amount_fen), amount=write_yuan(contract_fen))


def check_checker(maker_id: int | None, checker_id: int | None) -> None:
    """Refuse one person in both parts.

    Raises: MakerChecks.
    """
    if checker_id is None or checker_id == maker_id:
        raise MakerChecks
