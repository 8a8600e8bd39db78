"""Topics, meetings, motions, polls, ballots, tallies and lots.

What a decision is for stays opaque text here: this room counts, and other rooms act on the result.
"""

from community.deliberation.checks import problems

__all__ = [
    "problems",
]
