"""Texts of residents that are alike in meaning; it does not know what they ask or propose."""

from community.kernel.similar.ranking import LIKE_ENOUGH, Likeness, rank_alike

__all__ = ["LIKE_ENOUGH", "Likeness", "rank_alike"]
