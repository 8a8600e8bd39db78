"""Rules of panels drawn by lot (圆桌): states, age bands, and when a seed is no surprise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from community.kernel.errors import N_

MOST_SEATS = 200
YOUNGEST = 18
AGE_BANDS: tuple[tuple[str, int], ...] = (
    ("18-34", 18),
    ("35-49", 35),
    ("50-64", 50),
    ("65-74", 65),
    ("75+", 75),
)
UNKNOWN = "?"
# Between the list's publication and the seed, so that the list can be copied and kept first.
SOONEST = timedelta(hours=1)
SALT_BYTES = 10


class PanelState(StrEnum):
    """Where a panel stands."""

    DRAFT = "draft"
    LISTED = "listed"
    DRAWN = "drawn"
    SEATED = "seated"
    CANCELLED = "cancelled"


PANEL_STEPS: dict[PanelState, frozenset[PanelState]] = {
    PanelState.DRAFT: frozenset({PanelState.LISTED, PanelState.CANCELLED}),
    PanelState.LISTED: frozenset({PanelState.DRAWN, PanelState.CANCELLED}),
    PanelState.DRAWN: frozenset({PanelState.SEATED, PanelState.CANCELLED}),
    PanelState.SEATED: frozenset(),
    PanelState.CANCELLED: frozenset(),
}


class InvitationState(StrEnum):
    """What became of an invitation."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    UNANSWERED = "unanswered"


INVITATION_STEPS: dict[InvitationState, frozenset[InvitationState]] = {
    InvitationState.INVITED: frozenset(
        {InvitationState.ACCEPTED, InvitationState.DECLINED, InvitationState.UNANSWERED}
    ),
    InvitationState.ACCEPTED: frozenset({InvitationState.DECLINED}),
    InvitationState.DECLINED: frozenset(),
    InvitationState.UNANSWERED: frozenset(),
}
HOLDS_SEAT = frozenset({InvitationState.INVITED, InvitationState.ACCEPTED})


class SeedSource(StrEnum):
    """Where the seed comes from: nobody can know it when the list is published."""

    CHECKPOINT = "checkpoint"
    LOTTERY = "lottery"


class Feature(StrEnum):
    """What quotas can be set on, in the order in which a line of the list names them."""

    AGE = "age"
    BUILDING = "building"
    # On the list only where a quota asks for it.
    SEX = "sex"


FEATURES: tuple[Feature, ...] = tuple(Feature)
# As people said themselves; whoever did not say is UNKNOWN, a value like the others.
SEXES: Mapping[str, str] = {"female": "女", "male": "男"}

TITLES: dict[PanelState | InvitationState | SeedSource | Feature, str] = {
    PanelState.DRAFT: N_("草稿"),
    PanelState.LISTED: N_("名单已公布，等种子"),
    PanelState.DRAWN: N_("已抽出，邀请中"),
    PanelState.SEATED: N_("已成立"),
    PanelState.CANCELLED: N_("已取消"),
    InvitationState.INVITED: N_("等答复"),
    InvitationState.ACCEPTED: N_("愿意参加"),
    InvitationState.DECLINED: N_("不参加"),
    InvitationState.UNANSWERED: N_("逾期未答复"),
    SeedSource.CHECKPOINT: N_("公开日志的校验点"),
    SeedSource.LOTTERY: N_("公开开奖的号码"),
    Feature.AGE: N_("年龄"),
    Feature.BUILDING: N_("楼栋"),
    Feature.SEX: N_("性别"),
}


def features_of(asked: Iterable[int]) -> tuple[Feature, ...]:
    """Tell what a line of a list names, given the features of its quotas."""
    return FEATURES if FEATURES.index(Feature.SEX) in set(asked) else FEATURES[:-1]


def age_band(birth_year: int | None, year: int) -> str | None:
    """Give the band of the age reached this year; None below 18, "?" where it is not known."""
    if birth_year is None:
        return UNKNOWN
    age = year - birth_year
    return next((name for name, least in reversed(AGE_BANDS) if age >= least), None)


def is_surprise(seed_at: datetime, listed_at: datetime) -> bool:
    """Tell whether a seed born then could not be known when the list was published."""
    return seed_at >= listed_at + SOONEST
