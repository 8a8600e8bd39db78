"""The figures a street form may ask for, and how a cell is named."""

from __future__ import annotations

import re
from enum import StrEnum

from community.kernel.errors import N_


class Figure(StrEnum):
    """One figure of a span."""

    COMMUNITY = "community"
    SPAN = "span"
    FILLED_ON = "filled_on"
    VOLUNTEERS = "volunteers"
    SERVICES = "services"
    MINUTES = "minutes"
    ACTIVITIES = "activities"
    RECEIVERS = "receivers"
    VISITS = "visits"
    RECEIVED_MINUTES = "received_minutes"
    POINTS = "points"
    COINS = "coins"
    BAGS = "bags"


FIGURE_TITLES = {
    Figure.COMMUNITY: N_("社区名称"),
    Figure.SPAN: N_("起止日期"),
    Figure.FILLED_ON: N_("填表日期"),
    Figure.VOLUNTEERS: N_("参加服务的人数"),
    Figure.SERVICES: N_("服务人次"),
    Figure.MINUTES: N_("服务小时数"),
    Figure.ACTIVITIES: N_("活动场数"),
    Figure.RECEIVERS: N_("接受上门服务的人数"),
    Figure.VISITS: N_("上门服务次数"),
    Figure.RECEIVED_MINUTES: N_("上门服务小时数"),
    Figure.POINTS: N_("发出的积分"),
    Figure.COINS: N_("发出的时间币（小时）"),
    Figure.BAGS: N_("垃圾分类投放次数"),
}
# Minutes are shown in hours with two decimals, cut.
IN_HOURS = frozenset({Figure.MINUTES, Figure.RECEIVED_MINUTES, Figure.COINS})
_CELL = re.compile(r"(?:(?P<sheet>[^!\[\]:*?/\\]{1,31})!)?(?P<cell>[A-Za-z]{1,3}[1-9][0-9]{0,6})\Z")


def split_cell(typed: str) -> tuple[str, str] | None:
    """Read `C5` or `报表!C5` as sheet (empty for the first) and cell; None when it is neither."""
    found = _CELL.match(typed.strip().replace("！", "!"))
    return None if found is None else (found["sheet"] or "", found["cell"].upper())
