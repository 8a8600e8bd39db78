"""What outstanding points would cost, and whether the money left covers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PriceTag:
    """What one item costs the resident in points and the community in fen."""

    points: int
    cost_fen: int


@dataclass(frozen=True, slots=True)
class PointsCost:
    """What a number of points would cost, in fen, if all were redeemed today."""

    typical_fen: int
    dearest_fen: int


def cost_of_points(points: int, tags: Sequence[PriceTag]) -> PointsCost:
    """Estimate by the catalogue: at its average rate, and all in its dearest item.

    Rounded up to the fen, so that the estimate never flatters; nothing listed costs nothing.
    """
    if not tags or points <= 0:
        return PointsCost(0, 0)
    price, cost = sum(tag.points for tag in tags), sum(tag.cost_fen for tag in tags)
    typical = _round_up(points * cost, price)
    dearest = max(_round_up(points * tag.cost_fen, tag.points) for tag in tags)
    return PointsCost(typical, dearest)


def _round_up(number: int, divisor: int) -> int:
    return -(-number // divisor)
