"""Topics, meetings, motions, polls, ballots, tallies and lots.

What a decision is for stays opaque text here: this room counts, and other rooms act on the result.
"""

from community.deliberation import models as _models  # noqa: F401  its tables join the metadata
from community.deliberation.checks import problems
from community.deliberation.queries.personal import export_person
from community.deliberation.service.personal import erase_person, merge_person

__all__ = [
    "erase_person",
    "export_person",
    "merge_person",
    "problems",
]
