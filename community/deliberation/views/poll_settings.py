"""The settings of each kind as fields of the desk's form, and what was typed into them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from community.deliberation.models import PollKind
from community.deliberation.queries.polls import PollView
from community.deliberation.service.polls import PollDraft
from community.deliberation.tallies.settings import KNOWN, Choice, Flag, Whole
from community.deliberation.views.poll_words import ITEMS, SILENT
from community.kernel.errors import N_
from community.web.filters import yuan

PREFIX = "setting_"
# Amounts of money: kept in fen, typed in yuan.
MONEY = frozenset({"budget", "step", "most_cost"})
TITLES: Mapping[str, str] = {
    "quorum_num": N_("参加的人至少占几分之几：上面的数（2/3 填 2，不要求填 0）"),
    "quorum_den": N_("参加的人至少占几分之几：下面的数（2/3 填 3）"),
    "threshold_num": N_("几分之几才通过：上面的数（1/2 填 1）"),
    "threshold_den": N_("几分之几才通过：下面的数（1/2 填 2）"),
    "threshold_includes": N_("正好达到门槛也算通过"),
    "base": N_("门槛按什么算"),
    "seats": N_("选出几个（业主表决填 0 表示同意或反对）"),
    "lot": N_("票数相同时按公开抽签的顺序（选项编号，用逗号分开）"),
    "least": N_("最少选几个"),
    "most": N_("最多选几个（0 表示不限）"),
    "lowest": N_("最低分"),
    "highest": N_("最高分"),
    "measure": N_("按总分还是平均分"),
    "dots": N_("每人几点"),
    "most_each": N_("一个选项最多几点（0 表示不限）"),
    "rule": N_("计票规则"),
    "most_objections": N_("最多几人反对仍算通过"),
    "item": N_("民法典第 278 条第几项"),
    "silent": N_("送到了没有投的"),
    "budget": N_("总预算（元）"),
    "form": N_("怎么填票"),
    "utility": N_("项目对人的价值按什么算"),
    "completion": N_("剩余的钱怎么用"),
    "stop": N_("什么时候停止"),
    "comparison": N_("与多数优先比较"),
    "step": N_("每次给每个钱包加多少（元，0 表示钱包的二百分之一）"),
    "least_projects": N_("最少选几个项目"),
    "most_projects": N_("最多选几个项目（0 表示不限）"),
    "most_cost": N_("选的项目最多多少钱（元，0 表示不限）"),
    "points": N_("每人几点"),
    "least_votes": N_("一个项目最少几票"),
    "least_points": N_("一个项目最少几点"),
    "places": N_("第一名算几分（0 表示按项目数）"),
    "whole_purses": N_("钱包里的钱先取整"),
    "ties": N_("项目不分先后时"),
}
WORDS: Mapping[str, str] = {
    "present": N_("参加投票的人（弃权也算）"),
    "votes": N_("投了同意或反对的人"),
    "roll": N_("名册上全体"),
    "sum": N_("总分"),
    "mean": N_("平均分"),
    "irv": N_("排序复选制（IRV）"),
    "stv_scottish": N_("单记可转移票（苏格兰规则）"),
    "greedy": N_("票多的先得"),
    "greedy_no_skip": N_("票多的先得，遇到买不起的就停"),
    "knapsack": N_("总票数最多的组合"),
    "equal_shares": N_("平均分配法"),
    "approval": N_("选想要的"),
    "points": N_("分点数"),
    "ranked": N_("排名次"),
    "cost": N_("按造价"),
    "cardinality": N_("每个项目一样"),
    "none": N_("不用"),
    "utilitarian": N_("按票多少补"),
    "add1": N_("逐步加钱"),
    "add1u": N_("逐步加钱，再按票多少补"),
    "first_exhaustive": N_("再也买不起一个时"),
    "within_budget": N_("超过预算之前"),
    "satisfaction": N_("按满意程度"),
    "exclusion": N_("按落空的人数"),
    "report": N_("如实公布，不自动定"),
    "most_votes": N_("票多的先"),
    "least_cost": N_("便宜的先"),
    "most_votes_least_cost": N_("票多的先，再看谁便宜"),
    "least_cost_most_votes": N_("便宜的先，再看谁票多"),
}


@dataclass(frozen=True, slots=True)
class SettingField:
    """One setting of the form: kind is number, tick or choice."""

    name: str
    title: str
    kind: str
    value: int | str | bool
    options: tuple[tuple[str, str], ...] = ()


def setting_fields(kind: PollKind, poll: PollView | None) -> list[SettingField]:
    """List the settings of a kind, filled in as the poll has them, else by default."""
    return [
        _field(name, field, poll.settings.get(name, field.default) if poll else field.default)
        for name, field in KNOWN[kind].items()
    ]


def _field(name: str, field: object, value: int | str | bool) -> SettingField:
    title = gettext(TITLES.get(name, name))
    if isinstance(field, Flag):
        return SettingField(PREFIX + name, title, "tick", value)
    if name == "item":
        items = tuple(
            (str(number), f"{number} {gettext(words)}") for number, words in ITEMS.items()
        )
        return SettingField(PREFIX + name, title, "choice", str(value), items)
    if isinstance(field, Choice):
        words = SILENT if name == "silent" else WORDS
        options = tuple((word, gettext(words.get(word, word))) for word in field.words)
        return SettingField(PREFIX + name, title, "choice", str(value), options)
    if name in MONEY:
        value = yuan(int(value)).replace(",", "").removesuffix(".00")
    return SettingField(PREFIX + name, title, "number", value)


def typed_settings(draft: PollDraft, typed: MultiDict[str, str]) -> PollDraft:
    """Give a draft the settings that were typed; the count itself judges them."""
    found: dict[str, int | str | bool] = dict(draft.settings)
    for name, field in KNOWN[draft.kind].items():
        text = typed.get(PREFIX + name, "").strip()
        if isinstance(field, Flag):
            found[name] = text == "1"
        elif text:
            found[name] = _typed_money(text) if name in MONEY else _typed(field, text)
    return replace(draft, settings=found)


def _typed(field: object, text: str) -> int | str:
    is_number = isinstance(field, Whole) and text.removeprefix("-").isdecimal()
    return int(text) if is_number and len(text) < 16 else text


def _typed_money(text: str) -> int | str:
    """Read yuan as fen; what is no amount stays text, which the count refuses."""
    found = re.fullmatch(r"([0-9]{1,12})(?:\.([0-9]{1,2}))?", text)
    return int(found[1]) * 100 + int(((found[2] or "") + "00")[:2]) if found else text
