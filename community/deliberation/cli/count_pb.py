"""`flask poll count-pb`: any published participatory budget, counted again by a rule of choice."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

import click

from community.deliberation.errors.budget_files import UNREADABLE_BUDGETS
from community.deliberation.tallies import (
    BadCount,
    BudgetRule,
    Comparison,
    Completion,
    Stop,
    Utility,
)
from community.deliberation.tallies.kinds import TieOrder
from community.deliberation.tallies.pabulib import BadFile, PbFile, Warned, read_pb
from community.deliberation.tallies.pb_counting import Counted, amount_text, count_pb

UNREADABLE: Final = 2
REFUSED: Final = {
    "too_many_sets": "造价的组合太多，算不出哪一组总票数最多。请换一种规则。",
}
WARNINGS: Final = {
    "quotes": "第 {line} 行引号不成对，按原样读",
    "voter_twice": "第 {line} 行：选民编号 {voter} 出现了两次，两张选票都计",
    "project_twice_in_vote": "第 {line} 行：同一张选票把一个项目写了两次，只计一次",
    "other_count": "META 写着 {field} 是 {said}，文件里有 {found}",
    "not_heeded": "没有计入 {field}：这里的规则不分类别设上限",
}


def _words(kind: type[Any]) -> click.Choice[str]:
    return click.Choice([word.value.replace("_", "-") for word in kind])


@click.command("count-pb")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--rule", required=True, type=_words(BudgetRule), help="How the money is shared out.")
@click.option("--utility", type=_words(Utility), help="What a project is worth to its voter.")
@click.option("--completion", type=_words(Completion), help="How Equal Shares goes on.")
@click.option("--stop", type=_words(Stop), help="When adding to purses ends.")
@click.option("--comparison", type=_words(Comparison), help="Compare with greedy at the end.")
@click.option("--ties", type=_words(TieOrder), help="What settles equal claims; else reported.")
@click.option("--whole-purses", is_flag=True, help="Round the first purse down to whole units.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def count_pb_command(
    file: Path, rule: str, *, whole_purses: bool, as_json: bool, **words: str | None
) -> None:
    """Count a participatory budget in Pabulib's format and print what is bought.

    FILE is a .pb file with approval, choose-1, ordinal, cumulative or scoring votes.

    --json prints: rule, setting, winners and tie (the file's project numbers), spent, budget and
    left (whole, or a decimal number in quotes), votes, projects (project_id, cost, votes, score,
    is_bought), published (the winners the file names, or null), agrees, warnings.

    Without options Equal Shares uses cost utilities (points where ballots give points or ranks),
    then adds one unit to every purse for as long as the budget is not passed.

    Exit status: 0 counted (look at tie), 2 cannot be read.
    """
    setting = {name: word.replace("-", "_") for name, word in words.items() if word}
    try:
        read = read_pb(file.read_bytes())
        counted = count_pb(
            read, {**setting, "rule": rule.replace("-", "_"), "whole_purses": whole_purses}
        )
    except BadFile as refusal:
        _refuse(refusal.code, str(UNREADABLE_BUDGETS[refusal.code](**refusal.facts)), as_json)
    except BadCount as refusal:
        _refuse(refusal.code, REFUSED.get(refusal.code, str(refusal)), as_json)
    else:
        answer = _answer(read, counted)
        click.echo(json.dumps(answer, ensure_ascii=False) if as_json else _say(read, counted))


def _refuse(code: str, sentence: str, as_json: bool) -> None:
    told = {"error": code, "sentence": sentence}
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else sentence, err=True)
    sys.exit(UNREADABLE)


def _answer(file: PbFile, counted: Counted) -> dict[str, Any]:
    outcome = counted.outcome
    votes: dict[int, int] = dict(outcome.as_plain()["facts"]["votes"])
    scores = dict(outcome.totals)
    return {
        "rule": outcome.facts["rule"],
        "setting": dict(counted.setting),
        "winners": list(counted.winners),
        "tie": list(counted.tie),
        "spent": counted.spent,
        "budget": counted.budget,
        "left": _left(file, counted),
        "votes": outcome.votes,
        "projects": [
            {
                "project_id": one.project_id,
                "cost": amount_text(int(one.cost * file.scale), file.scale),
                "votes": votes[one.number],
                "score": amount_text(scores[one.number], file.points_scale),
                "is_bought": one.number in outcome.winners,
            }
            for one in file.projects
        ],
        "published": list(counted.published) if counted.published else None,
        "agrees": _agrees(counted),
        "warnings": [_warning(one) for one in file.warnings],
    }


def _agrees(counted: Counted) -> bool | None:
    return set(counted.published) == set(counted.winners) if counted.published else None


def _left(file: PbFile, counted: Counted) -> int | str:
    spent = sum(one.cost for one in file.projects if one.number in counted.outcome.winners)
    return amount_text(int((file.budget - spent) * file.scale), file.scale)


def _warning(warned: Warned) -> str:
    return WARNINGS[warned.code].format(**warned.facts)


def _say(file: PbFile, counted: Counted) -> str:
    names = {one.project_id: one for one in file.projects}
    lines = [
        f"规则 {counted.outcome.facts['rule']}，预算 {counted.budget}",
        f"{counted.outcome.votes} 张选票，{len(file.projects)} 个项目",
        f"买下 {len(counted.winners)} 个项目，共 {counted.spent}，剩 {_left(file, counted)}：",
        *(
            f"  {one}  {amount_text(int(names[one].cost * file.scale), file.scale)}  "
            f"{names[one].name}"
            for one in counted.winners
        ),
    ]
    if counted.tie:
        lines.append(f"并列，结果取决于这些项目中先取哪个（不替您抽签）：{'，'.join(counted.tie)}")
    if (agrees := _agrees(counted)) is not None:
        lines.append("与文件公布的结果一致" if agrees else "与文件公布的结果不同")
    lines += [f"注意：{_warning(one)}" for one in file.warnings]
    return "\n".join(lines)
