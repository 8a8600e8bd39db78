"""A contract's states and steps, and the plan of its milestones, on plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from community import ledger
from community.kernel import clock
from community.kernel.errors import N_
from community.micro_projects.errors.contracts import (
    AmountsUneven,
    AwardNotReady,
    DatesReversed,
    InstalmentEmpty,
    PlanOutOfOrder,
    SharesUneven,
    StandstillRunning,
)

WHOLE_BP = 10_000


class ContractState(StrEnum):
    """Where a contract stands; the first three and the fourth are OCDS's own words."""

    PENDING = "pending"
    ACTIVE = "active"
    CANCELLED = "cancelled"
    TERMINATED = "terminated"
    COMPLETE = "complete"


class Side(StrEnum):
    """The two sides of a contract."""

    COMMUNITY = "community"
    ORGANIZATION = "organization"


class ChangeState(StrEnum):
    """What became of a proposed change."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    # The contract ended before anybody decided.
    LAPSED = "lapsed"


_C = ContractState
STEPS: Mapping[ContractState, frozenset[ContractState]] = {
    _C.PENDING: frozenset({_C.ACTIVE, _C.CANCELLED}),
    _C.ACTIVE: frozenset({_C.TERMINATED, _C.COMPLETE}),
    _C.CANCELLED: frozenset(),
    _C.TERMINATED: frozenset(),
    _C.COMPLETE: frozenset(),
}
TITLES = {
    _C.PENDING: N_("待签字"),
    _C.ACTIVE: N_("履行中"),
    _C.CANCELLED: N_("未签作废"),
    _C.TERMINATED: N_("中途终止"),
    _C.COMPLETE: N_("已结项"),
}
SIDES = {Side.COMMUNITY: N_("甲方（社区）"), Side.ORGANIZATION: N_("乙方（承接机构）")}
CHANGES = {
    ChangeState.OPEN: N_("等批准"),
    ChangeState.APPROVED: N_("已批准"),
    ChangeState.REFUSED: N_("已退回"),
    ChangeState.LAPSED: N_("合同已结束，不再办理"),
}


@dataclass(frozen=True, slots=True)
class PlannedMilestone:
    """A milestone as it is planned: its share of the contract in basis points, and its last day."""

    title: str
    share_bp: int
    due_on: date
    criteria: str = ""


@dataclass(frozen=True, slots=True)
class Instalment:
    """A milestone with its exact money."""

    title: str
    share_bp: int
    amount_fen: int
    due_on: date
    criteria: str = ""


@dataclass(frozen=True, slots=True)
class ContractableAward:
    """An award as a contract needs it: does it stand, until when it stands still, who objects."""

    id: int
    project_id: int
    tender_id: int | None
    organization_id: int
    amount_fen: int
    is_active: bool
    standstill_until: datetime | None
    open_complaints: int


def check_signable(award: ContractableAward, at: datetime) -> None:
    """Refuse a contract before the standstill has passed, or while an objection is open.

    Raises: StandstillRunning, AwardNotReady.
    """
    if award.standstill_until is not None and at < award.standstill_until:
        until = clock.day_of(award.standstill_until)
        raise StandstillRunning(until=until.isoformat())
    if not award.is_active or award.open_complaints:
        raise AwardNotReady


def may_step(old: ContractState, new: ContractState) -> bool:
    """Tell whether a contract may go from one state to another."""
    return new in STEPS[old]


def plan_instalments(
    amount_fen: int, plan: Sequence[PlannedMilestone], starts_on: date, ends_on: date
) -> tuple[Instalment, ...]:
    """Give each milestone its exact fen: shares make 100.00 %, parts make the whole.

    What rounding leaves goes, a fen each, to the largest remainders, the earlier first.
    Raises: DatesReversed, SharesUneven, PlanOutOfOrder, InstalmentEmpty.
    """
    total = sum(each.share_bp for each in plan)
    if total != WHOLE_BP:
        raise SharesUneven(sum=write_share(total))
    check_days([(each.title, each.due_on) for each in plan], starts_on, ends_on)
    amounts = ledger.allocate(amount_fen, [each.share_bp for each in plan])
    made = tuple(
        Instalment(each.title, each.share_bp, amount, each.due_on, each.criteria)
        for each, amount in zip(plan, amounts, strict=True)
    )
    for each in made:
        if each.amount_fen <= 0:
            raise InstalmentEmpty(title=each.title)
    return made


def shares_of(amounts: Sequence[int]) -> tuple[int, ...]:
    """Give the shares of changed amounts, so that they make 100.00 % again."""
    return ledger.allocate(WHOLE_BP, amounts)


def check_amounts(amount_fen: int, amounts: Sequence[tuple[str, int]]) -> None:
    """Refuse a changed plan whose money is not exactly the contract's.

    Raises: AmountsUneven, InstalmentEmpty.
    """
    for title, amount in amounts:
        if amount <= 0:
            raise InstalmentEmpty(title=title)
    total = sum(amount for _, amount in amounts)
    if total != amount_fen:
        raise AmountsUneven(sum=write_yuan(total), amount=write_yuan(amount_fen))


def check_days(days: Sequence[tuple[str, date]], starts_on: date, ends_on: date) -> None:
    """Refuse due days outside the contract or out of their order.

    Raises: DatesReversed, PlanOutOfOrder.
    """
    if ends_on < starts_on:
        raise DatesReversed
    before = starts_on
    for title, due_on in days:
        if not before <= due_on <= ends_on:
            raise PlanOutOfOrder(title=title)
        before = due_on


def write_share(share_bp: int) -> str:
    """Write basis points as a percentage with two decimals."""
    return f"{share_bp // 100}.{share_bp % 100:02d}"


def write_yuan(fen: int) -> str:
    """Write an amount for a sentence."""
    return f"{fen // 100:,}.{fen % 100:02d}"
