"""Topics, meetings, motions, polls, ballots, tallies and lots.

What a decision is for stays opaque text here: this room counts, and other rooms act on the result.
"""

from community.deliberation import models as _models  # noqa: F401  its tables join the metadata
from community.deliberation.checks import problems
from community.deliberation.queries.bodies import (
    BodyView,
    MemberView,
    bodies,
    get_body,
    members,
    members_of_body,
)
from community.deliberation.queries.personal import export_person
from community.deliberation.rules.bodies import BodyFigures, BodyKind, Office, Side
from community.deliberation.service.bodies import end_term, found_body, seat_member, set_body_rule
from community.deliberation.service.personal import erase_person, merge_person

__all__ = [
    "BodyFigures",
    "BodyKind",
    "BodyView",
    "MemberView",
    "Office",
    "Side",
    "bodies",
    "end_term",
    "erase_person",
    "export_person",
    "found_body",
    "get_body",
    "members",
    "members_of_body",
    "merge_person",
    "problems",
    "seat_member",
    "set_body_rule",
]
