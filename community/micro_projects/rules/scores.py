"""Scores of bids: price score, the panel's mean, totals, and who comes before whom.

Points are kept in hundredths, whole; a price score is rounded half up to 2 places, as the panel's
mean is, so what is printed is what counts. A tie of printed totals is broken on the exact price,
then on the exact technical sum, then by a public lot.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PricedBid:
    """A compliant bid: its exact price, and the marks its members gave, in hundredths.

    `marks` holds for each member the sum of the marks on all criteria.
    """

    bid_id: int
    price_fen: int
    marks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranked:
    """A bid's place, its scores in hundredths, and whom only a lot can part it from."""

    place: int
    bid_id: int
    price_fen: int
    price_score: int
    technical: int
    total: int
    tied_with: tuple[int, ...] = ()


def price_hundredths(lowest_fen: int, price_fen: int, weight: int) -> int:
    """Give lowest compliant price / price x weight in hundredths, rounded half up, exactly."""
    return _half_up(lowest_fen * weight * 100, price_fen)


def price_score(lowest_fen: int, price_fen: int, weight: int) -> Decimal:
    """Give the price score as it is printed, with 2 places."""
    return Decimal(price_hundredths(lowest_fen, price_fen, weight)).scaleb(-2)


def mean_hundredths(marks: Sequence[int]) -> int:
    """Give the mean of members' marks in hundredths, rounded half up; 0 where nobody marked."""
    if not marks:
        return 0
    return _half_up(sum(marks), len(marks))


def _half_up(part: int, whole: int) -> int:
    return (2 * part + whole) // (2 * whole)


def rank_bids(
    bids: Iterable[PricedBid], price_weight: int, lot: Mapping[int, int] | None = None
) -> tuple[Ranked, ...]:
    """Put compliant bids in order; `lot` gives a drawn bid's place among those it was tied with.

    Only compliant bids may be given: a disqualified price is never the base. Bids that a lot would
    have to part, and that none has parted yet, name each other in `tied_with`.
    """
    found = list(bids)
    if not found:
        return ()
    lowest = min(one.price_fen for one in found)
    drawn = lot or {}

    def price_points(one: PricedBid) -> int:
        return price_hundredths(lowest, one.price_fen, price_weight)

    def merit(one: PricedBid) -> tuple[int, int, int]:
        total = price_points(one) + mean_hundredths(one.marks)
        return (-total, one.price_fen, -sum(one.marks))

    ordered = sorted(found, key=lambda one: (*merit(one), drawn.get(one.bid_id, 0), one.bid_id))
    ranked = []
    for place, one in enumerate(ordered, 1):
        equal = [other.bid_id for other in ordered if merit(other) == merit(one)]
        apart = len({drawn.get(bid_id, 0) for bid_id in equal}) == len(equal)
        points, mean = price_points(one), mean_hundredths(one.marks)
        ranked.append(
            Ranked(
                place,
                one.bid_id,
                one.price_fen,
                points,
                mean,
                points + mean,
                () if apart else tuple(each for each in equal if each != one.bid_id),
            )
        )
    return tuple(ranked)


def write_marks(seat_id: int, marks: dict[tuple[int, int], int]) -> bytes:
    """Write a sheet's marks as the exact bytes that are hashed with the salt before them."""
    lines = [[bid, criterion, points] for (bid, criterion), points in sorted(marks.items())]
    told = {"marks": lines, "seat": seat_id}
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode()
