"""Which column is what: the many words offices use above their columns."""

from __future__ import annotations

import re
from enum import StrEnum

from community.kernel.errors import N_
from community.kernel.sheets import clean


class Column(StrEnum):
    """What a column of a residents' sheet holds."""

    NAME = "name"
    OWNER = "owner"
    TENANT = "tenant"
    BUILDING = "building"
    ENTRANCE = "entrance"
    ROOM = "room"
    ADDRESS = "address"
    AREA = "area"
    SHARE = "share"
    ID_CARD = "id-card"
    BIRTH = "birth"
    PHONE = "phone"
    OWNER_PHONE = "owner-phone"
    TENANT_PHONE = "tenant-phone"
    RELATION = "relation"
    STANDING = "standing"


TITLES = {
    Column.NAME: N_("姓名"),
    Column.OWNER: N_("业主"),
    Column.TENANT: N_("租户"),
    Column.BUILDING: N_("楼栋"),
    Column.ENTRANCE: N_("单元"),
    Column.ROOM: N_("房号"),
    Column.ADDRESS: N_("完整门牌"),
    Column.AREA: N_("建筑面积"),
    Column.SHARE: N_("产权份额"),
    Column.ID_CARD: N_("身份证号（只读出生日期）"),
    Column.BIRTH: N_("出生日期"),
    Column.PHONE: N_("手机号"),
    Column.OWNER_PHONE: N_("业主手机号"),
    Column.TENANT_PHONE: N_("租户手机号"),
    Column.RELATION: N_("与户主关系"),
    Column.STANDING: N_("住户类型"),
}

_WORDS = {
    Column.NAME: (
        "姓名 名字 住户姓名 居民姓名 住户 居民 户主姓名 户主 家庭成员 成员姓名 "
        "家庭成员姓名 人员姓名 住户名称 成员 居住人 居住人姓名 常住人口 name"
    ),
    Column.OWNER: (
        "业主 业主姓名 业主名称 产权人 产权人姓名 权利人 权利人姓名 房主 房主姓名 "
        "所有权人 房屋所有权人 业主名字 owner"
    ),
    Column.TENANT: "租户 租户姓名 承租人 承租人姓名 租客 租客姓名 租住人 租房人 tenant",
    Column.BUILDING: (
        "楼栋 楼号 幢 栋 楼 幢号 栋号 楼栋号 座 座号 号楼 楼幢 楼座 楼宇 楼栋名称 楼栋编号 building"
    ),
    Column.ENTRANCE: "单元 单元号 门洞 梯号 单元楼 单元门 entrance",
    Column.ROOM: (
        "房号 室 门牌 门牌号 门牌号码 房间号 室号 房屋号 户号 房间 房屋编号 房间号码 "
        "房室号 房屋门牌 room"
    ),
    Column.ADDRESS: (
        "地址 住址 房屋地址 房屋坐落 坐落 家庭住址 详细地址 现住址 楼栋房号 房屋 楼室号 "
        "门牌地址 居住地址 房产地址 房产 楼号房号 楼栋门牌 完整门牌 address"
    ),
    Column.AREA: (
        "建筑面积 面积 房屋面积 产权面积 专有部分面积 建面 房屋建筑面积 专有面积 登记面积 area"
    ),
    Column.SHARE: (
        "产权份额 份额 产权比例 所占份额 共有份额 占比 持有份额 产权占比 所占比例 共有比例 share"
    ),
    Column.ID_CARD: (
        "身份证号 身份证 身份证号码 证件号码 证件号 公民身份号码 身份号码 公民身份证号码 证件"
    ),
    Column.BIRTH: "出生日期 出生年月 出生年月日 生日 出生 出生年份 出生年 birthday",
    Column.PHONE: (
        "电话 手机 联系方式 手机号 手机号码 联系电话 电话号码 移动电话 联系手机 "
        "本人电话 联系号码 联系人电话 电话手机 phone mobile"
    ),
    Column.OWNER_PHONE: (
        "业主电话 业主手机 业主手机号 业主联系方式 业主联系电话 产权人电话 "
        "产权人联系方式 房主电话 产权人手机 业主手机号码 权利人电话"
    ),
    Column.TENANT_PHONE: (
        "租户电话 租户手机 租户手机号 租户联系方式 租户联系电话 承租人电话 "
        "承租人联系方式 租客电话 承租人手机 租客手机 租客联系方式 租户手机号码 "
        "承租人联系电话"
    ),
    Column.RELATION: "与户主关系 关系 与业主关系 与房主关系 家庭关系 户主关系 与产权人关系",
    Column.STANDING: (
        "住户类型 人员类型 类型 身份 居住类型 人员类别 居住性质 住户性质 住户类别 "
        "居住情况 人员性质 居住状况 居住状态 房屋状态 使用情况"
    ),
}
_COLUMN_OF = {word: column for column, words in _WORDS.items() for word in words.split()}
_BRACKETS = re.compile(r"[(（\[【<《].*?[)）\]】>》]")
_NOISE = re.compile(r"[\s*:：、/·.()（）\[\]【】_-]|必填|选填|请填写|填写")
_GROUP = re.compile(r"(?:基本)?(?:信息|情况|资料|登记)$")


def recognize(header: str) -> Column | None:
    """Tell what a header means; None when it is of no use here or not understood."""
    text = clean(header).lower()
    without = _NOISE.sub("", _BRACKETS.sub("", text))
    return _COLUMN_OF.get(without) or _COLUMN_OF.get(_NOISE.sub("", text))


def recognize_pair(upper: str, lower: str) -> Column | None:
    """Tell what a header over two rows means: 租户信息 above 姓名 is the tenant's name."""
    upper, lower = clean(upper), clean(lower)
    if not lower or upper == lower:
        return recognize(upper)
    group = _GROUP.sub("", upper)
    return recognize(group + lower) or recognize(lower) or (None if lower else recognize(upper))


def join_headers(upper: str, lower: str) -> str:
    """Write a header over two rows as one."""
    upper, lower = clean(upper), clean(lower)
    return lower if not upper or upper == lower else f"{upper}·{lower}" if lower else upper
