"""What a body (议事组织) is, the figures by which it meets and decides, and when terms end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from community.deliberation.errors.bodies import FiguresUnclear, TermReversed
from community.kernel.errors import N_


class BodyKind(StrEnum):
    """Which body it is."""

    COUNCIL = "council"
    OWNERS_MEETING = "owners_meeting"
    COMMITTEE = "committee"
    THREE_PARTY = "three_party"


KIND_TITLES: dict[BodyKind, str] = {
    BodyKind.COUNCIL: N_("居民议事会"),
    BodyKind.OWNERS_MEETING: N_("业主大会"),
    BodyKind.COMMITTEE: N_("业主委员会"),
    BodyKind.THREE_PARTY: N_("三方联席会议"),
}


class Office(StrEnum):
    """What somebody is in a body."""

    CHAIR = "chair"
    DEPUTY = "deputy"
    SECRETARY = "secretary"
    MEMBER = "member"


OFFICE_TITLES: dict[Office, str] = {
    Office.CHAIR: N_("主持人"),
    Office.DEPUTY: N_("副主持人"),
    Office.SECRETARY: N_("记录人"),
    Office.MEMBER: N_("成员"),
}


class Side(StrEnum):
    """For whom somebody sits in a three-party meeting."""

    RESIDENTS = "residents"
    PROPERTY = "property"
    COMMUNITY = "community"


SIDE_TITLES: dict[Side, str] = {
    Side.RESIDENTS: N_("业主和居民"),
    Side.PROPERTY: N_("物业公司"),
    Side.COMMUNITY: N_("社区"),
}


class PassingBase(StrEnum):
    """Of whom a majority is asked."""

    PRESENT = "present"
    MEMBERS = "members"


BASE_TITLES: dict[PassingBase, str] = {
    PassingBase.PRESENT: N_("到会人数"),
    PassingBase.MEMBERS: N_("全体成员"),
}


@dataclass(frozen=True, slots=True)
class BodyFigures:
    """The figures of a body, as fractions of whole numbers.

    Quorum: present of members, the figure included. Passing: yes of `passing_base`; more than the
    figure, or the figure included when `is_passing_inclusive`. Demand: of members, included.
    """

    notice_days: int
    quorum_num: int
    quorum_den: int
    passing_num: int
    passing_den: int
    is_passing_inclusive: bool
    passing_base: PassingBase
    demand_num: int
    demand_den: int
    posting_days: int
    speech_seconds: int
    speeches_each: int
    meetings_a_year: int
    legal_basis: str


_HALF = (1, 2, False)

# What a new body begins with; everything can be changed by a new, dated set of figures.
PRESETS: dict[BodyKind, BodyFigures] = {
    BodyKind.COUNCIL: BodyFigures(
        3, 2, 3, *_HALF, PassingBase.PRESENT, 1, 3, 5, 120, 2, 6, "居民议事会议事规则（示范文本）"
    ),
    # Source: 《业主大会和业主委员会指导规则》 Arts. 21, 22: notice 15 days, a demand by 20 %.
    BodyKind.OWNERS_MEETING: BodyFigures(
        15,
        2,
        3,
        *_HALF,
        PassingBase.PRESENT,
        1,
        5,
        7,
        180,
        2,
        1,
        "民法典第 278 条；业主大会和业主委员会指导规则",
    ),
    # Source: 《业主大会和业主委员会指导规则》 Arts. 37 to 39: 7 days, more than half of all.
    BodyKind.COMMITTEE: BodyFigures(
        7,
        1,
        2,
        *_HALF,
        PassingBase.MEMBERS,
        1,
        3,
        3,
        180,
        2,
        6,
        "业主大会和业主委员会指导规则",
    ),
    BodyKind.THREE_PARTY: BodyFigures(
        3, 2, 3, *_HALF, PassingBase.PRESENT, 1, 3, 5, 180, 2, 4, "三方联席会议制度（示范文本）"
    ),
}


class TermPhase(StrEnum):
    """Where a member's term stands on a day."""

    COMING = "coming"
    SERVING = "serving"
    ENDING = "ending"
    OVER = "over"


WARNING_DAYS = 90


def check_figures(figures: BodyFigures) -> None:
    """Refuse figures that are no share of a whole.

    Raises: FiguresUnclear.
    """
    shares = (
        (figures.quorum_num, figures.quorum_den),
        (figures.passing_num, figures.passing_den),
        (figures.demand_num, figures.demand_den),
    )
    if any(not 0 < part <= whole for part, whole in shares):
        raise FiguresUnclear
    # A tie fails and a minority never decides, whatever a body writes down.
    if 2 * figures.passing_num < figures.passing_den:
        raise FiguresUnclear


def check_term(from_on: date, until_on: date) -> None:
    """Refuse a term that ends before it begins; the last day itself is not in it.

    Raises: TermReversed.
    """
    if until_on <= from_on:
        raise TermReversed


def term_phase(from_on: date, until_on: date, on: date) -> TermPhase:
    """Tell where a term stands on a day: it warns `WARNING_DAYS` before its end."""
    if on < from_on:
        return TermPhase.COMING
    if on >= until_on:
        return TermPhase.OVER
    return TermPhase.ENDING if until_on - on <= timedelta(days=WARNING_DAYS) else TermPhase.SERVING


def needed_heads(members: int, numerator: int, denominator: int) -> int:
    """Tell how many of `members` reach a share, the figure included (rounded up)."""
    return -(-members * numerator // denominator)
