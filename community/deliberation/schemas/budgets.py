"""What enters as a `.pb` file: an election to count, or projects for a vote of one's own."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Final

from community.deliberation.errors.budget_files import (
    UNREADABLE_BUDGETS,
    BudgetCostTooFine,
    BudgetFileTooLarge,
)
from community.deliberation.rules.polls import OptionDraft, RollKind, Secrecy, Turnout
from community.deliberation.service.polls import PollDraft
from community.deliberation.tallies import BudgetRule, Completion, PollKind
from community.deliberation.tallies.pabulib import BadFile, PbFile, read_pb
from community.kernel import clock
from community.kernel.errors import N_
from community.web.fields import OneOf, Shape

# A page answers at once; larger elections are counted at the terminal.
MOST_BYTES: Final = 4 << 20
OPENS_AT: Final = 9
DAYS: Final = 7


class BudgetFileForm(Shape):
    """How to count an uploaded election."""

    rule = OneOf(BudgetRule, load_default=BudgetRule.EQUAL_SHARES)
    completion = OneOf(Completion, load_default=Completion.ADD1)


def take_in_budget(content: bytes) -> PbFile:
    """Read an uploaded `.pb` file. Raises: one of the refusals of `errors.budget_files`."""
    if len(content) > MOST_BYTES:
        raise BudgetFileTooLarge
    try:
        return read_pb(content)
    except BadFile as problem:
        raise UNREADABLE_BUDGETS[problem.code](**problem.facts) from problem


def draft_of(file: PbFile, name: str) -> PollDraft:
    """Make a draft of a vote on a file's projects; its published votes are left out.

    Raises: BudgetCostTooFine.
    """
    opens_at = clock.at(clock.day_of(clock.now()) + timedelta(days=1), OPENS_AT)
    return PollDraft(
        kind=PollKind.BUDGET,
        title=(file.meta.get("description") or name)[:80],
        text=N_("请选出您希望用公共预算实施的项目。"),
        options=tuple(
            OptionDraft((one.name or one.project_id)[:80], "", _fen(one.cost))
            for one in file.projects
        ),
        roll_kind=RollKind.ADULTS,
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=DAYS),
        settings=_settings(file),
        secrecy=Secrecy.SECRET,
        turnout=Turnout.HIDDEN,
    )


def _settings(file: PbFile) -> dict[str, int | str | bool]:
    rule = file.meta.get("rule", "").lower()
    is_greedy = rule.startswith("greedy")
    settings: dict[str, int | str | bool] = {
        "budget": _fen(file.budget),
        "form": file.form.value,
        "rule": (BudgetRule.GREEDY if is_greedy else BudgetRule.EQUAL_SHARES).value,
        "completion": Completion.ADD1_UTILITARIAN.value,
        "most_projects": _limit(file, "max_length", len(file.projects)),
    }
    if file.form.value == "points":
        settings |= {"points": _limit(file, "max_sum_points", 10**9), "utility": "points"}
    elif file.form.value == "ranked":
        settings["utility"] = "points"
    return settings


def _limit(file: PbFile, name: str, whole: int) -> int:
    """Read a limit of the file; none where it would not limit anything."""
    text = file.meta.get(name, "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    return number if number < whole else 0


def _fen(amount: Fraction) -> int:
    fen = amount * 100
    if fen.denominator != 1:
        raise BudgetCostTooFine
    return int(fen)
