"""What a sorted bag is worth, and when a building's accuracy may be shown."""

from __future__ import annotations

from dataclasses import dataclass

from community.volunteering.rules.rule_sets import PointRule


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How often a building sorted right; figures are None where too few households took part."""

    building: str
    households: int | None
    drops: int | None
    right_bp: int | None


def bin_points(rule: PointRule, *, is_right: bool, in_month: int) -> int:
    """Tell the points of one bag, within the household's cap of the month."""
    if not is_right:
        return 0
    if rule.bin_cap_a_month is None:
        return rule.bin_points
    return max(0, min(rule.bin_points, rule.bin_cap_a_month - in_month))


def accuracy_of(building: str, households: int, drops: int, right: int, least: int) -> Accuracy:
    """Tell a building's accuracy, hidden when fewer than `least` households took part.

    A figure over one or two households would name them. Basis points are cut, never rounded up.
    """
    if households < least or drops == 0:
        return Accuracy(building, None, None, None)
    return Accuracy(building, households, drops, right * 10_000 // drops)
