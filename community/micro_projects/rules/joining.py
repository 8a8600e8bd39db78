"""Endorsing and merging ideas, decided on plain values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from community.kernel.errors import N_
from community.micro_projects.rules.states import ProjectState

ADULT_AT = 18


class MergerState(StrEnum):
    """How far a proposal to make two ideas one has come."""

    PROPOSED = "proposed"
    MERGED = "merged"
    DECLINED = "declined"
    LAPSED = "lapsed"


MERGER_TITLES = {
    MergerState.PROPOSED: N_("等待提出人同意"),
    MergerState.MERGED: N_("已合并"),
    MergerState.DECLINED: N_("有一位提出人不同意"),
    MergerState.LAPSED: N_("到期没有回复"),
}
MERGE_STEPS: Mapping[MergerState, frozenset[MergerState]] = {
    MergerState.PROPOSED: frozenset({MergerState.MERGED, MergerState.DECLINED, MergerState.LAPSED}),
    MergerState.MERGED: frozenset(),
    MergerState.DECLINED: frozenset(),
    MergerState.LAPSED: frozenset(),
}
# Later the council or the street has seen it as it is.
MERGEABLE = frozenset({ProjectState.SUBMITTED, ProjectState.ENDORSING})


def is_adult(birth_year: int | None, today: date) -> bool:
    """Tell whether somebody is 18 by the year of birth alone, taking its last day.

    An unknown year counts as adult: the desk admits children by their year of birth.
    Source: 民法典 Art. 17.
    """
    return birth_year is None or today >= date(birth_year + ADULT_AT, 12, 31)
