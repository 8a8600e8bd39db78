"""Owners' questions: about what, the steps of one, and what may not stand in public words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from community.kernel.errors import N_


class SubjectKind(StrEnum):
    """What a question is about."""

    FUND = "fund"
    ENTRY = "entry"
    REQUEST = "request"
    RECEIPT = "receipt"
    BANK_LINE = "bank_line"
    REPORT_LINE = "report_line"


SUBJECT_TITLES = {
    SubjectKind.FUND: N_("整个资金"),
    SubjectKind.ENTRY: N_("一笔账"),
    SubjectKind.REQUEST: N_("用款申请"),
    SubjectKind.RECEIPT: N_("收据"),
    SubjectKind.BANK_LINE: N_("一条银行流水"),
    SubjectKind.REPORT_LINE: N_("报表里的一行"),
}
_LINES_A_REPORT = 100_000


def report_line_id(report_id: int, place: int) -> int:
    """Give the one number of a published report's line, its place counted from 1."""
    assert 0 < place < _LINES_A_REPORT, "no report is that long"
    return report_id * _LINES_A_REPORT + place


def read_report_line_id(number: int) -> tuple[int, int]:
    """Tell a published report and the place of its line from their one number."""
    return divmod(number, _LINES_A_REPORT)


class QuestionState(StrEnum):
    """Where a question stands."""

    OPEN = "open"
    ANSWERED = "answered"
    REOPENED = "reopened"
    SATISFIED = "satisfied"
    UNSATISFIED = "unsatisfied"


STATE_TITLES = {
    QuestionState.OPEN: N_("等待答复"),
    QuestionState.ANSWERED: N_("已答复"),
    QuestionState.REOPENED: N_("提问人不满意，等待再次答复"),
    QuestionState.SATISFIED: N_("提问人满意"),
    QuestionState.UNSATISFIED: N_("提问人仍不满意"),
}
WAITING = frozenset({QuestionState.OPEN, QuestionState.REOPENED})
STEPS: Mapping[QuestionState, frozenset[QuestionState]] = {
    QuestionState.OPEN: frozenset({QuestionState.ANSWERED}),
    QuestionState.ANSWERED: frozenset(
        {QuestionState.REOPENED, QuestionState.SATISFIED, QuestionState.UNSATISFIED}
    ),
    QuestionState.REOPENED: frozenset({QuestionState.ANSWERED}),
    QuestionState.SATISFIED: frozenset(),
    QuestionState.UNSATISFIED: frozenset(),
}


class AnswerSide(StrEnum):
    """Who answers: the property firm or the owners' committee."""

    PROPERTY = "property"
    COMMITTEE = "committee"


SIDE_TITLES = {AnswerSide.PROPERTY: N_("物业公司"), AnswerSide.COMMITTEE: N_("业委会")}


def steps_sql() -> str:
    """Write as a trigger's condition that a state does not follow the table."""
    allowed = " OR ".join(
        f"(OLD.state = '{old.value}' AND NEW.state = '{new.value}')"
        for old, found in STEPS.items()
        for new in sorted(found)
    )
    return f"NEW.state <> OLD.state AND NOT ({allowed})"


def judged(*, is_satisfied: bool, was_reopened: bool) -> QuestionState:
    """Tell where a question goes when its asker has judged the answer: it reopens once."""
    if is_satisfied:
        return QuestionState.SATISFIED
    return QuestionState.UNSATISFIED if was_reopened else QuestionState.REOPENED


def is_overdue(state: QuestionState, due_on: date, today: date) -> bool:
    """Tell whether an answer is late: the due day itself is still in time."""
    return state in WAITING and today > due_on


def words_hash(words: str) -> str:
    """Give the hexadecimal SHA-256 by which the public log knows words."""
    return hashlib.sha256(words.encode()).hexdigest()
