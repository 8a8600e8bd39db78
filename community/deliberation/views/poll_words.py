"""The words of polls on pages: states, rules, ballots and results as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum

from flask_babel import gettext

from community.deliberation.queries.polls import OptionView, PollView
from community.deliberation.rules.poll_words import (
    KIND_WORDS,
    ORIGIN_WORDS,
    OWN_OPTIONS,
    PREVAILING_SENTENCES,
    ROLL_WORDS,
    SECRECY_SENTENCES,
    SECRECY_WORDS,
    STANDING_SENTENCES,
    STANDING_WORDS,
    STATE_WORDS,
    TURNOUT_SENTENCES,
    TURNOUT_WORDS,
)
from community.deliberation.rules.polls import Pairs, PollState, Prevailing
from community.deliberation.rules.sealed import NEEDED, is_sealed
from community.deliberation.views.blueprint import views
from community.deliberation.views.budget_words import budget_rules, limits
from community.kernel import clock
from community.kernel.errors import N_

WORDS: dict[Enum, str] = {}
for _words in (
    STATE_WORDS,
    STANDING_WORDS,
    SECRECY_WORDS,
    TURNOUT_WORDS,
    ROLL_WORDS,
    ORIGIN_WORDS,
):
    WORDS.update(_words)  # type: ignore[arg-type] # each is of one enum
STATE_KINDS = {
    PollState.OPEN: "done",
    PollState.FROZEN: "blue",
    PollState.ROLL_POSTED: "blue",
    PollState.CLOSED: "amber",
}
ITEMS = {
    1: N_("制定和修改业主大会议事规则"),
    2: N_("制定和修改管理规约"),
    3: N_("选举业主委员会或者更换业主委员会成员"),
    4: N_("选聘和解聘物业服务企业或者其他管理人"),
    5: N_("使用建筑物及其附属设施的维修资金"),
    6: N_("筹集建筑物及其附属设施的维修资金"),
    7: N_("改建、重建建筑物及其附属设施"),
    8: N_("改变共有部分的用途或者利用共有部分从事经营活动"),
    9: N_("有关共有和共同管理权利的其他重大事项"),
}
SILENT = {
    "strict": N_("没有投票的，算没有参加。"),
    "delivered_participates": N_("票送到了没有投的，算参加表决，但不算同意也不算反对。"),
    "delivered_with_majority": N_("票送到了没有投的，按业主规约算作跟从多数意见。"),
}
WAY = (
    (PollState.ROLL_POSTED, N_("名册公示")),
    (PollState.FROZEN, N_("冻结")),
    (PollState.OPEN, N_("投票")),
    (PollState.CLOSED, N_("计票")),
    (PollState.DECIDED, N_("结果")),
)


@views.app_template_filter()
def poll_word(value: Enum) -> str:
    """Tell a state, a standing or another word of polls."""
    return str(gettext(WORDS[value]))


@views.app_template_filter()
def poll_kind(value: PollState) -> str:
    """Tell the colour of a state's tag."""
    return STATE_KINDS.get(value, "plain")


@views.app_template_filter()
def poll_kind_word(kind: str) -> str:
    """Tell what a kind of poll asks."""
    return str(gettext(KIND_WORDS[kind]))


@views.app_template_filter()
def square_metres(centiares: int) -> str:
    """Show an area of 0.01 m² units in square metres."""
    return f"{centiares // 100:,}.{centiares % 100:02d}"


@views.app_template_filter()
def option_title(option: OptionView, poll: PollView) -> str:
    """Show an option: a kind's own in the reader's language, others as they were written."""
    own = OWN_OPTIONS.get(poll.kind.value, ())
    is_own = option.number <= len(own) and own[option.number - 1] == option.title
    return gettext(option.title) if is_own else option.title


@views.app_template_filter()
def budget_limits(poll: PollView) -> list[str]:
    """Say how much one ballot of a budget may ask for."""
    return limits(poll)


def steps_of(poll: PollView) -> list[tuple[str, str]]:
    """List the stations of a poll's way, with where it is now."""
    order = [state for state, _ in WAY]
    here = order.index(poll.state) if poll.state in order else -1
    if poll.state is PollState.DECIDED:
        here = len(order)
    return [
        (gettext(title), "done" if place < here else "now" if place == here else "")
        for place, (_, title) in enumerate(WAY)
    ]


def rules_of(poll: PollView) -> list[str]:
    """Say a poll's rules in plain sentences, as they are shown before it is frozen."""
    said = [
        gettext(STANDING_SENTENCES[poll.standing]),
        gettext(SECRECY_SENTENCES[poll.secrecy]),
        gettext("截止前，任何人都看不到结果，工作人员和管理员也看不到。"),
        gettext(TURNOUT_SENTENCES[poll.turnout]),
        gettext("截止前可以改，以最后一次为准。截止时间由网站的时钟判定。"),
    ]
    said += _sealed_rules(poll) + _counting(poll)
    if poll.settings.get("has_paper"):
        said.append(gettext("有纸质票。截止后当众唱票录入。"))
        said.append(gettext(PREVAILING_SENTENCES[Prevailing(str(poll.settings["prevailing"]))]))
    said.append(gettext("票数相同的，如实公布，不会自动抽签。"))
    return said


def _sealed_rules(poll: PollView) -> list[str]:
    if not is_sealed(poll.settings):
        return []
    return [
        gettext("加密投票：选票在您的手机或电脑上加密，网站只收密文，开启以前谁也看不到选了什么。"),
        gettext("截止后，要 %(needed)s 位开启人一起才能打开选票。", needed=poll.settings[NEEDED]),
        gettext("只能自己在网上投，不收纸质、电话、窗口和委托票；打开以前不能重新计票。"),
        gettext("打不开、读不懂或填得不合规则的票算无效：算参加，不计入任何选项。"),
    ]


def _counting(poll: PollView) -> list[str]:
    setting = poll.settings
    if poll.kind.value == "owners":
        item = int(setting["item"])
        needed = (
            gettext("参加的业主中，面积和人数都要达到四分之三以上同意才通过。")
            if item in {6, 7, 8}
            else gettext("参加的业主中，面积和人数都要超过一半同意才通过。")
        )
        return [
            gettext("事项：%(item)s（民法典第二百七十八条第%(number)s项）。",
                    item=gettext(ITEMS[item]), number=item),
            gettext("参加表决的业主，面积和人数都要达到三分之二以上。"),
            needed,
            gettext(SILENT[str(setting["silent"])]),
        ]  # fmt: skip
    said = budget_rules(poll) if poll.kind.value == "budget" else []
    if setting.get("quorum_num"):
        said.append(
            gettext(
                "参加的人要达到名册的 %(num)s/%(den)s。",
                num=setting["quorum_num"],
                den=setting["quorum_den"],
            )
        )
    if poll.kind.value == "yes_no":
        said.append(_threshold(setting))
    elif poll.kind.value == "consent":
        most = setting["most_objections"]
        said.append(gettext("反对的不超过 %(most)s 人就通过，反对要说明理由。", most=most))
    elif "seats" in setting:
        said.append(gettext("选出 %(seats)s 个。", seats=setting["seats"]))
    if poll.kind.value == "ranked":
        rules = {
            "irv": gettext("排序复选制（IRV）"),
            "stv_scottish": gettext("单记可转移票（苏格兰规则）"),
        }
        said.append(gettext("按%(rule)s计票。", rule=rules[str(setting["rule"])]))
    return said


def _threshold(setting: Mapping[str, int | str | bool]) -> str:
    bases = {
        "present": gettext("参加投票的人（弃权也算）"),
        "votes": gettext("投了同意或反对的人"),
        "roll": gettext("名册上全体"),
    }
    facts = {
        "base": bases[str(setting["base"])],
        "num": setting["threshold_num"],
        "den": setting["threshold_den"],
    }
    if setting["threshold_includes"]:
        return str(gettext("%(base)s中，同意的达到 %(num)s/%(den)s 就通过。", **facts))
    return str(gettext("%(base)s中，同意的要超过 %(num)s/%(den)s 才通过。", **facts))


def choice_lines(poll: PollView, pairs: Pairs) -> list[tuple[str, str]]:
    """Say a ballot line by line: the option, and beside it the number where that says more."""
    titles = {each.number: option_title(each, poll) for each in poll.options}
    kind, form = poll.kind.value, str(poll.settings.get("form", ""))
    ordered = sorted(pairs, key=lambda pair: pair[1]) if "ranked" in {kind, form} else pairs
    return [(titles.get(option, "?"), _number(kind, form, number)) for option, number in ordered]


def _number(kind: str, form: str, number: int) -> str:
    if "ranked" in {kind, form}:
        return str(gettext("第 %(number)s 位", number=number))
    if kind in {"score", "dots"} or form == "points":
        return str(gettext("%(number)s 分", number=number))
    return ""


def moment(instant: datetime) -> str:
    """Show an instant in Shanghai's time."""
    return instant.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M")
