"""The words in which roles, relations, ways to sign in and acts appear on pages."""

from __future__ import annotations

from flask_babel import gettext

from community.identity.models import AccessProof, ConsentKind, Relation, Sex, SignInWay
from community.identity.queries.standing import permission_table
from community.identity.rules.roles import is_reading, lendable
from community.kernel.errors import N_
from community.kernel.permissions import Role

ROLES = {
    Role.RESIDENT: N_("居民"),
    Role.LEADER: N_("活动负责人"),
    Role.STAFF: N_("社区工作人员"),
    Role.COMMITTEE: N_("业主委员会"),
    Role.PROPERTY: N_("物业公司"),
    Role.STREET: N_("街道办"),
    Role.MERCHANT: N_("商户"),
    Role.ORGANIZATION: N_("社会组织"),
    Role.AUDITOR: N_("审计员"),
}
RELATIONS = {
    Relation.SPOUSE: N_("配偶"),
    Relation.PARENT: N_("父母"),
    Relation.CHILD: N_("子女"),
    Relation.SIBLING: N_("兄弟姐妹"),
    Relation.GRANDPARENT: N_("祖父母、外祖父母"),
    Relation.GRANDCHILD: N_("孙子女、外孙子女"),
}
SEXES = {Sex.FEMALE: N_("女"), Sex.MALE: N_("男")}
WAYS = {
    SignInWay.PHONE_CODE: N_("短信验证码"),
    SignInWay.PASSWORD: N_("密码"),
    SignInWay.LETTER: N_("邀请信"),
    SignInWay.DESK_SLIP: N_("服务台凭条"),
    SignInWay.TESTS: N_("测试"),
}
PROOFS = {
    AccessProof.OWN_SIGN_IN: N_("本人登录同意"),
    AccessProof.DESK_FORM: N_("服务台签字表"),
    AccessProof.LETTER_CODE: N_("凭邀请信同意"),
}
CONSENTS = {
    ConsentKind.SERVICE: N_("个人信息说明"),
    ConsentKind.HONOURS: N_("公布荣誉时用全名"),
    ConsentKind.PHOTOS: N_("活动照片里可以有我"),
}
ROOMS = {
    "deliberation": N_("议事"),
    "identity": N_("居民与账户"),
    "ledger": N_("账务"),
    "micro_projects": N_("民生微实事"),
    "notices": N_("通知与公示"),
    "rewards": N_("积分兑换"),
    "sealing": N_("密封提交"),
    "trust_property": N_("物业资金"),
    "volunteering": N_("志愿服务与时间银行"),
    "dashboards": N_("总览"),
}

# What rooms call the parts of a person's copy of everything.
HELD = {
    "activity": N_("发起的活动"),
    "activity_leader": N_("负责的活动"),
    "added_bank_accounts": N_("登记的银行账户"),
    "agency_moves": N_("代收代付"),
    "amendments": N_("提出的修正案"),
    "answers": N_("答复过的问题"),
    "appeals": N_("申诉"),
    "arguments": N_("写过的理由"),
    "asked_surpluses": N_("提过的结余分配"),
    "assisted_access": N_("代办授权"),
    "assisted_act": N_("代办的事"),
    "attendance": N_("签到签退"),
    "back_fill": N_("补录申请"),
    "bid_acts": N_("替单位投的标"),
    "billed_months": N_("出过的账单"),
    "bin_drop": N_("登记的垃圾投放"),
    "body_terms": N_("在议事组织的任期"),
    "cash_counts": N_("清点过的现金"),
    "check_in_attempt": N_("扫码经过"),
    "coin_gift": N_("转赠和捐赠的时间币"),
    "coin_grant": N_("社区发的时间币"),
    "complaints": N_("对项目的异议和投诉"),
    "consent": N_("同意书"),
    "decided_appeals": N_("决定过的申诉"),
    "decision_notes": N_("写过的办理记录"),
    "decisions_in_charge": N_("负责办理的决定"),
    "declared_conflicts": N_("申报的利益关系"),
    "deliveries": N_("提交的成果"),
    "demands_signed": N_("联名要求开的会"),
    "denied_deliveries": N_("说没收到的选票"),
    "deposits": N_("押金"),
    "earning": N_("得到的积分和时间币"),
    "endorsements": N_("附议过的议题"),
    "entries": N_("每一笔账"),
    "evaluator": N_("评委登记"),
    "exchange_layout": N_("改过的表头"),
    "filled_form": N_("填过的报表"),
    "flags": N_("举报"),
    "good_deed": N_("好人好事奖励"),
    "guardianship": N_("监护关系"),
    "honours": N_("荣誉"),
    "hours": N_("时长账"),
    "hours_dispute": N_("对时长的异议"),
    "hours_import": N_("导入的时长表"),
    "hours_record": N_("服务时长"),
    "hours_version": N_("时长的更正"),
    "household_member": N_("同住关系"),
    "joining_application": N_("加入申请"),
    "keys": N_("持有的批准钥匙"),
    "mandates": N_("投票委托"),
    "meetings": N_("参加的会议"),
    "meetings_led": N_("主持或记录的会议"),
    "membership": N_("在哪个社区"),
    "messages": N_("收到的消息"),
    "moderations": N_("处理过的内容"),
    "motions": N_("提出和附议的动议"),
    "need": N_("求助"),
    "need_acceptance": N_("上门服务"),
    "objections": N_("提出的异议"),
    "offer": N_("愿意帮的忙"),
    "one_time_code": N_("一次性登录码"),
    "opener_keys": N_("登记的开启公钥"),
    "opener_of": N_("担任开启人的封存箱"),
    "openings": N_("做过的建账"),
    "opens_polls": N_("担任开启人的表决"),
    "opinions": N_("提出的看法"),
    "organization_staff": N_("任职的单位"),
    "ownership": N_("房屋产权"),
    "panel_lists": N_("公布的评委名单"),
    "panel_seats": N_("评审席位和打分"),
    "panels": N_("圆桌抽签"),
    "paper_sheet": N_("上传的签到表"),
    "paper_sheet_line": N_("签到表上的签名"),
    "payment_plans": N_("分期缴费约定"),
    "person": N_("姓名和生日"),
    "personal_code": N_("我的码"),
    "phone": N_("手机号"),
    "pledges": N_("认捐"),
    "points": N_("积分账"),
    "prepared_funds": N_("建过的资金账"),
    "project_endorsements": N_("附议过的项目"),
    "projects": N_("提过的项目"),
    "published_notices": N_("发布的公示"),
    "published_reports": N_("发布的报表"),
    "questions": N_("提过的问题"),
    "raised_matters": N_("提请批准的事"),
    "receipts": N_("物业费收据"),
    "recorded_topics": N_("替人录入的议题"),
    "redemptions": N_("兑换"),
    "relative_bond": N_("亲属关系"),
    "reminders": N_("催缴记录"),
    "resident_change": N_("居民变动登记"),
    "role_grant": N_("角色"),
    "roll_corrections": N_("名册更正申请"),
    "rule_set": N_("订过的规则"),
    "service_record": N_("志愿服务记录"),
    "shift_swap": N_("换班"),
    "sign_in_session": N_("登录过的设备"),
    "sign_up": N_("报名"),
    "site_notes": N_("现场看到的情况"),
    "speeches": N_("会上发言"),
    "spending_requests": N_("提过的用款申请"),
    "street_form": N_("上传的报表"),
    "survey_answers": N_("满意度调查的回答"),
    "tenancy": N_("租住"),
    "tender_opener_of": N_("担任开启人的招标"),
    "tender_questions": N_("对招标的提问"),
    "time": N_("时间币账"),
    "topic_answers": N_("对议题的答复"),
    "topic_mergers": N_("提议合并的议题"),
    "topic_rules": N_("订过的议题规则"),
    "topic_steps": N_("议题办理经过"),
    "topics": N_("提过的议题"),
    "useful_marks": N_("觉得有用的理由"),
    "venture_applications": N_("公益创投申报"),
    "jury_offers": N_("自荐当公益创投评委"),
    "viewpoint_answers": N_("对看法的回答"),
    "volunteer_block": N_("暂停参加"),
    "volunteer_skill": N_("我会的"),
    "votes": N_("投票"),
}

_titles: dict[str, str] = {}


def name_acts(titles: dict[str, str]) -> None:
    """Take each command's words: the title of the permission its API row asks for."""
    _titles.update(titles)


def act_words(act: str) -> str:
    """Tell a command, such as `volunteering.sign_up`, in words."""
    title = _titles.get(act)
    return gettext(title) if title else room_words(act.partition(".")[0])


def room_words(room: str) -> str:
    """Tell a room in words."""
    return gettext(ROOMS[room]) if room in ROOMS else room


def held_words(part: str) -> str:
    """Tell a part of a person's copy of everything in words; a room's own name when it is new."""
    return gettext(HELD[part]) if part in HELD else part


def role_options(roles: frozenset[Role]) -> list[tuple[str, str]]:
    """List roles for a field."""
    return [(role.value, gettext(ROLES[role])) for role in Role if role in roles]


def scope_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """List what may be lent to a helper, room by room."""
    table = permission_table()
    codes = lendable(table.codes_for({Role.RESIDENT}))
    groups: dict[str, list[tuple[str, str]]] = {}
    for each in table.permissions:
        # Pages come along with the acts of their room and are not chosen one by one.
        if each.code in codes and not is_reading(each.code):
            room = each.code.partition(".")[0]
            groups.setdefault(room, []).append((each.code, gettext(each.title)))
    return [(room_words(room), options) for room, options in groups.items()]


def scope_words(scope: tuple[str, ...]) -> list[str]:
    """Tell a scope's acts in words; pages come along, codes of rooms that are gone do not."""
    table = permission_table().by_code
    return [gettext(table[code].title) for code in scope if code in table and not is_reading(code)]


def sex_options() -> list[tuple[str, str]]:
    """Give what can be said of one's sex, saying nothing first."""
    return [("", gettext("不填")), *((each.value, gettext(SEXES[each])) for each in Sex)]
