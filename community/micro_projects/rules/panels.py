"""The panel that scores bids: odd, mostly experts, the first in the lot's order that fits.

`lots.rank` puts all candidates in one order; going down it, a candidate is seated if the panel can
still have its share of experts. A pool that is too small is refused, never a smaller panel made.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from community.kernel.errors import N_

SEPARATOR = "|"
SALT_BYTES = 10
# Fewer marks than these decide nothing.
LEAST_SHEETS = 3
# Between the list's publication and the seed, so that the list can be copied and kept first.
SOONEST = timedelta(hours=1)


class SeatKind(StrEnum):
    """As what somebody is in the pool."""

    EXPERT = "expert"
    RESIDENT = "resident"
    OFFICIAL = "official"


SEAT_KIND_TITLES = {
    SeatKind.EXPERT: N_("专家"),
    SeatKind.RESIDENT: N_("居民代表"),
    SeatKind.OFFICIAL: N_("政府代表"),
}
# Whom a tender's panel is drawn from: those who pay do not score what they buy.
DRAWN_KINDS = frozenset({SeatKind.EXPERT, SeatKind.RESIDENT})


class SeatState(StrEnum):
    """What became of a seat."""

    SEATED = "seated"
    RECUSED = "recused"
    SIGNED = "signed"
    VOID = "void"


SEAT_TITLES = {
    SeatState.SEATED: N_("等待评分"),
    SeatState.RECUSED: N_("已回避"),
    SeatState.SIGNED: N_("已签字"),
    SeatState.VOID: N_("评分作废"),
}
SEAT_STEPS = {
    SeatState.SEATED: frozenset({SeatState.RECUSED, SeatState.SIGNED}),
    SeatState.SIGNED: frozenset({SeatState.VOID}),
    SeatState.RECUSED: frozenset[SeatState](),
    SeatState.VOID: frozenset[SeatState](),
}
ON_PANEL = frozenset({SeatState.SEATED, SeatState.SIGNED})


class SeedSource(StrEnum):
    """Where a lot's seed comes from: nobody can know it when the list is published."""

    CHECKPOINT = "checkpoint"
    LOTTERY = "lottery"


SEED_TITLES = {
    SeedSource.CHECKPOINT: N_("公开日志的校验点"),
    SeedSource.LOTTERY: N_("公开开奖的号码"),
}


class LotPurpose(StrEnum):
    """What is drawn."""

    PANEL = "panel"
    TIE = "tie"
    # Residents who put themselves forward to judge a call.
    JURY = "jury"


class Bar(StrEnum):
    """Why somebody of the pool cannot be drawn."""

    BIDDER_STAFF = "bidder_staff"
    RELATIVE = "relative"
    PROPOSER = "proposer"
    CONFLICT = "conflict"
    OFFICER = "officer"
    RECUSED = "recused"


BAR_TITLES = {
    Bar.BIDDER_STAFF: N_("投标单位的人员"),
    Bar.RELATIVE: N_("投标单位人员或提议人的亲属、同住人"),
    Bar.PROPOSER: N_("项目提议人"),
    Bar.CONFLICT: N_("申报过利益关系"),
    Bar.OFFICER: N_("编制、审查或开启这次招标的人"),
    Bar.RECUSED: N_("在这次评审中回避过"),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One line of the published list: a token that tells nobody who it is, and the kind."""

    token: str
    kind: SeatKind

    @property
    def line(self) -> str:
        """Write it as the list has it."""
        return f"{self.token}{SEPARATOR}{self.kind.value}"


def read_line(line: str) -> Candidate:
    """Read a line of the list. Raises: ValueError."""
    token, kind = line.split(SEPARATOR)
    return Candidate(token, SeatKind(kind))


def experts_needed(seats: int, share: tuple[int, int]) -> int:
    """Count the experts a panel needs at least: `share` is (2, 3) for two thirds, rounded up."""
    parts, whole = share
    return -(-parts * seats // whole)


def is_panel_size(seats: int) -> bool:
    """Tell whether a panel may have that many: odd, so that it can lean one way."""
    return seats % 2 == 1


def shortfall(candidates: Sequence[Candidate], seats: int, experts: int) -> tuple[int, int]:
    """Tell how many candidates and how many experts are missing for a panel."""
    present = sum(one.kind is SeatKind.EXPERT for one in candidates)
    return max(0, seats - len(candidates)), max(0, experts - present)


def fill_seats(
    order: Sequence[Candidate],
    seats: int,
    experts: int,
    kept: Collection[str] = (),
    left: Collection[str] = (),
) -> tuple[Candidate, ...] | None:
    """Choose who takes the open seats, in the lot's order; None when the panel cannot be filled.

    `kept` sit already, `left` gave their seat up; both are tokens. At the first draw both are
    empty.
    """
    sitting = [one for one in order if one.token in kept]
    others = sum(one.kind is not SeatKind.EXPERT for one in sitting)
    drawn: list[Candidate] = []
    for one in order:
        if len(sitting) + len(drawn) == seats:
            break
        if one.token in kept or one.token in left:
            continue
        if one.kind is not SeatKind.EXPERT:
            if others == seats - experts:
                continue
            others += 1
        drawn.append(one)
    return tuple(drawn) if len(sitting) + len(drawn) == seats else None


def is_quorate(kinds: Sequence[SeatKind], share: tuple[int, int]) -> bool:
    """Tell whether the sheets that are left after some were voided still decide."""
    experts = sum(kind is SeatKind.EXPERT for kind in kinds)
    return len(kinds) >= LEAST_SHEETS and experts >= experts_needed(len(kinds), share)


def is_surprise(seed_at: datetime, listed_at: datetime) -> bool:
    """Tell whether a seed born then could not be known when the list was published."""
    return seed_at >= listed_at + SOONEST
