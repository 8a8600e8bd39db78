"""Instalments to the exact fen, days in their order, and the plan as an officer types it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from community.micro_projects.errors.contracts import (
    AmountsUneven,
    AwardNotReady,
    DatesReversed,
    InstalmentEmpty,
    PlanOutOfOrder,
    PlanUnclear,
    SharesUneven,
    StandstillRunning,
)
from community.micro_projects.errors.payments import AboveContract, NotAccepted
from community.micro_projects.rules.closing import PRESET, YearEndWay, year_end_way
from community.micro_projects.rules.contracts import (
    ContractableAward,
    ContractState,
    PlannedMilestone,
    check_amounts,
    check_signable,
    may_step,
    plan_instalments,
    shares_of,
)
from community.micro_projects.rules.milestones import MilestoneState, is_overdue
from community.micro_projects.rules.payments import check_payable
from community.micro_projects.rules.plans import (
    read_changed_plan,
    read_plan,
    usual_plan,
    write_changed_plan,
)
from community.micro_projects.rules.projects import ProjectKind
from community.micro_projects.rules.surveys import Satisfaction, count_answers, is_open

pytestmark = pytest.mark.once

FROM, UNTIL = date(2026, 12, 1), date(2027, 2, 28)
NOON = datetime(2026, 11, 22, 2, tzinfo=UTC)


def plan(*shares: int) -> tuple[PlannedMilestone, ...]:
    return tuple(
        PlannedMilestone(f"节点 {number}", share, FROM + timedelta(days=number))
        for number, share in enumerate(shares)
    )


def amounts(total: int, *shares: int) -> list[int]:
    return [each.amount_fen for each in plan_instalments(total, plan(*shares), FROM, UNTIL)]


def test_a_hundred_yuan_in_thirds_leaves_nothing() -> None:
    assert amounts(100_00, 3_333, 3_333, 3_334) == [33_33, 33_33, 33_34]


@pytest.mark.parametrize("total", [1_00, 99_99, 8_000_00, 123_456_77, 999_999_99])
def test_instalments_always_make_the_whole(total: int) -> None:
    found = amounts(total, 3_333, 3_333, 3_334)
    assert sum(found) == total
    assert max(found) - min(found) <= total // 10_000 + 1


def test_shares_that_do_not_make_the_whole_are_refused() -> None:
    for shares in ((3_333, 3_333, 3_333), (5_000, 5_001), (9_999,)):
        with pytest.raises(SharesUneven):
            amounts(100_00, *shares)


def test_an_instalment_of_nothing_is_refused() -> None:
    with pytest.raises(InstalmentEmpty):
        amounts(1, 5_000, 5_000)
    assert amounts(2, 5_000, 5_000) == [1, 1]


def test_days_stay_inside_the_contract_and_in_order() -> None:
    with pytest.raises(DatesReversed):
        plan_instalments(100, plan(10_000), UNTIL, FROM)
    for late in (
        (PlannedMilestone("晚", 10_000, UNTIL + timedelta(days=1)),),
        plan(5_000, 5_000)[::-1],
    ):
        with pytest.raises(PlanOutOfOrder):
            plan_instalments(100, late, FROM, UNTIL)
    plan_instalments(100, (PlannedMilestone("最后一天", 10_000, UNTIL),), FROM, UNTIL)


def test_changed_amounts_are_exact_and_their_shares_whole() -> None:
    check_amounts(100_00, [("一", 33_33), ("二", 66_67)])
    with pytest.raises(AmountsUneven):
        check_amounts(100_00, [("一", 33_33), ("二", 66_66)])
    assert sum(shares_of([33_33, 33_33, 33_34])) == 10_000


def test_a_plan_is_read_as_it_is_typed() -> None:
    found = read_plan(
        "方案确认｜33.33｜2026-12-10\n\n中期 | 33.33% | 2026-12-20\n"
        "竣工｜33.34｜2027-01-10｜扶手牢固"
    )
    assert [each.share_bp for each in found] == [3_333, 3_333, 3_334]
    assert found[2].criteria == "扶手牢固"
    for wrong in (
        "",
        "只有名称",
        "名称｜三成｜2026-12-10",
        "名称｜30｜12月10日",
        "｜30｜2026-12-10",
    ):
        with pytest.raises(PlanUnclear):
            read_plan(wrong)
    with pytest.raises(PlanUnclear) as refusal:
        read_plan("方案｜30｜2026-12-10\n后面｜七十｜2026-12-20")
    assert refusal.value.facts == {"line": 2}


@pytest.mark.parametrize("kind", list(ProjectKind))
def test_the_usual_plan_of_each_kind_can_be_used_as_it_is(kind: ProjectKind) -> None:
    made = plan_instalments(8_000_00, read_plan(usual_plan(kind, FROM, UNTIL)), FROM, UNTIL)
    assert sum(each.amount_fen for each in made) == 8_000_00
    assert made[-1].due_on == UNTIL


def test_a_changed_plan_is_written_as_it_is_read() -> None:
    rows = ((2, 1_234_56, FROM), (3, 10, UNTIL))
    assert read_changed_plan(write_changed_plan(rows)) == rows


def award(**facts: object) -> ContractableAward:
    given = {"is_active": True, "standstill_until": NOON, "open_complaints": 0, **facts}
    return ContractableAward(1, 1, None, 7, 100_00, **given)  # type: ignore[arg-type]


def test_no_contract_before_the_standstill_has_passed_or_while_somebody_objects() -> None:
    check_signable(award(), NOON)
    check_signable(award(standstill_until=None), NOON - timedelta(days=9))
    with pytest.raises(StandstillRunning):
        check_signable(award(), NOON - timedelta(microseconds=1))
    for facts in ({"open_complaints": 1}, {"is_active": False}):
        with pytest.raises(AwardNotReady):
            check_signable(award(**facts), NOON)


def test_a_contract_ends_once() -> None:
    assert may_step(ContractState.PENDING, ContractState.ACTIVE)
    assert not may_step(ContractState.PENDING, ContractState.COMPLETE)
    assert not may_step(ContractState.TERMINATED, ContractState.ACTIVE)


def test_the_last_day_is_not_late_and_what_waits_for_us_is_not_theirs() -> None:
    assert not is_overdue(MilestoneState.PLANNED, FROM, FROM)
    assert is_overdue(MilestoneState.PLANNED, FROM, FROM + timedelta(days=1))
    assert is_overdue(MilestoneState.RETURNED, FROM, FROM + timedelta(days=1))
    assert not is_overdue(MilestoneState.SUBMITTED, FROM, UNTIL)


def test_money_for_accepted_work_only_and_never_above_the_contract() -> None:
    check_payable(MilestoneState.ACCEPTED, 40, 60, 100)
    with pytest.raises(AboveContract):
        check_payable(MilestoneState.ACCEPTED, 41, 60, 100)
    with pytest.raises(NotAccepted):
        check_payable(MilestoneState.SUBMITTED, 1, 0, 100)


def test_few_answers_are_not_shown_as_a_percentage() -> None:
    four = [Satisfaction.GOOD] * 4
    assert count_answers(four, 5).content_bp is None
    assert count_answers(four, 5).counts == ()
    shown = count_answers([*four, Satisfaction.BAD], 5)
    assert (shown.content_bp, shown.counts) == (8_000, (0, 4, 0, 1, 0))
    assert count_answers([5, 5, 1], 3).content_bp == 6_667
    assert not count_answers([], 0).is_shown


def test_a_survey_is_open_from_its_first_instant_to_before_its_last() -> None:
    end = NOON + timedelta(days=3)
    assert is_open(NOON, end, NOON)
    assert is_open(NOON, end, end - timedelta(microseconds=1))
    assert not is_open(NOON, end, end)


def test_the_rule_set_says_what_carries_over() -> None:
    until = PRESET.carries_until(2026)
    assert until == date(2027, 6, 30)
    assert year_end_way(date(2027, 6, 30), until) is YearEndWay.CARRIED
    assert year_end_way(date(2027, 7, 1), until) is YearEndWay.LAPSED
    assert year_end_way(FROM, None) is YearEndWay.LAPSED
