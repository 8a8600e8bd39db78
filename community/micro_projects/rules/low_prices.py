"""Abnormally low prices: far below the mean of the others, or far below the next one."""

from __future__ import annotations

from collections.abc import Sequence

WHOLE_BP = 10_000


def is_far_below_mean(price_fen: int, others: Sequence[int], below_bp: int) -> bool:
    """Tell whether a price is `below_bp` or more under the mean of the others; exact."""
    if not others:
        return False
    return price_fen * len(others) * WHOLE_BP <= sum(others) * (WHOLE_BP - below_bp)


def is_far_below_next(price_fen: int, others: Sequence[int], below_bp: int) -> bool:
    """Tell whether a price is `below_bp` or more under the next higher one; exact."""
    above = [other for other in others if other >= price_fen]
    return bool(above) and price_fen * WHOLE_BP <= min(above) * (WHOLE_BP - below_bp)


def is_abnormally_low(
    price_fen: int, others: Sequence[int], mean_below_bp: int, next_below_bp: int
) -> bool:
    """Tell whether a price asks for an explanation; `others` are the other compliant prices."""
    return is_far_below_mean(price_fen, others, mean_below_bp) or is_far_below_next(
        price_fen, others, next_below_bp
    )
