"""Reading and writing a milestone plan as an officer types it: one milestone a line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from community.micro_projects.errors.contracts import PlanUnclear
from community.micro_projects.rules.contracts import PlannedMilestone, write_share
from community.micro_projects.rules.money import yuan
from community.micro_projects.rules.projects import ProjectKind

MOST_MILESTONES = 12
_SPLIT = re.compile(r"\s*[|｜\t]\s*")
_SHARE = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?\s*[%％]?\Z")
_MONEY = re.compile(r"([0-9]{1,10})(?:\.([0-9]{1,2}))?\s*元?\Z")
_NUMBER = re.compile(r"[0-9]{1,3}\Z")
_LONGEST_TITLE, _LONGEST_CRITERIA = 80, 400

# What a plan looks like for each kind before anybody edits it: (title, share, part of the time).
_USUAL = {
    ProjectKind.SERVICE: (("活动过半", 4_000, 50), ("全部完成，资料交齐", 6_000, 100)),
    ProjectKind.GOODS: (("到货验收", 10_000, 100),),
    ProjectKind.WORKS: (
        ("进场并完成隐蔽工程", 3_000, 40),
        ("主体完工", 4_000, 80),
        ("竣工验收，资料交齐", 3_000, 100),
    ),
}


def read_plan(text: str) -> tuple[PlannedMilestone, ...]:
    """Read lines of title, share in per cent, last day and, where given, what is checked.

    Raises: PlanUnclear with the number of the first line that cannot be read.
    """
    made = []
    for number, line in _lines(text):
        parts = _SPLIT.split(line.strip(), maxsplit=3)
        share = _SHARE.match(parts[1]) if len(parts) > 2 else None
        if share is None or not 0 < len(parts[0]) <= _LONGEST_TITLE:
            raise PlanUnclear(line=number)
        criteria = parts[3] if len(parts) > 3 else ""
        if len(criteria) > _LONGEST_CRITERIA:
            raise PlanUnclear(line=number)
        due_on = _day(parts[2], number)
        made.append(PlannedMilestone(parts[0], _hundredths(share), due_on, criteria))
    return tuple(made)


def read_changed_plan(text: str) -> tuple[tuple[int, int, date], ...]:
    """Read lines of milestone number, amount in yuan, last day.

    Raises: PlanUnclear.
    """
    made = []
    for number, line in _lines(text):
        parts = _SPLIT.split(line.strip())
        money = _MONEY.match(parts[1].replace(",", "")) if len(parts) == 3 else None
        if money is None or not _NUMBER.match(parts[0]):
            raise PlanUnclear(line=number)
        made.append((int(parts[0]), _hundredths(money), _day(parts[2], number)))
    return tuple(made)


def usual_plan(kind: ProjectKind, starts_on: date, ends_on: date) -> str:
    """Write the plan that most jobs of a kind follow, for the officer to edit."""
    days = (ends_on - starts_on).days
    return "\n".join(
        f"{title}｜{write_share(share)}｜{starts_on + timedelta(days=days * part // 100)}"
        for title, share, part in _USUAL[kind]
    )


def write_changed_plan(rows: Sequence[tuple[int, int, date]]) -> str:
    """Write what is not done yet as it is typed in a change."""
    return "\n".join(f"{number}｜{yuan(fen)}｜{day}" for number, fen, day in rows)


def _lines(text: str) -> list[tuple[int, str]]:
    found = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not 1 <= len(found) <= MOST_MILESTONES:
        raise PlanUnclear(line=len(found) + 1 if not found else MOST_MILESTONES + 1)
    return found


def _day(text: str, number: int) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise PlanUnclear(line=number) from error


def _hundredths(found: re.Match[str]) -> int:
    return int(found[1]) * 100 + int(((found[2] or "") + "00")[:2])
