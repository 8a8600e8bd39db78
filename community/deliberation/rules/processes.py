"""四议两公开: six steps in order, each with its attendance and result; thresholds are data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from community.deliberation.errors.processes import (
    CountsUnclear,
    StepSkipped,
    TooFewAttend,
)
from community.kernel.errors import N_


class Step(StrEnum):
    """One of the six steps."""

    PROPOSE = "propose"
    CONSULT = "consult"
    REVIEW = "review"
    RESOLVE = "resolve"
    POST_DECISION = "post_decision"
    POST_RESULT = "post_result"


ORDER = tuple(Step)
STEP_TITLES: dict[Step, str] = {
    Step.PROPOSE: N_("党组织提议"),
    Step.CONSULT: N_("两委会商议"),
    Step.REVIEW: N_("党员大会审议"),
    Step.RESOLVE: N_("居民会议或居民代表会议决议"),
    Step.POST_DECISION: N_("决议公开"),
    Step.POST_RESULT: N_("实施结果公开"),
}
# The same in two characters or four, for the line of stations.
STATION_TITLES: dict[Step, str] = {
    Step.PROPOSE: N_("提议"),
    Step.CONSULT: N_("商议"),
    Step.REVIEW: N_("审议"),
    Step.RESOLVE: N_("决议"),
    Step.POST_DECISION: N_("决议公开"),
    Step.POST_RESULT: N_("结果公开"),
}
# Steps at which people meet and vote; the two postings have a period instead.
MEETING_STEPS = frozenset({Step.PROPOSE, Step.CONSULT, Step.REVIEW, Step.RESOLVE})


class ProcessState(StrEnum):
    """Where a process stands."""

    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"


PROCESS_TITLES: dict[ProcessState, str] = {
    ProcessState.RUNNING: N_("进行中"),
    ProcessState.STOPPED: N_("没有通过，已停止"),
    ProcessState.DONE: N_("已走完六步"),
}
PROCESS_STEPS: Mapping[ProcessState, frozenset[ProcessState]] = {
    ProcessState.RUNNING: frozenset({ProcessState.STOPPED, ProcessState.DONE}),
    ProcessState.STOPPED: frozenset(),
    ProcessState.DONE: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Shares a process is held to: attendance (the figure included) and yes of those present."""

    review_num: int = 2
    review_den: int = 3
    attend_num: int = 1
    attend_den: int = 2
    passing_num: int = 1
    passing_den: int = 2
    posting_days: int = 5
    # The revised laws on residents' and villagers' committees hold since 2026-01-01.
    legal_basis: str = "当地四议两公开工作办法（比例请按当地文件核对）"


@dataclass(frozen=True, slots=True)
class StepCount:
    """How many should have come (应到), came (实到), and agreed."""

    expected: int
    present: int
    yes: int


def next_step(done: int) -> Step | None:
    """Tell which step follows after `done` steps; None when all are done."""
    return ORDER[done] if done < len(ORDER) else None


def check_order(step: Step, done: int) -> None:
    """Refuse a step out of its turn.

    Raises: StepSkipped.
    """
    if next_step(done) is not step:
        raise StepSkipped


def attendance_share(step: Step, thresholds: Thresholds) -> tuple[int, int]:
    """Tell the share that must attend a step."""
    if step is Step.REVIEW:
        return thresholds.review_num, thresholds.review_den
    if step is Step.RESOLVE:
        return thresholds.attend_num, thresholds.attend_den
    return 0, 1


def check_counts(step: Step, thresholds: Thresholds, count: StepCount) -> None:
    """Refuse impossible counts, and a step that too few attended.

    Raises: CountsUnclear, TooFewAttend.
    """
    if not 0 < count.present <= count.expected or not 0 <= count.yes <= count.present:
        raise CountsUnclear
    part, whole = attendance_share(step, thresholds)
    if count.present * whole < count.expected * part:
        needed = -(-count.expected * part // whole)
        raise TooFewAttend(present=count.present, expected=count.expected, needed=needed)


def is_step_passed(thresholds: Thresholds, count: StepCount) -> bool:
    """Tell whether more than the share of those present agreed."""
    return count.yes * thresholds.passing_den > count.present * thresholds.passing_num
