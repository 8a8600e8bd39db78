"""Budgets the owners vote on: what they are asked, and how its outcome is recognized."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from community.kernel.errors import N_
from community.trust_property.rules.budget import BudgetLine

SUBJECT = "trust_property:budget:"


class VoteState(StrEnum):
    """What became of a budget that the owners were asked about."""

    WANTED = "wanted"
    PASSED = "passed"
    FAILED = "failed"
    DIFFERENT = "different"
    WITHDRAWN = "withdrawn"


STATES = {
    VoteState.WANTED: N_("等业主表决"),
    VoteState.PASSED: N_("业主已通过"),
    VoteState.FAILED: N_("业主没有通过"),
    VoteState.DIFFERENT: N_("表决的内容不是这份预算"),
    VoteState.WITHDRAWN: N_("已撤回"),
}


def subject_of(vote_id: int) -> str:
    """Name a budget that is voted on, as polls carry it."""
    return f"{SUBJECT}{vote_id}"


def budget_vote_in(subject: str) -> int | None:
    """Read which budget a poll is about; None for other subjects."""
    number = subject.removeprefix(SUBJECT)
    is_ours = subject.startswith(SUBJECT) and number.isascii() and number.isdecimal()
    return int(number) if is_ours else None


def vote_title(fund: str, year: int) -> str:
    """Give the question's title."""
    return f"{fund} {year} 年物业资金预算"


def vote_text(year: int, lines: Sequence[BudgetLine]) -> str:
    """Write what the owners are asked: every line, what is carried over, and the whole."""
    parts = [f"是否同意下列 {year} 年物业资金预算："]
    for each in lines:
        carried = f"（含上年结转 {_yuan(each.carried_fen)} 元）" if each.carried_fen else ""
        parts.append(f"{each.code} {each.name}：{_yuan(each.whole_fen)} 元{carried}")
    parts.append(f"合计：{_yuan(sum(each.whole_fen for each in lines))} 元。")
    return "\n".join(parts)


def holds_text(asked: str, text: str) -> bool:
    """Tell whether a question, blanks and line ends aside, still asks for the whole of a text."""
    return "".join(text.split()) in "".join(asked.split())


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
