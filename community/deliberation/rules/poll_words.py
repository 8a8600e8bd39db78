"""The words of polls, as pages, papers and refusals say them."""

from __future__ import annotations

from collections.abc import Mapping

from community.deliberation.rules.papers import PaperState
from community.deliberation.rules.polls import (
    Origin,
    PollState,
    Prevailing,
    RollKind,
    Secrecy,
    Standing,
    Turnout,
)
from community.kernel.errors import N_

STATE_WORDS: Mapping[PollState, str] = {
    PollState.DRAFT: N_("草稿"),
    PollState.ROLL_POSTED: N_("名册公示中"),
    PollState.FROZEN: N_("已冻结，等待开始"),
    PollState.OPEN: N_("投票中"),
    PollState.CLOSED: N_("已截止，待计票"),
    PollState.DECIDED: N_("已有结果"),
    PollState.WITHDRAWN: N_("已撤回"),
}
STANDING_WORDS: Mapping[Standing, str] = {
    Standing.STATUTORY: N_("法定表决"),
    Standing.CONSULTATIVE: N_("意见征询"),
}
STANDING_SENTENCES: Mapping[Standing, str] = {
    Standing.STATUTORY: N_("按法律和议事规则计票，结果对全体有约束力。"),
    Standing.CONSULTATIVE: N_("只征求意见，供决策参考，不是法律上的业主共同决定。"),
}
SECRECY_WORDS: Mapping[Secrecy, str] = {
    Secrecy.NAMED: N_("记名"),
    Secrecy.SECRET: N_("不记名"),
}
SECRECY_SENTENCES: Mapping[Secrecy, str] = {
    Secrecy.NAMED: N_("记名投票：截止后，每张票的选择和面积会公布，姓名只显示姓。"),
    Secrecy.SECRET: N_("不记名投票：截止后，选票打乱，与您的名字再无联系，谁也查不出您投了什么。"),
}
TURNOUT_SENTENCES: Mapping[Turnout, str] = {
    Turnout.SHOWN: N_("截止前，工作人员看得到谁投了票（看不到投了什么），好上门提醒没投的。"),
    Turnout.HIDDEN: N_("截止前，谁也看不到谁投了票、投了多少。"),
}
TURNOUT_WORDS: Mapping[Turnout, str] = {
    Turnout.SHOWN: N_("截止前显示谁已投票"),
    Turnout.HIDDEN: N_("截止前不显示谁已投票"),
}
ROLL_WORDS: Mapping[RollKind, str] = {
    RollKind.OWNERS: N_("全体业主"),
    RollKind.ADULTS: N_("全体成年居民"),
    RollKind.HOUSEHOLDS: N_("每户一票"),
    RollKind.BODY: N_("一个组织的成员"),
    RollKind.LIST: N_("指定的名单"),
}
ORIGIN_WORDS: Mapping[Origin, str] = {
    Origin.WEB: N_("网上"),
    Origin.PAPER: N_("纸质"),
    Origin.PHONE: N_("电话"),
    Origin.PROXY: N_("委托"),
    Origin.DESK: N_("窗口"),
    Origin.CITY: N_("市级系统"),
}
PAPER_WORDS: Mapping[PaperState, str] = {
    PaperState.PRINTED: N_("没有收回"),
    PaperState.RETURNED: N_("已收回，未拆"),
    PaperState.READ_ONCE: N_("录了一遍"),
    PaperState.DIFFERS: N_("两遍不一致"),
    PaperState.READ: N_("已录完"),
    PaperState.SPOILT: N_("废票"),
}
DELIVERY_WORDS: Mapping[str, str] = {
    "hand": N_("当面送达"),
    "door": N_("留在家门口"),
    "post": N_("邮寄"),
    "message": N_("短信或微信"),
    "site": N_("网上送达"),
}
PREVAILING_SENTENCES: Mapping[Prevailing, str] = {
    Prevailing.ONLINE: N_("同一户网上和纸质都投了的，以网上的为准。"),
    Prevailing.PAPER: N_("同一户网上和纸质都投了的，以纸质的为准。"),
}
KIND_WORDS: Mapping[str, str] = {
    "yes_no": N_("同意、反对、弃权"),
    "single": N_("选一个"),
    "multiple": N_("选几个"),
    "approval": N_("可以接受的都选上"),
    "score": N_("打分"),
    "dots": N_("分配点数"),
    "ranked": N_("排序"),
    "consent": N_("无人反对就通过"),
    "owners": N_("业主共同决定（面积和人数双过）"),
    "budget": N_("参与式预算"),
}
# The options a kind has of itself.
OWN_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "yes_no": (N_("同意"), N_("反对"), N_("弃权")),
    "owners": (N_("同意"), N_("反对"), N_("弃权")),
    "consent": (N_("同意"), N_("同意，但有顾虑"), N_("反对"), N_("不参与")),
}
# Why a draft is not whole.
DRAFT_REASONS: Mapping[str, str] = {
    "no_title": N_("没有标题。"),
    "too_long": N_("文字太长。"),
    "options": N_("至少要有两个选项。"),
    "own_options": N_("这种表决的选项是固定的，不用另填。"),
    "hours": N_("截止时间要晚于开始时间。"),
    "owners_named": N_("业主共同决定要记名，名册是全体业主。"),
    "no_body": N_("没有选是哪个组织。"),
    "no_people": N_("没有选名单上的人。"),
    "no_budget": N_("没有写总预算。"),
    "too_fine": N_("“总票数最多的组合”要把造价取整，例如都取到百元；不取整请换一种规则。"),
    "notice": N_("公示天数要在 0 到 60 之间。"),
    "sealed_kind": N_("这种表决不能加密：选票要在投票人的手机上就核对得了。"),
    "sealed_paper": N_("加密投票不能有纸质票或市级系统的票。"),
    "openers": N_("开启人要 2 到 25 位、各不相同，一起开启的至少 2 位；不加密就都不填。"),
}
# Why a ballot does not fit, by the count's own codes.
BALLOT_REASONS: Mapping[str, str] = {
    "empty": N_("还没有选。"),
    "unknown_option": N_("选了不存在的选项。"),
    "option_twice": N_("同一个选项选了两次。"),
    "not_one": N_("只能选一个。"),
    "too_few": N_("选得太少。"),
    "too_many": N_("选得太多。"),
    "number_out_of_range": N_("数字超出了范围。"),
    "too_many_points": N_("点数用多了。"),
    "too_many_on_one": N_("一个选项上的点数太多。"),
    "ranks_not_in_order": N_("名次要从 1 开始，一个接一个，不能重复。"),
    "too_costly": N_("选的项目加起来超过了预算。"),
}
