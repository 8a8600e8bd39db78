"""A count of rankings told stage by stage: who reached the quota, where votes went, and ties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, ngettext

Titles = Mapping[int, str]


@dataclass(frozen=True, slots=True)
class StageLine:
    """What one option holds after a stage, and what the stage brought or took."""

    title: str
    votes: str
    change: str
    mark: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: what happened, sentence by sentence, and what everybody holds after it."""

    title: str
    said: tuple[str, ...]
    lines: tuple[StageLine, ...]
    unused: str


@dataclass(frozen=True, slots=True)
class RankedResult:
    """The whole count of rankings: how a seat is won, each stage, and how it ended."""

    rules: tuple[str, ...]
    stages: tuple[Stage, ...]
    ending: tuple[str, ...]


def ranked_result(titles: Titles, outcome: Mapping[str, Any]) -> RankedResult:
    """Tell a count of rankings; each stage adds up to all votes."""
    scale = outcome["facts"].get("scale", 1)
    is_runoff = outcome["facts"].get("rule") == "irv"
    stages: list[Stage] = []
    before: Mapping[str, Any] = {}
    for step in outcome["steps"]:
        title = gettext("第 %(number)s 步", number=len(stages) + 1)
        said = _said(step, before, titles, scale, is_runoff=is_runoff)
        stages.append(
            Stage(title, said, _lines(step, before, titles, scale), _unused(step["facts"], scale))
        )
        before = step["facts"]
    return RankedResult(
        _rules(outcome, scale, is_runoff=is_runoff), tuple(stages), _ending(outcome, titles)
    )


def _rules(outcome: Mapping[str, Any], scale: int, *, is_runoff: bool) -> tuple[str, ...]:
    if not outcome["steps"]:
        return ()
    if is_runoff:
        return (
            gettext("先看每张票的第一位。谁超过还在计的票的一半，谁当选。"),
            gettext("没有人过半，就淘汰票最少的，把这些票转给各自的下一位，再数。"),
        )
    return (
        gettext(
            "当选票数是 %(quota)s 票：总票数 %(votes)s 除以（名额加一），去掉小数，再加一。",
            quota=_votes(outcome["facts"]["quota"], scale),
            votes=outcome["votes"],
        ),
        gettext("当选的人多出来的票，按比例折算，转给各张票的下一位。"),
        gettext("没有多出来的票可转，就淘汰票最少的，把这些票转给各自的下一位。"),
    )


def _said(
    step: Mapping[str, Any],
    before: Mapping[str, Any],
    titles: Titles,
    scale: int,
    *,
    is_runoff: bool,
) -> tuple[str, ...]:
    """Say what a stage did and who was elected by it."""
    facts = step["facts"]
    name = titles.get(facts["option"], "?")
    said = []
    if step["code"] == "first_preferences":
        said.append(gettext("数每张票的第一位。"))
    elif step["code"] == "surplus":
        held = dict(before["votes"])[facts["option"]]
        over = _votes(held - facts["quota"], scale)
        said.append(gettext("%(name)s多出 %(over)s 票，转给各张票的下一位。", name=name, over=over))
    elif step["code"] == "excluded":
        held = _votes(dict(before["votes"])[facts["option"]], scale)
        said.append(
            gettext("%(name)s票最少（%(held)s 票），淘汰；这些票转给下一位。", name=name, held=held)
        )
    elected = "、".join(titles.get(each, "?") for each in facts["elected"])
    if step["code"] == "last_seats":
        said.append(gettext("剩下的人不多于剩下的名额：%(names)s当选。", names=elected))
    elif elected and is_runoff:
        quota = _votes(facts["quota"], scale)
        said.append(gettext("%(names)s过半（%(quota)s 票），当选。", names=elected, quota=quota))
    elif elected:
        said.append(gettext("%(names)s达到当选票数，当选。", names=elected))
    else:
        said.append(gettext("这一步没有人当选。"))
    return tuple(said)


def _lines(
    step: Mapping[str, Any], before: Mapping[str, Any], titles: Titles, scale: int
) -> tuple[StageLine, ...]:
    held = dict(before["votes"]) if before else {}
    elected = set(step["facts"]["elected"])
    gone = step["facts"]["option"] if step["code"] == "excluded" else 0
    return tuple(
        StageLine(
            titles.get(number, "?"),
            _votes(votes, scale),
            _change(votes - held.get(number, 0), scale) if before else "",
            "elected" if number in elected else "excluded" if number == gone else "",
        )
        for number, votes in step["facts"]["votes"]
        if votes or held.get(number) or not before
    )


def _unused(facts: Mapping[str, Any], scale: int) -> str:
    """Say how many votes had no next choice, and how little was lost by rounding down."""
    said = []
    if facts["exhausted"]:
        said.append(
            gettext("没有下一位可转的：%(votes)s 票。", votes=_votes(facts["exhausted"], scale))
        )
    if facts["lost"]:
        said.append(gettext("折算舍去的：%(votes)s 票。", votes=_votes(facts["lost"], scale)))
    return " ".join(said)


def _ending(outcome: Mapping[str, Any], titles: Titles) -> tuple[str, ...]:
    said = []
    if outcome["tie"]:
        said.append(
            gettext(
                "接下来，%(names)s票数相同，前面各步也分不出先后。按规定不自动抽签，由召集人当众抽签决定。",
                names=_names(outcome["tie"], titles),
            )
        )
    if outcome["unfilled"]:
        said.append(
            ngettext(
                "还有 %(num)s 个名额没有人当选。",
                "还有 %(num)s 个名额没有人当选。",
                outcome["unfilled"],
            )
        )
    return tuple(said)


def _names(numbers: Sequence[int], titles: Titles) -> str:
    return "、".join(titles.get(each, "?") for each in numbers)


def _votes(units: int, scale: int) -> str:
    """Show votes that are kept in parts of one; whole ones without a point."""
    whole, part = divmod(units, scale)
    digits = str(part).rjust(len(str(scale)) - 1, "0").rstrip("0")
    return f"{whole}.{digits}" if part else str(whole)


def _change(units: int, scale: int) -> str:
    if not units:
        return ""
    return f"+{_votes(units, scale)}" if units > 0 else f"−{_votes(-units, scale)}"
