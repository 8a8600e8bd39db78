"""The desk's links into volunteering."""

from __future__ import annotations

from community.kernel.errors import N_
from community.volunteering import permissions
from community.volunteering.queries.due import due_count
from community.volunteering.views import awards, time_desk
from community.web.access import community
from community.web.extensions import db
from community.web.layout import DeskLink

GROUP = N_("志愿服务")


def _due() -> int:
    return due_count(db.session, community.id)


DESK = (
    DeskLink(
        N_("时间银行"),
        "volunteering.time_desk",
        permissions.SEE_DESK.code,
        order=240,
        due=time_desk.count_due,
        group=GROUP,
    ),
    DeskLink(
        N_("好人好事奖励"),
        "volunteering.awards_desk",
        permissions.SEE_AWARDS.code,
        order=250,
        due=awards.count_due,
        group=GROUP,
    ),
    DeskLink(
        N_("志愿服务记录"),
        "volunteering.records_desk",
        permissions.SEE_SEALED.code,
        order=260,
        group=GROUP,
    ),
    DeskLink(
        N_("垃圾分类投放点"),
        "volunteering.bin_stations",
        permissions.BIN_SCAN.code,
        order=270,
        group=GROUP,
    ),
    DeskLink(
        N_("时长待办"),
        "volunteering.hours_desk",
        permissions.SEE_RECORDS.code,
        order=210,
        due=_due,
        group=GROUP,
    ),
    DeskLink(
        N_("时长导入导出"),
        "volunteering.exchange_desk",
        permissions.SEE_DESK.code,
        order=280,
        group=GROUP,
    ),
    DeskLink(
        N_("街道报表"),
        "volunteering.street_forms_desk",
        permissions.SEE_DESK.code,
        order=285,
        group=GROUP,
    ),
    DeskLink(
        N_("积分与时间银行规则"),
        "volunteering.rules_desk",
        permissions.SEE_DESK.code,
        order=290,
        group=GROUP,
    ),
)
