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
    "trust_property": N_("物业资金"),
    "volunteering": N_("志愿服务与时间银行"),
    "dashboards": N_("总览"),
}

# What rooms call the parts of a person's copy of everything.
HELD = {
    "activity": N_("发起的活动"),
    "activity_leader": N_("负责的活动"),
    "assisted_access": N_("代办授权"),
    "assisted_act": N_("代办的事"),
    "attendance": N_("签到签退"),
    "back_fill": N_("补录申请"),
    "bin_drop": N_("登记的垃圾投放"),
    "check_in_attempt": N_("扫码经过"),
    "coin_gift": N_("转赠和捐赠的时间币"),
    "coin_grant": N_("社区发的时间币"),
    "consent": N_("同意书"),
    "earning": N_("得到的积分和时间币"),
    "entries": N_("每一笔账"),
    "exchange_layout": N_("改过的表头"),
    "filled_form": N_("填过的报表"),
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
    "membership": N_("在哪个社区"),
    "messages": N_("收到的消息"),
    "need": N_("求助"),
    "need_acceptance": N_("上门服务"),
    "objections": N_("提出的异议"),
    "offer": N_("愿意帮的忙"),
    "one_time_code": N_("一次性登录码"),
    "organization_staff": N_("任职的单位"),
    "ownership": N_("房屋产权"),
    "paper_sheet": N_("上传的签到表"),
    "paper_sheet_line": N_("签到表上的签名"),
    "person": N_("姓名和生日"),
    "personal_code": N_("我的码"),
    "phone": N_("手机号"),
    "points": N_("积分账"),
    "published_notices": N_("发布的公示"),
    "redemptions": N_("兑换"),
    "relative_bond": N_("亲属关系"),
    "resident_change": N_("居民变动登记"),
    "role_grant": N_("角色"),
    "rule_set": N_("订过的规则"),
    "service_record": N_("志愿服务记录"),
    "shift_swap": N_("换班"),
    "sign_in_session": N_("登录过的设备"),
    "sign_up": N_("报名"),
    "street_form": N_("上传的报表"),
    "tenancy": N_("租住"),
    "time": N_("时间币账"),
    "volunteer_block": N_("暂停参加"),
    "volunteer_skill": N_("我会的"),
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
