"""What the street office sees of all its communities' projects, as plain values and charts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext
from sqlalchemy.orm import Session

from community import identity, micro_projects
from community.dashboards.queries import list_communities
from community.kernel.permissions import Role
from community.web import charts
from community.web.sheets import Cell, Fen, Sheet

LATE_SHOWN = 50


@dataclass(frozen=True, slots=True)
class CommunityProjects:
    """One community's projects; `slug` leads there."""

    slug: str
    name: str
    figures: micro_projects.ProjectFigures

    @property
    def budget_fen(self) -> int:
        """Add up what was approved."""
        return sum(each.budget_fen for each in self.figures.kinds)

    @property
    def contracted_fen(self) -> int:
        """Add up what was contracted."""
        return sum(each.contracted_fen for each in self.figures.kinds)

    @property
    def paid_fen(self) -> int:
        """Add up what was paid."""
        return sum(each.paid_fen for each in self.figures.kinds)


@dataclass(frozen=True, slots=True)
class FirmLine:
    """An organization over all communities of the street."""

    name: str
    communities: int
    contracts: int
    broken_off: int
    amount_fen: int
    paid_fen: int
    milestones: int
    accepted: int
    late: int
    content_bp: int | None


def communities_of(
    session: Session, person_id: int, year: int | None = None
) -> list[CommunityProjects]:
    """List the communities a street officer looks after, the most late milestones first."""
    rows = []
    for community in list_communities(session):
        actor = identity.actor_for(session, person_id, community.id)
        if actor is not None and Role.STREET.value in actor.roles:
            found = micro_projects.project_figures(session, community.id, year)
            rows.append(CommunityProjects(community.slug, community.name, found))
    return sorted(rows, key=lambda row: (-len(row.figures.late), row.name))


def late_lines(
    rows: Sequence[CommunityProjects],
) -> list[tuple[CommunityProjects, micro_projects.LateMilestone]]:
    """List every late milestone with its community, the longest overdue first."""
    found = [(row, each) for row in rows for each in row.figures.late]
    return sorted(found, key=lambda pair: (-pair[1].days, -pair[1].amount_fen))


def firms(rows: Sequence[CommunityProjects]) -> list[FirmLine]:
    """Add organizations up over communities, the most money first."""
    found: dict[int, list[micro_projects.OrganizationResult]] = defaultdict(list)
    for row in rows:
        for each in row.figures.organizations:
            found[each.organization_id].append(each)
    lines = []
    for own in found.values():
        content = [each.content_bp for each in own if each.content_bp is not None]
        lines.append(
            FirmLine(
                own[-1].name,
                len(own),
                sum(each.contracts for each in own),
                sum(each.broken_off for each in own),
                sum(each.amount_fen for each in own),
                sum(each.paid_fen for each in own),
                sum(each.milestones for each in own),
                sum(each.accepted for each in own),
                sum(each.late for each in own),
                sum(content) // len(content) if content else None,
            )
        )
    return sorted(lines, key=lambda each: (-each.amount_fen, each.name))


def money_chart(rows: Sequence[CommunityProjects]) -> charts.Drawn:
    """Draw by kind what was paid, contracted but unpaid, and not yet contracted, in yuan."""
    kinds = list(micro_projects.ProjectKind)
    sums = {kind: [0, 0, 0] for kind in kinds}
    for row in rows:
        for each in row.figures.kinds:
            parts = (
                each.paid_fen,
                max(each.contracted_fen - each.paid_fen, 0),
                max(each.budget_fen - each.contracted_fen, 0),
            )
            for place, fen in enumerate(parts):
                sums[each.kind][place] += fen
    names = (gettext("已付"), gettext("已签未付"), gettext("未签"))
    return charts.ranked(
        gettext("各类项目的钱（元）"),
        gettext("类别"),
        [gettext(micro_projects.KIND_TITLES[kind]) for kind in kinds],
        [(name, [sums[kind][place] // 100 for kind in kinds]) for place, name in enumerate(names)],
    )


def station_chart(rows: Sequence[CommunityProjects]) -> charts.Drawn:
    """Draw how long projects stood at each station: the middle one, in days."""
    times = station_times(rows)
    return charts.ranked(
        gettext("每一站的天数（中位数）"),
        gettext("站点"),
        [gettext(micro_projects.STATE_TITLES[each.station]) for each in times],
        [(gettext("天"), [each.median_days for each in times])],
    )


def station_times(rows: Sequence[CommunityProjects]) -> list[micro_projects.StationTime]:
    """Put the communities' stations together, each weighed by how many passed it."""
    found: dict[micro_projects.ProjectState, list[micro_projects.StationTime]] = defaultdict(list)
    for row in rows:
        for each in row.figures.stations:
            found[each.station].append(each)
    return [
        micro_projects.StationTime(
            station,
            sum(each.passed for each in own),
            _middle(own),
            max(each.longest_days for each in own),
            sum(each.waiting for each in own),
            max(each.waiting_longest_days for each in own),
        )
        for station, own in found.items()
    ]


def sheets(rows: Sequence[CommunityProjects]) -> list[Sheet]:
    """Write everything as sheets of a workbook."""
    return [_community_sheet(rows), _station_sheet(rows), _late_sheet(rows), _firm_sheet(rows)]


def _community_sheet(rows: Sequence[CommunityProjects]) -> Sheet:
    heads = [
        gettext("社区"), gettext("进行中"), gettext("已结项"), gettext("逾期节点"),
        gettext("年度额度"), gettext("已占用"), gettext("批准预算"), gettext("合同金额"),
        gettext("已付"),
    ]  # fmt: skip
    lines: list[list[Cell]] = [
        [
            row.name, row.figures.going, row.figures.closed, len(row.figures.late),
            Fen(row.figures.quota_fen), Fen(row.figures.reserved_fen), Fen(row.budget_fen),
            Fen(row.contracted_fen), Fen(row.paid_fen),
        ]
        for row in rows
    ]  # fmt: skip
    return Sheet(gettext("各社区"), heads, lines)


def _station_sheet(rows: Sequence[CommunityProjects]) -> Sheet:
    heads = [
        gettext("站点"), gettext("走过的次数"), gettext("中位天数"), gettext("最长天数"),
        gettext("停在这里"), gettext("停得最久（天）"),
    ]  # fmt: skip
    lines: list[list[Cell]] = [
        [
            gettext(micro_projects.STATE_TITLES[each.station]), each.passed, each.median_days,
            each.longest_days, each.waiting, each.waiting_longest_days,
        ]
        for each in station_times(rows)
    ]  # fmt: skip
    return Sheet(gettext("每一站的时间"), heads, lines)


def _late_sheet(rows: Sequence[CommunityProjects]) -> Sheet:
    heads = [
        gettext("社区"), gettext("项目"), gettext("节点"), gettext("承接单位"),
        gettext("应完成日"), gettext("逾期天数"), gettext("金额"),
    ]  # fmt: skip
    lines: list[list[Cell]] = [
        [
            row.name, each.project_title, each.title, each.organization_name, each.due_on,
            each.days, Fen(each.amount_fen),
        ]
        for row, each in late_lines(rows)
    ]  # fmt: skip
    return Sheet(gettext("逾期"), heads, lines)


def _firm_sheet(rows: Sequence[CommunityProjects]) -> Sheet:
    heads = [
        gettext("承接单位"), gettext("社区数"), gettext("合同数"), gettext("中途终止"),
        gettext("合同金额"), gettext("已付"), gettext("节点"), gettext("已验收"),
        gettext("逾期节点"), gettext("满意（%）"),
    ]  # fmt: skip
    lines: list[list[Cell]] = [
        [
            each.name, each.communities, each.contracts, each.broken_off, Fen(each.amount_fen),
            Fen(each.paid_fen), each.milestones, each.accepted, each.late,
            None if each.content_bp is None else each.content_bp // 100,
        ]
        for each in firms(rows)
    ]  # fmt: skip
    return Sheet(gettext("承接单位"), heads, lines)


def _middle(own: Sequence[micro_projects.StationTime]) -> int:
    """Give the median of the communities' medians, each as often as projects passed there."""
    weighed = sorted((each.median_days, each.passed) for each in own if each.passed)
    half = (sum(passed for _, passed in weighed) + 1) // 2
    for days, passed in weighed:
        half -= passed
        if half <= 0:
            return days
    return 0
