"""Topics, meetings, motions, polls, ballots, tallies and lots.

What a decision is for stays opaque text here: this room counts, and other rooms act on the result.
"""
