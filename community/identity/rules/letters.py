"""How long a household's letter opens the door, and to how many."""

from __future__ import annotations

from datetime import timedelta

LETTER_LASTS = timedelta(days=60)
# A printed file holds codes in plain: it stays only as long as printing takes.
SHEET_LASTS = timedelta(days=7)
# For a household nobody is registered in yet, and for members the list forgot.
USES_UNKNOWN = 8
USES_SPARE = 2


def uses_for(adults: int) -> int:
    """Tell how often a letter opens: once for each adult, and for two the list forgot."""
    return adults + USES_SPARE if adults else USES_UNKNOWN
