"""How long projects stand at each station, from their traces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from community.micro_projects.rules.states import STATIONS, ProjectState

Trace = Sequence[tuple[ProjectState, datetime]]


@dataclass(frozen=True, slots=True)
class StationTime:
    """How long projects stood at a station, in whole days; who is there now counts apart."""

    station: ProjectState
    passed: int
    median_days: int
    longest_days: int
    waiting: int
    waiting_longest_days: int


def time_stations(traces: Sequence[Trace], now: datetime) -> tuple[StationTime, ...]:
    """Measure each station over the traces; a project that came back counts each time it stood.

    The median of an even number of stays is the lower of the two in the middle.
    """
    passed: dict[ProjectState, list[int]] = {station: [] for station in STATIONS}
    waiting: dict[ProjectState, list[int]] = {station: [] for station in STATIONS}
    for trace in traces:
        for (station, came), (_, went) in pairwise(trace):
            if station in passed:
                passed[station].append((went - came).days)
        if trace and trace[-1][0] in waiting:
            station, came = trace[-1]
            waiting[station].append((now - came).days)
    return tuple(
        StationTime(
            station,
            len(passed[station]),
            _median(passed[station]),
            max(passed[station], default=0),
            len(waiting[station]),
            max(waiting[station], default=0),
        )
        for station in STATIONS
        if station is not ProjectState.CLOSED
    )


def _median(days: list[int]) -> int:
    return sorted(days)[(len(days) - 1) // 2] if days else 0
