"""The charts of taking part: by month, age group and kind; who takes little part."""

from __future__ import annotations

from flask_babel import gettext

from community import volunteering
from community.web import charts

# Below half of what all do together, a group takes little part.
LITTLE_PART = 2


def by_month(found: volunteering.Figures) -> charts.Drawn:
    """Draw how many people took part each month."""
    return charts.bars(
        gettext("每月参加人数"),
        gettext("月份"),
        [str(each.month.month) for each in found.months],
        [(gettext("人数"), [each.volunteers for each in found.months])],
    )


def given_and_received(found: volunteering.Figures) -> charts.Drawn:
    """Draw hours given and received each month."""
    return charts.line(
        gettext("每月付出与得到的小时"),
        gettext("月份"),
        [str(each.month.month) for each in found.months],
        [
            (gettext("付出"), [each.given // 60 for each in found.months]),
            (gettext("得到"), [each.received // 60 for each in found.months]),
        ],
    )


def by_kind(found: volunteering.Figures) -> charts.Drawn:
    """Draw hours by kind of service, the most first."""
    kinds = sorted(found.kinds, key=lambda each: -each.minutes)
    return charts.ranked(
        gettext("各类服务的小时"),
        gettext("类别"),
        [gettext(volunteering.SERVICE_TITLES[each.kind]) for each in kinds],
        [(gettext("小时"), [each.minutes // 60 for each in kinds])],
    )


def by_age(found: volunteering.Figures) -> charts.Drawn:
    """Draw people taking part by age group; groups too small to show are left out."""
    shown = [(each, each.volunteers) for each in found.ages if each.volunteers is not None]
    return charts.ranked(
        gettext("各年龄段参加人数"),
        gettext("年龄段"),
        [gettext(volunteering.AGE_TITLES[each.group]) for each, _ in shown],
        [(gettext("人数"), [people for _, people in shown])],
    )


def little_part(found: volunteering.Figures) -> list[tuple[str, int, int]]:
    """List groups whose share taking part is below half of everybody's: title, part, members.

    Compared as whole numbers: part / members < all parts / all members / 2.
    """
    shown = [(each, each.volunteers) for each in found.ages if each.volunteers is not None]
    everybody = sum(each.members for each, _ in shown)
    all_parts = sum(people for _, people in shown)
    return [
        (gettext(volunteering.AGE_TITLES[each.group]), people, each.members)
        for each, people in shown
        if each.members and people * everybody * LITTLE_PART < all_parts * each.members
    ]
