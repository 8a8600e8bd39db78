"""A participatory budget in plain words: its rules before, and who paid for what after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from community.deliberation.queries.polls import PollView
from community.deliberation.rules.polls import Pairs
from community.kernel.errors import N_
from community.web.filters import yuan

RULES: Mapping[str, str] = {
    "greedy": N_("票多的先买，买不起的跳过，看下一个。"),
    "greedy_no_skip": N_("票多的先买，遇到第一个买不起的就停。"),
    "knapsack": N_("在预算内，买总票数最多的那一组。"),
    "equal_shares": N_(
        "平均分配法：总预算平均装进每个投票人的钱包。想要同一个项目的人一起出钱，能平摊就平摊；"
        "大家的钱包凑得够，才买。"
    ),
}
COMPLETIONS: Mapping[str, str] = {
    "utilitarian": N_("分完还有剩的，按票数补买。"),
    "add1": N_("分完还有剩的，给每个钱包一点一点加钱重算，直到再加就超出预算。"),
    "add1u": N_("分完还有剩的，给每个钱包一点一点加钱重算；还有剩，再按票数补买。"),
}


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project of a result: whether it is bought, and why or why not."""

    number: int
    title: str
    cost_fen: int
    votes: int
    score: int
    is_bought: bool
    is_tied: bool
    why: str


@dataclass(frozen=True, slots=True)
class BudgetResult:
    """What a budget bought, project by project."""

    budget_fen: int
    spent_fen: int
    left_fen: int
    purse: str
    has_points: bool
    notes: tuple[str, ...]
    lines: tuple[ProjectLine, ...]


def budget_rules(poll: PollView) -> list[str]:
    """Say a budget's rules in plain sentences, as they are frozen."""
    setting = poll.settings
    rule, completion = str(setting["rule"]), str(setting["completion"])
    said = [
        gettext(
            "总预算 %(budget)s 元，%(projects)s 个项目。",
            budget=yuan(int(setting["budget"])),
            projects=len(poll.options),
        ),
        *limits(poll),
        gettext(RULES[rule]),
    ]
    if rule == "equal_shares":
        said += [gettext(COMPLETIONS[completion])] if completion in COMPLETIONS else []
        if setting["comparison"] != "none":
            said.append(gettext("最后与“票多的先买”比一比，更多人得益的那个算数。"))
    if int(setting["least_votes"]) > 1:
        said.append(gettext("少于 %(votes)s 票的项目不买。", votes=setting["least_votes"]))
    return [str(each) for each in said]


def limits(poll: PollView) -> list[str]:
    """Say how much one ballot may ask for."""
    setting, said = poll.settings, []
    form = str(setting["form"])
    if form == "ranked":
        said.append(gettext("最想要的写 1，其次写 2，一直写下去。不想要的不写。"))
    elif form == "points" and setting["points"]:
        said.append(gettext("您有 %(points)s 点，分给想要的项目。", points=setting["points"]))
    elif not setting["most_projects"]:
        said.append(gettext("想要的项目都可以选。"))
    if setting["most_projects"]:
        said.append(gettext("最多选 %(most)s 个。", most=setting["most_projects"]))
    if setting["most_cost"]:
        most = yuan(int(setting["most_cost"]))
        said.append(gettext("选的项目加起来不超过 %(most)s 元。", most=most))
    return [str(each) for each in said]


def ballot_cost(poll: PollView, pairs: Pairs) -> int:
    """Add up what the projects of a ballot cost."""
    chosen = {number for number, _ in pairs}
    return sum(each.cost_fen for each in poll.options if each.number in chosen)


def budget_verdict(outcome: Mapping[str, Any]) -> tuple[str, str]:
    """Say in a word what a budget came to, and its colour."""
    if outcome["passed"] is False:
        return gettext("没有通过"), "red"
    facts = {"count": len(outcome["winners"]), "spent": yuan(outcome["facts"]["spent"])}
    if outcome["tie"]:
        return gettext(
            "确定买下 %(count)s 个，共 %(spent)s 元；有并列，待公开抽签", **facts
        ), "amber"
    return gettext("买下 %(count)s 个项目，共 %(spent)s 元", **facts), "done"


def budget_result(poll: PollView, outcome: Mapping[str, Any]) -> BudgetResult:
    """Tell for each project who paid for it and why it was or was not bought."""
    steps = _deciding(outcome["steps"])
    bought, tied = set(outcome["winners"]), set(outcome["tie"])
    votes, scores = dict(outcome["facts"]["votes"]), dict(outcome["totals"])
    whys = {each["facts"]["option"]: _why(each) for each in steps if "option" in each["facts"]}
    rule = outcome["facts"]["rule"]
    lines = [
        ProjectLine(
            number=each.number,
            title=each.title,
            cost_fen=each.cost_fen,
            votes=votes[each.number],
            score=scores[each.number],
            is_bought=each.number in bought,
            is_tied=each.number in tied,
            why=_tied_why()
            if each.number in tied
            else whys.get(each.number) or _other_why(rule, is_bought=each.number in bought),
        )
        for each in poll.options
    ]
    lines.sort(key=lambda line: (not line.is_bought, not line.is_tied, -line.votes, line.number))
    budget, spent = outcome["facts"]["budget"], outcome["facts"]["spent"]
    return BudgetResult(
        budget_fen=budget,
        spent_fen=spent,
        left_fen=budget - spent,
        purse=_purse(steps, budget),
        has_points=poll.settings["form"] != "approval",
        notes=_notes(outcome["steps"]),
        lines=tuple(lines),
    )


def _deciding(steps: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Leave out the steps of Equal Shares where greedy took its place at the end."""
    for place, step in enumerate(steps):
        if step["code"] == "compared" and step["facts"]["greedy_wins"]:
            return list(steps[place:])
    return list(steps)


def _why(step: Mapping[str, Any]) -> str:
    code, facts = step["code"], step["facts"]
    if code == "paid":
        return _paid(facts)
    if code == "not_paid":
        left, cost = _part(facts["left_behind"]), yuan(facts["cost"])
        return str(
            gettext(
                "想要它的 %(votes)s 人，钱包里一共还剩 %(left)s 元，不够 %(cost)s 元。",
                votes=facts["votes"], left=left, cost=cost,
            )
        )  # fmt: skip
    if code == "added":
        return str(gettext("平均分配以后剩下的钱，按票数补买。"))
    if code == "bought":
        return str(
            gettext("按票数排到它时钱够，买下后还剩 %(left)s 元。", left=yuan(facts["left"]))
        )
    if code == "too_costly":
        return str(gettext("按票数排到它时只剩 %(left)s 元，不够。", left=yuan(facts["left"])))
    return str(gettext("没有人选。") if not facts["votes"] else gettext("票数不到最低要求。"))


def _paid(facts: Mapping[str, Any]) -> str:
    num, den = facts["most_paid"]
    said = {"payers": facts["payers"], "most": _part((num, den)), "emptied": facts["emptied"]}
    if num * facts["payers"] == facts["cost"] * den:
        return str(gettext("%(payers)s 人的钱包一起出，每人出 %(most)s 元。", **said))
    if not facts["emptied"]:
        return str(gettext("%(payers)s 人的钱包一起出，每人最多出 %(most)s 元。", **said))
    return str(
        gettext(
            "%(payers)s 人的钱包一起出，每人最多出 %(most)s 元，%(emptied)s 人的钱包用完了。",
            **said,
        )
    )


def _other_why(rule: str, *, is_bought: bool) -> str:
    if rule == "knapsack":
        return str(
            gettext("在总票数最多的那一组里。")
            if is_bought
            else gettext("不在总票数最多的那一组里。")
        )
    return str(gettext("前面的项目没有定下来，或按规则停在了前面。"))


def _tied_why() -> str:
    return str(gettext("与别的项目不分先后，钱只够买其中一部分。没有自动抽签，待公开抽签后再定。"))


def _purse(steps: Sequence[Mapping[str, Any]], budget_fen: int) -> str:
    """Say what a purse held, and why it holds more in the end than its part of the budget."""
    for step in steps:
        if step["code"] != "purse":
            continue
        num, den = step["facts"]["each"]
        purses = step["facts"]["purses"]
        said = {"purses": purses, "first": _part((budget_fen, purses)), "each": _part((num, den))}
        sentence = gettext("总预算平均装进 %(purses)s 个钱包，每个 %(first)s 元。", **said)
        if num * purses > budget_fen * den:
            sentence += gettext(
                "钱包里都有没花完的，所以每个加到 %(each)s 元重算，花掉的仍在总预算以内。", **said
            )
        return str(sentence)
    return ""


def _notes(steps: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(
        str(
            gettext(
                "与“票多的先买”比：%(shared)s 人更愿意平均分配，%(greedy)s 人更愿意另一个。",
                shared=step["facts"]["for_shared"],
                greedy=step["facts"]["for_greedy"],
            )
        )
        for step in steps
        if step["code"] == "compared"
    )


def _part(fraction: Sequence[int]) -> str:
    """Show a fraction of fen in yuan, cut to the fen."""
    return yuan(fraction[0] // fraction[1])
