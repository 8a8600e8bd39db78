"""Tidy-ups of polls: the clock has judged already, these only note it and go on."""

from __future__ import annotations

from community.deliberation.service.closing import (
    close_due_polls,
    decide_due_polls,
    discard_withdrawn_boxes,
)
from community.deliberation.service.polls import open_due_polls
from community.deliberation.service.reminding import remind_voters
from community.kernel import jobs

MINUTES = 1
HOUR = 60


def register() -> None:
    """Register them; `app.py` does so once, by way of the room."""
    jobs.every("deliberation.open_polls", MINUTES, open_due_polls)
    jobs.every("deliberation.close_polls", MINUTES, close_due_polls)
    jobs.every("deliberation.decide_polls", MINUTES, decide_due_polls)
    jobs.every("deliberation.discard_boxes", HOUR, discard_withdrawn_boxes)
    jobs.every("deliberation.remind_voters", MINUTES, remind_voters)
