"""The words in which roles, relations, ways to sign in and acts appear on pages."""

from __future__ import annotations

from flask_babel import gettext

from community.identity.models import AccessProof, ConsentKind, Relation, SignInWay
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
