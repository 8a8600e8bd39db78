"""The desk's link to polls, with what is due behind it."""

from __future__ import annotations

from community.deliberation import permissions
from community.deliberation.queries.polls import count_due
from community.kernel.errors import N_
from community.web.access import the_actor
from community.web.extensions import db
from community.web.layout import DeskLink


def polls_due() -> int:
    """Count the polls whose roll waits for its freeze, or whose papers wait to be counted."""
    return count_due(db.session, the_actor().community_id)


POLL_DESK = (
    DeskLink(
        N_("表决"),
        "deliberation.desk_polls",
        permissions.READ.code,
        210,
        due=polls_due,
        group=N_("议事"),
    ),
)
